"""The report of the proof: how much was simulated and compared, and what was found."""

import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field

from tests.oracle.faults import FAULTS, caught_by
from tests.oracle.seeds import run, trial
from tests.oracle.shrink import finding

Say = Callable[[str], None]


@dataclass(slots=True)
class Report:
    """Sums over seeds; ``wrong`` are the seeds that failed, each with its first mismatch."""

    seeds: int = 0
    days: float = 0.0
    facts: int = 0
    comparisons: int = 0
    mismatches: int = 0
    wrong: dict[int, str] = field(default_factory=dict)
    caught: dict[str, int | None] = field(default_factory=dict)
    """the seed that caught each planted bug; None: nothing did"""
    seconds: float = 0.0

    @property
    def is_good(self) -> bool:
        return not self.wrong and None not in self.caught.values()

    def lines(self) -> list[str]:
        found = len([seed for seed in self.caught.values() if seed is not None])
        return [
            f"seeds                {self.seeds:>12,}",
            f"simulated days       {self.days:>12,.1f}",
            f"facts                {self.facts:>12,}",
            f"comparisons          {self.comparisons:>12,}",
            f"mismatches           {self.mismatches:>12,}",
            f"planted bugs caught  {f'{found}/{len(self.caught)}':>12}",
            f"seconds              {self.seconds:>12,.1f}",
            *(f"seed {seed}: {first}" for seed, first in sorted(self.wrong.items())),
            *(f"not caught: {name}" for name, seed in self.caught.items() if seed is None),
        ]


def stretch(seeds: Sequence[int], *, thorough: bool = True) -> Report:
    """The sums over some seeds."""
    report = Report()
    for seed in seeds:
        story, _ = trial(seed)
        outcome = run(seed, thorough=thorough)
        report.seeds += 1
        report.days += (story.end - story.start) / 86_400
        report.facts += outcome.facts
        report.comparisons += outcome.comparisons
        report.mismatches += len(outcome.mismatches)
        if outcome.mismatches:
            report.wrong[seed] = str(outcome.mismatches[0])
    return report


def whole(seeds: range, *, jobs: int = 1, planted: bool = True, say: Say = lambda line: None) -> Report:
    """The report on these seeds, shared among ``jobs`` processes; every planted bug is tried on a few seeds."""
    began = time.perf_counter()
    total = Report()
    parts = [seeds[start : start + 50] for start in range(0, len(seeds), 50)]
    for part in _each(parts, jobs):
        total.seeds += part.seeds
        total.days += part.days
        total.facts += part.facts
        total.comparisons += part.comparisons
        total.mismatches += part.mismatches
        total.wrong |= part.wrong
        say(f"{total.seeds:,} of {len(seeds):,} seeds, {total.mismatches:,} mismatches")
    if planted:
        total.caught = {name: caught_by(name) for name in FAULTS}
    total.seconds = time.perf_counter() - began
    return total


def _each(parts: Sequence[range], jobs: int) -> Iterable[Report]:
    if jobs == 1:
        yield from map(stretch, parts)
        return
    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(stretch, parts)


def explained(seed: int) -> str:
    """A failing seed, cut down to what is needed to see it fail."""
    return finding(seed)
