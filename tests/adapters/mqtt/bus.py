"""What the link writes of a bus, made by hand."""

import msgspec

from ccwall.adapter import Directory, Mode
from ccwall.events import AgentId, AnyEvent, SeatId
from ccwall.wire.parcel import pack
from ccwall_adapters.mqtt import Map, MqttSession, MqttSettings
from tests.adapters.contract import NOW, PlainDirectory

CONNECTED = pack({"link": "connected", "session": False})
KEPT = pack({"link": "connected", "session": True})
SUBSCRIBED = pack({"link": "subscribed", "refused": []})
GREETING = CONNECTED + SUBSCRIBED
DESKS = MqttSettings(
    preset="zigbee2mqtt",
    map=(
        Map(topic="desk/+/presence", fact="seat", pointer="/state/seated", at="/time"),
        Map(
            topic="desk/+/headset", fact="headset.docked", pointer="/dock", values={"in": True, "out": False}
        ),
        Map(topic="desk/+/headset", fact="headset.battery", pointer="/battery"),
        Map(topic="desk/+/button/+", key="{1}", fact="button", values={"1": "help", "2": "patrol"}),
        Map(
            topic="phones",
            key="{/ext}",
            fact="phone",
            pointer="/state",
            values={"up": "in_use", "down": "idle"},
        ),
        Map(topic="desk/+/alive", fact="seat.sensor"),
    ),
)


class Desks(PlainDirectory):
    """A-1 is Wang's."""

    def person(self, *keys: str) -> AgentId | None:
        return AgentId("wang") if "A-1" in keys else None

    def seat(self, key: str) -> SeatId:
        return SeatId("A-1" if key == "A-1" else f"src/{key}")


def said(topic: str, payload: object, **head: object) -> bytes:
    """One message; a payload that is no text is written as JSON."""
    body = payload if isinstance(payload, bytes) else msgspec.json.encode(payload)
    return pack({"topic": topic, **head}, body)


class Bus:
    """A session on a bus, and all it told."""

    def __init__(
        self, settings: MqttSettings = DESKS, directory: Directory | None = None, mode: Mode = "live"
    ) -> None:
        self.session = MqttSession(settings, directory or Desks(), mode)
        self.now = NOW
        self.session.open(self.now)

    def hear(self, *wire: bytes) -> list[AnyEvent]:
        return [event for each in wire for event in self.session.receive(each, self.now)]

    def wait(self, seconds: float) -> list[AnyEvent]:
        self.now += seconds
        return list(self.session.tick(self.now))

    def live(self) -> "Bus":
        self.hear(GREETING)
        self.wait(1.1)
        return self
