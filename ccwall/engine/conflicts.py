"""Who says what of a person, best sense first, and where two senses contradict each other.

The status is the ACD's (`ccwall.engine.agents.resolve`): a lower sense never changes it, it contradicts it. A contradiction
began when the later of both words was said, and is shown when it has lasted for its limit: it comes and goes by time alone,
too. Nothing here is kept: it follows from the evidence and the time.
"""

import math
from collections.abc import Iterable, Iterator

import msgspec

from ccwall.engine.agents import is_unknown_to_acd, resolve, shown
from ccwall.engine.evidence import LAID_DOWN, Heard, Phone, heard_of, is_away, phone_of
from ccwall.engine.patch import Tree
from ccwall.engine.persons import Agent, Membership
from ccwall.engine.state import State
from ccwall.engine.suspects import ATTEMPT
from ccwall.events import ContactId, SourceId

LIMITS = {
    "ready_docked": 30.0,
    "ready_vacant": 30.0,
    "ready_unreachable": 5.0,
    "idle_talking": 10.0,
    "call_ended": 10.0,
}
"""How long each kind of contradiction must last before it is shown, seconds."""


class Conflict(msgspec.Struct, frozen=True, gc=False):
    """``sources``: who says the one, then who says the other."""

    kind: str
    since: float
    sources: tuple[SourceId, ...]


class Face(msgspec.Struct, frozen=True, gc=False):
    """A person as the senses have it. ``due``: when a contradiction will have lasted for its limit."""

    senses: tuple[Heard, ...]
    conflicts: tuple[Conflict, ...]
    due: float = math.inf


UNSEEN = Face((), ())
"""One ACD alone tells of the person: what it says is the state."""


def face(state: State, agent: Agent, now: float) -> Face:
    """What there is to show beside the state."""
    heard = _below(state, agent)
    if not heard and len({member.source for member in agent.memberships}) < 2:
        return UNSEEN
    sources = _acds(state, agent)
    words = [_word(state, agent, source, now, alone=len(sources) == 1) for source in sources]
    shown_now, due = list[Conflict](), math.inf
    for conflict in contradictions(state, agent, heard, now) if heard else ():
        ripe = conflict.since + state.policy.limits.get(conflict.kind, LIMITS[conflict.kind])
        if ripe <= now:
            shown_now.append(conflict)
        else:
            due = min(due, ripe)
    return Face((*words, *heard), tuple(shown_now), due)


def _below(state: State, agent: Agent) -> list[Heard]:
    if not agent.gear:
        card = state.policy.agents.get(agent.id)
        if card is None or card.seat not in state.seats:
            return []
    return heard_of(state, agent)


# ── contradictions ─────────────────────────────────────────────────────────────────────────────────────────────────


def contradictions(state: State, agent: Agent, heard: Iterable[Heard], now: float) -> Iterator[Conflict]:
    """All that there are at this moment, however young; of what is alive alone."""
    if is_unknown_to_acd(state, agent):
        return
    alive = [each for each in heard if not each.stale]
    phone = phone_of(alive)
    if agent.calls:
        yield from _call_ended(state, agent, phone)
        return
    status, since = shown(state, agent, now)
    offering = {m.source for m in agent.memberships if not m.not_ready and not is_away(state, m.source)}
    if status != "ready" or since is None or not offering:
        return
    acds = tuple(sorted(offering))
    if phone is not None and phone.says == "unavailable":
        yield _conflict("ready_unreachable", since, acds, phone.since, phone.sources)
    if phone is not None and phone.says == "in_use":
        yield _conflict("idle_talking", since, acds, phone.since, phone.sources)
    for kind, of, says in (("ready_docked", "wear", LAID_DOWN), ("ready_vacant", "seat", {"vacant"})):
        words = [each for each in alive if each.of == of and each.says != "sensor_gone"]
        if words and all(each.says in says for each in words):
            began = max(each.since or 0.0 for each in words)
            yield _conflict(kind, since, acds, began, tuple(each.source for each in words))


def _call_ended(state: State, agent: Agent, phone: Phone | None) -> Iterator[Conflict]:
    """In conversation at the ACD, and the phone was put down after that began."""
    if phone is None or phone.says != "idle":
        return
    over = {
        source
        for contact, call in agent.calls.items()
        if call.answered < phone.since
        and (source := _source_of(state, contact)) is not None
        and not is_away(state, source)
    }
    if over:
        yield _conflict("call_ended", phone.since, tuple(sorted(over)), phone.since, phone.sources)


def _conflict(
    kind: str, one: float, acds: tuple[SourceId, ...], other: float, sources: tuple[SourceId, ...]
) -> Conflict:
    return Conflict(kind, max(one, other), tuple(dict.fromkeys((*acds, *sources))))


# ── what each ACD says ─────────────────────────────────────────────────────────────────────────────────────────────


def _source_of(state: State, contact: ContactId) -> SourceId | None:
    visit = state.contacts.get(contact)
    if visit is not None:
        return visit.source
    attempt = state.attempts.get(contact.removeprefix(ATTEMPT))
    return None if attempt is None else attempt.source


def _acds(state: State, agent: Agent) -> list[SourceId]:
    """The ACDs that know this person."""
    found = {member.source for member in agent.memberships}
    found.update(phone.source for phone in agent.phones.values())
    found.update(told.source for told in (agent.wrap, agent.engaged) if told is not None)
    for contact in (*agent.calls, *agent.ringing):
        if (source := _source_of(state, contact)) is not None:
            found.add(source)
    if not found and agent.source is not None:
        found.add(agent.source)
    return sorted(found)


def _word(state: State, agent: Agent, source: SourceId, now: float, *, alone: bool) -> Heard:
    """The state as this ACD alone has it."""
    if alone:
        says, since = shown(state, agent, now)
    else:
        says, since = resolve(state, _as_told_by(state, agent, source), state.known_at(source, now))
    return Heard(source=source, sense="acd", says=says, since=since, stale=is_away(state, source))


def _as_told_by(state: State, agent: Agent, source: SourceId) -> Agent:
    """The person with nothing but the words of this source."""
    members = [m for m in agent.memberships if m.source == source]
    return Agent(
        id=agent.id,
        source=source,
        memberships=members,
        phones={device: phone for device, phone in agent.phones.items() if phone.source == source},
        calls={id: call for id, call in agent.calls.items() if _source_of(state, id) == source},
        ringing={id: at for id, at in agent.ringing.items() if _source_of(state, id) == source},
        wrap=agent.wrap if agent.wrap is not None and agent.wrap.source == source else None,
        engaged=agent.engaged if agent.engaged is not None and agent.engaged.source == source else None,
        not_ready_since=_not_ready_since(members),
    )


def _not_ready_since(members: list[Membership]) -> float | None:
    return min(m.since for m in members) if members and all(m.not_ready for m in members) else None


# ── on the board ───────────────────────────────────────────────────────────────────────────────────────────────────


def senses_told(seen: Face) -> list[Tree]:
    return [_told(heard) for heard in seen.senses]


def conflicts_told(seen: Face) -> list[Tree]:
    return [{"kind": c.kind, "since": c.since, "sources": list(c.sources)} for c in seen.conflicts]


def _told(heard: Heard) -> Tree:
    told: Tree = {"source": heard.source, "sense": heard.sense, "says": heard.says}
    if heard.device is not None:
        told["device"] = heard.device
    if heard.since is not None:
        told["since"] = heard.since
    if not heard.age_known:
        told["age_known"] = False
    if heard.fault:
        told["fault"] = heard.fault
    if heard.stale:
        told["stale"] = True
    return told
