"""Who is behind a number: one page of the things of one of its parts, newest first."""

import msgspec

from ccwall.engine.explain.account import Account, Part, page
from ccwall.engine.explain.formula import Group
from ccwall.engine.explain.question import MOST_CARDS, Mistaken, View
from ccwall.engine.explain.things import Ring, Thing, moment
from ccwall.engine.explain.words import Names, Words
from ccwall.engine.state import State
from ccwall.engine.visits import Contact
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
    the ``after`` of the following page, empty on the last; ``names`` are those of the parts that ``lines`` may be of. ``people`` are rows for those
    who may see them."""

    told: Told
    people: list[Told] = []
    part: str = ""
    total: int = 0
    lines: tuple[Line, ...] = ()
    next: str = ""
    names: dict[str, Names] = {}


def paged(state: State, view: View, counted: Account, told: Told) -> Explanation:
    """With one page of the things of the part that was asked for. `Mistaken` when the cursor is no thing of today."""
    asked = view.asked
    part = asked.part or _most_telling(view, counted)
    chosen = [_seen(view, each) for each in counted.parts if part in (each.group, each.key)]
    total = sum(len(each.things) for each in chosen)
    if asked.limit <= 0:
        return Explanation(told=told, part=part, total=total)
    found, more = page(chosen, _cursor(state, counted, asked.after), min(asked.limit, MOST_CARDS))
    lines = tuple(
        Line(thing, each.key, each.group == "out", _value(counted, each, thing)) for thing, each in found
    )
    last = found[-1][0].id if more and found else ""
    words = Words.of(view)
    names = {each.key: words.name(each.key) for each in chosen}
    return Explanation(told=told, part=part, total=total, lines=lines, next=last, names=names)


def _most_telling(view: View, counted: Account) -> Group:
    """What went wrong, where something can; else what there is."""
    if counted.formula.kind == "rate" and view.metric.better == "high":
        return "miss"
    return "hit"


def _seen(view: View, part: Part) -> Part:
    """What of it may be shown."""
    sees = view.asked.sees
    if sees is None:
        return part
    seen = [thing for thing in part.things if (visit := _visit(thing)) is None or sees(visit)]
    return Part(part.key, part.group, seen)


def _visit(thing: Thing) -> Contact | None:
    if isinstance(thing, Contact):
        return thing
    return thing.contact if isinstance(thing, Ring) else None


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
