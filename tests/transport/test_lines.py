"""Serial lines, on real pseudo-terminals; files and FIFOs."""

import asyncio
import os
import termios
import tty
from pathlib import Path

import pytest

from ccwall.transport import Link, Unreachable, address, connect
from ccwall.transport import file as files


class Plug:
    """A pseudo-terminal: what is plugged into our end of the line. Its path is a symbolic link, as udev makes one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.far = -1

    def insert(self) -> None:
        self.far, near = os.openpty()
        tty.setraw(near)
        self._name(os.ttyname(near))
        os.close(near)

    def pull(self) -> None:
        os.close(self.far)
        self.path.unlink()

    def _name(self, device: str) -> None:
        self.path.unlink(missing_ok=True)
        self.path.symlink_to(device)

    async def connect(self, query: str = "") -> Link:
        return await connect(address(f"serial://{self.path}{query}"))


@pytest.fixture
def plug(tmp_path: Path) -> Plug:
    plug = Plug(tmp_path / "line")
    plug.insert()
    return plug


def descriptors() -> set[str]:
    return {file.name for file in Path("/proc/self/fd").iterdir()}


async def test_a_line_carries_bytes_both_ways(plug: Plug) -> None:
    link = await plug.connect()
    os.write(plug.far, b"ring\xff\x00")
    assert await link.read() == b"ring\xff\x00"
    link.write(b"answer")
    assert os.read(plug.far, 100) == b"answer"
    await link.close()
    plug.pull()


async def test_what_a_device_says_at_the_moment_it_is_opened_is_heard(
    plug: Plug, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A dock says all its state once, as soon as somebody opens it: before the line is even set."""
    system = os.open

    def opens(path: str, *how: int, **more: int) -> int:
        descriptor = system(path, *how, **more)
        if str(path) == str(plug.path):
            os.write(plug.far, b"DOCKED\r\n")
        return descriptor

    monkeypatch.setattr(os, "open", opens)
    link = await plug.connect()
    async with asyncio.timeout(5):
        assert await link.read() == b"DOCKED\r\n"
    await link.close()
    plug.pull()


async def test_a_line_is_set_as_its_address_says(plug: Plug) -> None:
    link = await plug.connect("?baud=4800&rtscts=yes&xonxoff=yes")
    incoming, _, control, _, speed, _, _ = termios.tcgetattr(plug.far)
    assert speed == termios.B4800
    assert control & termios.CRTSCTS
    assert incoming & termios.IXON
    await link.close()
    plug.pull()


async def test_what_its_driver_cannot_do_is_said(plug: Plug) -> None:
    before = descriptors()
    with pytest.raises(Unreachable, match="does not do what the url asks for"):
        await plug.connect("?parity=even")  # a pseudo-terminal has none
    assert descriptors() == before
    plug.pull()


async def test_to_be_unplugged_is_seen_at_once(plug: Plug) -> None:
    link = await plug.connect()
    reading = asyncio.create_task(link.read())
    await asyncio.sleep(0)
    plug.pull()
    async with asyncio.timeout(3.0):
        with pytest.raises(OSError, match="the line is gone"):
            await reading
    await link.close()


async def test_what_came_before_it_was_unplugged_is_read_first(plug: Plug) -> None:
    link = await plug.connect()
    os.write(plug.far, b"last words")
    assert await link.read() == b"last words"
    plug.pull()
    with pytest.raises(OSError, match="the line is gone"):
        await link.read()
    await link.close()


async def test_a_line_is_read_by_one_alone(plug: Plug) -> None:
    link = await plug.connect()
    with pytest.raises(Unreachable, match="another programme") as caught:
        await plug.connect()
    assert caught.value.cause == "in_use"
    await link.close()
    plug.pull()


async def test_fifty_times_unplugged_and_plugged_in_leaves_nothing_open(plug: Plug) -> None:
    await _cycle(plug)  # what is imported and started at the first time stays
    before = descriptors()
    for _ in range(50):
        plug.insert()
        await _cycle(plug)
    assert descriptors() == before


async def _cycle(plug: Plug) -> None:
    link = await plug.connect()
    os.write(plug.far, b"hello")
    assert await link.read() == b"hello"
    plug.pull()
    async with asyncio.timeout(3.0):
        with pytest.raises(OSError, match="the line is gone"):
            await link.read()
    await link.close()


# ── files ──


async def whole(link: Link) -> bytes:
    said = b""
    while data := await link.read():
        said += data
    return said


async def test_a_file_is_read_whole_and_then_it_ends(tmp_path: Path) -> None:
    file = tmp_path / "smdr.log"
    file.write_bytes(b"x" * 200_000 + b"end")
    link = await connect(address(f"file://{file}"))
    link.write(b"nobody reads this")
    assert await whole(link) == file.read_bytes()
    await link.close()


async def test_a_file_that_is_followed_goes_on_as_it_grows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "LOOK_EVERY", 0.01)
    file = tmp_path / "smdr.log"
    file.write_bytes(b"one")
    link = await connect(address(f"file://{file}?follow=yes"))
    assert await link.read() == b"one"
    reading = asyncio.create_task(link.read())
    await asyncio.sleep(0.03)
    assert not reading.done()
    with file.open("ab") as more:
        more.write(b"two")
    assert await reading == b"two"
    await link.close()


@pytest.mark.parametrize("how", ["cut short", "another file"])
async def test_a_followed_file_that_is_another_one_now_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr(files, "LOOK_EVERY", 0.01)
    file = tmp_path / "smdr.log"
    file.write_bytes(b"yesterday")
    link = await connect(address(f"file://{file}?follow=yes"))
    assert await link.read() == b"yesterday"
    if how == "cut short":
        file.write_bytes(b"")
    else:
        file.rename(tmp_path / "smdr.log.1")
        file.write_bytes(b"today, and longer")
    assert await link.read() == b""
    await link.close()


async def test_a_fifo_ends_when_its_writer_is_gone_and_waits_for_the_first(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    before = descriptors()
    link = await connect(address(f"file://{fifo}"))
    reading = asyncio.create_task(link.read())
    await asyncio.sleep(0.01)
    assert not reading.done()
    with fifo.open("wb") as writer:
        writer.write(b"hello")
    assert await reading == b"hello"
    assert await link.read() == b""
    await link.close()
    assert descriptors() == before
