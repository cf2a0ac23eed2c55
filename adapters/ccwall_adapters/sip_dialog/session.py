"""One SIP server or PBX that tells of its phones, sans I/O. The contract is `ccwall.adapter.Session`.

    closed ──open──▶ greeting ──it speaks SIP──▶ login ──a SUBSCRIBE is answered──▶ snapshot ──each was told of──▶ live
                         │ foreign: ProtocolError  │ refused: AuthRejected
                         ◀───────────────── close, from anywhere ─────────────────

The first question is OPTIONS: its answer tells by which address we are seen (RFC 3581), before that address is given to
every notifier. It is also the ping. Over UDP every message is a parcel with an empty head.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Literal, cast

import msgspec

from ccwall.adapter import Directory, Known, Mode, State
from ccwall.errors import AuthRejected, LinkSilent
from ccwall.events import (
    AnyEvent,
    CommandRefused,
    CommandRequested,
    SourceDown,
    SourceGap,
    SourceLimited,
    SourceResyncFinished,
    SourceResyncStarted,
    SourceUp,
)
from ccwall.wire.parcel import Parcels

from .agent import Question, UserAgent
from .message import MOST_BODY, MOST_HEAD, Message, Stream, clean, parse, parse_head
from .settings import SipSettings
from .subscriptions import Subscriptions

GREETED_WITHIN = 1.5
"""Seconds for the answer to the first OPTIONS; who does not answer it may still answer a SUBSCRIBE."""
LET_IN_WITHIN = 40.0
"""Seconds within which any SUBSCRIBE is answered: some more than RFC 3261's 32."""
MOST_KINDS = 200
KNOWN = frozenset({"NOTIFY", "OPTIONS", "SUBSCRIBE", "ACK", "CANCEL"})
"""What a notifier may ask of us; the last are for others, who may have the same port."""
ALLOW = "NOTIFY, OPTIONS"
_REASONS = {"eof", "reset", "refused", "silent", "rejected", "protocol", "failed", "closed", "restart"}


class SipSession:
    """See the module."""

    only_listens: Literal[True] = True

    def __init__(self, settings: msgspec.Struct, directory: Directory, mode: Mode) -> None:
        self._settings = cast(SipSettings, settings)
        self._live = mode == "live"
        self._rate = 1.0
        self._out: list[AnyEvent] = []
        self._agent = UserAgent(self._settings, live=self._live)
        self._subscriptions = Subscriptions(
            self._settings, directory, self._agent, self._out, live=self._live
        )
        self._ways = _Way(), _Way()
        self._counts: Counter[str] = Counter()
        self._state: State = "closed"
        self._opened = self._heard = self._pinged = 0.0
        self._limited = self._refused = False

    # ── the contract ──

    @property
    def state(self) -> State:
        return self._state

    @property
    def counts(self) -> Mapping[str, int]:
        """By method, or status and method; `unknown:` before what nobody sends to a subscriber."""
        return self._counts

    def located(self, scheme: str, local: str, peer: str) -> None:
        self._agent.located(scheme, local, peer)

    def at_pace(self, rate: float) -> None:
        self._rate = rate
        self._agent.at_pace(rate)
        self._subscriptions.at_pace(rate)

    def remember(self, visits: Iterable[Known]) -> None:
        """Phones make no visits."""

    def open(self, now: float) -> list[AnyEvent]:
        for way in self._ways:
            way.clear()
        self._state = "greeting"
        self._opened = self._heard = self._pinged = now
        self._limited = self._refused = False
        self._agent.open(now)
        self._subscriptions.open(now)
        if self._settings.ping_every:
            self._ping(now)
        return self._take()

    def receive(self, data: bytes, now: float) -> list[AnyEvent]:
        if self._state == "closed" or not data:
            return []
        greeted = self._state != "greeting"
        self._move_on(now)  # by time alone; else it would depend on how the bytes are cut
        for message in self._messages(self._ways[0], data):
            self._one(message, now)
            self._move_on(now)
        if not greeted and self._state == "login":
            self._subscriptions.tick(now)
        self._move_on(now)
        return self._take()

    def sent(self, data: bytes, now: float) -> None:
        """What the watched client asked. Facts that this brings are told by the next call."""
        if self._state == "closed" or self._live:
            return
        for message in self._messages(self._ways[1], data):
            if message.method:
                self._subscriptions.asked(message, now)

    def tick(self, now: float) -> list[AnyEvent]:
        if self._state == "closed":
            return []
        if self._live:
            self._keep_alive(now)
            self._agent.questions.tick(now)
        if self._may_subscribe(now):
            self._subscriptions.tick(now)
        self._move_on(now)
        return self._take()

    def close(self, now: float, reason: str = "eof", detail: str = "") -> list[AnyEvent]:
        if self._state == "closed":
            return []
        known = self._state in ("snapshot", "live")
        told = "rejected" if self._refused else reason if reason in _REASONS else "eof"
        self._state = "closed"
        facts = self._take() if known else []
        self._out.clear()
        at = self._heard if reason == "silent" else now
        facts.append(
            msgspec.convert({"type": "source.down", "at": at, "reason": told, "detail": detail}, SourceDown)
        )
        return facts

    def outgoing(self) -> bytes:
        return self._agent.outgoing()

    def skipped(self, since: float, now: float) -> list[AnyEvent]:
        """NOTIFYs are missing: every phone is asked for again, and the messages begin where the next one does."""
        self._ways[0].lost()
        if self._state not in ("snapshot", "live"):
            return []
        self._heard, self._state = now, "snapshot"
        self._out += [SourceGap(at=now, since=since, reason="skipped"), SourceResyncStarted(at=now)]
        self._subscriptions.retell(now)
        self._subscriptions.ask_all_again(now)
        return self._take()

    def command(self, wish: CommandRequested, now: float) -> list[AnyEvent]:
        told = "phones can be watched over SIP, not commanded"
        return [CommandRefused(at=now, command_id=wish.command_id, detail=told)]

    # ── what comes ──

    def _messages(self, way: "_Way", data: bytes) -> list[Message]:
        found = []
        for piece in way.feed(data):
            try:
                found.append(parse(piece) if isinstance(piece, bytes) else parse_head(*piece))
            except ValueError:
                self._count("unknown:no SIP")
        return found

    def _one(self, message: Message, now: float) -> None:
        self._heard = now
        if self._state == "greeting":
            self._state = "login"
        if message.method:
            self._count(message.method if message.method in KNOWN else "unknown:" + clean(message.method, 40))
            self._asked(message, now)
            return
        method = message.cseq[1]
        self._count(f"{message.status} {method if method in KNOWN else 'unknown'}")
        try:
            if self._live:
                known = self._agent.questions.answered(message, now)
            else:
                known = method == "SUBSCRIBE"
                self._agent.product = self._agent.product or message.get("server")
                self._subscriptions.answered(message, now)
        except AuthRejected:
            self._refused = True
            raise
        if known and method == "SUBSCRIBE" and message.status >= 200 and message.status not in (401, 407):
            self._let_in(now)
        if self._agent.moved:
            self._agent.moved = False
            self._subscriptions.moved()

    def _asked(self, message: Message, now: float) -> None:
        """A request of the far end."""
        if message.method == "ACK" or self._agent.answered_before(message):
            return
        if message.method == "NOTIFY":
            if self._is_whole(message):
                status, reason, extra = self._subscriptions.notified(message, now)
                if status == 200:
                    self._let_in(now)
            else:
                status, reason, extra = 400, "Bad Request", ()
        elif message.method == "OPTIONS":
            status, reason, extra = 200, "OK", [("Allow", ALLOW)]
        elif message.method == "CANCEL":
            status, reason, extra = 481, "Transaction Does Not Exist", ()
        else:
            status, reason, extra = 405, "Method Not Allowed", [("Allow", ALLOW)]
        self._agent.answer(message, status, reason, extra)

    @staticmethod
    def _is_whole(message: Message) -> bool:
        return (
            all(message.get(name) for name in ("via", "from", "to", "call-id"))
            and message.cseq[0] >= 0
            and message.cseq[1] == message.method
        )

    # ── how it goes on ──

    def _let_in(self, now: float) -> None:
        """The far end takes our subscriptions."""
        self._subscriptions.heard()
        if self._state in ("greeting", "login"):
            self._state = "snapshot"
            facts: list[AnyEvent] = [
                SourceUp(at=now, product=clean(self._agent.product)),
                SourceResyncStarted(at=now),
            ]
            told = self._out[:]
            self._out.clear()
            self._out += facts
            self._subscriptions.greet(now)
            self._out += told

    def _may_subscribe(self, now: float) -> bool:
        return (
            self._state != "greeting"
            or not self._settings.ping_every
            or now - self._opened >= GREETED_WITHIN * self._rate
        )

    def _move_on(self, now: float) -> None:
        if self._state == "snapshot" and self._subscriptions.settled(now):
            self._subscriptions.tell_unknown(now)
            limits = self._subscriptions.limits
            self._limited = bool(limits)
            self._out.append(SourceResyncFinished(at=now, limits=limits))
            self._state = "live"
        elif self._state == "live" and self._limited != bool(limits := self._subscriptions.limits):
            self._limited = bool(limits)
            if limits:
                self._out.append(SourceLimited(at=now, limit=limits[0]))
            else:  # only a resync takes a limit back
                self._out.append(SourceResyncStarted(at=now))
                self._subscriptions.retell(now)
                self._out.append(SourceResyncFinished(at=now))

    def _keep_alive(self, now: float) -> None:
        settings, rate = self._settings, self._rate
        silent = (now - self._heard) / rate
        if settings.ping_every and silent >= settings.silent_after:
            raise LinkSilent(f"the far end has said nothing for {silent:.0f} s, not even to OPTIONS")
        if self._state in ("greeting", "login") and (now - self._opened) / rate >= LET_IN_WITHIN:
            raise LinkSilent(
                f"no SUBSCRIBE was answered within {LET_IN_WITHIN:.0f} s. Check that the far end serves presence "
                "or dialog events at this address"
            )
        if settings.ping_every and now - max(self._heard, self._pinged) >= settings.ping_every * rate:
            self._ping(now)

    def _ping(self, now: float) -> None:
        self._pinged = now
        agent = self._agent
        to = f"sip:{agent.domain}"
        question = Question(
            "OPTIONS", to, f"<{agent.address}>;tag={agent.token(16)}", f"<{to}>", agent.token(32)
        )
        agent.ping(question, now)

    def _count(self, what: str) -> None:
        if what in self._counts or len(self._counts) < MOST_KINDS:
            self._counts[what] += 1

    def _take(self) -> list[AnyEvent]:
        """Before the source is up nothing is told of its phones."""
        if self._state in ("greeting", "login"):
            return []
        facts = self._out[:]
        self._out.clear()
        return facts


class _Way:
    """One direction: parcels when its first byte begins one, else a stream."""

    def __init__(self) -> None:
        self._parcels = Parcels(MOST_HEAD + MOST_BODY)
        self._stream = Stream()
        self._in_parcels: bool | None = None

    def clear(self) -> None:
        self._parcels.clear()
        self._stream.clear()
        self._in_parcels = None

    def lost(self) -> None:
        self._parcels.clear()
        self._stream.lost()

    def feed(self, data: bytes) -> list[bytes] | list[tuple[bytes, bytes]]:
        if self._in_parcels is None:
            self._in_parcels = data[:1] == b"="
        if self._in_parcels:
            return [parcel.body for parcel in self._parcels.feed(data)]
        return self._stream.feed(data)
