"""For the fuzzer: a session with every kind of reading, and genuine stretches of its wire."""

from collections.abc import Sequence

from ccwall.adapter import Session
from tests.adapters.mqtt.bus import GREETING, KEPT, SUBSCRIBED, Bus, said

EVENT = {
    "specversion": "1.0",
    "id": "1",
    "source": "/acd",
    "type": "com.ccwall.contact.queued",
    "time": "2026-11-22T10:00:00Z",
    "data": {"contact": "c1", "queue": "consult", "caller": "13800138000"},
}
ATTRIBUTES = {"specversion": "1.0", "id": "2", "source": "/acd", "type": "com.ccwall.agent.ready"}
SEEDS: Sequence[bytes] = (
    GREETING,
    KEPT + SUBSCRIBED,
    said("desk/A-1/presence", {"state": {"seated": True}, "time": 1_800_000_000}, retain=True),
    said("desk/A-1/headset", {"dock": "in", "battery": 55.5}, qos=1, mid=7),
    said("desk/A-1/headset", {"dock": "out"}, qos=1, mid=7, dup=True),
    said("desk/A-1/button/x", 1, qos=1, mid=8),
    said("phones", {"ext": 1003, "state": "up"}),
    said("desk/A-1/alive", b"offline"),
    said(
        "zigbee2mqtt/seat-3",
        {"occupancy": False, "battery": 97, "no_occupancy_since": 10, "last_seen": 1.8e12},
    ),
    said("zigbee2mqtt/chair", {"contact": True, "last_seen": "2026-11-22T10:00:00+08:00"}),
    said("zigbee2mqtt/button", {"action": "single"}),
    said("zigbee2mqtt/seat-3/availability", {"state": "offline"}),
    said("zigbee2mqtt/bridge/state", b"online"),
    said("ccwall/in/x", EVENT, qos=1, mid=9),
    said("any", {"agent": "wang"}, properties={"content_type": "application/json", "user": ATTRIBUTES}),
    said("desk/A-1/presence", b"", too_long=70_000),
)


def make() -> Session:
    return Bus().live().session
