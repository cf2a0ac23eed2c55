"""What befalls the callers of several floors, as a page and a terminal begin and end it."""

from typing import Any

import msgspec
import pytest

from ccwall_simulators.breaking import Together, Unknown
from ccwall_simulators.callcentre import CallCentre, load_scenario
from ccwall_simulators.callcentre.rushing import LASTS, Callers
from ccwall_simulators.practice import Practices

START = 1_795_312_800.0
SPEED = 5.0


class House:
    """Two floors that live together."""

    def __init__(self) -> None:
        self.floors = {
            name: CallCentre(load_scenario(scenario), 3, START)
            for name, scenario in (("pbx1", "small_floor"), ("pbx2", "branch"))
        }
        self.now = START
        self.live(0.0)
        self.callers = Callers(self.floors, lambda: self.now, lambda: SPEED)

    def live(self, seconds: float) -> None:
        self.now += seconds
        for floor in self.floors.values():
            floor.advance(self.now)

    def fault(self, name: str = "surge") -> dict[str, Any]:
        found = msgspec.convert(self.callers.told()["faults"], list[dict[str, Any]])
        return next(each for each in found if each["name"] == name)


def test_it_tells_of_which_queues_it_can_be_and_none_that_nobody_calls() -> None:
    told = House().callers.told()
    assert msgspec.json.decode(msgspec.json.encode(told)) == told
    queues = msgspec.convert(told["queues"], list[dict[str, Any]])
    assert [queue["id"] for queue in queues] == [
        "pbx1/consult", "pbx1/promo", "pbx1/complaint", "pbx2/consult", "pbx2/technical",
    ]  # fmt: skip
    assert queues[3]["title"]["en"] == "Branch"


@pytest.mark.parametrize("name", ["surge", "drop_lines"])
def test_it_goes_on_everywhere_for_ten_minutes_of_the_floor_and_says_so(name: str) -> None:
    house = House()
    assert not house.fault(name)["active"]
    house.callers.fault(name)
    assert {"active": True, "since": START, "until": START + LASTS}.items() <= house.fault(name).items()
    assert "about" not in house.fault(name)
    assert house.fault(name)["seconds"] == LASTS / SPEED, "which are real ones"
    house.live(200.0)
    assert house.callers.left(name) == pytest.approx((LASTS - 200.0) / SPEED)
    house.live(400.0)
    assert (house.fault(name)["active"], house.callers.left(name)) == (False, None)


def test_in_one_queue_it_is_in_that_alone_and_another_choice_takes_its_place() -> None:
    house = House()
    house.callers.fault("surge")
    house.callers.fault_of("surge", "pbx2/technical", 60)
    assert house.fault()["about"] == house.callers.about("surge") == "pbx2/technical"
    assert house.fault()["until"] == START + 60 * SPEED
    assert house.floors["pbx1"].rush.surge is None
    found = house.floors["pbx2"].rush.surge
    assert found is not None
    assert (found.queues, found.size) == (("technical",), 3.0)


def test_each_is_ended_alone_and_heal_ends_both() -> None:
    house = House()
    for name in ("surge", "drop_lines"):
        house.callers.fault(name)
    house.callers.stop("surge")
    assert (house.fault("surge")["active"], house.fault("drop_lines")["active"]) == (False, True)
    house.callers.fault("surge")
    house.callers.fault("heal")
    assert not any(house.fault(name)["active"] for name in ("surge", "drop_lines"))


def test_it_lasts_no_longer_than_anything_may() -> None:
    house = House()
    house.callers.fault("surge", 1e9)
    assert house.callers.left("surge") == 600.0


def test_what_there_is_not_is_refused() -> None:
    callers = House().callers
    with pytest.raises(Unknown, match="surge, drop_lines"):
        callers.fault("cut")
    with pytest.raises(Unknown, match="surge, drop_lines"):
        callers.stop("cut")
    with pytest.raises(Unknown, match="pbx1/consult"):
        callers.fault_of("surge", "pbx9/consult")
    assert callers.left("cut") is None


def test_a_page_and_a_terminal_reach_it_beside_others() -> None:
    house = House()
    practices = Practices({"pbx1": House().callers, "callers": house.callers})
    practices.fault("surge", None, "callers", "pbx1/promo")
    assert house.fault()["about"] == "pbx1/promo"
    practices.stop("surge", "callers")
    assert not house.fault()["active"]
    together = Together(House().callers, house.callers)
    assert together.key("t") == "surge"
    together.stop("surge")
    assert together.left("surge") is None
