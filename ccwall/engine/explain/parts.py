"""The figures of an answer: both sides of the quotient, the pieces of the whole, what was left out, the other formulas."""

from collections.abc import Iterable

from ccwall.engine.catalogue import VARIANTS, in_symbols, in_words, sides
from ccwall.engine.catalogue.shape import Term as Written
from ccwall.engine.explain.account import GROUPS, Account, Side
from ccwall.engine.explain.formula import Term
from ccwall.engine.explain.question import View, limits_of, measures_of
from ccwall.engine.explain.words import Words
from ccwall.engine.measure import measure
from ccwall.engine.state import State

Told = dict[str, object]


def figures(state: State, view: View, counted: Account) -> Told:
    """All of them."""
    told = _level(view) if view.metric.key == "service_level" else {}
    words = Words.of(view)
    told |= _sides(counted, words, view) | _parts(counted, words)
    return told | ({"others": _others(state, view)} if view.metric.key == "service_level" else {})


def counting(view: View) -> tuple[bool, bool]:
    """Whether any queue of it counts flow-outs, and callbacks, in its service level."""
    limits = view.limits.values()
    return any(each.flow_outs for each in limits), any(each.callbacks for each in limits)


def _level(view: View) -> Told:
    """What a service level is never shown without: its variant, T and S; and the formula as it is in this window."""
    numerator, denominator = (_said(side, view) for side in _sides_of(view))
    words = Words.of(view)
    told: Told = {
        "variant": view.variant,
        "formula": {
            "symbols": in_symbols(numerator, denominator),
            "words": words.fill(in_words(numerator, denominator)),
        },
    }
    return told | measure_told(view.measures)


def _said(side: Iterable[Written], view: View) -> tuple[Written, ...]:
    """A closed window has nobody overdue."""
    return tuple(term for term in side if view.span.is_open or term.term != "overdue")


def _sides_of(view: View) -> tuple[tuple[Written, ...], tuple[Written, ...]]:
    flow_outs, callbacks = counting(view)
    return sides(view.variant, flow_outs=flow_outs, callbacks=callbacks)


def measure_told(measures: set[tuple[float, float]]) -> Told:
    """T and S, where all queues agree on them."""
    if len(measures) != 1:
        return {"mixed": True} if measures else {}
    threshold, short = next(iter(measures))
    return {"threshold": threshold, "short": short}


def _sides(counted: Account, words: Words, view: View) -> Told:
    told: Told = {}
    for name, side in (("numerator", counted.numerator), ("denominator", counted.denominator)):
        if side is not None:
            told[name] = _side(side, words, view)
    return told


def _side(side: Side, words: Words, view: View) -> Told:
    terms = [
        {"term": term.key, "sign": term.sign, "value": _figure(term, value), "names": words.name(term.key)}
        for term, value in side.terms
        if view.span.is_open or term.key != "overdue"
    ]
    in_time = any(term.amount is not None for term, _ in side.terms)
    return {"value": side.value / 1000 if in_time else side.value, "terms": terms}


def _figure(term: Term, value: int) -> float | int:
    """Times in seconds."""
    return value if term.amount is None else value / 1000


def _parts(counted: Account, words: Words) -> Told:
    """The pieces of the whole, what was left out, and how many there are of each."""
    parts = [
        {
            "part": part.key,
            "value": len(part.things),
            "hit": part.group == "hit",
            "names": words.name(part.key),
        }
        for part in counted.parts
        if part.group != "out"
    ]
    left_out = [
        {"why": part.key, "value": len(part.things), "names": words.name(part.key)}
        for part in counted.parts
        if part.group == "out"
    ]
    groups = {group: counted.size(group) for group in GROUPS}
    return {"parts": parts, "left_out": left_out, "groups": groups}


def _others(state: State, view: View) -> list[Told]:
    """The same number under every formula, each with its own T and S."""
    levels = measure(state, view.asked.scope, view.asked.window, view.now, view.basis)["service_levels"]
    told = []
    for key, variant in VARIANTS.items():
        value = levels.get(key) if isinstance(levels, dict) else None
        other: Told = {"variant": key, "short_names": variant.short_names}
        measures = measures_of(limits_of(state, view.asked, view.queues, key, view.now, view.span.cohort))
        words = Words(*next(iter(measures))) if len(measures) == 1 else Words()
        other |= measure_told(measures)
        other |= {"names": words.fill(variant.names), "shown": key == view.variant}
        if value is not None:
            other["value"] = value
        told.append(other)
    return told
