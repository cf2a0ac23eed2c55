"""The queues of app_queue and their members: who is there, who waits, and the events about members and phones."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ccwall_simulators.callcentre.contract import Floor, QueueState
from ccwall_simulators.callcentre.contract import Member as FloorMember
from ccwall_simulators.timers import Timers

from .channel import Channel
from .speaker import Speaker, lines
from .statistics import Statistics

AUTOPAUSE = "Auto-Pause"
UNKNOWN, IDLE, IN_USE, UNAVAILABLE, RINGING, RINGING_IN_USE = 0, 1, 2, 5, 6, 7
STATUS = {
    "unknown": UNKNOWN,
    "idle": IDLE,
    "in_use": IN_USE,
    "unavailable": UNAVAILABLE,
    "ringing": RINGING,
    "ringing_in_use": RINGING_IN_USE,
}
DEVICE_STATES = {
    UNKNOWN: "UNKNOWN",
    IDLE: "NOT_INUSE",
    IN_USE: "INUSE",
    UNAVAILABLE: "UNAVAILABLE",
    RINGING: "RINGING",
    RINGING_IN_USE: "RINGINUSE",
}
HINTS = {
    UNKNOWN: ("4", "Unavailable"),
    IDLE: ("0", "Idle"),
    IN_USE: ("1", "InUse"),
    UNAVAILABLE: ("4", "Unavailable"),
    RINGING: ("8", "Ringing"),
    RINGING_IN_USE: ("9", "InUse&Ringing"),
}


def extension(device: str) -> str:
    """``1003`` of ``PJSIP/1003`` and of ``Local/1003@from-queue/n``."""
    return device.partition("/")[2].partition("@")[0]


def phone_of(interface: str) -> str:
    """What rings on the desk of a member with this interface."""
    return f"PJSIP/{extension(interface)}" if interface.startswith("Local/") else interface


def is_optimised(interface: str) -> bool:
    """A Local member without ``/n``: it has no phone's state, and is swapped out of the call (asterisk-notes 20, 41)."""
    return interface.startswith("Local/") and not interface.endswith("/n")


@dataclass(slots=True, eq=False, kw_only=True)
class Membership:
    """`phone` is what rings on the desk, `state_interface` what the queue looks at: the phone, or a Local channel of its
    own. `bridged`: when the call that will be counted began; 0 is none, or one that will never be counted."""

    queue: str
    interface: str
    agent: str
    phone: str
    state_interface: str
    name: str
    penalty: int = 0
    static: bool = True
    paused: bool = False
    reason: str = ""
    paused_at: float = 0.0
    calls_taken: int = 0
    last_call: float = 0.0
    login: float = 0.0
    in_call: bool = False
    bridged: float = 0.0
    in_time: bool = False


@dataclass(slots=True, eq=False)
class Entry:
    """One who waits."""

    channel: Channel
    visit: int
    queued: float
    position: int
    priority: int


@dataclass(slots=True, eq=False)
class Queue:
    name: str
    strategy: str
    capacity: int
    service_level: int
    weight: int
    members: dict[str, Membership] = field(default_factory=dict)
    waiting: list[Entry] = field(default_factory=list)
    statistics: Statistics = field(default_factory=Statistics)
    has_free: bool = False


class Acd:
    """A mirror of the floor's queues, kept by its happenings, so that it is right at the instant of each of them."""

    def __init__(self, floor: Floor, speaker: Speaker, timers: Timers, *, shared_lastcall: bool) -> None:
        self._floor, self._say, self._timers = floor, speaker.event, timers
        self._shared = shared_lastcall
        self.queues: dict[str, Queue] = {}
        self.devices: dict[str, int] = {}
        self._by_state: dict[str, list[Membership]] = {}

    @property
    def now(self) -> float:
        return self._timers.now

    # ── the configuration ──

    def start(self) -> None:
        """The module is loaded: nobody waits, everything is counted from nought."""
        self.queues.clear()
        for state in self._floor.queues():
            self.queues[state.name] = _queue(state)
        self._read_members(self._floor.queues())
        for device, told in self._floor.devices().items():
            self.devices[device] = STATUS[told]
        for queue in self.queues.values():
            queue.has_free = any(map(self.is_free, queue.members.values()))

    def reload(self) -> None:
        """Silent; what was counted stays, what is being talked is forgotten to be a queue's call (asterisk-notes 17)."""
        for state in self._floor.queues():
            queue = self.queues.setdefault(state.name, _queue(state))
            queue.strategy, queue.capacity, queue.weight = state.strategy, state.capacity, state.weight
            queue.service_level = int(state.service_level)
        self._read_members(self._floor.queues())
        for membership in self.memberships():
            membership.in_call = False

    def reset_statistics(self, name: str = "") -> None:
        """Silent. A call that is going on will not be counted (asterisk-notes 7)."""
        for queue in self.queues.values():
            if name in ("", queue.name):
                queue.statistics = Statistics()
                for membership in queue.members.values():
                    membership.calls_taken, membership.last_call = 0, 0.0
                    membership.in_call, membership.bridged = False, 0.0

    def _read_members(self, states: Iterable[QueueState]) -> None:
        self._by_state.clear()
        for state in states:
            old = self.queues[state.name].members
            self.queues[state.name].members = {
                member.interface: _member(state.name, member, old.get(member.interface), self.now)
                for member in state.members
            }

    def memberships(self) -> Iterator[Membership]:
        for queue in self.queues.values():
            yield from queue.members.values()

    def find(self, queue: str, interface: str) -> Membership | None:
        return self.queues[queue].members.get(interface) if queue in self.queues else None

    def of_state(self, state_interface: str) -> list[Membership]:
        if not self._by_state:
            for membership in self.memberships():
                self._by_state.setdefault(membership.state_interface, []).append(membership)
        return self._by_state.get(state_interface, [])

    # ── waiting ──

    def join(self, name: str, entry: Entry) -> int:
        """How many wait now."""
        queue = self.queues[name]
        queue.waiting.insert(entry.position - 1, entry)
        if len(queue.waiting) == 1:
            self._device(f"Queue:{name}", "RINGING")
        return len(queue.waiting)

    def leave(self, name: str, entry: Entry) -> tuple[int, int]:
        """(the position it had, how many wait now)"""
        queue = self.queues[name]
        position = self.position(name, entry)
        queue.waiting.remove(entry)
        if not queue.waiting:
            self._device(f"Queue:{name}", "NOT_INUSE")
        return position, len(queue.waiting)

    def position(self, name: str, entry: Entry) -> int:
        return self.queues[name].waiting.index(entry) + 1

    # ── conversations ──

    def connected(self, membership: Membership, name: str, queued: float) -> int:
        """Whole seconds waited, as AgentConnect says them."""
        queue = self.queues[name]
        wait = int(self.now) - int(queued)
        queue.statistics.answered(wait)
        membership.in_call, membership.bridged = True, self.now
        membership.in_time = wait <= queue.service_level
        return wait

    def gave_up(self, name: str, queued: float) -> int:
        """Whole seconds waited by one who abandons, times out, or is sent away."""
        queue = self.queues[name]
        wait = int(self.now) - int(queued)
        queue.statistics.gave_up(in_time=wait <= queue.service_level)
        return wait

    def finished(self, membership: Membership) -> None:
        """The member's part of the call is counted, once; not at all if it was removed meanwhile (asterisk-notes 7)."""
        membership.in_call = False
        bridged, membership.bridged = membership.bridged, 0.0
        if not bridged:
            return
        of_person = [other for other in self.memberships() if other.interface == membership.interface]
        counted = of_person if self._shared else [other for other in of_person if other is membership]
        for other in counted:
            other.calls_taken += 1
            other.last_call = self.now
        if counted:
            talk = int(self.now) - int(bridged)
            self.queues[membership.queue].statistics.finished(talk, in_time=membership.in_time)

    # ── members and phones ──

    def is_free(self, membership: Membership) -> bool:
        return self.status(membership) == IDLE and not membership.paused

    def status(self, membership: Membership) -> int:
        return self.devices.get(membership.state_interface, UNKNOWN)

    def show(self, device: str, status: int) -> None:
        """A device's state, as three events in a row: the device's, its hint's, and one of every membership."""
        self.devices[device] = status
        self._device(device, DEVICE_STATES[status])
        if not device.startswith("Local/"):
            exten = extension(device)
            self._say("ExtensionStatus", "call", lines(*self.hint(device, exten)))
        for membership in self.of_state(device):
            self.say_member("QueueMemberStatus", membership)
            self._note_free(self.queues[membership.queue])

    def hint(self, device: str, exten: str) -> tuple[tuple[str, str], ...]:
        code, text = HINTS[self.devices.get(device, UNKNOWN)]
        return (
            ("Exten", exten),
            ("Context", "ext-local"),
            ("Hint", f"{device},CustomPresence:{exten}"),
            ("Status", code),
            ("StatusText", text),
        )

    def carrier(self, *, busy: bool) -> None:
        self.devices["PJSIP/carrier"] = IN_USE if busy else IDLE
        self._device("PJSIP/carrier", DEVICE_STATES[self.devices["PJSIP/carrier"]])

    def pause(self, membership: Membership, paused: bool, reason: str) -> None:
        """Pausing again begins the pause again; unpausing keeps the reason for this one event (asterisk-notes 25)."""
        membership.paused, membership.reason = paused, reason
        if paused:
            membership.paused_at = self.now
        self._say_pause_device(membership)
        self.say_member("QueueMemberPause", membership)
        if not paused:
            membership.reason = ""
        self._note_free(self.queues[membership.queue])

    def add(self, membership: Membership) -> None:
        queue = self.queues[membership.queue]
        queue.members[membership.interface] = membership
        self._by_state.clear()
        self.devices.setdefault(membership.state_interface, IDLE)
        self._say_pause_device(membership)
        self.say_member("QueueMemberAdded", membership)
        self._note_free(queue)

    def remove(self, membership: Membership) -> None:
        queue = self.queues[membership.queue]
        del queue.members[membership.interface]
        self._by_state.clear()
        self.say_member("QueueMemberRemoved", membership)
        self._note_free(queue)

    def say_member(self, kind: str, membership: Membership) -> None:
        told = (("MemberName", membership.name), ("Interface", membership.interface))
        ring_in_use = (("Ringinuse", "0"),)
        pairs = (("Queue", membership.queue), *told, *self.condition(membership, *ring_in_use))
        self._say(kind, "agent", lines(*pairs))

    def condition(self, membership: Membership, *extra: tuple[str, str]) -> tuple[tuple[str, str], ...]:
        """From StateInterface on, as events and lists have it; `extra` comes before the last."""
        return (
            ("StateInterface", membership.state_interface),
            ("Membership", "static" if membership.static else "dynamic"),
            ("Penalty", str(membership.penalty)),
            ("CallsTaken", str(membership.calls_taken)),
            ("LastCall", str(int(membership.last_call))),
            ("LastPause", str(int(membership.paused_at))),
            ("LoginTime", str(int(membership.login))),
            ("InCall", str(int(membership.in_call))),
            ("Status", str(self.status(membership))),
            ("Paused", str(int(membership.paused))),
            ("PausedReason", membership.reason),
            *extra,
            ("Wrapuptime", "0"),
        )

    def states(self) -> Iterator[tuple[str, str]]:
        """Every device with its state, for DeviceStateList."""
        for queue in self.queues.values():
            yield f"Queue:{queue.name}_avail", "NOT_INUSE" if queue.has_free else "INUSE"
            for membership in queue.members.values():
                yield _pause_device(membership), "INUSE" if membership.paused else "NOT_INUSE"
        for device, status in self.devices.items():
            if not device.startswith("Local/"):
                yield device, DEVICE_STATES[status]

    def say_device(self, device: str) -> None:
        """Its present state, once more."""
        self._device(device, DEVICE_STATES[self.devices[device]])

    def _note_free(self, queue: Queue) -> None:
        free = any(map(self.is_free, queue.members.values()))
        if free != queue.has_free:
            queue.has_free = free
            self._device(f"Queue:{queue.name}_avail", "NOT_INUSE" if free else "INUSE")

    def _say_pause_device(self, membership: Membership) -> None:
        self._device(_pause_device(membership), "INUSE" if membership.paused else "NOT_INUSE")

    def _device(self, device: str, state: str) -> None:
        self._say("DeviceStateChange", "call", lines(("Device", device), ("State", state)))


def _pause_device(membership: Membership) -> str:
    return f"Queue:{membership.queue}_pause_{membership.interface}"


def _queue(state: QueueState) -> Queue:
    return Queue(state.name, state.strategy, state.capacity, int(state.service_level), state.weight)


def _member(queue: str, member: FloorMember, known: Membership | None, now: float) -> Membership:
    """What is configured, and what was counted of it until now."""
    membership = known or Membership(
        queue=queue, interface=member.interface, agent="", phone="", state_interface="", name="", login=now
    )
    membership.agent, membership.name = member.agent, member.name
    membership.phone, membership.state_interface = member.phone or member.device, member.device
    membership.penalty, membership.static = member.penalty, member.static
    membership.paused, membership.reason = member.paused, member.reason
    membership.paused_at = member.paused_since
    return membership
