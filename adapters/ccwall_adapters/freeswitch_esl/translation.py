"""Which events are wanted, and who takes them: the whole vocabulary in one place.

What is not in the tables is counted and forgotten without being decoded: a channel's event has a hundred headers.
"""

from collections import Counter
from collections.abc import Callable

from .snapshot import Floor
from .table import number
from .vocabulary import ACTIONS, EVENTS
from .wire import DecodedEvent, Event, JsonEvent, PlainEvent, action_of, name_of

CLOCK_SLACK = 2.0
"""Seconds by which FreeSWITCH's own timestamps may differ from our clock and still be believed."""
MOST_KINDS = 500
"""Kinds counted apart; FreeSWITCH has some 90, a peer that invents more is not remembered."""

Handler = Callable[[Event, float], None]


class Translation:
    """From one event to facts; `job` is the event when it was the end of somebody's `bgapi`."""

    def __init__(self, floor: Floor, *, lazy: bool) -> None:
        self._floor, self._lazy = floor, lazy
        self._slack = CLOCK_SLACK
        self._events, self._actions = self._channel_events(), self._queue_actions()
        self._counts: Counter[bytes] = Counter()
        self.job: Event | None = None

    def at_pace(self, rate: float) -> None:
        self._slack = CLOCK_SLACK * rate

    def told(self) -> Counter[str]:
        """How many of each kind came."""
        found: Counter[str] = Counter()
        for key, count in self._counts.items():
            name = key.decode("utf-8", "replace")
            action = name.removeprefix("callcenter::info ")
            known = name in EVENTS or (action != name and action in ACTIONS)
            found[name if known else "unknown:" + name] += count
        return found

    def take(self, kind: bytes, block: bytes, now: float) -> Event | None:
        """One event; gives it if it was wanted."""
        self.job = None
        name = name_of(block)
        if name == b"callcenter::info":
            name = action_of(block)
            handler, key = self._actions.get(name), b"callcenter::info " + name[:60]
        else:
            handler, key = self._events.get(name), name[:60]
        counts = self._counts
        if key in counts or len(counts) < MOST_KINDS:
            counts[key] += 1
        if handler is None:
            if self._lazy:
                return None
            self._event(kind, block)
            return None
        event = self._event(kind, block)
        told = number(event.get(b"Event-Date-Timestamp")) / 1e6
        handler(event, told if abs(told - now) <= self._slack else now)
        return event

    def _event(self, kind: bytes, block: bytes) -> Event:
        event = JsonEvent(block) if kind == b"text/event-json" else PlainEvent(block)
        return event if self._lazy else DecodedEvent(event)

    # ── the tables ──

    def _queue_actions(self) -> dict[bytes, Handler]:
        """callcenter::info by CC-Action; `members-count` is never trusted (trap 12)."""
        visits, agents = self._floor.visits, self._floor.agents
        return {
            b"member-queue-start": visits.started,
            b"member-queue-resume": visits.started,
            b"agent-offering": visits.offered,
            b"bridge-agent-fail": visits.failed,
            b"bridge-agent-start": visits.bridge_started,
            b"bridge-agent-end": visits.bridge_ended,
            b"member-queue-end": visits.queue_ended,
            b"agent-state-change": self._agent_state,
            b"agent-status-change": agents.status_changed,
            b"agent-max-no-answer": agents.will_be_forced,
            b"agent-contact-change": agents.contact_changed,
        }

    def _channel_events(self) -> dict[bytes, Handler]:
        visits, phones = self._floor.visits, self._floor.phones
        return {
            b"CHANNEL_CREATE": phones.created,
            b"CHANNEL_ANSWER": phones.answered,
            b"CHANNEL_BRIDGE": visits.bridged,
            b"CHANNEL_HOLD": self._held,
            b"CHANNEL_UNHOLD": self._retrieved,
            b"CHANNEL_HANGUP_COMPLETE": self._hung_up,
            b"BACKGROUND_JOB": self._job,
            b"HEARTBEAT": self._heartbeat,
        }

    def _agent_state(self, event: Event, at: float) -> None:
        if event.get(b"CC-Agent-State") == "In a queue call":
            self._floor.visits.agent_talks(event.get(b"CC-Agent"))

    def _held(self, event: Event, at: float) -> None:
        self._floor.phones.held(event, at)
        self._floor.visits.held(event, at)

    def _retrieved(self, event: Event, at: float) -> None:
        self._floor.phones.answered(event, at)
        self._floor.visits.retrieved(event, at)

    def _hung_up(self, event: Event, at: float) -> None:
        self._floor.phones.hung_up(event.get(b"Unique-ID"), at)
        self._floor.visits.hung_up(event, at)

    def _job(self, event: Event, at: float) -> None:
        self.job = event

    def _heartbeat(self, event: Event, at: float) -> None:
        """Says which core is alive; the session looks at it."""
