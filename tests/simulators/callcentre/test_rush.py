"""More callers, and lines that break: what they do to a floor, and what they leave alone."""

from collections.abc import Callable, Sequence

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccwall_simulators.callcentre import CallCentre, load_scenario
from ccwall_simulators.callcentre.contract import Visit
from ccwall_simulators.callcentre.happening import AnyHappening, CallArrived, CallQueued
from tests.simulators.callcentre.test_determinism import written, written_truth

START = 1_795_312_800.0
TEN = 600.0
SMALL = load_scenario("small_floor")
QUIET = msgspec.structs.replace(SMALL, callers=msgspec.structs.replace(SMALL.callers, redial=0.0))
"""Where nobody calls again: who calls is nobody's doing."""


def floor(seed: int = 5) -> CallCentre:
    centre = CallCentre(QUIET, seed, START)
    centre.advance(START)
    return centre


def arrivals(centre: CallCentre, until: float) -> dict[str, list[float]]:
    """When each number called, from now on."""
    told: dict[str, list[float]] = {}
    for happened in centre.advance(until):
        if isinstance(happened, CallArrived):
            told.setdefault(happened.number, []).append(happened.t)
    return told


def came(seed: int, *, times: float = 0.0, queues: Sequence[str] = ()) -> dict[str, int]:
    """Callers who joined each queue in ten minutes."""
    centre = floor(seed)
    if times:
        centre.rush.begin_surge(times, TEN, queues)
    found = dict.fromkeys((queue.name for queue in centre.queues()), 0)
    for happened in centre.advance(START + TEN):
        if isinstance(happened, CallQueued):
            found[happened.queue] += 1
    return found


def test_three_times_the_callers_come_and_after_it_as_many_as_before() -> None:
    # Over thirty floors: the standard deviation of the ratio is about 0.08.
    usual, rushed, after = [0.0] * 3
    for seed in range(30):
        usual += len(arrivals(floor(seed), START + TEN))
        centre = floor(seed)
        centre.rush.begin_surge(3.0, TEN, ())
        rushed += len(arrivals(centre, START + TEN))
        after += len(arrivals(centre, START + 2 * TEN))
    assert rushed / usual == pytest.approx(3.0, abs=0.3)
    assert after / usual == pytest.approx(1.0, abs=0.2)


def test_who_would_have_called_anyway_still_does_at_the_same_instant() -> None:
    usual = arrivals(floor(), START + TEN)
    centre = floor()
    centre.rush.begin_surge(3.0, TEN, ())
    rushed = arrivals(centre, START + TEN)
    assert len(rushed) > 1.5 * len(usual)
    assert all(set(instants) <= set(rushed.get(number, ())) for number, instants in usual.items())


def test_a_surge_of_one_queue_is_of_no_other() -> None:
    one = SMALL.queue[0].name
    usual = [came(seed) for seed in range(12)]
    rushed = [came(seed, times=4.0, queues=[one]) for seed in range(12)]

    def ratio(queue: str) -> float:
        return sum(each[queue] for each in rushed) / max(1, sum(each[queue] for each in usual))

    others = [q.name for q in SMALL.queue[1:] if q.calls_per_minute > 0]
    assert ratio(one) > 2.0
    assert all(ratio(queue) < 1.9 for queue in others)  # some are sent on by the first


def ends(centre: CallCentre) -> float | None:
    spell = centre.rush.surge
    return None if spell is None else spell.until


def test_it_ends_when_it_is_over_when_it_is_ended_and_only_then() -> None:
    centre = floor()
    centre.rush.begin_surge(3.0, 60.0, ())
    centre.advance(START + 59.0)
    assert ends(centre) == START + 60.0
    centre.rush.begin_surge(3.0, 60.0, ())
    assert ends(centre) == START + 119.0, "the same again makes it longer"
    centre.advance(START + 119.0)
    assert ends(centre) is None
    centre.rush.begin_surge(3.0, TEN, ())
    centre.rush.end_surge()
    assert ends(centre) is None
    usual = floor()
    usual.advance(START + 119.0)
    assert len(arrivals(centre, START + TEN)) == len(arrivals(usual, START + TEN))


def short(visits: Sequence[Visit]) -> tuple[int, int]:
    """Answered visits that were over within ten seconds, and all answered ones; of those that began in the ten minutes."""
    talked = [
        visit.ended - visit.answered
        for visit in visits
        if visit.answered is not None and visit.ended is not None and START <= visit.answered < START + TEN
    ]
    return sum(length < 10.0 for length in talked), len(talked)


def test_lines_break_in_the_share_that_is_wanted_and_the_truth_has_it() -> None:
    broken = answered = usual = usually = 0
    for seed in range(10):
        centre = floor(seed)
        centre.rush.begin_breaking(0.6, TEN, ())
        centre.advance(START + 2 * TEN)
        few, of = short(centre.visits())
        assert 0.2 < few / of < 0.95, "each line has a chance of its own"
        broken, answered = broken + few, answered + of
        plain = floor(seed)
        plain.advance(START + 2 * TEN)
        few, of = short(plain.visits())
        usual, usually = usual + few, usually + of
    assert usual / usually < 0.1
    assert broken / answered == pytest.approx(0.6, abs=0.08)


def test_waiting_lines_break_too() -> None:
    """Where nobody answers, so that nobody's line can break later."""

    def longest(*, breaking: bool) -> float:
        deaf = msgspec.structs.replace(QUIET.handling, unheard=1.0)
        centre = CallCentre(msgspec.structs.replace(QUIET, handling=deaf), 3, START)
        centre.advance(START)
        if breaking:
            centre.rush.begin_breaking(1.0, TEN, ())
        centre.advance(START + 2 * TEN)
        joined = [visit for visit in centre.visits() if START <= visit.queued < START + TEN]
        return max(
            visit.ended - visit.queued for visit in joined if visit.outcome == "abandoned" and visit.ended
        )

    assert longest(breaking=True) <= 30.0 < longest(breaking=False)


def test_another_surge_takes_the_place_of_the_first() -> None:
    usual = twice = 0
    for seed in range(20):
        usual += len(arrivals(floor(seed), START + TEN))
        centre = floor(seed)
        for _ in range(3):
            centre.rush.begin_surge(6.0, TEN, ())
            centre.rush.begin_surge(2.0, TEN, ())
        twice += len(arrivals(centre, START + TEN))
    assert twice / usual == pytest.approx(2.0, abs=0.3)


@settings(deadline=None, max_examples=15)
@given(cuts=st.sets(st.floats(0.0, 1200.0), max_size=40), at=st.floats(1.0, 500.0))
def test_the_same_wishes_at_the_same_instants_are_the_same_floor(cuts: set[float], at: float) -> None:
    def day(cuts: set[float]) -> bytes:
        centre = CallCentre(SMALL, 5, START)
        deeds: dict[float, Callable[[], None]] = {
            at: lambda: centre.rush.begin_surge(3.0, 300.0, ()),
            at + 100.0: lambda: centre.rush.begin_breaking(0.5, 200.0, ("consult",)),
            at + 150.0: centre.rush.end_surge,
            at + 160.0: lambda: centre.rush.begin_surge(2.0, 300.0, ("consult",)),
        }
        told: list[AnyHappening] = []
        for instant in sorted({*cuts, *deeds, 1200.0}):
            told += centre.advance(START + instant)
            if instant in deeds:
                deeds[instant]()
        return written(told) + written_truth(centre)

    assert day(cuts) == day(set())


@pytest.mark.parametrize("times", [1.0, 0.5, -2.0])
def test_what_is_no_surge_is_refused(times: float) -> None:
    with pytest.raises(ValueError, match="more than once"):
        floor().rush.begin_surge(times, 60.0, ())


@pytest.mark.parametrize("share", [0.0, 1.1, -0.5])
def test_what_is_no_share_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="share"):
        floor().rush.begin_breaking(share, 60.0, ())
