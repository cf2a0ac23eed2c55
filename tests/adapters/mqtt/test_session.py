"""What the topics of a bus say becomes facts; what is kept or late never begins anew; nothing is taken twice."""

import tracemalloc

import msgspec
import pytest

from ccwall.adapter import Directory, Mode, Session
from ccwall.errors import AuthRejected
from ccwall.events import (
    AgentId,
    AgentReady,
    AnyEvent,
    CommandId,
    CommandRefused,
    CommandRequested,
    ContactQueued,
    DeviceHeadset,
    DeviceId,
    DevicePressed,
    DeviceSeen,
    DeviceStateChanged,
    SeatId,
    SeatOccupied,
    SeatSensor,
    SeatVacated,
    SourceDown,
    SourceLimited,
    SourceResyncFinished,
    SourceResyncStarted,
    SourceTook,
    SourceUp,
)
from ccwall.wire.parcel import pack
from ccwall_adapters.mqtt import ADAPTER, MqttSettings
from tests.adapters.contract import NOW, ParcelContract, Step
from tests.adapters.mqtt.bus import CONNECTED, DESKS, GREETING, KEPT, SUBSCRIBED, Bus, Desks, said
from tests.adapters.mqtt.fuzz import ATTRIBUTES, EVENT, SEEDS

WANG = AgentId("wang")


class TestContract(ParcelContract):
    wire = (Step("open"), *(Step("rx", seed) for seed in SEEDS), Step("close", at=NOW + 60))
    greeting = GREETING

    def session(self, mode: Mode = "observe", directory: Directory | None = None) -> Session:
        return ADAPTER.session(DESKS, directory or Desks(), mode)


def without(kind: type[AnyEvent], events: list[AnyEvent]) -> list[AnyEvent]:
    return [event for event in events if not isinstance(event, kind)]


def told(bus: Bus, *wire: bytes) -> list[AnyEvent]:
    """Without the introductions and the marks."""
    return without(SourceTook, without(DeviceSeen, bus.hear(*wire)))


def test_from_the_greeting_to_live() -> None:
    bus = Bus()
    up, started = bus.hear(CONNECTED)
    assert isinstance(up, SourceUp)
    assert up.product == "MQTT 5 broker"
    assert isinstance(started, SourceResyncStarted)
    assert bus.wait(60.0) == [], "not before it is subscribed"
    bus.hear(SUBSCRIBED)
    assert bus.wait(1.1) == [SourceResyncFinished(at=bus.now)]
    assert bus.session.state == "live"
    (down,) = bus.session.close(bus.now, "silent", "the broker did not answer")
    assert down == SourceDown(at=bus.now, reason="silent", detail="the broker did not answer")


def test_what_is_kept_is_the_snapshot_as_long_as_it_keeps_coming() -> None:
    bus = Bus()
    bus.hear(GREETING)
    for _ in range(3):
        assert bus.wait(0.9) == []
        bus.hear(said("desk/A-1/presence", {"state": {"seated": True}}, retain=True))
    assert len(bus.wait(1.1)) == 1
    bus = Bus()
    bus.hear(GREETING)
    for _ in range(100):  # but not for ever
        bus.hear(said("desk/A-1/presence", {"state": {"seated": True}}, retain=True))
        if bus.wait(0.5):
            break
    assert bus.now == NOW + 10.0


def test_a_kept_session_drops_nothing() -> None:
    bus = Bus()
    assert [type(event) for event in bus.hear(KEPT + SUBSCRIBED)] == [SourceUp]
    assert bus.wait(1.1) == [SourceResyncFinished(at=bus.now)]


def test_a_thing_is_introduced_once_and_then_says_its_state() -> None:
    bus = Bus().live()
    seen, occupied = bus.hear(said("desk/A-1/presence", {"state": {"seated": True}}))
    assert seen == DeviceSeen(at=bus.now, device=DeviceId("src/A-1"), kind="sensor", name="A-1", agent=WANG)
    assert occupied == SeatOccupied(at=bus.now, seat=SeatId("A-1"))
    assert bus.hear(said("desk/A-1/presence", {"state": {"seated": False}})) == [
        SeatVacated(at=bus.now, seat=SeatId("A-1"))
    ]
    bus.session.close(bus.now)
    bus.session.open(bus.now)
    bus.hear(CONNECTED)
    assert isinstance(bus.hear(said("desk/A-1/presence", {"state": {"seated": True}}))[0], DeviceSeen)


def test_every_kind_of_map() -> None:
    bus = Bus().live()
    a1, b2 = DeviceId("src/A-1"), DeviceId("src/B-2")
    assert told(
        bus,
        said("desk/A-1/headset", {"dock": "in", "battery": 55}),
        said("desk/B-2/button/left", 1),
        said("desk/B-2/button/left", 9),  # not in the table
        said("phones", {"ext": 1003, "state": "up"}),
        said("desk/A-1/alive", b"offline"),
    ) == [
        DeviceHeadset(at=bus.now, device=a1, agent=WANG, docked=True),
        DeviceHeadset(at=bus.now, device=a1, agent=WANG, battery=0.55),
        DevicePressed(at=bus.now, device=b2, button="help"),
        DeviceStateChanged(at=bus.now, device=DeviceId("src/1003"), state="in_use"),
        SeatSensor(at=bus.now, seat=SeatId("A-1"), available=False),
    ]
    assert bus.session.counts["unknown:value"] == 1


def test_retained_is_a_state_of_unknown_age() -> None:
    bus = Bus()
    bus.hear(GREETING)
    assert told(
        bus,
        said("desk/A-1/presence", {"state": {"seated": True}, "time": NOW - 3600}, retain=True),
        said("desk/B-2/presence", {"state": {"seated": False}, "time": (NOW + 60) * 1000}, retain=True),
        said("desk/A-1/headset", {"dock": "in"}, retain=True),
        said("desk/A-1/button/x", 1, retain=True),  # a press is no state
    ) == [
        SeatOccupied(at=NOW - 3600, seat=SeatId("A-1"), age_known=False),
        SeatVacated(at=NOW, seat=SeatId("src/B-2"), age_known=False),  # its clock is ahead of ours
        DeviceHeadset(at=NOW, device=DeviceId("src/A-1"), agent=WANG, docked=True, age_known=False),
    ]


def test_what_was_held_back_for_us_is_of_unknown_age_too() -> None:
    bus = Bus()
    bus.hear(KEPT)
    wire = said("desk/A-1/presence", {"state": {"seated": True}}, qos=1, mid=1)
    assert told(bus, wire) == [SeatOccupied(at=NOW, seat=SeatId("A-1"), age_known=False)]
    bus.hear(SUBSCRIBED)
    bus.wait(1.1)
    assert told(bus, said("desk/A-1/presence", {"state": {"seated": True}})) == [
        SeatOccupied(at=bus.now, seat=SeatId("A-1"))
    ]


def test_what_comes_again_is_taken_once_even_by_the_next_ccwall() -> None:
    press = said("desk/A-1/button/x", 1, qos=1, mid=8)
    again = said("desk/A-1/button/x", 1, qos=1, mid=8, dup=True)
    bus = Bus().live()
    *_, took = bus.hear(press)
    assert isinstance(took, SourceTook)
    assert bus.hear(again) == []
    assert bus.session.counts["repeated"] == 1
    assert told(bus, press), "an identifier is used again"
    other = Bus()
    other.session.recall({took.stream: [took.mark]})
    other.hear(KEPT)
    assert other.hear(again) == []
    assert told(other, said("desk/A-1/button/x", 2, qos=1, mid=8, dup=True))


def test_zigbee2mqtt() -> None:
    bus = Bus().live()
    seat = SeatId("src/seat-3")
    assert told(bus, said("zigbee2mqtt/seat-3", {"occupancy": True, "battery": 97, "linkquality": 120})) == [
        SeatOccupied(at=bus.now, seat=seat),
        SeatSensor(at=bus.now, seat=seat, battery=0.97),
    ]
    left = {"occupancy": False, "no_occupancy_since": 10, "last_seen": bus.now * 1000}
    assert told(bus, said("zigbee2mqtt/seat-3", left)) == [SeatVacated(at=bus.now - 10, seat=seat)]
    assert told(bus, said("zigbee2mqtt/chair", {"contact": False})) == [
        SeatVacated(at=bus.now, seat=SeatId("src/chair"))
    ]
    assert told(
        bus, said("zigbee2mqtt/knob", {"action": "single"}), said("zigbee2mqtt/knob", {"action": ""})
    ) == [DevicePressed(at=bus.now, device=DeviceId("src/knob"), button="help")]
    assert told(bus, said("zigbee2mqtt/knob", {"action": "rotate_left"})) == [
        DevicePressed(at=bus.now, device=DeviceId("src/knob"), button="rotate_left")
    ]


def test_a_sensor_that_is_gone_says_nothing_of_its_seat() -> None:
    bus = Bus().live()
    bus.hear(said("zigbee2mqtt/chair", {"contact": True}), said("zigbee2mqtt/seat-3", {"occupancy": True}))
    gone = SeatSensor(at=bus.now, seat=SeatId("src/seat-3"), available=False)
    chair = SeatSensor(at=bus.now, seat=SeatId("src/chair"), available=False)
    assert told(bus, said("zigbee2mqtt/seat-3/availability", {"state": "offline"})) == [gone]
    assert told(bus, said("zigbee2mqtt/bridge/state", b"offline")) == [chair, gone]
    back = msgspec.structs.replace(chair, available=True)
    assert told(bus, said("zigbee2mqtt/bridge/state", {"state": "online"})) == [back, gone]


def test_what_a_press_is_for_may_be_configured() -> None:
    settings = msgspec.structs.replace(DESKS, contact="vacant", actions={"single": "patrol"})
    bus = Bus(settings).live()
    assert told(
        bus, said("zigbee2mqtt/chair", {"contact": True}), said("zigbee2mqtt/knob", {"action": "single"})
    ) == [
        SeatVacated(at=bus.now, seat=SeatId("src/chair")),
        DevicePressed(at=bus.now, device=DeviceId("src/knob"), button="patrol"),
    ]


def test_facts_as_cloudevents_structured_and_binary() -> None:
    bus = Bus().live()
    events = bus.hear(said("ccwall/in/x", EVENT, qos=1, mid=9))
    assert [type(event) for event in events] == [*[SourceLimited] * 3, ContactQueued, SourceTook]
    properties = {"content_type": "application/json", "user": ATTRIBUTES}
    ready, _ = bus.hear(said("any/topic", {"agent": "wang"}, properties=properties))
    assert ready == AgentReady(at=bus.now, agent=AgentId("src/wang"))
    assert bus.hear(said("ccwall/in/y", EVENT, qos=1, mid=10)) == []
    named = said("other", EVENT | {"id": "7"}, properties={"content_type": "application/cloudevents+json"})
    assert bus.hear(named)
    bus.session.close(bus.now)
    bus.session.open(bus.now)
    bus.hear(GREETING)
    (finished,) = bus.wait(1.1)
    assert isinstance(finished, SourceResyncFinished)
    assert finished.limits == ("queues", "conversations", "devices")


@pytest.mark.parametrize(
    ("wire", "counted"),
    [
        (said("nobody/knows", {}), "unknown:topic"),
        (said("", {}), "unknown:topic"),
        (said("x" * 2000, {}), "unknown:topic"),
        (said("desk/A-1/presence", b"", too_long=10**6), "unknown:too long"),
        (said("desk/A-1/presence", b"[" * 60_000), "unknown:value"),
        (said("desk/A-1/presence", b"\xff\xfe"), "unknown:value"),
        (said("desk/" + "x" * 500 + "/presence", {"state": {"seated": True}}), "unknown:value"),
        (said("desk/\n/presence", {"state": {"seated": True}}), "unknown:value"),
        (said("phones", {"ext": True, "state": "up"}), "unknown:value"),
        (said("desk/A-1/headset", {"battery": 1e308}), "unknown:value"),
        (said("ccwall/in/x", {"type": "?"}), "unknown:cloudevent"),
        (said("ccwall/in/x", EVENT, retain=True), "unknown:retained event"),
        (pack({"link": "news"}), "unknown:link"),
    ],
)
def test_what_is_not_understood_is_counted_and_tells_nothing(wire: bytes, counted: str) -> None:
    bus = Bus().live()
    assert bus.hear(wire) == []
    assert bus.session.counts[counted] == 1


def test_a_publisher_that_invents_things_fills_no_memory() -> None:
    bus = Bus().live()

    def invents(first: int) -> None:
        for number in range(first, first + 5200):
            bus.hear(said(f"zigbee2mqtt/s{number}", {"occupancy": True}, qos=1, mid=number))

    invents(10_000)
    tracemalloc.start()
    invents(20_000)
    kept, _ = tracemalloc.get_traced_memory()
    invents(30_000)
    more, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert more - kept < 100_000


def test_who_is_not_let_in_is_told_why() -> None:
    bus = Bus(MqttSettings(username="wall", password="hidden"))
    bus.session.located("mqtt", "127.0.0.1:1", "broker:1883")
    with pytest.raises(
        AuthRejected, match=r'broker:1883 does not let in the user "wall" .*check username'
    ) as caught:
        bus.hear(pack({"link": "refused", "code": 134, "said": "Bad user name or password"}))
    assert "hidden" not in str(caught.value)
    bus = Bus(MqttSettings(username="wall"))
    bus.hear(CONNECTED)
    with pytest.raises(AuthRejected, match="read none of ccwall/in/#: check its access list"):
        bus.hear(pack({"link": "subscribed", "refused": ["ccwall/in/#"]}))


def test_topics_that_may_not_be_read_are_a_limit() -> None:
    bus = Bus()
    bus.hear(CONNECTED, pack({"link": "subscribed", "refused": ["phones"]}))
    assert bus.wait(1.1) == [SourceResyncFinished(at=bus.now, limits=("topics",))]


def test_it_takes_no_commands() -> None:
    bus = Bus().live()
    wish = CommandRequested(at=bus.now, command_id=CommandId("1"), name="agent.pause", target="x")
    assert [type(event) for event in bus.session.command(wish, bus.now)] == [CommandRefused]
    assert bus.session.outgoing() == b""
