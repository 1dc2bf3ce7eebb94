"""Sets a library's figure beside ours, meter by meter, and gives each difference its class."""

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction

from cards import prompt_of
from classes import ALIKE, CLASSES, class_of

# A price of more than 15 digits, or finer than 15 decimals of a million, is the work of floating point.
DIGITS = Fraction(1, 10**15)
LIMIT = 100_000  # dollars for one call, from which on we call it a mistake


@dataclass
class Rate:
    """Dollars for one unit, and how they were come by."""

    dollars: Fraction
    how: str


@dataclass
class Reckoning:
    """What a library makes of a case by its own rules."""

    rates: dict
    counts: dict
    why: str = "own"

    @property
    def total(self):
        return sum((rate.dollars * self.counts[meter] for meter, rate in self.rates.items()), Fraction(0))


class Judge:
    """`tolerance` is relative; a library that reckons in decimals has none where our sum ends."""

    def __init__(self, name, shelf, tolerance):
        self.name, self.shelf, self.tolerance = name, shelf, tolerance
        self.agreed = 0
        self.classes = Counter()
        self.unexplained = []

    def near(self, a, b, exact=False):
        if exact and self.tolerance == 0:
            return a == b
        slack = self.tolerance or Fraction(1, 10**25)
        return abs(a - b) <= max(abs(a), abs(b)) * slack + Fraction(1, 10**15) * bool(self.tolerance)

    def agrees(self, figure, answer):
        exact = Fraction(answer["exact"])
        if self.near(figure, exact, answer["exact_ends"]):
            return True
        # A sum that goes on for ever is cut behind the last digit that is written.
        last = Fraction(1, 10 ** len(answer["exact"].partition(".")[2]))
        return not answer["exact_ends"] and 0 <= figure - exact <= last

    def add(self, case, figure, refusal, reckon, answer):
        """`figure` is the library's total, nothing where it has none; `reckon` tells how it came to it."""
        if figure is None and refusal:
            self.unexplained.append((case, Fraction(0), answer, Reckoning({}, {}), refusal))
            return
        if figure is None:
            self.classes[ALIKE["not found"]] += 1
            return
        if answer["state"] == "exact" and self.agrees(figure, answer):
            self.agreed += 1
            return
        reckoning = reckon()
        fault = self.fault(case, figure, reckoning, answer)
        names = set() if fault else self.names(case, reckoning)
        if fault or not names or None in names:
            self.unexplained.append((case, figure, answer, reckoning, fault or "no class says so"))
        else:
            self.classes.update(names)

    # What both sides should have said ---------------------------------------------------------------

    def fault(self, case, figure, reckoning, answer):
        """What of either figure its own rules do not foretell."""
        if not self.near(reckoning.total, figure):
            return f"{self.name} should say {float(reckoning.total)!r} by its rules"
        card = self.shelf.card(case.product, case)
        if card is None:
            return None if answer["state"] == "unpriced" else "we should have no card"
        ours = self.ours(card, case)
        missing = {meter for meter, (dollars, _) in ours.items() if dollars is None and case.units[meter]}
        priced = {meter for meter, (dollars, _) in ours.items() if dollars is not None}
        total = sum((dollars * case.units.get(meter, 1) for meter, (dollars, _) in ours.items()
                     if dollars is not None), Fraction(0))
        if missing and not priced - {"requests"}:
            return None if answer["reason"] == "no_rate_for_usage" else "we should have no rate"
        if total > LIMIT:
            return None if answer["reason"] == "amount_over_limit" else "we should refuse the amount"
        if set(answer["missing"]) != missing:
            return f"we should lack {sorted(missing)}"
        exact = Fraction(answer["exact"])
        if exact == total or not answer["exact_ends"] and abs(exact - total) <= total / 10**15:
            return None
        return f"we should say {float(total)!r}"

    @staticmethod
    def ours(card, case):
        prompt = prompt_of(case.units)
        ours = {meter: card.rate(meter, prompt) for meter in case.units}
        request = card.rate("requests", prompt)
        if request[0] is not None:
            ours.setdefault("requests", request)
        return ours

    # Classes ----------------------------------------------------------------------------------------

    def names(self, case, reckoning):
        card = self.shelf.card(case.product, case)
        if card is None and reckoning.total == 0 and reckoning.why == "own":
            return {ALIKE["free"]}
        if card is None:
            return {CLASSES.get((self.name, reckoning.why, "no card"))}
        ours = self.ours(card, case)
        names = set()
        total = Fraction(0)
        for meter in set(ours) | set(reckoning.rates):
            dollars, how = ours.get(meter, (None, "none"))
            their = reckoning.rates.get(meter, Rate(Fraction(0), "nothing is asked"))
            counts = case.units.get(meter, 1), reckoning.counts.get(meter, 0)
            total += (dollars or 0) * counts[0]
            if not any(counts) or dollars is not None and self.near(dollars * counts[0], their.dollars * counts[1]):
                continue
            alike = counts[0] == counts[1] and dollars is not None and cut(meter, their.dollars, dollars)
            names.add(ALIKE[alike] if alike else class_of(self.name, meter, their, how))
        if total > LIMIT:
            names.add(ALIKE["over the limit"])
        return names


def cut(meter, theirs, ours):
    """Whether our rate is theirs but for digits that an import mends."""
    if abs(theirs - ours) <= max(theirs * DIGITS * 5, DIGITS / 10**6):
        return "noise"
    # A price for a second that is a short one for an hour or a minute.
    is_short = any((ours * unit * 10**6).denominator == 1 for unit in (60, 3600))
    if meter.endswith("_seconds") and is_short and abs(theirs - ours) <= ours / 10**9:
        return "short"
    return None
