"""ccwall dies at any stage of a break: nobody is paused twice for one, nothing that was promised is forgotten."""

import asyncio

import pytest

from ccwall import events
from ccwall.events import BreakId
from ccwall.floor.ahead import PBX_AWAY
from ccwall.floor.wish import NotNow
from tests.floor.breaks import ANNA, HERSELF, PBX, SONG, BreakDesk, Disk, Q
from tests.floor.desk import PROMO, joined, paused


class Story:
    """One desk after another on one journal. The switch does at once what it is handed, and forgets nothing; a `deaf` one
    does nothing."""

    def __init__(self, *, deaf: bool = False) -> None:
        self.deaf = deaf
        self.desk = BreakDesk(Disk()).open()
        self.pauses = 0
        self.is_paused = False

    def hand_over(self) -> None:
        wishes = [wish for wish in self.desk.sources[PBX].handed if wish.name == "agent.pause"]
        if wishes:
            self.pauses += len(wishes)
            self.is_paused = not self.deaf
            self.desk.sources[PBX].handed.clear()

    async def settle(self) -> None:
        await self.desk.clock.advance(0)
        self.hand_over()

    async def crash(self, kept: int) -> None:
        """Of the journal the first `kept` facts are on the disk."""
        await self.settle()
        await self.desk.stop()
        clock, journal = self.desk.clock, self.desk.journal[:kept]
        self.desk = BreakDesk(Disk(), journal)
        self.desk.clock = clock
        self.desk.commands._clock = clock
        self.desk.watch._clock = clock
        self.desk.acts.bench.clock = clock
        assert self.desk.disk is not None
        self.desk.disk.commit(len(journal))
        self.desk.commands.recover()
        await self.desk.run()
        now = clock.now()
        for source in (PBX,):
            self.desk.say(events.SourceDown(at=now, reason="restart"), source=source)
        self.desk.watch.look(clock.now())  # blind: nobody knows anything yet
        word = [paused(ANNA, queue, now, "short") for queue in (Q, PROMO)] if self.is_paused else []
        self.desk.resync(PBX, *(joined(ANNA, queue, now) for queue in (Q, PROMO)), *word)

    async def all_on_the_disk(self) -> None:
        assert self.desk.disk is not None
        self.desk.disk.commit(self.desk.intake.seq)
        await self.settle()
        await self.desk.later(2)
        self.desk.disk.commit(self.desk.intake.seq)
        await self.settle()


async def granted_and_killed(after: int, sent: bool) -> None:
    """Killed when `after` more facts than the wish are on the disk; `sent`: the command got out before."""
    story = Story()
    await story.desk.run()
    id = await story.desk.asked()
    before = len(story.desk.journal)
    await story.desk.do(SONG, "break.grant", break_id=id)
    assert story.desk.disk is not None
    if sent:
        story.desk.disk.commit(before + after)
    await story.settle()
    await story.crash(before + after)
    try:
        await story.desk.do(SONG, "break.grant", break_id=id)  # she presses again
    except NotNow:
        pass
    await story.all_on_the_disk()
    assert story.pauses <= 1
    item = story.desk.engine.breaks.items[BreakId(id)]
    assert item.state in ("granted", "running")
    if story.pauses:
        assert story.is_paused
    await story.desk.stop()


@pytest.mark.parametrize("after", range(4))
@pytest.mark.parametrize("sent", [False, True])
def test_killed_at_each_stage_of_a_grant(after: int, sent: bool) -> None:
    asyncio.run(granted_and_killed(after, sent))


async def said_ahead_and_killed(act: str, after: int, deaf: bool) -> None:
    """For five minutes from now; killed when `after` more facts than those of the wish are on the disk."""
    story = Story(deaf=deaf)
    await story.desk.run()
    when = story.desk.clock.now() + 300
    id = await story.desk.asked(begins=None if act == "break.postpone" else when)
    more = {"begins": when} if act == "break.postpone" else {}
    await story.desk.do(SONG, act, break_id=id, **more)
    before = len(story.desk.journal)
    await story.desk.later(301)  # its time comes
    assert story.desk.disk is not None
    story.desk.disk.commit(before + after)
    await story.settle()
    await story.crash(before + after)
    for _ in range(3):
        await story.desk.later(16)
        await story.all_on_the_disk()
    assert story.pauses <= 1
    if not story.pauses:  # it may have been sent, which nobody knows: it is not sent again
        assert [command.state for command in story.desk.engine.commands()] == ["unknown"]
    assert story.desk.stage(id) in ("granted", "running")
    await story.desk.stop()


@pytest.mark.parametrize("act", ["break.postpone", "break.grant"])
@pytest.mark.parametrize("after", range(4))
@pytest.mark.parametrize("deaf", [False, True])
def test_killed_while_the_time_comes_of_what_was_said_ahead(act: str, after: int, deaf: bool) -> None:
    asyncio.run(said_ahead_and_killed(act, after, deaf))


def test_what_was_granted_ahead_waits_for_a_switch_that_is_away() -> None:
    async def granted() -> None:
        desk = BreakDesk().open()
        await desk.run()
        id = await desk.asked(begins=desk.clock.now() + 300)
        await desk.do(SONG, "break.grant", break_id=id)
        desk.say(events.SourceDown(at=desk.clock.now(), reason="eof"))
        await desk.later(400)
        await desk.clock.advance(0)
        assert (desk.stage(id), desk.engine.commands()) == ("granted", [])
        now = desk.clock.now()
        desk.resync(PBX, *(joined(ANNA, queue, now) for queue in (Q, PROMO)))
        await desk.later(1)
        await desk.later(1)
        assert desk.handed() == [("agent.pause", ANNA, "short")]
        await desk.stop()

    asyncio.run(granted())


@pytest.mark.parametrize(("away", "then"), [(PBX_AWAY - 2, "postponed"), (PBX_AWAY + 2, "granted")])
def test_a_promise_waits_a_while_for_a_switch_that_is_away(away: float, then: str) -> None:
    """So that it is carried out there; and not for ever, because it was promised."""

    async def promised() -> None:
        desk = BreakDesk().open()
        await desk.run()
        id = await desk.asked()
        await desk.do(SONG, "break.postpone", break_id=id, begins=desk.clock.now() + 300)
        desk.say(events.SourceDown(at=desk.clock.now(), reason="eof"))
        await desk.later(300 + away)
        assert desk.stage(id) == then
        now = desk.clock.now()
        desk.resync(PBX, *(joined(ANNA, queue, now) for queue in (Q, PROMO)))
        await desk.later(1)
        await desk.later(1)
        assert (desk.stage(id), desk.handed()) == ("granted", [("agent.pause", ANNA, "short")])
        await desk.stop()

    asyncio.run(promised())


@pytest.mark.parametrize("cut", range(1, 6))
def test_killed_while_somebody_is_away_and_comes_back(cut: int) -> None:
    """The facts of the watch that were lost are said again, once, by what the floor says after the restart."""

    async def story() -> None:
        told = Story()
        await told.desk.run()
        id = await told.desk.asked(who=HERSELF)
        before = len(told.desk.journal)
        await told.desk.do(SONG, "break.grant", break_id=id)
        await told.settle()
        await told.desk.leaves()
        told.is_paused = True
        await told.crash(min(before + cut, len(told.desk.journal)))
        await told.desk.later(1)
        await told.desk.later(1)
        assert told.desk.stage(id) == "running"
        began = [e for e in told.desk.journal if isinstance(e.event, events.BreakBegan)]
        assert len({e.event.break_id for e in began if isinstance(e.event, events.BreakBegan)}) == 1
        await told.desk.stop()

    asyncio.run(story())
