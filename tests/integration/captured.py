"""What a genuine Asterisk said of its queues, and the same figures made from our own account of the visits.

Asterisk's counters begin with its start or a reset, count a conversation when it ends, and take every exit but those by
key for an abandon; its waits are whole seconds, kept by us as `declared_wait`.
"""

import functools
import gzip
import re
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import msgspec

from ccwall.config import Config
from ccwall.engine import Contact
from ccwall.engine.metrics import SERVICE_LEVELS, Tally
from ccwall.events import Envelope, QueueDeclared, SourceUp
from ccwall.offline import Performance
from ccwall.replay import play
from ccwall.transcript import read

CAPTURES = Path(__file__).parents[1] / "captures" / "asterisk"
QUEUES = ("consult", "callback", "promo", "complaint", "overflow")
FROM_START = ""
MOMENTS = {
    "a-midshift": (("end of scenario", FROM_START),),
    "b-steady": (("end of scenario", FROM_START),),
    "d-breaks": (("end of scenario", FROM_START),),
    "e-restart": (
        ("just before core restart now", FROM_START),
        ("just before kill -9", "just after restart, phones registered again"),
        ("end of scenario", "just after kill -9 and start"),
    ),
    "f-reload": (
        ("after queue reload all with changed file", FROM_START),
        ("before unload", FROM_START),
    ),
    "g-resetstats": (
        ("before QueueReset consult", FROM_START),
        ("end of scenario", "after queue reset stats"),
    ),
    "h-timestamp-chanvars": (("end of scenario", FROM_START),),
    "j-local-optimised": (("end of scenario", FROM_START),),
}
"""When somebody asked Asterisk, and the moment at which its counters had begun."""


@dataclass(frozen=True)
class Account:
    """Counts as Asterisk keeps them; `within` and `left_within` its service level's T."""

    completed: int = 0
    abandoned: int = 0
    within: int = 0
    left_within: int = 0

    def __add__(self, other: "Account") -> "Account":
        return Account(
            self.completed + other.completed,
            self.abandoned + other.abandoned,
            self.within + other.within,
            self.left_within + other.left_within,
        )

    @property
    def levels(self) -> tuple[float, float]:
        """(ServicelevelPerf, ServicelevelPerf2) as Asterisk prints them: percent, one digit, 0 for nothing to divide."""
        tally = Tally(
            answered=self.completed,
            within=self.within,
            abandoned=self.abandoned,
            abandoned_within=self.left_within,
        )
        first, second = (SERVICE_LEVELS[name](tally) for name in ("answered", "abandon_positive"))
        return float(f"{100 * (first or 0.0):.1f}"), float(f"{100 * (second or 0.0):.1f}")


@dataclass(frozen=True)
class Said:
    """One QueueParams of Asterisk."""

    completed: int
    abandoned: int
    threshold: float
    levels: tuple[float, float]

    @property
    def account(self) -> Account:
        """The counts behind the percentages."""
        within = round(self.completed * self.levels[0] / 100)
        both = round((self.completed + self.abandoned) * self.levels[1] / 100)
        return Account(self.completed, self.abandoned, within, both - within)


class Truth(msgspec.Struct, frozen=True):
    """One visit in the PBX's own log; whole seconds."""

    queue: str
    call: str
    queued: int
    outcome: str
    cause: str | None
    wait: int | None
    ended: int | None

    @property
    def waited(self) -> int | None:
        """EXITWITHKEY logs another quantity."""
        return self.ended - self.queued if self.cause == "key" and self.ended else self.wait


@dataclass(frozen=True)
class Played:
    """A recording after it went through adapter and engine; `began` is when we were let in."""

    performance: Performance
    contacts: tuple[Contact, ...]
    first_said: dict[str, Said]
    began: float


def said(figures: dict[str, float]) -> Said:
    return Said(
        completed=int(figures["Completed"]),
        abandoned=int(figures["Abandoned"]),
        threshold=figures["ServiceLevel"],
        levels=(figures["ServicelevelPerf"], figures["ServicelevelPerf2"]),
    )


@functools.cache
def played(scenario: str) -> Played:
    first: dict[str, Said] = {}
    ups: list[float] = []

    def listen(envelope: Envelope) -> None:
        if isinstance(envelope.event, SourceUp):
            ups.append(envelope.event.at)
        if isinstance(envelope.event, QueueDeclared):
            first.setdefault(envelope.event.queue.partition("/")[2], said(envelope.event.figures))

    with read(CAPTURES / scenario / "ami.wire.ndjson.gz") as transcript:
        performance = Performance(transcript, Config(), "", listen)
        play(transcript, performance)
    return Played(performance, performance.outcome().contacts, first, ups[0])


@functools.cache
def asterisk_said(scenario: str) -> dict[str, tuple[float, dict[str, Said]]]:
    """By moment: when it was, and every queue's figures."""
    with gzip.open(CAPTURES / scenario / "final_queuestatus.txt.gz", "rt", encoding="utf-8") as file:
        parts = re.split(r"(?m)^##### (.*?)  t=([\d.]+)$", file.read())
    moments = {}
    for moment, at, text in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        blocks = (dict(re.findall(r"(?m)^(\w+): (.*)$", block)) for block in text.split("\n\n"))
        queues = {
            block["Queue"]: said({name: float(block[name]) for name in FIGURES})
            for block in blocks
            if block.get("Event") == "QueueParams"
        }
        moments[moment] = (float(at), queues)
    return moments


FIGURES = ("Completed", "Abandoned", "ServiceLevel", "ServicelevelPerf", "ServicelevelPerf2")


def account(
    contacts: tuple[Contact, ...], queue: str, since: float, until: float, threshold: float
) -> Account:
    """Asterisk's counters from our visits. A conversation that was under way when the counters began is never counted
    (asterisk.md, trap 7)."""
    own = [c for c in contacts if c.queue_name == queue and c.ended is not None and since < c.ended <= until]
    done = [c for c in own if c.outcome == "answered" and (c.answered or 0.0) > since]
    left = [c for c in own if c.outcome == "abandoned" or (c.outcome == "flowed_out" and c.cause != "key")]
    within, left_within = (
        sum(1 for c in kind if c.declared_wait is not None and c.declared_wait <= threshold)
        for kind in (done, left)
    )
    return Account(len(done), len(left), within, left_within)


def ours(scenario: str, moment: str, since: str, queue: str) -> Account:
    """What Asterisk should say at that moment, by our account. What it had counted before we came is taken from it."""
    at, told = asterisk_said(scenario)[moment]
    recording = played(scenario)
    begin = asterisk_said(scenario)[since][0] if since else 0.0
    before = Account() if since else recording.first_said[queue].account
    return before + account(recording.contacts, queue, begin, at, told[queue].threshold)


@functools.cache
def truth(scenario: str) -> tuple[Truth, ...]:
    """The visits of the PBX's own log that were alive when the client was there, in the order of arrival."""
    began = played(scenario).began
    lines = (CAPTURES / scenario / "visits.ndjson").read_bytes().splitlines()
    visits = [msgspec.json.decode(line, type=Truth) for line in lines]
    return tuple(sorted((v for v in visits if v.ended is None or v.ended >= began - 0.2), key=_arrival))


def _arrival(visit: Truth) -> tuple[int, str, str]:
    return visit.queued, visit.queue, visit.call


def table() -> str:
    """For docs/adapters/asterisk.md: what Asterisk says, and ours where that differs."""
    rows = [f"| capture, moment | {' | '.join(QUEUES)} |", "| --- " * (len(QUEUES) + 1) + "|"]
    for scenario, moment, since in every_moment():
        told = asterisk_said(scenario)[moment][1]
        cells = [_cell(told[queue], ours(scenario, moment, since, queue)) for queue in QUEUES]
        rows.append(f"| {scenario}, {moment} | {' | '.join(cells)} |")
    return "\n".join(rows)


def every_moment() -> list[tuple[str, str, str]]:
    return list(chain.from_iterable(((s, moment, since) for moment, since in MOMENTS[s]) for s in MOMENTS))


def _cell(told: Said, found: Account) -> str:
    text = f"{told.completed} + {told.abandoned}: {told.levels[0]} {told.levels[1]}"
    if (found.completed, found.abandoned, found.levels) == (told.completed, told.abandoned, told.levels):
        return f"{text} ="
    return f"{text} ≠ {found.completed} + {found.abandoned}: {found.levels[0]} {found.levels[1]}"
