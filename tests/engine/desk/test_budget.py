"""Whose budget a break is of: every second of one shift's or of one day's, whatever was told first."""

from itertools import pairwise, permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccwall import events
from ccwall.engine import Engine
from ccwall.engine.desk.budget import AFTER, BEFORE, Budget, Taken, of_day, of_shifts
from ccwall.events import BreakId, BreakKind, BreakPolicy, LengthQuota, Shift, ShiftId, ShiftQuota
from tests.engine.desk.test_breaks import ANNA, OLEG, Story, T, taken

HOUR = 3600.0
DAY = 86_400.0


def shift(begins: float, ends: float, kind: str = "work", agent: str = ANNA, **more: object) -> Shift:
    """Hours of the day that begins at `T`."""
    return Shift(
        shift_id=ShiftId(f"{agent}@{begins:g}"),
        agent=events.AgentId(agent),
        begins=T + begins * HOUR,
        ends=T + ends * HOUR,
        kind=kind,
        **more,  # type: ignore[arg-type]
    )


def planned(*shifts: Shift) -> events.ShiftsPlanned:
    return events.ShiftsPlanned(at=T, shifts=shifts)


def against(story: Story, kind: str = "short", begins: float | None = None) -> list[tuple[object, ...]]:
    """What of the own budget, with the hours of its shift."""
    found = story.engine.obstacles(ANNA, kind, 600.0, story.now, begins)
    hours = [tuple(at if at is None else (at - T) / HOUR for at in (o.begins, o.ends)) for o in found]
    return [(each.what, each.have, *span) for each, span in zip(found, hours, strict=True)]


def desk(story: Story, part: str) -> dict[str, object]:
    shown: Any = story.board["break_desk"][part]
    mine: dict[str, object] = shown.get(ANNA, {})
    return mine


TWICE = BreakPolicy(kinds={"short": BreakKind(quota_times=2), "meal": BreakKind(state="meal")}, limits=())


# ── every second is of one ──


@st.composite
def rotas(draw: st.DrawFn) -> list[Shift]:
    """Shifts of one person within a week, one after another, some of them close."""
    found, at = [], draw(st.integers(0, 30))
    for _ in range(draw(st.integers(0, 6))):
        lasts = draw(st.integers(1, 14))
        kind = draw(st.sampled_from(["work", "work", "work", "training", "leave"]))
        found.append(shift(at, at + lasts, kind))
        at += lasts + draw(st.sampled_from([0, 0, 1, 2, 4, 8, 16]))
    return draw(st.permutations(found))


spells = st.lists(
    st.tuples(st.sampled_from(["short", "meal"]), st.floats(0, 150 * HOUR), st.floats(0, 5 * HOUR)),
    max_size=20,
)


@given(rotas(), spells)
def test_what_all_budgets_have_used_is_what_was_taken(
    rota: list[Shift], told: list[tuple[str, float, float]]
) -> None:
    breaks = [Taken(kind, T + began, T + began + lasts) for kind, began, lasts in told]
    shifts = of_shifts(rota)
    days = [of_day(T + n * DAY, T + (n + 1) * DAY, shifts) for n in range(-1, 14)]
    used = [used for each in (*shifts, *days) for used in each.used(breaks).values()]
    assert sum(each.times for each in used) == len(breaks)
    assert sum(each.seconds for each in used) == pytest.approx(sum(b.ended - b.began for b in breaks))


@given(rotas(), st.floats(0, 150 * HOUR))
def test_at_any_time_one_budget_is_spent(rota: list[Shift], after: float) -> None:
    shifts = of_shifts(rota)
    days = [of_day(T + n * DAY, T + (n + 1) * DAY, shifts) for n in range(-1, 14)]
    assert sum(each.holds(T + after) for each in (*shifts, *days)) == 1
    for one, other in pairwise(shifts):
        assert one.pieces[0][1] <= other.pieces[0][0]
    for each in shifts:
        since, until = each.pieces[0]
        assert each.begins - BEFORE <= since <= each.begins < until <= each.ends + AFTER


def test_the_order_of_what_is_told_does_not_matter() -> None:
    """The rota after the breaks, between them, before them; breaks as they end."""
    end = T + 23 * HOUR
    facts: list[list[events.AnyEvent]] = [
        [planned(shift(9, 13), shift(17, 21))],
        [taking("b1", 10, 20), ended("b1", 10, 20)],
        [taking("b2", 14, 30), ended("b2", 14, 30)],
        [taking("b3", 18, 10), ended("b3", 18, 10)],
    ]
    seen = set()
    for order in permutations(facts):
        story = Story(TWICE, start=end)
        for some in order:
            story.say(*some, after=0)
        seen.add(str((desk(story, "used"), desk(story, "budgets"), against(story))))
    assert seen == {
        str(
            (
                {"short": [1, 600.0]},
                {
                    "shift": "anna@17",
                    "begins": T + 17 * HOUR,
                    "ends": T + 21 * HOUR,
                    "from": T + 15 * HOUR,
                },
                [],
            )
        )
    }


def taking(id: str, hour: float, minutes: float) -> events.AnyEvent:
    at = T + hour * HOUR
    return events.BreakBegan(at=at, break_id=BreakId(id), agent=ANNA, kind="short", lasts=minutes * 60)


def ended(id: str, hour: float, minutes: float) -> events.AnyEvent:
    return events.BreakEnded(at=T + hour * HOUR + minutes * 60, break_id=BreakId(id), how="back")


# ── whose it is ──


def test_who_works_twice_a_day_has_the_budget_twice() -> None:
    story = Story(TWICE, start=T + 9 * HOUR).say(planned(shift(9, 13), shift(17, 21)))
    taken(story, "b1", 5)
    taken(story, "b2", 5)
    assert against(story) == [("quota_times", 3, 9, 13)]
    assert desk(story, "used") == {"short": [2, 600.0]}
    story.say(events.BreakWithdrawn(at=0, break_id=BreakId("-")), after=T + 17 * HOUR - story.now)
    assert against(story) == []
    assert desk(story, "used") == {}
    taken(story, "b3", 5)
    assert desk(story, "used") == {"short": [1, 300.0]}


def test_a_night_shift_has_one_budget_on_both_sides_of_midnight() -> None:
    story = Story(TWICE, start=T + 22.5 * HOUR).say(planned(shift(22, 30)))
    taken(story, "b1", 5)
    story.say(events.BreakWithdrawn(at=0, break_id=BreakId("-")), after=T + 25 * HOUR - story.now)
    assert story.engine.today().start == T + DAY
    taken(story, "b2", 5)
    assert desk(story, "used") == {"short": [2, 600.0]}
    assert against(story) == [("quota_times", 3, 22, 30)]
    assert against(story, begins=T + 40 * HOUR) == []  # of the day that comes, no shift


def test_a_break_over_the_border_of_two_shifts_is_of_both_by_its_parts() -> None:
    both = of_shifts([shift(6, 14), shift(14, 22)])
    over = [Taken("meal", T + 13.5 * HOUR, T + 14.25 * HOUR)]
    assert [(u["meal"].times, u["meal"].seconds) for u in (each.used(over) for each in both)] == [
        (1, 1800.0),
        (0, 900.0),
    ]


@pytest.mark.parametrize(
    ("hour", "whose"),
    [(6.9, None), (7.1, 9), (9, 9), (13.9, 9), (14.9, 9), (15.1, 17), (17, 17), (23.9, 17)],
)
def test_a_budget_is_spent_from_before_the_shift_until_after_it(hour: float, whose: float | None) -> None:
    story = Story(TWICE, start=T + hour * HOUR - 1).say(planned(shift(9, 13), shift(17, 21)))
    begins = desk(story, "budgets").get("begins")
    assert begins == (None if whose is None else T + whose * HOUR)


@pytest.mark.parametrize("shifts", [(), (shift(0, 24, "leave"),), (shift(0, 24, agent=OLEG),)])
def test_without_a_shift_it_is_of_the_business_day(shifts: tuple[Shift, ...]) -> None:
    story = Story(TWICE, start=T + 9 * HOUR).say(planned(*shifts))
    taken(story, "b1", 5)
    taken(story, "b2", 5)
    assert desk(story, "budgets") == {}
    assert against(story) == [("quota_times", 3, None, None)]
    assert desk(story, "used") == {"short": [2, 600.0]}


def test_a_training_in_the_middle_makes_no_three_shifts_of_one() -> None:
    (one,) = of_shifts([shift(9, 12), shift(12, 13, "training"), shift(13, 18)])
    assert (one.begins, one.ends) == (T + 9 * HOUR, T + 18 * HOUR)
    assert len(of_shifts([shift(6, 14), shift(14, 22)])) == 2


def test_a_swap_takes_the_shift_and_leaves_what_was_taken_with_who_took_it() -> None:
    story = Story(TWICE, start=T + 9 * HOUR)
    story.say(planned(shift(9, 13), shift(14, 18, agent=OLEG)))
    taken(story, "b1", 5)
    swap = events.ShiftsSwapped(at=story.now, first=ShiftId("anna@9"), second=ShiftId("oleg@14"))
    story.say(swap)
    assert desk(story, "budgets") == {}  # hers begins at 14
    assert desk(story, "used") == {"short": [1, 300.0]}


# ── how much it is ──

MEAL = BreakKind(
    state="meal",
    quota_times=1,
    quota_seconds=3600.0,
    by_length=(LengthQuota(up_to=4 * HOUR, seconds=900.0), LengthQuota(up_to=6 * HOUR, times=0, seconds=0.0)),
)


def budget(*shifts: Shift) -> Budget:
    return of_shifts(shifts)[0]


@pytest.mark.parametrize(
    ("hours", "limits"),
    [(9, (1, 3600.0)), (8, (1, 3600.0)), (6, (0, 0.0)), (4, (1, 900.0)), (2, (1, 900.0))],
)
def test_a_short_shift_has_what_its_length_has(hours: float, limits: tuple[int, float]) -> None:
    assert budget(shift(9, 9 + hours)).limits("meal", MEAL) == limits


def test_what_the_shift_itself_says_counts_more_than_its_length() -> None:
    own = shift(9, 13, quotas=(ShiftQuota(kind="meal", times=3),))
    assert budget(own).limits("meal", MEAL) == (3, 900.0)
    longer = shift(9, 13, quotas=(ShiftQuota(kind="meal", seconds=1200.0),))
    assert budget(longer).limits("meal", MEAL) == (1, 1200.0)
    assert budget(own).limits("short", BreakKind(quota_times=5)) == (5, None)
    assert of_day(T, T + DAY, []).limits("meal", MEAL) == (1, 3600.0)


def test_the_board_says_what_a_shift_has_where_it_is_not_what_the_kind_says() -> None:
    story = Story(BreakPolicy(kinds={"meal": MEAL, "short": BreakKind()}, limits=()), start=T + 9 * HOUR)
    story.say(planned(shift(9, 13)))
    assert desk(story, "budgets")["quotas"] == {"meal": {"quota_times": 1, "quota_seconds": 900.0}}
    assert against(story, "meal") == []
    taken(story, "b1", 5)  # of another kind
    assert against(story, "meal") == []
    story.say(planned(shift(9, 14)))  # said again: an hour longer
    assert against(story, "meal") == [("quota_times", 1, 9, 14), ("quota_seconds", 600.0, 9, 14)]


def test_the_board_turns_to_the_next_shift_by_time_alone() -> None:
    story = Story(TWICE, start=T + 9 * HOUR)
    taken(story, "b1", 5)
    story.engine.changes(story.now)
    story.say(planned(shift(9, 13), shift(17, 21)))
    story.engine.changes(story.now)
    before: dict[str, dict[str, dict[str, object]]] = story.engine.shown["break_desk"]  # type: ignore[assignment]
    assert before["budgets"][ANNA]["shift"] == "anna@9"
    story.engine.changes(T + 17 * HOUR)
    shown: dict[str, dict[str, dict[str, object]]] = story.engine.shown["break_desk"]  # type: ignore[assignment]
    assert shown["budgets"][ANNA]["shift"] == "anna@17"
    assert shown["used"] == {}
    again = Engine.restore(story.engine.dump())
    assert again.board(T + 17 * HOUR)["break_desk"] == shown


def test_memory_of_what_was_taken_is_bounded() -> None:
    story = Story(TWICE, start=T + HOUR)
    for n in range(400):
        taken(story, f"b{n}", 0.1)
    assert len(story.engine.breaks.taken[ANNA]) == 300
    story.say(events.BreakWithdrawn(at=0, break_id=BreakId("-")), after=4 * DAY)
    assert story.engine.breaks.taken == {}
