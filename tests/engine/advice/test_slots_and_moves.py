"""The best time for a break, and whom to move: the same answer for the same floor, nobody twice, nobody made poor."""

import time

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccwall.engine.advice import Planned
from ccwall.engine.advice.slots import SLOTS
from ccwall.engine.scope import Scope
from ccwall.events import AgentId, QueueCard, QueueId
from tests.engine.advice.floors import CONSULT, NOW, PROMO, person, seated
from tests.engine.journal import Floor, not_ready

CARDS = {
    CONSULT: QueueCard(patience=180.0, line="hot"),
    PROMO: QueueCard(patience=180.0, names={"zh-CN": "推广"}),
}
LEAN = {CONSULT: (240.0, 180.0), PROMO: (60.0, 120.0)}
"""twelve erlangs and two"""


def lean(skilled: int = 4, both: int = 0, **more: object) -> Floor:
    """Ten for twelve erlangs, eight for two; some of the eight know the other queue's trade."""
    serves: list[list[QueueId]] = [[CONSULT]] * 10 + [[PROMO]] * (8 - both) + [[CONSULT, PROMO]] * both
    skills = {person(10 + k): ("consult",) for k in range(skilled)}
    return seated(serves, LEAN, skills=skills, cards=CARDS, **more)  # type: ignore[arg-type]


# Slots.


def test_there_are_thirteen_slots_five_minutes_apart_and_one_is_best() -> None:
    floor = seated([[CONSULT]] * 12, {CONSULT: (180.0, 180.0)}, busy=12, waiting={CONSULT: 4})
    found = floor.engine.break_slots(person(0), 900, NOW)
    assert [slot.start for slot in found.slots] == [NOW + 300 * k for k in range(SLOTS)]
    assert [slot.is_best for slot in found.slots].count(True) == 1
    assert found.best is not None
    assert found.best.level is not None
    assert found.best.level >= max(slot.level or 0.0 for slot in found.slots) - 0.006
    assert found.best.wait > 0, "four wait, and everybody is in a call: not now"
    assert all((slot.level or 0.0) <= (slot.before or 0.0) + 1e-3 for slot in found.slots)


def test_where_all_are_alike_the_first_is_best() -> None:
    floor = seated([[CONSULT]] * 20, {CONSULT: (60.0, 120.0)})
    best = floor.engine.break_slots(person(0), 600, NOW).best
    assert best is not None
    assert best.wait == 0


def test_a_slot_waits_for_those_who_come_back() -> None:
    floor = seated([[CONSULT]] * 12, {CONSULT: (200.0, 180.0)}, busy=6, cards=CARDS)
    for k in (8, 9, 10, 11):
        floor.say(not_ready(NOW - 60, "lunch", person(k)))
    plans = [Planned(person(k), NOW - 60, NOW + 1500) for k in (8, 9, 10, 11)]
    best = floor.engine.break_slots(person(7), 900, NOW, plans).best
    assert best is not None
    assert best.wait >= 1500


def test_slots_are_the_same_each_time() -> None:
    def asked() -> bytes:
        return msgspec.json.encode(lean(both=3).engine.break_slots(person(16), 900, NOW))

    assert asked() == asked()


def test_of_who_is_not_there_no_time_is_said() -> None:
    floor = lean()
    assert floor.engine.break_slots(AgentId("x/y"), 900, NOW).why == "unknown_agent"
    assert (
        floor.say(not_ready(NOW, "", person(3))).engine.break_slots(person(3), 900, NOW).why == "not_at_work"
    )
    quiet = seated([[CONSULT]] * 3, {CONSULT: (12.0, 60.0)})
    assert quiet.engine.break_slots(person(0), 900, NOW).why == "too_little_data"


def test_the_first_slot_is_what_the_effect_says() -> None:
    floor = seated([[CONSULT]] * 11, {CONSULT: (180.0, 180.0)}, busy=8, cards=CARDS)
    for who in (0, 10):
        slot = floor.engine.break_slots(person(who), 900, NOW).slots[0]
        effect = floor.engine.break_effect([person(who)], 900, NOW).queues[0]
        assert effect.after.level is not None
        assert slot.level == pytest.approx(effect.after.level[15][1], abs=0.02)


def test_slots_of_a_big_floor_cost_little() -> None:
    """200 people, 20 queues: 20 ms on a quiet machine; four times that is red."""
    queues = [QueueId(f"pbx1/q{k:02}") for k in range(20)]
    serves = [[queues[k % 20]] if k % 3 else [queues[k % 20], queues[(k + 1) % 20]] for k in range(200)]
    floor = seated(serves, dict.fromkeys(queues, (120.0, 180.0)), busy=120)
    floor.engine.board(NOW)
    taken = []
    for k in range(3):
        start = time.process_time()
        assert floor.engine.break_slots(person(30 * k), 900, NOW).best is not None
        taken.append(time.process_time() - start)
    assert min(taken) < 0.08, taken


# Moves.


def test_from_where_there_is_plenty_to_where_there_is_not() -> None:
    found = lean().engine.moves(NOW)
    assert found
    for move in found:
        assert (move.from_queue, move.to_queue, move.joins, move.reason) == (PROMO, CONSULT, True, "skill")
        assert move.to_after[1] > move.to_before[1]
        assert move.from_after[1] >= 0.8
    assert found[-1].to_after[1] > found[0].to_before[1] + 0.1


def test_nobody_is_named_twice_and_at_most_five() -> None:
    found = lean(skilled=8).engine.moves(NOW)
    assert 0 < len(found) <= 5
    assert len({move.agent for move in found}) == len(found)


def test_only_who_can_is_moved() -> None:
    assert lean(skilled=0).engine.moves(NOW) == []
    named = seated(
        [[CONSULT]] * 10 + [[PROMO]] * 8,
        LEAN,
        skills={person(12): ("hot",), person(13): ("推广",)},
        cards=CARDS,
    )
    assert {move.agent for move in named.engine.moves(NOW)} == {person(12)}


def test_who_serves_both_is_only_taken_out_of_the_other() -> None:
    found = lean(skilled=0, both=4).engine.moves(NOW)
    assert all((move.joins, move.reason) == (False, "member") for move in found)


def test_the_minimum_of_the_giver_stands() -> None:
    floor = lean(skilled=8)
    free = len(floor.engine.moves(NOW))
    assert free >= 2
    assert floor.engine.moves(NOW, minimum={Scope("queue", PROMO): 8}) == []
    assert len(floor.engine.moves(NOW, minimum={Scope("queue", PROMO): 7})) == 1


def test_who_is_free_goes_before_who_is_in_a_call() -> None:
    floor = seated(
        [[PROMO]] * 8 + [[CONSULT]] * 10,
        LEAN,
        skills={person(k): ("consult",) for k in range(8)},
        cards=CARDS,
        busy=2,
    )
    found = floor.engine.moves(NOW)
    assert found
    assert found[0].ready
    assert found[0].agent not in (person(0), person(1))


def test_where_all_are_well_nobody_is_moved() -> None:
    calm = seated(
        [[CONSULT]] * 12 + [[PROMO]] * 8,
        {CONSULT: (90.0, 180.0), PROMO: (60.0, 120.0)},
        skills={person(k): ("consult",) for k in range(20)},
    )
    assert calm.engine.moves(NOW) == []


def test_what_was_proposed_stands_while_it_is_right() -> None:
    """Looked at again with somebody else free, the same people are proposed."""
    floor = lean(skilled=8)
    first = floor.engine.moves(NOW)
    again = floor.engine.moves(NOW + 5, last=first)
    assert [move.key for move in again] == [move.key for move in first]
    later = lean(skilled=8)
    later.say(not_ready(NOW + 1, "", first[0].agent))
    assert first[0].agent not in {move.agent for move in later.engine.moves(NOW + 5, last=first)}


@given(
    st.integers(2, 14),
    st.integers(2, 14),
    st.integers(0, 4),
    st.integers(35, 300),
    st.integers(35, 300),
)
@settings(max_examples=8, deadline=None)
def test_whatever_the_floor_all_moves_together_are_safe(
    consult: int, promo: int, both: int, many: int, few: int
) -> None:
    serves: list[list[QueueId]] = [[CONSULT]] * consult + [[PROMO]] * promo + [[CONSULT, PROMO]] * both
    skills = {person(k): ("consult", "promo") for k in range(len(serves))}
    floor = seated(serves, {CONSULT: (many, 150.0), PROMO: (few, 150.0)}, skills=skills, cards=CARDS)
    found = floor.engine.moves(NOW)
    assert len({move.agent for move in found}) == len(found) <= 5
    givers, receivers = {move.from_queue for move in found}, {move.to_queue for move in found}
    assert not givers & receivers
    for move in found:
        assert move.from_after[1] >= 0.8 - 0.03, (
            "the middle of the band is the median, the target is kept in the mean"
        )
        assert move.to_after[1] >= move.to_before[1]
    assert found == floor.engine.moves(NOW)
