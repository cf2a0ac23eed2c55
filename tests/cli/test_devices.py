"""`ccwall devices`: on pseudo-terminals with simulated devices behind them, which run in a thread of their own."""

import asyncio
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ccwall.cli import app
from ccwall.config import Source
from ccwall.events import SourceId
from ccwall.main import devices as work
from ccwall.transport import address
from ccwall.transport.ports import Port
from ccwall_adapters.serial_headset import HeadsetSettings
from ccwall_simulators.serial import HeadsetOnPty, ModemOnPty, OnPty, WhozzOnPty


@contextmanager
def running(*plugs: OnPty) -> Iterator[None]:
    """The devices answer, in a loop of their own."""
    loop = asyncio.new_event_loop()
    tasks = [loop.create_task(plug.run()) for plug in plugs]
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield
    finally:
        for task in tasks:
            loop.call_soon_threadsafe(task.cancel)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        loop.close()


def ports(*paths: Path) -> list[str]:
    return [str(path) for path in paths]


def test_what_answers_is_said_with_what_to_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "LISTEN", 0.3)
    monkeypatch.setattr(work, "ANSWER", 30.0)  # whoever answers ends it sooner
    modem, headset, dock = (
        ModemOnPty(tmp_path / "modem"),
        HeadsetOnPty(tmp_path / "headset"),
        HeadsetOnPty(tmp_path / "dock", "words"),
    )
    with running(modem, headset, dock):
        asked = ports(modem.path, headset.path, dock.path)
        result = CliRunner().invoke(app, ["devices", "--ask", *asked], catch_exceptions=False)
    assert result.exit_code == 0, result.stderr
    answers = {line.split()[0]: line for line in result.stdout.splitlines() if line}
    assert "a modem: CCWALL SIMULATED 56K" in answers[asked[0]]
    assert "a headset (hands-free)" in answers[asked[1]]
    assert "a headset's dock" in answers[asked[2]]
    assert f'{asked[0]}: url = "serial://{asked[0]}?baud=9600"   type = "modem-caller-id"' in result.stdout


def test_one_that_says_nothing_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "LISTEN", 0.05)
    monkeypatch.setattr(work, "ANSWER", 0.05)
    box = WhozzOnPty(tmp_path / "box", lambda now: datetime.fromtimestamp(now, UTC))
    with running(box):
        result = CliRunner().invoke(app, ["devices", "--ask", str(box.path)], catch_exceptions=False)
    assert "nothing answers" in result.stdout


def test_one_in_use_is_never_touched(tmp_path: Path) -> None:
    far, near = os.openpty()
    path = tmp_path / "line"
    path.symlink_to(os.ttyname(near))
    result = CliRunner().invoke(app, ["devices", "--ask", str(path)], catch_exceptions=False)
    assert f"({os.getpid()})" in result.stdout
    assert "not asked: in use" in result.stdout
    os.set_blocking(far, False)
    with pytest.raises(BlockingIOError):
        os.read(far, 1)
    os.close(near)
    os.close(far)


def test_one_that_a_source_is_configured_for_is_never_touched() -> None:
    far, near = os.openpty()
    port = Port(path=os.ttyname(near), vid=0x0403, pid=0x6001, serial="A1")
    source = Source(
        name=SourceId("dock-12"),
        type="serial-headset",
        address=address("serial://usb/0403:6001/A1"),
        settings=HeadsetSettings(),
    )
    os.close(near)
    (found,) = work.devices([source], (), ask=True, baud=9600, lister=lambda: [port])
    assert (found.use, found.answer) == ("source dock-12", "")
    os.close(far)


def test_a_path_that_is_no_port_is_refused(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["devices", str(tmp_path)], catch_exceptions=False)
    assert result.exit_code == 1
    assert "is not a serial port" in result.stderr


def test_a_speed_that_is_none_is_refused() -> None:
    assert CliRunner().invoke(app, ["devices", "--baud", "9601"]).exit_code == 2


def test_no_port_at_all_is_said() -> None:
    assert "no serial port" in work.table([], asked=False)


def test_the_list_names_devices_by_what_they_are() -> None:
    told = work.table(
        [work.Found(port=Port(path="/dev/ttyUSB0", vid=1, pid=2, serial="X", product="FT"))], False
    )
    assert '/dev/ttyUSB0: url = "serial://usb/0001:0002/X?baud=9600"' in told


@pytest.mark.parametrize(
    ("heard", "what", "kind"),
    [
        (b"", "nothing answers", ""),
        (b"\x00\xff", "nothing answers", ""),
        (b"AT\r\r\nOK\r\nATI3\r\r\nUSR V90\r\n\r\nOK\r\n", "a modem: USR V90", "modem-caller-id"),
        (b"\r\nRING\r\n", "a modem that rings", "modem-caller-id"),
        (b"AT+BRSF=758\r", "a headset (hands-free)", "serial-headset"),
        (b"01 R     11/07 07:43:52\r\n", "a Whozz Calling? box", "whozz-calling"),
        (
            b"2008/06/28 09:28:41,00:00:00,9,8,I,4,4,,0,1,0,E4,Joe,T9,L,0,0\r\n",
            "call records (avaya-ipo)",
            "smdr",
        ),
        (b"\x80\x9c\xf8\x9e\n\x80\xfe\n", "talks, but not at 9600 baud: try another --baud", ""),
        (b"hello\r\n", 'says "hello"', ""),
    ],
)
def test_what_speaks_so(heard: bytes, what: str, kind: str) -> None:
    assert work.recognised(heard) == (what, kind)


def test_a_number_that_may_be_another_device_tomorrow_is_warned_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WALL_TOKEN", "0123456789abcdef")
    file = tmp_path / "ccwall.toml"
    file.write_text(
        '[web]\ntoken = { env = "WALL_TOKEN" }\n[[source]]\nname = "dock"\ntype = "serial-headset"\n'
        'url = "serial:///dev/ttyUSB3?baud=9600"\n'
    )
    result = CliRunner().invoke(app, ["check", str(file)], catch_exceptions=False)
    assert result.exit_code == 0, result.stderr
    assert "another device may have this name tomorrow" in result.stdout
