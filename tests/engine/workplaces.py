"""A floor with every sense on it: two ACDs, phones by SIP, headsets and lines on desks, seats; facts of theirs said in short."""

from ccwall import events
from ccwall.engine import Engine
from ccwall.events import (
    AgentCard,
    AgentId,
    AnyEvent,
    DeviceId,
    PhoneState,
    Policy,
    QueueId,
    SeatId,
    SourceId,
)
from tests.engine.journal import ANNA, NOON, OLEG, PBX, Floor, Q, member, phone

SIP = SourceId("sip")
BUS = SourceId("bus")
MATS = SourceId("mats")
PBX2 = SourceId("pbx2")
SENSES: dict[SourceId, events.Sense] = {PBX: "acd", PBX2: "acd", SIP: "phone", BUS: "desk", MATS: "seat"}
SEAT, OTHER_SEAT = SeatId("A-12"), SeatId("A-13")
HEADSET, DESK_PHONE, LINE = DeviceId("bus/h1"), DeviceId("sip/1001"), DeviceId("bus/l1")
CARDS = {
    ANNA: AgentCard(
        names={"en": "Anna"}, team="north", seat=SEAT, extension="1001", skills=("vip",), acd=True
    ),
    OLEG: AgentCard(team="north", seat=OTHER_SEAT, acd=True),
}


Limits = dict[str, float]


def house(limits: Limits | None = None, devices: dict[DeviceId, AgentId] | None = None) -> Policy:
    return Policy(senses=SENSES, agents=CARDS, limits=limits or {}, devices=devices or {})


def floor(
    *facts: AnyEvent, limits: Limits | None = None, devices: dict[DeviceId, AgentId] | None = None
) -> Floor:
    """Anna is ready at the ACD."""
    return Floor(house(limits, devices)).say(member(NOON, name="Anna"), phone(NOON), *facts)


def extension(
    at: float,
    state: PhoneState = "idle",
    device: DeviceId = DESK_PHONE,
    agent: AgentId | None = ANNA,
    *,
    age_known: bool = True,
) -> events.DeviceStateChanged:
    return events.DeviceStateChanged(at=at, device=device, state=state, agent=agent, age_known=age_known)


def headset(
    at: float,
    *,
    docked: bool | None = None,
    worn: bool | None = None,
    connected: bool | None = None,
    device: DeviceId = HEADSET,
    agent: AgentId | None = ANNA,
    age_known: bool = True,
) -> events.DeviceHeadset:
    return events.DeviceHeadset(
        at=at, device=device, agent=agent, docked=docked, worn=worn, connected=connected, age_known=age_known
    )


def occupied(at: float, seat: SeatId = SEAT, *, age_known: bool = True) -> events.SeatOccupied:
    return events.SeatOccupied(at=at, seat=seat, age_known=age_known)


def vacated(at: float, seat: SeatId = SEAT, *, age_known: bool = True) -> events.SeatVacated:
    return events.SeatVacated(at=at, seat=seat, age_known=age_known)


def gone(at: float, reason: str = "eof") -> events.SourceDown:
    return events.SourceDown(at=at, reason="eof")


def tick(floor: Floor, at: float) -> Floor:
    """Time passes: somebody says something that concerns nobody."""
    return floor.say(
        events.QueueDescribed(at=at, queue=QueueId("clock/q"), name="q"), source=SourceId("clock")
    )


def senses(f: Floor, now: float, agent: AgentId = ANNA) -> list[dict[str, object]]:
    found = f.agent(now, "senses", agent)
    assert found is None or isinstance(found, list)
    return found or []


def said(f: Floor, now: float, sense: str, agent: AgentId = ANNA) -> list[tuple[object, object]]:
    """What that sense says, and since when."""
    return [(each["says"], each.get("since")) for each in senses(f, now, agent) if each["sense"] == sense]


def conflicts(f: Floor, now: float, agent: AgentId = ANNA) -> list[tuple[str, float]]:
    found = f.agent(now, "conflicts", agent)
    assert found is None or isinstance(found, list)
    return [(each["kind"], each["since"]) for each in found or []]


def restored(f: Floor) -> Floor:
    """The same floor after a restart."""
    again = Floor.__new__(Floor)
    again.engine, again.journal = Engine.restore(f.engine.dump()), list(f.journal)
    return again


__all__ = ["ANNA", "NOON", "OLEG", "PBX", "Q"]
