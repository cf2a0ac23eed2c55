"""An ACD and a simulated SIP server, read by its own adapter: what they say of one person, and where they disagree."""

from collections.abc import Sequence

import pytest

from ccwall import events
from ccwall.config import Agent, Config
from ccwall.directory import ConfiguredDirectory
from ccwall.events import AgentCard, AgentId, AnyEvent, Policy, SourceId
from ccwall_adapters.sip_dialog import SipSession
from tests.adapters.contract import NOW
from tests.adapters.sip_dialog.joined import Joined, wall
from tests.engine.journal import (
    HOUSE,
    PBX,
    Floor,
    answered,
    connected,
    member,
    queued,
    ready,
    released,
    resync,
)

SIP = SourceId("phones")
ANNA = AgentId("anna")
CARD = AgentCard(names={"en": "Anna"}, extension="1001", acd=True)
CONFIG = Config(agents=(Agent(id=ANNA, card=CARD),))


class House:
    """Both sources into one engine. The ACD knows agents and no phones (CSTA is like that)."""

    def __init__(self) -> None:
        self.floor = Floor(Policy(senses={SIP: "phone", PBX: "acd"}, agents={ANNA: CARD}), NOW)
        settings = wall(events=("dialog", "presence"))
        self.sip = Joined(settings)
        self.sip.session = SipSession(settings, ConfiguredDirectory(SIP, CONFIG), "live")
        self.sip.open()
        on = resync(NOW, member(NOW, agent=ANNA), ready(NOW, ANNA), limits=("devices",))
        self.acd(*connected(NOW)[:1], *on)
        self.told = 0
        self.run(5.0)

    @property
    def now(self) -> float:
        return self.sip.now

    def acd(self, *facts: AnyEvent) -> None:
        self.floor.say(*facts, received=max(event.at for event in facts))

    def run(self, seconds: float) -> "House":
        """A second at a time, as a supervisor reads."""
        for _ in range(int(seconds)):
            self.sip.run(1.0)
            fresh, self.told = self.sip.facts[self.told :], len(self.sip.facts)
            self.floor.say(*fresh, source=SIP, received=self.now)
            self.floor.say(events.RecordingResumed(at=self.now), source=HOUSE)
        return self

    def senses(self) -> list[tuple[str, str]]:
        return [(each["sense"], each["says"]) for each in self._listed("senses")]

    def conflicts(self) -> list[str]:
        return [each["kind"] for each in self._listed("conflicts")]

    def _listed(self, key: str) -> Sequence[dict[str, str]]:
        found = self.floor.agent(self.now, key, ANNA)
        return found if isinstance(found, list) else []

    def call(self) -> None:
        """The ACD gives a call to the phone, and it is answered."""
        self.sip.phone("1001", main="c1")
        self.acd(queued(self.now), answered(self.now, agent=ANNA))


@pytest.fixture
def house() -> House:
    return House()


def test_the_same_extension_is_the_same_person_at_both(house: House) -> None:
    assert house.senses() == [("acd", "ready"), ("phone", "idle")]
    assert house.floor.at(house.now, "strangers", "agents") == []
    assert "phones/1002" in str(house.floor.at(house.now, "strangers", "devices"))


def test_a_phone_in_use_of_which_the_acd_knows_nothing(house: House) -> None:
    house.sip.phone("1001", main="private")
    assert house.run(8).conflicts() == []
    assert house.run(6).conflicts() == ["idle_talking"]
    assert house.floor.at(house.now, "floor", "conflicts") == 1
    house.sip.phone("1001", main="")
    assert house.run(3).conflicts() == []


def test_a_call_that_both_know_is_no_contradiction_from_ring_to_end(house: House) -> None:
    house.call()
    assert house.run(30).conflicts() == []
    assert house.senses() == [("acd", "talking"), ("phone", "in_use")]
    house.sip.phone("1001", held=True)
    assert house.run(15).senses() == [("acd", "talking"), ("phone", "on_hold")]
    house.sip.phone("1001", main="", held=False)
    house.run(2).acd(released(house.now, agent=ANNA))
    assert (house.run(200).conflicts(), house.floor.at(house.now, "floor", "ghosts")) == ([], None)


def test_a_call_whose_end_the_acd_never_tells(house: House) -> None:
    house.call()
    house.run(20)
    house.sip.phone("1001", main="")
    ended = house.now
    assert house.run(14).conflicts() == ["call_ended"]
    house.run(100)
    assert house.floor.contact().is_talking
    house.run(10)
    assert (house.floor.contact().cause, house.conflicts()) == ("ghost", [])
    assert house.floor.contact().ended == pytest.approx(ended, abs=0.2)
    assert house.floor.at(house.now, "floor", "ghosts") == 1


def test_a_phone_that_is_gone_from_the_network(house: House) -> None:
    house.sip.phone("1001", registered=False)
    assert house.run(3).conflicts() == []
    assert house.run(5).conflicts() == ["ready_unreachable"]
    assert house.senses() == [("acd", "ready"), ("phone", "unavailable")]


def test_a_sip_server_that_is_away_contradicts_nobody_and_makes_no_ghosts(house: House) -> None:
    house.call()
    house.run(20)
    house.sip.up = False
    house.sip.close("reset")
    house.run(200)
    assert (house.conflicts(), house.floor.contact().is_talking) == ([], True)
    assert house.floor.agent(house.now, "senses", ANNA) is not None


def test_back_again_it_found_the_phone_idle_for_nobody_knows_how_long(house: House) -> None:
    house.call()
    house.run(20)
    house.sip.close("reset")
    house.run(5)
    house.sip.phone("1001", main="")
    house.sip.open()
    house.run(300)
    assert house.floor.contact().is_talking, "the end may have been of another call"
    assert house.conflicts() == ["call_ended"]
