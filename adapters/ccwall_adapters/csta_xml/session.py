"""One CSTA switch over TCP, sans I/O: application session, monitors, snapshot, events. The contract is `ccwall.adapter.Session`.

    closed ──open──▶ greeting ──a message──▶ login ──session begun, or none──▶ snapshot ──all answered──▶ live
                         │ no CSTA: ProtocolError  │ refused: AuthRejected
                         ◀──────────────── close, from anywhere ────────────────

The switch says nothing by itself at first, so we begin: with StartApplicationSession (ECMA-354), or, where a switch has
no sessions, with RequestSystemStatus. Then every configured device is monitored, and asked what goes on there.
"""

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
from ccwall.wire.xml import Element

from .asking import Asking, Question, question_of
from .commands import ANSWER_WITHIN, Commands
from .floor import EVENTS, Floor
from .frame import EVENT, Frames, framed
from .login import Login
from .reading import read
from .settings import CstaSettings
from .snapshot import Snapshot
from .visits import SETTLE
from .vocabulary import KINDS
from .writing import NAMESPACE, document, error, leaf, namespace_of, refusal

WITHOUT_SNAPSHOT = 5.0
"""Seconds after which an observed client that asks for nothing is taken as it is."""
ANSWERED = 1.0
"""Seconds after the last answer after which an observed client has asked all it wanted."""
MONITOR_AGAIN = 1.0
"""Seconds until a monitor that the switch stopped is started again."""
MOST_HELD = 50_000
"""Facts kept back during a resync, so that all numbers move at its end; with more they are told before it."""
MOST_KINDS = 500
"""Kinds of message counted apart; CSTA has some 300, a peer that invents more is not remembered."""

AT_ONCE = (SourceUp, SourceResyncStarted, SourceGap, CommandEvent)
"""What is told even while a resync goes on."""

_REASONS = {"eof", "reset", "refused", "silent", "rejected", "protocol", "failed", "closed", "restart"}


class CstaSession:
    """See the module."""

    def __init__(self, settings: msgspec.Struct, directory: Directory, mode: Mode) -> None:
        self._settings = cast(CstaSettings, settings)
        self._live = mode == "live"
        self._rate = 1.0
        self._namespace = NAMESPACE + self._settings.edition
        self._floor = Floor(self._settings, directory)
        self._frames, self._asked_frames = Frames(), Frames()
        self._outgoing = bytearray()
        self._asking = Asking(self._outgoing)
        self._snapshot = Snapshot(self._floor, self._asking, live=self._live)
        self._snapshot.namespace = self._namespace
        self._commands = Commands(self._floor, directory, self._asking)
        self._commands.namespace = self._namespace
        self._login = Login(self._settings, self._asking, self._namespace)
        self._counts: Counter[str] = Counter()
        self._held: list[AnyEvent] = []
        self._state: State = "closed"
        self._product = ""
        self._heard = self._pinged = self._began = self._answered = 0.0
        self._again: dict[str, float] = {}
        self._refused = self._terminated = False

    # ── the contract ──

    @property
    def state(self) -> State:
        return self._state

    @property
    def counts(self) -> Mapping[str, int]:
        """By the name of the message; `unknown:` before one that CSTA III is not known to have."""
        return self._counts

    def open(self, now: float) -> list[AnyEvent]:
        self._frames.clear()
        self._asked_frames.clear()
        self._outgoing.clear()
        self._asking.clear()
        self._again.clear()
        self._floor.monitors.clear()
        self._floor.visits.begin_connection()
        self._state, self._product = "greeting", ""
        self._heard = self._pinged = now
        self._refused = self._terminated = False
        self._login.begin(now, live=self._live)
        return []

    def at_pace(self, rate: float) -> None:
        self._rate = rate
        self._floor.visits.settle_after = SETTLE * rate

    def remember(self, visits: Iterable[Known]) -> None:
        self._floor.visits.remember(visits)

    def skipped(self, since: float, now: float) -> list[AnyEvent]:
        """The bytes resume in the middle of a message. Nothing told before is confirmed."""
        self._frames.lost()
        self._heard = now
        if self._state in ("closed", "greeting", "login"):
            return []
        facts = self._release()
        self._resync(since, now, "skipped")
        return facts + self._tell()

    def receive(self, data: bytes, now: float) -> list[AnyEvent]:
        if self._state == "closed" or not data:
            return []
        self._heard = now
        self._settle(now)
        for invoke, xml in self._frames.feed(data):
            self._take(invoke, xml, now)
        self._finish_when_answered(now)
        return self._tell()

    def sent(self, data: bytes, now: float) -> None:
        """What the observed client asked: an answer only makes sense beside its question."""
        for invoke, xml in self._asked_frames.feed(data):
            message = read(xml)
            if message is not None and not _is_answer(message):
                question = question_of(message)
                self._asking.observed(invoke, question, now)
                if question.kind == "session":
                    self._login.observed()

    def tick(self, now: float) -> list[AnyEvent]:
        if self._state == "closed":
            return []
        self._settle(now)
        if self._live:
            self._commands.tick(now, ANSWER_WITHIN * self._rate)
            for question in self._asking.overdue(now, ANSWER_WITHIN * self._rate):
                self._unanswered(question, now)
            self._monitor_again(now)
            self._finish_when_answered(now)
            self._keep_alive(now)
        return self._tell()

    def command(self, wish: CommandRequested, now: float) -> list[AnyEvent]:
        if not self._live or self._state != "live":
            told = (
                "the link to the switch is not up"
                if self._live
                else "this is a recording, not a living switch"
            )
            return [CommandRefused(at=now, command_id=wish.command_id, detail=told)]
        self._commands.take(wish, now)
        return self._floor.take()

    def close(self, now: float, reason: str = "eof", detail: str = "") -> list[AnyEvent]:
        if self._state == "closed":
            return []
        unanswered = self._live and now - self._heard > (self._settings.ping_every + 1.0) * self._rate
        at = self._heard if reason in ("silent", "reset") or unanswered else now
        told = "rejected" if self._refused else reason if reason in _REASONS else "eof"
        self._state = "closed"
        self._asking.clear()
        self._floor.visits.settle_all(now)
        self._commands.link_lost(now)
        facts = self._release()
        facts.append(
            msgspec.convert({"type": "source.down", "at": at, "reason": told, "detail": detail}, SourceDown)
        )
        return facts

    def outgoing(self) -> bytes:
        data = bytes(self._outgoing)
        self._outgoing.clear()
        return data

    @property
    def monitors(self) -> Mapping[str, str]:
        """By monitorCrossRefID, which device is watched."""
        return self._floor.monitors

    # ── facts ──

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

    def _settle(self, now: float) -> None:
        self._floor.visits.settle(now)
        if not self._live and self._state == "snapshot":
            last, wanted = max(self._began, self._answered), ANSWERED if self._answered else WITHOUT_SNAPSHOT
            if now - last >= wanted * self._rate:
                self._finish_resync(now)

    # ── messages ──

    def _take(self, invoke: int, xml: bytes, now: float) -> None:
        message = read(xml)
        if message is None:
            self._count("unknown:unreadable XML")
            return
        self._count(message.name if message.name in KINDS else "unknown:" + message.name[:60])
        if self._state == "greeting":
            self._state = "login"
            edition = namespace_of(message).rpartition("/")[2] or self._settings.edition
            self._product = f"CSTA III {edition}"[:60]
            if self._login.is_over:
                self._let_in(now)
        if _is_answer(message):
            self._answer(invoke, message, now)
        elif message.name in EVENTS:
            if self._state in ("snapshot", "live"):
                self._floor.event(message, now)
        else:
            self._request(invoke, message, now)

    def _answer(self, invoke: int, message: Element, now: float) -> None:
        if self._commands.answer(invoke, message, now):
            self._asking.answered(invoke, now)
            return
        question = self._asking.answered(invoke, now)
        if question is None:
            return
        self._answered = now
        positive = message.name not in ("CSTAErrorCode",) and not message.name.endswith("NegResponse")
        if question.kind in ("session", "renew"):
            self._session_answered(question, message, now, positive=positive)
        elif positive:
            self._snapshot.answer(question, message, now, resyncing=self._state != "live")
        else:
            self._count(f"refused: {question.kind} {question.about} ({refusal(message)})"[:200])
            self._snapshot.refused(question, now, resyncing=self._state != "live")

    def _session_answered(self, question: Question, message: Element, now: float, *, positive: bool) -> None:
        if message.name == "StartApplicationSessionNegResponse":
            self._refused = True
            if self._live:
                raise AuthRejected(
                    f"The switch refuses an application session to {self._settings.application!r} ({refusal(message)}). "
                    "Check `application` and `edition` against what the switch lets in."
                )
            return
        if positive:
            self._login.granted(message, now)
        elif question.kind == "renew" and self._live:
            raise ProtocolError(f"The switch has ended the application session ({refusal(message)})")
        else:
            self._login.none()  # it does not know the service: so it needs none
        if self._state == "login" and question.kind == "session":
            self._let_in(now)

    def _request(self, invoke: int, message: Element, now: float) -> None:
        """The switch asks, or says something that is no event."""
        answer = b""
        namespace = namespace_of(message) or self._namespace
        match message.name:
            case "SystemStatus":
                answer = document("SystemStatusResponse", namespace=namespace)
                if message.within("systemStatus") == "messagesLost" and self._state in ("snapshot", "live"):
                    self._resync(now, now, "messages lost")
            case "RequestSystemStatus":
                status = leaf("systemStatus", "normal")
                answer = document("RequestSystemStatusResponse", status, namespace=namespace)
            case "MonitorStop":
                self._monitor_stopped(message, now)
                answer = document("MonitorStopResponse", namespace=namespace)
            case "ApplicationSessionTerminated":
                if self._live:
                    raise ProtocolError(f"The switch ends the application session ({refusal(message)})")
            case _:
                answer = error(namespace)
        if self._live and invoke != EVENT and answer:
            self._outgoing += framed(invoke, answer)

    def _count(self, what: str) -> None:
        if what in self._counts or len(self._counts) < MOST_KINDS:
            self._counts[what] += 1

    # ── monitors ──

    def _monitor_stopped(self, message: Element, now: float) -> None:
        about = self._floor.monitors.pop(message.within("monitorCrossRefID"), "")
        if about in self._floor.natives:
            self._again[about] = now

    def _monitor_again(self, now: float) -> None:
        for about, since in list(self._again.items()):
            if now - since >= MONITOR_AGAIN * self._rate and self._state == "live":
                del self._again[about]
                self._snapshot.monitor(about, now)

    # ── resync ──

    def _let_in(self, now: float) -> None:
        self._floor.out.append(SourceUp(at=now, product=self._product))
        self._begin_resync(now)
        self._snapshot.begin(now)

    def _begin_resync(self, now: float) -> None:
        self._state, self._began, self._answered = "snapshot", now, 0.0
        self._floor.out.append(SourceResyncStarted(at=now))

    def _resync(self, since: float, now: float, reason: str) -> None:
        """Something was not heard: say so, and ask everything again."""
        self._asking.drop_snapshot()
        self._floor.visits.begin_connection()
        self._floor.out.append(SourceGap(at=now, since=since, reason=reason))
        self._begin_resync(now)
        self._snapshot.again(now)

    def _unanswered(self, question: Question, now: float) -> None:
        self._count(f"unanswered: {question.kind}")
        if question.kind == "session":
            self._login.none()
            if self._state == "login":
                self._let_in(now)
        elif question.kind not in ("status", "set", "other"):
            self._snapshot.refused(question, now, resyncing=self._state != "live")

    def _finish_when_answered(self, now: float) -> None:
        if self._live and self._state == "snapshot" and not self._asking.snapshots:
            self._finish_resync(now)

    def _finish_resync(self, now: float) -> None:
        self._floor.visits.lose_unseen(now)
        self._floor.say_all(now)
        self._floor.out.append(SourceResyncFinished(at=now, limits=self._snapshot.limits()))
        self._state = "live"

    def _keep_alive(self, now: float) -> None:
        settings, rate = self._settings, self._rate
        silent = (now - self._heard) / rate
        if silent >= settings.silent_after:
            raise LinkSilent(
                f"the switch has said nothing for {silent:.0f} s, not even to RequestSystemStatus"
            )
        if now - max(self._heard, self._pinged) >= settings.ping_every * rate:
            xml = document("RequestSystemStatus", namespace=self._namespace)
            self._asking.ask(Question("status", "", xml), now, urgent=True)
            self._pinged = now
        self._login.renew(now, rate)


def _is_answer(message: Element) -> bool:
    return message.name == "CSTAErrorCode" or message.name.endswith("Response")
