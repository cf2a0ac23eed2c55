"""Breaks as people live them: asked for, decided, left for, over-run, come back from; by page, button, reason and promise."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

from ccwall import events
from ccwall.config import HOUSE
from ccwall.engine.conflicts import LIMITS
from ccwall.events import BreakKind, BreakLimit, BreakPolicy, DeviceId, Policy, Principal, SeatId
from ccwall.floor.break_room import BreakRoom
from ccwall.floor.breaks import look
from ccwall.floor.wish import Forbidden, Mistaken, NotNow, NotThere
from tests.floor.breaks import FAR_LEAD, HERSELF, LIN, SONG, BreakDesk
from tests.floor.desk import ANNA, OLEG, OTHER, PBX, PROMO, Q, joined


@pytest.fixture
async def desk() -> AsyncIterator[BreakDesk]:
    desk = BreakDesk().open()
    await desk.run()
    yield desk
    await desk.stop()


# ── the way of one ─────────────────────────────────────────────────────────────────────────────────────────────────


async def test_from_the_wish_to_the_return(desk: BreakDesk) -> None:
    id = await desk.asked("meal", note="noodles")
    assert desk.stage(id) == "requested"
    told = await desk.do(SONG, "break.grant", break_id=id)
    await desk.clock.advance(0)
    assert desk.handed() == [("agent.pause", ANNA, "meal")]
    assert told["commands"] == [errand.command for errand in desk.item(id).errands]
    await desk.leaves(reason="meal")
    assert desk.stage(id) == "running"
    assert desk.item(id).asked
    await desk.later(1860)
    assert desk.stage(id) == "running"
    assert (desk.item(id).until or 0) < desk.clock.now()
    await desk.returns()
    item = desk.item(id)
    assert (item.state, item.how) == ("ended", "back")
    assert [each.kind for each in desk.engine.breaks.taken[ANNA]] == ["meal"]
    assert sum(e.ended - e.began for e in desk.engine.breaks.taken[ANNA]) == pytest.approx(1861, abs=2)


async def test_she_leaves_when_her_call_is_over(desk: BreakDesk) -> None:
    id = await desk.asked()
    now = desk.clock.now()
    contact = events.ContactId("c1")
    desk.say(
        events.ContactQueued(at=now, contact=contact, queue=Q),
        events.ContactAnswered(at=now, contact=contact, queue=Q, agent=ANNA),
    )
    await desk.do(SONG, "break.grant", break_id=id)
    await desk.leaves()
    await desk.later(900)  # longer than a grant waits for who does not go
    assert desk.stage(id) == "granted"
    desk.say(events.ContactReleased(at=desk.clock.now(), contact=contact, queue=Q, agent=ANNA))
    await desk.later()
    assert desk.stage(id) == "running"
    assert desk.item(id).began == pytest.approx(desk.clock.now(), abs=1.5)


async def test_looking_twice_says_nothing_twice(desk: BreakDesk) -> None:
    id = await desk.asked()
    await desk.do(SONG, "break.grant", break_id=id)
    await desk.leaves()
    await desk.leaves(OLEG, "lunch")
    facts = len(desk.journal)
    for _ in range(5):
        desk.watch.look(desk.clock.now())
    assert len(desk.journal) == facts
    assert look(desk.engine, desk.clock.now()) == []


async def test_who_goes_without_asking_is_known_as_that(desk: BreakDesk) -> None:
    await desk.leaves(reason="lunch")
    (item,) = desk.engine.breaks.open()
    assert (item.kind, item.state, item.asked, item.reason) == ("meal", "running", False, "lunch")
    await desk.returns()
    assert item.state == "ended"


async def test_who_goes_before_the_answer_went_without_consent(desk: BreakDesk) -> None:
    id = await desk.asked()
    await desk.leaves()
    assert (desk.stage(id), desk.item(id).asked) == ("running", False)
    with pytest.raises(NotNow):
        await desk.do(SONG, "break.grant", break_id=id)


async def test_another_kind_than_was_granted_is_another_break(desk: BreakDesk) -> None:
    id = await desk.asked("meal")
    await desk.do(SONG, "break.grant", break_id=id)
    await desk.leaves(reason="training")
    assert desk.stage(id) == "granted"
    other = next(item for item in desk.engine.breaks.open() if item.id != id)
    assert (other.kind, other.state) == ("training", "running")
    await desk.leaves(reason="lunch")
    assert (desk.stage(id), other.state) == ("running", "ended")


async def test_a_reason_that_says_nothing_is_what_was_granted(desk: BreakDesk) -> None:
    id = await desk.asked("meal")
    await desk.do(SONG, "break.grant", break_id=id)
    await desk.leaves(reason="")
    assert desk.stage(id) == "running"


async def test_a_pause_of_the_pbx_itself_is_no_break(desk: BreakDesk) -> None:
    desk.say(events.AgentNotReady(at=desk.clock.now(), agent=ANNA, reason="Auto-Pause", automatic=True))
    await desk.later()
    assert desk.engine.breaks.open() == []


async def test_a_grant_that_nobody_uses_is_over(desk: BreakDesk) -> None:
    id = await desk.asked()
    await desk.do(SONG, "break.grant", break_id=id)
    await desk.later(599)
    assert desk.stage(id) == "granted"
    await desk.later(2)
    assert (desk.stage(id), desk.item(id).how) == ("ended", "unused")
    assert desk.engine.breaks.taken == {}


async def test_who_signs_off_ends_both_wish_and_break(desk: BreakDesk) -> None:
    id = await desk.asked("meal")
    await desk.leaves(reason="training")
    (running,) = (item for item in desk.engine.breaks.open() if item.id != id)
    desk.say(events.AgentLoggedOff(at=desk.clock.now(), agent=ANNA))
    await desk.later()
    assert (running.state, running.how) == ("ended", "logged_off")
    assert desk.stage(id) == "withdrawn"


# ── later ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_what_is_postponed_comes_true_by_itself_on_behalf_of_who_said_so(desk: BreakDesk) -> None:
    id = await desk.asked()
    when = desk.clock.now() + 900
    await desk.do(SONG, "break.postpone", break_id=id, begins=when, reason="peak until then")
    await desk.later(895)
    assert (desk.stage(id), desk.handed()) == ("postponed", [])
    await desk.later(10)
    await desk.clock.advance(0)
    assert desk.stage(id) == "granted"
    assert desk.handed() == [("agent.pause", ANNA, "short")]
    (command,) = desk.engine.commands()
    assert command.actor is not None
    assert command.actor.id == "song"
    item = desk.item(id)
    assert item.by is not None
    assert (item.by.id, [errand.command for errand in item.errands]) == ("song", [command.id])


async def test_a_wish_for_later_is_granted_for_later_and_not_carried_out_yet(desk: BreakDesk) -> None:
    when = desk.clock.now() + 1200
    id = await desk.asked(begins=when)
    await desk.do(SONG, "break.grant", break_id=id)
    await desk.clock.advance(0)
    assert (desk.item(id).begins, desk.handed()) == (when, [])
    await desk.later(1199)
    await desk.clock.advance(0)
    assert desk.handed() == []
    for _ in range(3):
        await desk.later(1)
        await desk.clock.advance(0)
    assert desk.handed() == [("agent.pause", ANNA, "short")]
    (command,) = desk.engine.commands()
    assert command.actor is not None
    assert command.actor.id == "song"
    assert [errand.command for errand in desk.item(id).errands] == [command.id]
    for _ in range(3):
        await desk.later(180)
    assert desk.stage(id) == "granted"
    assert len(desk.handed()) == len(desk.item(id).errands) == 1
    said = [getattr(fact, "command", None) for fact in desk.told(events.BreakGranted)]
    assert said == [None, command.id]


async def test_a_source_that_only_tells_is_sent_nothing_and_that_is_said(desk: BreakDesk) -> None:
    desk.sources[PBX].obeys = False
    id = await desk.asked()
    told = await desk.do(SONG, "break.grant", break_id=id)
    assert told["why"] == f"{PBX} only tells: nobody there can be commanded."
    await desk.clock.advance(0)
    assert (desk.stage(id), desk.handed(), desk.engine.commands()) == ("granted", [], [])


async def test_what_was_granted_for_later_is_not_sent_when_it_was_taken_back_or_they_left_by_themselves(
    desk: BreakDesk,
) -> None:
    when = desk.clock.now() + 1200
    id = await desk.asked(begins=when)
    await desk.do(SONG, "break.grant", break_id=id)
    await desk.do(HERSELF, "break.withdraw", break_id=id)
    await desk.later(1201)
    again = await desk.asked(begins=desk.clock.now() + 600)
    await desk.do(SONG, "break.grant", break_id=again)
    await desk.later(300)
    await desk.leaves()
    await desk.later(301)
    await desk.clock.advance(0)
    assert (desk.stage(again), desk.handed()) == ("running", [])


# ── buttons, reasons, senses ───────────────────────────────────────────────────────────────────────────────────────


def press(desk: BreakDesk, **more: Any) -> None:
    pressed = events.DevicePressed(at=desk.clock.now(), device=DeviceId("desk/b1"), button="break", **more)
    desk.say(pressed)
    desk.watch.look(desk.clock.now())


async def test_a_button_asks_once(desk: BreakDesk) -> None:
    for _ in range(3):
        press(desk, agent=ANNA)
    (item,) = desk.engine.breaks.open()
    assert (item.agent, item.kind, item.via, item.state) == (ANNA, "short", "button", "requested")


async def test_a_press_right_before_a_crash_is_a_wish_after_it() -> None:
    desk = BreakDesk().open()
    pressed = events.DevicePressed(
        at=desk.clock.now(), device=DeviceId("desk/b1"), button="break", agent=ANNA
    )
    desk.say(pressed)
    again = BreakDesk(journal=desk.journal)
    assert again.engine.breaks.open() == []
    again.watch.look(again.clock.now())
    (item,) = again.engine.breaks.open()
    assert (item.agent, item.requested, item.via) == (ANNA, pressed.at, "button")


async def test_a_press_that_had_its_answer_asks_for_no_more(desk: BreakDesk) -> None:
    press(desk, agent=ANNA)
    (item,) = desk.engine.breaks.open()
    await desk.do(SONG, "break.refuse", break_id=item.id, reason="now is the peak")
    for _ in range(5):
        await desk.later(1)
    assert desk.engine.breaks.open() == []
    press(desk, agent=ANNA)
    assert len(desk.engine.breaks.open()) == 1


async def test_a_press_of_long_ago_is_forgotten(desk: BreakDesk) -> None:
    desk.say(
        events.DevicePressed(at=desk.clock.now(), device=DeviceId("desk/b1"), button="break", agent=ANNA)
    )
    await desk.later(121)
    assert desk.engine.breaks.open() == []


async def test_a_button_of_nobody_asks_for_nobody(desk: BreakDesk) -> None:
    press(desk)
    press(desk, seat=SeatId("nowhere"))
    assert desk.engine.breaks.open() == []


async def test_a_reason_can_ask() -> None:
    desk = BreakDesk(policy=BreakPolicy(asks={"pbx1/ask": "meal"}, limits=())).open()
    await desk.leaves(reason="ask")
    (item,) = desk.engine.breaks.open()
    assert (item.kind, item.state, item.via) == ("meal", "requested", "reason")
    await desk.later(60)
    assert desk.engine.breaks.open() == [item]
    await desk.do(SONG, "break.refuse", break_id=item.id, reason="not now")
    await desk.later(60)
    assert desk.engine.breaks.open() == []  # the same word is not asked twice


async def test_a_break_can_begin_by_the_senses_alone() -> None:
    """The PBX says ready, and the headset lies on its hook: F2 becomes the break that was granted."""
    desk = BreakDesk(policy=BreakPolicy(carry_out=False, limits=())).open()
    cards = {ANNA: events.AgentCard(team="red", acd=True)}
    policy = Policy(agents=cards, breaks=desk.policy, senses={OTHER: "desk"})
    desk.say(events.ConfigApplied(at=desk.clock.now(), hash="", policy=policy))
    phone = events.DeviceStateChanged(
        at=desk.clock.now(), device=DeviceId("pbx1/anna"), state="idle", agent=ANNA
    )

    def headset(*, docked: bool) -> None:
        word = events.DeviceHeadset(at=desk.clock.now(), device=DeviceId("hs"), agent=ANNA, docked=docked)
        desk.say(word, source=OTHER)

    desk.say(phone)
    headset(docked=False)
    id = await desk.asked()
    await desk.do(SONG, "break.grant", break_id=id)
    await desk.clock.advance(10)
    docked = desk.clock.now()
    headset(docked=True)
    await desk.later(LIMITS["ready_docked"] - 2)
    assert desk.stage(id) == "granted"
    await desk.later(3)
    assert (desk.stage(id), desk.item(id).began) == ("running", docked)
    headset(docked=False)
    await desk.later()
    assert desk.stage(id) == "ended"


# ── who may, and who was faster ────────────────────────────────────────────────────────────────────────────────────


async def test_of_two_leads_at_once_the_second_is_told_who_was_faster(desk: BreakDesk) -> None:
    id = await desk.asked()
    first, second = await asyncio.gather(
        desk.do(SONG, "break.grant", break_id=id),
        desk.do(LIN, "break.refuse", break_id=id, reason="too many"),
        return_exceptions=True,
    )
    assert isinstance(first, dict)
    assert isinstance(second, NotNow)
    assert "granted by Song Jia" in str(second)
    assert (second.more["done"], second.more["by"]) == ("granted", "Song Jia")
    assert desk.stage(id) == "granted"


@pytest.mark.parametrize(
    ("who", "name", "error"),
    [
        (FAR_LEAD, "break.grant", NotThere),
        (HERSELF, "break.grant", Forbidden),
        (HERSELF, "break.refuse", Forbidden),
        (Principal(id="q", role="quality"), "break.grant", Forbidden),
        (Principal(id="oleg", role="agent", agent=OLEG), "break.withdraw", NotThere),
        (Principal(id="n", role="lead", queues=(events.QueueId("pbx1/other"),)), "break.grant", NotThere),
    ],
)
async def test_who_may_not(desk: BreakDesk, who: Principal, name: str, error: type[Exception]) -> None:
    id = await desk.asked()
    more = {"reason": "no"} if name == "break.refuse" else {}
    with pytest.raises(error):
        await desk.do(who, name, break_id=id, **more)
    assert desk.stage(id) == "requested"


async def test_a_lead_does_not_decide_on_their_own_break(desk: BreakDesk) -> None:
    both = Principal(id="anna", role="lead", agent=ANNA, teams=("red",))
    id = await desk.asked(who=both)
    with pytest.raises(Forbidden, match="own break"):
        await desk.do(both, "break.grant", break_id=id)
    await desk.do(SONG, "break.grant", break_id=id)


async def test_an_agent_asks_for_nobody_else_and_a_lead_for_their_own(desk: BreakDesk) -> None:
    with pytest.raises(Forbidden):
        await desk.do(HERSELF, "break.request", kind="short", agent=OLEG)
    with pytest.raises(NotThere):
        await desk.do(SONG, "break.request", kind="short", agent=OLEG)
    told = await desk.do(SONG, "break.request", kind="short", agent=ANNA)
    assert desk.item(str(told["break_id"])).via == "other"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"kind": "siesta"}, Mistaken),
        ({"kind": "short", "lasts": 5.0}, Mistaken),
        ({"kind": "short", "begins": 1.0}, Mistaken),
        ({"kind": "short", "note": "a\nb"}, Mistaken),
        ({"kind": "short", "note": "x" * 201}, Mistaken),
        ({"kind": "short", "more": 1}, Mistaken),
    ],
)
async def test_words_that_are_wrong(
    desk: BreakDesk, arguments: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        await desk.do(HERSELF, "break.request", **arguments)
    assert desk.engine.breaks.items == {}


async def test_nobody_is_refused_without_a_word(desk: BreakDesk) -> None:
    id = await desk.asked()
    with pytest.raises(Mistaken, match="missing"):
        await desk.do(SONG, "break.refuse", break_id=id, reason="  ")
    await desk.do(SONG, "break.refuse", break_id=id, reason="peak")
    assert (desk.stage(id), desk.item(id).reason) == ("refused", "peak")


async def test_one_wish_at_a_time(desk: BreakDesk) -> None:
    await desk.asked()
    with pytest.raises(NotNow):
        await desk.asked("meal")


async def test_who_is_signed_off_wants_no_break(desk: BreakDesk) -> None:
    desk.say(events.AgentLoggedOff(at=desk.clock.now(), agent=ANNA))
    with pytest.raises(NotNow, match="signed off"):
        await desk.asked()


async def test_what_is_against_it_stops_a_grant_until_it_is_wanted_all_the_same() -> None:
    kinds = {"short": BreakKind(quota_times=1), "meal": BreakKind(state="meal")}
    desk = BreakDesk(policy=BreakPolicy(kinds=kinds, limits=(BreakLimit(minimum=2),))).open()
    id = await desk.asked()
    with pytest.raises(NotNow, match="1 would be left in floor, and 2 must be") as caught:
        await desk.do(SONG, "break.grant", break_id=id)
    assert caught.value.more["done"] == "against"
    await desk.do(SONG, "break.grant", break_id=id, anyway=True)
    assert desk.stage(id) == "granted"


async def test_a_lead_takes_a_grant_back_with_a_reason_and_makes_them_ready_again(desk: BreakDesk) -> None:
    id = await desk.asked()
    await desk.do(SONG, "break.grant", break_id=id)
    await desk.clock.advance(0)
    contact, now = events.ContactId("c1"), desk.clock.now()
    desk.say(
        events.ContactQueued(at=now, contact=contact, queue=Q),
        events.ContactAnswered(at=now, contact=contact, queue=Q, agent=ANNA),
    )
    desk.say(events.AgentNotReady(at=now, agent=ANNA, reason="short"))
    for command in desk.engine.commands():
        desk.say(events.CommandConfirmed(at=now, command_id=command.id))
    with pytest.raises(Mistaken):
        await desk.do(LIN, "break.withdraw", break_id=id)
    await desk.do(LIN, "break.withdraw", break_id=id, reason="surge")
    await desk.clock.advance(0)
    assert desk.stage(id) == "withdrawn"
    assert [name for name, *_ in desk.handed()] == ["agent.pause", "agent.resume"]


async def test_calling_back_is_said_and_carried_out_where_wanted(desk: BreakDesk) -> None:
    await desk.leaves(reason="lunch")
    (item,) = desk.engine.breaks.open()
    await desk.do(SONG, "break.end", break_id=item.id, note="surge")
    assert (item.state, item.called is not None, desk.handed()) == ("running", True, [])
    with pytest.raises(NotNow) as caught:
        await desk.do(LIN, "break.end", break_id=item.id)
    assert caught.value.more["by"] == "Song Jia"
    await desk.do(LIN, "break.end", break_id=item.id, resume=True)
    await desk.clock.advance(0)
    assert desk.handed() == [("agent.resume", ANNA, "")]
    await desk.returns()
    assert item.state == "ended"


# ── carried out, once ──────────────────────────────────────────────────────────────────────────────────────────────


async def test_somebody_at_two_pbxes_is_paused_at_both(desk: BreakDesk) -> None:
    boss = Principal(id="boss", role="manager")
    told = await desk.do(boss, "break.request", kind="meal", agent=OLEG)
    id = str(told["break_id"])
    await desk.do(boss, "break.grant", break_id=id)
    await desk.clock.advance(0)
    assert sorted(wish.arguments["source"] for s in desk.sources.values() for wish in s.handed) == [
        PBX,
        OTHER,
    ]
    assert len(desk.item(id).errands) == 2


async def test_a_command_that_is_refused_shows_on_the_break(desk: BreakDesk) -> None:
    id = await desk.asked()
    await desk.do(SONG, "break.grant", break_id=id)
    await desk.clock.advance(0)
    (errand,) = desk.item(id).errands
    desk.engine.changes(desk.clock.now())
    desk.say(
        events.CommandRefused(at=desk.clock.now(), command_id=errand.command, detail="Interface not found")
    )
    changed = desk.engine.changes(desk.clock.now())
    board: Any = desk.engine.board(desk.clock.now())
    (command,) = board["breaks"][id]["commands"]
    assert (command["state"], command["detail"]) == ("refused", "Interface not found")
    assert any(path[0] == "breaks" for path, _ in changed.set)


async def test_without_a_pbx_that_obeys_a_grant_is_a_grant() -> None:
    desk = BreakDesk().open()
    desk.sources.clear()
    id = await desk.asked()
    told = await desk.do(SONG, "break.grant", break_id=id)
    assert (desk.stage(id), told["commands"]) == ("granted", [])
    assert "cannot be commanded" in str(told["why"]) or "nobody there can be commanded" in str(told["why"])


async def test_a_pause_without_a_certain_end_is_not_sent_again(desk: BreakDesk) -> None:
    """A grant was lost with the crash, its command was not: granted again, it is that one that counts."""
    desk.commands.request(SONG, "agent.pause", ANNA, {"source": PBX}, "short")
    (lost,) = desk.engine.commands()
    desk.say(events.CommandUnknown(at=desk.clock.now(), command_id=lost.id))
    id = await desk.asked()
    await desk.do(SONG, "break.grant", break_id=id)
    await desk.clock.advance(0)
    assert [errand.command for errand in desk.item(id).errands] == [lost.id]
    assert [name for name, *_ in desk.handed()].count("agent.pause") <= 1
    assert len(list(desk.engine.commands())) == 1


# ── while nobody hears ─────────────────────────────────────────────────────────────────────────────────────────────


async def test_nothing_begins_or_ends_while_its_source_is_away(desk: BreakDesk) -> None:
    await desk.leaves(reason="lunch")
    (item,) = desk.engine.breaks.open()
    desk.say(events.SourceDown(at=desk.clock.now(), reason="reset"))
    await desk.later(120)
    assert item.state == "running"
    now = desk.clock.now()
    desk.resync(PBX, *(joined(ANNA, queue, now) for queue in (Q,)), events.AgentReady(at=now, agent=ANNA))
    await desk.later()
    assert (item.state, item.how) == ("ended", "unknown")


async def test_half_of_a_resync_is_no_word_on_anybody(desk: BreakDesk) -> None:
    """It tells queue by queue: until it is over, who seems to be ready may still be told to be paused."""
    await desk.leaves(reason="lunch")
    (item,) = desk.engine.breaks.open()
    desk.say(events.SourceDown(at=desk.clock.now(), reason="reset"))
    now = desk.clock.now()
    desk.say(events.SourceUp(at=now), events.SourceResyncStarted(at=now))
    desk.say(joined(ANNA, Q, now), events.AgentReady(at=now, agent=ANNA, queue=Q))
    await desk.later()
    assert item.state == "running"
    word = events.AgentNotReady(at=now, agent=ANNA, reason="lunch")
    desk.say(joined(ANNA, PROMO, now), word, events.SourceResyncFinished(at=now))
    await desk.later()
    assert (item.state, [each.id for each in desk.engine.breaks.open()]) == ("running", [item.id])


# ── by rule ────────────────────────────────────────────────────────────────────────────────────────────────────────


def ruled(**more: Any) -> BreakPolicy:
    return BreakPolicy(**{"automatic": ("short",), "limits": (BreakLimit(cap=1),), "shrinks": False, **more})


async def test_the_house_grants_what_nothing_is_against() -> None:
    desk = BreakDesk(policy=ruled()).open()
    id = await desk.asked()
    await desk.later()
    item = desk.item(id)
    assert (item.state, item.automatic, item.by) == ("granted", True, None)


@pytest.mark.parametrize(
    ("policy", "kind"),
    [(ruled(), "meal"), (ruled(limits=(BreakLimit(minimum=2),)), "short"), (ruled(shrinks=True), "short")],
    ids=["not this kind", "minimum staff", "nothing can be predicted"],
)
async def test_the_house_leaves_to_a_lead_what_it_may_not_grant(policy: BreakPolicy, kind: str) -> None:
    desk = BreakDesk(policy=policy).open()
    id = await desk.asked(kind)
    await desk.later(60)
    assert desk.stage(id) == "requested"


async def test_the_house_waits_while_the_cap_is_reached() -> None:
    desk = BreakDesk(policy=ruled()).open()
    await desk.leaves(OLEG, "lunch")
    id = await desk.asked()
    await desk.later(30)
    assert desk.stage(id) == "requested"
    await desk.returns(OLEG)
    await desk.later(30)
    assert desk.stage(id) == "granted"


async def test_the_watch_runs_and_goes_on(desk: BreakDesk) -> None:
    job = asyncio.create_task(desk.watch.run())
    await desk.clock.advance(0)
    desk.say(events.AgentNotReady(at=desk.clock.now(), agent=ANNA, reason="lunch"))
    await desk.clock.advance(1.5)
    assert [item.kind for item in desk.engine.breaks.open()] == ["meal"]
    job.cancel()


# ── whose budget it is ─────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_refusal_says_which_shifts_budget_is_used_up() -> None:
    kinds = {
        "short": BreakKind(lasts=600, quota_times=1, quota_seconds=600.0),
        "meal": BreakKind(state="meal"),
    }
    desk = BreakDesk(policy=BreakPolicy(kinds=kinds, limits=())).open()
    noon = desk.clock.now() // 86_400 * 86_400 + 43_200.0
    await desk.clock.advance((noon - desk.clock.now()) % 86_400)
    begins = desk.clock.now() - 3 * 3600
    first = events.Shift(shift_id=events.ShiftId("s1"), agent=ANNA, begins=begins, ends=begins + 4 * 3600)
    second = msgspec.structs.replace(
        first, shift_id=events.ShiftId("s2"), begins=begins + 8 * 3600, ends=begins + 12 * 3600
    )
    desk.say(events.ShiftsPlanned(at=desk.clock.now(), shifts=(first, second)), source=HOUSE)
    await desk.asked()
    await desk.leaves()
    await desk.later(300)
    await desk.returns()
    later = await desk.do(HERSELF, "break.request", kind="short", begins=begins + 9 * 3600)
    assert later["against"] == []  # of the second shift
    await desk.do(HERSELF, "break.withdraw", break_id=later["break_id"])
    told = await desk.do(HERSELF, "break.request", kind="short")
    hours = {"begins": begins, "ends": begins + 4 * 3600}
    assert told["against"] == [
        {"what": "quota_times", "have": 2, "limit": 1} | hours,
        {"what": "quota_seconds", "have": pytest.approx(901, abs=3), "limit": 600.0} | hours,
    ]
    with pytest.raises(NotNow, match=r"it would be the 2\. time, of 1 of this shift 09:00-13:00"):
        await desk.do(SONG, "break.grant", break_id=told["break_id"])
    desk.say(events.ShiftRemoved(at=desk.clock.now(), shift_id=events.ShiftId("s1")), source=HOUSE)
    with pytest.raises(NotNow, match=r"it would be the 2\. time, of 1 of the day"):
        await desk.do(SONG, "break.grant", break_id=told["break_id"])


async def test_the_load_is_told_to_a_lead_and_keeps_the_house_from_granting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk = BreakDesk(policy=ruled(shrinks=True)).open()
    monkeypatch.setattr("ccwall.floor.against.missed", lambda effect: Q)
    room = BreakRoom(desk.engine, desk.clock)
    told = await desk.do(HERSELF, "break.request", kind="short")
    load = {"what": "load", "have": 1, "limit": 0, "scope": "floor", "queue": Q}
    assert told["against"] == [load]
    effects: Any = room.effects(SONG)
    assert effects["breaks"][told["break_id"]]["against"] == [load]
    with pytest.raises(NotNow, match=f"by load 0 may be now: {Q} would miss its target"):
        await desk.do(SONG, "break.grant", break_id=told["break_id"])
    await desk.later(20)
    assert desk.stage(str(told["break_id"])) == "requested"
    await desk.do(SONG, "break.grant", break_id=told["break_id"], anyway=True)
    assert desk.stage(str(told["break_id"])) == "granted"
