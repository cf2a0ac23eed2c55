"""One Asterisk over AMI, sans I/O: greeting, login, snapshot, events. The contract is `ccwall.adapter.Session`.

    closed ──open──▶ greeting ──banner──▶ login ──accepted──▶ snapshot ──lists read──▶ live
                         │ anything else: ProtocolError  │ refused: AuthRejected
                         ◀──────────────── close, from anywhere ────────────────

The login asks for events, so from its answer on we are subscribed; then we ask for the truth. Asterisk writes one
answer whole, and events from before that instant may still follow it, so memory and list are reconciled only after
`visits.SETTLE` seconds, and only where they disagree.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import cast

import msgspec

from ccwall.adapter import Directory, Known, Mode, State
from ccwall.errors import AuthRejected, LinkSilent, ProtocolError
from ccwall.events import (
    AnyEvent,
    CommandEvent,
    CommandRefused,
    CommandRequested,
    SourceDown,
    SourceGap,
    SourceResyncFinished,
    SourceResyncStarted,
    SourceUp,
)
from ccwall.wire.blocks import BlockBuffer

from .commands import ANSWER_WITHIN, Commands
from .frame import DecodedFrame, Frame, Message, encode, kind_of, number
from .settings import AmiSettings
from .snapshot import ASKED, Snapshot
from .translation import Floor, Plan, plans
from .vocabulary import KINDS

BANNER = b"Asterisk Call Manager"
MESSAGE_LIMIT = 1 << 20
"""No message of Asterisk is near a mebibyte; a peer that never ends one does not get more of our memory."""
BANNER_LIMIT = 256
WITHOUT_SNAPSHOT = 5.0
"""Seconds after the login at which an observed client that asks for no snapshot is taken as it is."""

CLOCK_SLACK = 2.0
"""Seconds by which the PBX's own timestamps may differ from our clock and still be believed."""
UNANSWERED = 30.0
"""Seconds after the last line of any list at which one that has not ended is done without: `limits` then says what is
not known. A list of 75,000 members may take longer than that, but not without a line."""
MOST_HELD = 50_000
"""Facts kept back during a resync, so that all numbers move at its end; with more they are told before it."""
MOST_KINDS = 500
"""Kinds of message counted apart; Asterisk has some 180, a peer that invents more is not remembered."""

OPENING = 32
"""Bytes of a message by which its kind is known at a glance: the first line and the beginning of the next."""

AT_ONCE = (SourceUp, SourceResyncStarted, SourceGap, CommandEvent)
"""What is told even while a resync goes on."""

_ACTION_ID = b"\r\nActionID: "
_TIMESTAMP = b"\r\nTimestamp: "
_REASONS = {"eof", "reset", "refused", "silent", "rejected", "protocol", "failed", "closed", "restart"}


class AmiSession:
    """See the module; `lazy` False decodes every header of every message, to prove that laziness changes nothing."""

    def __init__(self, settings: msgspec.Struct, directory: Directory, mode: Mode) -> None:
        self._settings = cast(AmiSettings, settings)
        self._live = mode == "live"
        self._rate = 1.0
        self._held: list[AnyEvent] = []
        self._lazy = self._settings.lazy
        self._frame: type[Frame] | type[DecodedFrame] = Frame if self._lazy else DecodedFrame
        self._floor = Floor(directory)
        self._snapshot = Snapshot(self._floor)
        self._blocks = BlockBuffer(b"\r\n\r\n", MESSAGE_LIMIT)
        self._asked_blocks = BlockBuffer(b"\r\n\r\n", MESSAGE_LIMIT)
        self._counts: Counter[str] = Counter()
        self._plans = plans(self._floor)
        self._plans[b"FullyBooted"] = Plan(self._booted)
        self._plans[b"Shutdown"] = Plan(self._shutting_down)
        self._openings: dict[bytes, Plan] = {}
        self._outgoing = bytearray()
        self._commands = Commands(
            self._floor.members, directory, self._settings.username, self._floor.out, self._outgoing
        )
        self._state: State = "closed"
        self._product = ""
        self._actions = 0
        self._login = ""
        self._greeting = b""
        self._heard = self._pinged = self._accepted = self._snapped = 0.0
        self._closed_at = self._booted_at = 0.0
        self._shutdown = self._in_follows = self._refused = False

    # ── the contract ──

    @property
    def state(self) -> State:
        return self._state

    @property
    def counts(self) -> Mapping[str, int]:
        """By kind; one that Asterisk is not known to have begins with `unknown:`."""
        told = Counter(self._counts)
        for kind, plan in self._plans.items():
            if plan.count:
                name = kind.decode("ascii", "replace")
                told["unknown:" * (plan.handler is None and kind not in KINDS) + name] += plan.count
        return told

    def open(self, now: float) -> list[AnyEvent]:
        self._blocks.clear()
        self._asked_blocks.clear()
        self._outgoing.clear()
        self._greeting = b""
        self._state = "greeting"
        self._heard = self._pinged = now
        self._shutdown = self._in_follows = self._refused = False
        self._floor.begin_connection(now)
        self._snapshot.forget()
        return []

    def at_pace(self, rate: float) -> None:
        self._rate = rate
        self._floor.visits.at_pace(rate)

    def remember(self, visits: Iterable[Known]) -> None:
        self._floor.visits.remember(visits)

    def skipped(self, since: float, now: float) -> list[AnyEvent]:
        """The message in whose middle the bytes resume is one of a kind that nobody knows. Nothing told before is confirmed."""
        if self._state in ("closed", "greeting", "login"):  # nothing is known yet that could be wrong
            self._blocks.clear()
            return []
        facts = self._release()
        self._heard = now
        self._blocks.clear()
        self._in_follows = False
        self._snapshot.forget()
        self._floor.visits.missed(since, now)
        facts += [SourceGap(at=now, since=since, reason="skipped"), SourceResyncStarted(at=now)]
        self._state, self._accepted = "snapshot", now
        self._snapshot.begin_resync()
        if self._live:
            self._ask_snapshot(now)
        return facts

    def receive(self, data: bytes, now: float) -> list[AnyEvent]:
        if self._state == "closed" or not data:
            return []
        self._heard = now
        if self._floor.visits.unsettled or self._snapshot.suspects:
            self._settle(now)
        if self._state == "greeting":
            data = self._greet(data)
        self._take(self._blocks.feed(data), now)
        return self._tell()

    def sent(self, data: bytes, now: float) -> None:
        """What the observed client asked: an answer only makes sense beside its question."""
        for block in self._asked_blocks.feed(data):
            message = Frame(block)
            action, action_id = message.get(b"Action").lower(), message.get(b"ActionID")
            if action == "login":
                self._login = action_id
            elif action in ASKED:
                self._snapshot.asked(
                    action_id, action, partial=bool(message.get(b"Queue") or message.get(b"Member"))
                )

    def tick(self, now: float) -> list[AnyEvent]:
        if self._state == "closed":
            return []
        self._settle(now)
        waited = now - max(self._accepted, self._snapshot.heard)
        longest = WITHOUT_SNAPSHOT if self._snapshot.idle else UNANSWERED
        if self._state == "snapshot" and waited >= longest * self._rate and not self._snapshot.suspects:
            self._snapshot.forget()
            self._finish_resync(now)
        if self._live:
            self._commands.tick(now, ANSWER_WITHIN * self._rate)
            self._keep_alive(now)
        return self._tell()

    def _tell(self) -> list[AnyEvent]:
        """While a resync goes on, the numbers of before stand: facts wait for its end, and then all come at once."""
        facts = self._floor.take()
        if not self._live or self._state != "snapshot" or len(self._held) + len(facts) > MOST_HELD:
            return self._release(facts) if self._held else facts
        self._held += [fact for fact in facts if not isinstance(fact, AT_ONCE)]
        return [fact for fact in facts if isinstance(fact, AT_ONCE)]

    def _release(self, facts: Sequence[AnyEvent] = ()) -> list[AnyEvent]:
        released = [*self._held, *self._floor.take(), *facts]
        self._held = []
        return released

    def command(self, wish: CommandRequested, now: float) -> list[AnyEvent]:
        if not self._live or self._state != "live":
            told = (
                "the link to Asterisk is not up"
                if self._live
                else "this is a recording, not a living Asterisk"
            )
            return [CommandRefused(at=now, command_id=wish.command_id, detail=told)]
        self._commands.take(wish, now)
        return self._floor.take()

    def close(self, now: float, reason: str = "eof", detail: str = "") -> list[AnyEvent]:
        if self._state == "closed":
            return []
        told, at = self._reason(reason), self._known_until(reason, now)
        known = self._state in ("snapshot", "live")
        self._state = "closed"
        self._floor.visits.settle_all()
        self._commands.link_lost(now)
        if known:
            self._closed_at = at
            self._floor.visits.missed(at, now)
        if self._floor.visits.crowded:
            self._floor.visits.lose_all(now, "more callers than any PBX has")
        facts = self._release()
        facts.append(
            msgspec.convert({"type": "source.down", "at": at, "reason": told, "detail": detail}, SourceDown)
        )
        return facts

    def _reason(self, reason: str) -> str:
        """Why the connection ended, if the far end itself said more than the socket."""
        if self._shutdown:
            return "restart"
        if self._refused:
            return "rejected"
        return reason if reason in _REASONS else "eof"

    def _known_until(self, reason: str, now: float) -> float:
        """What is known is as old as the last word. An end that arrives in order came after everything that was said;
        but a link that died first and was closed afterwards has not even answered our pings."""
        unanswered = self._live and now - self._heard > (self._settings.ping_every + 1.0) * self._rate
        return self._heard if reason in ("silent", "reset") or unanswered else now

    def outgoing(self) -> bytes:
        data = bytes(self._outgoing)
        self._outgoing.clear()
        return data

    # ── greeting and login ──

    def _greet(self, data: bytes) -> bytes:
        """The banner is one line without an empty line after it."""
        self._greeting += data
        line, end, rest = self._greeting.partition(b"\n")
        if not self._greeting.startswith(BANNER[: len(self._greeting)]) or (
            not end and len(line) > BANNER_LIMIT
        ):
            raise ProtocolError(
                "this is not an Asterisk manager port: it greets with "
                f"{self._greeting[:60]!r} instead of 'Asterisk Call Manager/…'. "
                "Check the port (manager.conf, usually 5038; 5039 with TLS).",
                self._greeting,
            )
        if not end:
            return b""
        self._product = "AMI " + line.strip().decode("utf-8", "replace").rpartition("/")[2]
        self._greeting, self._state = b"", "login"
        if self._live and self._settings.auth == "md5":
            self._login = self._ask("Challenge", AuthType="MD5")
        elif self._live:
            self._log_in(Secret=self._settings.secret)
        return rest

    def _log_in(self, **proof: str) -> None:
        self._login = self._ask("Login", Username=self._settings.username, Events="on", **proof)

    def _logging_in(self, message: Message, now: float) -> None:
        """The answer to Challenge or Login."""
        if message.get(b"Response") == "Error":
            self._refused = True
            if self._live:
                said = message.get(b"Message")
                raise AuthRejected(
                    f"Asterisk refuses the manager user {self._settings.username!r} ({said}). "
                    "Check username and secret against manager.conf, and its permit/deny lists."
                )
            return
        challenge = message.get(b"Challenge")
        if self._live and challenge:
            self._log_in(
                AuthType="MD5", Key=hashlib.md5((challenge + self._settings.secret).encode()).hexdigest()
            )
            return
        if not challenge:
            self._let_in(now)

    def _let_in(self, now: float) -> None:
        self._state, self._accepted = "snapshot", now
        self._floor.out.append(SourceUp(at=now, product=self._product))
        self._floor.out.append(SourceResyncStarted(at=now))
        self._snapshot.begin_resync()
        if self._live:
            self._ask_snapshot(now)

    # ── messages ──

    def _take(self, blocks: list[bytes], now: float) -> None:
        """The hot path: a message that nobody wants costs one slice, one look-up and one search."""
        if self._in_follows or self._snapshot.listings or not self._lazy:
            for block in blocks:
                self._take_one(block, now)
            return
        plan_for, frame, coming = self._openings.get, self._frame, iter(blocks)
        for block in coming:
            plan = plan_for(block[:OPENING])
            if plan is None:
                if self._take_one(block, now):
                    self._take(list(coming), now)
                continue
            plan.count += 1
            handler, needle = plan.handler, plan.only_with
            if handler is None or (needle is not None and block.rfind(needle) < 0):
                continue
            handler(frame(block), now if block.find(_TIMESTAMP, 0, 200) < 0 else _instant(block, now))

    def _take_one(self, block: bytes, now: float) -> bool:
        """Everything rare: answers, list items, kinds met for the first time, and what is no message at all.

        True when what follows is the raw output of a command, not messages.
        """
        if self._in_follows:
            self._in_follows = b"--END COMMAND--" not in block
            return self._in_follows
        block = block.lstrip(b"\r\n")  # QueueRule's answer ends with one empty line too many
        key, name = kind_of(block)
        if key == b"Response":
            self._response(name, block, now)
        elif key == b"Event":
            self._event(name, block, now)
        elif block:
            self._count("unknown:" + key[:40].decode("ascii", "replace"))
        return self._in_follows

    def _event(self, kind: bytes, block: bytes, now: float) -> None:
        if _ACTION_ID in block and self._snapshot.item(kind, self._frame(block), now):
            self._count("list item")
            self._after_list(now)
            return
        plan = self._plan(kind, block[:OPENING])
        plan.count += 1
        if plan.handler is not None and (not self._lazy or plan.only_with is None or plan.only_with in block):
            plan.handler(
                self._frame(block), now if block.find(_TIMESTAMP, 0, 200) < 0 else _instant(block, now)
            )

    def _plan(self, kind: bytes, opening: bytes) -> Plan:
        """What is done with this kind; next time it is found by the opening, if that holds all of the kind's name."""
        kind = kind[:60]
        plan = self._plans.get(kind)
        if plan is None:
            plan = Plan(None)
            if len(self._plans) < MOST_KINDS:
                self._plans[kind] = plan
        if b"\r\n" in opening and len(self._openings) < 2 * MOST_KINDS:
            self._openings[opening] = plan
        return plan

    def _response(self, kind: bytes, block: bytes, now: float) -> None:
        self._count("response " + kind[:20].decode("ascii", "replace"))
        if kind == b"Follows":
            self._in_follows = b"--END COMMAND--" not in block
            return
        message = self._frame(block)
        if self._state == "login" and message.get(b"ActionID") == self._login:
            self._logging_in(message, now)
        elif self._state in ("snapshot", "live") and not self._commands.response(message, now):
            self._snapshot.response(message, now)
            self._after_list(now)

    def _booted(self, message: Message, now: float) -> None:
        """FullyBooted comes after every login; only a younger start than before means a restart (note 36)."""
        uptime = message.get(b"Uptime")
        if not uptime:
            return
        booted = now - number(uptime)
        if self._booted_at and booted > self._booted_at + 5.0 * self._rate:
            self._floor.visits.lose_all(self._closed_at or now, "restart")
        self._booted_at = booted

    def _settle(self, now: float) -> None:
        self._floor.visits.settle(now)
        self._snapshot.settle(now)
        self._after_list(now)

    def _shutting_down(self, message: Message, now: float) -> None:
        self._shutdown = True

    def _count(self, what: str) -> None:
        if what in self._counts or len(self._counts) < MOST_KINDS:
            self._counts[what] += 1

    # ── snapshots ──

    def _ask_snapshot(self, now: float) -> None:
        self._snapped = now
        for action in ASKED.values():
            self._snapshot.asked(self._ask(action), action.lower(), partial=False)

    def _after_list(self, now: float) -> None:
        if self._state == "snapshot" and self._snapshot.complete:
            self._finish_resync(now)

    def _finish_resync(self, now: float) -> None:
        limits = self._snapshot.finish_resync(now)
        self._floor.out.append(SourceResyncFinished(at=now, limits=limits))
        self._state = "live"

    def _keep_alive(self, now: float) -> None:
        settings, rate = self._settings, self._rate
        silent = (now - self._heard) / rate
        if silent >= settings.silent_after:
            raise LinkSilent(f"Asterisk has said nothing for {silent:.0f} s, not even to a ping")
        if (
            self._state in ("snapshot", "live")
            and now - max(self._heard, self._pinged) >= settings.ping_every * rate
        ):
            self._ask("Ping")
            self._pinged = now
        if self._state == "live" and now - self._snapped >= settings.resync_every * rate:
            if not self._snapshot.idle and now - max(self._snapshot.heard, self._snapped) < UNANSWERED * rate:
                return  # still being told
            self._snapshot.forget()  # a list that has not ended by now never will
            self._ask_snapshot(now)

    def _ask(self, action: str, **headers: str) -> str:
        self._actions += 1
        action_id = f"ccwall-{self._actions}"
        self._outgoing += encode({"Action": action, "ActionID": action_id, **headers})
        return action_id


def _instant(block: bytes, now: float) -> float:
    """When the PBX says it happened (`timestampevents = yes`), if its clock goes right."""
    told = number(Frame(block).get(b"Timestamp"))
    return told if abs(told - now) <= CLOCK_SLACK else now
