"""Seeded calls around every edge that a model's cards have."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

from cards import PROMPT, TOKENS, minutes

TIERS = ["batch", "flex", "priority", "fast"]
# A model's own meters, and those that nobody prices for it, are asked for.
SECONDS = ["audio_seconds", "video_seconds", "compute_seconds"]
COUNTS = ["images", "characters", "pages", "searches"]
# The most that a line may count.
HUGE = 10_000_000_000
LONGEST = 115 * 86_400


@dataclass
class Case:
    product: tuple
    model: object
    at: datetime
    tier: str | None
    units: dict
    region: str | None = None
    # Size and quality of a picture.
    variant: dict = field(default_factory=dict)

    def line(self):
        route, issuer, provider, name = self.product
        line = {"route": route, "issuer": issuer, "provider": provider, "model": name,
                "at": self.at.strftime("%Y-%m-%dT%H:%M:%SZ"), "units": self.units}
        if provider == "*":
            line["provider"] = "anyone"
        if self.tier:
            line["tier"] = self.tier
        if self.region:
            line["region"] = self.region
        if self.variant:
            line["params"] = self.variant
        return line


class Usages:
    """`meters` says which meters a library can be told of for a model."""

    def __init__(self, shelf, meters, seed, first, last, asks_tier=lambda model: True, regions=lambda model: []):
        self.shelf, self.meters, self.asks_tier, self.regions = shelf, meters, asks_tier, regions
        self.random = random.Random(seed)
        self.first, self.last = first, last

    def cases(self, product, model):
        cards = self.shelf.products[product]
        meters, others = self.meters(model)
        if not meters:
            return
        self.others = others
        self.variants = [{name: card.when[name] for name in ("size", "quality") if name in card.when} for card in cards]
        for at in self.instants(cards):
            yield self.case(product, model, at, None, self.some(meters))
        edges = sorted({over for card in cards for over, _ in card.tables if over})
        for edge in edges:
            for prompt in (edge - 1, edge, edge + 1):
                yield self.case(product, model, self.moment(), self.maybe_tier(cards), self.long(meters, prompt))
        tiers = {card.when.get("tier", "") for card in cards} | {self.random.choice(TIERS)}
        for tier in sorted(tiers):
            if self.asks_tier(model):
                yield self.case(product, model, self.last, tier or None, self.some(meters))
        for meter in meters + self.random.sample(others, min(1, len(others))):
            yield self.case(product, model, self.moment(), None, {meter: self.count(meter)})
        yield self.case(product, model, self.last, None, {meter: 0 for meter in meters})
        most = self.random.choice(meters)
        yield self.case(product, model, self.last, None, {most: LONGEST if most in SECONDS else HUGE})
        yield self.case(product, model, self.moment(), self.maybe_tier(cards), self.some(meters))
        plain = [meter for meter in ("input", "output") if meter in meters]
        for region in self.regions(model) if plain else []:
            yield self.case(product, model, self.last, None, {meter: self.count(meter) for meter in plain}, region)

    def case(self, product, model, at, tier, units, region=None):
        return Case(product, model, at, tier, units, region, self.random.choice(self.variants))

    def instants(self, cards):
        """A second before, at and after every day and hour that a card begins or ends."""
        found = {self.last}
        for card in cards:
            for edge in filter(None, [card.start, card.end]):
                found |= {edge + timedelta(seconds=step) for step in (-1, 0, 1)}
            for text in card.when.get("hours", "").split("-"):
                if text:
                    for back in (0, 1, 2, self.random.randrange(3, 200)):
                        edge = midnight(self.last) - timedelta(days=back) + timedelta(minutes=minutes(text))
                        found |= {edge + timedelta(seconds=step) for step in (-1, 0, 1)}
        return sorted(at for at in found if self.first <= at)

    def moment(self):
        span = int((self.last - self.first).total_seconds())
        return self.first + timedelta(seconds=self.random.randrange(span))

    def maybe_tier(self, cards):
        tiers = [card.when["tier"] for card in cards if "tier" in card.when]
        return self.random.choice(tiers) if tiers and self.random.random() < 0.5 else None

    def count(self, meter):
        size = self.random.choice([1, 10, 1000, 30_000, 1_000_000])
        count = self.random.randint(1, size)
        if meter in SECONDS:
            return count % 86_400 + 1
        return count % 5000 + 1 if meter in COUNTS else count

    def some(self, meters):
        chosen = [meter for meter in meters if self.random.random() < 0.6] or [meters[0]]
        chosen += [meter for meter in self.others if self.random.random() < 0.04]
        return {meter: self.count(meter) for meter in chosen}

    def long(self, meters, prompt):
        """A prompt of exactly so many tokens, cut into parts at random."""
        parts = [meter for meter in meters if meter in PROMPT] or ["input"]
        units = {meter: self.count(meter) for meter in meters if meter in TOKENS and meter not in PROMPT}
        rest = prompt
        for meter in parts[1:]:
            if rest and self.random.random() < 0.5:
                units[meter] = self.random.randint(1, rest)
                rest -= units[meter]
        units[parts[0]] = rest
        return units


def midnight(at):
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def utc(*parts):
    return datetime(*parts, tzinfo=timezone.utc)
