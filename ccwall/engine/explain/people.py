"""Why a number of people is what it is: what each of them does now, or has done with the shift."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from ccwall.engine.agents import by_kind, shown
from ccwall.engine.catalogue.terms import state_names
from ccwall.engine.explain.doubt import doubts
from ccwall.engine.explain.heading import heading
from ccwall.engine.explain.question import View
from ccwall.engine.explain.words import Words
from ccwall.engine.people import HEADS, NOBODY, UNIT, heads_of, share
from ccwall.engine.persons import Agent
from ccwall.engine.shift import HANDLING, occupancy, people_of
from ccwall.engine.shift import people as shift
from ccwall.engine.spells import day_at, logged_on, times
from ccwall.engine.state import State, short_name

Told = dict[str, object]
Row = dict[str, object]
Spent = dict[str, int]

MOST_PEOPLE: Final = 200


def of_people(state: State, view: View) -> tuple[Told, list[Row]]:
    """The answer, and a row for each person behind it: at most `MOST_PEOPLE`, who add most first."""
    if view.metric.key == "capacity":
        told, rows = _of_capacity(state, view)
    elif view.metric.key in HEADS:
        told, rows = _of_heads(state, view)
    elif view.agent is not None and view.metric.key in _OWN:
        told, rows = _of_one(state, view, view.agent)
    else:
        told, rows = _of_time(state, view)
    return told | doubts(state, view, None), sorted(rows, key=_by_value)[:MOST_PEOPLE]


def _by_value(row: Row) -> tuple[float, str]:
    value = row.get("value")
    return -value if isinstance(value, int | float) else 0.0, str(row["agent"])


def _row(state: State, agent: Agent, spent: Mapping[str, int], value: float | None) -> Row:
    card = state.policy.agents.get(agent.id)
    row: Row = {
        "agent": agent.id,
        "name": agent.name or short_name(agent.id),
        "names": {} if card is None else dict(card.names),
        "states": {status: length / 1000 for status, length in sorted(spent.items())},
    }
    return row if value is None else {**row, "value": value}


# ── heads of now ───────────────────────────────────────────────────────────────────────────────────────────────────


def _of_heads(state: State, view: View) -> tuple[Told, list[Row]]:
    """Who is counted, each with the present state as a part."""
    scope, key = view.asked.scope, view.metric.key
    value = heads_of(state, scope, view.now).get(key, 0)
    parts: dict[str, int] = {}
    rows = []
    for agent in people_of(state, scope):
        status = by_kind(state, agent, shown(state, agent, view.now)[0])
        head = share(state, agent, status).heads.get((scope.kind, scope.id))
        if head is not None and key in ("staffed", head[0]):
            parts[status] = parts.get(status, 0) + 1
            rows.append({**_row(state, agent, {}, None), "state": status})
    told = heading(state, view, value)
    told["parts"] = [_part(status, n) for status, n in sorted(parts.items())]
    told["checked"] = len(rows) == value
    return told, rows


def _of_capacity(state: State, view: View) -> tuple[Told, list[Row]]:
    """Who can be given something here, and which part of them is this queue's."""
    scope, whole, rows = view.asked.scope, 0, []
    for agent in people_of(state, scope):
        status = by_kind(state, agent, shown(state, agent, view.now)[0])
        _, units = share(state, agent, status).heads.get((scope.kind, scope.id), ("", 0))
        if units:
            whole += units
            rows.append({**_row(state, agent, {}, round(units / UNIT, 6)), "state": status})
    value = heads_of(state, scope, view.now).get("capacity", 0.0)
    return heading(state, view, value) | {"checked": whole / UNIT == value}, rows


def _part(status: str, value: float, *, hit: bool = True) -> Told:
    return {"part": status, "value": value, "hit": hit, "names": state_names(status)}


# ── the shift ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _of_time(state: State, view: View) -> tuple[Told, list[Row]]:
    """The sums that are kept, and the same added up person by person."""
    key, mine = view.metric.key, shift(state, view.asked.scope, view.asked.window, view.now)
    everybody = {agent.id: agent for agent in people_of(state, view.asked.scope)}
    spent = {id: times(state, agent, view.now, view.asked.window) for id, agent in everybody.items()}
    total = _added(spent.values())
    value = mine[key]
    told = heading(state, view, value if isinstance(value, int | float) else None)
    told |= _sides(view, total, mine)
    told["checked"] = mine["states"] == {status: length / 1000 for status, length in sorted(total.items())}
    rows = [
        _row(state, everybody[id], own, _value(state, view, everybody[id], own))
        for id, own in spent.items()
        if own
    ]
    return told, rows


def _added(each: Iterable[Spent]) -> Spent:
    total: Spent = {}
    for spent in each:
        for status, length in spent.items():
            total[status] = total.get(status, 0) + length
    return total


def _value(state: State, view: View, agent: Agent, own: Spent) -> float | None:
    """What this person alone has."""
    key = view.metric.key
    if key == "occupancy":
        busy = occupancy(own)
        return None if busy is None else round(busy, 6)
    if key == "calls_per_agent":
        if view.asked.window.kind != "today":
            return None
        return agent.days.get(day_at(state, view.now).start, NOBODY).answered
    return sum(own.values()) / 1000 if key in ("logged_on_time", "states", "shares") else None


def _sides(view: View, total: Spent, mine: Mapping[str, object]) -> Told:
    """What is divided by what, and the states that are in it."""
    words = Words()
    seconds = {status: length / 1000 for status, length in sorted(total.items())}
    engaged = sum(total.get(status, 0) for status in HANDLING) / 1000
    match view.metric.key:
        case "occupancy":
            counted = {status: length for status, length in seconds.items() if status in (*HANDLING, "ready")}
            top: dict[str, object] = {"engaged_time": engaged}
            bottom = top | {"ready_time": seconds.get("ready", 0.0)}
        case "calls_per_agent":
            counted = {}
            top, bottom = {"answered": mine["answered"]}, {"persons": mine["persons"]}
        case _:
            counted, top, bottom = seconds, {}, {}
    told: Told = {
        "parts": [
            _part(status, value, hit=status != "ready" or not top) for status, value in counted.items()
        ],
        "left_out": [
            {"why": status, "value": value, "names": state_names(status)}
            for status, value in seconds.items()
            if top and counted and status not in counted
        ],
    }
    for name, side in (("numerator", top), ("denominator", bottom)):
        if side:
            told[name] = _side(side, words)
    return told


def _side(side: Mapping[str, object], words: Words) -> Told:
    terms = [
        {"term": term, "sign": 1, "value": value, "names": words.name(term)} for term, value in side.items()
    ]
    numbers = [value for value in side.values() if isinstance(value, int | float)]
    return {"value": round(sum(numbers), 3), "terms": terms}


# ── one person ─────────────────────────────────────────────────────────────────────────────────────────────────────

_OWN: Final = {"longest_talk", "longest_hold", "logged_on"}


def _of_one(state: State, view: View, agent: Agent) -> tuple[Told, list[Row]]:
    """What is kept of a person's day."""
    day = day_at(state, view.now)
    own = agent.days.get(day.start, NOBODY)
    values: Iterator[tuple[str, float | None]] = iter(
        (
            ("longest_talk", own.longest_talk / 1000 or None),
            ("longest_hold", own.longest_hold / 1000 or None),
            ("logged_on", logged_on(agent, day)),
        )
    )
    told = heading(state, view, dict(values)[view.metric.key])
    return told, [_row(state, agent, times(state, agent, view.now, view.asked.window), None)]
