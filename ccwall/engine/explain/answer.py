"""Why a number of visits is what it is: its sides in words and figures, who is behind them, and who was left out and why.

The value shown is that of the books, as it is on the screens. The visits are counted again beside it, one by one:
`checked` says whether both agree, and `recounted` what came out when they do not.
"""

from collections.abc import Iterable

import msgspec

from ccwall.engine.catalogue import VARIANTS, in_symbols, in_words, sides
from ccwall.engine.catalogue.shape import Term as Written
from ccwall.engine.explain.account import GROUPS, Account, Part, Side, account, page
from ccwall.engine.explain.case import Found, sorted_out
from ccwall.engine.explain.declared import declared
from ccwall.engine.explain.doubt import doubts
from ccwall.engine.explain.formula import Formula, Group, Term, formula_of, service_level
from ccwall.engine.explain.gauges import BEGAN, GAUGES, age, longest
from ccwall.engine.explain.heading import heading
from ccwall.engine.explain.question import MOST_CARDS, Mistaken, View, limits_of, measures_of
from ccwall.engine.explain.things import Ring, Thing, moment, sorted_extra
from ccwall.engine.explain.words import Words
from ccwall.engine.measure import measure
from ccwall.engine.people import NOBODY
from ccwall.engine.persons import Agent
from ccwall.engine.state import Contact, State
from ccwall.events import ContactId

Told = dict[str, object]


class Line(msgspec.Struct, frozen=True, gc=False):
    """One thing behind a number. ``part`` says where it stands, ``out`` that it is left out; ``value`` is what it adds to a
    mean, seconds."""

    thing: Thing
    part: str
    out: bool
    value: float | None = None


class Explanation(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """``told`` is JSON-able and without null. ``part`` is what ``lines`` show: ``total`` of these there are, and ``next`` is
    the ``after`` of the following page, empty on the last. ``people`` are rows for those who may see them."""

    told: Told
    people: list[Told] = []
    part: str = ""
    total: int = 0
    lines: tuple[Line, ...] = ()
    next: str = ""


def of_visits(state: State, view: View) -> Explanation:
    """The explanation of a number that is made of visits, refused calls, rings at agents or outbound attempts."""
    key = view.metric.key
    formula = _formula(view)
    counted = account(formula, _found(state, view, formula))
    since = None
    if key in BEGAN:
        counted, since = longest(view, counted)
    value, is_kept = booked(state, view)
    told = heading(state, view, value if since is None else age(state, view, counted), counted)
    if since is not None:
        told["since"] = since
    told |= _level(view) if key == "service_level" else {}
    words = Words.of(view)
    told |= _sides(counted, words, view) | _parts(counted, words)
    if key == "service_level":
        told["others"] = _others(state, view)
    if figures := declared(state, view):
        told["declared"] = figures
    told |= doubts(state, view, counted)
    if is_kept:
        told["checked"] = value == counted.value
        if value != counted.value and counted.value is not None:
            told["recounted"] = counted.value
    elif counted.value is not None:
        told["value"] = counted.value
    return paged(state, view, counted, told)


def booked(state: State, view: View) -> tuple[float | int | None, bool]:
    """The number as every screen shows it, and whether books are kept of it at all."""
    if view.agent is not None:
        return _of_person(state, view, view.agent)
    numbers = measure(state, view.asked.scope, view.asked.window, view.now, view.basis)
    if view.metric.key == "service_level":
        levels = numbers["service_levels"]
        return (levels.get(view.variant) if isinstance(levels, dict) else None), True
    value = numbers.get(view.metric.key)
    return (None if isinstance(value, dict) else value), True


def _of_person(state: State, view: View, agent: Agent) -> tuple[float | int | None, bool]:
    """Of a person only the day is kept, and only by event."""
    if view.asked.window.kind != "today" or view.span.cohort:
        return None, False
    day = agent.days.get(view.asked.window.start, NOBODY)
    key = view.metric.key
    kept: dict[str, float | int] = {
        "answered": day.answered,
        "handled": day.handled,
        "transferred": day.transferred,
        "missed": day.missed,
        "declined": day.declined,
        "connected": day.outbound,
        "own_talk": day.talk / 1000,
        "own_hold": day.hold / 1000,
        "own_wrap": day.wrap / 1000,
    }
    return kept.get(key), key in kept


def _formula(view: View) -> Formula:
    if view.metric.key == "service_level":
        return service_level(view.variant, *_counting(view))
    formula = GAUGES.get(view.metric.key) or formula_of(view.metric.key)
    if formula is None:
        raise Mistaken("metric", f"{view.metric.key} is not explained")
    return formula


def _counting(view: View) -> tuple[bool, bool]:
    """Whether any queue of it counts flow-outs, and callbacks, in its service level."""
    limits = view.limits.values()
    return any(each.flow_outs for each in limits), any(each.callbacks for each in limits)


def _found(state: State, view: View, formula: Formula) -> Found[Thing]:
    contacts: Iterable[Contact] = state.contacts.values()
    if view.agent is not None:
        mine = view.agent.id
        contacts = (c for c in contacts if c.agent == mine)
    visits = sorted_out(contacts, view.limits, view.span, formula.sorter, view.team)
    found: Found[Thing] = {case: [*things] for case, things in visits.items()}
    for case, things in sorted_extra(state, view, formula.extra).items():
        found.setdefault(case, []).extend(things)
    return found


# ── the parts of the answer ────────────────────────────────────────────────────────────────────────────────────────


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
    flow_outs, callbacks = _counting(view)
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
        measures = measures_of(limits_of(state, view.asked.scope, view.queues, key, view.now))
        words = Words(*next(iter(measures))) if len(measures) == 1 else Words()
        other |= measure_told(measures)
        other |= {"names": words.fill(variant.names), "shown": key == view.variant}
        if value is not None:
            other["value"] = value
        told.append(other)
    return told


# ── who is behind it ───────────────────────────────────────────────────────────────────────────────────────────────


def paged(state: State, view: View, counted: Account, told: Told) -> Explanation:
    """With one page of the things of the part that was asked for. `Mistaken` when the cursor is no thing of today."""
    asked = view.asked
    part = asked.part or _most_telling(view, counted)
    chosen = [each for each in counted.parts if part in (each.group, each.key)]
    seen = [(thing, each) for each in chosen for thing in each.things if _is_seen(view, thing)]
    if asked.limit <= 0:
        return Explanation(told=told, part=part, total=len(seen))
    place = {id(thing): each for thing, each in seen}
    things, more = page(
        [thing for thing, _ in seen], _cursor(state, counted, asked.after), min(asked.limit, MOST_CARDS)
    )
    lines = tuple(
        Line(
            thing,
            place[id(thing)].key,
            place[id(thing)].group == "out",
            _value(counted, place[id(thing)], thing),
        )
        for thing in things
    )
    return Explanation(
        told=told, part=part, total=len(seen), lines=lines, next=things[-1].id if more and things else ""
    )


def _most_telling(view: View, counted: Account) -> Group:
    """What went wrong, where something can; else what there is."""
    if counted.formula.kind == "rate" and view.metric.better == "high":
        return "miss"
    return "hit"


def _is_seen(view: View, thing: Thing) -> bool:
    if isinstance(thing, Contact):
        return view.asked.sees(thing)
    return view.asked.sees(thing.contact) if isinstance(thing, Ring) else True


def _cursor(state: State, counted: Account, after: str) -> tuple[float, str] | None:
    if not after:
        return None
    contact = state.contacts.get(ContactId(after))
    if contact is not None:
        return moment(contact)
    for part in counted.parts:
        for thing in part.things:
            if thing.id == after:
                return moment(thing)
    raise Mistaken("after", "names nothing of today; start again without it")


def _value(counted: Account, part: Part, thing: Thing) -> float | None:
    if counted.formula.kind not in ("mean", "total") or part.group == "out":
        return None
    return sum(term.amount(thing) for term in counted.formula.numerator if term.amount is not None) / 1000
