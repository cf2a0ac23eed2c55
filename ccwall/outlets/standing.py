"""What stands, of a stream of facts: the facts that whoever comes late must be told to know what is true now.

Of a call that waits that it queued, of a conversation that it was answered, of a person the queues and the last state, of
a device its last words, each with the instant it had. What is over is forgotten, and so is what a source did not confirm
in its resync.
"""

from collections import OrderedDict
from collections.abc import Iterator

import msgspec

from ccwall import events
from ccwall.events import AnyEvent, SourceId

MOST = 100_000
"""Calls, people, devices and so on that are remembered; the oldest are forgotten first."""

Key = tuple[str, str, str]
"""source, kind of thing, id"""

_OVER = (
    events.ContactReleased,
    events.ContactTransferred,
    events.ContactAbandoned,
    events.ContactFlowedOut,
    events.ContactRefused,
    events.ContactCleared,
    events.ContactLost,
    events.ContactCallbackRequested,
)
_HEADSET = ("docked", "muted", "battery", "worn", "connected", "volume")
_CONFIRMED = ("contact", "attempt", "agent")


class Thing:
    """The last fact in each respect, in the order they were told. ``epoch``: in which resync of its source it was last heard."""

    __slots__ = ("epoch", "said")

    def __init__(self) -> None:
        self.said: dict[str, AnyEvent] = {}
        self.epoch = 0

    def say(self, respect: str, event: AnyEvent) -> None:
        self.said.pop(respect, None)
        self.said[respect] = event

    def unsay(self, beginning: str) -> None:
        for respect in [each for each in self.said if each.startswith(beginning)]:
            del self.said[respect]


class Standing:
    """`heard` every fact in order; `facts` are those that stand."""

    def __init__(self) -> None:
        self._things: OrderedDict[Key, Thing] = OrderedDict()
        self._epochs: dict[str, int] = {}
        self._down: dict[str, AnyEvent] = {}

    def __len__(self) -> int:
        return len(self._things)

    def facts(self) -> Iterator[tuple[SourceId, AnyEvent]]:
        for key, thing in self._things.items():
            for event in thing.said.values():
                yield SourceId(key[0]), event
        for source, down in self._down.items():
            yield SourceId(source), down

    def heard(self, source: SourceId, event: AnyEvent) -> None:
        match event:
            case events.ContactEvent():
                self._contact(source, event)
            case events.AttemptEvent():
                over = isinstance(event, events.AttemptFailed | events.AttemptCompleted)
                self._keep(source, "attempt", event.attempt, "" if over else "state", event)
            case events.AgentEvent():
                self._agent(source, event)
            case events.QueueDescribed() | events.QueueDeclared():
                self._keep(source, "queue", event.queue, type(event).__name__, event)
            case events.DeviceSeen() | events.DeviceStateChanged():
                self._keep(source, "device", event.device, type(event).__name__, event)
            case events.DeviceHeadset():
                self._headset(source, event)
            case events.DeviceFault():
                thing = self._thing((source, "device", event.device))
                thing.unsay(f"fault {event.fault}")
                if not event.cleared:
                    thing.say(f"fault {event.fault}", event)
            case events.SeatOccupied() | events.SeatVacated():
                self._keep(source, "seat", event.seat, "seat", event)
            case events.SeatSensor():
                self._keep(source, "seat", event.seat, "sensor", event)
            case _:
                self._source(source, event)

    def forget(self, source: SourceId) -> None:
        """All of that source."""
        for key in [key for key in self._things if key[0] == source]:
            del self._things[key]

    def _thing(self, key: Key) -> Thing:
        thing = self._things.get(key)
        if thing is None:
            thing = self._things[key] = Thing()
            if len(self._things) > MOST:
                self._things.popitem(last=False)
        thing.epoch = self._epochs.get(key[0], 0)
        return thing

    def _keep(self, source: SourceId, kind: str, id: str, respect: str, event: AnyEvent) -> None:
        """Without a respect in which it stands, the thing is over."""
        if respect:
            self._thing((source, kind, id)).say(respect, event)
        else:
            self._things.pop((source, kind, id), None)

    def _contact(self, source: SourceId, event: events.ContactEvent) -> None:
        key = (source, "contact", event.contact)
        if isinstance(event, _OVER):
            self._things.pop(key, None)
        elif isinstance(event, events.ContactQueued):
            self._thing(key).say("queued", event)
        elif key in self._things:
            self._goes_on(self._thing(key), event)

    @staticmethod
    def _goes_on(thing: Thing, event: events.ContactEvent) -> None:
        match event:
            case events.ContactAlerting():
                thing.say(f"alerting {event.agent}", event)
            case events.ContactNotAnswered():
                thing.unsay(f"alerting {event.agent}")
            case events.ContactAnswered():
                thing.unsay("alerting ")
                thing.say("answered", event)
            case events.ContactHeld():
                thing.say("held", event)
            case events.ContactRetrieved():
                thing.unsay("held")
            case _:
                pass

    def _agent(self, source: SourceId, event: events.AgentEvent) -> None:
        key = (source, "agent", event.agent)
        if isinstance(event, events.AgentLoggedOff):
            self._things.pop(key, None)
            return
        thing = self._thing(key)
        match event:
            case events.AgentLoggedOn():
                thing.say("logged_on", event)
            case events.AgentMembershipChanged():
                respect = f"member {event.queue} {event.interface}"
                thing.unsay(respect)
                if event.member:
                    thing.say(respect, event)
                else:
                    thing.unsay(f"state {event.queue} ")
            case events.AgentReady() | events.AgentNotReady():
                thing.unsay("work")
                if event.queue is None:
                    thing.unsay("state ")
                thing.say(f"state {event.queue or ''} {event.interface}", event)
            case events.AgentBusy() | events.AgentWorkingAfterCall():
                thing.say("work", event)
            case _:
                pass

    def _headset(self, source: SourceId, event: events.DeviceHeadset) -> None:
        """Each word of it is as old as it is."""
        thing = self._thing((source, "device", event.device))
        for respect in _HEADSET:
            if (value := getattr(event, respect)) is not None:
                others = dict.fromkeys(_HEADSET)
                thing.say(f"headset {respect}", msgspec.structs.replace(event, **{**others, respect: value}))

    def _source(self, source: SourceId, event: AnyEvent) -> None:
        match event:
            case events.SourceDown():
                self._down.setdefault(source, event)
            case events.SourceResyncStarted():
                self._epochs[source] = self._epochs.get(source, 0) + 1
            case events.SourceResyncFinished():
                self._down.pop(source, None)
                epoch = self._epochs.get(source, 0)
                for key in [key for key, thing in self._things.items() if key[0] == source]:
                    if key[1] in _CONFIRMED and self._things[key].epoch != epoch:
                        del self._things[key]
            case _:
                pass
