"""What an incident did to the numbers: of its span, of as long a span before it, and of the day before."""

from typing import TYPE_CHECKING

from ccwall.engine.curve import yesterday
from ccwall.engine.day import MINUTE
from ccwall.engine.measure import queues_of, variant_of
from ccwall.engine.metrics import Tally
from ccwall.engine.numbers import level, tally
from ccwall.engine.scope import STEP, Scope, scope_of
from ccwall.engine.windows import Bucket

if TYPE_CHECKING:
    from ccwall.engine.state import State

Figures = dict[str, float]


def effect(state: "State", scope: str, began: float, ended: float) -> Figures:
    """``offered``, ``answered``, ``abandoned``, ``service_level`` (a fraction; absent where nobody is in it), ``seconds``; the same
    with ``before_`` of as long before, and ``yesterday_offered``. A scope nobody knows has the floor's."""
    try:
        about = scope_of(scope)
    except ValueError:
        about = Scope()
    if about.kind == "agent":
        about = Scope()
    start, end = _step(began), max(_step(ended) + STEP, _step(began) + STEP)
    found = {**_of(state, about, start, end, ""), "seconds": round(ended - began, 1)}
    found |= _of(state, about, start - (end - start), start, "before_")
    day = state.frame
    past = yesterday(state, day)
    if about.kind == "floor" and past is not None and past.length:
        shift = day.start - past.start
        spans = (
            (p, min(p.start + past.length, end - shift) - max(p.start, start - shift)) for p in past.points
        )
        found["yesterday_offered"] = round(
            sum(p.offered * over / past.length for p, over in spans if over > 0), 1
        )
    return found


def _of(state: "State", about: Scope, start: int, end: int, prefix: str) -> Figures:
    # Fine buckets are kept for an hour: what is older is told by whole minutes.
    first, last = start - start % MINUTE, end + -end % MINUTE
    whole, variant = Tally(answered=0, within=0, overdue=0), variant_of(state, about)
    sums = Bucket()
    for queue in queues_of(state, about):
        bucket = queue.events.between(first, last)
        sums.merge(bucket)
        whole += tally(bucket, queue.card, variant, 0)
    counts = {
        "offered": sums.offered,
        "answered": sums.answered,
        "abandoned": sums.abandoned + sums.short,
        "lost": sums.lost + sums.errors,
    }
    figures = {prefix + name: float(n) for name, n in counts.items()}
    reached = level(variant, whole)
    return figures if reached is None else {**figures, prefix + "service_level": reached}


def _step(at: float) -> int:
    return int(at // STEP) * STEP
