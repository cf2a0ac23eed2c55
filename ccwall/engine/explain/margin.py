"""How far a share is from its target, in whole calls. The inequality is solved with integers: no rounding crosses a target."""

from fractions import Fraction
from typing import Literal

import msgspec


class Margin(msgspec.Struct, frozen=True, gc=False):
    """``above``: so many more misses, and it is below the target. ``below``: so many more hits, and it is on it."""

    calls: int
    side: Literal["above", "below"]


def exact(target: float) -> Fraction:
    """The target as it was written: 0.8 is four fifths, whatever its bits.

    >>> exact(0.8)
    Fraction(4, 5)
    """
    return Fraction(repr(target))


def reached(hits: int, whole: int, target: float) -> bool:
    """Whether hits / whole ≥ target.

    >>> reached(4, 5, 0.8), reached(129, 162, 0.8)
    (True, False)
    """
    return hits >= exact(target) * whole


def margin(hits: int, whole: int, target: float) -> Margin | None:
    """None when there is nothing to divide, or when no number of calls would do.

    >>> margin(130, 161, 0.8), margin(76, 100, 0.8)
    (Margin(calls=2, side='above'), Margin(calls=20, side='below'))
    >>> margin(0, 0, 0.8) is None, margin(9, 10, 1.0) is None, margin(1, 10, 0.0) is None
    (True, True, True)
    """
    goal = exact(target)
    if whole <= 0:
        return None
    if reached(hits, whole, target):
        if goal <= 0 or hits <= 0:
            return None
        # hits / (whole + n) < goal  ⇔  n > hits / goal − whole
        return Margin(int(hits / goal - whole) + 1, "above")
    if goal >= 1:
        return None
    # (hits + n) / (whole + n) ≥ goal  ⇔  n ≥ (goal · whole − hits) / (1 − goal)
    short = (goal * whole - hits) / (1 - goal)
    return Margin(-(-short.numerator // short.denominator), "below")
