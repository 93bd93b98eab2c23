"""How long an item of an open topic takes to be compared with the stories that go on.

    python -m benchmarks.stories_speed FILE.jsonl [--json]

The file is one of those of `benchmarks.stories`, of at least 700 texts: its last 100 are compared with as many of the
others as a topic may have running. Milliseconds of processor time, the median of the 100.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from benchmarks.stories_data import read
from monitor.novelty import LOOKED_AT
from monitor.stories import Telling, likely, nearest

ASKED = 100
RUNNING = (20, 60, 300, 600)


def measure(asked: Sequence[Telling], running: Sequence[Telling]) -> float:
    """Median milliseconds that the product takes for one of `asked`, all of `running` being known."""
    taken = []
    for told in asked:
        begun = time.process_time()
        nearest(told, [running[each] for each in likely(told, running, LOOKED_AT)])
        taken.append(1000 * (time.process_time() - begun))
    return median(taken)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures and prints the figures."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.stories_speed", description="The story matcher's speed."
    )
    parser.add_argument("file", type=Path, metavar="FILE.jsonl")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    try:
        told = [item.told for item in read(options.file)]
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    if len(told) < ASKED + max(RUNNING):
        print(f"{options.file}: {len(told)} texts are too few, give at least {ASKED + max(RUNNING)}.", file=sys.stderr)
        return 2
    figures = {running: round(measure(told[-ASKED:], told[:running]), 2) for running in RUNNING}
    if options.json:
        print(json.dumps({"milliseconds_per_item": figures}, indent=2))
    else:
        print(*(f"{running:>4} stories go on: {took:.2f} ms an item" for running, took in figures.items()), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
