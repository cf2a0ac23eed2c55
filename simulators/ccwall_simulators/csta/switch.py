"""A CSTA switch with an ACD on a simulated floor. The contract is `far_end.FarEnd`."""

from collections.abc import Callable, Mapping, Sequence
from random import Random

import msgspec

from ccwall_adapters.csta_xml.reading import Element, connection, device, number
from ccwall_adapters.csta_xml.writing import leaf, tag
from ccwall_simulators.callcentre import happening as h
from ccwall_simulators.callcentre.contract import Floor, Visit
from ccwall_simulators.timers import Timers

from .agents import Agents, phone_of
from .calls import Calls
from .connection import CstaConnection
from .saying import Saying
from .table import Call
from .variant import PLAIN, Variant

SHORTEST_OUTAGE = 1.0
"""Seconds: call ids begin with the second, and a switch does not start in less."""
FIRST_GROUP = 6001
PACE = 100.0
"""Floor seconds in a real one, at most: what is measured of the link is real, and nobody tells the switch how fast its floor is."""


def group_of(place: int) -> str:
    """The number of the ACD group of the floor's first, second, … queue."""
    return str(FIRST_GROUP + place)


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """The truth of one visit with the call id under which it was seen."""

    call: str
    visit: Visit


class CstaSwitch:
    """Same floor, seed and calls of its methods: same bytes, in whatever steps it advances.

    `groups`: the number of each queue's ACD group; `phones`: all extensions. `pace`: see PACE; link timers are multiplied by it.
    """

    def __init__(
        self, floor: Floor, *, start: float, seed: int = 0, variant: Variant = PLAIN, pace: float = PACE
    ) -> None:
        self._floor, self._variant, self._pace = floor, variant, pace
        self._timers = Timers(min(floor.now, start))
        self._saying = Saying(variant)
        self._dice = Random(f"{seed} csta")
        self.groups = {queue.name: group_of(place) for place, queue in enumerate(floor.queues())}
        self._agents = Agents(floor, self._saying, self.groups)
        self._calls = Calls(floor, self._saying, self._agents, self._timers, self.groups, variant)
        self._clients: list[CstaConnection] = []
        self._up, self._boots = True, 0.0
        self._dark: set[str] = set()
        self._handlers: Mapping[type[h.Happening], Callable[..., None]] = {
            **self._calls.handlers,
            h.PauseChanged: self._paused,
            h.MemberAdded: self._added,
            h.MemberRemoved: self._removed,
            h.DeviceChanged: self._device,
        }
        self._start()
        self.advance(start)

    # ── the contract ──

    @property
    def floor(self) -> Floor:
        return self._floor

    @property
    def now(self) -> float:
        return self._timers.now

    @property
    def is_up(self) -> bool:
        return self._up

    @property
    def phones(self) -> Sequence[str]:
        return sorted({phone_of(name) for name in self._floor.devices() if not name.startswith("Local/")})

    def advance(self, to: float) -> None:
        if not self._up and self._boots <= to:
            self._live(self._boots)
            self._up = True
            self._start()
        self._live(to)

    def connect(self) -> CstaConnection:
        if not self._up:
            raise ConnectionRefusedError("the simulated switch is down")
        client = CstaConnection(self, self._saying, self._timers, self._variant, self._pace)
        self._clients.append(client)
        self._saying.listeners.append(client)
        return client

    def restart(self, down: float, *, clean: bool) -> None:
        if not self._up:
            return
        for client in list(self._clients):
            if clean:
                client.say("SystemStatus", leaf("systemStatus", "disabled"))
            client.hang_up()
        self._up = False
        self._timers.clear()
        down = max(down, SHORTEST_OUTAGE)
        self._floor.restart(down)
        self._boots = self.now + down

    def reload(self) -> None:
        """Groups were administered anew; monitors of one phone are lost with it, which is told."""
        if self._up:
            self._floor.reload()
            self._agents.reload()
            watched = self._dice.choice(self.phones)
            for client in self._clients:
                client.stop_monitors(watched)

    def reset_statistics(self) -> None:
        """CSTA has none."""

    def flood(self, events: int) -> None:
        """Displays that change: true, and of no use."""
        phones = self.phones
        for _ in range(events if self._up and self._clients else 0):
            phone = self._dice.choice(phones)
            text = leaf("contentsOfDisplay", f"{self.now:.0f}")
            self._saying.tell("DisplayUpdated", (phone,), self._saying.subject("device", phone), text)

    def products(self) -> Sequence[str]:
        return (f"CSTA III {self._variant.edition}",)

    def visits(self) -> Sequence[Seen]:
        """The truth; visits while the switch was down are left out."""
        seen = self._calls.seen
        return [
            Seen(call=seen[visit.visit], visit=visit) for visit in self._floor.visits() if visit.visit in seen
        ]

    def __repr__(self) -> str:
        return f"<CstaSwitch {'up' if self._up else 'down'} at {self.now:.3f}, {len(self._clients)} clients>"

    # ── what its connections ask of it ──

    def has(self, device: str) -> bool:
        wanted = number(device)
        return wanted in self.phones or (self._variant.queued_events and wanted in self.groups.values())

    def forget(self, client: CstaConnection) -> None:
        self._clients.remove(client)
        self._saying.listeners.remove(client)

    def answer(self, client: CstaConnection, request: Element) -> bytes:
        self._tell(self.now)
        match request.name:
            case "SnapshotDevice" | "GetAgentState" | "SetAgentState":
                about = device(request.child("snapshotObject", "device"))
                if not self.has(about):
                    return client.refuse("operation", "invalidDeviceID")
                if request.name == "SnapshotDevice":
                    return self._snapshot_device(about)
                if request.name == "GetAgentState":
                    return self._saying.message("GetAgentStateResponse", self._agents.listed(about))
                return self._set_agent(client, about, request)
            case "SnapshotCall":
                found = connection(request.child("snapshotObject"))
                call = self._calls.table.by_id(found.call) if found else None
                return self._snapshot_call(call) if call else client.refuse("operation", "invalidCallID")
            case _:
                return client.refuse("operation", "generic")

    def _snapshot_device(self, about: str) -> bytes:
        items = [
            tag(
                "snapshotDeviceResponseInfo",
                self._saying.connection("connectionIdentifier", call, about),
                tag(
                    "localCallState",
                    tag("compoundCallState", leaf("localConnectionState", call.parties[about])),
                ),
            )
            for call in self._calls.table.at(about)
        ]
        data = tag("crossRefIDorSnapshotData", tag("snapshotData", *items))
        return self._saying.message("SnapshotDeviceResponse", data)

    def _snapshot_call(self, call: Call) -> bytes:
        items = [
            tag(
                "snapshotCallResponseInfo",
                self._saying.subject("deviceOnCall", party),
                self._saying.connection("callIdentifier", call, party),
                leaf("localConnectionState", state),
            )
            for party, state in call.parties.items()
        ]
        data = tag("crossRefIDorSnapshotData", tag("snapshotData", *items))
        return self._saying.message("SnapshotCallResponse", data, self._saying.parties(call))

    def _set_agent(self, client: CstaConnection, phone: str, request: Element) -> bytes:
        """Ready and not ready; of one group when it is named."""
        wanted, group = request.within("requestedAgentState"), number(request.within("group"))
        if wanted not in ("ready", "notReady"):
            return client.refuse("operation", "invalidAgentState")
        queues = {queue for queue, at in self.groups.items() if group in ("", at)}
        interfaces = dict.fromkeys(
            (interface, queue)
            for (at, queue), post in self._agents.posts.items()
            if at == phone and queue in queues
            for interface in post.paused
        )
        if not interfaces:
            return client.refuse("stateIncompatibility", "invalidDeviceState")
        for interface, queue in interfaces:
            self._floor.pause(interface, wanted == "notReady", "", queue)
        self._tell(self.now)
        return self._saying.message("SetAgentStateResponse")

    # ── happenings ──

    def _live(self, to: float) -> None:
        if to >= self.now:
            self._tell(to)
            self._timers.run(to)

    def _tell(self, to: float) -> None:
        for happened in self._floor.advance(to):
            self._timers.run(happened.t)
            handler = self._handlers.get(type(happened))
            if handler is not None and self._up:
                handler(happened)

    def _start(self) -> None:
        self._calls.start(self.now)
        self._agents.start()
        self._dark = {
            phone_of(name) for name, state in self._floor.devices().items() if state == "unavailable"
        }

    def _paused(self, happened: h.PauseChanged) -> None:
        self._agents.paused(
            happened.queue, happened.interface, happened.paused, happened.reason, automatic=happened.automatic
        )

    def _added(self, happened: h.MemberAdded) -> None:
        self._agents.added(happened.queue, happened.interface, happened.agent, happened.paused)

    def _removed(self, happened: h.MemberRemoved) -> None:
        self._agents.removed(happened.queue, happened.interface)

    def _device(self, happened: h.DeviceChanged) -> None:
        """Only that a phone comes and goes; what it does is told by its calls."""
        if happened.device.startswith("Local/"):
            return
        phone, gone = phone_of(happened.device), happened.state == "unavailable"
        if gone != (phone in self._dark):
            (self._dark.add if gone else self._dark.discard)(phone)
            event = "OutOfService" if gone else "BackInService"
            self._saying.tell(event, (phone,), self._saying.subject("device", phone), cause="normal")
