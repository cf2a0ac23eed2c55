"""Breaks that are granted ahead or promised, when their time comes: sent where there is room, held where there is none, and never more."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccwall import events
from ccwall.engine import Engine
from ccwall.engine.desk.breaks import Break
from ccwall.events import AgentId, BreakLimit, BreakPolicy, Principal
from ccwall.floor.ahead import PBX_AWAY
from ccwall.floor.break_room import BreakRoom
from ccwall.floor.breaks import look
from ccwall.floor.wish import NotNow
from tests.floor.breaks import HERSELF, LIN, SONG, BreakDesk
from tests.floor.desk import ANNA, CHEN, OLEG, PBX, PROMO, WANG, Q, joined

ONE = BreakPolicy(limits=(BreakLimit(cap=1),), shrinks=False)
IN = 600.0
"""Seconds from the grant to the time it is for."""
CAP = {"what": "cap", "have": 2.0, "limit": 1.0, "scope": "floor"}


@pytest.fixture
async def desk() -> AsyncIterator[BreakDesk]:
    """At most one may be away at once."""
    desk = BreakDesk(policy=ONE).open()
    await desk.run()
    yield desk
    await desk.stop()


async def ahead(desk: BreakDesk, agent: AgentId = ANNA, act: str = "break.grant", **more: Any) -> str:
    """Said for in ten minutes, by a lead; Song where it is about Anna."""
    lead, when = (SONG if agent == ANNA else CHEN), desk.clock.now() + IN
    later = {} if act == "break.postpone" else {"begins": when}
    told = await desk.do(lead, "break.request", kind="short", agent=agent, **later)
    given_when = {"begins": when} if act == "break.postpone" else {}
    await desk.do(lead, act, break_id=told["break_id"], **given_when, **more)
    return str(told["break_id"])


async def come(desk: BreakDesk, seconds: float = IN) -> None:
    """Its time comes, and the house looks a few times."""
    await desk.later(seconds)
    for _ in range(3):
        await desk.later(1)
        await desk.clock.advance(0)


def told(desk: BreakDesk, id: str) -> dict[str, Any]:
    board: Any = desk.engine.board(desk.clock.now())
    return dict(board["breaks"][id])


# ── room, and none ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("act", ["break.grant", "break.postpone"])
async def test_where_nothing_is_against_it_it_is_sent_once_on_behalf_of_who_said_so(
    desk: BreakDesk, act: str
) -> None:
    id = await ahead(desk, act=act)
    assert desk.handed() == []
    await come(desk)
    item = desk.item(id)
    assert (item.state, item.is_ahead, item.held) == ("granted", False, None)
    assert desk.handed() == [("agent.pause", ANNA, "short")]
    assert item.by is not None
    assert (item.by.id, len(item.errands)) == ("song", 1)
    facts = [e.event for e in desk.journal if getattr(e.event, "break_id", None) == id]
    for _ in range(3):
        await desk.later(20)
    assert [e.event for e in desk.journal if getattr(e.event, "break_id", None) == id] == facts


@pytest.mark.parametrize("act", ["break.grant", "break.postpone"])
async def test_where_the_cap_is_reached_it_is_held_and_goes_when_there_is_room(
    desk: BreakDesk, act: str
) -> None:
    id = await ahead(desk, act=act)
    await desk.leaves(OLEG)
    await come(desk)
    item = desk.item(id)
    assert (item.state, desk.handed()) == ("held", [])
    assert told(desk, id)["against"] == [CAP]
    assert told(desk, id)["held"] == item.held
    assert len(desk.told(events.BreakHeld)) == 1
    await desk.later(300)
    assert (item.state, desk.handed()) == ("held", [])
    await desk.returns(OLEG)
    await desk.later(1)
    await desk.clock.advance(0)
    assert desk.stage(id) == "granted"
    assert item.begins == pytest.approx(desk.clock.now(), abs=2)
    assert "held" not in told(desk, id)
    assert desk.handed() == [("agent.pause", ANNA, "short")]
    (command,) = desk.engine.commands()
    assert command.actor is not None
    assert command.actor.id == "song"
    await desk.leaves()
    assert (item.state, item.asked) == ("running", True)


async def test_the_least_who_must_stay_hold_it_too() -> None:
    desk = BreakDesk(policy=BreakPolicy(limits=(BreakLimit(minimum=1),))).open()
    await desk.run()
    id = await ahead(desk)
    await desk.leaves(OLEG, "training")  # of a kind that counts for no cap
    await come(desk)
    (stands,) = desk.item(id).against
    assert (stands.what, stands.have, stands.limit) == ("minimum", 0, 1)
    await desk.returns(OLEG)
    await come(desk, 1)
    assert desk.handed() == [("agent.pause", ANNA, "short")]
    await desk.stop()


async def test_the_load_of_that_moment_holds_it_and_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = BreakDesk(policy=BreakPolicy(limits=(BreakLimit(cap=3),))).open()
    await desk.run()
    id = await ahead(desk)
    asked: list[float] = []
    busy = [Q]

    def missed(effect: object) -> object:
        asked.append(desk.clock.now())
        return busy[0] if busy else None

    monkeypatch.setattr("ccwall.floor.against.missed", missed)
    await come(desk)
    (stands,) = desk.item(id).against
    assert (stands.what, stands.scope, stands.queue) == ("load", "floor", Q)
    await desk.leaves(OLEG)  # one more away by load is no news
    await desk.later(20)
    await desk.later(20)
    assert len(desk.told(events.BreakHeld)) == 1
    assert len(asked) <= 4  # a forecast costs milliseconds
    busy.clear()
    await desk.later(16)
    await desk.clock.advance(0)
    assert desk.handed() == [("agent.pause", ANNA, "short")]
    await desk.stop()


async def test_what_holds_it_is_said_once_and_again_when_it_is_something_else(desk: BreakDesk) -> None:
    id = await ahead(desk)
    await desk.leaves(OLEG)
    await come(desk)
    facts = len(desk.journal)
    for _ in range(5):
        desk.watch.look(desk.clock.now())
        assert look(desk.engine, desk.clock.now()) == []
    assert len(desk.journal) == facts
    since = desk.item(id).held
    cards = {ANNA: events.AgentCard(team="red", acd=True), OLEG: events.AgentCard(team="blue", acd=True)}
    policy = BreakPolicy(limits=(BreakLimit(minimum=1),), shrinks=False)
    applied = events.ConfigApplied(
        at=desk.clock.now(), hash="", policy=events.Policy(agents=cards, breaks=policy)
    )
    desk.say(applied)
    await desk.later(1)
    assert [each.key for each in desk.item(id).against] == ["minimum floor"]
    assert desk.item(id).held == since


# ── who goes first ─────────────────────────────────────────────────────────────────────────────────────────────────


async def test_of_two_for_one_place_the_first_goes_and_the_second_follows(desk: BreakDesk) -> None:
    """The first has the place for its time; who is promised a time that meets it is looked at again when it comes."""
    first = await ahead(desk)
    await desk.later(60)
    when = desk.clock.now() + IN
    asked = await desk.do(CHEN, "break.request", kind="short", agent=OLEG, begins=when)
    second = str(asked["break_id"])
    assert desk.engine.obstacles(OLEG, "short", 600.0, desk.clock.now(), when)[0].key == "cap floor"
    await desk.do(CHEN, "break.postpone", break_id=second, begins=when)
    await desk.later(IN - 60)
    await desk.leaves()
    await come(desk, 61)
    assert (desk.stage(first), desk.stage(second)) == ("running", "held")
    await desk.returns()
    await come(desk, 1)
    assert (desk.stage(first), desk.stage(second)) == ("ended", "granted")


async def test_two_for_the_same_time_do_not_wait_for_each_other(desk: BreakDesk) -> None:
    first = await ahead(desk, act="break.postpone")
    second = await ahead(desk, OLEG, "break.postpone")
    await come(desk)
    assert (desk.stage(first), desk.stage(second)) == ("granted", "held")
    assert {whom for _, whom, _ in desk.handed()} == {ANNA}


async def test_two_who_are_held_do_not_wait_for_each_other(desk: BreakDesk) -> None:
    desk.say(joined(WANG, Q, desk.clock.now()))
    first, second = await ahead(desk, act="break.postpone"), await ahead(desk, WANG, "break.postpone")
    await desk.leaves(OLEG)
    await come(desk)
    assert (desk.stage(first), desk.stage(second)) == ("held", "held")
    await desk.returns(OLEG)
    await come(desk, 1)
    assert (desk.stage(first), desk.stage(second)) == ("granted", "held")


async def test_a_place_that_becomes_free_is_of_who_is_held_and_not_of_the_next_wish() -> None:
    desk = BreakDesk(policy=BreakPolicy(limits=(BreakLimit(cap=1),), shrinks=False, automatic=("short",)))
    desk.open()
    desk.say(joined(WANG, Q, desk.clock.now()))
    await desk.run()
    await desk.leaves(OLEG)
    held = await ahead(desk, act="break.postpone")
    next_one = str((await desk.do(CHEN, "break.request", kind="short", agent=WANG))["break_id"])
    await come(desk)
    await desk.returns(OLEG)
    for _ in range(40):
        await desk.later(1)
    assert (desk.stage(held), desk.stage(next_one)) == ("granted", "requested")
    await desk.stop()


# ── a lead decides ─────────────────────────────────────────────────────────────────────────────────────────────────


async def held(desk: BreakDesk) -> str:
    id = await ahead(desk)
    await desk.leaves(OLEG)
    await come(desk)
    assert desk.stage(id) == "held"
    return id


async def test_a_lead_lets_somebody_go_who_is_held_and_is_told_what_is_against_it(desk: BreakDesk) -> None:
    id = await held(desk)
    effects: Any = BreakRoom(desk.engine, desk.clock).effects(SONG)
    assert effects["breaks"][id]["against"] == [CAP]
    with pytest.raises(NotNow, match="2 would be away in floor, and 1 may be"):
        await desk.do(LIN, "break.grant", break_id=id)
    await desk.do(LIN, "break.grant", break_id=id, anyway=True)
    await come(desk, 1)
    assert desk.stage(id) == "granted"
    assert desk.handed() == [("agent.pause", ANNA, "short")]
    (command,) = desk.engine.commands()
    assert command.actor is not None
    assert command.actor.id == "lin"


@pytest.mark.parametrize(
    ("who", "act", "more", "stage"),
    [
        (LIN, "break.withdraw", {"reason": "surge"}, "withdrawn"),
        (LIN, "break.refuse", {"reason": "surge"}, "refused"),
        (HERSELF, "break.withdraw", {}, "withdrawn"),
        (LIN, "break.postpone", {"begins": 0.0}, "postponed"),
    ],
)
async def test_what_is_held_can_be_taken_back_refused_moved_and_is_not_wanted_any_more(
    desk: BreakDesk, who: Principal, act: str, more: dict[str, Any], stage: str
) -> None:
    id = await held(desk)
    if "begins" in more:
        more = {"begins": desk.clock.now() + IN}
    await desk.do(who, act, break_id=id, **more)
    await desk.returns(OLEG)
    await come(desk, 1)
    assert (desk.stage(id), desk.handed()) == (stage, [])
    if stage == "postponed":
        assert "held" not in told(desk, id)
        await come(desk)
        assert desk.handed() == [("agent.pause", ANNA, "short")]


async def test_what_a_lead_overruled_ahead_does_not_hold_it_and_something_else_does() -> None:
    limits = (BreakLimit(cap=1), BreakLimit(kind="team", id="red", minimum=1))
    desk = BreakDesk(policy=BreakPolicy(limits=limits, shrinks=False)).open()
    desk.say(joined(WANG, Q, desk.clock.now()))
    await desk.run()
    first = await ahead(desk, anyway=True)  # one of red must stay, and there is nobody else
    assert desk.item(first).despite == ("minimum team:red",)
    await come(desk)
    assert desk.stage(first) == "granted"
    await desk.leaves()
    await desk.returns()
    second = await ahead(desk, anyway=True)
    await desk.leaves(WANG)
    await come(desk)
    assert desk.stage(second) == "held"
    assert [each.key for each in desk.item(second).against] == ["cap floor"]
    await desk.stop()


async def test_who_goes_while_held_has_asked_and_it_is_kept_that_it_was_held(desk: BreakDesk) -> None:
    id = await held(desk)
    await desk.leaves()
    item = desk.item(id)
    assert (item.state, item.asked, item.held is not None) == ("running", True, True)
    await desk.returns(OLEG)
    await come(desk, 1)
    assert desk.handed() == []


async def test_who_signs_off_is_held_no_more(desk: BreakDesk) -> None:
    id = await held(desk)
    desk.say(events.AgentLoggedOff(at=desk.clock.now(), agent=ANNA))
    await desk.later()
    assert desk.stage(id) == "withdrawn"


# ── while nobody hears, and after ──────────────────────────────────────────────────────────────────────────────────


async def test_who_is_held_waits_for_a_switch_that_is_away(desk: BreakDesk) -> None:
    id = await held(desk)
    desk.say(events.SourceDown(at=desk.clock.now(), reason="eof"))
    await desk.later(PBX_AWAY + 5)
    assert (desk.stage(id), desk.handed()) == ("held", [])
    now = desk.clock.now()
    back = events.AgentReady(at=now, agent=OLEG)
    desk.resync(PBX, *(joined(ANNA, queue, now) for queue in (Q, PROMO)), joined(OLEG, Q, now), back)
    await desk.returns(OLEG)
    await come(desk, 1)
    assert (desk.stage(id), desk.handed()) == ("granted", [("agent.pause", ANNA, "short")])


@pytest.mark.parametrize("act", ["break.grant", "break.postpone"])
@pytest.mark.parametrize(("late", "stage"), [(300.0, "granted"), (601.0, "ended")])
async def test_what_came_while_ccwall_was_dead_comes_true_late_or_is_over_and_not_sent(
    desk: BreakDesk, act: str, late: float, stage: str
) -> None:
    """After ten minutes nobody expects any more to be sent; after five they do, and have their time from then on."""
    id = await ahead(desk, act=act)
    again = BreakDesk(journal=desk.journal)
    await again.run()
    again.clock = desk.clock
    again.commands._clock = desk.clock
    again.watch._clock = desk.clock
    await desk.clock.advance(IN + late)
    again.watch.look(again.clock.now())
    await again.clock.advance(0)
    item = again.item(id)
    assert (item.state, len(again.handed())) == (stage, 1 if stage == "granted" else 0)
    if stage == "granted":
        assert (item.expires or 0.0) + 600 == again.clock.now() + 600
        assert item.state == "granted"
    else:
        assert (item.how, item.errands) == ("unused", [])
    await again.stop()


async def test_the_same_journal_is_the_same_state_and_a_snapshot_has_all_of_it(desk: BreakDesk) -> None:
    id = await held(desk)
    now = desk.clock.now()
    again, restored = BreakDesk(journal=desk.journal).engine, Engine.restore(desk.engine.dump())
    assert again.dump() == restored.dump() == desk.engine.dump()
    assert restored.board(now)["breaks"] == again.board(now)["breaks"] == desk.engine.board(now)["breaks"]
    assert restored.breaks.items[desk.item(id).id].against == desk.item(id).against


# ── whatever happens ───────────────────────────────────────────────────────────────────────────────────────────────

PEOPLE = (ANNA, OLEG, WANG)
STEPS = st.one_of(
    st.tuples(st.just("grant"), st.sampled_from(PEOPLE), st.sampled_from([60.0, 120.0, 300.0]), st.booleans()),
    st.tuples(st.just("postpone"), st.sampled_from(PEOPLE), st.sampled_from([60.0, 120.0, 300.0])),
    st.tuples(st.sampled_from(["leaves", "returns", "by hand"]), st.sampled_from(PEOPLE)),
    st.tuples(st.just("later"), st.sampled_from([1.0, 30.0, 60.0, 120.0])),
)  # fmt: skip


async def lived(steps: list[tuple[Any, ...]]) -> None:
    desk = BreakDesk(policy=ONE).open()
    desk.say(joined(WANG, Q, desk.clock.now()))
    await desk.run()
    for name, *words in steps:
        if name == "later":
            await desk.later(words[0])
        elif name in ("leaves", "returns"):
            await getattr(desk, name)(words[0])
        else:
            await decided(desk, name, *words)
        await desk.later(1)
        check(desk)
    commands = Counter(item.id for item in desk.engine.breaks.items.values() for _ in item.errands)
    assert all(n <= (2 if desk.item(id).agent == OLEG else 1) for id, n in commands.items())
    assert len(desk.handed()) == sum(commands.values())
    again = BreakDesk(journal=desk.journal).engine
    assert again.dump() == desk.engine.dump()
    await desk.stop()


async def decided(desk: BreakDesk, name: str, agent: AgentId, *words: Any) -> None:
    try:
        if name == "by hand":
            wanted = desk.engine.breaks.wanted(agent)
            if wanted is not None and wanted.state == "held":
                await desk.do(CHEN, "break.grant", break_id=wanted.id, anyway=True)
            return
        begins = desk.clock.now() + words[0]
        more = {"begins": begins} if name == "grant" else {}
        id = (await desk.do(CHEN, "break.request", kind="short", agent=agent, **more))["break_id"]
        said = {"anyway": words[1]} if name == "grant" else {"begins": begins}
        await desk.do(CHEN, f"break.{name}", break_id=id, **said)
    except NotNow:
        pass


def check(desk: BreakDesk) -> None:
    """Nobody is held beside a free place; and nobody was let go by the house without one, unless a lead overruled that."""
    now, items = desk.clock.now(), desk.engine.breaks.open()
    overruled = {
        e.event.break_id for e in desk.journal if isinstance(e.event, events.BreakGranted) and e.event.despite
    }
    for item in items:
        others = [each for each in items if each.agent != item.agent]
        gone = [each.agent for each in others if each.state == "running" or is_free(each)]
        if item.state == "held":
            assert gone, item
        if is_free(item) and item.automatic and item.decided == now and item.id not in overruled:
            assert not gone, (item, gone)


def is_free(item: Break) -> bool:
    """To leave now."""
    return item.state == "granted" and item.begins is not None and (item.decided or 0.0) >= item.begins


@given(st.lists(STEPS, max_size=14))
@settings(deadline=None)
def test_whatever_people_do_nobody_is_sent_without_room_and_nobody_waits_beside_it(
    steps: list[tuple[Any, ...]],
) -> None:
    asyncio.run(lived(steps))
