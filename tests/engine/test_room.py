"""A source that invents ids fills no memory, and the wall says that not all of it is taken in."""

from collections.abc import Callable

import pytest

from ccwall import events
from ccwall.engine import room
from ccwall.events import AgentId, AnyEvent, DeviceId, QueueId, SeatId, SourceId
from tests.engine.journal import (
    ANNA,
    NOON,
    PBX,
    Floor,
    Q,
    abandoned,
    alerting,
    answered,
    connected,
    member,
    phone,
    queued,
    released,
    resync,
)

T = NOON
FEW = 20
CAPS = (
    "MOST_CONTACTS",
    "MOST_QUEUES",
    "MOST_AGENTS",
    "MOST_DEVICES",
    "MOST_MEMBERSHIPS",
    "MOST_PHONES",
    "MOST_ALERTING",
    "MOST_SEATS",
    "MOST_SENSORS",
)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Floor:
    """A floor on which twenty is very much."""
    for module in ("room", "contacts", "agents", "senses"):
        for cap in CAPS:
            if hasattr(__import__(f"ccwall.engine.{module}", fromlist=[module]), cap):
                monkeypatch.setattr(f"ccwall.engine.{module}.{cap}", FEW)
    return Floor().say(*connected(T))


def limits(f: Floor) -> object:
    return f.at(T + 9000, "sources", PBX, "limits")


INVENTED: dict[str, Callable[[int], AnyEvent]] = {
    "contacts": lambda n: queued(T + n, f"c{n}"),
    "queues": lambda n: events.QueueDescribed(at=T, queue=QueueId(f"q{n}"), name="q"),
    "queues by callers": lambda n: queued(T + n, "c1", QueueId(f"q{n}")),
    "agents": lambda n: events.AgentReady(at=T, agent=AgentId(f"a{n}")),
    "agents by answers": lambda n: answered(T + n, f"c{n}", AgentId(f"a{n}")),
    "devices": lambda n: phone(T, agent=AgentId(f"a{n}"), device=f"d{n}"),
    "phones of one": lambda n: phone(T, device=f"d{n}"),
    "faults": lambda n: events.DeviceFault(at=T, device=DeviceId(f"d{n}"), fault="x", agent=ANNA),
    "devices on desks": lambda n: events.DeviceSeen(at=T, device=DeviceId(f"d{n}"), kind="headset"),
    "headsets of one": lambda n: events.DeviceHeadset(
        at=T, device=DeviceId(f"d{n}"), agent=ANNA, docked=True
    ),
    "seats": lambda n: events.SeatOccupied(at=T, seat=SeatId(f"s{n}")),
    "sensors": lambda n: events.SeatSensor(at=T, seat=SeatId(f"s{n}"), available=n % 2 == 0),
    "memberships of one": lambda n: member(T, interface=f"i{n}"),
    "ready in many": lambda n: events.AgentReady(at=T, agent=ANNA, queue=QueueId(f"q{n}"), interface=f"i{n}"),
    "refusals": lambda n: events.ContactRefused(
        at=T, contact=events.ContactId(f"c{n}"), queue=QueueId(f"q{n}"), cause="full"
    ),
}


@pytest.mark.parametrize("what", INVENTED)
def test_inventing_does_not_grow_the_state(small: Floor, what: str) -> None:
    for n in range(3 * FEW):
        small.say(INVENTED[what](n), received=T + n)
    size = len(small.engine.dump())
    for n in range(3 * FEW, 10 * FEW):
        small.say(INVENTED[what](n), received=T + n)
    assert len(small.engine.dump()) < size + 200


@pytest.mark.parametrize("what", ["contacts", "queues", "agents", "devices", "devices on desks", "seats"])
def test_who_invents_too_many_is_known_by_its_limit_until_the_next_resync(small: Floor, what: str) -> None:
    for n in range(3 * FEW):
        small.say(INVENTED[what](n), received=T + n)
    assert limits(small) == [room.TOO_MANY]
    small.say(*resync(T + 500))
    assert limits(small) == []


def test_a_busy_day_forgets_its_oldest_closed_visits_and_keeps_their_counts(small: Floor) -> None:
    small.say(queued(T, "first"))
    for n in range(100):
        small.say(queued(T + n, f"c{n}"), abandoned(T + n + 9, f"c{n}"), received=T + n + 9)
    assert len(list(small.engine.contacts())) <= FEW
    assert small.contact("first").is_waiting
    assert (small.queue(T + 200, "offered"), small.queue(T + 200, "abandoned")) == (101, 100)
    assert limits(small) == []


@pytest.mark.parametrize("ending", [[answered(T + 2, "c0"), released(T + 3, "c0")], [abandoned(T + 2, "c0")]])
def test_when_all_are_open_a_new_one_is_turned_away_until_one_is_closed(
    small: Floor, ending: list[AnyEvent]
) -> None:
    for n in range(FEW + 5):
        small.say(queued(T, f"c{n}"))
    assert small.queue(T + 1, "waiting") == FEW
    small.say(*ending, queued(T + 4, "new"))
    assert small.contact("new").is_waiting
    assert small.queue(T + 5, "waiting") == FEW


def test_room_is_made_as_long_as_anything_closed_is_remembered(small: Floor) -> None:
    for n in range(FEW):
        small.say(queued(T + n, f"old{n}"), abandoned(T + n + 9, f"old{n}"), received=T + n + 9)
    for n in range(FEW):
        small.say(queued(T + 100 + n, f"c{n}"))
    assert small.queue(T + 200, "waiting") == FEW
    assert limits(small) == []


def test_what_is_known_is_still_heard_when_there_is_no_room_for_more(small: Floor) -> None:
    for n in range(3 * FEW):
        small.say(queued(T, f"c{n}"), phone(T, agent=AgentId(f"a{n}"), device=f"d{n}"))
    small.say(abandoned(T + 9, "c3"), phone(T + 9, "in_use", AgentId("a3"), "d3"))
    assert small.contact("c3").outcome == "abandoned"


def test_a_contact_rings_at_so_many_phones_and_no_more(small: Floor) -> None:
    small.say(queued(T))
    for n in range(FEW):
        small.say(*(alerting(T + 1, agent=AgentId(f"a{n}")) for _ in range(2)))
    assert len(small.contact().alerting) <= FEW


def test_a_person_has_so_many_devices_and_a_seat_so_many_sensors_and_no_more(
    small: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ccwall.engine.senses.MOST_PHONES", 5)
    for n in range(FEW):
        small.say(events.DeviceHeadset(at=T, device=DeviceId(f"d{n:02}"), agent=ANNA, docked=True))
    for n in range(FEW + 5):
        small.say(events.SeatVacated(at=T, seat=SeatId("A-1")), source=SourceId(f"bus{n}"))
    state = small.engine._state  # memory is inside
    assert (len(state.agents[ANNA].gear), len(state.seats[SeatId("A-1")])) == (5, FEW)
    assert [device for device, gear in state.gear.items() if gear.agent == ANNA] == list(
        state.agents[ANNA].gear
    )


def test_configured_queues_are_never_turned_away(small: Floor) -> None:
    names = [QueueId(f"q{n}") for n in range(3 * FEW)]
    cards = {name: events.QueueCard() for name in names}
    small.say(events.ConfigApplied(at=T, hash="x", policy=events.Policy(queues=cards)))
    small.say(queued(T + 1, queue=names[-1]))
    assert small.queue(T + 2, "waiting", names[-1]) == 1
    assert small.queue(T + 2, "waiting", Q) is None
