"""The same scenario, seed, start and deeds: the same floor, byte for byte, however time is cut."""

from collections.abc import Callable, Iterable

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from ccwall_simulators.callcentre import CallCentre, load_scenario
from ccwall_simulators.callcentre.happening import AnyHappening, CallArrived

START = 1_795_312_800.0
SMALL = load_scenario("small_floor")
LENGTH = 1200.0


def written(told: Iterable[AnyHappening]) -> bytes:
    return b"\n".join(type(h).__name__.encode() + b" " + msgspec.json.encode(h) for h in told)


def test_equal_seeds_are_equal_bytes() -> None:
    one, two = (CallCentre(SMALL, 5, START).advance(START + LENGTH) for _ in range(2))
    assert written(one) == written(two)


def test_another_seed_is_another_day() -> None:
    one, two = (CallCentre(SMALL, seed, START).advance(START + LENGTH) for seed in (5, 6))
    assert written(one) != written(two)


def day(cuts: Iterable[float], restart_at: float) -> bytes:
    """The same deeds at the same instants, time cut as given."""
    floor = CallCentre(SMALL, 5, START)
    told: list[AnyHappening] = []
    deeds: dict[float, Callable[[], object]] = {
        200.0: lambda: floor.pause("PJSIP/1001", True, "督导"),
        300.0: floor.reload,
        400.0: lambda: floor.add_member("promo", "PJSIP/1010"),
        restart_at: lambda: floor.restart(20.0),
        900.0: lambda: floor.pause("PJSIP/1001", False),
    }
    for instant in sorted({*cuts, *deeds, LENGTH}):
        told += floor.advance(START + instant)
        if instant in deeds:
            deeds[instant]()
    return written(told) + written_truth(floor)


def written_truth(floor: CallCentre) -> bytes:
    return msgspec.json.encode([floor.visits(), floor.queues(), floor.talking(), floor.devices()])


@settings(deadline=None, max_examples=25)
@given(cuts=st.sets(st.floats(0.0, LENGTH), max_size=60), restart_at=st.floats(1.0, LENGTH - 1.0))
def test_how_time_is_cut_changes_nothing(cuts: set[float], restart_at: float) -> None:
    assert day(cuts, restart_at) == day((), restart_at)


def test_cuts_at_every_instant_of_a_happening_change_nothing() -> None:
    instants = {h.t - START for h in CallCentre(SMALL, 5, START).advance(START + LENGTH) if h.t > START}
    assert day(instants, 600.0) == day((), 600.0)


def test_a_pause_changes_nothing_in_who_calls_when() -> None:
    callers = msgspec.structs.replace(SMALL.callers, redial=0.0)
    scenario = msgspec.structs.replace(SMALL, callers=callers)

    def arrivals(*, paused: bool) -> list[tuple[float, str, str]]:
        floor = CallCentre(scenario, 5, START)
        told = list(floor.advance(START + 60.0))
        if paused:
            for agent in SMALL.agent:
                floor.pause(f"PJSIP/{agent.id}", True)
        told += floor.advance(START + LENGTH)
        return [(h.t, h.number, h.name) for h in told if isinstance(h, CallArrived)]

    assert arrivals(paused=True) == arrivals(paused=False) != []


def test_time_does_not_run_backwards() -> None:
    floor = CallCentre(SMALL, 5, START)
    floor.advance(START + 60.0)
    assert not floor.advance(START)
    assert floor.now == START + 60.0


def test_what_happens_at_the_very_instant_has_happened() -> None:
    instants = [h.t for h in CallCentre(SMALL, 5, START).advance(START + LENGTH) if h.t > START]
    floor = CallCentre(SMALL, 5, START)
    floor.advance(START)
    for instant in sorted(set(instants)):
        assert floor.advance(instant)[-1].t == instant
