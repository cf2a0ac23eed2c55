"""Who was sent from one queue to another, and back (F5)."""

from typing import TYPE_CHECKING

import msgspec

from ccwall.engine.desk.break_board import person
from ccwall.engine.desk.who import Who
from ccwall.events import AgentId, AnyEvent, CommandId, Envelope, MoveId, MoveMade, MoveUndone, QueueId

if TYPE_CHECKING:
    from ccwall.engine.state import State

Tree = dict[str, object]
FACTS: tuple[type[AnyEvent], ...] = (MoveMade, MoveUndone)
MOST = 200
"""Of more, the oldest are forgotten."""
SHOWN_FOR = 12 * 3600.0


class Moved(msgspec.Struct, kw_only=True, omit_defaults=True, gc=False):
    id: MoveId
    agent: AgentId
    from_queue: QueueId
    to_queue: QueueId
    at: float
    by: Who | None = None
    joined: bool = True
    reason: str = ""
    commands: tuple[CommandId, ...] = ()
    undone: float | None = None
    undone_by: Who | None = None
    back: tuple[CommandId, ...] = ()


class Moves(msgspec.Struct, kw_only=True, gc=False):
    items: dict[MoveId, Moved] = {}


def reduce(state: "State", envelope: Envelope, at: float) -> None:
    items, event = state.desk.moves.items, envelope.event
    if isinstance(event, MoveMade) and event.move_id not in items:
        items[event.move_id] = Moved(
            id=event.move_id,
            agent=event.agent,
            from_queue=event.from_queue,
            to_queue=event.to_queue,
            at=at,
            by=Who.of(envelope.actor),
            joined=event.joined,
            reason=event.reason,
            commands=event.commands,
        )
        while len(items) > MOST:
            del items[next(iter(items))]
    elif isinstance(event, MoveUndone):
        item = items.get(event.move_id)
        if item is not None and item.undone is None:
            item.undone, item.undone_by, item.back = at, Who.of(envelope.actor), event.commands


def shown(state: "State", now: float) -> dict[str, Tree]:
    items: Tree = {
        item.id: _told(state, item)
        for item in state.desk.moves.items.values()
        if max(item.at, item.undone or 0.0) > now - SHOWN_FOR
    }
    return {"moves": items}


def _told(state: "State", item: Moved) -> Tree:
    told: Tree = {
        "agent": item.agent,
        "team": state.team_of(item.agent),
        "from": item.from_queue,
        "to": item.to_queue,
        "at": item.at,
        "by": person(item.by),
        "reason": item.reason,
        "commands": [_command(state, id) for id in (*item.commands, *item.back)] or None,
        "undone": item.undone,
        "undone_by": person(item.undone_by),
    }
    return {key: value for key, value in told.items() if value is not None and value != ""}


def _command(state: "State", id: CommandId) -> Tree:
    command = state.commands.get(id)
    if command is None:
        return {"id": id}
    told: Tree = {"id": id, "name": command.name, "state": command.state, "detail": command.detail}
    return {key: value for key, value in told.items() if value}
