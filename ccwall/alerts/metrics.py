"""Where each number that can be watched is on the board, and what it is counted in.

A *timer* counts the seconds since something began: its condition is true from an instant on that is known before.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Literal

import msgspec

Tree = Mapping[str, object]
Unit = Literal["percent", "seconds", "count", "people", "none"]
Subject = tuple[str, str, Tree]
"""Kind, id, and the object on the board."""
NUMBERS = ("floor", "queue", "line", "team", "site")
OF_AGENTS = frozenset({"removed", "docked", "disconnected"})
"""What a headset says that nobody wears."""
ABSENT_CONFLICTS = frozenset({"ready_docked", "ready_vacant", "ready_unreachable"})


class Reading(msgspec.Struct, frozen=True, gc=False):
    """``value`` of a number; ``since`` of a timer, which counts until ``until``."""

    value: float | None = None
    since: float | None = None
    until: float = math.inf


NONE = Reading()
Read = Callable[[Tree, Sequence[str], float], Reading]
"""The object, the rule's ``states``, and now."""


class Metric(msgspec.Struct, frozen=True, kw_only=True):
    """``scopes``: whose number it is. ``windowed``: it is also counted today, in the interval and in rolling windows."""

    name: str
    unit: Unit
    scopes: tuple[str, ...]
    read: Read
    timer: bool = False
    windowed: bool = False


def number(tree: object, path: Sequence[str]) -> float | None:
    """The number at a path; None where there is none."""
    for key in path:
        if not isinstance(tree, Mapping):
            return None
        tree = tree.get(key)
    return float(tree) if isinstance(tree, int | float) and not isinstance(tree, bool) else None


def _number(*path: str) -> Read:
    def read(tree: Tree, states: Sequence[str], now: float) -> Reading:
        return Reading(number(tree, path))

    return read


def _band(minutes: str) -> Read:
    """The middle of what is forecast."""

    def read(tree: Tree, states: Sequence[str], now: float) -> Reading:
        outlook = tree.get("outlook")
        forecast = outlook.get("forecast") if isinstance(outlook, Mapping) else None
        band = forecast.get(minutes) if isinstance(forecast, Mapping) else None
        return Reading(float(band[1])) if isinstance(band, list | tuple) and len(band) == 3 else NONE

    return read


def _short_of(tree: Tree, states: Sequence[str], now: float) -> Reading:
    gap = number(tree, ("outlook", "gap"))
    return NONE if gap is None else Reading(max(0.0, -gap))


def _unattended(tree: Tree, states: Sequence[str], now: float) -> Reading:
    """Those who wait where nobody is at work."""
    at_work = sum(number(tree, (head,)) or 0.0 for head in ("ready", "busy", "wrap"))
    return Reading(0.0 if at_work else number(tree, ("waiting",)))


def _since(key: str) -> Read:
    def read(tree: Tree, states: Sequence[str], now: float) -> Reading:
        return Reading(since=number(tree, (key,)))

    return read


def _in_state(tree: Tree, states: Sequence[str], now: float) -> Reading:
    """Since when it is in one of the states; without any, in the one it is in."""
    if states and tree.get("state") not in states:
        return NONE
    return Reading(since=number(tree, ("since",)))


def _away(tree: Tree, states: Sequence[str], now: float) -> Reading:
    """Since when a person is not at the desk, by whichever sense knows it first (F1). Who is on a break that has a name, or
    speaks, is not away."""
    state, since = tree.get("state"), number(tree, ("since",))
    if state == "away":
        found = [since]
    elif state in ("ready", "ringing", "wrap", "unknown", "fault"):
        found = []
    else:
        return NONE
    senses = tree.get("senses")
    for each in senses if isinstance(senses, list) else ():
        if each.get("stale") or each.get("fault"):
            continue
        if each.get("sense") == "seat" and each.get("says") == "occupied":
            return NONE if state != "away" else Reading(since=since)
        said = each.get("says")
        if (each.get("sense") == "seat" and said == "vacant") or (
            each.get("sense") == "desk" and said in OF_AGENTS
        ):
            found.append(number(each, ("since",)))
    began = [at for at in found if at is not None]
    return Reading(since=min(began)) if began else NONE


def _conflict(kinds: frozenset[str]) -> Read:
    def read(tree: Tree, states: Sequence[str], now: float) -> Reading:
        conflicts = tree.get("conflicts")
        wanted = kinds or frozenset(states)
        began = [
            at
            for each in (conflicts if isinstance(conflicts, list) else ())
            if (not wanted or each.get("kind") in wanted) and (at := number(each, ("since",))) is not None
        ]
        return Reading(since=min(began)) if began else NONE

    return read


def _while(state: str, key: str) -> Read:
    def read(tree: Tree, states: Sequence[str], now: float) -> Reading:
        return Reading(since=number(tree, (key,))) if tree.get("state") == state else NONE

    return read


NO_REST = frozenset({"away", "meeting", "training", "coaching"})
"""Kinds whose end is others' to say; being away has a rule of its own (F1)."""


def _overrun(tree: Tree, states: Sequence[str], now: float) -> Reading:
    """Since when a break that goes on should be over; without ``states`` of every kind that people rest by, also of the house's own."""
    began, lasts, kind = number(tree, ("began",)), number(tree, ("lasts",)), tree.get("kind")
    running = tree.get("state") == "running" and (kind in states if states else kind not in NO_REST)
    return Reading(since=began + lasts) if running and began is not None and lasts is not None else NONE


def _missing(tree: Tree, states: Sequence[str], now: float) -> Reading:
    """How many fewer people are at work than must be (F6)."""
    minimum, staffed = number(tree, ("minimum",)), number(tree, ("staffed",))
    if minimum is None or staffed is None:
        return NONE
    return Reading(max(0.0, minimum - (staffed - (number(tree, ("not_ready",)) or 0.0))))


NONE_OF_IT = 2.0
"""The share that is used of nothing, once anything is."""


def _over_quota(tree: Tree, states: Sequence[str], now: float) -> Reading:
    """The largest share of a quota that a person has used, of any kind of break; 1 is all of it."""
    share = 0.0
    for used, quota in tree.get("used", ()):  # type: ignore[attr-defined]
        share = max(share, used / quota if quota else float(used > 0) * NONE_OF_IT)
    return Reading(share)


def _not_come(tree: Tree, states: Sequence[str], now: float) -> Reading:
    """Since when a shift has begun (before that: below 0) of somebody who has not come."""
    begins, ends, excuses = number(tree, ("begins",)), number(tree, ("ends",)), tree.get("excuses")
    excused = isinstance(excuses, Mapping) and ("late" in excuses or "absent" in excuses)
    if begins is None or ends is None or "came" in tree or excused or tree.get("kind", "work") != "work":
        return NONE
    return Reading(since=begins, until=ends)


def _left_on(tree: Tree, states: Sequence[str], now: float) -> Reading:
    """Since when the shift of somebody who is still signed in is over."""
    excuses = tree.get("excuses")
    if "came" not in tree or "left" in tree or (isinstance(excuses, Mapping) and "left_on" in excuses):
        return NONE
    return Reading(since=number(tree, ("ends",)))


def _excusable(key: str, excuse: str) -> Read:
    def read(tree: Tree, states: Sequence[str], now: float) -> Reading:
        excuses = tree.get("excuses")
        if isinstance(excuses, Mapping) and excuse in excuses:
            return NONE
        return Reading(since=number(tree, (key,)))

    return read


def _case(key: str) -> Read:
    """Since when something is due; before that below 0. ``states`` are kinds of cases."""

    def read(tree: Tree, states: Sequence[str], now: float) -> Reading:
        return NONE if states and tree.get("kind") not in states else Reading(since=number(tree, (key,)))

    return read


def _level(tree: Tree, states: Sequence[str], now: float) -> Reading:
    """The warning level of a case that is open: 1 of the centre, 2 of the group, 3 of a regulator or the press (F20)."""
    return NONE if states and tree.get("kind") not in states else Reading(number(tree, ("level",)))


def _meeting(tree: Tree, states: Sequence[str], now: float) -> Reading:
    """Since when it has begun; before that below 0."""
    begins, lasts = number(tree, ("begins",)), number(tree, ("lasts",))
    return NONE if begins is None else Reading(since=begins, until=begins + (lasts or 0.0))


def _metric(name: str, unit: Unit, scopes: tuple[str, ...], read: Read, *, timer: bool = False) -> Metric:
    return Metric(name=name, unit=unit, scopes=scopes, read=read, timer=timer)


PERCENT = ("service_level", "answer_rate", "abandon_rate", "lost_rate", "flow_rate", "pickup_rate", "transfer_rate",
           "repeat_rate", "connect_rate", "completion_rate", "satisfaction")  # fmt: skip
SECONDS = ("asa", "awt", "abandon_wait", "aht", "talk_time", "hold_time", "wrap_time", "outbound_talk_time",
           "longest_wait", "longest_answered", "longest_abandoned")  # fmt: skip
COUNTS = ("offered", "answered", "abandoned", "short", "abandoned_total", "repeats", "lost", "refused", "flowed_out",
          "unseen", "callbacks", "errors", "handled", "held", "transferred", "missed", "declined", "cancelled",
          "planned", "dialled", "connected", "failed", "completed", "ghosts", "ratings", "satisfied")  # fmt: skip
NOW_COUNTS = ("waiting", "talking", "conflicts", "load")
HEADS = ("ready", "staffed", "busy", "wrap", "not_ready")
OUTLOOK: tuple[tuple[str, Unit], ...] = (
    ("capacity", "people"), ("need", "people"), ("gap", "people"), ("ewt", "seconds"), ("patience", "seconds"),
)  # fmt: skip
OF_PERSON: tuple[tuple[str, Unit], ...] = (
    ("answered", "count"), ("handled", "count"), ("transferred", "count"), ("missed", "count"), ("declined", "count"),
    ("talk", "seconds"), ("hold", "seconds"), ("wrap", "seconds"), ("longest_talk", "seconds"), ("longest_hold", "seconds"),
)  # fmt: skip


def _all() -> Iterator[Metric]:
    counted: tuple[tuple[tuple[str, ...], Unit], ...] = (
        (PERCENT, "percent"),
        (SECONDS, "seconds"),
        (COUNTS, "count"),
    )
    for names, unit in counted:
        for name in names:
            yield Metric(name=name, unit=unit, scopes=NUMBERS, read=_number(name), windowed=True)
    for name in NOW_COUNTS:
        yield _metric(name, "count", NUMBERS, _number(name))
    for name in HEADS:
        yield _metric(name, "people", NUMBERS, _number(name))
    for name, unit in OUTLOOK:
        yield _metric(name, unit, ("floor", "queue"), _number("outlook", name))
    for minutes in ("5", "15", "30"):
        yield _metric(f"forecast_{minutes}", "percent", ("floor", "queue"), _band(minutes))
    yield _metric("unattended", "count", ("queue", "line", "floor"), _unattended)
    yield _metric("shortfall", "people", ("floor", "queue"), _short_of)
    yield _metric("occupancy", "percent", ("floor", "team"), _number("people", "occupancy"))
    everywhere = ("floor", "queue", "line", "site")
    yield _metric("longest_waiting", "seconds", everywhere, _since("longest_since"), timer=True)
    yield _metric("longest_talking", "seconds", everywhere, _since("talk_since"), timer=True)
    yield _metric("longest_on_hold", "seconds", everywhere, _since("hold_since"), timer=True)
    yield from _of_people()
    yield from _of_things()


def _of_people() -> Iterator[Metric]:
    who = ("agent",)
    for name, unit in OF_PERSON:
        yield _metric(f"agent.{name}", unit, who, _number(name))
    yield _metric("agent.state", "seconds", who, _in_state, timer=True)
    yield _metric("agent.conversation", "seconds", who, _since("contact_since"), timer=True)
    yield _metric("agent.hold_now", "seconds", who, _while("hold", "since"), timer=True)
    yield _metric("agent.away", "seconds", who, _away, timer=True)
    yield _metric("agent.not_there", "seconds", who, _conflict(ABSENT_CONFLICTS), timer=True)
    yield _metric("agent.conflict", "seconds", who, _conflict(frozenset()), timer=True)
    for name in ("holds", "transfers", "repeats"):
        yield _metric(f"agent.call_{name}", "count", who, _number("call", name))


def _of_things() -> Iterator[Metric]:
    yield _metric("source.away", "seconds", ("source",), _since("as_of"), timer=True)
    yield _metric("source.state", "seconds", ("source",), _in_state, timer=True)
    yield _metric("recording.stopped", "seconds", ("recording",), _while("stopped", "since"), timer=True)
    yield _metric("help.open", "seconds", ("help",), _while("open", "asked"), timer=True)
    yield _metric("break.overrun", "seconds", ("break",), _overrun, timer=True)
    yield _metric("break.requested", "seconds", ("break",), _while("requested", "requested"), timer=True)
    yield _metric("break.quota", "percent", ("quota",), _over_quota)
    yield _metric("staff.missing", "people", ("staff",), _missing)
    yield _metric("incident.proposed", "seconds", ("incident",), _while("proposed", "began"), timer=True)
    yield _metric("patrol.overdue", "seconds", ("patrol",), _since("next_due"), timer=True)
    yield _metric("fault.open", "seconds", ("fault",), _while("open", "since"), timer=True)
    yield _metric("shift.not_come", "seconds", ("shift",), _not_come, timer=True)
    yield _metric("shift.left_on", "seconds", ("shift",), _left_on, timer=True)
    yield _metric(
        "shift.wrong_seat", "seconds", ("shift",), _excusable("wrong_seat", "wrong_seat"), timer=True
    )
    yield _metric("shift.undocked", "seconds", ("shift",), _excusable("undocked", "left_on"), timer=True)
    yield _metric("case.answer", "seconds", ("case",), _case("answer_due"), timer=True)
    yield _metric("case.due", "seconds", ("case",), _case("due"), timer=True)
    yield _metric("case.level", "count", ("case",), _level)
    yield _metric("meeting.begins", "seconds", ("meeting",), _meeting, timer=True)


METRICS: Mapping[str, Metric] = {metric.name: metric for metric in _all()}

# ── subjects ───────────────────────────────────────────────────────────────────────────────────────────────────────

PARTS: Mapping[str, str] = {
    "queue": "queues", "line": "lines", "team": "teams", "site": "sites", "agent": "agents", "source": "sources",
    "help": "help", "break": "breaks", "incident": "incidents", "patrol": "patrols", "fault": "faults",
    "shift": "rota", "meeting": "meetings", "case": "cases",
}  # fmt: skip
SINGLE = frozenset({"floor", "recording"})
MADE = ("staff", "quota")
"""Kinds whose subjects are put together of several parts."""
SCOPES = (*PARTS, *sorted(SINGLE), *MADE)


def subjects(board: Tree, kind: str) -> Mapping[str, Tree]:
    """All subjects of a kind by id; those of whom there is one have the id ''. Not of `MADE` kinds."""
    if kind in SINGLE:
        found = board.get(kind)
        return {"": found} if isinstance(found, Mapping) else {}
    part = board.get(PARTS[kind])
    return part if isinstance(part, Mapping) else {}


def staff(board: Tree, second: int) -> Mapping[str, Tree]:
    """By scope (`team:x`, `line:y`, `floor`): how many must be at work at this second of the local day, and how many are."""
    desk = board.get("break_desk")
    scopes = desk.get("scopes") if isinstance(desk, Mapping) else None
    found = dict[str, Tree]()
    for key, scope in scopes.items() if isinstance(scopes, Mapping) else ():
        rows = scope.get("minimum")
        wanted = [row[0] for row in rows if _holds(row[1], row[2], second)] if isinstance(rows, list) else []
        kind, _, id = key.partition(":")
        people = subjects(board, kind).get(id) if kind in PARTS or kind in SINGLE else None
        if wanted and people is not None:
            heads = {head: people.get(head, 0) for head in ("staffed", "not_ready")}
            found[key] = {"minimum": max(wanted), **heads}
    return found


def _holds(begins: int, ends: int, second: int) -> bool:
    """The same twice is always; over midnight when it ends before it begins."""
    if begins == ends:
        return True
    return begins <= second < ends if begins < ends else second >= begins or second < ends


def quotas(board: Tree) -> Mapping[str, Tree]:
    """By person: what they used of each quota of breaks that there is, of their shift or of the day."""
    desk = board.get("break_desk")
    used, kinds = (desk.get("used"), desk.get("kinds")) if isinstance(desk, Mapping) else (None, None)
    if not isinstance(desk, Mapping) or not isinstance(used, Mapping) or not isinstance(kinds, Mapping):
        return {}
    shifts = desk.get("budgets", {})
    found = dict[str, Tree]()
    for agent, mine in used.items():
        shares: list[tuple[float, float]] = []
        own = shifts.get(agent, {}).get("quotas", {})
        for kind, (times, seconds, *_) in mine.items():
            card = own.get(kind, kinds.get(kind, {}))
            shares += [
                (amount, quota)
                for amount, key in ((times, "quota_times"), (seconds, "quota_seconds"))
                if (quota := number(card, (key,))) is not None
            ]
        found[agent] = {"used": shares}
    return found
