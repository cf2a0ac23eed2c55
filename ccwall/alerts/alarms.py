"""The job that looks at the floor, takes in what the look found, and tells who is to be told.

On a replay nobody looks: what was found is in the journal.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Protocol

import structlog

from ccwall.alerts.agenda import lines
from ccwall.alerts.ladder import Ladders, Nobody, Person, Presence, climb, worst_open
from ccwall.alerts.metrics import Tree
from ccwall.alerts.notes import note_of
from ccwall.alerts.ruleset import Ruleset
from ccwall.alerts.watch import Memory, look
from ccwall.clock import Clock
from ccwall.delivery.note import Note, Severity
from ccwall.engine.desk.alert import Alert, Alerts
from ccwall.errors import CcwallError
from ccwall.events import AlertDelivered, AlertId, AlertRulesApplied, AlertTold, AnyEvent, Envelope, MeetingId
from ccwall.floor.rota.agenda import scopes
from ccwall.supervise import kept_apart

if TYPE_CHECKING:
    from ccwall.engine import Engine

LOOK_EVERY, AT_LEAST = 0.25, 1.0
"""Real seconds: not more often, and not less."""
AGAIN = 1.0
"""Real seconds after a bug."""
ROUNDS = 12
"""Looks in a row until nothing is found: a fact may make way for the next."""
MOST_NOTES = 2000
"""Tellings that wait to be written into the outbox."""
SAFE_WITHIN = 10.0
"""Real seconds that a telling waits for the disk. One that fails must not silence the alarms, least of all the one about it."""
TOLD_AGAIN = 3600.0
"""Seconds: what was told longer ago is not put into the outbox again after a restart."""
_log = structlog.get_logger("ccwall.alerts")

Take = Callable[[Sequence[AnyEvent], float], Sequence[Envelope]]


class Post(Protocol):
    """Where notes are put (`ccwall.delivery.facade.Delivery`): the same key twice is told once."""

    async def put(self, note: Note, channels: Sequence[str]) -> Sequence[str]: ...
    def stand(self, worst: Severity | None) -> None: ...


class Alarms:
    """``take`` takes facts in as the house's; ``safe`` returns when all that was taken in is on the disk.

    ``board`` brings the board up to date and gives it; ``clock`` is the floor's.
    """

    def __init__(
        self,
        engine: "Engine",
        clock: Clock,
        *,
        board: Callable[[], Tree],
        take: Take,
        rules: Ruleset,
        ladders: Ladders | None = None,
        safe: Callable[[], Awaitable[None]] | None = None,
        base: str = "",
    ) -> None:
        self.rules, self.ladders = rules, ladders or Ladders()
        self.presence: Presence = Nobody()
        self.post: Post | None = None
        """None: notes go nowhere, and people see the alerts on their screens."""
        self._engine, self._clock, self._board, self._take, self._safe = engine, clock, board, take, safe
        self._base = base
        self._memory = Memory()
        self.due = 0.0
        """When to look next although nothing happens."""
        self._touched, self._looked = True, float("-inf")
        self.waiting: deque[tuple[Note, tuple[str, ...]]] = deque(maxlen=MOST_NOTES)
        """What is to be put into the outbox, and for which channels."""
        self._bell = asyncio.Event()
        self._stood: Severity | str | None = "unknown"

    @property
    def alerts(self) -> Alerts:
        return self._engine.alerts

    def touch(self) -> None:
        """Something happened on the floor."""
        self._touched = True

    def forget(self) -> None:
        """What was judged before: the next look judges all anew."""
        self._memory = Memory()

    def replace(self, rules: Ruleset) -> None:
        """Watch by these rules from now on."""
        self.rules, self._touched = rules, True

    async def for_ever(self) -> None:
        """`run`, and again after a bug: nobody may be without alarms because of one that cannot be judged."""
        while True:
            await kept_apart("alarms", self.run())
            self.forget()
            await self._clock.sleep(AGAIN * self._clock.rate)

    async def run(self) -> None:
        """Until cancelled."""
        self.begin()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._watch(), name="alarms: watch")
            group.create_task(self._deliver(), name="alarms: deliver")

    async def _watch(self) -> None:
        rate = self._clock.rate
        while True:
            now = self._clock.now()
            if self._touched or now >= self.due or not self._looked <= now < self._looked + AT_LEAST * rate:
                self.look()
            ahead = self.due - self._clock.now()
            await self._clock.sleep(min(LOOK_EVERY * rate, ahead) if ahead > 0 else LOOK_EVERY * rate)

    def look(self) -> None:
        """Look once, and at what comes of it, until nothing more does."""
        now = self._clock.now()
        self._touched, self._looked = False, now
        cards = self.rules.cards
        if self.rules.hash != self.alerts.hash or cards != self.alerts.rules:
            self._take([AlertRulesApplied(at=now, hash=self.rules.hash, rules=dict(cards))], now)
        board = self._board()
        for _ in range(ROUNDS):
            looked = look(board, self.rules, self.alerts, now, self._memory)
            if not looked.events:
                break
            self._take(looked.events, now)
        self.due = min(looked.due, self._tell(board, now))
        worst = worst_open(self.alerts)
        if self.post is not None and worst != self._stood:
            self._stood = worst
            self.post.stand(worst)

    def _tell(self, board: Tree, now: float) -> float:
        for _ in range(ROUNDS):
            closing = dict(self.alerts.closing)
            climbed = climb(self.alerts, self.rules, self.ladders, self.presence, now)
            if not climbed.told:
                return climbed.due
            self._take(climbed.told, now)
            for told in climbed.told:
                alert = (
                    self.alerts.open.get(told.alert) if told.kind != "resolved" else closing.get(told.alert)
                )
                if alert is not None:
                    self._send(alert, told, board)
        return now

    def _send(self, alert: Alert, told: AlertTold, board: Tree) -> None:
        if told.channels:
            people = self._people(alert, told)
            rule, more = self.rules.rules.get(alert.rule), self._agenda(alert, told)
            note = note_of(alert, told, rule, board, people, self._base, more)
            self.waiting.append((note, told.channels))
            self._bell.set()

    def _agenda(self, alert: Alert, told: AlertTold) -> dict[str, str]:
        """Of a meeting that is to begin: the last day's figures of who meets."""
        kind, _, id = alert.scope.partition(":")
        meeting = self._engine.desk.rota.meetings.get(MeetingId(id)) if kind == "meeting" else None
        if meeting is None or told.kind in ("resolved", "no_data"):
            return {}
        sections = [self._engine.last_day(scope, told.at) for scope in scopes(meeting, None)]
        return lines(sections, self._engine.policy.zone)

    def _people(self, alert: Alert, told: AlertTold) -> list[Person]:
        who = (person for role in told.roles for person in self.presence.who(role, alert.team, alert.queue))
        return [person for person in who if person.id in told.people]

    async def _deliver(self) -> None:
        """What is said outside is on the disk before: after a crash it is known to have been told."""
        while True:
            await self._bell.wait()
            self._bell.clear()
            if self.post is None:
                continue
            taken = list(self.waiting)  # what comes while these are put is not on the disk yet
            self.waiting.clear()
            await self._recorded()
            for note, channels in taken:
                try:
                    await self.post.put(note, channels)
                except (CcwallError, OSError) as error:
                    _log.error("a note could not be put into the outbox", alert=note.alert, reason=str(error))

    async def _recorded(self) -> None:
        """When all that was taken in is on the disk, or cannot be in time."""
        if self._safe is None:
            return
        parts = [
            asyncio.ensure_future(self._safe()),
            asyncio.ensure_future(self._clock.sleep(SAFE_WITHIN * self._clock.rate)),
        ]
        try:
            await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
            if not parts[0].done() or parts[0].exception() is not None:
                _log.error("alerts are told that are not recorded; a crash may tell them again")
        finally:
            for part in parts:
                part.cancel()
            await asyncio.gather(*parts, return_exceptions=True)

    def begin(self) -> None:
        """After a start: what was told, and of which nobody knows whether it was put into the outbox before ccwall ended."""
        self.waiting.clear()
        now, board = self._clock.now(), self._board()
        alerts = self.alerts
        for alert in (*alerts.open.values(), *alerts.past):
            for told in alert.told:
                open_in = tuple(name for name in told.channels if name not in told.put)
                if open_in and now - told.at < TOLD_AGAIN:
                    said = AlertTold(
                        at=told.at,
                        alert=alert.id,
                        key=told.key,
                        kind=told.kind,
                        step=told.step,
                        roles=told.roles,
                        people=told.people,
                        channels=open_in,
                    )
                    self._send(alert, said, board)

    def delivered(
        self, key: str, alert: str, channel: str, ok: bool, attempts: int, detail: str = ""
    ) -> None:
        """What became of a note in a channel, for the record."""
        told = (each.key for known in self._known(alert) for each in known.told)
        if key in told:
            now = self._clock.now()
            fact = AlertDelivered(
                at=now,
                alert=self._known(alert)[0].id,
                key=key,
                channel=channel,
                ok=ok,
                attempts=attempts,
                detail=detail[:300],
            )
            self._take([fact], now)

    def _known(self, alert: str) -> list[Alert]:
        now = self.alerts.open.get(AlertId(alert))
        found = [] if now is None else [now]
        return found + [each for each in self.alerts.past if each.id == alert]
