"""Whatever the seed, and whatever is done to the floor at whatever instant: what it tells can be, and is what it is."""

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccwall_simulators.callcentre import CallCentre, load_scenario
from tests.simulators.callcentre.watcher import Watcher

START = 1_795_312_800.0
SMALL = load_scenario("small_floor")

Deed = Callable[[CallCentre, Watcher], None]


def paused(interface: str, queue: str) -> Deed:
    return lambda floor, _: void(floor.pause(interface, True, "监督", queue))


def resumed(interface: str) -> Deed:
    return lambda floor, _: void(floor.pause(interface, False))


def added(queue: str, interface: str) -> Deed:
    return lambda floor, _: void(floor.add_member(queue, interface))


def removed(queue: str, interface: str) -> Deed:
    return lambda floor, _: void(floor.remove_member(queue, interface))


def restarted(down: float) -> Deed:
    def deed(floor: CallCentre, watcher: Watcher) -> None:
        watcher.hear(floor.advance(floor.now))
        floor.restart(down)
        watcher.restarted()

    return deed


def reloaded(floor: CallCentre, watcher: Watcher) -> None:
    watcher.hear(floor.advance(floor.now))
    floor.reload()
    watcher.read_members()


def rushed(times: float, queues: Sequence[str]) -> Deed:
    return lambda floor, _: floor.rush.begin_surge(times, 90.0, queues)


def breaking(share: float, queues: Sequence[str]) -> Deed:
    return lambda floor, _: floor.rush.begin_breaking(share, 90.0, queues)


def void(_: object) -> None: ...


INTERFACES = [
    "PJSIP/1001",
    "PJSIP/1004",
    "PJSIP/1010",
    "Local/1007@from-queue/n",
    "PJSIP/1012",
    "PJSIP/9999",
    "Local/1003@x",
]
QUEUES = [queue.name for queue in SMALL.queue]
DEEDS = st.one_of(
    st.builds(paused, st.sampled_from(INTERFACES), st.sampled_from(["", *QUEUES])),
    st.builds(resumed, st.sampled_from(INTERFACES)),
    st.builds(added, st.sampled_from(QUEUES), st.sampled_from(INTERFACES)),
    st.builds(removed, st.sampled_from(QUEUES), st.sampled_from(INTERFACES)),
    st.builds(restarted, st.sampled_from([0.0, 5.0, 40.0])),
    st.just(reloaded),
    st.builds(rushed, st.floats(1.5, 8.0), st.sampled_from([(), *((queue,) for queue in QUEUES)])),
    st.builds(breaking, st.floats(0.1, 1.0), st.sampled_from([(), *((queue,) for queue in QUEUES)])),
)


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 10**6), day=st.lists(st.tuples(st.floats(0.0, 120.0), DEEDS), max_size=25))
def test_what_is_told_can_be_and_is_what_is(seed: int, day: list[tuple[float, Deed]]) -> None:
    floor = CallCentre(SMALL, seed, START)
    watcher = Watcher(floor)
    for pause, deed in day:
        watcher.hear(floor.advance(floor.now + pause))
        deed(floor, watcher)
        watcher.hear(floor.advance(floor.now))
        watcher.compare()
    watcher.hear(floor.advance(floor.now + 300.0))
    watcher.compare()


@pytest.mark.parametrize("seed", range(20))
def test_a_long_shift_can_be(seed: int) -> None:
    floor = CallCentre(SMALL, seed, START)
    watcher = Watcher(floor)
    for _ in range(6):
        watcher.hear(floor.advance(floor.now + 900.0))
        watcher.compare()


@pytest.mark.parametrize("seed", range(4))
def test_nobody_waits_while_somebody_is_free(seed: int) -> None:
    """Looked at once a second: a caller who may ring and a member who may be rung do not stay apart."""
    floor = CallCentre(SMALL, seed, START)
    exchange = floor._exchange
    apart: dict[str, int] = {}
    for second in range(3600):
        floor.advance(START + second)
        if second == 1800:
            floor.restart(5.0)
        for queue in exchange.queues.values():
            callers = [p for p in queue.waiting if not p.offers and floor.now >= p.rests_until]
            free = [r for r in queue.rows.values() if r.may_ring(floor.now) and not exchange._outranked(r)]
            apart[queue.name] = apart.get(queue.name, 0) + 1 if callers and free else 0
            assert apart[queue.name] < 3, f"{queue.name} at {second} s"
