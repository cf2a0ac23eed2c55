"""A small floor with the real engine and the real alarms, in the test's own time."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from ccwall.alerts.alarms import Alarms
from ccwall.alerts.ladder import Entry, Ladders, Person, Presence, Roll
from ccwall.alerts.rule import Rule
from ccwall.alerts.ruleset import Ruleset
from ccwall.config import HOUSE, SITE
from ccwall.delivery.note import Note, Severity
from ccwall.engine import Engine
from ccwall.events import AlertEvent, AnyEvent, ConfigApplied, Envelope, Policy, Principal, SourceId
from ccwall.intake import Intake

T0 = 1_795_395_600.0
"""Monday 23 November 2026, 09:00 in Shanghai."""
ZONE = "Asia/Shanghai"
PBX = SourceId("pbx1")


def fact(name: str, at: float, **words: Any) -> AnyEvent:
    """What happened, by its name on the wire."""
    said: AnyEvent = msgspec.convert({"type": name, "at": at, **words}, AnyEvent)
    return said


class SetClock:
    rate = 1.0

    def __init__(self, now: float) -> None:
        self._now = now

    def now(self) -> float:
        return self._now

    def set(self, now: float) -> None:
        assert now >= self._now, (now, self._now)
        self._now = now

    async def sleep(self, seconds: float) -> None:
        raise AssertionError("nobody sleeps here")


class Box:
    """An outbox that keeps its keys, as the real one does."""

    def __init__(self) -> None:
        self.notes: list[tuple[Note, tuple[str, ...]]] = []
        self.stood: list[Severity | None] = []

    async def put(self, note: Note, channels: Sequence[str]) -> Sequence[str]:
        known = {(kept.key, name) for kept, names in self.notes for name in names}
        new = tuple(name for name in channels if (note.key, name) not in known)
        if new:
            self.notes.append((note, new))
        return new

    def stand(self, worst: Severity | None) -> None:
        self.stood.append(worst)


def people(*entries: tuple[str, str, bool]) -> Presence:
    """Id, role, and whether they are there."""
    known = [
        Entry(person=Person(id=id, name=id.title(), there=there), role=role) for id, role, there in entries
    ]
    return Roll(lambda: known)


class Floor:
    """``journal``: what was taken in before a restart."""

    def __init__(
        self,
        rules: Iterable[Rule],
        *,
        policy: Policy | None = None,
        journal: Sequence[Envelope] = (),
        ladders: Ladders | None = None,
        presence: Presence | None = None,
        start: float = T0,
        forgetful: bool = False,
    ) -> None:
        self.engine, self.journal = Engine(SITE), list(journal)
        for envelope in journal:
            self.engine.apply(envelope)
        self.clock = SetClock(max([start, *(each.received for each in journal)]))
        self.intake = Intake(SITE, self.engine.apply, self.journal.append, after=len(journal))
        self.forgetful = forgetful
        self.alarms = Alarms(
            self.engine,
            self.clock,
            board=self._board,
            take=lambda facts, now: self.intake.take(HOUSE, facts, now),
            rules=Ruleset(rules, ZONE),
            ladders=ladders,
        )
        if presence is not None:
            self.alarms.presence = presence
        if not journal:
            known = policy or Policy()
            known = msgspec.structs.replace(known, zone=ZONE)
            self.intake.take(HOUSE, [ConfigApplied(at=start, hash="", policy=known)], start)

    def _board(self) -> dict[str, object]:
        self.engine.changes(self.clock.now())
        return self.engine.shown

    def until(self, now: float, extra: Iterable[float] = ()) -> None:
        """Let time pass, looking whenever something is due, and at the ``extra`` instants."""
        more = sorted(at for at in extra if self.clock.now() < at < now)
        while True:
            due = min([self.alarms.due, *more[:1]])
            if due >= now:
                break
            if more and more[0] <= due:
                more.pop(0)
            self.clock.set(max(due, self.clock.now()))
            self.look()
        self.clock.set(now)

    def look(self) -> None:
        if self.forgetful:
            self.alarms.forget()
        self.alarms.look()

    def take(
        self,
        event: AnyEvent,
        source: SourceId = PBX,
        actor: Principal | None = None,
        extra: Iterable[float] = (),
    ) -> None:
        """Something happens at its own time: what is due before is found before."""
        self.until(max(event.at, self.clock.now()), extra)
        self.intake.take(source, [event], self.clock.now(), actor)
        self.look()

    @property
    def found(self) -> list[AlertEvent]:
        """The facts about alerts, in their order."""
        return [each.event for each in self.journal if isinstance(each.event, AlertEvent)]

    def facts(self) -> list[dict[str, Any]]:
        """As plain values, defaults included."""
        return [
            {"type": type(event).__struct_config__.tag}
            | {
                key: list(value) if isinstance(value, tuple) else value
                for key, value in msgspec.structs.asdict(event).items()
            }
            for event in self.found
        ]
