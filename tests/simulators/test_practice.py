"""What keys, web and timetable make of the server, and what they are told."""

import asyncio

import msgspec
import pytest

from ccwall_simulators.practice import Practice, Timed, Unknown, keep
from ccwall_simulators.server import FAULTS, Server
from tests.simulators.test_server import served, until


def practising(server: Server, steady: bool = False) -> Practice:
    return Practice(server, scenario="demo", seed=7, steady=steady)


def faults_of(practice: Practice) -> dict[str, dict[str, object]]:
    told = msgspec.convert(practice.told()["faults"], list[dict[str, object]])
    return {str(each["name"]): each for each in told}


async def test_everything_that_can_be_broken_is_told() -> None:
    async with served() as (server, _):
        told = practising(server).told()
        assert msgspec.json.decode(msgspec.json.encode(told)) == told
        faults = faults_of(practising(server))
        assert list(faults) == [fault.name for fault in FAULTS]
        assert not any(each["active"] for each in faults.values())
        assert told["gauges"] == {"consult": {"waiting": 0, "talking": 0}}
        assert (told["scenario"], told["seed"], told["product"]) == ("demo", 7, "Parrot 1.0")


async def test_an_active_fault_says_until_when_on_the_floors_clock() -> None:
    async with served(20) as (server, _):
        practice = practising(server)
        practice.fault("half_open", 10)
        broken = faults_of(practice)["half_open"]
        assert broken["active"]
        assert broken["until"] == pytest.approx(server.now + 200, abs=10)
        practice.fault("heal")
        assert not faults_of(practice)["half_open"]["active"]


async def test_a_product_that_is_down_is_an_active_fault_until_it_is_back() -> None:
    async with served(20) as (server, _):
        practice = practising(server)
        practice.fault("kill", 0.3)
        assert server.left("kill") is not None
        assert practice.told()["up"] is False
        await until(lambda: practice.told()["up"])
        assert server.left("kill") is None


@pytest.mark.parametrize("name", ["", "cutt", "q", "__class__"])
async def test_what_cannot_be_broken_is_refused(name: str) -> None:
    async with served() as (server, parrot):
        with pytest.raises(Unknown, match="half_open"):
            practising(server).fault(name)
        assert parrot.done == []


async def test_every_key_does_what_it_says() -> None:
    keys = [fault.key for fault in FAULTS]
    assert len(set(keys) | {"0", "q"}) == len(keys) + 2, "two meanings of one key"
    async with served() as (server, parrot):
        practice = practising(server)
        assert {practice.key(key) for key in "lzfr0"} == {
            "reload",
            "reset_statistics",
            "flood",
            "restart",
            "heal",
        }
        assert practice.key("q") == practice.key("\x1b") == ""
        assert parrot.done == ["reload", "reset statistics", "restart 10 clean"]


async def test_the_speed_is_bounded_and_may_be_fixed() -> None:
    async with served() as (server, _):
        practising(server).pace(100)
        assert server.speed == 100
        for speed in (0, 0.01, 101, float("inf")):
            with pytest.raises(Unknown):
                practising(server).pace(speed)
        with pytest.raises(Unknown):
            practising(server, steady=True).pace(2)


async def test_the_truth_is_the_floors_own() -> None:
    async with served() as (server, _):
        truth = practising(server).truth()
        assert truth["visits"] == [
            {"visit": 1, "call": "c1", "queue": "consult", "caller": "1", "queued": 1.0, "outcome": "open"}
        ]
        assert truth["queues"] == {"consult": {"waiting": 0, "talking": 0, "members": 0, "paused": 0}}


FIRST, DAY = 1_000.0, 86_400.0


@pytest.mark.parametrize(
    ("after", "until", "due"),
    [
        (999, 1_000, True),
        (998, 999.5, False),
        (1_000, 1_001, False),
        (900, 1_100, True),
        (-DAY + 900, -DAY + 1_100, False),
        (DAY + 900, DAY + 1_100, True),
        (2_000, DAY + 999, False),
        (2_000, 3 * DAY, True),
    ],
)
def test_a_fault_is_due_at_its_time_of_every_day(after: float, until: float, due: bool) -> None:
    assert Timed(first=FIRST, fault="kill").is_due(after, until) == due


async def test_the_timetable_is_kept() -> None:
    async with served(50) as (server, parrot):
        timed = [
            Timed(first=server.now + 10, fault="reload"),
            Timed(first=server.now + 40_000, fault="kill"),
        ]
        task = asyncio.create_task(keep(server, timed))
        await until(lambda: parrot.done)
        assert parrot.done == ["reload"]
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
