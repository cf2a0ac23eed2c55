"""A CSTA switch in a test: says what it is told to say, message by message."""

from typing import TypeVar

from ccwall.adapter import Directory, Known, Mode
from ccwall.events import AnyEvent
from ccwall_adapters.csta_xml import CstaSession, CstaSettings
from ccwall_adapters.csta_xml.frame import EVENT, Frames, framed
from ccwall_adapters.csta_xml.reading import Element, device, read
from ccwall_adapters.csta_xml.writing import NAMESPACE, leaf, tag
from ccwall_simulators.csta import Variant
from tests.adapters.contract import NOW, PlainDirectory
from tests.simulators.csta.loop import Loop

SETTINGS = CstaSettings(devices=("3001", "3002"), groups={"6001": "consult", "6002": "promo"}, session=0)
CALLER = "13800138000"

E = TypeVar("E", bound=AnyEvent)


def party(name: str, number: str) -> str:
    return tag(name, leaf("deviceIdentifier", f"N<{number}>;noa=nk") if number else tag("notKnown"))


def connection(name: str, call: str, where: str) -> str:
    return tag(name, leaf("callID", call), leaf("deviceID", where))


class Switch:
    """A live session that is let in, unless `accept` is False, and a clock that the test moves."""

    def __init__(
        self,
        mode: Mode = "live",
        *,
        accept: bool = True,
        settings: CstaSettings = SETTINGS,
        directory: Directory | None = None,
        unknown: tuple[str, ...] = (),
    ) -> None:
        self.settings = settings
        self.session = CstaSession(settings, directory or PlainDirectory(), mode)
        self.now = NOW
        self.facts: list[AnyEvent] = []
        self.unknown = unknown
        self.asked: list[tuple[int, Element]] = []
        self.calls: dict[str, list[tuple[str, str]]] = {}
        """what a snapshot of a device says: (call, state)"""
        self.parties: dict[str, tuple[dict[str, str], str, str]] = {}
        """what a snapshot of a call says: parties, caller, called"""
        self.agents: dict[str, list[tuple[str, str, str]]] = {}
        """what is said of the agent at a phone: (login, group, state)"""
        self.deaf = False
        self._monitors = 0
        if accept:
            self.connect()

    def connect(self) -> None:
        self.facts += self.session.open(self.now)
        self.serve()

    def serve(self) -> None:
        """Answer what is asked, until nothing more is."""
        while True:
            frames = Frames().feed(self.session.outgoing())
            if not frames:
                return
            for invoke, xml in frames:
                message = read(xml)
                assert message is not None
                self.asked.append((invoke, message))
                answer = None if self.deaf else self._answer(message)
                if answer is not None:
                    self.raw(framed(invoke, answer))

    def _answer(self, message: Element) -> bytes | None:
        about = device(message.child("monitorObject", "snapshotObject", "device"))
        if about in self.unknown:
            return self.xml("CSTAErrorCode", leaf("operation", "invalidDeviceID"))
        match message.name:
            case "MonitorStart":
                self._monitors += 1
                return self.xml(
                    "MonitorStartResponse", leaf("monitorCrossRefID", f"M{about}/{self._monitors}")
                )
            case "SnapshotDevice":
                items = [
                    tag(
                        "snapshotDeviceResponseInfo",
                        connection("connectionIdentifier", call, about),
                        tag("localCallState", tag("compoundCallState", leaf("localConnectionState", state))),
                    )
                    for call, state in self.calls.get(about, ())
                ]
                return self.xml(
                    "SnapshotDeviceResponse", tag("crossRefIDorSnapshotData", tag("snapshotData", *items))
                )
            case "SnapshotCall":
                return self._snapshot_call(message.within("snapshotObject", "callID"))
            case "GetAgentState":
                return self._agent_state(about)
            case "RequestSystemStatus":
                return self.xml("RequestSystemStatusResponse", leaf("systemStatus", "normal"))
            case "SetAgentState":
                return self.xml("SetAgentStateResponse")
            case _:
                return None

    def _snapshot_call(self, call: str) -> bytes:
        if call not in self.parties:
            return self.xml("CSTAErrorCode", leaf("operation", "invalidCallID"))
        parties, caller, called = self.parties[call]
        items = [
            tag(
                "snapshotCallResponseInfo",
                party("deviceOnCall", where),
                connection("callIdentifier", call, where),
                leaf("localConnectionState", state),
            )
            for where, state in parties.items()
        ]
        data = tag("crossRefIDorSnapshotData", tag("snapshotData", *items))
        return self.xml(
            "SnapshotCallResponse", data, party("callingDevice", caller), party("calledDevice", called)
        )

    def _agent_state(self, phone: str) -> bytes:
        entries = [
            tag(
                "agentStateEntry",
                leaf("agentID", login),
                leaf("loggedOnState", "true"),
                tag("agentInfo", tag("agentInfoItem", party("acdGroup", group), leaf("agentState", state))),
            )
            for login, group, state in self.agents.get(phone, ())
        ]
        return self.xml("GetAgentStateResponse", tag("agentStateList", *entries))

    def xml(self, name: str, *inner: str) -> bytes:
        return f'<{name} xmlns="{NAMESPACE}ed4">{"".join(inner)}</{name}>'.encode()

    def raw(self, data: bytes) -> None:
        self.facts += self.session.receive(data, self.now)

    def ask(self, name: str, *inner: str, invoke: int = 7) -> list[Element]:
        """A request of the switch's; what the session answers."""
        self.raw(framed(invoke, self.xml(name, *inner)))
        answers = [(at, read(xml)) for at, xml in Frames().feed(self.session.outgoing())]
        assert all(at == invoke for at, _ in answers)
        return [message for _, message in answers if message is not None]

    def event(self, name: str, *inner: str, at: str = "", cause: str = "", local: str = "") -> None:
        """`at`: the device whose monitor hears it."""
        head = leaf("monitorCrossRefID", self._reference(at))
        tail = leaf("localConnectionInfo", local) if local else ""
        tail += leaf("cause", cause) if cause else ""
        self.raw(framed(EVENT, self.xml(name + "Event", head, *inner, tail)))

    def _reference(self, at: str) -> str:
        found = [f"M{at}/{number}" for number in range(self._monitors + 1)]
        return next((one for one in reversed(found) if one in self.session.monitors), "M?")

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        end = self.now + seconds
        while self.now < end:
            self.now = min(end, self.now + 1.0)
            self.facts += self.session.tick(self.now)
            self.serve()

    # ── the events of an ACD ──

    def delivered(
        self,
        call: str,
        where: str,
        *,
        caller: str = CALLER,
        called: str = "6001",
        last: str = "",
        cause: str = "",
    ) -> None:
        self.event(
            "Delivered",
            connection("connection", call, where),
            party("alertingDevice", where),
            party("callingDevice", caller),
            party("calledDevice", called),
            party("lastRedirectionDevice", last),
            at=where,
            cause=cause or ("distributed" if last else "enteringDistribution"),
        )

    def queued(
        self, call: str, group: str = "6001", caller: str = CALLER, cause: str = "noAvailableAgents"
    ) -> None:
        self.event(
            "Queued",
            connection("queuedConnection", call, group),
            party("queue", group),
            party("callingDevice", caller),
            party("calledDevice", group),
            at=group,
            cause=cause,
        )

    def diverted(self, call: str, where: str, to: str, cause: str = "distributed") -> None:
        self.event(
            "Diverted",
            connection("connection", call, where),
            party("divertingDevice", where),
            party("newDestination", to),
            at=where,
            cause=cause,
        )

    def established(
        self, call: str, phone: str, *, caller: str = CALLER, called: str = "6001", last: str = "6001"
    ) -> None:
        self.event(
            "Established",
            connection("establishedConnection", call, phone),
            party("answeringDevice", phone),
            party("callingDevice", caller),
            party("calledDevice", called),
            party("lastRedirectionDevice", last),
            at=phone,
            cause="newCall",
        )

    def cleared(
        self, call: str, dropped: str, releasing: str, *, at: str, cause: str = "normalClearing"
    ) -> None:
        body = connection("droppedConnection", call, dropped), party("releasingDevice", releasing)
        self.event("ConnectionCleared", *body, at=at, cause=cause)

    def held(self, call: str, phone: str, *, held: bool = True) -> None:
        what, who = (
            ("heldConnection", "holdingDevice") if held else ("retrievedConnection", "retrievingDevice")
        )
        self.event(
            "Held" if held else "Retrieved", connection(what, call, phone), party(who, phone), at=phone
        )

    def agent(
        self, event: str, phone: str, login: str = "", group: str = "", *more: str, cause: str = ""
    ) -> None:
        body = [party("agentDevice", phone)]
        body += [leaf("agentID", login)] if login else []
        body += [party("acdGroup", group)] if group else []
        self.event("Agent" + event, *body, *more, at=phone, cause=cause)

    def into_queue(self, call: str, group: str = "6001", caller: str = CALLER) -> None:
        """Delivered at the group, and queued there."""
        self.delivered(call, group, caller=caller, called=group)
        self.queued(call, group, caller)

    def rings(self, call: str, phone: str, group: str = "6001") -> None:
        self.diverted(call, group, phone)
        self.delivered(call, phone, last=group, called=group)

    # ── what came of it ──

    def lose_the_link(self, reason: str = "eof") -> None:
        self.facts += self.session.close(self.now, reason)

    def take(self) -> list[AnyEvent]:
        """The facts since the last time."""
        facts, self.facts = self.facts, []
        return facts

    def of(self, kind: type[E]) -> list[E]:
        return [fact for fact in self.facts if isinstance(fact, kind)]

    def remember(self, *known: Known) -> None:
        self.session.remember(known)


class Taped(Loop):
    """A simulated floor whose wire is kept, record by record: (kind, bytes, instant)."""

    def __init__(self, seed: int, variant: Variant | None = None) -> None:
        super().__init__(seed, variant=variant or Variant())
        self.records: list[tuple[str, bytes, float]] = []

    def heard(self, data: bytes) -> None:
        self.records.append(("rx", data, self.now))

    def asked(self, data: bytes) -> None:
        self.records.append(("tx", data, self.now))
