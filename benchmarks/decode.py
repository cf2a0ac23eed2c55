"""From Asterisk's bytes to facts, against panoramisk's `Message.from_line` over the same bytes.

panoramisk stops at a dictionary per message; ccwall goes on to normalised facts with ids. Two ways to count for
panoramisk: as its own protocol does it (decode, split, from_line), and from_line alone, everything before it for free.
"""

from pathlib import Path
from statistics import median

from panoramisk.message import Message

from benchmarks.timing import Work, interleaved, spread, table
from ccwall.config import Config
from ccwall.directory import ConfiguredDirectory
from ccwall.events import AnyEvent, SourceId
from ccwall.transcript import Record, read
from ccwall_adapters.asterisk_ami import AmiSession, AmiSettings

TRANSCRIPT = Path(__file__).parents[1] / "tests" / "captures" / "asterisk" / "b-steady" / "ami.wire.ndjson.gz"
WANTED = 8.0
"""Times as fast as `Message.from_line`: below it, the run fails."""

END = "\r\n\r\n"
SOURCE = SourceId("pbx1")


def facts(records: list[Record], *, lazy: bool) -> list[AnyEvent]:
    """All that a session has to say to this recording."""
    told: list[AnyEvent] = []
    settings = AmiSettings(username="", secret="", lazy=lazy)
    session = AmiSession(settings, ConfiguredDirectory(SOURCE, Config()), "observe")
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


def as_panoramisk_does(chunks: list[bytes]) -> list[Message]:
    """The way of `panoramisk.ami_protocol.AMIProtocol.data_received`, without its queue of questions."""
    told, rest = [], ""
    for chunk in chunks:
        *lines, rest = (rest + chunk.decode("utf8", "ignore")).split(END)
        for line in lines:
            message = Message.from_line(line.strip())
            if message is not None:
                told.append(message)
    return told


def messages_of(chunks: list[bytes]) -> list[str]:
    return [line.strip() for line in b"".join(chunks).decode("utf8", "ignore").split(END)]


def run(rounds: int) -> bool:
    """Print the table; whether facts and speed are as they must be."""
    with read(TRANSCRIPT) as transcript:
        records = list(transcript)
    chunks = [record.body for record in records if record.kind == "rx"]
    size, lines = sum(map(len, chunks)), messages_of(chunks)
    lazy, plain = facts(records, lazy=True), facts(records, lazy=False)
    equal = lazy == plain
    rivals: dict[str, Work] = {
        "ccwall: bytes to facts": lambda: facts(records, lazy=True),
        "ccwall, not lazy": lambda: facts(records, lazy=False),
        "panoramisk: decode, split, from_line": lambda: as_panoramisk_does(chunks),
        "panoramisk: from_line alone": lambda: [Message.from_line(line) for line in lines],
    }
    taken = interleaved(rivals, rounds)
    ours = median(taken["ccwall: bytes to facts"])
    print(
        f"decode: {size:,} bytes, {len(lines):,} messages, {len(lazy):,} facts; medians of {rounds} rounds\n"
    )
    table(
        ["", "ms", "± %", "MB/s", "messages/s", "ours is faster"],
        [
            [
                name,
                f"{median(times) * 1e3:.2f}",
                f"{spread(times) * 100:.0f}",
                f"{size / median(times) / 1e6:.1f}",
                f"{len(lines) / median(times):,.0f}",
                f"{median(times) / ours:.1f}x",
            ]
            for name, times in taken.items()
        ],
    )
    rounds_of_both = zip(taken["panoramisk: from_line alone"], taken["ccwall: bytes to facts"], strict=True)
    ratio = median(theirs / own for theirs, own in rounds_of_both)
    print(f"  facts of the lazy and the plain decoder are {'equal' if equal else 'NOT EQUAL'}")
    print(f"  {ratio:.1f} times as fast as from_line alone (median of the rounds); wanted: {WANTED:.0f}\n")
    return equal and ratio >= WANTED
