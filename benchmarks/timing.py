"""Fair timing: rivals take turns in the same run, so that a busy moment of the machine hits them alike."""

import gc
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from statistics import median

Work = Callable[[], object]


def interleaved(rivals: Mapping[str, Work], rounds: int) -> dict[str, list[float]]:
    """Seconds of each round for each rival. Every rival runs once before, unmeasured; the order turns with every round."""
    taken: dict[str, list[float]] = {name: [] for name in rivals}
    names = list(rivals)
    for name in names:
        rivals[name]()
    for turn in range(rounds):
        first = turn % len(names)
        for name in names[first:] + names[:first]:
            taken[name].append(seconds(rivals[name]))
    return taken


def seconds(work: Work) -> float:
    """Of this process's own time: what else runs on the machine is not counted, only felt in the caches."""
    with still():
        start = time.process_time()
        work()
        return time.process_time() - start


@contextmanager
def still() -> Iterator[None]:
    """No garbage collection meanwhile, as in the standard library's timeit."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def spread(taken: Sequence[float]) -> float:
    """Half the distance between the quartiles, as a fraction of the median: how much to believe it."""
    ordered = sorted(taken)
    low, high = ordered[len(ordered) // 4], ordered[(3 * len(ordered)) // 4]
    return (high - low) / 2 / median(ordered)


def percentile(values: Sequence[float], fraction: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * fraction))]


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows under their heads, the first column to the left."""
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    for row in (head, ["-" * width for width in widths], *rows):
        first, *rest = row
        cells = [first.ljust(widths[0])] + [
            cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True)
        ]
        print("  " + "  ".join(cells))
    print()
