"""``python -m tests.oracle --seeds 2000``: compares engine and oracle, prints the report; exit code 1 when anything is wrong."""

import argparse
import os
import sys

from tests.oracle.report import explained, whole


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.oracle", description=__doc__)
    parser.add_argument("--seeds", type=int, default=300, help="how many")
    parser.add_argument("--from", type=int, default=0, dest="first", help="the first of them")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes")
    parser.add_argument("--no-planted", action="store_true", help="do not try the planted bugs")
    parser.add_argument(
        "--explain", type=int, metavar="SEED", help="show why this seed fails, in a small story"
    )
    chosen = parser.parse_args()
    if chosen.explain is not None:
        sys.stdout.write(explained(chosen.explain) + "\n")
        return 0
    seeds = range(chosen.first, chosen.first + chosen.seeds)
    report = whole(seeds, jobs=chosen.jobs, planted=not chosen.no_planted, say=_say)
    sys.stdout.write("\n".join(report.lines()) + "\n")
    return 0 if report.is_good else 1


def _say(line: str) -> None:
    sys.stderr.write(f"\r{line} ")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
