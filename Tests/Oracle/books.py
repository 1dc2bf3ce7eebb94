"""Tollbook at work: a price folder of a whole list, and the prices of many lines in one run."""

import json
import subprocess

BINARY = ".build/release/tollbook"
FIRST_DAY = "2020-01-01"


def imported(source, path, folder):
    """Writes the cards of a list into `folder`; what the import said."""
    run = subprocess.run(
        [BINARY, "rates", "import", source, "--file", str(path), "--issuer", "all", "--accept", "all",
         "--from", FIRST_DAY, "--pricing", str(folder), "--write", str(folder), "--json"],
        capture_output=True, text=True)
    if run.returncode not in (0, 2):
        raise SystemExit(f"oracle: {path} was not imported: {run.stderr.strip()}")
    return json.loads(run.stdout)


def product(entry):
    return entry["route"], entry["issuer"], entry["provider"], entry["model"]


def prices(cases, folder, scratch):
    """What we say to each case."""
    lines, answers = scratch / "lines.ndjson", scratch / "answers.ndjson"
    with lines.open("w") as file:
        for case in cases:
            file.write(json.dumps(case.line()) + "\n")
    with lines.open() as given, answers.open("w") as taken:
        run = subprocess.run([BINARY, "price", "--json", "--pricing", str(folder)],
                             stdin=given, stdout=taken, stderr=subprocess.PIPE, text=True)
    if run.returncode not in (0, 2):
        raise SystemExit(f"oracle: tollbook price failed: {run.stderr.strip()}")
    with answers.open() as file:
        found = [json.loads(line) for line in file]
    if len(found) != len(cases):
        raise SystemExit(f"oracle: {len(cases)} lines got {len(found)} answers")
    return found
