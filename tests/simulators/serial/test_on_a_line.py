"""Simulated devices on pseudo-terminals, read by the real supervisor over the real transport: plugged and unplugged at any
moment, at the wrong speed, in noise, wedged."""

import asyncio
import os
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ccwall.events import (
    CallLogged,
    DeviceHeadset,
    DevicePressed,
    DeviceSeen,
    DeviceStateChanged,
    SourceDown,
    SourceUp,
)
from ccwall.transport import serial_line
from ccwall.transport.ports import Port
from ccwall_adapters.serial_headset import ADAPTER as HEADSET
from ccwall_adapters.serial_phone import MODEM, WHOZZ
from ccwall_adapters.smdr import ADAPTER as SMDR
from ccwall_simulators.serial import HeadsetOnPty, ModemOnPty, Printed, PrinterOnPty, WhozzOnPty
from ccwall_simulators.serial.headset import Dialect
from ccwall_simulators.serial.printer import Format
from tests.simulators.serial.wired import Wired, wired

pytestmark = pytest.mark.timeout(60)


async def ups(told: Wired, times: int) -> None:
    await told.until(lambda: len(told.all(SourceUp)) >= times)


def last(told: Wired, field: str) -> object:
    """What was said of it last, in this connection."""
    said = [getattr(fact, field) for fact in told.all(DeviceHeadset)]
    return next((value for value in reversed(said) if value is not None), None)


@pytest.mark.parametrize("dialect", ["hands-free", "words"])
async def test_a_headset_is_told_as_it_is_used(tmp_path: Path, dialect: Dialect) -> None:
    plug = HeadsetOnPty(tmp_path / "dock", dialect)
    async with wired(HEADSET, plug.path, plug) as told:
        await told.tells(DeviceHeadset, lambda fact: fact.docked is True)
        await told.until(lambda: last(told, "battery") == 1.0)
        plug.undock()
        plug.wear()
        plug.battery(0.55)
        plug.mute()
        plug.press()
        await told.tells(DevicePressed, lambda fact: fact.button == "hook")
        assert [last(told, field) for field in ("docked", "worn", "battery", "muted")] == [
            False,
            True,
            0.55,
            True,
        ]


async def test_a_headset_that_is_pulled_out_and_put_back_says_all_of_itself_again(tmp_path: Path) -> None:
    plug = HeadsetOnPty(tmp_path / "dock")
    async with wired(HEADSET, plug.path, plug) as told:
        for times in range(1, 6):
            await ups(told, times)
            told.facts = [fact for fact in told.facts if not isinstance(fact, DeviceHeadset)]
            await told.tells(DeviceHeadset, lambda fact: fact.docked is not None)
            plug.unplug()
            await told.until(lambda want=times: len(told.all(SourceDown)) >= want)  # type: ignore[misc]
            assert told.all(SourceDown)[-1].reason in ("reset", "refused")
            assert told.supervisor is not None
            assert told.supervisor.health.cause == "no_device"
            plug.plug()
        await ups(told, 6)
        assert max(told.pauses) <= 1.0  # however often: a plug that is put back is seen within a second
        assert [fact.product for fact in told.all(DeviceSeen)].count("") == 6


async def test_a_headset_pulled_out_in_the_middle_of_a_word_is_none_the_worse(tmp_path: Path) -> None:
    plug = HeadsetOnPty(tmp_path / "dock", "words")
    async with wired(HEADSET, plug.path, plug) as told:
        await told.tells(DeviceHeadset, lambda fact: fact.docked is True)
        plug.send(b"UNDOC")
        plug.unplug()
        await told.tells(SourceDown)
        plug.plug()
        await ups(told, 2)
        plug.send(b"KED\r\n")
        plug.undock()
        await told.tells(DeviceHeadset, lambda fact: fact.docked is False)


async def test_a_device_is_the_same_wherever_it_is_plugged_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the system numbers them anew: two of a kind that change places stay who they are."""
    ours, other = HeadsetOnPty(tmp_path / "ours", "words"), HeadsetOnPty(tmp_path / "other", "words")

    def listed() -> list[Port]:
        plugged = [(plug, serial) for plug, serial in ((ours, "A1"), (other, "B2")) if plug.plugged]
        return [
            Port(path=str(plug.path.readlink()), vid=0x0403, pid=0x6001, serial=serial)
            for plug, serial in plugged
        ]

    monkeypatch.setattr(serial_line, "LISTER", listed)
    other.headset.undock()
    async with wired(HEADSET, "serial://usb/0403:6001/A1", ours, other) as told:
        await told.tells(DeviceHeadset, lambda fact: fact.docked is True)
        before = ours.path.readlink()
        ours.unplug()
        await told.tells(SourceDown)
        other.unplug()
        other.plug()  # takes the number that was ours
        assert other.path.readlink() == before
        ours.plug()
        await ups(told, 2)
        told.facts.clear()
        await told.tells(DeviceHeadset, lambda fact: fact.docked is True)
        assert last(told, "docked") is True


async def test_a_whozz_box_and_its_calls(tmp_path: Path) -> None:
    plug = WhozzOnPty(tmp_path / "box", lambda now: datetime.fromtimestamp(now, UTC))
    began = datetime.now(UTC).timestamp()  # noqa: TID251 (the wire is real, and so is its time)
    async with wired(WHOZZ, plug.path, plug) as told:
        await told.tells(SourceUp)
        plug.box.ring(1, began, "800-240-4637", "LI WEI")
        plug.box.ring(1, began + 6)
        plug.box.lift(1, began + 8)
        plug.flush()
        await told.tells(DeviceStateChanged, lambda fact: fact.state == "in_use")
        plug.box.hang_up(1, began + 70)
        plug.flush()
        call = await told.tells(CallLogged)
        assert (call.number, call.name, call.outcome, call.talk) == (
            "800-240-4637",
            "LI WEI",
            "answered",
            62.0,
        )
        states = [fact.state for fact in told.all(DeviceStateChanged)]
        assert states == ["ringing", "in_use", "idle"]


@pytest.mark.parametrize("rockwell", [False, True])
async def test_a_modem_is_set_up_and_tells_who_calls(tmp_path: Path, rockwell: bool) -> None:
    plug = ModemOnPty(tmp_path / "modem", rockwell=rockwell)
    async with wired(MODEM, plug.path, plug) as told:
        await told.tells(SourceUp)
        assert plug.modem.caller_id == "1"
        plug.modem.ring("02187654321", "LI WEI")
        plug.flush()
        await told.tells(DeviceStateChanged, lambda fact: fact.state == "ringing")


@pytest.mark.parametrize("format", ["panasonic-kx", "avaya-ipo", "nec-sl"])
async def test_a_printer_of_call_records(tmp_path: Path, format: Format) -> None:  # noqa: A002
    plug = PrinterOnPty(tmp_path / "printer", format)
    ended = datetime(2026, 11, 20, 10, 3, tzinfo=UTC)
    async with wired(SMDR, plug.path, plug) as told:
        await told.tells(SourceUp)
        for minute in range(70):
            when = ended + timedelta(minutes=minute)
            plug.log(
                Printed(
                    started=when,
                    ended=when,
                    inbound=True,
                    extension="1200",
                    line=1,
                    number="13901234567",
                    id=minute,
                )
            )
            await asyncio.sleep(0)
        await told.until(lambda: len(told.all(CallLogged)) == 70)
        assert {call.number for call in told.all(CallLogged)} == {"13901234567"}
        assert len({call.call for call in told.all(CallLogged)}) == 70


async def test_the_wrong_speed_is_told_in_words(tmp_path: Path) -> None:
    plug = HeadsetOnPty(tmp_path / "dock", "words")
    async with wired(HEADSET, plug.path, plug) as told:
        await told.tells(DeviceSeen)
        await told.tells(DeviceHeadset)
        for _ in range(30):
            plug.send(b"\xf3\x80\x9c\xe6\x98\x1e\x06\n")
        down = await told.tells(SourceDown)
        assert down.reason == "protocol"
        assert "wrong speed" in down.detail
        assert told.supervisor is not None
        assert told.supervisor.health.last_words
        await ups(told, 2)
        plug.undock()
        await told.tells(DeviceHeadset, lambda fact: fact.docked is False)


async def test_a_wedged_device_holds_up_nobody(tmp_path: Path) -> None:
    """One takes nothing of what is written to it, and talks on; the other does not notice."""
    far, near = os.openpty()
    wedged = tmp_path / "wedged"
    wedged.symlink_to(os.ttyname(near))
    good = HeadsetOnPty(tmp_path / "dock")
    async with wired(HEADSET, wedged) as stuck, wired(HEADSET, good.path, good) as told:
        await stuck.tells(SourceUp)
        os.set_blocking(far, False)
        while not stuck.all(SourceDown):
            with suppress(BlockingIOError):
                os.write(far, b"AT+CIND=?\r" * 20)  # answers of more than anybody keeps
            await asyncio.sleep(0.001)
        await told.tells(DeviceHeadset, lambda fact: fact.docked is True)
        good.undock()
        await told.tells(DeviceHeadset, lambda fact: fact.docked is False)
        down = stuck.all(SourceDown)[0]
        assert "takes nothing of what we write" in down.detail
    os.close(near)
    os.close(far)
