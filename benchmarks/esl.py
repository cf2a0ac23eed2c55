"""From FreeSWITCH's bytes to facts, against greenswitch's `ESLEvent` over the same bytes.

greenswitch stops at a dictionary per event; ccwall goes on to normalised facts with ids. For greenswitch the framing is for
free: it is handed each head and each body, to decode and to parse as its own reader does. It knows no JSON, so that of the
same events in JSON the head goes through `ESLEvent` and the body through `json.loads`, which is how its users read them.
"""

import json
from collections.abc import Callable
from pathlib import Path
from statistics import median

from greenswitch.esl import ESLEvent

from benchmarks.timing import Work, interleaved, spread, table
from ccwall.config import Config
from ccwall.directory import ConfiguredDirectory
from ccwall.events import AnyEvent, SourceId
from ccwall.transcript import Record, read
from ccwall_adapters.freeswitch_esl import EslSession, EslSettings
from ccwall_adapters.freeswitch_esl.wire import Frames

CAPTURES = Path(__file__).parents[1] / "tests" / "captures" / "freeswitch" / "steady"
WANTED = 8.0
"""Times as fast as `ESLEvent` on plain events: below it, the run fails."""

SOURCE = SourceId("pbx1")
Messages = list[tuple[bytes, bytes]]


def facts(records: list[Record], *, lazy: bool) -> list[AnyEvent]:
    """All that a session has to say to this recording."""
    told: list[AnyEvent] = []
    settings = EslSettings(password="", lazy=lazy)
    session = EslSession(settings, ConfiguredDirectory(SOURCE, Config()), "observe")
    for record in records:
        if record.kind == "rx":
            told += session.receive(record.body, record.t)
        elif record.kind == "tx":
            session.sent(record.body, record.t)
        elif record.event == "connect":
            told += session.open(record.t)
        else:
            told += session.close(record.t)
    return told


def messages_of(records: list[Record]) -> Messages:
    """Head and body of every message that is an event."""
    frames = Frames().feed(b"".join(record.body for record in records if record.kind == "rx"))
    return [(f.head, f.body) for f in frames if f.kind.startswith(b"text/event-")]


def plain(messages: Messages) -> None:
    """`receive_events`, then `parse_data` of the body, as greenswitch's `handle_event` does."""
    for head, body in messages:
        ESLEvent(head.decode("utf-8")).parse_data(body.decode("utf-8"))


def in_json(messages: Messages) -> None:
    for head, body in messages:
        ESLEvent(head.decode("utf-8"))
        json.loads(body.decode("utf-8"))


def run(rounds: int) -> bool:
    """Print the tables; whether facts and speed are as they must be."""
    kept = _compare("esl", "greenswitch: decode, ESLEvent", plain, rounds)
    return _compare("esl-json", "greenswitch: decode, json.loads", in_json, rounds, wanted=1.0) and kept


def _compare(
    client: str, rival: str, parse: Callable[[Messages], None], rounds: int, wanted: float = WANTED
) -> bool:
    with read(CAPTURES / f"{client}.wire.ndjson.gz") as transcript:
        records = list(transcript)
    size = sum(len(record.body) for record in records if record.kind == "rx")
    messages = messages_of(records)
    lazy = facts(records, lazy=True)
    equal = lazy == facts(records, lazy=False)
    rivals: dict[str, Work] = {
        "ccwall: bytes to facts": lambda: facts(records, lazy=True),
        "ccwall, not lazy": lambda: facts(records, lazy=False),
        rival: lambda: parse(messages),
    }
    taken = interleaved(rivals, rounds)
    ours = median(taken["ccwall: bytes to facts"])
    print(
        f"{client}: {size:,} bytes, {len(messages):,} events, {len(lazy):,} facts; medians of {rounds} rounds\n"
    )
    table(
        ["", "ms", "± %", "MB/s", "events/s", "ours is faster"],
        [
            [
                name,
                f"{median(times) * 1e3:.2f}",
                f"{spread(times) * 100:.0f}",
                f"{size / median(times) / 1e6:.1f}",
                f"{len(messages) / median(times):,.0f}",
                f"{median(times) / ours:.1f}x",
            ]
            for name, times in taken.items()
        ],
    )
    both = zip(taken[rival], taken["ccwall: bytes to facts"], strict=True)
    ratio = median(theirs / own for theirs, own in both)
    print(f"  facts of the lazy and the plain decoder are {'equal' if equal else 'NOT EQUAL'}")
    print(f"  {ratio:.1f} times as fast (median of the rounds); wanted: {wanted:.0f}\n")
    return equal and ratio >= wanted
