"""A second reading of price files, written from pricing/README.md alone and in fractions."""

import json
from datetime import datetime, timedelta, timezone
from fractions import Fraction
from pathlib import Path

TOKENS = [
    "input", "cache_read", "cache_write_5m", "cache_write_30m", "cache_write_1h", "cache_write_12h",
    "output", "reasoning", "input_audio", "output_audio", "input_image", "output_image",
    "input_video", "output_video",
]
PROMPT = [meter for meter in TOKENS if meter != "reasoning" and not meter.startswith("output")]
STAND_INS = {
    "cache_read": "input", "cache_write_5m": "input", "cache_write_30m": "input", "reasoning": "output",
}
UNIT_SECONDS = {"hour": 3600, "minute": 60}
WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def prompt_of(units):
    return sum(units.get(meter, 0) for meter in PROMPT)


def per_one(usd, per):
    """Dollars for one unit of `10` USD per `1K searches`; seconds for minutes and hours."""
    count, unit = per.split(" ")
    scale = {"K": 10**3, "M": 10**6}.get(count[-1], 1)
    number = int(count.rstrip("KM")) * scale
    return Fraction(usd) / (number * UNIT_SECONDS.get(unit.rstrip("s"), 1))


def day(text):
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)


class Card:
    def __init__(self, member):
        self.start = day(member["from"])
        self.end = day(member["until"]) if "until" in member else None
        self.when = dict(member.get("when", {}))
        self.tables = [(0, self.rates(member["rates"], member.get("per")))]
        for band in member.get("bands", []):
            over = band["over"] if "over" in band else band["from"] - 1
            self.tables.append((over, self.rates(band["rates"], member.get("per"))))

    @staticmethod
    def rates(members, per):
        rates = {}
        for meter, rate in members.items():
            if isinstance(rate, dict):
                rates[meter] = per_one(rate["usd"], rate["per"])
            elif not rate.startswith("="):
                rates[meter] = per_one(rate, per)
        for meter, rate in members.items():
            if isinstance(rate, str) and rate.startswith("="):
                rates[meter] = rates[rate[1:]]
        return rates

    def holds(self, case):
        if not self.start <= case.at or (self.end and case.at >= self.end):
            return False
        # A call that was served in a tier needs a card that names it.
        if self.when.get("tier") != case.tier:
            return False
        for name in self.when:
            if name in ("region", "resolution", "hardware"):
                return False
            if name in ("size", "quality") and self.when[name] != case.variant.get(name):
                return False
        return self.hours_hold(case.at)

    def hours_hold(self, at):
        """Hours belong to the day on which they begin."""
        if "hours" not in self.when and "weekdays" not in self.when:
            return True
        begin, end = (minutes(text) for text in self.when.get("hours", "00:00-24:00").split("-"))
        length = end - begin if end > begin else end - begin + 1440
        midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
        for back in (0, 1):
            start = midnight - timedelta(days=back) + timedelta(minutes=begin)
            if start.weekday() in weekdays(self.when.get("weekdays")) \
                    and start <= at < start + timedelta(minutes=length):
                return True
        return False

    def rate(self, meter, prompt):
        """The rate and how it was come by: `own`, `stands in`, `none`, or `unsaid` in a band without rates."""
        table = [rates for over, rates in self.tables if over == 0 or prompt > over][-1]
        if not table:
            return None, "unsaid"
        if meter in table:
            return table[meter], "own"
        other = STAND_INS.get(meter)
        return (table[other], "stands in") if other in table else (None, "none")


def minutes(text):
    return int(text[:2]) * 60 + int(text[3:5])


def weekdays(text):
    if text is None:
        return range(7)
    days = set()
    for part in text.split(","):
        ends = [WEEKDAYS.index(name) for name in part.split("-")]
        days |= set(range(ends[0], ends[-1] + 1))
    return days


class Shelf:
    """All cards of a folder of price files, by route, issuer, provider and model."""

    def __init__(self, folder):
        self.products = {}
        for path in sorted(Path(folder).glob("*.json")):
            file = json.loads(path.read_text())
            for model in file["models"]:
                names = [model["model"]] + [name for name in model.get("aliases", []) if isinstance(name, str)]
                for name in names:
                    key = (file.get("route", "direct"), file["issuer"], model.get("provider", file["issuer"]), name)
                    self.products.setdefault(key, []).extend(Card(card) for card in model["cards"])
        for cards in self.products.values():
            for card in cards:
                later = [other.start for other in cards if other.when == card.when and other.start > card.start]
                card.end = min([end for end in [card.end, *later] if end], default=None)

    def card(self, product, case):
        """The card with the most conditions of those that hold; nothing where none does."""
        held = [card for card in self.products.get(product, []) if card.holds(case)]
        return max(held, key=lambda card: len(card.when) - ("zone" in card.when), default=None)
