"""What may befall a broker."""

from ccwall_simulators.breaking import Doing, Faulty, Kept, Pace

from .broker import Broker

PRODUCT = "MQTT broker, zigbee2mqtt"


def broker(kept: Kept, pace: Pace) -> Faulty:
    """`kept` keeps it up, or down. It keeps nothing on a disk: whoever comes to it again finds it empty."""
    doings = (
        Doing("kill", "k", "server", lambda _: kept.down(), 10.0, kept.up),
        Doing("restart", "r", "server", lambda _: kept.again()),
    )
    return Faulty(PRODUCT, doings, pace, is_up=lambda: kept.is_up)


def kept(which: Broker) -> Kept:
    return Kept(lambda: which.is_up, which.start, which.stop)
