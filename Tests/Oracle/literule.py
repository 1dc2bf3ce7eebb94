"""The rules by which LiteLLM comes to a rate, in fractions.

Read from litellm_core_utils/llm_cost_calc, cost_calculator.py and llms/*/cost_calculator.py of the pinned release.
"""

from decimal import Decimal
from fractions import Fraction

from cards import minutes, prompt_of
from judge import Rate, Reckoning

TIERS = {"flex": "_flex", "balanced": "_balanced", "priority": "_priority", "fast": "_priority",
         "ultrafast": "_ultrafast"}
# Their calculators are not told of the tier.
WITHOUT_TIERS = {"xai", "fireworks_ai", "deepseek", "tencent", "perplexity", "dashscope", "qwencloud",
                 "qwen_ai_platform"}
WITH_OWN_BILL = {"dashscope", "qwencloud", "qwen_ai_platform"}
FIREWORKS_CACHE = Fraction(1, 2)
# What a call of Parallel AI costs that brings no usage of its own.
PARALLEL = Fraction(5, 1000)
BASES = {"input": "input_cost_per_token", "output": "output_cost_per_token",
         "cache_read": "cache_read_input_token_cost", "write": "cache_creation_input_token_cost"}
ABOVE = tuple(f"{key}_above_" for key in BASES.values())
LONG = {"cache_write_1h": "cache_creation_input_token_cost_above_1hr",
        "cache_write_12h": "cache_creation_input_token_cost_above_12hr"}
MEDIA = {"input_audio": "input_cost_per_audio_token", "input_image": "input_cost_per_image_token",
         "output_audio": "output_cost_per_audio_token", "output_image": "output_cost_per_image_token"}
SUFFIXES = ("_auto", "_default", "_flex", "_balanced", "_priority", "_fast", "_ultrafast", "_batches")
# What a batch whose provider it does not find is priced by.
NOTHING = {"key": None}


def number(value):
    return None if value is None else Fraction(Decimal(str(value)))


def stood(rate):
    """How a meter came by another's rate: as that did, where that was odd."""
    return "stands in" if rate.how in ("own", "nothing is asked") else rate.how


class Rule:
    """One call of one entry: `info` is what its code keeps of the map's `entry`."""

    def __init__(self, info, provider, entry, case):
        self.info, self.provider, self.entry, self.case = info, provider, entry, case
        self.tier = "" if provider in WITHOUT_TIERS else TIERS.get(case.tier, "")
        self.prompt = prompt_of(case.units)

    def reckoning(self):
        counts, mode = self.case.units, self.entry.get("mode")
        if mode == "video_generation":
            key = "output_cost_per_video_per_second"
            rates = {meter: self.plain(self.entry, key if key in self.entry else "output_cost_per_second")
                     for meter in counts}
        elif mode == "audio_transcription":
            key = "output_cost_per_second" if self.info.get("output_cost_per_second") else "input_cost_per_second"
            rates = {meter: self.plain(self.info, key) for meter in counts}
        elif mode == "audio_speech":
            rates = {meter: self.plain(self.info, "input_cost_per_character") for meter in counts}
        elif mode in ("image_generation", "image_edit"):
            rates = {meter: self.picture() for meter in counts}
        elif mode == "ocr":
            keys = ["ocr_cost_per_page_batches"] * (self.case.tier == "batch") + ["ocr_cost_per_page"]
            key = next((key for key in keys if self.info.get(key) is not None), keys[-1])
            rates = {meter: self.plain(self.info, key) for meter in counts}
            if self.case.tier == "batch" and key == keys[-1]:
                rates = {meter: Rate(rate.dollars, "the standard tier") for meter, rate in rates.items()}
        elif mode in ("rerank", "search"):
            rates = {meter: self.plain(self.info, "input_cost_per_query") for meter in counts}
            if mode == "search" and self.provider == "parallel_ai":
                counts, rates = {"searches": 1}, {"searches": Rate(PARALLEL, "a fixed price")}
            elif mode == "search" and not counts["searches"]:
                # A search is counted where none is stated.
                counts, rates = {"searches": 1}, {"searches": Rate(rates["searches"].dollars, "one at least")}
        elif self.case.tier == "batch":
            rates = self.batch()
        else:
            rates = self.tokens()
        rates = self.lifted(rates)
        why = "own" if self.info["key"] in (self.entry["id"], None) else "another model"
        if why == "another model":
            rates = {meter: Rate(rate.dollars, why) for meter, rate in rates.items()}
        elif self.case.tier:
            fast = self.case.tier == "fast" and self.tier and self.info.get(BASES["input"] + self.tier) is not None
            why = "half for the batch" if self.case.tier == "batch" else \
                "fast as priority" if fast else "standard for the tier"
        return Reckoning(rates, counts, why)

    @staticmethod
    def plain(members, key):
        value = number(members.get(key))
        return Rate(value, "own") if value else Rate(Fraction(0), "nothing is asked")

    def picture(self):
        """The first of three prices that the entry has, were it nought."""
        width, height = map(int, self.case.variant.get("size", "1024x1024").split("x"))
        for key, units in (("input_cost_per_image", 1), ("output_cost_per_image", 1),
                           ("input_cost_per_pixel", width * height)):
            if self.info.get(key) is not None:
                value = number(self.info[key]) * units
                return Rate(value, "own" if value else "nought")
        return Rate(Fraction(0), "nothing is asked")

    def lifted(self, rates):
        """The rates where the call was served; searches are no tokens."""
        region, info = self.case.region, self.info
        if not region:
            return rates
        factor = {
            "openai": info.get(f"regional_processing_uplift_multiplier_{region}"),
            "vertex_ai": info.get("regional_endpoint_uplift_multiplier") if region != "global" else None,
            "anthropic": (info.get("provider_specific_entry") or {}).get(region),
        }.get(self.provider)
        if factor is None or number(factor) == 1:
            return rates
        return {meter: Rate(rate.dollars * number(factor), "a region's surcharge") for meter, rate in rates.items()}

    # A call of tokens -------------------------------------------------------------------------------

    def get(self, key):
        """A price for the tier, or the standard one in its place; and whether it was the tier's."""
        value = number(self.info.get(key + self.tier))
        if value is not None:
            return value, "own"
        value = number(self.info.get(key))
        return (None, "none") if value is None else (value, "own" if not self.tier else "the standard tier")

    def thresholds(self):
        found = {}
        for key, value in self.info.items():
            if value is None or "_tokens" not in key or not key.startswith(ABOVE):
                continue
            if key.endswith(SUFFIXES) and not (self.tier and key.endswith(self.tier)):
                continue
            text = key.rsplit("_above_", 1)[1].split("_tokens")[0]
            found[text] = int(float(text.replace("k", "")) * (1000 if "k" in text else 1))
        inclusive = self.provider == "xai"
        return [text for text, over in sorted(found.items(), key=lambda item: item[1])
                if self.prompt > over or inclusive and self.prompt == over]

    def tokens(self):
        table = self.range() or self.banded()
        self.off_peak(table)
        if self.provider == "perplexity":
            whole = table["input"][0], "in plain tokens"
            written = table["output"][0], "in plain tokens"
            table = {**table, "input": whole, "cache_read": whole, "write": whole, "output": written}
        rates = {meter: self.rate(meter, table) for meter in self.case.units}
        if self.case.tier and (self.provider in WITHOUT_TIERS or self.case.tier not in TIERS):
            return {meter: Rate(rate.dollars, "not told of the tier") for meter, rate in rates.items()}
        if self.prompt <= 0 and self.entry.get("tiered_pricing"):
            return {meter: Rate(rate.dollars, "no range") for meter, rate in rates.items()}
        return rates

    def banded(self):
        """The prices of the tier and of the highest threshold that the prompt passes."""
        info = self.info
        if self.provider == "fireworks_ai" and info.get("cache_read_input_token_cost") is None:
            half = number(info.get("input_cost_per_token")) * FIREWORKS_CACHE
            table_read = half, "half by default"
        else:
            table_read = self.get(BASES["cache_read"])
        table = {name: self.get(key) for name, key in BASES.items()} | {"cache_read": table_read}
        if not table["output"][0] and info.get("output_cost_per_image_token") is not None:
            table["output"] = number(info["output_cost_per_image_token"]), "as a picture"
        table.update({meter: self.get(key) for meter, key in LONG.items()})
        if self.provider in WITH_OWN_BILL or self.provider == "perplexity":
            return table
        for text in self.thresholds():
            for name, key in BASES.items():
                value = self.get(f"{key}_above_{text}_tokens")
                if value[0] is not None:
                    table[name] = value
            for name, key in LONG.items():
                # Of these, no standard price stands in for a tier's.
                value = number(self.info.get(f"{key}_above_{text}_tokens{self.tier}"))
                if value is not None:
                    table[name] = value, "own"
        return table

    def range(self):
        """The prices of the range that the prompt falls into."""
        tiers = [tier for tier in self.entry.get("tiered_pricing", []) if "range" in tier]
        if not tiers or self.prompt <= 0 or "input_cost_per_token" not in tiers[0]:
            return None
        tiers.sort(key=lambda tier: tier["range"][0])
        tier = next((tier for tier in tiers if tier["range"][0] < self.prompt <= tier["range"][1]), tiers[-1])
        table = {name: (number(tier.get(key)), "own" if key in tier else "none")
                 for name, key in [*BASES.items(), *LONG.items()]}
        if table["output"][0] is None:
            table["output"] = number(self.info.get("output_cost_per_token")), "outside the ranges"
        table["reasoning"] = number(tier.get("output_cost_per_reasoning_token")), "own"
        return table

    def off_peak(self, table):
        block = self.entry.get("off_peak_pricing")
        if not block or not any(self.is_open(window) for window in block.get("windows", [block])):
            return
        for name, key in BASES.items():
            if key in block:
                table[name] = number(block[key]), "own"

    def is_open(self, window):
        at = self.case.at
        if "weekdays" in window and at.isoweekday() not in window["weekdays"]:
            return False
        now = at.hour * 60 + at.minute
        hours = window["hours_utc"]
        for text in [hours] if isinstance(hours, str) else hours:
            begin, end = (minutes(part) for part in text.split("-"))
            if begin == end or (begin <= now < end if begin < end else now >= begin or now < end):
                return True
        return False

    def rate(self, meter, table):
        if meter == "searches":
            return self.search()
        def of(name):
            value = table.get(name)
            return (value if value else (None, "none"))

        def found(pair, other, how):
            if pair[0] is not None:
                return Rate(pair[0], "nought" if pair[0] == 0 and pair[1] == "own" else pair[1])
            other = other if isinstance(other, Rate) else found(other, (Fraction(0), "own"), "nothing is asked")
            return Rate(other.dollars, stood(other) if how == "stands in" else how)

        fresh = found(of("input"), (Fraction(0), "none"), "nothing is asked")
        text = found(of("output"), (Fraction(0), "none"), "nothing is asked")
        if meter in ("input", "output"):
            return fresh if meter == "input" else text
        if meter == "cache_read":
            return found(of("cache_read"), fresh, "stands in")
        write = found(of("write"), fresh, "stands in")
        if meter in ("cache_write_5m", "cache_write_30m"):
            return write
        if meter in LONG:
            if self.provider in WITH_OWN_BILL or self.provider == "perplexity":
                return Rate(write.dollars, "the 5-minute rate")
            return found(of(meter), write, "the 5-minute rate")
        if meter == "reasoning":
            return self.reasoning(table, text)
        if self.provider in WITH_OWN_BILL or self.provider == "perplexity":
            whole, how = (fresh, "as fresh text") if meter.startswith("input") else (text, "as written text")
            return Rate(whole.dollars, how)
        if meter.startswith("output") and self.provider == "xai":
            return Rate(text.dollars, "as written text")
        pair = self.get(MEDIA[meter])
        if meter.startswith("output") and pair[0] is not None:
            pair = number(self.info[MEDIA[meter]]), pair[1]
        return found(pair, *((fresh, "as fresh text") if meter.startswith("input") else (text, "as written text")))

    def search(self):
        """A search of medium size; no tier, no length and no batch changes it."""
        sizes = self.info.get("search_context_cost_per_query") or {}
        value = number(sizes.get("search_context_size_medium", 0))
        how = "the standard tier" if self.case.tier else "own"
        return Rate(value, how) if value else Rate(Fraction(0), "nothing is asked")

    def reasoning(self, table, text):
        key = "output_cost_per_reasoning_token"
        if self.provider == "xai":
            return Rate(text.dollars, stood(text))
        if "reasoning" in table:
            own = table["reasoning"][0]
            return Rate(own, "own") if own is not None else Rate(text.dollars, stood(text))
        if self.tier and self.info.get(key + self.tier) is not None:
            return Rate(number(self.info[key + self.tier]), "own")
        if self.tier and self.info.get("output_cost_per_token" + self.tier) is not None:
            return Rate(text.dollars, stood(text))
        own = number(self.info.get(key))
        how = "the standard tier" if self.tier else "own"
        return Rate(own, "nought" if own == 0 else how) if own is not None else Rate(text.dollars, stood(text))

    # A call of a batch ------------------------------------------------------------------------------

    def batched(self, key):
        """The batch's price, over the highest threshold that it has one for."""
        over = []
        for name, value in self.info.items():
            if value is not None and name.startswith(f"{key}_above_") and name.endswith("k_tokens_batches"):
                text = name[len(key) + 7:-len("k_tokens_batches")]
                if text.isdigit():
                    edge = int(text) * 1000
                    if self.prompt > edge or self.provider == "xai" and self.prompt == edge:
                        over.append((edge, number(value)))
        return max(over)[1] if over else number(self.info.get(key + "_batches"))

    def batch(self):
        table = {name: self.batched(key) for name, key in [*BASES.items(), *LONG.items()]}
        fresh, written = number(self.info.get(BASES["input"])), number(self.info.get(BASES["output"]))
        half = table["input"] is None
        if self.info is NOTHING:
            return {meter: Rate(Fraction(0), "half for the batch") for meter in self.case.units}
        standard = {name: number(self.info.get(key)) for name, key in BASES.items()}
        text = table["output"] if table["output"] is not None else (written or Fraction(0)) / 2
        rates = {}
        for meter in self.case.units:
            if meter == "searches":
                rates[meter] = self.search()
            elif meter in ("output", "reasoning", "output_audio"):
                how = "own" if meter == "output" and table["output"] is not None else \
                    "stands in" if meter == "reasoning" and table["output"] is not None else \
                    "half for the batch" if meter in ("output", "reasoning") else \
                    "as written text"
                rates[meter] = Rate(text, how)
            elif meter == "output_image":
                own = number(self.info.get(MEDIA[meter] + "_batches"))
                full = number(self.info.get(MEDIA[meter]))
                rates[meter] = Rate(own, "own") if own is not None else \
                    Rate(full / 2, "half for the batch") if full is not None else Rate(text, "as written text")
            elif half:
                rates[meter] = self.halved(meter, fresh, standard)
            else:
                rates[meter] = self.batch_input(meter, table)
        return rates

    def halved(self, meter, fresh, standard):
        if fresh is None:
            return Rate(Fraction(0), "nothing is asked")
        if meter == "cache_read":
            return Rate((standard["cache_read"] or Fraction(0)) / 2, "half for the batch")
        if meter.startswith("cache_write"):
            write = standard["write"]
            return Rate((fresh if write is None else write) / 2, "half for the batch")
        return Rate(fresh / 2, "half for the batch")

    def batch_input(self, meter, table):
        fresh = table["input"]
        if meter == "input":
            return Rate(fresh, "own")
        if meter == "cache_read":
            return Rate(table["cache_read"], "own") if table["cache_read"] is not None else Rate(fresh, "stands in")
        if meter.startswith("cache_write"):
            if meter in LONG and table[meter] is not None:
                return Rate(table[meter], "own")
            write = table["write"]
            how = "the 5-minute rate" if meter in LONG else "own" if write is not None else "stands in"
            return Rate(fresh if write is None else write, how)
        own = number(self.info.get(MEDIA[meter] + "_batches"))
        return Rate(own, "own") if own is not None else Rate(fresh, "as fresh text")
