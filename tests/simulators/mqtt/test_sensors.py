"""The bus of a simulated floor says what happens on its desks, and the adapter hears just that."""

import asyncio
import json
from contextlib import suppress

import pytest

from ccwall.adapter import Session
from ccwall.clock import SystemClock
from ccwall.events import (
    AnyEvent,
    DevicePressed,
    SeatOccupied,
    SeatSensor,
    SeatVacated,
    SourceId,
    SourceResyncFinished,
)
from ccwall.supervise import Supervisor
from ccwall.transport import address, connect
from ccwall.wire.parcel import pack
from ccwall_adapters.mqtt import ADAPTER, MqttSettings
from ccwall_simulators.callcentre import CallCentre, load_scenario
from ccwall_simulators.callcentre.desks import Desks, Habits
from ccwall_simulators.mqtt import Broker, Bus, Lights, Message, Sensors
from tests.adapters.contract import PlainDirectory

START = 1_795_312_800.0
SMALL = load_scenario("small_floor")
SETTINGS = MqttSettings(preset="zigbee2mqtt", version="3.1.1")


def sensors(doors: int = 0) -> tuple[Desks, Sensors]:
    desks = Desks(CallCentre(SMALL, 5, START), 7, Habits(help=2.0, sensor_faults=1.0))
    return desks, Sensors(desks, seats={"1001": "A-1"}, doors=doors)


class Seats:
    """What a wall knows of the seats, by the facts it was told."""

    def __init__(self) -> None:
        self.taken: dict[str, bool] = {}
        self.gone: set[str] = set()
        self.pressed: list[str] = []

    def hear(self, events: list[AnyEvent]) -> None:
        for event in events:
            match event:
                case SeatOccupied() | SeatVacated():
                    self.taken[event.seat] = isinstance(event, SeatOccupied)
                case SeatSensor(available=False):
                    self.gone.add(event.seat)
                case SeatSensor():
                    self.gone.discard(event.seat)
                case DevicePressed():
                    self.pressed.append(f"{event.device} {event.button}")
                case _:
                    pass

    def agree(self, desks: Desks, names: Sensors) -> None:
        for agent in desks.agents():
            seat, desk = f"src/{names.seat(agent)}", desks.desk(agent)
            assert (seat not in self.gone) == desk.sensor
            if desk.sensor:
                assert self.taken[seat] == desk.seated


def hears(session: Session, messages: list[Message], now: float) -> list[AnyEvent]:
    wire = b"".join(pack({"topic": each.topic, "retain": each.retain}, each.payload) for each in messages)
    return list(session.receive(wire, now))


def test_an_hour_of_the_bus_is_the_truth_of_the_desks() -> None:
    desks, bus = sensors(doors=2)
    session = ADAPTER.session(SETTINGS, PlainDirectory(), "observe")
    seats = Seats()
    session.open(START)
    session.receive(pack({"link": "connected", "session": False}), START)
    bus.advance(START)
    seats.hear(hears(session, bus.everything(), START))
    seats.agree(desks, bus)
    for minute in range(1, 61):
        now = START + 60.0 * minute
        seats.hear(hears(session, list(bus.advance(now)), now))
        seats.agree(desks, bus)
    assert {each.rpartition(" ")[2] for each in seats.pressed} >= {"help", "break"}
    assert {"src/A-1", "src/seat-1002", "src/door-1"} <= set(seats.taken)
    assert not [kind for kind in session.counts if kind.startswith("unknown")]


def test_the_same_floor_publishes_the_same() -> None:
    assert sensors(doors=2)[1].advance(START + 600.0) == sensors(doors=2)[1].advance(START + 600.0) != []


def test_a_light_shows_what_it_is_told() -> None:
    lights = Lights()
    lights.hear("ccwall/light/wang/set", b'{"state":"ON","color":{"r":255,"g":100,"b":0},"effect":"blink"}')
    lights.hear("ccwall/light/li/set", json.dumps({"state": "OFF"}).encode())
    assert lights.shown == {"wang": "#ff6400 blink", "li": ""}


@pytest.mark.parametrize("version", ["3.1.1", "5"])
async def test_on_the_broker_out_of_the_wheel_the_wall_sees_the_desks(version: str) -> None:
    desks, bus = sensors()
    clock, seats, whole = SystemClock(rate=60.0, start=START), Seats(), asyncio.Event()

    def emit(events: list[AnyEvent], _now: float) -> None:
        seats.hear(events)
        if any(isinstance(event, SourceResyncFinished) for event in events):
            whole.set()

    settings = MqttSettings(preset="zigbee2mqtt", version="5" if version == "5" else "3.1.1")
    async with Broker() as broker:
        port = broker.port5 if version == "5" else broker.port
        where = address(f"mqtt://127.0.0.1:{port}", 1883, ADAPTER.schemes)
        supervisor = Supervisor(
            SourceId("desks"),
            ADAPTER.session(settings, PlainDirectory(), "live"),
            lambda: connect(where, ADAPTER.dial(settings, "desks")),
            lambda events, now: emit(list(events), now),
            clock,
        )
        carried = Bus(broker.port, bus, clock.now)
        tasks = [asyncio.create_task(each) for each in (carried.run(), supervisor.run())]
        try:
            async with asyncio.timeout(30):
                await whole.wait()
                while len(seats.taken) < len(desks.agents()) or not seats.pressed:  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
        finally:
            for task in tasks:
                task.cancel()
            with suppress(asyncio.CancelledError):
                await asyncio.gather(*tasks, return_exceptions=True)
    assert all(seat.startswith("src/") for seat in seats.taken)
