"""Which serial devices this machine has, and which of them is meant: by what they are, never by the number they got."""

import errno
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from ccwall.transport.address import USB, Address

BY_ID = Path("/dev/serial/by-id")
_NUMBERED = re.compile(r"/dev/(?:ttyUSB|ttyACM|cu\.usbserial-?|cu\.usbmodem)\d+")
"""Names given in the order of plugging in: after the next restart, another device may have them."""


class Port(msgspec.Struct, frozen=True, kw_only=True):
    """One serial port. ``by_id`` is a name that stays with the device; ``vid`` and ``pid`` are USB's, None without USB."""

    path: str
    by_id: str = ""
    vid: int | None = None
    pid: int | None = None
    serial: str = ""
    product: str = ""

    @property
    def usb(self) -> str:
        return "" if self.vid is None or self.pid is None else f"{self.vid:04x}:{self.pid:04x}"


Lister = Callable[[], Sequence[Port]]
"""All ports there are now. OSError when they cannot be listed."""


def ports() -> list[Port]:
    """The ports of this machine, as the operating system lists them."""
    from serial.tools import list_ports

    names = _names(BY_ID)
    return sorted(
        (
            Port(
                path=found.device,
                by_id=names.get(str(Path(found.device).resolve()), ""),
                vid=found.vid,
                pid=found.pid,
                serial=found.serial_number or "",
                product=found.product or ("" if found.description == "n/a" else found.description or ""),
            )
            for found in list_ports.comports()
        ),
        key=lambda port: port.path,
    )


def _names(folder: Path) -> dict[str, str]:
    """By device, the link that udev made for it."""
    try:
        return {str(link.resolve()): str(link) for link in sorted(folder.iterdir())}
    except OSError:  # no udev, or nothing plugged in
        return {}


def device(to: Address, lister: Lister = ports) -> str:
    """The path of the device that a serial address means now; OSError when it is not plugged in, or not the only one."""
    wanted = USB.fullmatch(to.path)
    if wanted is None:
        return to.path
    vid, pid, serial = wanted[1], wanted[2], wanted[3] or wanted[4] or ""
    usb = f"{vid}:{pid}".lower() if vid else ""
    fitting = [port for port in lister() if _is(port, usb, serial)]
    if not fitting:
        raise OSError(errno.ENODEV, "no such USB device is plugged in")
    if len(fitting) > 1:
        told = ", ".join(f"{port.path} ({port.serial or 'without a serial number'})" for port in fitting[:5])
        raise OSError(f"{len(fitting)} devices fit: {told}; write the serial number, or a by-id path")
    return fitting[0].path


def _is(port: Port, usb: str, serial: str) -> bool:
    return bool(port.usb) and (not usb or port.usb == usb) and (not serial or port.serial == serial)


def url_of(port: Port, others: Iterable[Port], baud: int = 9600) -> str:
    """How configuration names this port so that it stays the same device.

    >>> port = Port(path="/dev/ttyUSB0", vid=0x0403, pid=0x6001, serial="A700XYZ")
    >>> url_of(port, [port])
    'serial://usb/0403:6001/A700XYZ?baud=9600'
    """
    if port.by_id:
        return f"serial://{port.by_id}?baud={baud}"
    alike = [other for other in others if other.usb == port.usb and other.serial == port.serial]
    if port.usb and len(alike) <= 1:
        name = f"usb/{port.usb}/{port.serial}" if port.serial else f"usb/{port.usb}"
        if USB.fullmatch(name):
            return f"serial://{name}?baud={baud}"
    return f"serial://{port.path}?baud={baud}"


def unstable(to: Address) -> str:
    """What to tell who wrote a name that another device may have tomorrow; empty when it is a good one."""
    if to.scheme != "serial" or not _NUMBERED.fullmatch(to.path):
        return ""
    return (
        f"{to.path} is numbered in the order of plugging in: another device may have this name tomorrow. "
        "Write the url that `ccwall devices` suggests (by-id, or serial://usb/…)"
    )


def holders(path: str, proc: Path = Path("/proc")) -> Iterator[tuple[int, str]]:
    """The processes that have this device open, `(number, name)`, as far as we may know; only Linux tells."""
    if not sys.platform.startswith("linux"):
        return
    wanted = str(Path(path).resolve())
    for process in proc.glob("[0-9]*"):
        try:
            if any(str(file.readlink()) == wanted for file in (process / "fd").iterdir()):
                yield int(process.name), (process / "comm").read_text("utf-8", "replace").strip()
        except OSError:  # it ended, or is somebody else's
            continue
