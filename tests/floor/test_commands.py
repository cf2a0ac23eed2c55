"""The way of a command: recorded, handed over once, followed to its end; and the same after a crash."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from ccwall import events
from ccwall.events import CommandId, Principal
from ccwall.floor.commands import BURST, COMMIT_WITHIN, END_WITHIN, OPEN_EACH, OUTBOX, Commands
from ccwall.floor.wish import NotNow, NotRecording, TooMany
from tests.floor.desk import ANNA, CHEN, OLEG, PBX, PROMO, Desk, Disk, Q, paused


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    desk = await Desk(Disk()).open().run()
    yield desk
    await desk.stop()


def disk(desk: Desk) -> Disk:
    assert desk.disk is not None
    return desk.disk


async def commit(desk: Desk) -> None:
    disk(desk).commit(desk.intake.seq)
    await desk.clock.advance(0)


def handed(desk: Desk) -> list[str]:
    return [wish.command_id for wish in desk.sources[PBX].handed]


async def test_nothing_leaves_before_it_is_on_the_disk(desk: Desk) -> None:
    id = desk.ask()
    await desk.clock.advance(1)
    assert (handed(desk), desk.state(id)) == ([], "requested")
    await commit(desk)
    assert (handed(desk), desk.state(id)) == ([id], "sent")


async def test_it_is_handed_over_once_whatever_is_committed_after(desk: Desk) -> None:
    id = desk.ask()
    for _ in range(3):
        await commit(desk)
        await desk.clock.advance(1)
    assert handed(desk) == [id]


async def test_the_envelope_names_the_actor_and_the_house(desk: Desk) -> None:
    desk.ask()
    envelope = next(e for e in desk.journal if isinstance(e.event, events.CommandRequested))
    assert (envelope.actor, envelope.source) == (CHEN, "ccwall")


async def test_the_answer_of_the_source_ends_it(desk: Desk) -> None:
    yes, no = desk.ask(), desk.ask()
    await commit(desk)
    now = desk.clock.now()
    desk.say(events.CommandConfirmed(at=now, command_id=CommandId(yes)))
    desk.say(events.CommandRefused(at=now, command_id=CommandId(no), detail="Interface not found"))
    assert (desk.state(yes), desk.state(no), desk.detail(no)) == (
        "confirmed",
        "refused",
        "Interface not found",
    )


async def test_without_a_journal_it_goes_at_once() -> None:
    desk = await Desk(None).open().run()
    id = desk.ask()
    await desk.clock.advance(0)
    assert handed(desk) == [id]
    await desk.stop()


async def test_while_nothing_is_recorded_nothing_is_commanded(desk: Desk) -> None:
    disk(desk).state = "stopped"
    with pytest.raises(NotRecording, match="not recording"):
        desk.ask()
    assert list(desk.engine.commands()) == []


async def test_what_the_disk_does_not_take_in_time_is_refused_and_never_handed_over(desk: Desk) -> None:
    first, second = desk.ask(), desk.ask()
    await desk.clock.advance(COMMIT_WITHIN)
    assert (desk.state(first), desk.state(second)) == ("refused", "refused")
    assert "could not record it" in desk.detail(first)
    await commit(desk)
    assert handed(desk) == []


async def test_a_disk_that_fails_while_we_wait_refuses(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(seq: int) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(disk(desk), "wait", broken)
    id = desk.ask()
    await desk.clock.advance(0)
    assert (desk.state(id), handed(desk)) == ("refused", [])


async def test_what_was_given_up_before_it_was_recorded_is_not_handed_over(desk: Desk) -> None:
    id = desk.ask()
    desk.say(events.CommandUnknown(at=desk.clock.now(), command_id=CommandId(id)))
    await commit(desk)
    assert (desk.state(id), handed(desk)) == ("unknown", [])


async def test_a_recording_cannot_be_commanded(desk: Desk) -> None:
    del desk.sources[PBX]
    with pytest.raises(NotNow, match="is a recording"):
        desk.ask()


# ── no end ──


async def test_what_its_source_never_ends_is_unknown_in_the_end(desk: Desk) -> None:
    id = desk.ask()
    await commit(desk)
    await desk.clock.advance(END_WITHIN - 1)
    assert desk.state(id) == "sent"
    await desk.clock.advance(2)
    assert desk.state(id) == "unknown"


async def test_a_source_that_says_nothing_at_all_is_noticed(desk: Desk) -> None:
    desk.sources[PBX].says_sent = False
    id = desk.ask()
    await commit(desk)
    await desk.clock.advance(END_WITHIN + 1)
    assert desk.state(id) == "unknown"


async def test_with_its_source_a_sent_command_is_lost_and_no_other(desk: Desk) -> None:
    here, there = desk.ask(), desk.ask(target=OLEG, source="pbx2")
    await commit(desk)
    desk.say(events.SourceDown(at=desk.clock.now(), reason="failed"))
    assert (desk.state(here), desk.state(there)) == ("unknown", "sent")


async def test_the_next_snapshot_shows_that_it_happened(desk: Desk) -> None:
    id = desk.ask(queue=Q)
    await commit(desk)
    now = desk.clock.now()
    desk.say(events.SourceDown(at=now, reason="eof"))
    desk.resync(PBX, *_still_there(now), paused(ANNA, Q, now))
    assert desk.state(id) == "confirmed"
    assert desk.commands.one(CHEN, id)["by"] == "snapshot"


async def test_the_next_snapshot_shows_that_it_did_not(desk: Desk) -> None:
    id = desk.ask(queue=Q)
    await commit(desk)
    now = desk.clock.now()
    desk.say(events.SourceDown(at=now, reason="eof"))
    desk.resync(PBX, *_still_there(now))
    assert desk.state(id) == "refused"
    assert "anna is not paused in pbx1/consult. Ask again" in desk.detail(id)
    assert handed(desk) == [id]


def _still_there(at: float) -> list[events.AnyEvent]:
    return [
        event
        for queue in (Q, PROMO)
        for event in (
            events.AgentMembershipChanged(at=at, agent=ANNA, queue=queue, member=True),
            events.AgentReady(at=at, agent=ANNA, queue=queue),
        )
    ]


async def test_a_snapshot_of_another_source_proves_nothing(desk: Desk) -> None:
    id = desk.ask(queue=Q)
    await commit(desk)
    desk.say(events.CommandUnknown(at=desk.clock.now(), command_id=CommandId(id)))
    desk.resync(events.SourceId("pbx2"))
    assert desk.state(id) == "unknown"


async def test_the_fact_that_follows_an_unanswered_command_confirms_it(desk: Desk) -> None:
    id = desk.ask(queue=Q)
    await commit(desk)
    desk.say(events.CommandUnknown(at=desk.clock.now(), command_id=CommandId(id)))
    desk.say(events.AgentReady(at=desk.clock.now(), agent=ANNA, queue=PROMO))
    assert desk.state(id) == "unknown"  # a fact alone never says that something did not happen
    desk.say(paused(ANNA, Q, desk.clock.now()))
    assert desk.state(id) == "confirmed"


async def test_the_same_fact_says_nothing_of_a_command_under_way(desk: Desk) -> None:
    id = desk.ask(queue=Q)
    await commit(desk)
    desk.say(paused(ANNA, Q, desk.clock.now()))
    assert desk.state(id) == "sent"


# ── ccwall dies ──


async def again(before: Desk) -> Desk:
    """ccwall is started anew on its journal."""
    await before.stop()
    desk = Desk(Disk(), before.journal)
    desk.clock = before.clock
    desk.commands.recover()
    return await desk.run()


async def test_dead_between_requested_and_sent_it_is_unknown_and_not_sent_later(desk: Desk) -> None:
    id = desk.ask(queue=Q)
    after = await again(desk)
    await commit(after)
    assert (after.state(id), handed(after), handed(desk)) == ("unknown", [], [])
    after.resync(PBX, *_still_there(after.clock.now()))
    assert after.state(id) == "refused"
    await after.stop()


async def test_dead_between_sent_and_answer_it_is_unknown_until_a_snapshot(desk: Desk) -> None:
    id = desk.ask(queue=Q)
    await commit(desk)
    after = await again(desk)
    assert (after.state(id), handed(after)) == ("unknown", [])
    after.resync(PBX, *_still_there(after.clock.now()), paused(ANNA, Q, after.clock.now()))
    assert after.state(id) == "confirmed"
    await after.stop()


async def test_an_unknown_one_is_still_looked_after_when_ccwall_dies_twice(desk: Desk) -> None:
    id = desk.ask(queue=Q)
    await commit(desk)
    third = await again(await again(desk))
    third.resync(PBX, *_still_there(third.clock.now()), paused(ANNA, Q, third.clock.now()))
    assert third.state(id) == "confirmed"
    await third.stop()


async def test_what_had_an_end_is_left_alone(desk: Desk) -> None:
    id = desk.ask(queue=Q)
    await commit(desk)
    desk.say(events.CommandConfirmed(at=desk.clock.now(), command_id=CommandId(id)))
    after = await again(desk)
    after.resync(PBX, *_still_there(after.clock.now()))
    assert after.state(id) == "confirmed"
    await after.stop()


# ── bounds ──


async def test_one_person_has_so_many_open_commands_and_no_more(desk: Desk) -> None:
    for _ in range(OPEN_EACH):
        desk.ask()
    with pytest.raises(TooMany, match="no end yet"):
        desk.ask()
    desk.ask(who=Principal(id="wu", role="lead"))
    await commit(desk)
    for wish in list(desk.sources[PBX].handed):
        desk.say(events.CommandConfirmed(at=desk.clock.now(), command_id=wish.command_id))
    desk.ask()


async def test_a_person_who_commands_too_often_must_wait(desk: Desk) -> None:
    for _ in range(BURST):
        with pytest.raises(Exception, match="no agent"):
            desk.ask(target="nobody")
    with pytest.raises(TooMany, match="at once") as told:
        desk.ask()
    assert 0 < told.value.wait <= 1.0
    await desk.clock.advance(1.0)
    desk.ask()


async def test_the_outbox_is_bounded(desk: Desk) -> None:
    for number in range(OUTBOX):
        desk.ask(who=Principal(id=f"p{number}", role="lead"))
    with pytest.raises(TooMany, match="wait to be recorded"):
        desk.ask(who=Principal(id="last", role="lead"))


async def test_an_id_that_was_had_is_not_given_again(desk: Desk) -> None:
    ids = iter(["same", "same", "other"])
    desk.commands._ids = lambda: next(ids)
    assert (desk.ask(), desk.ask()) == ("same", "other")


async def test_what_is_told_of_it_is_whole_and_newest_first(desk: Desk) -> None:
    first, second = desk.ask(), desk.ask(reason="training")
    newest, oldest = desk.commands.recent(CHEN)
    assert (newest["command_id"], oldest["command_id"]) == (second, first)
    assert newest == {
        "command_id": second,
        "name": "agent.pause",
        "target": "anna",
        "arguments": {"source": "pbx1"},
        "reason": "training",
        "state": "requested",
        "source": "pbx1",
        "requested": desk.clock.now(),
        "actor": {"id": "chen", "role": "manager", "name": "陈"},
    }


def test_commands_need_no_loop_to_be_made() -> None:
    assert isinstance(Desk().commands, Commands)
    assert asyncio.iscoroutinefunction(Desk().commands.run)
