"""Memory with an end: a source that invents ids is not remembered without bound, and the wall says so.

The caps are far above any floor (installations with 40,000 queues and 75,000 memberships are known). What is beyond
them is not taken in, and its source has the limit `too_many` until its next resync.
"""

from ccwall.engine.state import State
from ccwall.events import (
    AnyEvent,
    AttemptEvent,
    ContactCleared,
    ContactEvent,
    ContactRefused,
    DeviceId,
    DeviceStateChanged,
    QueueId,
    SeatId,
)

MOST_CONTACTS = 100_000
"""Of one day in memory, at about 1 KB each. Beyond it the oldest closed ones go; the counts keep them."""
MOST_ATTEMPTS = 100_000
"""Outbound, of one day in memory. Beyond it the oldest that are over go, then the oldest that were never dialled."""
MOST_QUEUES = 50_000
MOST_AGENTS = 100_000
MOST_DEVICES = 200_000
MOST_SEATS = 100_000
MOST_SENSORS = 16
"""Sources that watch one seat."""
MOST_MEMBERSHIPS = 5_000
"""Of one person."""
MOST_PHONES = 100
"""Of one person; and as many devices that are not the ACD's own."""
MOST_ALERTING = 500
"""Phones that ring for one contact."""

TOO_MANY = "too_many"


def is_crowded(state: State) -> bool:
    """Whether a fact may have to be turned away; asked for every fact."""
    return (
        len(state.contacts) >= MOST_CONTACTS
        or len(state.queues) >= MOST_QUEUES
        or len(state.agents) >= MOST_AGENTS
        or len(state.attempts) >= MOST_ATTEMPTS
        or len(state.devices) >= MOST_DEVICES
        or len(state.gear) >= MOST_DEVICES
        or len(state.seats) >= MOST_SEATS
    )


def has_room(state: State, event: AnyEvent) -> bool:
    """Whether what this fact would make us remember can be remembered."""
    queue: QueueId | None = getattr(event, "queue", None)
    if queue and queue not in state.queues and len(state.queues) >= MOST_QUEUES:
        return False
    agent = getattr(event, "agent", None)
    if agent and agent not in state.agents and len(state.agents) >= MOST_AGENTS:
        return False
    seat: SeatId | None = getattr(event, "seat", None)
    if seat and seat not in state.seats and len(state.seats) >= MOST_SEATS:
        return False
    device: DeviceId | None = getattr(event, "device", None)
    if not device or device in state.gear:
        pass
    elif len(state.gear) >= MOST_DEVICES and device not in state.devices:
        return False
    elif device not in state.devices and len(state.devices) >= MOST_DEVICES:
        known = state.agents.get(agent) if agent else None
        return isinstance(event, DeviceStateChanged) and known is not None and device in known.phones
    if isinstance(event, ContactEvent) and not isinstance(event, ContactRefused | ContactCleared):
        return event.contact in state.contacts or len(state.contacts) < MOST_CONTACTS or _forget_oldest(state)
    if isinstance(event, AttemptEvent):
        return (
            event.attempt in state.attempts or len(state.attempts) < MOST_ATTEMPTS or _forget_attempts(state)
        )
    return True


def _forget_attempts(state: State) -> bool:
    """The oldest that nobody is talking in; False when there are none."""
    idle = [a for a in state.attempts.values() if not a.talking]
    idle.sort(key=lambda attempt: attempt.ended is None)
    for attempt in idle[: MOST_ATTEMPTS // 100]:
        del state.attempts[attempt.id]
    return bool(idle)


def _forget_oldest(state: State) -> bool:
    """Room for one more, by the oldest closed visits; False when all are open. Looked for only after one was closed."""
    if state.all_open:
        return False
    surplus = MOST_CONTACTS // 100
    gone = []
    for contact in state.contacts.values():
        if not contact.is_waiting and not contact.is_talking:
            gone.append(contact.id)
            if len(gone) >= surplus:
                break
    for id in gone:
        del state.contacts[id]
        state.cut.pop(id, None)
    state.all_open = not gone
    return bool(gone)
