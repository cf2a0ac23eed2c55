"""`ccwall demo --transcript`: genuine recordings, played in a loop as if they were now."""

import contextlib
import os
from collections.abc import Awaitable, Callable, Iterator, Sequence
from itertools import count
from math import ceil, floor
from pathlib import Path

import msgspec

from ccwall.clock import SystemClock
from ccwall.config import Config, is_zone, load
from ccwall.errors import TranscriptError
from ccwall.events import SourceId
from ccwall.house import House
from ccwall.lifetime import log_to_stderr, run
from ccwall.main.running import Say, open_house, together, url_of
from ccwall.replay import Player, pace
from ccwall.stage import observer
from ccwall.transcript import Record, Transcript, read
from ccwall_simulators import rounds

SHIPPED = "shipped"

Welcomed = Callable[[str], Awaitable[None]]
"""What is done with the wall's address once it answers."""


def play(
    *, host: str, port: int | None, speed: float, transcripts: Sequence[str], say: Say, welcomed: Welcomed
) -> None:
    """A wall of recordings: files, folders of them, or the word ``shipped`` for those that come with ccwall."""
    log_to_stderr(False)
    paths = _recordings(transcripts)
    config = demo_configuration(shipped=SHIPPED in transcripts)
    access, listening = open_house(host, port, say)
    house = House(config, SystemClock(rate=speed))
    house.begin("demo")
    jobs = [(f"demo: {protocol}", loop(house, config, names)) for protocol, names in paths.items()]
    url = url_of(host, listening)

    async def welcome() -> None:
        what = "recorded from a live Asterisk" if SHIPPED in transcripts else "your recordings"
        fast = "" if speed == 1 else f", {speed:g} times as fast"
        say(f"The wall is at {url}   (Ctrl-C stops)")
        say(f"It shows genuine traffic, {what}, played in a loop as if it were now{fast}.")
        await welcomed(url)

    run(together(house, access, listening, jobs, welcome))


def demo_configuration(*, shipped: bool) -> Config:
    """The demo floor, in the time zone of this machine."""
    config = load(rounds.configuration(), observe=True) if shipped else Config()
    return msgspec.structs.replace(config, site=msgspec.structs.replace(config.site, zone=zone_here()))


async def loop(house: House, config: Config, names: Sequence[str]) -> None:
    """Play them one after the other for ever, each round at now, with ids of its own and a session of its own.

    Nothing says between two rounds that the source went away: to the floor the next one is a new snapshot.
    """
    for turn in count():
        with read(names[turn % len(names)]) as recording:
            source, session = observer(recording, config)
            player = Player(session, house.emit(source), recording.name)
            await pace(_as_if_now(recording, house, source, first=turn == 0), player, house.clock)
            player.finish()


def _as_if_now(recording: Transcript, house: House, source: SourceId, first: bool) -> Iterator[Record]:
    """The records, moved so that the first of them is now; the wall's age of the source moves with them."""
    shifts: dict[str, rounds.Shift] = {}
    seconds = 0
    for record in recording:
        if not shifts:
            # the first round may begin in the past by a part of a second, later ones not: time never goes back
            seconds = (floor if first else ceil)(house.clock.now() - record.t)
            shifts = {kind: rounds.Shift(record.t, seconds) for kind in ("rx", "tx")}
        body = record.body
        if record.event == "client-close":
            continue  # that the recorder left is no fact of the floor
        if record.kind == "rx":
            body = shifts["rx"].feed(body)
        elif record.kind == "tx":
            body = shifts["tx"].whole(body)
        yield msgspec.structs.replace(record, t=record.t + seconds, body=body)
        if record.kind == "rx":
            house.played[source] = record.t + seconds


def _recordings(transcripts: Sequence[str]) -> dict[str, list[str]]:
    """The files to play, by protocol; TranscriptError when one cannot be."""
    paths: list[Path] = []
    for wanted in transcripts:
        if wanted == SHIPPED:
            paths += rounds.shipped()
            continue
        given = Path(wanted)
        inside = sorted(given.glob("*.wire.ndjson*")) if given.is_dir() else [given]
        if not inside:
            raise TranscriptError(f"{given}: there is no *.wire.ndjson or *.wire.ndjson.gz in this folder")
        paths += inside
    found: dict[str, list[str]] = {}
    for path in paths:
        with read(path) as recording:
            observer(recording, Config())
            if next(iter(recording), None) is None:
                raise TranscriptError(f"{path}: has no records to play")
            found.setdefault(recording.header.protocol, []).append(str(path))
    return found


def zone_here() -> str:
    """The machine's zone by its IANA name."""
    named = os.environ.get("TZ", "").removeprefix(":")
    with contextlib.suppress(OSError):
        named = named or str(Path("/etc/localtime").resolve()).partition("zoneinfo/")[2]
    with contextlib.suppress(OSError):
        named = named or Path("/etc/timezone").read_text(encoding="ascii", errors="replace").strip()
    return named if named and is_zone(named) else "Asia/Shanghai"
