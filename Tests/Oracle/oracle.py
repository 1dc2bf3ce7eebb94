"""A differential test of our prices against those that genai-prices and LiteLLM reckon from the same tables.

    ORACLE_CASES=80000 ORACLE_SEED=1 make oracle

Each library's whole table is imported into cards; both are asked for the same calls. Every difference must have a
class (classes.py) whose rules foretell both figures exactly; one that has none fails the test.
"""

import importlib
import os
import random
import shutil
import sys
import textwrap
import time
from decimal import Decimal
from pathlib import Path

import books
from cards import Shelf
from judge import Judge
from usages import Usages, utc

SCRATCH = Path(".build/oracle/run")
SHOWN = int(os.environ.get("ORACLE_SHOWN", "8"))


def main():
    cases = int(os.environ.get("ORACLE_CASES", "80000"))
    seed = int(os.environ.get("ORACLE_SEED", "1"))
    names = sys.argv[1:] or ["genai", "lite"]
    judges = [compare(importlib.import_module(name), cases // len(names), seed) for name in names]
    for judge in judges:
        show(judge)
    unexplained = sum(len(judge.unexplained) for judge in judges)
    if unexplained:
        print(f"oracle: {unexplained} differences are unexplained (seed {seed})")
    sys.exit(1 if unexplained else 0)


def compare(library, wanted, seed):
    started = time.monotonic()
    folder = SCRATCH / library.NAME
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "pricing").mkdir(parents=True)
    by_product, review = {}, None
    for step, text in enumerate(library.lists()):
        path = folder / f"list-{step}.json"
        path.write_text(text)
        review = books.imported(library.SOURCE, path, folder / "pricing")
        models = library.models(text)
        for entry in review["cards"]:
            if entry["kind"] != "gone" and entry["line"] in models:
                by_product.setdefault(books.product(entry), models[entry["line"]])
        # The last list has everything, also what no step changed.
        last = {(provider, model["id"]): model for provider, model in models.values()}
    by_product = {product: (model[0], last[model[0], model[1]["id"]]) for product, model in by_product.items()}
    shelf = Shelf(folder / "pricing")
    usages = Usages(
        shelf, lambda model: [], seed, utc(2025, 1, 1), utc(2026, 11, 20, 11, 30),
        asks_tier=getattr(library, "asks_tier", lambda model: True),
        regions=getattr(library, "regions", lambda model: []))
    chance = random.Random(seed)
    found = []
    for product in sorted(by_product):
        model = by_product[product]
        usages.meters = lambda _: library.meters(model, shelf.products[product])
        found.extend(usages.cases(product, model))
    chosen = sorted(chance.sample(range(len(found)), min(wanted, len(found))))
    found = [found[place] for place in chosen]
    judge = Judge(library.NAME, shelf, getattr(library, "TOLERANCE", 0))
    judge.models, judge.cases, judge.review = len(by_product), len(found), review
    for case, answer in zip(found, books.prices(found, folder / "pricing", folder)):
        figure, answered = library.figure(case)
        judge.add(case, figure, answered, lambda: library.reckon(case, answered, last), answer)
        if judge.agreed == 1 and not hasattr(judge, "first"):
            judge.first = (case, figure, answered, lambda: library.reckon(case, answered, last), answer)
    check_that_it_sees(judge)
    judge.seconds = time.monotonic() - started
    return judge


def check_that_it_sees(judge):
    """A figure of ours that is wrong by one part in a million must stay unexplained."""
    other = Judge(judge.name, judge.shelf, judge.tolerance)
    *asked, answer = judge.first
    wrong = Decimal(answer["exact"]) * Decimal("1.000001") + Decimal("0.000001")
    other.add(*asked, {**answer, "exact": str(wrong)})
    if len(other.unexplained) != 1:
        sys.exit(f"oracle: a wrong figure beside {judge.name}'s was not seen")


def show(judge):
    print(f"\n{judge.name}: {judge.cases} calls of {judge.models} products in {judge.seconds:.0f} s, "
          f"{judge.agreed} agree, {judge.cases - judge.agreed - len(judge.unexplained)} differ for a reason, "
          f"{len(judge.unexplained)} unexplained")
    left = sum(entry["count"] for entry in judge.review["left_out"])
    print(f"  of its list {judge.review['models']} models; {left} prices or models left out by the importer, "
          f"{len(judge.review['faults'])} at fault")
    for found, count in judge.classes.most_common():
        print(f"{count:8}  {found.name}")
        print(textwrap.indent(textwrap.fill(found.why, 104), " " * 10))
    kinds = {}
    for entry in judge.unexplained:
        hows = frozenset(rate.how for rate in entry[3].rates.values())
        kinds.setdefault((entry[4].split(" by its rules")[0].split(" say ")[0], hows), entry)
    for case, figure, answer, reckoning, fault in list(kinds.values())[:SHOWN]:
        print(f"  UNEXPLAINED {case.product} at {case.at} tier {case.tier} units {case.units}")
        print(f"    {fault}")
        print(f"    theirs {float(figure)!r}, ours {answer['state']} {answer['exact']} {answer['reason']} "
              f"{answer['missing']} by {answer['card']}")
        for meter, rate in reckoning.rates.items():
            print(f"    {meter}: {float(rate.dollars)!r} a unit there, {rate.how}")


if __name__ == "__main__":
    main()
