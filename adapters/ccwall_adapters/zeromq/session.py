"""ZeroMQ publishers, sans I/O: numbers watched, losses said and healed, facts made ours.

    closed ──open──▶ greeting ──a publisher is there──▶ snapshot ──all resyncs heard──▶ live
                        ▲                                  ▲   a loss, a restart        │
                        └───────── close ──────────        └────────────────────────────┘

Nobody can be asked anything here: a publisher says by itself, from time to time, what stands (`resync_started` …
`resync_finished`) and repeats what it said last, and its heartbeat promises so. A gap is healed by the next of these.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Literal, cast

import msgspec

from ccwall.adapter import Directory, Known, Mode, State
from ccwall.errors import AuthRejected, LinkSilent, ProtocolError
from ccwall.events import (
    AnyEvent,
    CommandRefused,
    CommandRequested,
    SourceDown,
    SourceGap,
    SourceResyncFinished,
    SourceResyncStarted,
    SourceUp,
)
from ccwall.wire.foreign import Foreign
from ccwall.wire.parcel import Parcel, Parcels

from .message import Cover, foreign, read
from .publisher import Publisher, Reason
from .settings import ZeromqSettings

MOST_PUBLISHERS = 64
"""Publishers with their topics, of one source; of a flood of names no more are remembered."""
MOST_KINDS = 200
SETTLE = 1.0
"""Seconds for which what is missing may still come by itself."""
UNPROMISED = 10.0
"""Seconds after its first word in which a publisher must have promised to resync; else nobody waits for it."""
MOST_HELD = 50_000
"""Facts that wait for what is missing; with more, nothing waits any more."""
JUNK = 20
"""Messages in a row, from the first on, that are none of ours: then this is something else."""
NO_RESYNC = ("queues", "conversations", "devices")
_CALM = ("heartbeat", "resync_started", "resync_finished")


class ZeromqSession:
    """See the module; the contract is `ccwall.adapter.Session`."""

    only_listens: Literal[True] = True

    def __init__(self, settings: msgspec.Struct, directory: Directory, mode: Mode) -> None:
        self._settings = cast(ZeromqSettings, settings)
        self._live, self._rate = mode == "live", 1.0
        self._foreign = Foreign(directory)
        self._parcels = Parcels()
        self._publishers: dict[tuple[str, str], Publisher] = {}
        self._counts: Counter[str] = Counter()
        self._away: dict[str, SourceDown] = {}
        self._state: State = "closed"
        self._opened = 0.0
        self._junk = 0
        self._facts: list[AnyEvent] = []

    # ── the contract ──

    @property
    def state(self) -> State:
        return self._state

    @property
    def counts(self) -> Mapping[str, int]:
        return self._counts

    def open(self, now: float) -> list[AnyEvent]:
        self._parcels.clear()
        self._state, self._opened, self._junk = "greeting", now, 0
        return []

    def at_pace(self, rate: float) -> None:
        self._rate = rate

    def remember(self, visits: Iterable[Known]) -> None:
        """Visits are known by the publisher's own ids: nothing is to be found again."""

    def sent(self, data: bytes, now: float) -> None:
        """Nobody is asked anything."""

    def outgoing(self) -> bytes:
        return b""

    def command(self, wish: CommandRequested, now: float) -> list[AnyEvent]:
        return [
            CommandRefused(
                at=now,
                command_id=wish.command_id,
                detail="a stream of facts takes no commands: give them at its origin",
            )
        ]

    def receive(self, data: bytes, now: float) -> list[AnyEvent]:
        if self._state == "closed" or not data:
            return []
        for parcel in self._parcels.feed(data):
            if "link" in parcel.head:
                self._link(parcel, now)
            else:
                self._message(parcel, now)
        return self._told()

    def tick(self, now: float) -> list[AnyEvent]:
        if self._state == "closed":
            return []
        for publisher in self._publishers.values():
            self._settle(publisher, now)
        self._finish(now)
        if self._live:
            self._watch(now)
        return self._told()

    def skipped(self, since: float, now: float) -> list[AnyEvent]:
        self._parcels.clear()
        if self._state in ("closed", "greeting"):
            return []
        self._gap(since, now, "skipped")
        for publisher in self._publishers.values():
            publisher.doubt(now)
        self._finish(now)
        return self._told()

    def close(self, now: float, reason: str = "eof", detail: str = "") -> list[AnyEvent]:
        if self._state == "closed":
            return []
        self._state = "closed"
        self._parcels.clear()
        for publisher in self._publishers.values():
            publisher.doubt(now)
        self._facts.append(SourceDown(at=now, reason=cast(Reason, reason), detail=detail))
        return self._told()

    # ── what came ──

    def _told(self) -> list[AnyEvent]:
        told, self._facts = self._facts, []
        return told

    def _link(self, parcel: Parcel, now: float) -> None:
        what = str(parcel.head["link"])
        self._count(f"link {what}", known=what in ("joined", "left", "refused", "foreign"))
        if what == "joined":
            self._up(now)
        elif what == "refused" and not self._settings.bind:
            raise AuthRejected(
                "the publisher does not let ccwall in: check that server_key is the publisher's public key, and that the "
                "public key of our secret is in its list"
            )
        elif what == "foreign" and not self._settings.bind:
            raise foreign("this port speaks no ZeroMQ, or none without keys", b"")

    def _up(self, now: float, product: str = "") -> None:
        if self._state == "greeting":
            self._state, self._opened = "snapshot", now
            self._facts += [SourceUp(at=now, product=product), SourceResyncStarted(at=now)]

    def _message(self, parcel: Parcel, now: float) -> None:
        topic = str(parcel.head.get("topic", ""))
        try:
            cover, said = read(parcel.body)
        except ValueError as error:  # msgspec.ValidationError is one
            self._refuse(str(error), parcel.body)
            return
        self._junk = -1
        if cover.type.startswith("board"):
            self._count("board")
            return
        publisher = self._publisher(topic, cover, now)
        if publisher is None:
            return
        self._up(now, cover.product)
        self._count(cover.type, known=cover.type in _CALM or "." in cover.type)
        heard, publisher.heard = publisher.heard, now
        if not self._is_new(publisher, cover, heard, now):
            self._count("duplicate")
            return
        number = cover.was or cover.n
        self._tell(publisher, cover, number, self._meaning(publisher, cover, said, now), now)

    def _refuse(self, text: str, body: bytes) -> None:
        """What cannot be read is counted; but who never said a word that can be is something else."""
        self._count("unreadable", known=False)
        if self._junk >= 0:
            self._junk += 1
            if self._junk >= JUNK:
                raise foreign(f"these messages are not a publisher's of facts: {text}", body)

    def _publisher(self, topic: str, cover: Cover, now: float) -> Publisher | None:
        """Whose message it is; None when there are too many of them."""
        key = topic, cover.publisher
        publisher = self._publishers.get(key)
        if publisher is None:
            if len(self._publishers) >= MOST_PUBLISHERS:
                self._count("publisher beyond the limit", known=False)
                return None
            publisher = self._publishers[key] = Publisher(cover, now)
        elif publisher.series.epoch != cover.epoch:
            self._gap(publisher.heard, now, f"{cover.publisher} began to count anew")
            self._facts += publisher.restart(cover, now)
        return publisher

    def _is_new(self, publisher: Publisher, cover: Cover, heard: float, now: float) -> bool:
        """`heard`: when the message before this one came."""
        if not publisher.series.holes:
            publisher.hole_since, publisher.hole_seen = heard, now
        new = publisher.series.came(cover.n)
        if cover.was:
            return new and publisher.lacks(cover.was) and publisher.series.came(cover.was)
        return new

    def _meaning(
        self, publisher: Publisher, cover: Cover, said: dict[str, object], now: float
    ) -> list[AnyEvent]:
        """The facts in it, and what it says of the publisher."""
        if cover.type == "heartbeat":
            publisher.promise(cover)
            return []
        if cover.type == "resync_started":
            publisher.begin_resync()
            return []
        if cover.type == "resync_finished":
            if publisher.is_whole:
                if publisher.series.holes and not publisher.said_gap:
                    self._lost(publisher, now)
                self._facts += publisher.end_resync()
                self._finish(now)
            return []
        if self._settings.of and cover.source and cover.source != self._settings.of:
            return []
        if cover.type.startswith("source."):
            return self._upstream(publisher, cover, said, now)
        try:
            return [self._foreign.fact(cover.type, said, now)]
        except ValueError:
            self._count("refused", known=False)
            return []

    def _tell(
        self, publisher: Publisher, cover: Cover, number: int, facts: list[AnyEvent], now: float
    ) -> None:
        """At once, or when it is its turn; what stands, only to whom it was not told."""
        if cover.stands:
            publisher.stands(facts)
            return
        series = publisher.series
        if not series.holes and not series.waiting:
            self._facts += facts
        else:
            if facts:
                series.put(number, facts)
            self._facts += series.ready()
            if len(series.waiting) > MOST_HELD:
                if not publisher.said_gap:
                    self._lost(publisher, now)
                self._facts += publisher.give_up()
        self._settle(publisher, now)

    # ── what is missing ──

    def _settle(self, publisher: Publisher, now: float) -> None:
        """Say what stayed missing; and wait no longer for who never promised to say it again."""
        series = publisher.series
        if not series.holes:
            self._facts += series.ready()
        elif not publisher.said_gap and now - publisher.hole_seen >= SETTLE * self._rate:
            self._lost(publisher, now)
            if publisher.resync_every:
                publisher.doubt(now)
            else:
                self._facts += publisher.give_up()
        if publisher.overdue(now, UNPROMISED * self._rate, self._rate):
            self._facts += publisher.give_up()
            publisher.wanted = False

    def _lost(self, publisher: Publisher, now: float) -> None:
        publisher.said_gap = True
        missing = publisher.series.missing
        self._gap(publisher.hole_since, now, f"{missing} messages of {publisher.name} are missing")

    def _gap(self, since: float, now: float, reason: str) -> None:
        """What is told from here on is what is; only where somebody will say it."""
        self._facts.append(SourceGap(at=now, since=min(since, now), reason=reason))
        if self._state == "live" and any(each.resync_every for each in self._publishers.values()):
            self._state, self._opened = "snapshot", now
            self._facts.append(SourceResyncStarted(at=now))

    def _finish(self, now: float) -> None:
        """Everything that stands has been said, by all who say it."""
        if self._state != "snapshot" or any(each.wanted for each in self._publishers.values()):
            return
        if not self._publishers and now - self._opened < UNPROMISED * self._rate:
            return
        self._state = "live"
        promised = self._publishers and all(each.resync_every for each in self._publishers.values())
        self._facts.append(SourceResyncFinished(at=now, limits=() if promised else NO_RESYNC))
        self._facts += [msgspec.structs.replace(down, at=now) for down in self._away.values()]

    # ── the publisher's own sources ──

    def _upstream(
        self, publisher: Publisher, cover: Cover, said: dict[str, object], now: float
    ) -> list[AnyEvent]:
        """When one of them is away, this one is too: nobody could say which half of its numbers still holds."""
        at = said.get("at")
        when = min(float(at), now) if isinstance(at, int | float) and at > 0 else now
        if cover.type == "source.gap":
            since = said.get("since")
            begin = min(float(since), when) if isinstance(since, int | float) and since > 0 else when
            return [SourceGap(at=when, since=begin, reason=f"{cover.source}: {said.get('reason', '')}"[:200])]
        if cover.type == "source.down" and cover.source not in self._away:
            down = SourceDown(at=when, reason="eof", detail=f"{cover.source}: {said.get('reason', '')}"[:200])
            if len(self._away) < MOST_PUBLISHERS:
                self._away[cover.source] = down
            return [down]
        if cover.type == "source.resync_finished" and self._away.pop(cover.source, None) is not None:
            publisher.doubt(now)
            self._state = "snapshot"
            return [SourceUp(at=now), SourceResyncStarted(at=now)] if not self._away else []
        return []

    # ── the link ──

    def _watch(self, now: float) -> None:
        """Dead when all who promised heartbeats let none come."""
        promised = [each for each in self._publishers.values() if each.every]
        heard = [max(each.heard, self._opened) for each in promised]
        if heard and now - max(heard) > self._settings.silent_after * self._rate:
            names = ", ".join(sorted({each.name for each in promised}))[:200]
            raise LinkSilent(f"no heartbeat of {names} for {self._settings.silent_after:g} s")

    def _count(self, kind: str, known: bool = True) -> None:
        name = kind[:60] if known else f"unknown:{kind[:60]}"
        if name not in self._counts and len(self._counts) >= MOST_KINDS:
            name = "unknown:more"
        self._counts[name] += 1


__all__ = ["ProtocolError", "ZeromqSession"]
