"""What all sources that come over HTTP have in common: requests in, answers out, nothing taken twice.

There is nobody to ask for the truth and nothing to be cut off from: who sends, sends again until it is told that what it
sent is recorded. So what was known before a pause is still true after it, and no resync drops it.
"""

import hmac
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import msgspec

from ccwall.adapter import Known, Mode, State
from ccwall.events import (
    AnyEvent,
    CommandRefused,
    CommandRequested,
    SourceDown,
    SourceGap,
    SourceResyncFinished,
    SourceTook,
    SourceUp,
)
from ccwall.wire.memory import Recent
from ccwall.wire.parcel import Parcel, Parcels, pack

MOST_STREAMS, MOST_MARKS = 256, 4096
"""Senders, and events of each that are remembered so that none is taken twice."""


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One request. `headers` by name in lower case."""

    number: str
    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes

    @classmethod
    def of(cls, parcel: Parcel) -> "Request":
        head = parcel.head
        headers = head.get("headers")
        return cls(
            number=str(head.get("request", "")),
            method=str(head.get("method", "POST")),
            url=str(head.get("url", "")),
            headers={str(k): str(v) for k, v in headers.items()} if isinstance(headers, dict) else {},
            body=parcel.body,
        )


class Refusal(Exception):
    """The request is not taken: a status of HTTP, and a sentence that says why and what to do."""

    def __init__(self, status: int, text: str) -> None:
        self.status = status
        super().__init__(text)


class Told(msgspec.Struct, frozen=True):
    """What came of a request. `body` is the answer's."""

    facts: Sequence[AnyEvent] = ()
    status: int = 202
    body: bytes = b""
    media: str = ""


class Taken:
    """What was taken, by sender: at most `MOST_MARKS` of each of `MOST_STREAMS`."""

    def __init__(self) -> None:
        self._streams: Recent[str, Recent[str, None]] = Recent(MOST_STREAMS)

    def recall(self, took: Mapping[str, Sequence[str]]) -> None:
        for stream, marks in took.items():
            for mark in marks:
                self._of(stream)[mark] = None

    def is_new(self, stream: str, mark: str) -> bool:
        """Whether this was never taken; from now on it was."""
        known = self._of(stream)
        if mark in known:
            return False
        known[mark] = None
        return True

    def _of(self, stream: str) -> Recent[str, None]:
        known = self._streams.get(stream)
        if known is None:
            known = self._streams[stream] = Recent(MOST_MARKS)
        return known


class HttpSession:
    """Implements `ccwall.adapter.Session`, all but what a request means (`understand`)."""

    only_listens: Literal[True] = True

    product = "HTTP"
    limits: tuple[str, ...] = ()

    def __init__(self, mode: Mode) -> None:
        self._mode: Mode = mode
        self._state: State = "closed"
        self._counts: Counter[str] = Counter()
        self._parcels = Parcels()
        self._out = bytearray()
        self.taken = Taken()

    def understand(self, request: Request, now: float) -> Told:
        """What this request tells. Raises Refusal; then nothing is told."""
        raise NotImplementedError  # a subclass knows its sender's words

    def count(self, kind: str) -> None:
        self._counts[kind] += 1

    @property
    def state(self) -> State:
        return self._state

    @property
    def counts(self) -> Mapping[str, int]:
        return self._counts

    def open(self, now: float) -> Sequence[AnyEvent]:
        self._state = "live"
        self._parcels.clear()
        self._out.clear()
        return [SourceUp(at=now, product=self.product), SourceResyncFinished(at=now, limits=self.limits)]

    def receive(self, data: bytes, now: float) -> Sequence[AnyEvent]:
        if self._state == "closed":
            return []
        return [fact for parcel in self._parcels.feed(data) for fact in self._one(Request.of(parcel), now)]

    def _one(self, request: Request, now: float) -> Iterable[AnyEvent]:
        try:
            told = self.understand(request, now)
        except Refusal as refusal:
            self.count(f"refused:{refusal.status}")
            self._reply(request, refusal.status, str(refusal).encode(), "text/plain; charset=utf-8")
            return ()
        self._reply(request, told.status, told.body, told.media)
        return told.facts

    def _reply(self, request: Request, status: int, body: bytes, media: str) -> None:
        if self._mode == "live":
            headers = {"content-type": media} if media else {}
            self._out += pack({"reply": request.number, "status": status, "headers": headers}, body)

    def sent(self, data: bytes, now: float) -> None:
        """Answers of ours teach nothing."""

    def tick(self, now: float) -> Sequence[AnyEvent]:
        return []

    def close(self, now: float, reason: str = "eof", detail: str = "") -> Sequence[AnyEvent]:
        if self._state == "closed":
            return []
        self._state = "closed"
        return [SourceDown(at=now, reason="closed" if reason == "closed" else "eof", detail=detail)]

    def outgoing(self) -> bytes:
        data = bytes(self._out)
        self._out.clear()
        return data

    def at_pace(self, rate: float) -> None:
        """Nothing is measured here."""

    def remember(self, visits: Iterable[Known]) -> None:
        """Visits are called what the sender calls them: the same before and after."""

    def recall(self, took: Mapping[str, Sequence[str]]) -> None:
        self.taken.recall(took)

    def skipped(self, since: float, now: float) -> Sequence[AnyEvent]:
        return [SourceGap(at=now, since=since, reason="overrun")]

    def command(self, wish: CommandRequested, now: float) -> Sequence[AnyEvent]:
        detail = "this source only tells; nothing can be asked of it"
        return [CommandRefused(at=now, command_id=wish.command_id, detail=detail)]


def let_in(request: Request, secret: str, *, header: str = "authorization", scheme: str = "Bearer ") -> None:
    """Raises Refusal unless the request says the secret; takes as long whether it is nearly right or not."""
    said = request.headers.get(header, "")
    given = said[len(scheme) :].strip() if said.lower().startswith(scheme.lower()) else ""
    if not secret or not hmac.compare_digest(given.encode(), secret.encode()):
        raise Refusal(401, f"The secret of this source is missing or wrong: send it in the header {header}.")


def took(facts: Sequence[AnyEvent], now: float, stream: str, mark: str) -> list[AnyEvent]:
    """The facts, and after them that they were taken."""
    return [*facts, SourceTook(at=now, stream=stream, mark=mark)]
