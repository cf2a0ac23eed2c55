"""The numbers, as pure functions of counts: formula, source and a worked example each.

Letters, as in docs/metrics.md: A answered, A_T answered within T, B abandoned (all lengths), B_T abandoned within T,
B_S short abandons (wait < S), O offered, F flowed out, R refused, W_T waiting now for longer than T. A wait counts as
within T when wait ≤ T. Nothing to divide gives None, never 0 and never 1.
"""

from collections.abc import Callable, Mapping

import msgspec


class Tally(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a service level is made of: only contacts whose wait is known.

    ``abandoned`` counts all lengths, ``short`` included; ``overdue`` is W_T, 0 for a closed window. ``flow_outs`` are those
    that a queue wants counted: 0 where it excludes them, and then all formulas are as they are written here.
    """

    answered: int
    within: int
    abandoned: int = 0
    abandoned_within: int = 0
    short: int = 0
    overdue: int = 0
    flow_outs: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        """The tally of both together: queues judged each by its own threshold."""
        return Tally(
            answered=self.answered + other.answered,
            within=self.within + other.within,
            abandoned=self.abandoned + other.abandoned,
            abandoned_within=self.abandoned_within + other.abandoned_within,
            short=self.short + other.short,
            overdue=self.overdue + other.overdue,
            flow_outs=self.flow_outs + other.flow_outs,
        )

    @property
    def presented(self) -> int:
        """A + B + W_T, and F where it is counted: what four of the formulas divide by, or by less than that."""
        return self.answered + self.abandoned + self.overdue + self.flow_outs


def ratio(part: float, whole: float) -> float | None:
    """part / whole; None when there is nothing to divide by.

    >>> ratio(3, 4)
    0.75
    >>> ratio(0, 0) is None
    True
    """
    return part / whole if whole > 0 else None


def sl_answered(t: Tally) -> float | None:
    """A_T / A. "Only handled" (Cisco UCCX); Asterisk's ServicelevelPerf; 4PS formula 2.

    >>> sl_answered(Tally(answered=90, within=70, abandoned=10, abandoned_within=10))
    0.7777777777777778
    """
    return ratio(t.within, t.answered)


def sl_offered(t: Tally) -> float | None:
    """A_T / (A + B + W_T). "Abandoned calls have negative impact" (Cisco UCCE); 20秒接通率 with T = 20; 4PS formula 3.

    >>> sl_offered(Tally(answered=90, within=70, abandoned=10, abandoned_within=10))
    0.7
    >>> sl_offered(Tally(answered=90, within=70, abandoned=10, abandoned_within=10, flow_outs=40))
    0.5
    """
    return ratio(t.within, t.presented)


def sl_offered_less_short(t: Tally) -> float | None:
    """A_T / (A + B − B_S + W_T). Genesys Cloud without short abandons; our default.

    While a window is open, who already waits longer than T counts as missed (Cisco's service level events); a closed
    window has W_T = 0.

    >>> sl_offered_less_short(Tally(answered=8, within=7, abandoned=4, short=2, overdue=0))
    0.7
    >>> sl_offered_less_short(Tally(answered=8, within=7, abandoned=4, short=2, overdue=4))
    0.5
    >>> sl_offered_less_short(Tally(answered=0, within=0, abandoned=3, short=3)) is None
    True
    """
    return ratio(t.within, t.presented - t.short)


def sl_abandon_ignored(t: Tally) -> float | None:
    """A_T / (A + B − B_T + W_T). "Ignore abandoned calls" (Cisco UCCE); 4PS formula 4.

    >>> sl_abandon_ignored(Tally(answered=90, within=70, abandoned=10, abandoned_within=10))
    0.7777777777777778
    """
    return ratio(t.within, t.presented - t.abandoned_within)


def sl_abandon_positive(t: Tally) -> float | None:
    """(A_T + B_T) / (A + B + W_T). "Positive" (Cisco), SL2 (Asterisk), SERVICE_LEVEL (Amazon Connect); 4PS formula 1.

    >>> sl_abandon_positive(Tally(answered=90, within=70, abandoned=10, abandoned_within=10))
    0.8
    """
    return ratio(t.within + t.abandoned_within, t.presented)


SERVICE_LEVELS: Mapping[str, Callable[[Tally], float | None]] = {
    "answered": sl_answered,
    "offered": sl_offered,
    "offered_less_short": sl_offered_less_short,
    "abandon_ignored": sl_abandon_ignored,
    "abandon_positive": sl_abandon_positive,
}
"""The five formulas in real use, by the name that every screen and report shows beside the number."""

DEFAULT_SERVICE_LEVEL = "offered_less_short"


def answer_rate(answered: int, offered: int) -> float | None:
    """A / O, 接通率: of those who arrived in the window, whenever they were answered, so that it never passes 1.

    >>> answer_rate(95, 100)
    0.95
    """
    return ratio(answered, offered)


def lost_rate(answered: int, offered: int, refused: int) -> float | None:
    """(O + R − A) / (O + R), 呼损率: all who arrived and were not answered, and those whom no queue let in.

    >>> lost_rate(95, 99, 1)
    0.05
    """
    return ratio(offered + refused - answered, offered + refused)


def flow_rate(left: int, offered: int) -> float | None:
    """(F + callbacks + errors) / O: of those who arrived in the window, who left the queue other than by hanging up.

    >>> flow_rate(3, 100)
    0.03
    """
    return ratio(left, offered)


def pickup_rate(answered: int, missed: int, declined: int) -> float | None:
    """A / (A + missed + declined), 接起率: of the times it rang at an agent and somebody was to blame or to thank.

    >>> pickup_rate(80, 15, 5)
    0.8
    """
    return ratio(answered, answered + missed + declined)


def is_satisfied(score: float, best: float) -> bool:
    """Whether a rating of 0 … ``best`` is at least 0.8 of it: the top two boxes of five.

    CSAT top-2-box is the custom of the trade; ISO 18295-1 wants satisfaction measured, and leaves open how.

    >>> is_satisfied(4, 5), is_satisfied(3, 5), is_satisfied(2.4, 3), is_satisfied(1, 1)
    (True, False, True, True)
    """
    return 5 * score >= 4 * best  # unlike a quotient, exact for 2.4 of 3


def satisfaction(satisfied: int, ratings: int) -> float | None:
    """满意度: of those who rated, the share that is satisfied.

    >>> satisfaction(17, 20)
    0.85
    """
    return ratio(satisfied, ratings)


def abandon_rate(answered: int, abandoned: int) -> float | None:
    """B / (A + B), with B here without short abandons.

    >>> abandon_rate(90, 10)
    0.1
    """
    return ratio(abandoned, answered + abandoned)


def average_speed_of_answer(wait: float, answered: int) -> float | None:
    """ASA = Σ wait of the answered / A; abandoned callers are not in it (AT&T CMS, Amazon, Cisco).

    >>> average_speed_of_answer(8.0 + 12.0, 2)
    10.0
    """
    return ratio(wait, answered)


def average_handle_time(handling: float, handled: int) -> float | None:
    """AHT = (talk + hold + wrap-up) / handled. From answer to release hold is inside, and counted once.

    >>> average_handle_time((120 + 10) + (60 + 10), 2)
    100.0
    """
    return ratio(handling, handled)


def nearest_rank(waits: Mapping[int, int], percent: int) -> int | None:
    """The key at rank ⌈percent · N / 100⌉ of a histogram: so many of the waits are at most as long.

    >>> nearest_rank({3: 1, 8: 2, 20: 1}, 50), nearest_rank({3: 1, 8: 2, 20: 1}, 80), nearest_rank({}, 50)
    (8, 20, None)
    """
    rank = -(-percent * sum(waits.values()) // 100)
    for key in sorted(waits) if rank > 0 else ():
        rank -= waits[key]
        if rank <= 0:
            return key
    return None
