"""genai-prices: its table as it is published, its figure, and the rule by which it came to it."""

import json
from datetime import date, datetime, time, timezone
from decimal import Decimal
from fractions import Fraction

import genai_prices
from genai_prices.data import providers
from genai_prices.types import TieredPrices

from cards import STAND_INS
from judge import Rate, Reckoning

NAME = "genai-prices"
SOURCE = "genai-prices"

# The names under which it may price a meter, the most particular first; what is left over goes to the next.
CHAINS = {
    "input": ["input_mtok"],
    "cache_read": ["cache_read_mtok", "input_mtok"],
    "cache_write_5m": ["cache_write_5m_mtok", "cache_write_mtok", "input_mtok"],
    "cache_write_30m": ["cache_write_mtok", "input_mtok"],
    "cache_write_1h": ["cache_write_1h_mtok", "cache_write_mtok", "input_mtok"],
    "output": ["output_mtok"],
    "reasoning": ["output_reasoning_mtok", "output_mtok"],
    "input_audio": ["input_audio_mtok", "input_mtok"],
    "output_audio": ["output_audio_mtok", "output_mtok"],
    "input_image": ["input_image_mtok", "input_mtok"],
    "output_image": ["output_image_mtok", "output_mtok"],
    "input_video": ["input_video_mtok", "input_mtok"],
    "output_video": ["output_video_mtok", "output_mtok"],
    "searches": ["web_searches_kcount"],
    "pages": ["input_document_kpages"],
    "characters": ["input_mchars"],
    "audio_seconds": ["input_audio_hours", "audio_hours"],
    "requests": ["requests_kcount"],
}
PER = {"mtok": 10**6, "kcount": 1000, "kpages": 1000, "mchars": 10**6, "hours": 3600}
WRITES = ("cache_write_5m", "cache_write_30m", "cache_write_1h")
OUTPUTS = ("output", "reasoning", "output_audio", "output_image", "output_video")
ASKED = ["cache_read", "cache_write_5m", "cache_write_1h", "reasoning", "input_audio", "output_audio",
         "input_image", "output_image", "input_video", "output_video"]
# Its own code asks for ten seconds of these at least; its list does not say so.
TEN_SECONDS = [("groq", "whisper-large-v3"), ("groq", "whisper-large-v3-turbo")]


# The list ---------------------------------------------------------------------------------------


def plain(value):
    """A member of the list as genai-prices publishes it."""
    if isinstance(value, Decimal):
        return json.loads(format(value, "f"), parse_float=Figure)
    if isinstance(value, TieredPrices):
        return {"base": plain(value.base),
                "tiers": [{"start": tier.start, "price": plain(tier.price)} for tier in value.tiers]}
    if isinstance(value, time):
        return value.astimezone(timezone.utc).strftime("%H:%M:%SZ") if value.tzinfo is None else \
            datetime.combine(date(1970, 1, 1), value).astimezone(timezone.utc).strftime("%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: plain(member) for name, member in value.items()}
    if isinstance(value, (str, int)) or value is None:
        return value
    return {name: plain(member) for name, member in vars(value).items() if member is not None}


class Figure(float):
    """A number that is written as it was read."""

    def __new__(cls, text):
        figure = super().__new__(cls, text)
        figure.text = text
        return figure

    def __repr__(self):
        return self.text


def rows_of(model):
    """Its dated prices, each with the hours that stand behind it."""
    if not isinstance(model.prices, list):
        return [[{"prices": plain(model.prices)}]]
    groups = []
    for price in model.prices:
        row = {"prices": plain(price.prices)}
        if price.constraint is not None:
            row["constraint"] = plain(price.constraint)
        if not groups or "start_date" in row.get("constraint", {}):
            groups.append([])
        groups[-1].append(row)
    return groups


def lists():
    """The list as it stood after each change of a price: importing them in turn gives every card its day."""
    models = [(provider, model, rows_of(model)) for provider in providers for model in provider.models]
    steps = max(len(groups) for _, _, groups in models)
    for step in range(1, steps + 1):
        lines = ["["]
        for provider in providers:
            lines.append(f'{{"id":{json.dumps(provider.id)},"models":[')
            for owner, model, groups in models:
                if owner is provider and (len(groups) >= step or step == steps):
                    rows = [row for group in groups[:step] for row in group]
                    member = {"id": model.id, "prices": rows if len(rows) > 1 else rows[0]["prices"]}
                    if step == steps and model.price_variants:
                        member["price_variants"] = [plain(variant) for variant in model.price_variants]
                    lines.append(json.dumps(member) + ",")
            lines[-1] = lines[-1].rstrip(",") if lines[-1].endswith("},") else lines[-1]
            lines.append("]},")
        lines[-1] = "]}"
        yield "\n".join([*lines, "]", ""])


def models(text):
    """Every model of a list, by its line."""
    found, provider = {}, None
    for number, line in enumerate(text.split("\n"), start=1):
        if line.startswith('{"id":') and line.endswith('"models":['):
            provider = json.loads(line + "]}")["id"]
        elif line.startswith('{"id":'):
            found[number] = (provider, json.loads(line.rstrip(","), parse_float=Decimal))
    return found


def meters(model, cards):
    """Those that its cards price, and others that it can be told of."""
    own = {meter for card in cards for _, rates in card.tables for meter in rates} - {"requests"}
    asked = {meter for meter in ASKED if meter not in WRITES or "cache_write_30m" not in own}
    is_text = "input" in own or "output" in own
    return [meter for meter in CHAINS if meter in own], sorted(asked - own) if is_text else []


# Its figure -------------------------------------------------------------------------------------


def figure(case):
    units = case.units
    known = {
        "input_tokens": sum(units.get(meter, 0) for meter in CHAINS
                            if meter.startswith(("input", "cache"))),
        "output_tokens": sum(units.get(meter, 0) for meter in OUTPUTS),
        "cache_read_tokens": units.get("cache_read"),
        "cache_write_tokens": sum(units.get(meter, 0) for meter in WRITES),
        "cache_write_5m_tokens": units.get("cache_write_5m", 0),
        "cache_write_1h_tokens": units.get("cache_write_1h", 0),
        "output_reasoning_tokens": units.get("reasoning"), "input_audio_tokens": units.get("input_audio"),
        "output_audio_tokens": units.get("output_audio"), "input_image_tokens": units.get("input_image"),
        "output_image_tokens": units.get("output_image"), "input_video_tokens": units.get("input_video"),
        "output_video_tokens": units.get("output_video"), "web_searches": units.get("searches"),
        "input_document_pages": units.get("pages"), "input_characters": units.get("characters"),
        "audio_seconds": units.get("audio_seconds"), "input_audio_seconds": units.get("audio_seconds"),
        # Nothing of what was cached was a sound or a picture.
        "cache_audio_read_tokens": 0, "cache_image_read_tokens": 0, "cache_audio_write_tokens": 0,
    }
    usage = genai_prices.Usage(**{name: count for name, count in known.items() if count is not None})
    provider, model = case.model
    context = {"processing": "batch"} if case.tier == "batch" else {"service_tier": case.tier}
    try:
        answer = genai_prices.calc_price(
            usage, model["id"], provider_id=provider, genai_request_timestamp=case.at,
            price_context=context if case.tier else None)
    except LookupError:
        return None, None
    return Fraction(answer.total_price), answer.model.id


# Its rule ---------------------------------------------------------------------------------------


def is_active(constraint, at):
    if not constraint:
        return True
    if "start_date" in constraint:
        return at.date() >= date.fromisoformat(constraint["start_date"])
    start, end = (time.fromisoformat(constraint[name].rstrip("Z")) for name in ("start_time", "end_time"))
    now = at.time()
    return start <= now < end if start <= end else now >= start or now < end


def reckon(case, answered, catalogue):
    """The rate it takes for each meter, and why."""
    provider, model = case.model
    why = "own"
    if answered != model["id"]:
        model, why = catalogue[provider, answered], "another model"
    rows = model["prices"] if isinstance(model["prices"], list) else [{"prices": model["prices"]}]
    place = next((place for place in reversed(range(len(rows)))
                  if is_active(rows[place].get("constraint"), case.at)), 0)
    prices = dict(rows[place]["prices"])
    if "start_time" in rows[place].get("constraint", {}):
        days = [row["constraint"] for row in rows[:place] if "start_date" in row.get("constraint", {})]
        if days and not is_active(days[-1], case.at):
            why = "hours of a later price"
    if case.tier:
        name, value = ("processing", "batch") if case.tier == "batch" else ("service_tier", case.tier)
        overrides = {}
        for variant in model.get("price_variants", []):
            if is_active(variant.get("constraint"), case.at) and variant["when"] == {name: value}:
                for key, price in variant["prices"].items():
                    overrides.setdefault(key, price)
        prices.update(overrides)
        if not overrides and why == "own":
            why = "standard for the tier"
    prompt = sum(case.units.get(meter, 0) for meter in CHAINS if meter.startswith(("input", "cache")))
    counts = dict(case.units)
    if "requests_kcount" in prices:
        counts["requests"] = 1
    if (provider, model["id"]) in TEN_SECONDS and counts.get("audio_seconds", 10) not in (0, *range(10, 10**6)):
        counts["audio_seconds"] = 10
        rates = {meter: rate(meter, prices, prompt, "ten seconds at least") for meter in counts}
        return Reckoning(rates, counts, why)
    return Reckoning({meter: rate(meter, prices, prompt, why) for meter in counts}, counts, why)


def rate(meter, prices, prompt, why):
    chain = CHAINS[meter]
    for key in chain:
        if key in prices:
            price = prices[key]
            if isinstance(price, dict):
                tiers = [tier["price"] for tier in price["tiers"] if prompt > tier["start"]]
                price = tiers[-1] if tiers else price["base"]
            per = PER[key.rsplit("_", 1)[1]]
            return Rate(Fraction(price) / per, how_of(meter, key, why))
    return Rate(Fraction(0), "nothing is asked" if why == "own" else why)


def how_of(meter, key, why):
    """A price that another meter's name lends is told by that, where ours lends none."""
    if meter in STAND_INS and key == CHAINS[meter][-1] and why == "own":
        return "stands in"
    if key == CHAINS[meter][0] or key == "audio_hours" or meter in STAND_INS or why == "another model":
        return why
    return {"cache_write_mtok": "the 5-minute rate", "input_mtok": "as fresh text",
            "output_mtok": "as written text"}[key]
