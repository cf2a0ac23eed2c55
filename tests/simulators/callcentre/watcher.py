"""Somebody who only hears what the floor tells, keeps a floor of their own by it, and objects to what cannot be."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from ccwall_simulators.callcentre.contract import DeviceState, Floor
from ccwall_simulators.callcentre.happening import (
    AgentRung,
    AnyHappening,
    CallAbandoned,
    CallAnswered,
    CallArrived,
    CallCompleted,
    CallEnded,
    CallFlowedOut,
    CallHeld,
    CallQueued,
    CallRefused,
    CallRetrieved,
    CallTransferred,
    DeviceChanged,
    MemberAdded,
    MemberRemoved,
    PauseChanged,
    PersonMoved,
    RingEnded,
    SideCallBegan,
    SideCallEnded,
)


@dataclass
class Stay:
    """One visit as it was told."""

    call: str
    queue: str
    queued: float
    priority: int
    state: str = "waiting"
    ringing: set[str] = field(default_factory=set)
    agent: str = ""
    interface: str = ""
    answered: float = 0.0
    held: bool = False


class Watcher:
    """`hear` everything in order; `compare` with what the floor says of itself."""

    def __init__(self, floor: Floor) -> None:
        self.floor = floor
        self.last = 0.0
        self.stays: dict[int, Stay] = {}
        self.alive: set[str] = set()
        self.gone: set[str] = set()
        self.lines: dict[str, list[int]] = {state.name: [] for state in floor.queues()}
        self.devices = dict(floor.devices())
        self.sides: dict[str, str] = {}
        self.transferred: set[str] = set()
        self.people: dict[str, tuple[bool, bool, bool]] = {}
        self.read_members()

    def read_members(self) -> None:
        """(queue, interface) of every member, with whether it is paused."""
        self.members = {(q.name, m.interface): m.paused for q in self.floor.queues() for m in q.members}
        self.behind = {(q.name, m.interface): m.device for q in self.floor.queues() for m in q.members}
        self.open_ring = {q.name for q in self.floor.queues() if q.ring_in_use}

    def restarted(self) -> None:
        """Everything on the line is dead, and nobody said so."""
        self.gone |= self.alive
        self.alive.clear()
        for stay in self.stays.values():
            if stay.state in {"waiting", "talking"}:
                stay.state = "lost"
        for line in self.lines.values():
            line.clear()
        self.sides.clear()
        self.transferred.clear()
        self.devices = dict(self.floor.devices())
        self.read_members()

    def hear(self, told: Iterable[AnyHappening]) -> None:
        for happening in told:
            assert happening.t >= self.last, f"time ran backwards at {happening}"
            self.last = happening.t
            getattr(self, f"hear_{type(happening).__name__}")(happening)

    # ── calls ──

    def hear_CallArrived(self, told: CallArrived) -> None:  # noqa: N802 - named after what it hears
        assert told.call not in self.alive | self.gone
        self.alive.add(told.call)

    def hear_CallEnded(self, told: CallEnded) -> None:  # noqa: N802
        self.alive.remove(told.call)
        self.gone.add(told.call)
        assert not self._open(told.call), f"{told.call} ended in the middle of a visit"

    def hear_CallRefused(self, told: CallRefused) -> None:  # noqa: N802
        assert told.call in self.alive or told.call in self.sides
        assert not self._open(told.call)

    def hear_CallQueued(self, told: CallQueued) -> None:  # noqa: N802
        assert told.call in self.alive or told.call in self.sides
        assert not self._open(told.call), f"{told.call} is in two queues"
        assert told.visit > max(self.stays, default=0)
        line = self.lines[told.queue]
        ahead = [other for other in line if self.stays[other].priority >= told.priority]
        assert told.position == len(ahead) + 1
        line.insert(told.position - 1, told.visit)
        assert told.count == len(line)
        self.stays[told.visit] = Stay(told.call, told.queue, told.t, told.priority)

    def _open(self, call: str) -> list[Stay]:
        return [s for s in self.stays.values() if s.call == call and s.state in {"waiting", "talking"}]

    def _leave(self, told: CallAbandoned | CallFlowedOut, state: str) -> None:
        stay, line = self.stays[told.visit], self.lines[told.queue]
        assert (stay.call, stay.queue, stay.state) == (told.call, told.queue, "waiting")
        assert not stay.ringing, f"{told} while a phone rings for it"
        assert told.position == line.index(told.visit) + 1
        line.remove(told.visit)
        assert told.count == len(line)
        assert told.wait == told.t - stay.queued
        stay.state = state

    def hear_CallAbandoned(self, told: CallAbandoned) -> None:  # noqa: N802
        self._leave(told, "abandoned")

    def hear_CallFlowedOut(self, told: CallFlowedOut) -> None:  # noqa: N802
        self._leave(told, "flowed_out")

    # ── ringing ──

    def hear_AgentRung(self, told: AgentRung) -> None:  # noqa: N802
        stay = self.stays[told.visit]
        assert stay.state == "waiting"
        assert self.members[told.queue, told.interface] is False, f"{told}, who is paused"
        assert told.interface not in stay.ringing
        device = self.behind[told.queue, told.interface]
        if told.queue not in self.open_ring:
            assert self.devices[device] == "idle", f"{told}, whose phone is {self.devices[device]}"
        stay.ringing.add(told.interface)

    def hear_RingEnded(self, told: RingEnded) -> None:  # noqa: N802
        stay = self.stays[told.visit]
        stay.ringing.remove(told.interface)
        assert told.ring >= 0.0
        assert told.how != "busy" or told.ring == 0.0
        if told.how == "answered":
            assert not stay.ringing, "somebody else still rings"
            stay.interface = told.interface

    def hear_CallAnswered(self, told: CallAnswered) -> None:  # noqa: N802
        stay, line = self.stays[told.visit], self.lines[told.queue]
        assert (stay.state, stay.interface, told.t) == ("waiting", told.interface, self.last)
        line.remove(told.visit)
        assert told.count == len(line)
        assert told.wait == told.t - stay.queued
        if not told.interface.startswith("Local/"):
            assert not [
                other
                for other in self.stays.values()
                if other.state == "talking"
                and other.agent == told.agent
                and not other.interface.startswith("Local/")
            ], f"{told.agent} is in two conversations"
        stay.state, stay.agent, stay.answered = "talking", told.agent, told.t

    # ── conversations ──

    def _talk(self, call: str, agent: str) -> Stay:
        (stay,) = [s for s in self.stays.values() if s.state == "talking" and s.call == call]
        assert stay.agent == agent
        return stay

    def hear_CallHeld(self, told: CallHeld) -> None:  # noqa: N802
        stay = self._talk(told.call, told.agent)
        assert not stay.held
        stay.held = True

    def hear_CallRetrieved(self, told: CallRetrieved) -> None:  # noqa: N802
        stay = self._talk(told.call, told.agent)
        assert stay.held
        stay.held = False

    def hear_CallTransferred(self, told: CallTransferred) -> None:  # noqa: N802
        self._talk(told.call, told.agent)
        assert (told.to in self.lines) == told.to_queue
        self.transferred.add(told.call)

    def hear_CallCompleted(self, told: CallCompleted) -> None:  # noqa: N802
        stay = self.stays[told.visit]
        assert (stay.state, stay.call, stay.queue, stay.agent) == (
            "talking",
            told.call,
            told.queue,
            told.agent,
        )
        assert told.talk == told.t - stay.answered
        assert told.wait == stay.answered - stay.queued
        assert (told.by == "transfer") == (told.call in self.transferred)
        self.transferred.discard(told.call)
        stay.state = "completed"

    # ── people ──

    def hear_PauseChanged(self, told: PauseChanged) -> None:  # noqa: N802
        assert (told.queue, told.interface) in self.members
        self.members[told.queue, told.interface] = told.paused

    def hear_MemberAdded(self, told: MemberAdded) -> None:  # noqa: N802
        assert (told.queue, told.interface) not in self.members
        self.members[told.queue, told.interface] = told.paused
        self.behind[told.queue, told.interface] = told.device
        unseen: DeviceState = "idle" if told.device.startswith("Local/") else "unavailable"
        self.devices.setdefault(told.device, unseen)

    def hear_MemberRemoved(self, told: MemberRemoved) -> None:  # noqa: N802
        del self.members[told.queue, told.interface]

    def hear_PersonMoved(self, told: PersonMoved) -> None:  # noqa: N802
        here = (told.at_desk, told.on_shift, told.on_break)
        assert self.people.get(told.agent) != here, f"{told} is no news"
        assert told.on_shift or not (told.at_desk or told.on_break)
        self.people[told.agent] = here

    def hear_DeviceChanged(self, told: DeviceChanged) -> None:  # noqa: N802
        assert self.devices.get(told.device) != told.state, f"{told} is no news"
        self.devices[told.device] = told.state

    def hear_SideCallBegan(self, told: SideCallBegan) -> None:  # noqa: N802
        assert told.call not in self.sides
        self.sides[told.call] = told.device

    def hear_SideCallEnded(self, told: SideCallEnded) -> None:  # noqa: N802
        assert self.sides.pop(told.call) == told.device
        assert not self._open(told.call)

    # ── in the end ──

    def compare(self) -> None:
        """What was told is what is."""
        devices = self.floor.devices()
        assert {name: self.devices[name] for name in devices} == devices
        assert {self.devices[name] for name in set(self.devices) - set(devices)} <= {"unavailable", "idle"}
        for state in self.floor.queues():
            assert [caller.visit for caller in state.waiting] == self.lines[state.name]
            assert [caller.position for caller in state.waiting] == list(range(1, len(state.waiting) + 1))
            told = {name: paused for (queue, name), paused in self.members.items() if queue == state.name}
            assert {member.interface: member.paused for member in state.members} == told
        talking = {n for n, stay in self.stays.items() if stay.state == "talking"}
        assert {talk.visit for talk in self.floor.talking()} == talking
        visits = {visit.visit: visit for visit in self.floor.visits()}
        assert list(visits) == sorted(self.stays)
        for number, stay in self.stays.items():
            self._compare(stay, visits[number].outcome, visits[number].end, visits[number].ended)

    @staticmethod
    def _compare(stay: Stay, outcome: str, end: str, ended: float | None) -> None:
        match stay.state:
            case "waiting":
                assert (outcome, ended) == ("open", None)
            case "talking":
                assert (outcome, end, ended) == ("answered", "", None)
            case "completed":
                assert outcome == "answered"
                assert end in {"caller", "agent", "transfer"}
                assert ended is not None
            case "lost":
                assert (outcome, end) in {("answered", "lost"), ("lost", "")}
                assert ended is not None
            case _:
                assert (outcome, end) == (stay.state, "")
                assert ended is not None
