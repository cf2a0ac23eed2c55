"""The job: it looks by itself, says nothing outside before it is on the disk, and goes on after a bug."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

import pytest

from ccwall.alerts.alarms import SAFE_WITHIN, Alarms
from ccwall.alerts.ladder import Ladder, Ladders, Step
from ccwall.alerts.rule import Rule
from ccwall.alerts.ruleset import Ruleset
from ccwall.clock import ManualClock
from ccwall.config import HOUSE, SITE
from ccwall.delivery.note import Note
from ccwall.engine import Engine
from ccwall.errors import NotRecorded
from ccwall.events import AnyEvent, Envelope, QueueId, SourceId
from ccwall.intake import Intake
from tests.alerts.floor import Box, fact

QUEUE = QueueId("pbx1/consult")
RULE = Rule(
    id="wait", metric="longest_waiting", scope="queue", threshold=60.0, names={"en": "Waits", "zh-CN": "等"}
)
LADDER = Ladder(name="mine", severities=("warn",), steps=(Step(roles=("lead",), channels=("robot",)),))


class Hall:
    def __init__(self) -> None:
        self.clock, self.engine, self.box = ManualClock(), Engine(SITE), Box()
        self.intake = Intake(SITE, self.engine.apply)
        self.disk = asyncio.Event()
        self.broken = self.fails = False
        self.alarms = Alarms(
            self.engine,
            self.clock,
            board=self.board,
            take=self.take,
            rules=Ruleset([RULE]),
            ladders=Ladders([LADDER]),
            safe=self.safe,
            base="https://wall.example",
        )
        self.alarms.post = self.box

    def board(self) -> dict[str, object]:
        if self.broken:
            raise RuntimeError("a bug")
        self.engine.changes(self.clock.now())
        return self.engine.shown

    def take(self, facts: Sequence[AnyEvent], now: float) -> Sequence[Envelope]:
        return self.intake.take(HOUSE, facts, now)

    async def safe(self) -> None:
        if self.fails:
            raise NotRecorded("the disk is full")
        await self.disk.wait()

    def say(self, fact: AnyEvent) -> None:
        self.intake.take(SourceId("pbx1"), [fact], self.clock.now())
        self.alarms.touch()

    @property
    def fired(self) -> list[float]:
        open_now = self.engine.alerts.open.values()
        return [alert.fired for alert in (*open_now, *self.engine.alerts.past) if alert.fired is not None]


async def _end(job: asyncio.Task[None]) -> None:
    job.cancel()
    with suppress(asyncio.CancelledError):
        await job


async def test_it_looks_by_itself_and_tells_when_it_is_on_the_disk() -> None:
    hall = Hall()
    job = asyncio.create_task(hall.alarms.for_ever())
    start = hall.clock.now()
    hall.say(fact("contact.queued", start, contact="c1", queue=QUEUE))
    await hall.clock.advance(59.9)
    assert hall.fired == []
    await hall.clock.advance(0.5)
    assert hall.fired == [start + 60.0]
    assert hall.box.notes == []
    assert hall.box.stood[-1:] == ["warn"]
    hall.disk.set()
    await hall.clock.advance(0.5)
    [(note, channels)] = hall.box.notes
    assert channels == ("robot",)
    assert (note.kind, note.severity, note.value, note.threshold) == ("fired", "warn", "1:00", "1:00")
    assert note.title == {"zh-CN": "consult：等", "zh-TW": "consult：wait", "en": "consult: Waits"}
    assert note.url == "https://wall.example/alerts"
    hall.say(fact("contact.abandoned", hall.clock.now(), contact="c1", queue=QUEUE))
    await hall.clock.advance(0.5)
    assert [note.kind for note, _ in hall.box.notes] == ["fired", "resolved"]
    assert hall.box.stood[-1:] == [None]
    hall.alarms.delivered(note.key, note.alert, "robot", ok=True, attempts=2)
    [over] = hall.engine.alerts.past
    assert over.told[0].put["robot"].attempts == 2
    await _end(job)


class SlowBox(Box):
    """Each note takes a second to be written."""

    def __init__(self, clock: ManualClock) -> None:
        super().__init__()
        self._clock = clock

    async def put(self, note: Note, channels: Sequence[str]) -> Sequence[str]:
        await self._clock.sleep(1.0)
        return await super().put(note, channels)


async def test_what_comes_while_others_are_put_waits_for_the_disk_as_well() -> None:
    hall = Hall()
    hall.alarms.post = box = SlowBox(hall.clock)
    job = asyncio.create_task(hall.alarms.for_ever())
    start = hall.clock.now()
    for number in range(2):
        hall.say(fact("contact.queued", start, contact=f"c{number}", queue=f"pbx1/q{number}"))
    hall.disk.set()
    await hall.clock.advance(60.0)  # both fire, and the first is being written
    hall.disk.clear()
    hall.say(fact("contact.abandoned", hall.clock.now(), contact="c0", queue="pbx1/q0"))
    await hall.clock.advance(5.0)
    assert [note.kind for note, _ in box.notes] == ["fired", "fired"]
    hall.disk.set()
    await hall.clock.advance(2.0)
    assert [note.kind for note, _ in box.notes] == ["fired", "fired", "resolved"]
    await _end(job)


@pytest.mark.parametrize("fails", [False, True], ids=["hangs", "says it never will"])
async def test_a_disk_that_fails_does_not_silence_the_alarms(fails: bool) -> None:
    hall = Hall()
    job = asyncio.create_task(hall.alarms.for_ever())
    hall.fails = fails
    hall.say(fact("contact.queued", hall.clock.now(), contact="c1", queue=QUEUE))
    await hall.clock.advance(60.5)
    assert len(hall.box.notes) == fails
    await hall.clock.advance(SAFE_WITHIN)
    assert [note.kind for note, _ in hall.box.notes] == ["fired"]
    hall.disk.set()
    await hall.clock.advance(SAFE_WITHIN)
    assert len(hall.box.notes) == 1
    await _end(job)


async def test_a_note_says_what_it_is_when_it_is_told_and_of_what_is_over_nothing() -> None:
    hall = Hall()
    steps = (Step(roles=("lead",), channels=("robot",)), Step(after=600.0, channels=("robot",)))
    hall.alarms.ladders = Ladders([Ladder(name="mine", severities=("warn",), steps=steps)])
    hall.disk.set()
    job = asyncio.create_task(hall.alarms.for_ever())
    hall.say(fact("contact.queued", hall.clock.now(), contact="c1", queue=QUEUE))
    await hall.clock.advance(700)
    hall.say(fact("contact.abandoned", hall.clock.now(), contact="c1", queue=QUEUE))
    await hall.clock.advance(0.5)
    told = [(note.kind, note.value, note.threshold) for note, _ in hall.box.notes]
    assert told == [("fired", "1:00", "1:00"), ("escalated", "11:00", "1:00"), ("resolved", "", "")]
    await _end(job)


async def test_it_goes_on_after_a_bug() -> None:
    hall = Hall()
    job = asyncio.create_task(hall.alarms.for_ever())
    start = hall.clock.now()
    hall.say(fact("contact.queued", start, contact="c1", queue=QUEUE))
    await hall.clock.advance(30)
    hall.broken = True
    await hall.clock.advance(40)
    assert hall.fired == []
    hall.broken = False
    await hall.clock.advance(2)
    assert hall.fired == [start + 60.0]
    await _end(job)


async def test_what_lasts_a_moment_is_found_at_its_moment() -> None:
    """Between two looks: it fires at the threshold, whenever that is seen."""
    hall = Hall()
    start = hall.clock.now()
    hall.say(fact("contact.queued", start, contact="c1", queue=QUEUE))
    hall.alarms.look()
    await hall.clock.advance(75)
    hall.alarms.look()
    assert hall.fired == [start + 60.0]


async def test_rules_are_told_once() -> None:
    hall = Hall()
    hall.alarms.look()
    seq = hall.intake.seq
    hall.alarms.look()
    assert hall.intake.seq == seq
    assert set(hall.engine.alerts.rules) == {"wait"}
    hall.alarms.replace(Ruleset([]))
    hall.alarms.look()
    assert not hall.engine.alerts.rules
