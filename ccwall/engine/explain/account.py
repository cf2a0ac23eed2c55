"""One number counted again, thing by thing: its value, its two sides, its parts, and who is behind each of them."""

from collections.abc import Iterable, Sequence
from heapq import nlargest
from math import ceil
from typing import Final

import msgspec

from ccwall.engine.explain.case import Found
from ccwall.engine.explain.formula import Formula, Group, Term
from ccwall.engine.explain.things import Thing, moment
from ccwall.engine.numbers import RATE_DIGITS, SECOND_DIGITS
from ccwall.engine.visits import Contact
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
    return sum(sum(map(term.amount, things)) for things in counted)


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


def _ranked(formula: Formula, parts: list[Part]) -> tuple[float | None, list[Part]]:
    """Of all who are in: the longest is the hit and the rest is left out, or a percentile parts them by their wait."""
    things = [thing for part in parts if part.group == "hit" for thing in part.things]
    others = [part for part in parts if part.group == "out"]
    amount = formula.numerator[0].amount
    if not things or amount is None:
        return None, others
    value: float
    if formula.kind == "max":
        waits = list(map(amount, things))
        edge, value = max(waits), max(waits) / 1000
        inner, outer = Part("longest", "hit", []), Part("shorter", "out", [])
        is_inner = [wait == edge for wait in waits]
    else:
        waits = [bin_of(thing.wait or 0.0) if isinstance(thing, Contact) else 0 for thing in things]
        edge = percentile(waits, formula.share)
        value = float(edge_of(edge))
        inner, outer = Part("up_to", "hit", []), Part("longer", "miss", [])
        is_inner = [wait <= edge for wait in waits]
    for thing, inside in zip(things, is_inner, strict=True):
        (inner if inside else outer).things.append(thing)
    return value, [part for part in (inner, outer) if part.things] + others


def percentile(bins: list[int], share: float) -> int:
    """The bin of the nearest rank: number ⌈share · N⌉ of N, in order.

    >>> percentile([5, 1, 3, 4, 2], 0.5), percentile([7], 0.95)
    (3, 7)
    """
    # Hundredths, so that 0.95 · 20 is 19 and no hair more.
    rank = max(1, ceil(round(share * 100) * len(bins) / 100))
    return sorted(bins)[rank - 1]


def page(
    parts: Iterable[Part], before: tuple[float, str] | None, most: int
) -> tuple[list[tuple[Thing, Part]], bool]:
    """The newest things of these parts, newest first, from this place on; and whether there are more."""
    found: list[tuple[tuple[float, str], int, Thing, Part]] = []
    for number, part in enumerate(parts):
        things = part.things if before is None else [thing for thing in part.things if moment(thing) < before]
        found += [
            (moment(thing), number, thing, part) for thing in nlargest(most + 1, reversed(things), key=moment)
        ]
    found.sort(key=lambda entry: entry[:2], reverse=True)
    return [(thing, part) for _, _, thing, part in found[:most]], len(found) > most
