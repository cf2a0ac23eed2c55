"""A session to be fed, and genuine stretches to begin with."""

from collections.abc import Sequence

from ccwall.adapter import Session
from ccwall.events import (
    DeviceHeadset,
    DeviceId,
    DevicePressed,
    DeviceSeen,
    DeviceStateChanged,
    SeatId,
    SeatOccupied,
    SourceDown,
    SourceResyncFinished,
    SourceResyncStarted,
)
from ccwall.wire.parcel import pack
from ccwall_adapters.edge import ADAPTER, EdgeSettings
from tests.adapters.contract import NOW, PlainDirectory
from tests.adapters.edge.desk import Pc

HEADSET, PHONE = DeviceId("box/h1"), DeviceId("box/line1")


def make() -> Session:
    session = ADAPTER.session(EdgeSettings(), PlainDirectory(), "observe")
    session.open(NOW)
    session.receive(Pc().hello(), NOW)
    return session


def _day() -> bytes:
    pc = Pc()
    told = [
        SourceResyncStarted(at=NOW),
        DeviceSeen(at=NOW, device=HEADSET, kind="headset", name="h1"),
        DeviceHeadset(at=NOW, device=HEADSET, docked=True, battery=0.5),
        DeviceStateChanged(at=NOW, device=PHONE, state="ringing"),
        SeatOccupied(at=NOW, seat=SeatId("box/A-12")),
        SourceResyncFinished(at=NOW),
        DevicePressed(at=NOW, device=HEADSET, button="hook"),
        SourceDown(at=NOW, reason="eof"),
        None,
    ]
    return pc.hello() + pc.beat(NOW) + pc.facts(told) + pc.facts(told[1:3], first=2) + pc.bye()


def _two() -> bytes:
    one, two = Pc(off=40.0), Pc("pc-2", "s2", "02")
    pressed = DevicePressed(at=NOW, device=HEADSET, button="help")
    return (
        pack({"link": "joined"})
        + one.hello()
        + two.hello()
        + one.facts([pressed])
        + two.facts([pressed, pressed], first=7)
        + Pc(series="s9", id="03").hello()
    )


SEEDS: Sequence[bytes] = (_day(), _two())
