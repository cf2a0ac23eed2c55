"""Devices on pseudo-terminals; something happens to each twice a second."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ccwall_simulators.serial import HeadsetOnPty, ModemOnPty, OnPty, Printed, PrinterOnPty, WhozzOnPty
from tests.integration.wire import NOW, Wire, Wiring, people, says, working
from tests.integration.world import Gauges, Tree

LINE = "1001"
"""Whose it is."""


def _line(
    plug: Callable[[Path], OnPty],
    happens: Callable[[Any], None],
    told: Callable[[Tree], Gauges],
    truth: Callable[[Any], Gauges],
    **own: object,
) -> Wiring:
    """Something happens to it twice a second."""

    @asynccontextmanager
    async def wiring(folder: Path) -> AsyncIterator[Wire]:
        device = plug(folder / "line")

        async def live() -> None:
            while True:
                await asyncio.sleep(0.5)
                happens(device)
                device.flush()

        async def dies() -> None:
            device.unplug()

        async def returns() -> None:
            device.plug()

        source = {"url": f"serial://{device.path}", **own}
        async with working(device.run(), live()):
            yield Wire(source, told, lambda: truth(device), dies, returns, people(LINE))

    return wiring


def _headset_moves(headset: HeadsetOnPty) -> None:
    headset.undock() if headset.headset.docked else headset.dock()


def _telephone(box: WhozzOnPty) -> None:
    box.box.ring(1, NOW(), "13800138000")
    box.box.hang_up(1, NOW())


def _prints(printer: PrinterOnPty) -> None:
    when = _utc(NOW()).replace(tzinfo=None, microsecond=0)
    printer.log(
        Printed(started=when, ended=when, inbound=True, extension=LINE, line=1, number="139", ring=3, talk=9)
    )


def _utc(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)


LINES: Mapping[str, Wiring] = {
    "headset": _line(
        HeadsetOnPty,
        _headset_moves,
        lambda board: {"says": says(board, LINE, "desk")},
        lambda device: {"says": "docked" if device.headset.docked else "undocked"},
        type="serial-headset",
        key=LINE,
    ),
    "whozz": _line(
        lambda path: WhozzOnPty(path, _utc),
        _telephone,
        lambda _: {},
        lambda _: {},
        type="whozz-calling",
    ),
    "modem": _line(
        ModemOnPty,
        lambda device: device.modem.ring("13800138000"),
        lambda _: {},
        lambda _: {},
        type="modem-caller-id",
    ),
    "smdr": _line(
        lambda path: PrinterOnPty(path, "avaya-ipo"), _prints, lambda _: {}, lambda _: {}, type="smdr"
    ),
}
