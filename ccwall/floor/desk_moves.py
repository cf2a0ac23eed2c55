"""Sending somebody from one queue to another (F5), and back: one act, two commands at the PBX (docs/acts.md)."""

from typing import Annotated

import msgspec
from msgspec import Meta

from ccwall.engine.desk.moves import Moved
from ccwall.events import AgentId, CommandId, MoveId, MoveMade, MoveUndone, Principal, QueueId
from ccwall.floor.acts import LEADS, Act, Bench, Tree
from ccwall.floor.commands import Commands
from ccwall.floor.desk_breaks import in_scope
from ccwall.floor.wish import Mistaken, NotNow, NotThere, Objection
from ccwall.floor.words import plain

TEXT = 200
Id = Annotated[str, Meta(min_length=1, max_length=256)]
Text = Annotated[str, Meta(max_length=TEXT)]


class Make(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    agent: Id
    from_queue: Id
    to_queue: Id
    reason: Text = ""


class Undo(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    move_id: Id
    reason: Text = ""


def make(bench: Bench, principal: Principal, asked: Make) -> Tree:
    agent = in_scope(bench, principal, AgentId(asked.agent))
    leaves, joins = QueueId(asked.from_queue), QueueId(asked.to_queue)
    reason = plain("arguments.reason", asked.reason, TEXT)
    if leaves == joins:
        raise Mistaken("arguments.to_queue", "must be another queue than from_queue")
    for where, queue in (("from_queue", leaves), ("to_queue", joins)):
        _queue(bench, principal, where, queue)
    served = {post.queue for post in bench.engine.memberships(agent) or ()}
    if leaves not in served:
        raise NotNow(f"{agent} does not serve {leaves} any more.", done="changed")
    _nothing_open(bench, agent, leaves, joins)
    commands = _carry(bench, principal, agent, leaves, joins, is_joined=joins in served, reason=reason)
    move = MoveId(bench.fresh())
    made = MoveMade(
        at=bench.now,
        move_id=move,
        agent=agent,
        from_queue=leaves,
        to_queue=joins,
        commands=commands,
        joined=joins not in served,
        reason=reason,
    )
    bench.take(principal, made)
    return {"move_id": move, "commands": list(commands)}


def undo(bench: Bench, principal: Principal, asked: Undo) -> Tree:
    item = bench.engine.made_moves.get(MoveId(asked.move_id))
    if item is None:
        raise NotThere("There is no such move here.")
    agent = in_scope(bench, principal, item.agent)
    reason = plain("arguments.reason", asked.reason, TEXT)
    if item.undone is not None:
        by = item.undone_by
        who = {} if by is None else {"by": by.name or by.id}
        raise NotNow("It is undone already.", **who, done="undone", at=item.undone)
    _latest(bench, item)
    for where, queue in (("from_queue", item.from_queue), ("to_queue", item.to_queue)):
        _queue(bench, principal, where, queue)
    _nothing_open(bench, agent, item.from_queue, item.to_queue)
    served = {post.queue for post in bench.engine.memberships(agent) or ()}
    back: list[CommandId] = []
    if item.from_queue not in served:
        back.append(_request(bench, principal, "queue.add_member", agent, item.from_queue, reason))
    if item.joined and item.to_queue in served:
        back.append(_request(bench, principal, "queue.remove_member", agent, item.to_queue, reason))
    undone = MoveUndone(at=bench.now, move_id=item.id, commands=tuple(back), reason=reason)
    bench.take(principal, undone)
    return {"commands": list(back)}


def _carry(
    bench: Bench,
    principal: Principal,
    agent: AgentId,
    leaves: QueueId,
    joins: QueueId,
    *,
    is_joined: bool,
    reason: str,
) -> tuple[CommandId, ...]:
    """Into the one first: in between they serve both, never none."""
    commands: list[CommandId] = []
    if not is_joined:
        commands.append(_request(bench, principal, "queue.add_member", agent, joins, reason))
    try:
        commands.append(_request(bench, principal, "queue.remove_member", agent, leaves, reason))
    except Objection:
        if not commands:
            raise  # else they serve both, and that is on the record
    return tuple(commands)


def _request(
    bench: Bench, principal: Principal, name: str, agent: AgentId, queue: QueueId, reason: str
) -> CommandId:
    told = _desk(bench).request(principal, name, agent, {"queue": queue}, reason)
    return CommandId(str(told["command_id"]))


def _desk(bench: Bench) -> Commands:
    if bench.commands is None:
        raise NotNow("Nobody here can be commanded.", done="against")
    return bench.commands


def _queue(bench: Bench, principal: Principal, where: str, queue: QueueId) -> None:
    """Known, in scope, and of a source that takes commands: what would stop the second command is found before the first."""
    source = bench.engine.queue_source(queue)
    if source is None or (principal.queues is not None and queue not in principal.queues):
        raise NotThere(f"There is no queue {queue!r} here.")
    if hindrance := _desk(bench).hindrance(source):
        raise NotNow(hindrance, done="against")


def _nothing_open(bench: Bench, agent: AgentId, *queues: QueueId) -> None:
    for command in bench.engine.commands():
        same = command.target == agent and command.arguments.get("queue") in queues
        if same and (command.is_open or command.state == "unknown"):
            raise NotNow(f"A command about {agent} there has no certain end yet.", done="changed")


def _latest(bench: Bench, item: Moved) -> None:
    """Only the last move of a person can be taken back: before it they were elsewhere."""
    later = [
        each
        for each in bench.engine.made_moves.values()
        if each.agent == item.agent and each.undone is None and each.at > item.at
    ]
    if later:
        raise NotNow(f"{item.agent} was moved again since. Undo that first.", done="changed", at=later[-1].at)


ACTS: tuple[Act, ...] = (
    Act(name="move.make", takes=Make, may=LEADS, do=make),
    Act(name="move.undo", takes=Undo, may=LEADS, do=undo),
)
