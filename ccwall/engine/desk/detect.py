"""Detectors of what concerns the whole floor (F11): callers come far more often than usual, or calls end badly far more often.

Both are tests against the floor's own figures, never against a fixed number: a *surge* is what chance would not give at this rate
of arrivals, even if it were counted too low, *and* half as much again as usual; *drops* likewise. Neither looks at tiny counts.
"""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from ccwall.engine.curve import yesterday
from ccwall.engine.day import MINUTE, frame_at
from ccwall.engine.missed import of_calls
from ccwall.engine.visits import Contact

if TYPE_CHECKING:
    from ccwall.engine.state import State

Figures = dict[str, float]

HISTORY = 60
"""Minutes before a window that say what is usual."""
ENOUGH_MINUTES = 40
"""of it must have been heard, unless yesterday is known"""
CHANCE = 1e-4

SURGE_WINDOWS = ((5, 1.6, 1.5), (15, 1.45, 2.5))
"""Minutes; how many times the usual must have come; and how many standard deviations more than it was counted the usual may be,
which is the more the longer ago it was counted: a morning that begins is no surge."""
SURGE_LEAST = 20
"""callers in the window"""
CALM = 1.2
"""times the usual: a surge that is over"""

DROPS_MINUTES = 10
DROPS_LEAST, DROPS_OF = 8, 25
"""So many bad ends of so many ends at least."""
DROPS_SHARE, DROPS_TIMES = 0.2, 3.0
SHORT_TALK = 10.0
"""Seconds: who talks so short was cut off, or hung up on what they heard."""
PRIOR_BAD, PRIOR = 2, 20
"""Ends that are added to what is usual, so that a good hour does not make one bad call a catastrophe."""
MOST_CONTACTS = 8000


def surge(state: "State", now: float) -> Figures | None:
    """The figures of a surge that goes on; None without one. ``minutes`` before the last full minute it began to show."""
    end = int(now // MINUTE) * MINUTE
    for minutes, times, unsure in SURGE_WINDOWS:
        came = arrivals(state, end - minutes * MINUTE, end)
        if came < SURGE_LEAST:
            continue
        usual = usually(state, end - minutes * MINUTE, minutes)
        if usual is None or came < times * usual:
            continue
        if poisson_tail(came, usual + unsure * math.sqrt(usual)) > CHANCE:
            continue
        return {
            "arrivals": float(came),
            "usual": round(usual, 1),
            "minutes": float(minutes),
            "times": round(came / usual, 2) if usual else float(came),
            "began": float(end - minutes * MINUTE),
        }
    return None


def is_calm(state: "State", now: float) -> bool:
    """Whether what comes is as usual: as it was before the last hour, too."""
    end = int(now // MINUTE) * MINUTE
    usual = usually(state, end - 5 * MINUTE, 5)
    return usual is not None and arrivals(state, end - 5 * MINUTE, end) <= CALM * usual


def arrivals(state: "State", start: int, end: int) -> int:
    """Callers who came in [start, end), whole minutes."""
    found = 0
    for queue in state.queues.values():
        minutes = queue.events.minutes
        for start_of in range(start, end, MINUTE):
            if (bucket := minutes.get(start_of)) is not None:
                found += bucket.offered
    return found


def usually(state: "State", start: int, minutes: int) -> float | None:
    """How many callers would usually come in so many minutes from ``start`` on: by the hour before, by how it was growing, and by
    yesterday, whatever is most; None while nobody can say."""
    heard = [at for at in range(start - HISTORY * MINUTE, start, MINUTE) if not _is_missed(state, at)]
    each = [arrivals(state, at, at + MINUTE) for at in heard]
    before = next((at for at, came in enumerate(each) if came), len(each))
    each = each[before:]  # a house that was just opened has no hour before
    past = _of_yesterday(state, start, minutes)
    if len(each) < ENOUGH_MINUTES:
        return past
    late, early = each[-15:], each[-30:-15]
    mean, recent = _mean(each), _mean(late)
    growing = recent + max(0.0, recent - _mean(early)) * (1 + minutes / 15) / 1.5 if early else recent
    usual = max(mean, recent, growing) * minutes
    # What yesterday was an exception does not make today's exception usual.
    return usual if past is None else max(usual, min(past, 1.5 * usual))


def _of_yesterday(state: "State", start: int, minutes: int) -> float | None:
    policy = state.policy
    day = frame_at(start, policy.zone, policy.day_starts, policy.interval)
    known = yesterday(state, day)
    if known is None or known.length <= 0 or not known.points:
        return None
    at = start - day.start + known.start
    around = (p.offered for p in known.points if at - known.length < p.start <= at + known.length)
    most = max(around, default=0)
    return most / known.length * MINUTE * minutes if most else None


def _is_missed(state: "State", at: int) -> bool:
    return any(s.start < at + MINUTE and (s.end is None or s.end > at) for s in of_calls(state))


def drops(state: "State", now: float) -> Figures | None:
    """The figures of calls that end badly: lost, failed by the switch, or over as soon as they were answered."""
    start, back = now - DROPS_MINUTES * MINUTE, now - (DROPS_MINUTES + HISTORY) * MINUTE
    bad = ended = bad_before = ended_before = 0
    for number, contact in enumerate(reversed(state.contacts.values())):
        if number >= MOST_CONTACTS or contact.queued < back - 3600.0:
            break
        end = contact.ended
        if end is None or not back <= end <= now or contact.is_ghost:
            continue
        if end >= start:
            ended, bad = ended + 1, bad + ended_badly(contact)
        else:
            ended_before, bad_before = ended_before + 1, bad_before + ended_badly(contact)
    if bad < DROPS_LEAST or ended < DROPS_OF:
        return None
    usual = (bad_before + PRIOR_BAD) / (ended_before + PRIOR)
    share = bad / ended
    if share < max(DROPS_SHARE, DROPS_TIMES * usual) or binomial_tail(bad, ended, min(usual, 1.0)) > CHANCE:
        return None
    return {
        "bad": float(bad),
        "ended": float(ended),
        "share": round(share, 3),
        "usual_share": round(usual, 3),
        "minutes": float(DROPS_MINUTES),
        "began": float(int(start)),
    }


def ended_badly(contact: Contact) -> bool:
    if contact.outcome == "lost" or contact.end == "lost":
        return True
    if contact.outcome == "flowed_out":
        return contact.cause == "error"
    short = contact.talk is not None and contact.talk < SHORT_TALK
    return contact.outcome == "answered" and short and contact.answer_seen and contact.end != "transfer"


def poisson_tail(n: int, mean: float) -> float:
    """The chance of so many or more, when ``mean`` are usual.

    >>> poisson_tail(0, 5.0), round(poisson_tail(10, 5.0), 4), poisson_tail(3, 0.0)
    (1.0, 0.0318, 0.0)
    """
    if n <= 0:
        return 1.0
    if mean <= 0:
        return 0.0
    term = math.exp(n * math.log(mean) - mean - math.lgamma(n + 1))
    return min(1.0, _sum_of_falling(term, lambda k: mean / k, n))


def binomial_tail(n: int, of: int, chance: float) -> float:
    """The chance of so many or more of ``of``.

    >>> round(binomial_tail(3, 4, 0.5), 4), binomial_tail(1, 4, 0.0), binomial_tail(4, 4, 1.0)
    (0.3125, 0.0, 1.0)
    """
    if n <= 0 or chance >= 1:
        return 1.0
    if chance <= 0 or n > of:
        return 0.0
    found = 0.0
    for k in range(n, of + 1):
        ways = math.lgamma(of + 1) - math.lgamma(k + 1) - math.lgamma(of - k + 1)
        found += math.exp(ways + k * math.log(chance) + (of - k) * math.log1p(-chance))
    return min(1.0, found)


def _sum_of_falling(term: float, ratio: Callable[[int], float], first: int) -> float:
    """term(first) + term(first + 1) + …, where each is ``ratio(k)`` times the one before it."""
    found, k = 0.0, first
    while term > found * 1e-12:
        found += term
        k += 1
        term *= ratio(k)
        if k - first > 100_000:
            break
    return found


def _mean(counts: list[int]) -> float:
    return sum(counts) / len(counts) if counts else 0.0
