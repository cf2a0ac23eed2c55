"""Recordings without a wall: the visits in them and the numbers they come to."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import IO

import msgspec

from ccwall.config import SITE, Config
from ccwall.engine import Contact, Engine
from ccwall.errors import CcwallError
from ccwall.intake import Sink
from ccwall.replay import ReplayClock, follow, play
from ccwall.stage import apply_policy, stage
from ccwall.transcript import Record, Transcript


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """One visit of one caller to one queue, as `ccwall replay --contacts` writes it; null is unknown."""

    queue: str
    call: str | None
    caller: str | None
    queued: float | None
    outcome: str
    cause: str | None
    answered: float | None
    ended: float | None
    end: str | None
    wait: float | None
    declared_wait: float | None
    talk: float | None
    agent: str | None
    agent_name: str | None
    member: str | None
    interface: str | None
    inferred: bool


def visit(contact: Contact) -> Visit:
    return Visit(
        queue=contact.queue_name,
        call=contact.call or None,
        caller=contact.caller or None,
        queued=contact.queued,
        outcome=contact.outcome,
        cause=contact.cause or None,
        answered=contact.answered,
        ended=contact.ended,
        end=None if contact.end in {"", "unknown"} else contact.end,
        wait=contact.wait,
        declared_wait=contact.declared_wait,
        talk=contact.talk,
        agent=contact.agent or None,
        agent_name=contact.agent_name or None,
        member=contact.member or None,
        interface=contact.interface or None,
        inferred=contact.inferred,
    )


QUARTER = 900
"""The engine forgets the visits of a day when the next begins, which in every zone is at a whole quarter of an hour."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """A recording after it was played: the numbers at its last instant, every visit, and what was wrong with it."""

    summary: dict[str, object]
    contacts: tuple[Contact, ...]
    error: CcwallError | None = None


class Performance:
    """One recording being played into an engine of its own; a Stage for `replay.play` and `replay.pace`."""

    def __init__(self, transcript: Transcript, config: Config, source: str = "", *sinks: Sink) -> None:
        self.engine = Engine(SITE)
        self.staged = stage(transcript, config, self.engine.apply, *sinks, source=source)
        self._config = config
        self._visits: dict[str, Contact] = {}
        self._quarter = 0

    @property
    def now(self) -> float:
        return self.staged.player.now

    def begin(self, now: float) -> None:
        """The first fact, at the first moment: what is configured."""
        if self.staged.intake.seq == 0:
            apply_policy(self.staged.intake, self._config, now, "replay")

    def play(self, record: Record) -> None:
        self.begin(record.t)
        if self._quarter != (quarter := int(record.t // QUARTER)):
            self._quarter = quarter
            self._harvest()
        self.staged.player.play(record)

    def advance(self, now: float) -> None:
        self.staged.player.advance(now)

    def finish(self) -> None:
        self.staged.player.finish()

    def outcome(self, error: CcwallError | None = None) -> Outcome:
        self._harvest()
        return Outcome(
            summary=self.engine.summary(self.now), contacts=tuple(self._visits.values()), error=error
        )

    def _harvest(self) -> None:
        self._visits.update((contact.id, contact) for contact in self.engine.contacts())


def replay(transcript: Transcript, config: Config, source: str = "", rate: float | None = None) -> Outcome:
    """Play a recording, as fast as it goes or at ``rate`` times real time.

    An error in it is in the outcome, beside what came before it.
    """
    performance = Performance(transcript, config, source)
    try:
        if rate is None:
            play(transcript, performance)
        else:
            asyncio.run(follow(transcript, performance, ReplayClock(rate)))
    except CcwallError as wrong:
        return performance.outcome(wrong)
    return performance.outcome()


def write_visits(contacts: Iterable[Contact], out: IO[bytes]) -> None:
    encode = msgspec.json.Encoder().encode
    for contact in contacts:
        out.write(encode(visit(contact)) + b"\n")
    out.flush()


def write_summary(outcome: Outcome, out: IO[bytes]) -> None:
    out.write(msgspec.json.format(msgspec.json.encode(outcome.summary), indent=2) + b"\n")
    out.flush()


_COLUMNS = ("offered", "answered", "abandoned", "flowed_out", "service_level", "answer_rate", "asa")


def table(outcome: Outcome) -> str:
    """The numbers per queue for a terminal."""
    queues = outcome.summary.get("queues")
    rows = [("queue", *(column.replace("_", " ") for column in _COLUMNS))]
    for name, numbers in queues.items() if isinstance(queues, Mapping) else ():
        if isinstance(numbers, Mapping):
            rows.append(
                (str(numbers.get("name", name)), *(_cell(column, numbers.get(column)) for column in _COLUMNS))
            )
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = (
        "  ".join(
            cell.ljust(width) if not place else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )
    return "\n".join(line.rstrip() for line in lines)


def _cell(column: str, value: object) -> str:
    if isinstance(value, Mapping):  # a metric with its formula, or a count by cause
        value = value.get("value") if "variant" in value else sum(value.values())
    if not isinstance(value, int | float):
        return "–"
    if column in {"service_level", "answer_rate"}:
        return f"{value:.1%}"
    return f"{value:.1f} s" if column == "asa" else f"{value:g}"
