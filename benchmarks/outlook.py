"""The outlook: what it costs, and how often what then happened lay in its band."""

from collections.abc import Callable
from statistics import median

import msgspec

from benchmarks.staffed_queue import MOVING, STEADY, Run, Scene
from benchmarks.staffed_queue import run as play
from benchmarks.timing import percentile, seconds, table
from ccwall.engine.advice.chain import REACH, SOON
from ccwall.engine.advice.crew import Hand
from ccwall.engine.advice.road import ends, levels, pool, second_thought
from ccwall.engine.advice.traffic import Rings, to_come
from ccwall.engine.outlook import Inputs, outlook
from ccwall.engine.prospects import Forecast
from ccwall.events import AgentId, QueueId

PROMISED, LEAST = 0.8, 0.65
"""inside, of all steady scenes together; and in any one of them"""
HORIZONS = tuple(span.minutes for span in SOON)
QUEUE = QueueId("q")
CEILING = {10: (0.001, 0.004), 50: (0.001, 0.004), 200: (0.005, 0.005), 500: (0.005, 0.005)}
"""seconds that one outlook, and one forecast, may take, by agents"""
CALLS = 50
"""outlooks in one round"""
SURE = 10_000
"""so many hours seen make rate and handle time as good as known"""


def _costs(rounds: int) -> bool:
    rows, kept = [], True
    for n, ceilings in CEILING.items():
        for backlog in (0, n // 5):
            asked = inputs(n, backlog)
            told = [f"{n} agents, {backlog} waiting"]
            for made, ceiling in zip((outlook, alone), ceilings, strict=True):

                def some(made: Callable[[Inputs], object] = made, asked: Inputs = asked) -> None:
                    for _ in range(CALLS):
                        made(asked)

                some()
                taken = median(seconds(some) for _ in range(rounds)) / CALLS
                kept = kept and taken <= ceiling
                told += [f"{taken * 1e3:.2f} ms", f"{ceiling * 1e3:.0f} ms"]
            rows.append(tuple(told))
    table(("of one queue", "outlook", "ceiling", "forecast", "ceiling"), rows)
    return kept


def inputs(n: int, waiting: int) -> Inputs:
    """An hour at 95 % load with 240 s a call."""
    calls = round(0.95 * n / 240 * 3600)
    return Inputs(
        arrivals=calls,
        arrival_seconds=3600,
        recent_arrivals=calls // 4,
        handled=calls,
        handling_ms=calls * 240_000,
        patience_wait_ms=50 * 180_000,
        abandons=50,
        waiting=waiting,
        ready=0,
        capacity=float(n),
        threshold=20,
        short=5,
    )


class Cell(msgspec.Struct):
    """One scene and one horizon: shares of service level."""

    coverage: float
    width: float
    """median width of the band"""
    known: float
    """the same, had rate, handle time and patience been known"""
    spread: float
    """from the 10th to the 90th percentile of what happened"""
    mean: float
    looks: int


def cells(scene: Scene, looks: int, seed: int = 1) -> dict[int, Cell]:
    """By horizon, minutes; only looks that had a forecast and a service level afterwards."""
    done = play(scene, looks, seed)
    found: dict[int, list[tuple[bool, float, float, float]]] = {minutes: [] for minutes in HORIZONS}
    for at in done.looks:
        asked = done.seen(at)
        forecast = alone(asked)
        known = alone(_known(done, asked, at))
        if forecast is None or known is None:
            continue
        for minutes in HORIZONS:
            truth = done.happened(at, at + 60 * minutes)
            if truth is not None:
                low, _, high = forecast[minutes]
                best = known[minutes][2] - known[minutes][0]
                found[minutes].append((low <= truth <= high, high - low, best, truth))
    return {
        minutes: Cell(
            coverage=sum(hit for hit, *_ in seen) / len(seen),
            width=median(width for _, width, _, _ in seen),
            known=median(best for _, _, best, _ in seen),
            spread=percentile([t for *_, t in seen], 0.9) - percentile([t for *_, t in seen], 0.1),
            mean=sum(t for *_, t in seen) / len(seen),
            looks=len(seen),
        )
        for minutes, seen in found.items()
        if seen
    }


def alone(asked: Inputs) -> Forecast | None:
    """The forecast of a queue whose people serve nothing else, and where nobody's phone rings in vain."""
    if outlook(asked).why:
        return None
    whole, part = divmod(asked.capacity, 1)
    there = [1.0] * int(whole) + [part] * (part > 0)
    hands = [
        Hand(AgentId(str(k)), (QUEUE,), (each,) * REACH, True, k >= asked.ready, "")
        for k, each in enumerate(there)
    ]
    found = pool(hands, to_come(asked, (1.0, (1.0,) * REACH), Rings()))
    return levels(ends(found, second_thought(found)), SOON)


def _known(done: Run, asked: Inputs, at: float) -> Inputs:
    scene, hours = done.scene, SURE
    calls = round(scene.rate_at(at) * 3600 * hours)
    return msgspec.structs.replace(
        asked,
        arrivals=calls,
        arrival_seconds=3600.0 * hours,
        recent_arrivals=None,
        handled=calls,
        handling_ms=round(calls * scene.aht * 1000),
        abandons=0,
        patience_default=scene.patience,
    )


def run(rounds: int) -> bool:
    kept = _costs(max(3, rounds // 20))
    rows, inside, seen = [], 0.0, 0
    for scene in STEADY + MOVING:
        for minutes, cell in cells(scene, rounds).items():
            kept = kept and (cell.coverage >= LEAST or scene in MOVING)
            if scene in STEADY:
                inside += cell.coverage * cell.looks
                seen += cell.looks
            rows.append(
                (
                    scene.name,
                    f"{minutes} min",
                    str(cell.looks),
                    f"{cell.mean:.2f}",
                    f"{cell.coverage:.0%}",
                    f"{cell.width:.2f}",
                    f"{cell.known:.2f}",
                    f"{cell.spread:.2f}",
                )
            )
    table(("the band", "horizon", "looks", "mean SL", "inside", "width", "if known", "spread"), rows)
    whole = inside / seen
    print(
        f"  Promised: {PROMISED:.0%} inside of all steady scenes ({whole:.0%}), {LEAST:.0%} in each; what moves is shown.\n"
    )
    return kept and whole >= PROMISED
