"""The bus of a simulated floor: seat sensors, door contacts and buttons as zigbee2mqtt publishes them, busylights that listen,
and a real broker for them (`broker`).

`sensors` says what is published, sans I/O; `bus` carries it to a broker.
"""

from .broker import Broker
from .bus import Bus
from .sensors import Lights, Message, Sensors

__all__ = ["Broker", "Bus", "Lights", "Message", "Sensors"]
