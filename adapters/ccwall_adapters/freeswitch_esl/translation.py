"""Which events are wanted, and who takes them: the whole vocabulary in one place.

What is not in the tables is counted and forgotten without being decoded: a channel's event has a hundred headers.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .event import FRONT, INFO, DecodedEvent, Event, JsonEvent, PlainEvent, action_of, name_of, stamp_of
from .snapshot import Floor
from .vocabulary import ACTIONS, EVENTS
from .wire import JSON, Frame

MOST_KINDS = 500
"""Kinds counted apart; FreeSWITCH has some 90, a peer that invents more is not remembered."""

ONLY_WITH = {
    b"CHANNEL_CREATE": b"Channel-Presence-ID",
    b"CHANNEL_ANSWER": b"Channel-Presence-ID",
    b"agent-state-change": b"queue",
}
"""Kinds that come by the hundred and matter by the dozen: not looked at without these bytes (`In a queue call`)."""

Handler = Callable[[Event, float], None]


@dataclass(slots=True)
class Plan:
    """What is done with one kind of event, and how many came. `handler` None: nobody wants it."""

    handler: Handler | None
    only_with: bytes | None = None
    count: int = 0


class Translation:
    """From one event to facts; `job` takes the end of somebody's `bgapi`."""

    def __init__(self, floor: Floor, job: Handler, *, lazy: bool) -> None:
        self._floor, self._job, self._lazy = floor, job, lazy
        self._at = floor.clock.at
        self._events, self._actions = _plans(self._channel_events()), _plans(self._queue_actions())

    def told(self) -> Counter[str]:
        """How many of each kind came."""
        found: Counter[str] = Counter()
        for plans, known, where in (
            (self._events, EVENTS, ""),
            (self._actions, ACTIONS, f"{INFO.decode()} "),
        ):
            for key, plan in plans.items():
                if plan.count:
                    name = key.decode("utf-8", "replace")
                    found["unknown:" * (name not in known) + where + name] += plan.count
        return found

    def take(self, frame: Frame, now: float) -> Event | None:
        """One event; gives it if it was wanted."""
        data, start, end = frame.data, frame.middle, frame.end
        name, plans = frame.name or name_of(data, start, end), self._events
        if name == INFO:
            name, plans = action_of(data, start, end), self._actions
        plan = plans.get(name)
        if plan is None:
            plan = self._new(plans, name)
        plan.count += 1
        handler, needle = plan.handler, plan.only_with
        if handler is None:
            return None
        if needle is not None and self._lazy:
            front = start + FRONT if end - start > FRONT else end
            if data.rfind(needle, start, front) < 0 and (
                front == end or _lacks(needle, data, start, front, end)
            ):
                return None
        event: Event
        event = own = (JsonEvent if frame.kind == JSON else PlainEvent)(data, start, end)
        if not self._lazy:
            event = DecodedEvent(own)
        handler(event, self._at(stamp_of(data, start, end), now))
        return event

    def _new(self, plans: dict[bytes, Plan], name: bytes) -> Plan:
        """A kind met for the first time, that nobody wants."""
        plan = Plan(None)
        if len(plans) < MOST_KINDS:
            plans[name[:60]] = plan
        return plan

    # ── the tables ──

    def _queue_actions(self) -> dict[bytes, Handler]:
        """callcenter::info by CC-Action; `members-count` is never trusted (trap 12)."""
        visits, agents = self._floor.visits, self._floor.agents
        return {
            b"member-queue-start": visits.started,
            b"member-queue-resume": visits.resumed,
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
        uid = event.get(b"Unique-ID")
        self._floor.phones.hung_up(uid, at)
        self._floor.visits.hung_up(uid, event, at)

    def _heartbeat(self, event: Event, at: float) -> None:
        """Says which core is alive; the session looks at it."""


def _plans(handlers: Mapping[bytes, Handler]) -> dict[bytes, Plan]:
    return {name: Plan(handler, ONLY_WITH.get(name)) for name, handler in handlers.items()}


def _lacks(needle: bytes, data: bytes, start: int, front: int, end: int) -> bool:
    """Whether an event is without `needle` behind its `front` too: what tells of a channel stands before its first variable,
    which names of some thousand bytes push back."""
    return data.rfind(b"variable_", start, front) >= 0 or data.find(needle, front - len(needle), end) < 0
