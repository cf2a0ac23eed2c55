"""`ccwall replay` on a wall: a recording at any speed, as if it happened now."""

import asyncio
from collections.abc import Iterable, Iterator
from itertools import chain

from ccwall.config import Config
from ccwall.errors import CcwallError, TranscriptError
from ccwall.events import SourceId
from ccwall.house import House
from ccwall.lifetime import run
from ccwall.main.running import Say, open_house, together, url_of
from ccwall.offline import Outcome, Performance
from ccwall.replay import ReplayClock, follow
from ccwall.transcript import Record, Transcript

AT_ONCE = 200
"""Records of a replay that are played before others have their turn: some milliseconds."""


def replay(
    recording: Transcript,
    config: Config,
    source: str,
    rate: float | None,
    *,
    host: str,
    port: int | None,
    say: Say,
) -> Outcome:
    """Play a recording onto a wall; the wall stays when it is over, until it is told to stop."""
    clock = ReplayClock(1.0 if rate is None else rate)
    performance = Performance(recording, config, source)
    records = iter(recording)
    first = next(records, None)
    if first is None:
        raise TranscriptError(f"{recording.name}: has no records to show")
    clock.stand(first.t)
    performance.begin(first.t)
    access, listening = open_house(host, port, say)
    house = House(config, clock, performance.engine)
    shown = _heard(chain([first], records), house, performance.staged.source)
    errors: list[CcwallError] = []

    async def welcome() -> None:
        say(f"The wall is at {url_of(host, listening)}   (Ctrl-C stops)")
        try:
            if rate is None:
                await _hurry(shown, performance, clock)
            else:
                await follow(shown, performance, clock)
        except CcwallError as error:
            errors.append(error)
        say("The recording is over; the wall stays as it was (Ctrl-C ends it).")

    run(together(house, access, listening, [], welcome))
    return performance.outcome(errors[0] if errors else None)


async def _hurry(records: Iterable[Record], performance: Performance, clock: ReplayClock) -> None:
    """All of it as fast as it goes; in between the wall is served, and Ctrl-C heard."""
    for number, record in enumerate(records):
        performance.play(record)
        if number % AT_ONCE == 0:
            clock.stand(performance.now)
            await asyncio.sleep(0)
    performance.finish()
    clock.stand(performance.now)


def _heard(records: Iterable[Record], house: House, source: SourceId) -> Iterator[Record]:
    """The records; the wall is told when each was played."""
    for record in records:
        yield record
        house.hub.touch()
        if record.kind == "rx":
            house.played[source] = record.t
