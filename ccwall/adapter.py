"""The contract between ccwall and a source, on one page.

A source is read by a *session*: bytes in, facts out, no socket, no clock, no task. One session serves one source for
as long as it is configured; every connection begins with `open` and ends with `close`, and what the session knows of
the floor outlives the connection, so that after a loss it can say what is gone.

Two modes. *live*: `outgoing` is written to the socket after every call. *observe*: somebody else's transcript is
played; the session emits nothing, never times out, and learns the questions from `sent`.

What comes in whole messages (MQTT, ZeroMQ, HTTP, UDP) comes as `ccwall.wire.parcel` writes them.

A session never raises for an unknown message: it counts it. It raises `ProtocolError` when the far end does not speak
its protocol, `AuthRejected` when it is not let in, and in live mode `LinkSilent` from `tick`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal, Protocol, runtime_checkable

import msgspec

from ccwall.events import AgentId, AnyEvent, CommandRequested, ContactId, QueueId, SeatId, Sense

Mode = Literal["live", "observe"]
State = Literal["closed", "greeting", "login", "snapshot", "live"]


class Directory(Protocol):
    """Who is who: a source's own names to ids, by configuration; without an entry the id is `source/name`."""

    def queue(self, name: str) -> QueueId: ...
    def agent(self, *keys: str) -> AgentId:
        """The person behind any of these interfaces or logins, most telling first. Never give a display name."""
        ...

    def person(self, *keys: str) -> AgentId | None:
        """Who is configured to have any of these devices or addresses; None when nobody is. For senses that know no
        people: a headset, a phone, a button."""
        ...

    def seat(self, key: str) -> SeatId:
        """The seat that a sensor of the source watches; `source/key` when none is configured."""
        ...

    def own(self, key: str) -> str:
        """A key of the source's own (a call, a device), made unique over all sources."""
        ...

    def wrap_up(self, queue: str) -> float:
        """Seconds of work after a call from this queue; 0 when there is none."""
        ...


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """A visit that was known before ccwall was restarted, so that a new session gives it its old id again."""

    contact: ContactId
    queue: QueueId
    call: str
    queued: float
    over: bool


class Session(Protocol):
    """One source, sans I/O. `now` is epoch seconds, given by the caller, never going back."""

    @property
    def state(self) -> State: ...
    @property
    def counts(self) -> Mapping[str, int]:
        """How many frames of each kind came, with `unknown:` before those the protocol is not known to have."""
        ...

    def open(self, now: float) -> Sequence[AnyEvent]: ...
    def receive(self, data: bytes, now: float) -> Sequence[AnyEvent]: ...
    def sent(self, data: bytes, now: float) -> None: ...
    def tick(self, now: float) -> Sequence[AnyEvent]: ...
    def close(self, now: float, reason: str = "eof", detail: str = "") -> Sequence[AnyEvent]: ...
    def outgoing(self) -> bytes: ...
    def at_pace(self, rate: float) -> None:
        """`now` runs `rate` times as fast as real time: what the session measures of the link (pings, silence) is real."""
        ...

    def remember(self, visits: Iterable[Known]) -> None:
        """Before the first `open`: today's visits of this source, from the journal."""
        ...

    def skipped(self, since: float, now: float) -> Sequence[AnyEvent]:
        """Bytes that came since then were thrown away because nobody could keep up: say the gap, and ask for the truth."""
        ...

    def command(self, wish: CommandRequested, now: float) -> Sequence[AnyEvent]:
        """Do it: `CommandSent` and bytes in `outgoing`, or `CommandRefused`. Later one of `CommandConfirmed`, `CommandRefused`,
        or `CommandUnknown` when the link broke or no answer came. Never sent twice."""
        ...


@runtime_checkable
class Located(Protocol):
    """A session that must know where it is, because its protocol says so (SIP: Via, Contact)."""

    def located(self, scheme: str, local: str, peer: str) -> None:
        """Before `open`: the link's scheme, and both ends as `host:port` (`[::1]:5060`)."""
        ...


@runtime_checkable
class Recalls(Protocol):
    """A session that must not take in twice what comes again after a restart (`SourceTook`)."""

    def recall(self, took: Mapping[str, Sequence[str]]) -> None:
        """Before the first `open`: by stream, the marks taken last, oldest first."""
        ...


@runtime_checkable
class Listens(Protocol):
    """A session of a source that only tells: nothing can be asked of it, so nobody is offered to, and nothing is sent."""

    only_listens: Literal[True]


class Dial(msgspec.Struct, frozen=True, kw_only=True):
    """What a link must know beyond its address: of MQTT whom to log in as and what to subscribe, of ZeroMQ which keys.
    Each kind of link has a Struct of its own, in `ccwall.wire`."""


def _nothing_more(_settings: msgspec.Struct, _source: str) -> Dial | None:
    return None


class Adapter(msgspec.Struct, frozen=True, kw_only=True):
    """What an entry point in the group `ccwall.adapters` gives: how to make sessions of one protocol.

    `settings` is the Struct of the adapter's own configuration keys; `protocol` is the name in transcripts; `schemes` are
    the links it can be read over, and `url` where it is when nobody says. `sense` is how well it knows: what is said of a
    person is believed in that order. `dial` gives what the link must know, of the settings and the source's name.
    """

    name: str
    protocol: str
    port: int
    settings: type[msgspec.Struct]
    session: Callable[[msgspec.Struct, Directory, Mode], Session]
    schemes: tuple[str, ...] = ("tcp", "tls", "unix", "serial", "file")
    url: str = ""
    sense: Sense = "acd"
    dial: Callable[[msgspec.Struct, str], Dial | None] = _nothing_more
