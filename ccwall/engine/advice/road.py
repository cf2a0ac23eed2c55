"""What a queue has before it: its own callers and those of other queues that the same people answer.

A queue whose people serve others as well is followed as one pool: all its people, its own callers, and of the others' callers
the part that these people carry (`ccwall.engine.advice.sharing`). That is exact where all serve all, and where nobody is
shared; in between it is an approximation.
"""

import math
from collections.abc import Sequence

import msgspec

from ccwall.engine.advice.chain import NOBODY, SPANS, Path, Span, at
from ccwall.engine.advice.crew import Hand
from ccwall.engine.advice.longest import RUNG_OUT, Line, Reach, reach, survival
from ccwall.engine.advice.plans import BIN
from ccwall.engine.advice.traffic import Traffic
from ccwall.engine.band import Band, band
from ccwall.engine.forecast import Course
from ccwall.engine.levels import backlog_hits

DRIFT = 0.004
"""variance of the logarithm of the rate in half an hour ahead, beside what was seen: it does not stay as it is"""
USUAL, FAR = 0.9, 0.12
MISSED = 0.5
"""by so much, in parts of it, the share of missed rings is another in the next minutes: it is one or two people"""
LEAST_CALLS = 1e-6
"""of a queue that nobody calls: its level is what somebody who came would find"""
STAFF = 0.015
"""variance of the people to be had, of one each: they walk off and come back without a word"""


class Pool(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One queue with the people and the callers around it. ``heads`` by step."""

    own: Traffic
    heads: tuple[float, ...]
    ready: int
    busy: float
    """people in a call who are to be had for the next one"""
    rate: float
    """own and others', a second, now"""
    aht: float
    leave: float
    """1 ÷ mean patience"""
    noise: tuple[float, float]
    """variance of the logarithm of rate and of AHT"""
    others: float
    """of other queues' callers who wait now, the part that comes here"""
    course: tuple[float, ...]

    @property
    def present(self) -> float:
        return self.busy + max(0, self.own.waiting - self.own.ringing) + self.others


class Rest(msgspec.Struct, frozen=True, gc=False):
    """The people and the load around a queue that its own people do not carry, but could relieve it of others' calls."""

    hands: tuple[Hand, ...] = ()
    others: tuple[tuple[Traffic, float], ...] = ()
    """by queue: the part of its load"""


def pool(
    mine: Sequence[Hand],
    own: Traffic,
    others: Sequence[tuple[Traffic, float]] = (),
    rest: Rest | None = None,
) -> Pool:
    """Of the people `mine`; `others`: other queues, and the part of their load that these people carry."""
    rest = rest or Rest()
    heads = _heads(mine, len(own.course))
    shared = sum(sum(hand.there) for hand in mine if len(hand.queues) > 1)
    help_ = _help(shared / (sum(heads) or 1.0))
    everybody = [*((hand, 1.0) for hand in mine), *((hand, help_) for hand in rest.hands if help_)]
    parts = [(own, 1.0), *((each, part) for each, part in others if each.aht > 0)]
    parts += [(each, part * help_) for each, part in rest.others if each.aht > 0 and help_]
    rate = sum(each.rate * part for each, part in parts)
    load = sum(each.load * part for each, part in parts)
    leave = sum(each.rate * part / each.patience for each, part in parts if each.patience)
    square = load * load if load else 1.0
    noises = dict[int, tuple[Traffic, float]]()
    for each, part in parts:  # of one queue, what is wrong is wrong in all its parts
        noises[id(each)] = each, part + noises.get(id(each), (each, 0.0))[1]
    weights = [((each.load * part) ** 2 / square, each) for each, part in noises.values()]
    return Pool(
        own=own,
        heads=tuple(n + help_ * more for n, more in zip(heads, _heads(rest.hands, len(heads)), strict=True)),
        ready=sum(hand.here and not hand.busy and hand.there[0] > 0 for hand in mine),
        busy=sum(hand.there[0] * part for hand, part in everybody if hand.here and hand.busy),
        rate=rate,
        aht=load / rate if rate else own.aht,
        leave=leave / rate if rate else 0.0,
        noise=(
            sum(part * each.rate_noise for part, each in weights),
            sum(part * each.aht_noise for part, each in weights),
        ),
        others=sum(max(0, each.waiting - each.ringing) * part for each, part in parts[1:]),
        course=own.course,
    )


HELP = 0.4


def _help(shared: float) -> float:
    """How far the people around relieve these, by the part of these who are shared."""
    return float(shared**HELP) if shared else 0.0


def _heads(hands: Sequence[Hand], steps: int) -> tuple[float, ...]:
    return tuple(sum(hand.there[k] for hand in hands) for k in range(steps))


class Ends(msgspec.Struct, frozen=True, gc=False):
    """The two loads that a queue is followed with, one deviation up and one down, and as many missed rings more and less:
    the mean of both has the right mean and variance."""

    pool: Pool
    busy: Path
    quiet: Path
    missed: tuple[float, float]


def second_thought(asked: Pool) -> float:
    """E-folds by which the load is probably less than what was seen, where that is more than these people can carry.

    What was seen is the truth and chance; a house has about the people it needs (`USUAL` of what they can carry, give or
    take `FAR` e-folds). Where an hour has few calls, an overload is more often chance than truth.
    """
    heads = sum(asked.heads) / len(asked.heads)
    carried = asked.rate * asked.aht / heads if heads > 0 else 0.0
    if carried <= USUAL:
        return 0.0
    chance = sum(asked.noise)
    return math.log(carried / USUAL) * chance / (chance + FAR**2)


def ends(asked: Pool, less: float = 0.0) -> Ends:
    """`less`: e-folds off the load."""
    asked = msgspec.structs.replace(asked, aht=asked.aht * math.exp(-less))
    rate_noise, aht_noise = asked.noise[0] + DRIFT, asked.noise[1]
    staff_noise = STAFF / max(1.0, sum(asked.heads) / len(asked.heads))
    noise = math.sqrt(rate_noise + aht_noise + staff_noise)
    missed = asked.own.missed * (1 + MISSED), asked.own.missed * (1 - MISSED)
    busy, quiet = (
        _path(asked, sign * rate_noise / noise, sign * (aht_noise + staff_noise) / noise, rung)
        for sign, rung in zip((1, -1), missed, strict=True)
    )
    return Ends(asked, busy, quiet, missed)


def _path(asked: Pool, rate: float, aht: float, missed: float) -> Path:
    own = asked.own
    courses = [
        Course(
            rate=max(1e-6, asked.rate * level) * math.exp(rate),
            aht=max(1e-3, asked.aht) * math.exp(aht),
            patience=1 / asked.leave if asked.leave else None,
            capacity=max(NOBODY, heads),
            present=asked.present,
            threshold=max(0.0, own.threshold - own.ring),
            short=own.short,
            variant=own.variant,
        )
        for heads, level in zip(asked.heads, asked.course, strict=True)
    ]
    return Path(courses, asked.present, 1 - missed if own.threshold <= RUNG_OUT else 1.0)


def levels(asked: Ends, spans: Sequence[Span] = SPANS) -> dict[int, Band]:
    """The service level of each of `spans`, by minutes."""
    own, found = asked.pool.own, dict[int, Band]()
    known = _known(asked)
    for span in spans:
        steps = span.steps
        (much, much_spread), (little, little_spread) = (
            path.mean_and_variance(steps) for path in (asked.busy, asked.quiet)
        )
        mean = (much + little) / 2
        spread = (much_spread + little_spread) / 2 + ((much - little) / 2) ** 2
        fresh, count = _counted(own, steps, mean)
        found[span.minutes] = band(
            min(1.0, (mean * fresh + known) / count), spread * (fresh / count) ** 2, count
        )
    return found


def middle(asked: Ends, steps: int) -> float:
    """The mean alone of the service level from now on, which is cheap."""
    own = asked.pool.own
    mean = sum(_at_start(path, path.mean(0, steps)) for path in (asked.busy, asked.quiet)) / 2
    fresh, count = _counted(own, steps, mean)
    return min(1.0, (mean * fresh + _known(asked)) / count)


def _at_start(path: Path, values: list[float]) -> float:
    return min(1.0, max(0.0, at(path.nets[0].nodes, values, path.present)))


def _counted(own: Traffic, steps: int, mean: float) -> tuple[float, float]:
    """Calls that will come, and those that will be judged, of so many steps: who comes too late to be judged is no miss."""
    fresh = max(LEAST_CALLS, own.rate * sum(own.course[:steps]) * BIN)
    pending = own.rate * min(own.threshold, steps * BIN) * (1 - mean)
    return fresh, max(fresh / 2, fresh + own.waiting - pending)


def _known(asked: Ends) -> float:
    """Hits among those who wait now."""
    own, first = asked.pool.own, asked.quiet.nets[0].course
    if not own.waiting:
        return 0.0
    ready = max(0, asked.pool.ready - round(asked.pool.others)) + own.ringing
    return backlog_hits(first, own.waiting, own.overdue, ready)


def longest(asked: Ends) -> dict[int, Reach]:
    """The longest wait of each of `SPANS`, by minutes."""
    own = asked.pool.own
    busy, quiet = (
        Line(
            waits=own.waits[own.ringing :] if own.ringing < len(own.waits) else (),
            ready=asked.pool.ready,
            rate=own.rate,
            ring=own.ring,
            missed=missed,
        )
        for missed in asked.missed
    )
    found = dict[int, Reach]()
    for span in SPANS:
        both = [survival(asked.busy, span.steps, busy), survival(asked.quiet, span.steps, quiet)]
        oldest = own.waits[0] if own.waits else 0.0
        shares = [(a + b) / 2 for a, b in zip(*both, strict=True)]
        found[span.minutes] = _at_least(reach(shares), oldest)
    return found


def _at_least(found: Reach, oldest: float) -> Reach:
    return Reach(*(round(max(x, oldest), 1) for x in (found.low, found.middle, found.high, found.expected)))
