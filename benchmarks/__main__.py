"""`python -m benchmarks [decode] [engine] [floor] [latency] [--rounds N]`: prints tables; exit 1 when a promise is not kept."""

import argparse
import os
import platform
import sys
from collections.abc import Callable
from importlib import import_module
from typing import cast

ALL = {
    "decode": 21,
    "csta": 11,
    "esl": 21,
    "zeromq": 11,
    "engine": 5,
    "floor": 5,
    "latency": 10,
    "journal": 5,
    "outlook": 200,
    "sip": 9,
    "wall": 3,
}
"""What there is, and how many rounds each is measured; of `latency`, the seconds at each rate, of `outlook`, the looks at each scene."""
ASKED = {"calibration": 200}
"""Only when asked for, since it takes a quarter of an hour: of `calibration`, the days."""


def main() -> int:
    asked = argparse.ArgumentParser(
        prog="benchmarks", description="The figures of docs/performance.md, made here."
    )
    asked.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help=f"which: {', '.join(ALL | ASKED)} (all but {', '.join(ASKED)})",
    )
    asked.add_argument("--rounds", "--days", type=int, help="rounds of each (more is surer)")
    arguments = asked.parse_args()
    names: list[str] = arguments.names or list(ALL)
    if unknown := sorted(set(names) - (ALL | ASKED).keys()):
        asked.error(f"no benchmark {', '.join(unknown)}; there are {', '.join(ALL | ASKED)}")
    print(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} CPUs\n")
    kept = True
    for name in names:
        run = cast(Callable[[int], bool], import_module(f"benchmarks.{name}").run)
        kept = run(arguments.rounds or (ALL | ASKED)[name]) and kept
    return 0 if kept else 1


sys.exit(main())
