"""Carrying a break out at the PBX: one command a source, on behalf of who granted it, and never a second one for the same thing."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from ccwall.events import AgentId, BreakPolicy, CommandId, Principal, SourceId
from ccwall.floor.wish import MAY_COMMAND, Objection

if TYPE_CHECKING:
    from ccwall.engine import Engine
    from ccwall.floor.commands import Commands


class Carried(msgspec.Struct, frozen=True, kw_only=True):
    """``commands`` that do it, new ones and one that was under way; ``why`` nothing, or not all, is done."""

    commands: tuple[CommandId, ...] = ()
    why: str = ""


def reason_for(policy: BreakPolicy, source: SourceId, kind: str) -> str:
    """What the source is told: a word that means this kind there."""
    return policy.says.get(f"{source}/{kind}") or policy.says.get(kind) or kind


def pause(
    engine: "Engine",
    commands: "Commands | None",
    principal: Principal,
    agent: AgentId,
    kind: str,
    since: float = math.inf,
) -> Carried:
    """Wherever the person is ready. Somebody in a call finishes it. What was asked for at or after `since` is this very pause,
    whatever came of it: ccwall may have died before it wrote down what it was for."""
    sources = sorted({post.source for post in engine.memberships(agent) or () if not post.not_ready})
    policy = engine.break_policy
    wanted = {source: reason_for(policy, source, kind) for source in sources}
    return _command(engine, commands, principal, "agent.pause", agent, wanted, since)


def resume(engine: "Engine", commands: "Commands | None", principal: Principal, agent: AgentId) -> Carried:
    sources = sorted({post.source for post in engine.memberships(agent) or () if post.not_ready})
    return _command(engine, commands, principal, "agent.resume", agent, dict.fromkeys(sources, ""))


def _command(
    engine: "Engine",
    commands: "Commands | None",
    principal: Principal,
    name: str,
    agent: AgentId,
    reasons: dict[SourceId, str],
    since: float = math.inf,
) -> Carried:
    """Of a command without a certain end nobody knows whether it is done: it is not sent again, it is this one that counts."""
    if commands is None or principal.role not in MAY_COMMAND:
        return Carried(why="nobody here may command")
    done: list[CommandId] = []
    why = ""
    for source, reason in reasons.items():
        if (known := _under_way(engine, name, agent, source, since)) is not None:
            done.append(known)
            continue
        if hindrance := commands.hindrance(source):
            why = hindrance
            continue
        try:
            told = commands.request(principal, name, agent, {"source": source}, reason)
        except Objection as objection:
            why = str(objection)
        else:
            done.append(CommandId(str(told["command_id"])))
    return Carried(commands=tuple(done), why=why)


def _under_way(
    engine: "Engine", name: str, agent: AgentId, source: SourceId, since: float
) -> CommandId | None:
    found: Sequence[CommandId] = [
        c.id
        for c in engine.commands()
        if (c.name, c.target, c.source) == (name, agent, source)
        and "queue" not in c.arguments
        and (c.is_open or c.state == "unknown" or c.requested >= since)
    ]
    return found[-1] if found else None
