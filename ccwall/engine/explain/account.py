"""One number counted again, thing by thing: its value, its two sides, its parts, and who is behind each of them."""

from collections.abc import Callable, Iterable, Sequence
from heapq import nlargest
from math import ceil
from typing import Final

import msgspec

from ccwall.engine.explain.case import Found
from ccwall.engine.explain.formula import Formula, Group, Term
from ccwall.engine.explain.things import Thing, moment
from ccwall.engine.numbers import RATE_DIGITS, SECOND_DIGITS
from ccwall.engine.windows import bin_of, edge_of

GROUPS: Final[tuple[Group, ...]] = ("hit", "miss", "out")


class Part(msgspec.Struct, gc=False):
    """The things of one case or of some, under one name."""

    key: str
    group: Group
    things: list[Thing]


class Side(msgspec.Struct, frozen=True, gc=False):
    """The value of a numerator or denominator, and of each of its terms; sums of times in milliseconds."""

    value: int
    terms: tuple[tuple[Term, int], ...]


class Account(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """``value`` is None when there is nothing to divide, or nothing to be the longest of."""

    formula: Formula
    value: float | int | None
    numerator: Side
    denominator: Side | None
    parts: tuple[Part, ...]

    def size(self, group: Group) -> int:
        return sum(len(part.things) for part in self.parts if part.group == group)


def account(formula: Formula, found: Found[Thing]) -> Account:
    """Count what was sorted by the formula's own sorter."""
    numerator = _side(formula.numerator, found)
    denominator = _side(formula.denominator, found) if formula.denominator else None
    parts = _parts(formula, found)
    if formula.kind in ("max", "percentile"):
        value, parts = _ranked(formula, parts)
    else:
        value = _divided(formula, numerator.value, None if denominator is None else denominator.value)
    return Account(
        formula=formula, value=value, numerator=numerator, denominator=denominator, parts=tuple(parts)
    )


def _side(terms: Sequence[Term], found: Found[Thing]) -> Side:
    told = tuple((term, _told(term, found)) for term in terms)
    return Side(sum(term.sign * value for term, value in told), told)


def _told(term: Term, found: Found[Thing]) -> int:
    counted = [things for case, things in found.items() if term.holds(case)]
    if term.amount is None:
        return sum(map(len, counted))
    return sum(term.amount(thing) for things in counted for thing in things)


def _divided(formula: Formula, numerator: int, denominator: int | None) -> float | int | None:
    """As the books divide, digit for digit."""
    if denominator is None:
        return numerator / 1000 if formula.kind == "total" else numerator
    if denominator <= 0:
        return None
    if formula.kind == "mean":
        return round(numerator / 1000 / denominator, SECOND_DIGITS)
    return round(numerator / denominator, RATE_DIGITS)


def _parts(formula: Formula, found: Found[Thing]) -> list[Part]:
    parts: dict[tuple[Group, str], Part] = {}
    for case, things in found.items():
        group = formula.group(case)
        key = formula.name(case, group)
        part = parts.setdefault((group, key), Part(key, group, []))
        part.things.extend(things)
    return sorted(parts.values(), key=lambda part: (GROUPS.index(part.group), -len(part.things), part.key))


def _ranked(formula: Formula, parts: list[Part]) -> tuple[float | int | None, list[Part]]:
    """Of all who are in: the longest is the hit and the rest is left out, or a percentile parts them by their wait."""
    amount = formula.numerator[0].amount
    waits = (
        [(amount(thing), thing) for part in parts if part.group == "hit" for thing in part.things]
        if amount
        else []
    )
    others = [part for part in parts if part.group == "out"]
    if not waits:
        return None, others
    if formula.kind == "max":
        longest = max(wait for wait, _ in waits)
        hit = Part("longest", "hit", [thing for wait, thing in waits if wait == longest])
        rest = Part("shorter", "out", [thing for wait, thing in waits if wait != longest])
        return longest / 1000, [part for part in (hit, rest) if part.things] + others
    edge = percentile([bin_of(wait_of(thing)) for _, thing in waits], formula.share)
    hit = Part("up_to", "hit", [thing for _, thing in waits if bin_of(wait_of(thing)) <= edge])
    rest = Part("longer", "miss", [thing for _, thing in waits if bin_of(wait_of(thing)) > edge])
    return float(edge_of(edge)), [part for part in (hit, rest) if part.things] + others


def wait_of(thing: Thing) -> float:
    """Seconds; only for visits whose wait is known."""
    wait = getattr(thing, "wait", None)
    return 0.0 if wait is None else float(wait)


def percentile(bins: list[int], share: float) -> int:
    """The bin of the nearest rank: number ⌈share · N⌉ of N, in order.

    >>> percentile([5, 1, 3, 4, 2], 0.5), percentile([7], 0.95)
    (3, 7)
    """
    # Hundredths, so that 0.95 · 20 is 19 and no hair more.
    rank = max(1, ceil(round(share * 100) * len(bins) / 100))
    return sorted(bins)[rank - 1]


def page(things: Iterable[Thing], before: tuple[float, str] | None, most: int) -> tuple[list[Thing], bool]:
    """The newest of them, newest first, from this place on; and whether there are more."""
    place: Callable[[Thing], tuple[float, str]] = moment
    rest = things if before is None else (thing for thing in things if place(thing) < before)
    found = nlargest(most + 1, rest, key=place)
    return found[:most], len(found) > most
