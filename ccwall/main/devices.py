"""`ccwall devices`: which serial ports there are, who uses them, and what answers there."""

import asyncio
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from ccwall import transport
from ccwall.clock import SystemClock
from ccwall.config import Config, Source
from ccwall.directory import ConfiguredDirectory
from ccwall.errors import CcwallError
from ccwall.events import SourceId
from ccwall.transport import Address, Line, Link, Unreachable
from ccwall.transport.ports import Lister, Port, device, holders, ports, url_of
from ccwall.wire.lines import text_of
from ccwall_adapters.serial_headset.hands_free import command
from ccwall_adapters.serial_headset.settings import WORDS
from ccwall_adapters.serial_phone import caller_id, records
from ccwall_adapters.smdr import SmdrSession, SmdrSettings

LISTEN, ANSWER = 1.0, 1.0
"""Seconds that a port is listened to before it is asked anything, and that it has to answer."""
MOST_HEARD = 16 * 1024


class Found(msgspec.Struct, kw_only=True):
    """One port. `use` says who has it, empty when it is free; `answer` what is there, `type` the adapter for it."""

    port: Port
    use: str = ""
    answer: str = ""
    type: str = ""


def devices(
    sources: Sequence[Source], wanted: Sequence[str], *, ask: bool, baud: int, lister: Lister = ports
) -> list[Found]:
    """All ports, or those `wanted` by their paths; CcwallError when one of them is none."""
    there = list(lister())
    if wanted:
        there = [_named(path, there) for path in wanted]
    used = _used(sources, lister)
    found = [Found(port=port, use=_use(port, used)) for port in there]
    if ask:
        asyncio.run(_ask_all([each for each in found if not each.use], baud))
    return found


def _named(path: str, there: Sequence[Port]) -> Port:
    """A port by any of its names; also one that the system does not list (a pseudo-terminal)."""
    if not Path(path).is_char_device():
        raise CcwallError(
            f"{path}: is not a serial port. ccwall devices without a name lists those there are"
        )
    real = _real(path)
    return next((port for port in there if _real(port.path) == real), Port(path=path))


def _used(sources: Sequence[Source], lister: Lister) -> dict[str, str]:
    """The names of sources by the device they are configured to read."""
    used: dict[str, str] = {}
    for source in sources:
        if source.address.scheme == "serial":
            with suppress(OSError):  # it is not plugged in
                used[_real(device(source.address, lister))] = source.name
    return used


def _use(port: Port, used: dict[str, str]) -> str:
    told = [f"source {used[_real(port.path)]}"] if _real(port.path) in used else []
    told += [f"open in {name} ({number})" for number, name in holders(port.path)]
    return ", ".join(told)


def _real(path: str) -> str:
    return str(Path(path).resolve())


# ── what answers ──


async def _ask_all(found: Sequence[Found], baud: int) -> None:
    await asyncio.gather(*(_ask(each, baud) for each in found))


async def _ask(found: Found, baud: int) -> None:
    """Listen first: a box that takes letters for settings is known by what it says, if it says something."""
    to = Address(scheme="serial", path=found.port.path, line=Line(baud=baud))
    try:
        link = await transport.connect(to)
    except Unreachable as error:
        found.answer = "in use by another programme" if error.cause == "in_use" else str(error)
        return

    def known(heard: bytes) -> bool:
        return bool(recognised(heard, baud)[1])

    try:
        heard = await _hear(link, LISTEN, known)
        if not heard:
            link.write(b"\rAT\r")
            heard = await _hear(link, ANSWER, known)
            if b"OK" in heard:
                link.write(b"ATI3\r")
                heard += await _hear(link, ANSWER, lambda said: b"OK" in said)
        found.answer, found.type = recognised(heard, baud)
    except (OSError, TimeoutError) as error:
        found.answer = str(error)
    finally:
        await link.close()


async def _hear(link: Link, within: float, enough: Callable[[bytes], bool]) -> bytes:
    """What it says, until that is enough or the time is over."""
    heard = b""
    with suppress(TimeoutError):
        async with asyncio.timeout(within):
            while len(heard) < MOST_HEARD and not enough(heard) and (data := await link.read()):
                heard += data
    return heard


def recognised(heard: bytes, baud: int = 9600) -> tuple[str, str]:
    """What speaks so, in words, and the type of source it is; the type is empty when nobody here knows it.

    >>> recognised(b"AT\\r\\r\\nOK\\r\\n")
    ('a modem', 'modem-caller-id')
    """
    lines = [line for line in heard.replace(b"\r", b"\n").split(b"\n") if line.strip(b"\x00\xff ")]
    texts = [text for line in lines if (text := text_of(line)) is not None]
    if not lines:
        return "nothing answers", ""
    if not texts:
        return f"talks, but not at {baud} baud: try another --baud", ""
    if any(records.read(text) for text in texts):
        return "a Whozz Calling? box", "whozz-calling"
    if any(text.startswith("AT+") and command(text) for text in texts):
        return "a headset (hands-free)", "serial-headset"
    if "OK" in texts:
        said = [text.strip() for text in texts if not re.match(r"OK$|ERROR$|AT", text)]
        return f"a modem: {said[0][:40]}" if said else "a modem", "modem-caller-id"
    if any(text == "RING" or caller_id.field(text) for text in texts):
        return "a modem that rings", "modem-caller-id"
    if any(
        re.fullmatch(pattern, text.strip(), re.IGNORECASE) for text in texts for pattern in WORDS.values()
    ):
        return f"a headset's dock: {texts[-1][:40]}", "serial-headset"
    if kind := _records(heard):
        return f"call records ({kind})", "smdr"
    return f'says "{texts[-1].strip()[:40]}"', ""


def _records(heard: bytes) -> str:
    """The format of the call records in it; empty when there are none."""
    nobody = ConfiguredDirectory(SourceId("asked"), Config())
    printer = SmdrSession(SmdrSettings(), nobody, "observe")
    now = SystemClock().now()
    printer.open(now)
    with suppress(CcwallError):
        printer.receive(heard, now)
    return next((kind for kind in printer.counts if kind in ("panasonic-kx", "avaya-ipo", "nec-sl")), "")


# ── for people ──


def table(found: Sequence[Found], asked: bool) -> str:
    """As it is printed; with the url to write for each."""
    if not found:
        return "There is no serial port on this machine. A USB device shows here within a second of being plugged in."
    rows = [("PORT", "USB", "SERIAL", "PRODUCT", "USED BY", *(("ANSWER",) if asked else ()))]
    for each in found:
        port = each.port
        answer = (each.answer or "not asked: in use",) if asked else ()
        rows.append(
            (port.path, port.usb or "-", port.serial or "-", port.product or "-", each.use or "-", *answer)
        )
    widths = [min(40, max(len(row[place]) for row in rows)) for place in range(len(rows[0]))]
    lines = [
        "  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    others = [each.port for each in found]
    lines += ["", "The url to write for each, which stays with the device:"]
    for each in found:
        kind = f'   type = "{each.type}"' if each.type else ""
        lines.append(f'  {each.port.path}: url = "{url_of(each.port, others)}"{kind}')
    return "\n".join(lines)
