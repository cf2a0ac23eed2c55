"""One FreeSWITCH over its Event Socket, sans I/O: greeting, login, snapshot, events. The contract is `ccwall.adapter.Session`.

    closed ──open──▶ greeting ──auth/request──▶ login ──accepted──▶ snapshot ──lists read──▶ live
                         │ anything else: ProtocolError  │ refused: AuthRejected
                         ◀──────────────── close, from anywhere ────────────────

First we subscribe, then we ask for the truth; while an answer is made, events wait, so between two lists something may
have happened. Memory and lists are reconciled only after `lives.SETTLE` seconds, and only where they disagree.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import cast

import msgspec

from ccwall.adapter import Directory, Known, Mode, State
from ccwall.errors import LinkSilent
from ccwall.events import (
    AnyEvent,
    CommandEvent,
    CommandRefused,
    CommandRequested,
    SourceDown,
    SourceGap,
    SourceLimited,
    SourceResyncFinished,
    SourceResyncStarted,
    SourceUp,
)

from .commands import ANSWER_WITHIN, Commands
from .event import Event
from .login import Login
from .questions import Question, Questions, listing, question
from .settings import EslSettings
from .snapshot import Floor, Snapshot, status
from .subscription import SUBCLASS, WANTED, Subscription
from .translation import Translation
from .vocabulary import FRAMES
from .wire import JSON, LOST_EVENTS, PLAIN, SHUTTING_DOWN, CommandLines, Frame, Frames

WITHOUT_SNAPSHOT = 5.0
"""Seconds after the login, or after the last list, at which an observed client that asks no more is taken as it is."""
QUIET = 1.0
"""Seconds after the last list in which an observed client may still ask for the channels."""
UNANSWERED = 30.0
"""Seconds after the last list at which one that has not come is done without: `limits` then says what is not known."""
SOON = 3.0
"""Seconds until the next lists, when somebody was too new to be judged by these."""
MOST_HELD = 50_000
"""Facts kept back during a resync, so that all numbers move at its end; with more they are told before it."""

MOST_FRAMES = 100
"""Kinds of frame counted apart; FreeSWITCH has nine."""

AT_ONCE = (SourceUp, SourceResyncStarted, SourceGap, CommandEvent)
"""What is told even while a resync goes on."""

_EVENTS = frozenset({JSON, PLAIN})
_REASONS = {"eof", "reset", "refused", "silent", "rejected", "protocol", "failed", "closed", "restart"}


class EslSession:
    """See the module; `lazy` False decodes every header of every event, to prove that laziness changes nothing."""

    def __init__(self, settings: msgspec.Struct, directory: Directory, mode: Mode) -> None:
        self._settings = cast(EslSettings, settings)
        self._live = mode == "live"
        self._rate = 1.0
        self._held: list[AnyEvent] = []
        self._floor = Floor(directory)
        self._out = self._floor.out
        self._visits = self._floor.visits
        self._snapshot = Snapshot(self._floor)
        self._translation = Translation(self._floor, self._job, lazy=self._settings.lazy)
        self._frames, self._asked = Frames(), CommandLines()
        self._questions, self._subscription = Questions(), Subscription()
        self._frame_counts: Counter[str] = Counter()
        self._outgoing = bytearray()
        self._commands = Commands(self._floor.agents, directory, self._floor.out, self._ask_config)
        self._state: State = "closed"
        self._login = Login(live=self._live)
        self._product = ""
        self._core = ""
        self._core_known = False
        self._heard = self._pinged = self._accepted = self._snapped = 0.0
        self._closed_at = self._booted = 0.0
        self._shutdown = False
        self._last_words = ""

    # ── the contract ──

    @property
    def state(self) -> State:
        return self._state

    @property
    def counts(self) -> Mapping[str, int]:
        """By kind; one that FreeSWITCH is not known to have begins with `unknown:`."""
        return self._frame_counts + self._translation.told()

    def open(self, now: float) -> list[AnyEvent]:
        for memory in (self._frames, self._asked, self._questions, self._subscription, self._outgoing):
            memory.clear()
        self._login.clear()
        self._state = "greeting"
        self._heard = self._pinged = now
        self._shutdown = self._core_known = False
        self._last_words = ""
        self._floor.clock.begin(now)
        self._floor.begin_connection()
        self._snapshot.forget()
        return []

    def at_pace(self, rate: float) -> None:
        self._rate = rate
        self._floor.at_pace(rate)

    def remember(self, visits: Iterable[Known]) -> None:
        self._visits.remember(visits)

    def skipped(self, since: float, now: float) -> list[AnyEvent]:
        """Frames are given again from the next one on that is whole. Nothing told before is confirmed."""
        if self._state in ("closed", "greeting", "login"):  # nothing is known yet that could be wrong
            self._frames.clear()
            return []
        facts = self._release()
        self._heard = now
        self._frames.resume()
        self._questions.clear()
        self._commands.link_lost(now)
        self._visits.missed(since)
        self._floor.begin_connection()
        facts += self._floor.take()
        facts += [SourceGap(at=now, since=since, reason="skipped"), SourceResyncStarted(at=now)]
        self._begin_resync(now, since)
        return facts

    def receive(self, data: bytes, now: float) -> list[AnyEvent]:
        if self._state == "closed" or not data:
            return []
        self._heard = self._visits.now = now
        if self._state != "live" or self._snapshot.pending:
            self._settle(now)
            if self._state == "greeting":
                data = self._login.greet(data)
                self._state = "login" if data else "greeting"
        take = self._translation.take
        for frame in self._frames.feed(data):
            if frame.kind not in _EVENTS or self._state == "login":
                self._take(frame, now)
            elif (event := take(frame, now)) is not None and not self._core_known:
                self._meet(event, now)
        if not self._out and not self._held:
            return []
        return self._tell() if self._held or self._state == "snapshot" else self._floor.take()

    def sent(self, data: bytes, now: float) -> None:
        """What the observed client asked: an answer only makes sense beside its question."""
        for command in self._asked.feed(data):
            self._note(command.line)

    def tick(self, now: float) -> list[AnyEvent]:
        if self._state == "closed":
            return []
        self._settle(now)
        if self._state == "snapshot" and not self._snapshot.suspects:
            waited = now - max(self._accepted, self._snapshot.heard)
            if waited >= (UNANSWERED if self._live else WITHOUT_SNAPSHOT) * self._rate:
                self._snapshot.forget()
                self._finish_resync(now)
        if self._live:
            self._commands.tick(now, ANSWER_WITHIN * self._rate)
            self._keep_alive(now)
        return self._tell()

    def command(self, wish: CommandRequested, now: float) -> list[AnyEvent]:
        if not self._live or self._state != "live":
            told = (
                "the link to FreeSWITCH is not up"
                if self._live
                else "this is a recording, not a living FreeSWITCH"
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
        self._visits.settle_all()
        self._commands.link_lost(now)
        if known:
            self._closed_at = at
            self._visits.missed(at)
        if self._visits.crowded:
            self._visits.lose_all(now, "more callers than any PBX has")
        facts = self._release()
        down = {
            "type": "source.down",
            "at": at,
            "reason": told,
            "detail": detail or self._login.refusal or self._last_words,
        }
        facts.append(msgspec.convert(down, SourceDown))
        return facts

    def outgoing(self) -> bytes:
        data = bytes(self._outgoing)
        self._outgoing.clear()
        return data

    # ── what is told, and when ──

    def _tell(self) -> list[AnyEvent]:
        """While a resync goes on, the numbers of before stand: facts wait for its end, and then all come at once."""
        facts = self._floor.take()
        if not facts and not self._held:
            return facts
        if not self._live or self._state != "snapshot" or len(self._held) + len(facts) > MOST_HELD:
            return self._release(facts) if self._held else facts
        self._held += [fact for fact in facts if not isinstance(fact, AT_ONCE)]
        return [fact for fact in facts if isinstance(fact, AT_ONCE)]

    def _release(self, facts: Sequence[AnyEvent] = ()) -> list[AnyEvent]:
        released = [*self._held, *facts, *self._floor.take()]
        self._held = []
        return released

    def _reason(self, reason: str) -> str:
        """Why the connection ended, if the far end itself said more than the socket."""
        if self._shutdown:
            return "restart"
        if self._login.refusal:
            return "rejected"
        return reason if reason in _REASONS else "eof"

    def _known_until(self, reason: str, now: float) -> float:
        """What is known is as old as the last word. An end that arrives in order came after everything that was said;
        but a link that died first and was closed afterwards has not even answered our pings."""
        unanswered = self._live and now - self._heard > (self._settings.ping_every + 1.0) * self._rate
        return self._heard if reason in ("silent", "reset") or unanswered else now

    # ── login ──

    def _log_in(self, frame: Frame, now: float) -> None:
        """Everything before the login is accepted."""
        step = self._login.take(frame)
        if step == "ask" and self._live:
            self._ask(f"auth {self._settings.password}")
        elif step == "accepted":
            self._questions.answered(by_api=False)
            self._let_in(now)
        elif step == "middle":
            self._let_in(now)
            if frame.kind in _EVENTS:
                self._translation.take(frame, now)
            else:
                self._answered(frame, now)

    def _let_in(self, now: float) -> None:
        self._floor.out += [SourceUp(at=now, product=self._product), SourceResyncStarted(at=now)]
        if self._live:
            form = self._settings.format
            self._ask(f"event {form} {' '.join(WANTED)} CUSTOM {SUBCLASS}")
        self._begin_resync(now, self._closed_at)

    # ── frames ──

    def _take(self, frame: Frame, now: float) -> None:
        self._count(frame.kind)
        if self._state == "login":
            self._log_in(frame, now)
        else:
            self._answered(frame, now)

    def _answered(self, frame: Frame, now: float) -> None:
        """Answers, goodbyes, and all that is not wanted."""
        if frame.kind == b"api/response":
            asked = self._questions.answered(by_api=True)
            if asked is not None:
                self._read(asked, frame.body.decode("utf-8", "replace"), now)
        elif frame.kind == b"command/reply":
            asked = self._questions.answered(by_api=False)
            if asked is not None and asked.kind == "events":
                self._subscribed(asked.argument, frame.get(b"Reply-Text"), now)
        elif frame.kind == b"text/disconnect-notice":
            self._goodbye(frame.body.decode("utf-8", "replace"), now)

    def _goodbye(self, said: str, now: float) -> None:
        """Why the connection is about to end."""
        self._last_words = said.strip()[:200]
        if said == SHUTTING_DOWN:
            self._shutdown = True
        elif said == LOST_EVENTS:  # it kept 100,000 events for us, and then threw away more than 500
            since = min(self._snapped or now, now)
            self._visits.missed(since)
            self._floor.out.append(SourceGap(at=now, since=since, reason="lost events"))

    def _read(self, asked: Question, text: str, now: float) -> None:
        if asked.kind == "command":
            self._commands.answer(asked.argument, text, now)
        elif asked.kind == "status":
            self._status(text, now)
        else:
            self._snapshot.answer(asked, text, now)
            if self._live and asked.kind == "queues":
                for queue in self._snapshot.queues:
                    self._ask_members(queue)
            self._after_list(now)

    def _job(self, job: Event, at: float) -> None:
        """BACKGROUND_JOB: the answer to somebody's `bgapi`. A list is as old as its arrival."""
        if job.get(b"Job-Command") == "callcenter_config":
            kind, queue = listing(job.get(b"Job-Command-Arg"))
            self._read(Question(kind, argument=queue), job.body, self._heard)

    def _status(self, text: str, now: float) -> None:
        """A younger start than before is a restart, even when nobody said goodbye."""
        product, uptime = status(text)
        if product and product != self._product:
            self._product = product
            self._floor.out.append(SourceUp(at=now, product=product))
        if uptime is None:
            return
        booted = now - uptime
        if self._booted and booted > self._booted + 5.0 * self._rate:
            self._restarted(now)
        self._booted = booted

    def _meet(self, event: Event, now: float) -> None:
        """The first event of a connection: another core is another FreeSWITCH than before."""
        core = event.get(b"Core-UUID")
        if not core:
            return
        self._core_known = True
        if self._core and core != self._core:
            self._restarted(now)
        self._core = core

    def _restarted(self, now: float) -> None:
        self._visits.lose_older(self._closed_at or now, "restart")

    def _subscribed(self, line: str, said: str, now: float) -> None:
        """What this client will never hear is said in words, and again at the end of every resync."""
        if said.startswith("+OK"):
            before = self._subscription.complaints()
            self._subscription.take(line)
            new = [complaint for complaint in self._subscription.complaints() if complaint not in before]
            self._floor.out += [SourceLimited(at=now, limit=complaint) for complaint in new]

    def _count(self, kind: bytes) -> None:
        name = kind[:40].decode("ascii", "replace")
        known = name in FRAMES
        if known or len(self._frame_counts) < MOST_FRAMES:
            self._frame_counts[name if known else "unknown:" + name] += 1

    # ── snapshots ──

    def _begin_resync(self, now: float, lost_at: float) -> None:
        self._state, self._accepted = "snapshot", now
        self._snapshot.forget()
        self._snapshot.begin_resync(lost_at)
        if self._live:
            self._ask("api status")
            self._ask_lists(now)
            self._ask("api show channels as json")

    def _ask_lists(self, now: float) -> None:
        self._snapped = now
        for what in ("queue", "agent", "tier"):
            self._ask(f"api callcenter_config {what} list")

    def _ask_members(self, queue: str) -> None:
        """The queue's name comes from FreeSWITCH itself; one that its own parser would tear apart is not asked for."""
        if "'" not in queue and '"' not in queue and "\\" not in queue:
            name = f"'{queue}'" if " " in queue else queue
            self._ask(f"api callcenter_config queue list members {name}")

    def _settle(self, now: float) -> None:
        self._visits.settle(now)
        self._snapshot.settle(now)
        if self._state == "snapshot":
            self._after_list(now)

    def _after_list(self, now: float) -> None:
        """The snapshot ends when all has been read; an observed client may ask for a little more."""
        if self._state != "snapshot" or not self._snapshot.complete:
            return
        if len(self._questions) == 0 if self._live else now - self._snapshot.heard >= QUIET * self._rate:
            self._finish_resync(now)

    def _finish_resync(self, now: float) -> None:
        limits = (*self._snapshot.finish_resync(now), *self._subscription.complaints())
        self._floor.out.append(SourceResyncFinished(at=now, limits=limits))
        self._state = "live"

    def _keep_alive(self, now: float) -> None:
        settings, rate = self._settings, self._rate
        silent = (now - self._heard) / rate
        if silent >= settings.silent_after:
            raise LinkSilent(f"FreeSWITCH has said nothing for {silent:.0f} s, not even to a question")
        if self._state not in ("snapshot", "live"):
            return
        if now - max(self._heard, self._pinged) >= settings.ping_every * rate:
            self._ask("api uptime")
            self._pinged = now
        if self._state == "live" and now >= self._due:
            self._snapshot.hurry = False
            self._ask_lists(now)

    @property
    def _due(self) -> float:
        """When the lists are asked for again."""
        every = self._settings.resync_every
        return self._snapped + (min(SOON, every) if self._snapshot.hurry else every) * self._rate

    def _ask(self, line: str) -> None:
        self._outgoing += line.encode() + b"\n\n"
        self._note(line)

    def _ask_config(self, arguments: str, whose: str) -> None:
        line = f"api callcenter_config {arguments}"
        self._outgoing += line.encode() + b"\n\n"
        self._questions.asked(Question("command", True, whose))

    def _note(self, line: str) -> None:
        """A command goes out, ours or an observed client's."""
        self._questions.asked(question(line))
