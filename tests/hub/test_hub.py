"""What screens are sent, and when."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from ccwall import hub as hub_module
from ccwall.clock import ManualClock
from ccwall.hub import Hub, Screen
from tests.hub.glass import Board, Glass, a_floor, audience, hub_of, settled, waiting


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def board() -> Board:
    return Board(*(((part,), value) for part, value in a_floor().items()))


@pytest.fixture
async def hub(board: Board, clock: ManualClock) -> AsyncIterator[Hub]:
    """Running."""
    hub = hub_of(board, clock)
    task = asyncio.create_task(hub.run())
    await settled()
    yield hub
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def last(screen: Screen) -> dict[str, Any]:
    message: dict[str, Any] = json.loads(waiting(screen)[-1])
    return message


def types(frames: list[bytes]) -> list[str]:
    return [json.loads(frame)["type"] for frame in frames]


async def test_the_first_frame_is_a_snapshot_of_everything(hub: Hub, clock: ManualClock) -> None:
    assert last(hub.join(audience())) == {
        "type": "snapshot",
        "v": 1,
        "version": "1.2.3",
        "audience": "floor",
        "seq": 1,
        "now": clock.now(),
        "rate": 1.0,
        "board": a_floor(),
    }


async def test_a_touch_reaches_the_screen_within_50_ms(hub: Hub, board: Board, clock: ManualClock) -> None:
    screen = hub.join(audience())
    waiting(screen)
    board.tell((("queues", "q1", "waiting"), 2), delete=(("queues", "q2"),))
    hub.touch()
    await clock.advance(0.05)
    assert last(screen) == {
        "type": "patch",
        "base": 1,
        "seq": 2,
        "now": clock.now(),
        "set": [[["queues", "q1", "waiting"], 2]],
        "del": [["queues", "q2"]],
    }


async def test_the_first_change_after_a_quiet_moment_goes_out_at_once(
    hub: Hub, board: Board, clock: ManualClock
) -> None:
    screen = hub.join(audience())
    waiting(screen)
    board.tell((("queues", "q1", "waiting"), 2))
    hub.touch()
    await settled()  # and no time passes
    assert types(waiting(screen)) == ["patch"]


async def test_what_changes_soon_after_is_gathered(hub: Hub, board: Board, clock: ManualClock) -> None:
    screen = hub.join(audience())
    hub.touch()
    await settled()
    waiting(screen)
    for number in range(5):
        board.tell((("queues", "q1", "waiting"), number))
        hub.touch()
        await settled()
    assert waiting(screen) == []
    await clock.advance(hub_module.GATHER_AT_MOST)
    assert last(screen)["set"] == [[["queues", "q1", "waiting"], 4]]


async def test_the_more_a_flush_costs_the_longer_is_gathered_but_never_long(
    hub: Hub, board: Board, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    sleep = clock.sleep

    async def noted(seconds: float) -> None:
        slept.append(seconds)
        await sleep(seconds)

    costs = iter([0.0, 0.01, 0.0, 3.0])
    monkeypatch.setattr(hub_module, "perf_counter", lambda: next(costs, 0.0))
    monkeypatch.setattr(clock, "sleep", noted)
    hub.join(audience())
    for _ in range(2):
        hub.touch()
        await settled()
        hub.touch()
        await clock.advance(0.02)
    assert slept[:2] == pytest.approx([0.01, hub_module.GATHER_AT_MOST], abs=1e-6)


async def test_a_burst_of_touches_is_one_flush(hub: Hub, board: Board, clock: ManualClock) -> None:
    hub.join(audience())
    before = board.asked
    for _ in range(1000):
        hub.touch()
    await clock.advance(0.05)
    assert board.asked == before + 1


async def test_numbers_that_only_time_changes_go_out_each_second(
    hub: Hub, board: Board, clock: ManualClock
) -> None:
    screen = hub.join(audience())
    waiting(screen)
    board.tell((("floor", "waiting"), 9))
    await clock.advance(1.0)
    assert types(waiting(screen)) == ["patch", "pulse"]


async def test_a_pulse_comes_each_second_and_says_when_each_source_was_heard(
    hub: Hub, clock: ManualClock
) -> None:
    screen = hub.join(audience())
    waiting(screen)
    await clock.advance(1.0)
    now = clock.now()
    told = {"type": "pulse", "seq": 1, "now": now, "rate": 1.0, "heard": {"pbx1": now}, "boards": 0}
    assert last(screen) == told


async def test_a_pulse_says_when_a_board_is_another(board: Board, clock: ManualClock) -> None:
    changes = 3
    hub = Hub(clock, "1.2.3", changes=board.changes, heard=dict, boards=lambda: changes)
    task = asyncio.create_task(hub.run())
    screen = hub.join(audience())
    waiting(screen)
    await clock.advance(1.0)
    assert last(screen)["boards"] == 3
    changes = 4
    await clock.advance(1.0)
    assert last(screen)["boards"] == 4
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_fast_floor_still_pulses_in_real_seconds(board: Board) -> None:
    clock = ManualClock()
    clock.rate = 20.0
    hub = hub_of(board, clock)
    task = asyncio.create_task(hub.run())
    screen = hub.join(audience())
    waiting(screen)
    await clock.advance(19.0)
    assert waiting(screen) == []
    await clock.advance(1.0)
    assert last(screen)["rate"] == 20.0
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_all_screens_of_an_audience_get_the_very_same_bytes(
    hub: Hub, board: Board, clock: ManualClock
) -> None:
    screens = [hub.join(audience(who=f"wall {number}")) for number in range(10)]
    assert len({id(waiting(screen)[0]) for screen in screens}) == 1
    board.tell((("floor", "waiting"), 4))
    await clock.advance(1.0)
    for patch, pulse in [waiting(screens[0])]:
        for screen in screens[1:]:
            patch_too, pulse_too = waiting(screen)
            assert patch_too is patch
            assert pulse_too is pulse


async def test_a_late_screen_gets_one_merged_patch_with_its_own_base(
    hub: Hub, board: Board, clock: ManualClock
) -> None:
    screen, glass = hub.join(audience()), Glass()
    glass.show(waiting(screen)[0])
    for number in range(50):
        board.tell((("floor", "waiting"), number), (("queues", f"new{number}"), {"waiting": number}))
        board.tell(delete=(("queues", f"new{number - 1}"),))
        hub.flush()
    frame, *rest = waiting(screen)
    message = json.loads(frame)
    assert (message["base"], message["seq"], rest) == (1, 51, [])
    assert len(message["set"]) == 2
    glass.show(frame)
    assert glass.board["queues"].keys() == {"q1", "q2", "new49"}


async def test_a_screen_too_far_behind_gets_a_snapshot(
    hub: Hub, board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_module, "LOG_PATHS", 10)
    screen = hub.join(audience())
    waiting(screen)
    for number in range(11):
        board.tell((("floor", "waiting"), 100 + number))
        hub.flush()
    assert types(waiting(screen)) == ["snapshot"]


async def test_a_screen_that_takes_nothing_costs_no_memory(
    hub: Hub, board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_module, "LOG_PATHS", 100)
    stalled, quick = hub.join(audience()), hub.join(audience())
    for number in range(5000):
        board.tell((("floor", "waiting"), number))
        hub.flush()
        waiting(quick)
    stream = stalled.stream
    assert len(stream._log) <= 100
    assert stream._logged <= 100
    assert len(stream._frames) <= 3


async def test_a_stalled_screen_delays_nobody(hub: Hub, board: Board, clock: ManualClock) -> None:
    stalled, quick = hub.join(audience()), hub.join(audience())
    waiting(quick)
    for number in range(5):
        board.tell((("floor", "waiting"), 10 + number))
        hub.touch()
        await clock.advance(0.05)
        assert last(quick)["set"] == [[["floor", "waiting"], 10 + number]]
    assert types(waiting(stalled)) == ["snapshot"]


async def test_a_late_frame_says_the_time_it_is_sent_at(hub: Hub, board: Board, clock: ManualClock) -> None:
    quick, late = hub.join(audience()), hub.join(audience())
    waiting(quick), waiting(late)
    board.tell((("floor", "waiting"), 9))
    hub.touch()
    await clock.advance(0.05)
    waiting(quick)
    await clock.advance(0.9)
    assert last(late)["now"] == clock.now()


async def test_a_screen_silent_for_15_s_is_sent_away(hub: Hub, clock: ManualClock) -> None:
    screen = hub.join(audience())
    await clock.advance(15.0)
    assert not screen.leaving.is_set()
    await clock.advance(1.0)
    assert screen.leaving.is_set()
    assert [json.loads(frame) async for frame in screen] == [{"type": "bye", "reason": "slow"}]


async def test_a_screen_that_acknowledges_stays(hub: Hub, clock: ManualClock) -> None:
    screen = hub.join(audience())
    for _ in range(40):
        await clock.advance(1.0)
        waiting(screen)
        screen.ack(1)
    assert not screen.leaving.is_set()


async def test_an_acknowledgement_of_what_was_never_sent_counts_for_nothing(
    hub: Hub, clock: ManualClock
) -> None:
    screen = hub.join(audience())
    waiting(screen)
    for _ in range(16):
        await clock.advance(1.0)
        screen.ack(999)
    assert screen.leaving.is_set()


async def test_resync_gives_a_snapshot(hub: Hub) -> None:
    screen = hub.join(audience())
    waiting(screen)
    screen.resync()
    assert types(waiting(screen)) == ["snapshot"]


async def test_the_iteration_wakes_by_itself(hub: Hub, board: Board, clock: ManualClock) -> None:
    screen = hub.join(audience())
    waiting(screen)
    step = asyncio.ensure_future(anext(screen))
    await settled()
    board.tell((("floor", "waiting"), 9))
    hub.touch()
    await clock.advance(0.05)
    assert types([await step]) == ["patch"]


async def test_a_closed_screen_ends_and_is_forgotten(hub: Hub) -> None:
    screen = hub.join(audience())
    waiting(screen)
    step = asyncio.ensure_future(anext(screen))
    await settled()
    screen.close()
    screen.close()
    with pytest.raises(StopAsyncIteration):
        await step
    assert hub.screens == 0


async def test_stopping_says_bye_to_all_and_waits_until_they_are_gone(hub: Hub) -> None:
    screens = [hub.join(audience()), hub.join(audience(queues=("q1",)))]
    stopping = asyncio.create_task(hub.stop())
    await settled()
    for screen in screens:
        assert not stopping.done()
        assert json.loads(waiting(screen)[-1]) == {"type": "bye", "reason": "stopping"}
        screen.close()
        await settled()
    assert stopping.done()


async def test_who_joins_a_closing_house_is_sent_away(hub: Hub) -> None:
    await hub.stop()
    assert types(waiting(hub.join(audience()))) == ["bye"]


async def test_the_engine_is_asked_once_however_many_audiences(
    hub: Hub, board: Board, clock: ManualClock
) -> None:
    for queues in (None, ("q1",), ("q2",)):
        hub.join(audience(queues))
    before = board.asked
    hub.touch()
    await clock.advance(0.05)
    assert board.asked == before + 1


async def test_without_screens_nothing_is_worked_out(hub: Hub, board: Board, clock: ManualClock) -> None:
    hub.touch()
    await clock.advance(5.0)
    assert board.asked == 0
    assert last(hub.join(audience()))["board"] == a_floor()


NARROW: list[tuple[Callable[[], object], set[str], set[str], set[str]]] = [
    (lambda: audience(queues=("q1",)), {"queues", "agents", "sources"}, {"q1"}, {"a1", "a3"}),
    (
        lambda: audience(teams=("B",)),
        {"floor", "queues", "agents", "sources", "curve"},
        {"q1", "q2"},
        {"a2", "a3"},
    ),
    (lambda: audience(("q1",), ("B",)), {"queues", "agents", "sources"}, {"q1"}, {"a3"}),
    (lambda: audience(queues=()), {"queues", "agents", "sources"}, set(), set()),
]


@pytest.mark.parametrize(("who", "parts", "queues", "agents"), NARROW)
async def test_a_narrow_audience_sees_its_own_queues_and_people(
    hub: Hub, who: Any, parts: set[str], queues: set[str], agents: set[str]
) -> None:
    seen = last(hub.join(who()))["board"]
    assert (seen.keys(), seen["queues"].keys(), seen["agents"].keys()) == (parts, queues, agents)


async def test_a_narrow_audience_is_not_told_which_other_queues_its_people_serve(hub: Hub) -> None:
    assert last(hub.join(audience(queues=("q1",))))["board"]["agents"]["a3"]["queues"] == ["q1"]


async def test_a_narrow_audience_hears_nothing_of_others(hub: Hub, board: Board, clock: ManualClock) -> None:
    screen = hub.join(audience(queues=("q1",)))
    waiting(screen)
    board.tell(
        (("queues", "q2", "waiting"), 7), (("agents", "a2", "state"), "ready"), (("floor", "waiting"), 8)
    )
    hub.touch()
    await clock.advance(0.05)
    assert waiting(screen) == []


async def test_what_far_ends_say_is_for_the_staff_and_others_are_not_even_woken(
    hub: Hub, board: Board, clock: ManualClock
) -> None:
    staff, wall = hub.join(audience(role="supervisor")), hub.join(audience())
    waiting(staff), waiting(wall)
    board.tell((("sources", "pbx1", "detail"), "Authentication failed"))
    hub.touch()
    await settled()
    assert last(staff)["set"] == [[["sources", "pbx1", "detail"], "Authentication failed"]]
    assert waiting(wall) == []


async def test_an_agent_who_joins_a_queue_comes_into_sight_whole(hub: Hub, board: Board) -> None:
    screen = hub.join(audience(queues=("q1",)))
    waiting(screen)
    board.tell((("agents", "a2", "queues"), ["q2", "q1"]))
    hub.flush()
    card = {"name": "Li", "team": "B", "queues": ["q1"], "state": "talking"}
    assert last(screen)["set"] == [[["agents", "a2"], card]]


async def test_an_agent_who_leaves_the_queue_goes_out_of_sight(hub: Hub, board: Board) -> None:
    screen = hub.join(audience(queues=("q1",)))
    waiting(screen)
    board.tell((("agents", "a1", "queues"), ["q2"]))
    hub.flush()
    patch = last(screen)
    assert (patch["set"], patch["del"]) == ([], [["agents", "a1"]])
