"""The day of one person as it went: states, conversations, what each sense said, and when these could not both be so.

From what the engine keeps of the day (`ccwall.engine.diary`), and nothing that nobody told: while a source is away, what it
would have said is unknown. Contradictions are worked out anew from these spans, by the same limits as on the board.
"""

from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from ccwall.engine.conflicts import LIMITS
from ccwall.engine.day import Frame
from ccwall.engine.diary import Said
from ccwall.engine.evidence import LAID_DOWN, USED
from ccwall.engine.missed import of_calls
from ccwall.engine.patch import Tree
from ccwall.engine.persons import Agent
from ccwall.engine.spells import day_at, unbooked
from ccwall.engine.state import State
from ccwall.engine.words import KINDS
from ccwall.events import Sense, SourceId

UNKNOWN: Final = "unknown"
MOST_CALLS: Final = 1_000
MOST_SPANS: Final = 5_000
"""Of each list; the newest are told."""


class Span(msgspec.Struct, frozen=True, gc=False):
    """[start, end) in epoch seconds; ``end`` is None while it lasts."""

    start: float
    end: float | None
    says: str
    reason: str = ""


Gap = tuple[float, float | None]


def timeline(state: State, agent: Agent, now: float) -> Tree:
    """The present business day of this person, up to now; `limited` when some of it is not kept."""
    day = day_at(state, now)
    spells = _spells(state, agent, day, now)
    senses = [(said, _words(state, said, day, now)) for said in agent.heard.values()]
    calls, more = _calls(state, agent, day)
    own = agent.days.get(day.start)
    limited = more or any(said.more for said, _ in senses) or (own is not None and own.diary.more > 0)
    limited |= len(spells) > MOST_SPANS or any(len(spans) > MOST_SPANS for _, spans in senses)
    told: Tree = {
        "agent": agent.id,
        "from": float(day.start),
        "to": now,
        "spells": [_shown(span, "state") for span in spells[-MOST_SPANS:]],
        "calls": calls,
        "senses": [_sense(said, spans) for said, spans in senses if spans],
        "conflicts": [_shown(span, "kind") for span in conflicts(state, spells, senses, now)],
    }
    return told | ({"limited": True} if limited else {})


def states_of(state: State, agent: Agent, day: Frame, now: float) -> list[Span]:
    """What the person did in a business day, up to now: the spells of the timeline."""
    return _spells(state, agent, day, now)


def _shown(span: Span, name: str) -> Tree:
    told: Tree = {"from": span.start, name: span.says}
    if span.end is not None:
        told["to"] = span.end
    return told | ({"reason": span.reason} if span.reason else {})


def _sense(said: Said, spans: list[Span]) -> Tree:
    told: Tree = {"source": said.source, "sense": said.sense}
    if said.device is not None:
        told["device"] = said.device
    return told | {"spans": [_shown(span, "says") for span in spans[-MOST_SPANS:]]}


# ── what was so ────────────────────────────────────────────────────────────────────────────────────────────────────


def _spells(state: State, agent: Agent, day: Frame, now: float) -> list[Span]:
    own = agent.days.get(day.start)
    found = [
        Span(start / 1000, end / 1000, status, reason)
        for start, end, status, reason in (own.diary.spells() if own is not None else ())
    ]
    pieces = list(unbooked(state, agent, now))
    for place, (status, start, end) in enumerate(pieces, 1):
        last, begun = place == len(pieces), max(start / 1000, float(day.start))
        if last or end / 1000 > begun:
            reason = agent.spell.reason if status in KINDS else ""
            found.append(Span(begun, None if last else end / 1000, status, reason))
    sources = {agent.source} | {member.source for member in agent.memberships}
    away = [(s.start, s.end) for s in of_calls(state) if s.source in sources]
    return _cut(found, [*away, *_gone(state, sources)], day, now)


def _words(state: State, said: Said, day: Frame, now: float) -> list[Span]:
    words = said.words()
    found: list[Span] = []
    for place, (at, says) in enumerate(words):
        end = words[place + 1][0] / 1000 if place + 1 < len(words) else None
        begun = max(at / 1000, float(day.start))
        if says and (end is None or end > begun):
            found.append(Span(begun, end, says))
    away = [(s.start, s.end) for s in state.stretches if s.source == said.source]
    return _cut(found, [*away, *_gone(state, {said.source})], day, now)


def _gone(state: State, sources: Iterable[SourceId | None]) -> list[Gap]:
    """Who is not heard now, although that may be no outage: it has never been heard."""
    known = (state.sources.get(source) for source in sources if source is not None)
    return [(each.down_since, None) for each in known if each is not None and each.down_since is not None]


def _cut(spans: Iterable[Span], away: Iterable[Gap], day: Frame, now: float) -> list[Span]:
    """Nobody knows what was while nobody listened."""
    gaps = _together(away, day, now)
    found = [Span(start, end, UNKNOWN) for start, end in gaps]
    for span in spans:
        start: float | None = span.start
        for gap, until in gaps:
            if start is None or (span.end is not None and gap >= span.end):
                break
            if until is not None and until <= start:
                continue
            if gap > start:
                found.append(Span(start, gap, span.says, span.reason))
            start = until
        if start is not None and (span.end is None or start < span.end):
            found.append(Span(start, span.end, span.says, span.reason))
    return sorted(found, key=_start)


def _together(away: Iterable[Gap], day: Frame, now: float) -> list[Gap]:
    """The gaps of the day so far, none touching another."""
    found: list[Gap] = []
    for start, end in sorted(away, key=lambda gap: gap[0]):
        begun = max(start, float(day.start))
        if begun > now or (end is not None and end <= begun):
            continue
        if found and (found[-1][1] is None or found[-1][1] >= begun):
            last, until = found[-1]
            found[-1] = last, None if until is None or end is None else max(until, end)
        else:
            found.append((begun, end))
    return found


def _start(span: Span) -> float:
    return span.start


def _calls(state: State, agent: Agent, day: Frame) -> tuple[list[Tree], bool]:
    """Conversations of today, oldest first, and whether there were more: of very many visits the first are forgotten."""
    found, own, counted = list[Tree](), agent.days.get(day.start), 0
    for visit in state.contacts.values():
        if visit.agent == agent.id and visit.answered is not None:
            counted += visit.answered >= day.start
            _add_call(found, day, visit.answered, visit.ended, visit.queue, visit.direction)
    for attempt in state.attempts.values():
        if attempt.agent == agent.id and attempt.connected is not None:
            over = None if attempt.talking else attempt.ended or attempt.last
            _add_call(found, day, attempt.connected, over, attempt.queue, "out")
    found.sort(key=_from)
    forgotten = own is not None and counted < own.answered
    return found[-MOST_CALLS:], forgotten or len(found) > MOST_CALLS


def _add_call(
    found: list[Tree], day: Frame, start: float, end: float | None, queue: str, direction: str
) -> None:
    if end is None or end > day.start:
        call: Tree = {"from": max(start, float(day.start)), "queue": queue, "direction": direction}
        found.append(call if end is None else {**call, "to": max(end, start)})


def _from(call: Tree) -> float:
    start = call["from"]
    assert isinstance(start, float)
    return start


# ── what could not both be so ──────────────────────────────────────────────────────────────────────────────────────


def conflicts(
    state: State, spells: list[Span], senses: list[tuple[Said, list[Span]]], now: float
) -> list[Span]:
    """Of each kind the times for which it lasted longer than its limit, while all who say so were heard."""
    if not senses:
        return []
    lists = [spells, *(spans for _, spans in senses)]
    cursors = [_Cursor(spans) for spans in lists]
    judge, begun, found = _Judge(), dict[str, float](), list[Span]()
    for at in _moments(lists, now):
        status, *words = (cursor.at(at) for cursor in cursors)
        kinds = judge.kinds(at, status, [(said, word) for (said, _), word in zip(senses, words, strict=True)])
        for kind in [kind for kind in begun if kind not in kinds]:
            found += _lasted(state, kind, begun.pop(kind), at)
        for kind in kinds:
            begun.setdefault(kind, at)
    for kind, since in begun.items():
        found += [msgspec.structs.replace(span, end=None) for span in _lasted(state, kind, since, now)]
    return sorted(found, key=lambda span: (span.start, span.says))


def _lasted(state: State, kind: str, since: float, until: float) -> Iterator[Span]:
    if until - since >= state.policy.limits.get(kind, LIMITS[kind]):
        yield Span(since, until, kind)


def _moments(lists: Iterable[list[Span]], now: float) -> list[float]:
    found = {span.start for spans in lists for span in spans}
    found |= {span.end for spans in lists for span in spans if span.end is not None}
    return sorted(at for at in found if at <= now)


class _Cursor:
    """What holds at moments that only grow; "" where nothing does."""

    def __init__(self, spans: list[Span]) -> None:
        self._spans, self._place = spans, 0

    def at(self, moment: float) -> str:
        spans = self._spans
        while self._place < len(spans) and (end := spans[self._place].end) is not None and end <= moment:
            self._place += 1
        if self._place < len(spans) and spans[self._place].start <= moment:
            return spans[self._place].says
        return ""


class _Judge:
    """What contradicts what, as `ccwall.engine.conflicts.contradictions` has it of now."""

    def __init__(self) -> None:
        self._talking: float | None = None
        self._idle: float | None = None

    def kinds(self, at: float, status: str, words: list[tuple[Said, str]]) -> set[str]:
        heard = [(said, word) for said, word in words if word not in ("", UNKNOWN)]
        phone = _phone([(said.sense, word) for said, word in heard if said.of == "line"])
        in_conversation = status in ("talking", "hold")
        self._talking = None if not in_conversation else at if self._talking is None else self._talking
        self._idle = None if phone != "idle" else at if self._idle is None else self._idle
        if self._talking is not None:
            put_down = self._idle is not None and self._idle > self._talking
            return {"call_ended"} if put_down else set()
        if status != "ready":
            return set()
        found = {kind for kind, says in OF_PHONES.items() if says == phone}
        for kind, of, wanted in OF_PERSON:
            said = [word for known, word in heard if known.of == of and word != "sensor_gone"]
            if said and all(word in wanted for word in said):
                found.add(kind)
        return found


OF_PHONES: Final = {"ready_unreachable": "unavailable", "idle_talking": "in_use"}
OF_PERSON: Final = (("ready_docked", "wear", LAID_DOWN), ("ready_vacant", "seat", frozenset({"vacant"})))


def _phone(lines: list[tuple[Sense, str]]) -> str:
    """What all phones of a person come to, by the best sense: `ccwall.engine.evidence.phone_of`."""
    best = [word for sense, word in lines if sense == "phone"] or [word for _, word in lines]
    if any(word in USED or word == "off_hook" for word in best):
        return "in_use"
    for word in ("ringing", "idle"):
        if word in best:
            return word
    return "unavailable" if best else ""
