"""Reducers of ``command.*``: the life of every wish of today, and what a fresh snapshot says of those nobody answered.

    (nothing) ──requested──▶ requested ──sent──▶ sent ──┬─▶ confirmed
                                 │                      ├─▶ refused
                                 └── may end at once ──▶└─▶ unknown ──a snapshot, or a late answer──▶ confirmed | refused

Confirmed and refused are for ever: what comes after them is not heard.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Literal

import msgspec

from ccwall.events import (
    AgentId,
    AnyEvent,
    CommandConfirmed,
    CommandEvent,
    CommandId,
    CommandRefused,
    CommandRequested,
    CommandSent,
    CommandUnknown,
    Principal,
    QueueId,
    SourceId,
)

if TYPE_CHECKING:
    from ccwall.engine.persons import Membership
    from ccwall.engine.state import State

Stage = Literal["requested", "sent", "confirmed", "refused", "unknown"]

KEPT = 500
"""Commands of one day that are remembered; of more, those that ended first are forgotten."""

AFTER: dict[Stage, frozenset[Stage]] = {
    "requested": frozenset({"sent", "confirmed", "refused", "unknown"}),
    "sent": frozenset({"confirmed", "refused", "unknown"}),
    "unknown": frozenset({"confirmed", "refused"}),
    "confirmed": frozenset(),
    "refused": frozenset(),
}
"""What may follow; anything else is not heard."""

CUT_AT_LEAST = 20
"""Letters of a reason that a source leaves when it cuts one."""

OPEN: frozenset[Stage] = frozenset({"requested", "sent"})
"""Stages in which somebody still waits for an end."""


class Command(msgspec.Struct, kw_only=True, gc=False):
    """One wish. Read-only to everyone but the reducers.

    ``requested``, ``sent`` and ``ended`` are instants; ``ended`` is that of the last of confirmed, refused, unknown.
    ``source`` is the one it was meant for; ``shown`` the reason it shows for any, None when it keeps them.
    """

    id: CommandId
    name: str
    target: str
    arguments: dict[str, str] = {}
    reason: str = ""
    source: SourceId | None = None
    actor: Principal | None = None
    state: Stage = "requested"
    requested: float
    sent: float | None = None
    ended: float | None = None
    by: Literal["", "answer", "snapshot"] = ""
    detail: str = ""
    shown: str | None = None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


def requested(state: "State", source: SourceId, at: float, event: CommandRequested) -> None:
    if event.command_id in state.commands:
        return
    meant = event.arguments.get("source")
    state.commands[event.command_id] = Command(
        id=event.command_id,
        name=event.name,
        target=event.target,
        arguments=event.arguments,
        reason=event.reason,
        source=SourceId(meant) if meant else None,
        requested=at,
    )
    while len(state.commands) > KEPT:
        _forget_one(state)


def sent(state: "State", source: SourceId, at: float, event: CommandSent) -> None:
    if (command := _turn(state, event, "sent")) is not None:
        command.sent, command.shown = at, event.shown
        command.source = source


def confirmed(state: "State", source: SourceId, at: float, event: CommandConfirmed) -> None:
    if (command := _turn(state, event, "confirmed")) is not None:
        command.ended, command.by, command.detail = at, event.by, ""


def refused(state: "State", source: SourceId, at: float, event: CommandRefused) -> None:
    if (command := _turn(state, event, "refused")) is not None:
        command.ended, command.detail = at, event.detail


def unknown(state: "State", source: SourceId, at: float, event: CommandUnknown) -> None:
    if (command := _turn(state, event, "unknown")) is not None:
        command.ended = at


def wanted_by(state: "State", event: AnyEvent, actor: Principal) -> None:
    """The envelope says who did it."""
    if isinstance(event, CommandRequested) and (command := state.commands.get(event.command_id)) is not None:
        command.actor = command.actor or actor


def open_day(state: "State", start: float) -> None:
    """A new business day: what ended before it is dropped, what has no certain end yet stays."""
    state.commands = {
        id: c
        for id, c in state.commands.items()
        if c.is_open or c.state == "unknown" or (c.ended is not None and c.ended >= start)
    }


def _turn(state: "State", event: CommandEvent, to: Stage) -> Command | None:
    """The command, if it may go there from where it is."""
    command = state.commands.get(event.command_id)
    if command is None or to not in AFTER[command.state]:
        return None
    command.state = to
    return command


def _forget_one(state: "State") -> None:
    ended = (id for id, c in state.commands.items() if not c.is_open)
    del state.commands[next(ended, next(iter(state.commands)))]


# ── what a snapshot tells ──────────────────────────────────────────────────────────────────────────────────────────


class Verdict(msgspec.Struct, frozen=True):
    """``done`` False comes with what is seen instead."""

    done: bool
    detail: str = ""


def verdict(state: "State", command: Command) -> Verdict | None:
    """Whether the floor looks as this command wanted it; None when the state cannot tell, as while its source is not live.

    Right after a resync this is the truth. A pause for another reason is not the one that was wanted.
    """
    source = state.sources.get(command.source) if command.source is not None else None
    judge = _JUDGES.get(command.name)
    if judge is None or source is None or source.state != "live" or "queues" in source.limits:
        return None
    agent = state.agents.get(AgentId(command.target))
    memberships = agent.memberships if agent is not None else []
    return judge(command, _touched(command, memberships))


def _touched(command: Command, memberships: "Iterable[Membership]") -> "list[Membership]":
    queue, interface = command.arguments.get("queue"), command.arguments.get("interface")
    return [
        m
        for m in memberships
        if m.source == command.source and queue in (None, m.queue) and interface in (None, m.interface)
    ]


def _paused(command: Command, memberships: "list[Membership]") -> Verdict:
    if not memberships:
        return Verdict(False, "is no member of a queue there any more")
    if ready := [m for m in memberships if not m.not_ready]:
        return Verdict(False, f"is not paused in {_names(ready)}")
    wanted = command.reason if command.shown is None else command.shown
    if other := [m for m in memberships if not (m.automatic or _same(wanted, m.reason))]:
        return Verdict(False, f"is paused in {_names(other)}, but with the reason {other[0].reason!r}")
    return Verdict(True)


def _resumed(command: Command, memberships: "list[Membership]") -> Verdict:
    if not memberships:
        return Verdict(False, "is no member of a queue there any more")
    still = [m for m in memberships if m.not_ready]
    return Verdict(False, f"is still paused in {_names(still)}") if still else Verdict(True)


def _added(command: Command, memberships: "list[Membership]") -> Verdict:
    return Verdict(True) if memberships else Verdict(False, "is no member of the queue")


def _removed(command: Command, memberships: "list[Membership]") -> Verdict:
    return Verdict(False, "is still a member of the queue") if memberships else Verdict(True)


def _names(memberships: "Iterable[Membership]") -> str:
    return ", ".join(sorted({QueueId(m.queue) or "?" for m in memberships}))


def _same(wanted: str, told: str) -> bool:
    """Whether a reason came back. Sources cut long reasons, lose their punctuation, or keep none at all.

    >>> _same("training, group B", "training group B"), _same("lunch", ""), _same("lunch", "toilet"), _same("ab", "a")
    (True, True, False, False)
    """
    asked, came = ("".join(filter(str.isalnum, reason)) for reason in (wanted, told))
    return came in ("", asked) or (len(came) >= CUT_AT_LEAST and asked.startswith(came))


_JUDGES: "dict[str, Callable[[Command, list[Membership]], Verdict]]" = {
    "agent.pause": _paused,
    "agent.resume": _resumed,
    "queue.add_member": _added,
    "queue.remove_member": _removed,
}
