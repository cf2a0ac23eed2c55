"""Whether somebody is at the desk: what the ACD says of them, and where it says nothing, what the senses below it do."""

from typing import TYPE_CHECKING, Literal

import msgspec

from ccwall.engine.agents import is_unknown_to_acd, shown
from ccwall.engine.books import millis
from ccwall.engine.conflicts import face
from ccwall.engine.evidence import is_away
from ccwall.engine.persons import Agent
from ccwall.engine.words import break_kind
from ccwall.events import AgentId

if TYPE_CHECKING:
    from ccwall.engine.state import State

Where = Literal["here", "away", "asks", "gone", "off"]
NOT_THERE = frozenset({"ready_docked", "ready_vacant"})


class Presence(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """``away``: not ready, for the ``kind`` of break its ``reason`` means (empty: none of the house); ``asks``: not ready with a reason
    that asks for that kind; ``gone``: ready, but headset or seat say that nobody is there (F2); ``off``: signed off.

    ``lost``: what told of them is away, or was when this began, so that nobody can say since when it is so.
    """

    where: Where
    since: float
    kind: str = ""
    reason: str = ""
    lost: bool = False
    blind: bool = False
    """what tells of them is away now"""
    leaving: bool = False
    """told not to be given anything more, and still in a call"""


def presences(state: "State", now: float) -> dict[AgentId, Presence]:
    """Of everybody who is not ready, and of those with a break that is not over."""
    open_of = {item.agent for item in state.desk.breaks.open()}
    found: dict[AgentId, Presence] = {}
    for agent in state.agents.values():
        is_told = agent.id in open_of
        if (is_told or agent.not_ready_since is not None) and not is_unknown_to_acd(state, agent):
            found[agent.id] = _presence(state, agent, now, is_told)
    return found


def _presence(state: "State", agent: Agent, now: float, is_told: bool) -> Presence:
    status, told = shown(state, agent, now)
    since = now if told is None else told
    blind = agent.source is not None and is_away(state, agent.source)
    lost = blind or _was_lost(state, agent, since)
    if status == "off":
        return Presence(where="off", since=since, lost=lost, blind=blind)
    paused = agent.last_not_ready() if status == "not_ready" else None
    if paused is not None and not paused.automatic:
        policy = state.policy
        since = since if _was_found_so(state, agent) else max(since, _free_since(agent))
        asks = policy.breaks.asked_by(paused.source, paused.reason)
        kind = asks or break_kind(policy.breaks, policy.not_ready_kinds, paused.source, paused.reason)
        where: Where = "asks" if asks else "away"
        return Presence(where=where, since=since, kind=kind, reason=paused.reason, lost=lost, blind=blind)
    if is_told and status == "ready":
        for conflict in face(state, agent, now).conflicts:
            if conflict.kind in NOT_THERE:
                return Presence(where="gone", since=conflict.since, lost=lost, blind=blind)
    leaving = agent.not_ready_since is not None
    # Of who was paused while wrap-up ran out the state began with that; the time that is booked knows better.
    since = max(since, agent.spell.since / 1000)
    return Presence(where="here", since=since, lost=lost, blind=blind, leaving=leaving)


def _free_since(agent: Agent) -> float:
    """When the call and its wrap-up were over: who is told to pause in a call leaves after it."""
    spell = agent.spell
    return (spell.until if spell.state == "wrap" and spell.until is not None else spell.since) / 1000


def _was_found_so(state: "State", agent: Agent) -> bool:
    """Whether we saw nothing of the person before this, because it was so when we began to listen: the source alone knows since when."""
    source = None if agent.source is None else state.sources.get(agent.source)
    today = agent.days.get(state.frame.start)
    return (
        (today is None or today.first_on is None)
        and source is not None
        and source.live_since is not None
        and agent.spell.since <= millis(source.live_since)
    )


def _was_lost(state: "State", agent: Agent, since: float) -> bool:
    """Whether what is now may have begun while nobody listened: it was told by what came after the outage."""
    return any(
        stretch.source == agent.source
        and stretch.start <= since
        and (stretch.end is None or since <= stretch.end)
        for stretch in state.stretches
    )
