"""An MQTT bus (3.1.1 and 5): seat sensors, buttons, headsets and phones by topic maps, zigbee2mqtt, CloudEvents.

docs/adapters/mqtt.md says how to configure it and which traps are handled here.
"""

from typing import cast

import msgspec

from ccwall.adapter import Adapter, Dial
from ccwall.wire.mqtt_dial import MqttDial

from .session import MqttSession, filters
from .settings import Map, MqttSettings

__all__ = ["ADAPTER", "Map", "MqttSession", "MqttSettings"]


def _dial(settings: msgspec.Struct, source: str) -> Dial:
    told = cast(MqttSettings, settings)
    return MqttDial(
        client=told.client_id or f"ccwall-{source}",
        username=told.username,
        password=told.password,
        version=5 if told.version == "5" else 4,
        topics=tuple((each, told.qos) for each in filters(told)),
        session_expiry=int(told.session_expiry),
    )


ADAPTER = Adapter(
    name="mqtt",
    protocol="mqtt",
    port=1883,
    settings=MqttSettings,
    session=MqttSession,
    schemes=("mqtt", "mqtts"),
    sense="seat",
    dial=_dial,
)
