"""What a break would do: never better, nothing for nothing, and known ends, plans and minimum staff in it."""

import random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccwall import events
from ccwall.engine.advice import Effect, Planned, Side
from ccwall.engine.advice.chain import Path, at, laid, product, read
from ccwall.engine.advice.crew import Hand
from ccwall.engine.advice.plans import without
from ccwall.engine.advice.sharing import around, parts
from ccwall.engine.advice.traffic import course
from ccwall.engine.erlang import erlang_a
from ccwall.engine.forecast import Course
from ccwall.engine.scope import Scope
from ccwall.engine.yesterday import Past, Yesterday
from ccwall.events import AgentId, QueueId
from tests.engine.advice.floors import CONSULT, NOW, PROMO, person, seated
from tests.engine.journal import Floor, not_ready

TEN = [[CONSULT]] * 10
BUSY = {CONSULT: (180.0, 180.0)}
"""nine erlangs for ten people"""


def one(effect: Effect, queue: QueueId = CONSULT) -> tuple[Side, Side]:
    return next((each.before, each.after) for each in effect.queues if each.queue == queue)


def middle(side: Side, minutes: int = 15) -> float:
    assert side.level is not None
    return side.level[minutes][1]


def wait(side: Side, minutes: int = 15) -> float:
    assert side.longest is not None
    return side.longest[minutes].expected


@pytest.fixture(scope="module")
def ten() -> Floor:
    return seated(TEN, BUSY, busy=6)


def test_the_more_leave_the_worse_it_gets(ten: Floor) -> None:
    levels, waits, gaps = [], [], []
    for many in range(9):
        effect = ten.engine.break_effect([person(9 - k) for k in range(many)] or [person(99)], 900, NOW)
        if not many:
            continue
        _, after = one(effect)
        levels.append(middle(after))
        waits.append(wait(after))
        gaps.append(after.gap)
    assert levels == sorted(levels, reverse=True)
    assert levels[0] - levels[-1] > 0.3
    assert waits == sorted(waits)
    assert gaps == [pytest.approx((gaps[0] or 0) - k) for k in range(8)]


def test_the_longer_they_stay_away_the_worse_it_gets(ten: Floor) -> None:
    levels = [
        middle(one(ten.engine.break_effect([person(9), person(8)], seconds, NOW))[1], 30)
        for seconds in (0, 300, 600, 900, 1800)
    ]
    assert levels == sorted(levels, reverse=True)
    assert levels[0] > levels[-1] + 0.02


@pytest.mark.parametrize("who", [0, 9])
def test_a_break_of_no_time_changes_nothing(ten: Floor, who: int) -> None:
    before, after = one(ten.engine.break_effect([person(who)], 0, NOW))
    assert before.level == after.level
    assert before.longest == after.longest
    assert before.heads == after.heads == 10


def test_who_is_in_a_call_takes_it_along(ten: Floor) -> None:
    """A free person who leaves is missed more than one who first finishes a call."""
    free, talking = (ten.engine.break_effect([person(k)], 900, NOW) for k in (9, 0))
    assert (free.leaving, talking.leaving) == ((), (person(0),))
    assert middle(one(talking)[1]) >= middle(one(free)[1])


def test_who_was_never_heard_of_is_said_to_be_unknown(ten: Floor) -> None:
    nobody = ten.engine.break_effect([AgentId("x/nobody")], 900, NOW)
    assert (nobody.why, nobody.unknown, nobody.queues) == ("unknown_agent", ("x/nobody",), ())
    both = ten.engine.break_effect([AgentId("x/nobody"), person(1)], 900, NOW)
    assert both.unknown == ("x/nobody",)
    assert both.why == ""
    assert len(both.queues) == 1


def test_who_is_away_already_changes_nothing() -> None:
    floor = seated(TEN, BUSY).say(not_ready(NOW - 30, "lunch", person(3)))
    effect = floor.engine.break_effect([person(3)], 900, NOW)
    assert (effect.why, effect.idle) == ("not_at_work", (person(3),))


def test_of_a_quiet_morning_nothing_is_predicted() -> None:
    before, after = one(seated(TEN, {CONSULT: (20.0, 180.0)}).engine.break_effect([person(1)], 900, NOW))
    assert before.why == after.why == "too_little_data"
    assert before.level is None
    assert after.level is None
    assert after.longest is None


def test_with_the_last_one_gone_nobody_is_left() -> None:
    floor = seated([[CONSULT]], {CONSULT: (60.0, 30.0)})
    before, after = one(floor.engine.break_effect([person(0)], 1800, NOW))
    assert before.level is not None
    assert (after.level, after.why, after.heads) == (None, "nobody", 0)


def test_who_comes_back_is_counted_from_then_on() -> None:
    floor = seated(TEN, BUSY)
    for k in (7, 8, 9):
        floor.say(not_ready(NOW - 300, "lunch", person(k)))
    ask = [person(0)]
    unknown = one(floor.engine.break_effect(ask, 900, NOW))[1]
    plans = [Planned(person(k), NOW - 300, NOW + 300) for k in (7, 8, 9)]
    known = one(floor.engine.break_effect(ask, 900, NOW, plans))[1]
    assert middle(known) > middle(unknown) + 0.02
    assert (unknown.heads, known.heads) == (6, 8)


def test_breaks_granted_for_later_are_in_it(ten: Floor) -> None:
    ask = [person(9)]
    alone = one(ten.engine.break_effect(ask, 900, NOW))[1]
    soon = [Planned(person(k), NOW + 300, NOW + 1200) for k in (6, 7, 8)]
    crowded = one(ten.engine.break_effect(ask, 900, NOW, soon))[1]
    assert middle(crowded) < middle(alone) - 0.02
    over = [Planned(person(k), NOW - 900, NOW - 1) for k in (6, 7, 8)]
    assert one(ten.engine.break_effect(ask, 900, NOW, over))[1] == alone


def test_who_serves_two_queues_is_missed_in_both_and_not_twice() -> None:
    serves = [[CONSULT]] * 6 + [[PROMO]] * 6 + [[CONSULT, PROMO]] * 4
    floor = seated(serves, {CONSULT: (140.0, 180.0), PROMO: (140.0, 180.0)})
    both = floor.engine.break_effect([person(12)], 900, NOW)
    assert [each.queue for each in both.queues] == [CONSULT, PROMO]
    own = floor.engine.break_effect([person(0)], 900, NOW)
    assert [each.queue for each in own.queues] == [CONSULT]
    for before, after in (one(both), one(both, PROMO)):
        assert before.gap is not None
        assert after.gap == pytest.approx(before.gap - 0.5)
        assert middle(after) <= middle(before)
    assert both.queues[0].basis.others > 0.1


def test_each_effect_says_what_it_rests_on(ten: Floor) -> None:
    basis = ten.engine.break_effect([person(9)], 900, NOW).queues[0].basis
    assert (basis.rate_n, basis.waiting, basis.ready, basis.need) == (186, 0, 4, 13)
    assert basis.rate == pytest.approx(186 / 3595, rel=0.01)
    assert basis.aht == pytest.approx(175, rel=0.05)
    assert msgspec.json.decode(msgspec.json.encode(ten.engine.break_effect([person(9)], 900, NOW)))


@given(
    st.integers(2, 30),
    st.floats(0.5, 1.2),
    st.integers(0, 6),
    st.integers(0, 8),
    st.sampled_from((120.0, 300.0, 900.0, 2400.0)),
)
@settings(max_examples=8, deadline=None)
def test_whatever_the_floor_bands_are_in_order_and_leaving_never_helps(
    people: int, load: float, waiting: int, busy: int, seconds: float
) -> None:
    busy = people if waiting else min(busy, people)
    floor = seated(
        [[CONSULT]] * people,
        {CONSULT: (max(31, load * people * 24), 150.0)},
        busy=busy,
        waiting={CONSULT: waiting},
    )
    last = None
    for many in range(1, min(people, 4)):
        before, after = one(floor.engine.break_effect([person(k) for k in range(many)], seconds, NOW))
        for side in (before, after):
            for low, mid, high in (side.level or {}).values():
                assert 0 <= low <= mid <= high <= 1
            for reach in (side.longest or {}).values():
                assert 0 <= reach.low <= reach.middle <= reach.high
        if after.level is None:
            break
        assert middle(after) <= middle(before) + 1e-3
        assert last is None or middle(after) <= last + 1e-3
        last = middle(after)


def test_the_worst_queue_is_the_one_furthest_below_its_target() -> None:
    serves = [[CONSULT, PROMO]] * 4 + [[CONSULT]] * 12 + [[PROMO]] * 4
    floor = seated(serves, {CONSULT: (200.0, 180.0), PROMO: (150.0, 180.0)})
    effect = floor.engine.break_effect([person(0)], 900, NOW)
    worst = effect.worst
    assert worst is not None
    assert middle(worst.after) == min(middle(each.after) for each in effect.queues)


# How many may leave, and the minimum.


def test_as_many_may_leave_as_keep_the_target(ten: Floor) -> None:
    room = seated([[CONSULT]] * 16, BUSY).engine.may_leave(Scope("queue", CONSULT), NOW)
    assert room.many is not None
    assert 0 < room.many < 10
    assert (room.of, room.queue) == (16, CONSULT)
    tight = seated([[CONSULT]] * 7, BUSY, busy=7).engine.may_leave(Scope("queue", CONSULT), NOW)
    assert tight.many == 0
    quiet = seated(TEN, {CONSULT: (20.0, 60.0)}).engine.may_leave(Scope("floor"), NOW)
    assert (quiet.many, quiet.why) == (None, "too_little_data")


def test_one_more_than_may_leave_misses_the_target() -> None:
    floor = seated([[CONSULT]] * 16, BUSY)
    room = floor.engine.may_leave(Scope("queue", CONSULT), NOW)
    assert room.many is not None
    leave = [person(k) for k in range(room.many)]
    kept = one(floor.engine.break_effect(leave, 900, NOW))[1]
    missed = one(floor.engine.break_effect([*leave, person(room.many)], 900, NOW))[1]
    assert middle(kept) > 0.75
    assert middle(missed) < 0.9
    assert middle(missed) < middle(kept)


def test_of_a_team_only_its_own_may_leave() -> None:
    teams = {person(k): "north" if k < 3 else "south" for k in range(16)}
    floor = seated([[CONSULT]] * 16, {CONSULT: (60.0, 120.0)}, teams=teams)
    room = floor.engine.may_leave(Scope("team", "north"), NOW)
    assert (room.many, room.of, room.queue) == (3, 3, None)
    assert floor.engine.may_leave(Scope("team", "west"), NOW).why == "nobody"


def test_the_minimum_is_held_against_breaks_that_overlap() -> None:
    floor = seated([[CONSULT]] * 4, BUSY, busy=1)
    least = {Scope("queue", CONSULT): 3, Scope("team", "north"): 2, Scope("floor"): 1}
    assert floor.engine.below_minimum([person(0)], 900, NOW, least) == ()
    (found,) = floor.engine.below_minimum([person(0), person(1)], 900, NOW, least)
    assert (found.scope, found.people, found.minimum, found.start) == (Scope("queue", CONSULT), 2, 3, NOW)
    later = [Planned(person(3), NOW + 300, NOW + 600)]
    (found,) = floor.engine.below_minimum([person(0)], 900, NOW, least, later)
    assert (found.people, found.start) == (2, NOW + 300)
    assert floor.engine.below_minimum([person(0)], 300, NOW, least, later) == ()


# The mathematics.


def plain(capacity: float, present: float, rate: float = 0.05) -> Course:
    return Course(
        rate=rate,
        aht=180.0,
        patience=300.0,
        capacity=capacity,
        present=present,
        threshold=20.0,
        short=5.0,
        variant="offered",
    )


def test_far_ahead_the_chain_is_erlang_a() -> None:
    """Vector A: 200 calls an hour, 180 s, 13 people, patience 300 s."""
    path = Path([plain(13, 10, 200 / 3600)] * 48, 10, 1.0)
    last = path.mean(44, 48)
    mass = path.masses(44)[44]
    assert sum(mass) == pytest.approx(1, abs=1e-6)
    assert product(mass, last) == pytest.approx(
        erlang_a(200 / 3600, 180, 300, 13, 20).levels["offered"], abs=0.015
    )


def test_forwards_and_backwards_give_the_same() -> None:
    """Five people leave after a quarter of an hour, and are back after another."""
    courses = [plain(n, 11) for n in (13, 13, 13, 8, 8, 8, 13, 13)]
    path = Path(courses, 11, 1.0)
    whole = at(path.nets[0].nodes, path.mean(0, 8), 11)
    masses = path.masses(7)
    parts_ = [product(masses[k], path.mean(k, k + 1)) for k in range(8)]
    assert whole == pytest.approx(sum(parts_) / 8, abs=0.003)
    assert min(parts_) == parts_[5]
    mean, variance = path.mean_and_variance(8)
    assert mean == pytest.approx(whole, abs=1e-9)
    assert 0 < variance < 0.1


def test_the_chain_of_changing_staff_is_what_dice_say() -> None:
    """Twelve people, five of whom leave after five minutes when their calls end: played, 1,500 times."""
    dice, shares = random.Random(3), list[float]()
    for _ in range(1500):
        came, hits = _played(dice, (12, 7, 7), 9)
        if came:
            shares.append(hits / came)
    path = Path([plain(12, 9), plain(7, 9), plain(7, 9)], 9, 1.0)
    mean, variance = path.mean_and_variance(3)
    assert mean == pytest.approx(sum(shares) / len(shares), abs=0.02)
    assert variance**0.5 == pytest.approx(0.28, abs=0.1)


def _played(dice: random.Random, staff: tuple[int, ...], present: int) -> tuple[int, int]:
    """Calls and hits (turn within 20 s, and still there): people leave at once with the calls they are in."""
    ends = sorted(dice.expovariate(1 / 180) for _ in range(present))
    came = hits = 0
    line: list[tuple[float, float]] = []
    now = 0.0
    people, arrival = staff[0], dice.expovariate(0.05)
    horizon = 300.0 * len(staff)
    while now < horizon:
        border = 300.0 * (int(now // 300) + 1)
        now = min([border, arrival, *(ends[:1]), *(gives_up for _, gives_up in line)])
        if now == border and now < horizon:
            gone = people - staff[int(now // 300)]
            for _ in range(max(0, gone)):
                if dice.random() < min(1.0, len(ends) / people) and ends:
                    ends.pop(dice.randrange(len(ends)))
                people -= 1
        elif now == arrival:
            came += 1
            line.append((now, now + dice.expovariate(1 / 300)))
            arrival = now + dice.expovariate(0.05)
        elif ends and now == ends[0]:
            ends.pop(0)
        else:
            line = [each for each in line if each[1] > now]
        while line and len(ends) < people:
            since, _ = line.pop(0)
            hits += now - since <= 20
            ends = sorted([*ends, now + dice.expovariate(1 / 180)])
    return came, hits


def test_masses_are_laid_as_values_are_read() -> None:
    nodes, places = [0.0, 1.0, 3.0, 7.0], [-1.0, 0.5, 2.0, 6.0, 9.0]
    values, masses = [4.0, 1.0, 5.0, 2.0], [0.1, 0.2, 0.3, 0.3, 0.1]
    assert product(laid(places, masses, nodes), values) == pytest.approx(
        product(masses, read(nodes, values, places))
    )


def test_an_absence_takes_its_part_of_each_step() -> None:
    assert without((1.0, 1.0), 0, 0) == (1.0, 1.0)
    assert without((1.0, 1.0), 240, 330) == pytest.approx((0.8, 0.9))
    assert without((0.1, 1.0), 0, 600) == (0.0, 0.0)


def hand(name: str, *queues: QueueId) -> Hand:
    return Hand(AgentId(name), queues, (1.0,), here=True, busy=False, status="ready")


def test_shared_people_work_where_others_are_busy() -> None:
    own = [hand(f"c{k}", CONSULT) for k in range(4)] + [hand(f"p{k}", PROMO) for k in range(8)]
    both = [hand(f"b{k}", CONSULT, PROMO) for k in range(4)]
    known = parts([*own, *both], {CONSULT: 6.0, PROMO: 4.0})
    carried = known[CONSULT, PROMO]
    assert carried[CONSULT] > 2 * carried[PROMO]
    for queue in (CONSULT, PROMO):
        assert sum(each.get(queue, 0.0) for each in known.values()) == pytest.approx(1)
    assert around(CONSULT, known) == {PROMO: carried[PROMO]}
    alone = parts(own, {CONSULT: 6.0, PROMO: 4.0})
    assert around(CONSULT, alone) == {}


def test_yesterday_says_how_the_rate_goes_on() -> None:
    start, day = int(NOW) - 86400, 86400
    noon = tuple(
        Past(start + k * 900, many)
        for k, many in ((-4, 100), (-3, 100), (-2, 100), (-1, 100), (0, 200), (1, 200))
    )
    known = Yesterday(start - day // 2, start + day // 2, 900, noon)
    before, ahead = course(known, NOW, 3600.0, 3)
    assert before < 1
    assert ahead[0] > 1.0
    assert ahead[-1] > ahead[0]
    assert course(Yesterday(), NOW, 3600.0, 3) == (1.0, (1.0, 1.0, 1.0))
    thin = Yesterday(
        start - day // 2, start + day // 2, 900, tuple(Past(p.start, p.offered // 20) for p in noon)
    )
    assert course(thin, NOW, 3600.0, 3) == (1.0, (1.0, 1.0, 1.0))


def test_a_call_that_rings_is_not_waited_for_twice() -> None:
    """Who rings at somebody has his agent: as good as talking to him."""
    talking = one(seated(TEN, BUSY, busy=10).engine.break_effect([person(0)], 0, NOW))[0]
    ringing = seated(TEN, BUSY, busy=9).say(
        events.ContactQueued(at=NOW - 2, contact=events.ContactId("r"), queue=CONSULT),
        events.ContactAlerting(at=NOW - 2, contact=events.ContactId("r"), queue=CONSULT, agent=person(9)),
    )
    effect = ringing.engine.break_effect([person(0)], 0, NOW)
    assert effect.queues[0].basis.waiting == 1
    assert middle(one(effect)[0]) == pytest.approx(middle(talking), abs=0.02)
