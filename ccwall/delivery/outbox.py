"""Notes on their way to channels: at least once each, in the order of what is worst, one channel never holding up another.

A note is written before anybody is told that it will be delivered, and marked before it is sent; so a crash loses none, and
repeats at most what was being sent when it came. docs/delivery.md.
"""

import asyncio
import random
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from secrets import token_hex
from typing import Any

import msgspec
import structlog

from ccwall.clock import Clock
from ccwall.delivery.contract import Channel, Configured, Failed, Ok, Outcome, Retry
from ccwall.delivery.disk import Disk, Overrun
from ccwall.delivery.note import Note, Severity, bounded, clean, worst_first
from ccwall.delivery.pace import Pace
from ccwall.delivery.quiet import ends
from ccwall.delivery.rows import Delivered, Entry, Row, State, Verdict
from ccwall.delivery.wording import WORDS

FIRST_PAUSE, LONGEST_PAUSE, SHORTEST_PAUSE = 1.0, 300.0, 0.25
"""Seconds of the back-off: anything up to the doubled last one, and never at once."""
GIVE_UP: Mapping[Severity, float] = {"info": 3600.0, "warn": 7200.0, "breach": 14_400.0, "critical": 21_600.0}
"""Seconds after which a note is told as not delivered: old news would mislead."""
SEND_WITHIN = 60.0
"""Seconds that a channel may take, whatever it promised."""
LONGEST_NAP = 3600.0
SHOW_AGAIN = 15.0
"""Seconds until a lamp that could not be told is told again."""
PRUNE_EVERY = 3600.0
OVERRUN_PAUSE = 5.0
_log = structlog.get_logger("ccwall.delivery")


def full_jitter(longest: float) -> float:
    """Anything from 0 to ``longest``: a hundred walls must not come back to a robot in step."""
    return random.uniform(0.0, longest)


class Line:
    """One channel, and how it is."""

    def __init__(self, configured: Configured, channel: Channel, now: float) -> None:
        self.configured, self.channel = configured, channel
        self.pace = Pace(channel.limits)
        self.bell = asyncio.Event()
        self.turn = asyncio.Lock()
        self.paused = 0.0
        self.wanted: Severity | None = None
        self.unshown = False
        self.show_at = 0.0
        self.sent = self.failed = self.waiting = 0
        self.state, self.since, self.detail = "idle", now, ""

    def hide(self, text: str) -> str:
        """What may be shown and kept: no secret is in it."""
        for secret in self.configured.secrets:
            text = text.replace(secret, "…")
        return clean(text, 300)

    def turned(self, outcome: Outcome, now: float) -> None:
        state, detail = (
            ("live", "") if isinstance(outcome, Ok)
            else ("refused" if isinstance(outcome, Failed) else "down", self.hide(outcome.why))
        )  # fmt: skip
        if (state, detail) != (self.state, self.detail):
            if state != "live":
                _log.warning("not delivered", channel=self.configured.name, state=state, why=detail)
            self.state, self.since, self.detail = state, now, detail


class Outbox:
    """``told`` of every note whose way is over. ``jitter`` of the longest pause there may be."""

    def __init__(
        self,
        disk: Disk,
        lines: Mapping[str, Line],
        clock: Clock,
        zone: str = "UTC",
        told: Callable[[Delivered], None] | None = None,
        jitter: Callable[[float], float] = full_jitter,
    ) -> None:
        self._disk, self._lines, self._clock, self._zone = disk, lines, clock, zone
        self._told, self._jitter = told, jitter
        self._recovery: asyncio.Task[None] | None = None
        self._began = clock.now()

    # ── for everybody ──

    async def put(self, note: Note, channels: Sequence[str]) -> list[str]:
        """Those of the channels to which it is new and wanted, when it is written down. Where its way was over before we began,
        that is told, for who has not heard of it. ValueError when it has no key."""
        note, now = bounded(note), self._clock.now()
        dues: dict[str, float] = {}
        for name in dict.fromkeys(channels):
            line = self._lines.get(name)
            if line is not None and note.severity in line.configured.severities:
                loud = note.severity == "critical"
                dues[name] = now if loud else ends(line.configured.quiet, self._zone, now)
        if not dues:
            return []
        new, dropped = await self._disk.do(lambda rows: rows.put(note, dues, now))
        self._say(dropped)
        for name in new:
            self._lines[name].bell.set()
        if self._told is not None and (known := [name for name in dues if name not in new]):
            for each in await self._disk.do(lambda rows: rows.ended(note.key, known, self._began)):
                self._told(each)
        return new

    async def test(self, name: str) -> Outcome:
        """Send a test message now; what the far end said. KeyError when there is no such channel."""
        line, now = self._lines[name], self._clock.now()
        language = line.configured.language
        note = Note(
            key=f"test/{name}/{token_hex(8)}",
            kind="test",
            severity="info",
            title={language: WORDS[language]["trial"]},
            at=now,
        )
        async with line.turn:
            wait = max(line.paused - self._clock.now(), line.pace.plan(1, self._clock.now()).wait)
            if wait > 0:
                return Retry(f"the channel's limits allow the next message in {wait:.0f} s", wait)
            began = self._clock.now()
            outcome = await self._sent(line, [note])
        verdict = self._verdict(line, outcome, began, 0)
        await self._disk.do(lambda rows: rows.record(note, name, verdict))
        return _hidden(outcome, line)

    async def entries(
        self, limit: int = 100, state: State | None = None, channel: str | None = None
    ) -> list[Entry]:
        """The newest first."""
        return await self._disk.do(lambda rows: rows.entries(limit, state, channel))

    def stand(self, worst: Severity | None) -> None:
        """The worst that nobody has taken on; lamps show it."""
        for line in self._lines.values():
            line.wanted, line.unshown, line.show_at = worst, True, 0.0
            line.bell.set()

    def jobs(self) -> list[tuple[str, Coroutine[object, object, None]]]:
        told = [(f"delivery: {name}", self._work(line)) for name, line in self._lines.items()]
        return [*told, ("delivery: old notes", self._keep_tidy())] if told else []

    @property
    def problem(self) -> str:
        return self._disk.problem

    async def close(self) -> None:
        if self._recovery is not None:
            await asyncio.gather(self._recovery, return_exceptions=True)
        for line in self._lines.values():
            await line.channel.close()
        await self._disk.close()

    # ── one channel ──

    async def _work(self, line: Line) -> None:
        name = line.configured.name
        await self._recovered()
        since = self._clock.now() - line.pace.window
        line.pace = Pace(line.channel.limits, await self._disk.do(lambda rows: rows.recent(name, since)))
        while True:
            line.bell.clear()
            try:
                wait = await self._step(line)
            except Overrun:  # or we stop, and are cancelled soon
                wait = OVERRUN_PAUSE
            if wait > 0:
                await self._either(line.bell.wait(), wait)

    async def _step(self, line: Line) -> float:
        """One message, or how long there is nothing to do."""
        name, now = line.configured.name, self._clock.now()
        self._say(await self._disk.do(lambda rows: rows.give_up(name, GIVE_UP, now)))
        nap = await self._show(line)
        if line.paused > now:
            return min(nap, line.paused - now)
        async with line.turn:
            found = await self._disk.do(lambda rows: rows.due(name, self._clock.now(), line.channel.most))
            if not found:
                next_due = await self._disk.do(lambda rows: rows.next_due(name))
                return nap if next_due is None else min(nap, max(SHORTEST_PAUSE, next_due - now))
            plan = line.pace.plan(len(found), self._clock.now())
            if plan.wait > 0:
                return min(nap, plan.wait)
            await self._deliver(line, found if plan.together else found[:1])
        line.waiting = await self._disk.do(lambda rows: rows.waiting(name))
        return 0.0

    async def _deliver(self, line: Line, found: Sequence[Row]) -> None:
        name, ids = line.configured.name, [row.id for row in found]
        await self._disk.do(lambda rows: rows.begin(ids))
        began = self._clock.now()
        notes = worst_first([row.note for row in found])
        outcome = await self._sent(line, notes)
        verdict = self._verdict(line, outcome, began, max(row.attempts for row in found))
        if isinstance(outcome, Ok):
            listed = {note.key for note in notes[: len(notes) - outcome.left_out]}
            verdict = _listing(verdict, [row.id for row in found if row.note.key in listed])
        self._say(await self._disk.do(lambda rows: rows.end(ids, verdict)))
        if isinstance(outcome, Ok):
            await self._disk.do(lambda rows: rows.wake(name, verdict.ended))

    async def _sent(self, line: Line, notes: Sequence[Note]) -> Outcome:
        """Whatever the channel does, there is an outcome."""
        line.pace.count(self._clock.now())
        outcome = await self._guarded(line, line.channel.send(notes))
        now = self._clock.now()
        if isinstance(outcome, Retry) and outcome.after:
            line.paused = now + outcome.after
        line.turned(outcome, now)
        return outcome

    async def _show(self, line: Line) -> float:
        """Seconds until it is to be tried again."""
        if not line.unshown:
            return LONGEST_NAP
        if line.show_at <= self._clock.now():
            line.unshown = False
            outcome = await self._guarded(line, line.channel.stand(line.wanted))
            if isinstance(outcome, Retry | Failed):
                line.turned(outcome, self._clock.now())
                line.unshown, line.show_at = True, self._clock.now() + SHOW_AGAIN
        return max(SHORTEST_PAUSE, line.show_at - self._clock.now()) if line.unshown else LONGEST_NAP

    async def _guarded(self, line: Line, work: Coroutine[object, object, Outcome]) -> Outcome:
        task = asyncio.ensure_future(work)
        try:
            await self._either(task, SEND_WITHIN)
        finally:
            if not task.done():
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
        if task.cancelled():
            return Retry(f"not done within {SEND_WITHIN:g} s")
        if (error := task.exception()) is not None:
            _log.error("a bug in a channel", channel=line.configured.name, exc_info=error)
            return Retry(f"a bug in this channel: {type(error).__name__}")
        return task.result()

    def _verdict(self, line: Line, outcome: Outcome, began: float, attempts: int) -> Verdict:
        now = self._clock.now()
        match outcome:
            case Ok(said):
                return Verdict(outcome="ok", said=line.hide(said), began=began, ended=now)
            case Failed(why):
                return Verdict(outcome="failed", said=line.hide(why), began=began, ended=now)
            case Retry(why, after):
                longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(attempts, 20))
                pause = after or max(SHORTEST_PAUSE, self._jitter(longest))
                return Verdict(
                    outcome="retry", said=line.hide(why), began=began, ended=now, next_try=now + pause
                )

    # ── everything ──

    async def _recovered(self) -> None:
        if self._recovery is None:
            self._recovery = asyncio.create_task(self._recover(), name="delivery: recovery")
        await asyncio.shield(self._recovery)

    async def _recover(self) -> None:
        names, now = list(self._lines), self._clock.now()
        self._say(await self._disk.do(lambda rows: rows.recover(names, now)))

    async def _keep_tidy(self) -> None:
        while True:
            with suppress(Overrun):
                await self._disk.do(lambda rows: rows.prune(self._clock.now()))
            await self._clock.sleep(PRUNE_EVERY)

    def _say(self, over: Sequence[Delivered]) -> None:
        for each in over:
            line = self._lines.get(each.channel)
            if line is not None:
                line.sent += each.state == "sent"
                line.failed += each.state != "sent"
            if self._told is not None:
                self._told(each)

    async def _either(self, work: "asyncio.Future[Any] | Coroutine[Any, Any, Any]", seconds: float) -> None:
        """Until one of them is over. A future is left as it is; what only waits is given up."""
        sleeping: asyncio.Future[Any] = asyncio.ensure_future(self._clock.sleep(seconds))
        other: asyncio.Future[Any] = asyncio.ensure_future(work)
        ours = [sleeping] if other is work else [sleeping, other]
        try:
            await asyncio.wait([sleeping, other], return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in ours:
                each.cancel()
            await asyncio.gather(*ours, return_exceptions=True)


def _listing(verdict: Verdict, ids: Sequence[int]) -> Verdict:
    return msgspec.structs.replace(verdict, listed=frozenset(ids))


def _hidden(outcome: Outcome, line: Line) -> Outcome:
    match outcome:
        case Ok(said, left_out):
            return Ok(line.hide(said), left_out)
        case Failed(why):
            return Failed(line.hide(why))
        case Retry(why, after):
            return Retry(line.hide(why), after)
