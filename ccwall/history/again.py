"""A day's wire through today's adapters, merged with what the journal has from elsewhere: the day as it would be now.

Facts that no wire can tell stay as they are: what people commanded, what the house says of itself, and everything from
the seconds of which no wire is kept.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime

import msgspec

from ccwall.adapter import Session
from ccwall.engine import Contact, Engine
from ccwall.engine.day import zone_of
from ccwall.errors import TranscriptError
from ccwall.events import AnyEvent, CommandEvent, Envelope, SiteId, SourceDown, SourceId
from ccwall.history import past, wire
from ccwall.history.restart import known_visits
from ccwall.history.rows import COLUMNS, Row, Unreadable, check, envelope_of, row_of
from ccwall.intake import Intake
from ccwall.replay import STEP, Player
from ccwall.transcript import Record

DAY = 86_400.0
Make = Callable[[SourceId, str], Session | None]
"""Gives a session that observes, for a source and the protocol its wire is of; None when it is configured no more."""
Sink = Callable[[Row, bool], None]
"""Takes every row of the new day, and whether it is fresh."""
NOT_OF_THE_WIRE = frozenset({"house", "failed", "refused"})
"""Reasons of `source.down` that ccwall gives without any bytes."""


class Day(msgspec.Struct, frozen=True):
    """A business day [start, end)."""

    start: float
    end: float


def business_day(day: date, zone: str, day_starts: int) -> Day:
    """
    >>> business_day(date(2026, 11, 22), "Asia/Shanghai", 0)
    Day(start=1795276800.0, end=1795363200.0)
    """
    tz = zone_of(zone)
    start, end = (
        datetime(each.year, each.month, each.day, day_starts, tzinfo=tz).timestamp()
        for each in (day, date.fromordinal(day.toordinal() + 1))
    )
    return Day(start, end)


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A day as it was and as it would be now: its visits, and its numbers by queue."""

    contacts: Mapping[str, Contact]
    summary: Mapping[str, object]


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """``first`` to ``last`` are the numbers of the rows that the new day stands for (0: there are none)."""

    before: Told
    after: Told
    first: int
    last: int
    replaced: Sequence[int]
    fresh: int
    gaps: int
    unreadable: int
    sources: Sequence[SourceId]


class _Strip:
    """One stretch of wire on its way through a session."""

    def __init__(self, connection: sqlite3.Connection, stretch: wire.Stretch, *, whole: bool) -> None:
        self.stretch = stretch
        self.until = stretch.last + (STEP if whole else 0.0)
        """A session may have something to say a tick after the last byte. Of a ccwall that was killed the end is missing."""
        self.player: Player | None = None
        self.gaps = 0
        self._records: Iterator[Record] = iter(wire.transcript(connection, stretch))
        self.next = next(self._records, None)

    def covers(self, at: float) -> bool:
        """Whether the wire of this moment is here, and not just missing."""
        whole = self.next is None or self.next.event != wire.GAP
        return self.stretch.first <= at <= self.until and whole

    def play(self) -> None:
        record = self.next
        if record is None or self.player is None:
            return
        if record.event == wire.GAP:
            self.gaps += 1
        self.player.play(record)
        self.next = next(self._records, None)


class Again:
    """`run` it once. Memory grows with the visits of the day, not with its facts."""

    def __init__(
        self,
        journal: sqlite3.Connection,
        wires: sqlite3.Connection,
        day: Day,
        site: SiteId,
        make: Make,
        sink: Sink = lambda _row, _fresh: None,
    ) -> None:
        self._journal, self._day, self._site, self._make, self._sink = journal, day, site, make, sink
        overlapping = [
            each
            for each in wire.stretches(wires)
            if each.last >= day.start
            and each.first < day.end
            and make(each.source, each.protocol) is not None
        ]
        ended = {run for (run,) in journal.execute("SELECT id FROM run WHERE ended IS NOT NULL")}
        self._strips = [_Strip(wires, each, whole=each.run in ended) for each in overlapping]
        self._before, self._after = Engine(site), Engine(site)
        self._seq = 0
        self._replaced: list[int] = []
        self._fresh = self._unreadable = 0
        self._ended: dict[int, float] = {}

    def run(self) -> Outcome:
        rows = past.rows(self._journal, self._beginning())
        first = last = 0
        for row in rows:
            received = row[5]
            if received >= self._day.start and not first:
                first, last = row[0], row[0] - 1
                self._seq = last
            if received >= self._day.end:
                break
            self._pump(received)
            if not first:
                self._common(row)
                self._seq = row[0]
                continue
            last = row[0]
            self._in_day(row)
        if not first:  # the journal knows nothing of this day
            first, last = self._seq + 1, self._seq
        self._pump(self._day.end)
        told = [_told(each, self._day) for each in (self._before, self._after)]
        return Outcome(
            before=told[0],
            after=told[1],
            first=first,
            last=last,
            replaced=self._replaced,
            fresh=self._fresh,
            gaps=sum(strip.gaps for strip in self._strips),
            unreadable=self._unreadable,
            sources=sorted({strip.stretch.source for strip in self._strips}),
        )

    def _beginning(self) -> int:
        """Facts before this number do not matter to the day; but for the configuration, which is told here."""
        since = min([self._day.start, *(strip.stretch.first for strip in self._strips)]) - DAY
        found = self._journal.execute("SELECT min(seq) FROM event WHERE received >= ?", (since,)).fetchone()
        start = (found[0] or 1) - 1
        for row in self._journal.execute(
            f"SELECT {COLUMNS} FROM event WHERE type = 'config.applied' AND seq <= ? ORDER BY seq DESC LIMIT 1",
            (start,),
        ):
            self._common(row)
        return int(start)

    def _common(self, row: Row) -> None:
        envelope = self._read(row)
        if envelope is not None:
            self._before.apply(envelope)
            self._after.apply(envelope)

    def _in_day(self, row: Row) -> None:
        envelope = self._read(row)
        if envelope is not None and self._is_replaced(envelope):
            self._before.apply(envelope)
            self._replaced.append(row[0])
            return
        self._seq += 1
        self._sink(renumbered(row, self._seq), False)
        if envelope is not None:
            self._before.apply(envelope)
            self._after.apply(msgspec.structs.replace(envelope, seq=self._seq))

    def _is_replaced(self, envelope: Envelope) -> bool:
        return of_the_wire(envelope.event) and any(
            strip.stretch.source == envelope.source and strip.covers(envelope.received)
            for strip in self._strips
        )

    def _read(self, row: Row) -> Envelope | None:
        try:
            return envelope_of(row)
        except Unreadable:
            self._unreadable += 1
            return None

    # ── the wire ──

    def _pump(self, until: float) -> None:
        """Play everything that happened by then, in its order."""
        while True:
            waiting = [strip for strip in self._strips if strip.next is not None and strip.next.t <= until]
            if not waiting:
                break
            strip = min(waiting, key=_by_next)
            if strip.player is None:
                strip.player = self._player(strip)
            try:
                strip.play()
            except TranscriptError:
                strip.next = None  # what is unreadable is a gap to its end
                strip.gaps += 1
        for number, strip in enumerate(self._strips):
            if strip.player is not None and strip.next is None and self._ended.get(number, 0.0) < strip.until:
                self._ended[number] = min(until, strip.until)
                strip.player.advance(self._ended[number])

    def _player(self, strip: _Strip) -> Player:
        source = strip.stretch.source
        session = self._make(source, strip.stretch.protocol)
        assert session is not None, "only configured sources are on the stage"
        session.remember(known_visits(self._after, source))
        intake = Intake(self._site, self._take)

        def emit(events: Sequence[AnyEvent], now: float) -> None:
            if self._day.start <= now < self._day.end and strip.stretch.first <= now <= strip.until:
                intake.take(source, [event for event in events if of_the_wire(event)], now)

        return Player(session, emit, str(source))

    def _take(self, envelope: Envelope) -> None:
        self._seq += 1
        self._fresh += 1
        numbered = msgspec.structs.replace(envelope, seq=self._seq)
        self._after.apply(numbered)
        self._sink(row_of(numbered), True)


def _by_next(strip: _Strip) -> float:
    return strip.next.t if strip.next is not None else 0.0


def of_the_wire(event: AnyEvent) -> bool:
    """Whether a session that observes can tell this."""
    if isinstance(event, SourceDown):
        return event.reason not in NOT_OF_THE_WIRE
    return not isinstance(event, CommandEvent)


def renumbered(row: Row, seq: int) -> Row:
    """The same fact in another place; a row that was not whole does not become so."""
    if check(row[:-1]) != row[-1]:
        return (seq, *row[1:])
    head = (seq, *row[1:-1])
    return (*head, check(head))


def _told(engine: Engine, day: Day) -> Told:
    now = min(
        day.end - 0.001,
        max((contact.ended or contact.queued for contact in engine.contacts()), default=day.start),
    )
    return Told(
        contacts={contact.id: contact for contact in engine.contacts()},
        summary=engine.summary(max(now, day.start)),
    )
