"""Who is a member of which queue, who is paused, and what the phones say.

A member is (queue, interface); a person is whoever the directory finds behind the state interface. One pause of one
person comes as one event per queue; one device change as one event per queue plus a DeviceStateChange, in any order.
"""

from dataclasses import dataclass

from ccwall.adapter import Directory
from ccwall.errors import ProtocolError
from ccwall.events import (
    AgentId,
    AgentLoggedOff,
    AgentLoggedOn,
    AgentMembershipChanged,
    AgentNotReady,
    AgentReady,
    AnyEvent,
    DeviceId,
    DeviceStateChanged,
    PhoneState,
    QueueDescribed,
    QueueId,
)

from .frame import Message, number

DEVICE_STATES: dict[str, PhoneState] = {
    "UNKNOWN": "unknown",
    "NOT_INUSE": "idle",
    "INUSE": "in_use",
    "BUSY": "busy",
    "INVALID": "invalid",
    "UNAVAILABLE": "unavailable",
    "RINGING": "ringing",
    "RINGINUSE": "ringing_in_use",
    "ONHOLD": "on_hold",
}
MEMBER_STATUS: dict[str, PhoneState] = {str(code): state for code, state in enumerate(DEVICE_STATES.values())}
"""QueueMemberStatus.Status: AST_DEVICE_UNKNOWN 0 … AST_DEVICE_ONHOLD 8 (asterisk-notes 16)."""

AUTOPAUSE = "Auto-Pause"
"""The only sign of an automatic pause is this reason (asterisk-notes 26)."""


MOST_MEMBERS = 200_000
"""Memberships; installations with 75,000 are known. More is a peer that wants our memory."""


@dataclass(slots=True)
class Member:
    """One membership, as last told."""

    queue: str
    interface: str
    agent: AgentId
    name: str
    state_interface: str
    penalty: int
    static: bool
    paused: bool
    reason: str
    paused_since: float
    heading: bytes = b""
    said: bytes = b""
    """The bytes of the last QueueMemberStatus that bear on the membership: before CallsTaken, and from Paused on."""


class Members:
    """Memory of memberships, pauses and phones of one source; facts are appended to `out`."""

    def __init__(self, directory: Directory, out: list[AnyEvent]) -> None:
        self._directory, self._out = directory, out
        self._members: dict[tuple[str, str], Member] = {}
        self._queues: dict[str, tuple[str, int]] = {}
        self._count: dict[AgentId, int] = {}
        self._agents: dict[str, AgentId] = {}
        self._devices: dict[str, PhoneState] = {}
        self._direct: set[str] = set()
        self._said: dict[bytes, Member] = {}

    def agent(self, interface: str, state_interface: str = "") -> AgentId:
        """The person behind an interface; a member's own state interface tells more than where it is called."""
        known = self._agents.get(interface)
        if known is not None and not state_interface:
            return known
        return self._directory.agent(*([key for key in (state_interface, interface) if key] or [""]))

    def find(self, queue: str, channel: str) -> Member | None:
        """The member whose phone a channel belongs to (`PJSIP/1003-00000056`, `Local/1007@from-queue-0000000b;1`)."""
        device = channel.rpartition("-")[0]
        by_phone = None
        for member in self._members.values():
            if member.queue == queue:
                if device == member.interface.removesuffix("/n"):
                    return member
                if device == member.state_interface:
                    by_phone = member
        return by_phone

    def is_one(self, channel: str) -> bool:
        """Whether the channel is of a member of any queue."""
        return channel.rpartition("-")[0] in self._agents

    def find_optimised(self, queue: str, channel: str) -> Member | None:
        """The Local member whose channels were optimised away, leaving the phone of that extension (trap 41)."""
        extension = channel.rpartition("-")[0].partition("/")[2]
        start = f"Local/{extension}@"
        for member in self._members.values():
            if (
                member.queue == queue
                and member.interface.startswith(start)
                and not member.interface.endswith("/n")
            ):
                return member
        return None

    def of(self, agent: AgentId) -> list[Member]:
        """This person's memberships."""
        return [member for member in self._members.values() if member.agent == agent]

    def native(self, queue: QueueId) -> str | None:
        """What Asterisk calls this queue; None when it has told of none that is."""
        return next((name for name in self._queues if self._directory.queue(name) == queue), None)

    def interface(self, queue: str, channel: str) -> str:
        """By which the queue called this channel."""
        member = self.find(queue, channel) or self.find_optimised(queue, channel)
        return member.interface if member else channel.rpartition("-")[0]

    def is_idle(self, member: Member) -> bool:
        return self._devices.get(member.state_interface) == "idle"

    def begin_connection(self) -> None:
        """A new connection may have other rights: learn again whether phones are told directly."""
        self._direct.clear()

    def describe(self, message: Message, at: float, *, quiet: bool) -> None:
        """QueueParams."""
        name = message.get(b"Queue")
        told = (message.get(b"Strategy"), int(number(message.get(b"Max"))))
        if self._queues.get(name) != told:
            self._queues[name] = told
            if not quiet:
                self._say_queue(name, at)

    def upsert(self, message: Message, at: float, quiet: bool = False) -> Member | None:
        """QueueMember, QueueMemberAdded, QueueMemberStatus, QueueMemberPause, QueueMemberPenalty …: all say all."""
        queue, interface = message.get(b"Queue"), message.first(b"Interface", b"Location")
        if not interface:
            return None
        state_interface = message.get(b"StateInterface") or interface
        paused = message.get(b"Paused") == "1"
        known = self._members.get((queue, interface))
        if known is not None:
            self._said.pop(known.heading, None)
        since = number(message.get(b"LastPause")) if paused else 0.0
        member = Member(
            queue=queue,
            interface=interface,
            agent=self.agent(interface, state_interface),
            name=message.first(b"MemberName", b"Name") or interface,
            state_interface=state_interface,
            penalty=int(number(message.get(b"Penalty"))),
            static=message.get(b"Membership") == "static",
            paused=paused,
            reason=message.first(b"PausedReason", b"Reason") if paused else "",
            paused_since=since if 0.0 < since <= at else at,
        )
        if known is not None and known.agent != member.agent:  # by another state interface, after a reload
            self._remove((queue, interface), at, quiet=quiet)
            known = None
        if known is None and len(self._members) >= MOST_MEMBERS:
            raise ProtocolError(f"more than {MOST_MEMBERS:,} members of queues: no PBX has so many")
        self._members[queue, interface] = member
        self._agents[interface] = self._agents[state_interface] = member.agent
        if known is None:
            self._count[member.agent] = self._count.get(member.agent, 0) + 1
        if not quiet:
            self._say_difference(known, member, at)
        if state_interface not in self._direct:
            self._phone(
                state_interface, MEMBER_STATUS.get(message.get(b"Status"), "unknown"), at, quiet=quiet
            )
        return member

    def status(self, message: Message, at: float) -> None:
        """QueueMemberStatus: by far the commonest, and mostly only the phone's state in it is new."""
        said = message.around(b"CallsTaken", b"Paused")
        known = self._said.get(said[0]) if said is not None else None
        if said is None or known is None or known.said != said[1]:
            self._said_by(said, self.upsert(message, at))
        elif known.state_interface not in self._direct:
            status = MEMBER_STATUS.get(message.get(b"Status"), "unknown")
            self._phone(known.state_interface, status, at, quiet=False)

    def told(self, message: Message, at: float) -> None:
        """QueueMemberAdded, QueueMemberPenalty, QueueMemberRinginuse."""
        self.upsert(message, at)

    def _said_by(self, said: tuple[bytes, bytes] | None, member: Member | None) -> None:
        """Remember by which bytes a membership was told last, until it is told otherwise."""
        if said is not None and member is not None:
            member.heading, member.said = said
            self._said[member.heading] = member

    def paused(self, message: Message, at: float) -> None:
        """QueueMemberPause, said again even when nothing changed: pausing twice renews the reason (note 25)."""
        known = self._members.get((message.get(b"Queue"), message.first(b"Interface", b"Location")))
        was = known is not None and known.paused
        self.upsert(message, at)
        member = self._members.get((message.get(b"Queue"), message.first(b"Interface", b"Location")))
        if (
            was
            and member is not None
            and member.paused
            and known is not None
            and known.reason == member.reason
        ):
            self._say_pause(member, at)

    def removed(self, message: Message, at: float) -> None:
        self._remove((message.get(b"Queue"), message.first(b"Interface", b"Location")), at)

    def keep_only(self, seen: set[tuple[str, str]], queues: set[str], at: float, *, quiet: bool) -> None:
        """A whole snapshot has been read: who was not in it is gone (silent reloads, asterisk-notes 38)."""
        for key in [key for key in self._members if key not in seen]:
            self._remove(key, at, quiet=quiet)
        for name in [name for name in self._queues if name not in queues]:
            del self._queues[name]

    def device(self, message: Message, at: float, *, quiet: bool = False) -> None:
        """DeviceStateChange; pseudo devices (`Queue:consult_avail`) are not phones (asterisk-notes 23)."""
        device = message.get(b"Device")
        if device.startswith("Queue:"):
            return
        self._direct.add(device)
        self._phone(device, DEVICE_STATES.get(message.get(b"State"), "unknown"), at, quiet=quiet)

    def say_all(self, at: float) -> None:
        """Everything that is true, for a resync."""
        for name in self._queues:
            self._say_queue(name, at)
        phones = dict.fromkeys(member.state_interface for member in self._members.values())
        said: set[AgentId] = set()
        for member in self._members.values():
            if member.agent not in said:
                said.add(member.agent)
                self._say_logged_on(member, at)
            self._say_membership(member, at)
            self._say_pause(member, member.paused_since if member.paused else at)
        for device in phones:
            if device in self._devices:
                self._say_device(device, at)

    # ── what is said ──

    def _say_queue(self, name: str, at: float) -> None:
        strategy, capacity = self._queues[name]
        queue = self._directory.queue(name)
        self._out.append(QueueDescribed(at=at, queue=queue, name=name, strategy=strategy, capacity=capacity))

    def _say_difference(self, known: Member | None, member: Member, at: float) -> None:
        if known is None and self._count[member.agent] == 1:
            self._say_logged_on(member, at)
        if known is None or (known.name, known.penalty) != (member.name, member.penalty):
            self._say_membership(member, at)
        if known is None or (known.paused, known.reason) != (member.paused, member.reason):
            self._say_pause(member, at)

    def _say_logged_on(self, member: Member, at: float) -> None:
        device = DeviceId(self._directory.own(member.state_interface))
        self._out.append(AgentLoggedOn(at=at, agent=member.agent, name=member.name, device=device))

    def _say_membership(self, member: Member, at: float, *, gone: bool = False) -> None:
        self._out.append(
            AgentMembershipChanged(
                at=at,
                agent=member.agent,
                queue=self._directory.queue(member.queue),
                member=not gone,
                name=member.name,
                interface=member.interface,
                penalty=member.penalty,
                static=member.static,
            )
        )

    def _say_pause(self, member: Member, at: float) -> None:
        queue = self._directory.queue(member.queue)
        if not member.paused:
            self._out.append(AgentReady(at=at, agent=member.agent, queue=queue, interface=member.interface))
            return
        self._out.append(
            AgentNotReady(
                at=at,
                agent=member.agent,
                queue=queue,
                interface=member.interface,
                reason=member.reason,
                automatic=member.reason == AUTOPAUSE,
            )
        )

    def _remove(self, key: tuple[str, str], at: float, *, quiet: bool = False) -> None:
        member = self._members.pop(key, None)
        if member is None:
            return
        self._said.pop(member.heading, None)
        self._count[member.agent] -= 1
        last = self._count[member.agent] == 0
        if last:
            del self._count[member.agent]
        if quiet:
            return
        self._say_membership(member, at, gone=True)
        if last:
            self._out.append(AgentLoggedOff(at=at, agent=member.agent))

    def _phone(self, device: str, state: PhoneState, at: float, *, quiet: bool) -> None:
        if self._devices.get(device) == state:
            return
        if device not in self._devices and len(self._devices) >= 50_000:
            return  # a PBX with more phones than any floor has people: do not let it fill our memory
        self._devices[device] = state
        if not quiet and device in self._agents:
            self._say_device(device, at)

    def _say_device(self, device: str, at: float) -> None:
        key = DeviceId(self._directory.own(device))
        self._out.append(
            DeviceStateChanged(at=at, device=key, state=self._devices[device], agent=self._agents.get(device))
        )
