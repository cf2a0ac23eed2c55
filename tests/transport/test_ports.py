"""Which device is meant, by what it is; and the addresses of desk devices."""

import asyncio
import os
import threading
import tty
from pathlib import Path

import pytest

from ccwall.transport import Address, Unreachable, address, connect, ports, serial_line
from ccwall.transport.ports import Port, device, holders, unstable, url_of

DESK = ("serial", "socket", "rfc2217", "listen")
ONE = Port(path="/dev/ttyUSB0", vid=0x0403, pid=0x6001, serial="A700XYZ", product="FT232R")
TWIN = Port(path="/dev/ttyUSB1", vid=0x0403, pid=0x6001, serial="A700ABC", product="FT232R")
NAMELESS = Port(path="/dev/ttyUSB2", vid=0x1A86, pid=0x7523, product="CH340")
BUILT_IN = Port(path="/dev/ttyS0")


def meant(url: str, *there: Port) -> str:
    return device(address(url, 0, DESK), lambda: there)


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("serial://usb/0403:6001/A700XYZ", "/dev/ttyUSB0"),
        ("serial://usb/0403:6001/A700ABC?baud=4800", "/dev/ttyUSB1"),
        ("serial://usb/A700ABC", "/dev/ttyUSB1"),
        ("serial://usb/1A86:7523", "/dev/ttyUSB2"),
        ("serial:///dev/ttyS0", "/dev/ttyS0"),
    ],
)
def test_a_device_is_found_by_what_it_is(url: str, path: str) -> None:
    assert meant(url, BUILT_IN, ONE, TWIN, NAMELESS) == path


def test_it_is_found_wherever_it_is_plugged_in_next() -> None:
    moved = Port(path="/dev/ttyUSB7", vid=0x0403, pid=0x6001, serial="A700XYZ")
    assert meant("serial://usb/0403:6001/A700XYZ", moved, NAMELESS) == "/dev/ttyUSB7"


def test_one_that_is_not_plugged_in_is_not_another() -> None:
    with pytest.raises(OSError, match="no such USB device"):
        meant("serial://usb/0403:6001/A700XYZ", TWIN, NAMELESS, BUILT_IN)


def test_two_that_fit_are_named() -> None:
    with pytest.raises(OSError, match=r"2 devices fit: /dev/ttyUSB0 \(A700XYZ\), /dev/ttyUSB1 \(A700ABC\)"):
        meant("serial://usb/0403:6001", ONE, TWIN)


@pytest.mark.parametrize(
    ("port", "url"),
    [
        (ONE, "serial://usb/0403:6001/A700XYZ?baud=9600"),
        (NAMELESS, "serial://usb/1a86:7523?baud=9600"),
        (BUILT_IN, "serial:///dev/ttyS0?baud=9600"),
        (
            Port(path="/dev/ttyUSB3", by_id="/dev/serial/by-id/usb-FTDI-if00", vid=1, pid=2),
            "serial:///dev/serial/by-id/usb-FTDI-if00?baud=9600",
        ),
        (
            Port(path="/dev/ttyUSB4", vid=1, pid=2, serial="with/slash"),
            "serial:///dev/ttyUSB4?baud=9600",
        ),
    ],
)
def test_what_is_suggested_means_that_port(port: Port, url: str) -> None:
    there = (ONE, TWIN, NAMELESS, BUILT_IN, port)
    assert url_of(port, set_of(there)) == url
    if not port.by_id:
        assert meant(url, *set_of(there)) == port.path


def set_of(there: tuple[Port, ...]) -> tuple[Port, ...]:
    return tuple({port.path: port for port in there}.values())


@pytest.mark.parametrize(
    ("url", "warned"),
    [
        ("serial:///dev/ttyUSB0", True),
        ("serial:///dev/ttyACM12?baud=9600", True),
        ("serial:///dev/ttyS0", False),
        ("serial:///dev/serial/by-id/usb-FTDI", False),
        ("serial://usb/0403:6001", False),
        ("socket://moxa:4001", False),
    ],
)
def test_a_name_that_another_device_may_have_tomorrow_is_warned_about(url: str, warned: bool) -> None:
    assert bool(unstable(address(url, 0, DESK))) is warned


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("socket://moxa:4001", "socket://moxa:4001"),
        ("rfc2217://moxa:4001", "rfc2217://moxa:4001?baud=9600"),
        ("rfc2217://[::1]:4001?baud=1200&parity=even", "rfc2217://[::1]:4001?baud=1200"),
        ("serial://usb/0403:6001/A700XYZ?baud=1200", "serial://usb/0403:6001/A700XYZ?baud=1200"),
        ("listen://0.0.0.0:9910", "listen://0.0.0.0:9910"),
        ("serial://COM3?baud=1200", "serial://COM3?baud=1200"),
    ],
)
def test_addresses(url: str, shown: str) -> None:
    assert str(address(url, 0, DESK)) == shown


@pytest.mark.parametrize(
    ("url", "part"),
    [
        ("socket://moxa:4001?baud=9600", "over a raw socket nobody can set the line"),
        ("rfc2217://moxa:4001?speed=9600", "none of what may stand"),
        ("serial://usb/", "a USB device is written"),
        ("serial://usb/0403:6001/a b", "a USB device is written"),
        ("serial://ttyUSB0", "three slashes"),
    ],
)
def test_wrong_addresses_say_what_would_be_right(url: str, part: str) -> None:
    with pytest.raises(ValueError, match=part):
        address(url, 0, DESK)


def test_the_ports_of_this_machine_are_listed() -> None:
    assert all(port.path.startswith(("/dev/", "COM")) for port in ports.ports())


def test_who_has_a_device_open(tmp_path: Path) -> None:
    far, near = os.openpty()
    path = os.ttyname(near)
    (tmp_path / "link").symlink_to(path)
    assert [number for number, _ in holders(str(tmp_path / "link"))] == [os.getpid()]
    os.close(near)
    assert list(holders(path)) == []
    os.close(far)


# ── opening ──


async def test_a_line_is_opened_by_what_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    far, near = os.openpty()
    tty.setraw(near)
    there = [Port(path=os.ttyname(near), vid=0x0403, pid=0x6001, serial="A700XYZ")]
    monkeypatch.setattr(serial_line, "LISTER", lambda: there)
    link = await connect(address("serial://usb/0403:6001/A700XYZ", 0, DESK))
    os.write(far, b"hello")
    assert await link.read() == b"hello"
    await link.close()
    there.clear()
    with pytest.raises(Unreachable, match="no such USB device is plugged in") as caught:
        await connect(address("serial://usb/0403:6001/A700XYZ", 0, DESK))
    assert caught.value.cause == "no_device"
    os.close(near)
    os.close(far)


async def test_a_driver_that_hangs_holds_up_nobody_and_gets_one_thread(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hangs, real = threading.Event(), serial_line._port
    far, near = os.openpty()
    tty.setraw(near)

    def stuck(to: Address) -> object:
        if to.path == "/dev/wedged":
            hangs.wait(30)
            raise OSError("it let go")
        return real(to)

    monkeypatch.setattr(serial_line, "_port", stuck)
    wedged = address("serial:///dev/wedged")
    first = asyncio.create_task(connect(wedged))
    await asyncio.sleep(0.02)
    good = await connect(address(f"serial://{os.ttyname(near)}"))
    await good.close()
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    threads = threading.active_count()
    for _ in range(5):
        with pytest.raises(Unreachable, match="still has not answered"):
            await connect(wedged)
    assert threading.active_count() == threads
    hangs.set()
    (thread,) = (each for each in threading.enumerate() if each.name == "opens /dev/wedged")
    await asyncio.to_thread(thread.join)
    with pytest.raises(Unreachable, match="it let go"):
        await connect(wedged)
    os.close(near)
    os.close(far)


async def test_what_is_opened_after_nobody_waits_any_more_is_closed_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    late, closed = threading.Event(), threading.Event()

    class Late:
        def close(self) -> None:
            closed.set()

    def slow(_to: Address) -> Late:
        late.wait(30)
        return Late()

    monkeypatch.setattr(serial_line, "_port", slow)
    opening = asyncio.create_task(connect(address("serial:///dev/slow")))
    await asyncio.sleep(0.02)
    opening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await opening
    late.set()
    assert await asyncio.to_thread(closed.wait, 30)


async def test_a_line_that_takes_nothing_is_dead_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    far, near = os.openpty()
    tty.setraw(near)
    link = await connect(address(f"serial://{os.ttyname(near)}"))
    link.write(b"x" * 100_000)  # more than the system keeps; nobody reads at the far end
    link.write(b"x")
    monkeypatch.setattr(serial_line, "STUCK", -1.0)
    with pytest.raises(TimeoutError, match="takes nothing of what we write"):
        link.write(b"x")
    await link.close()
    os.close(near)
    os.close(far)


@pytest.mark.parametrize("passes", [0, 1])
async def test_who_gives_up_at_the_very_moment_leaves_nothing_open(passes: int) -> None:
    """The thread has told the loop, and the loop has (1) or has not yet (0) heard of it."""
    closed: list[bool] = []

    class Line:
        def close(self) -> None:
            closed.append(True)

    opening = serial_line._Opening(address("serial:///dev/slow"))
    opening._tell(Line(), None)  # type: ignore[arg-type]
    for _ in range(passes):
        await asyncio.sleep(0)
    opening._give_up()
    await asyncio.sleep(0)
    assert closed == [True]
