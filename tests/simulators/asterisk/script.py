"""A floor on which happens what a test says, and a client that reads the exchange's wire as messages."""

from collections.abc import Iterable, Mapping, Sequence

from ccwall_adapters.asterisk_ami.frame import encode
from ccwall_simulators.asterisk import PLAIN, AsteriskPbx, Variant
from ccwall_simulators.asterisk.connection import AmiConnection
from ccwall_simulators.callcentre import happening as h
from ccwall_simulators.callcentre.contract import DeviceState, Member, QueueState, Talking, Visit
from tests.simulators.asterisk.vocabulary import headers_of

START = 1_795_312_800.0
QUEUE, CALL, AGENT, PHONE = "consult", "c1", "a1", "PJSIP/1001"
LOCAL, LASTING = "Local/1012@from-queue", "Local/1008@from-queue/n"


def member(interface: str, name: str = "Wang Fang", *, agent: str = AGENT) -> Member:
    phone = f"PJSIP/{interface[6:10]}" if interface.startswith("Local/") else interface
    watched = interface if interface == LOCAL else phone
    return Member(agent=agent, interface=interface, device=watched, phone=phone, name=name)


class ScriptedFloor:
    """Implements `contract.Floor`; of what is done to it, it only remembers."""

    def __init__(self, *members: Member, service_level: float = 20.0) -> None:
        self.now = START
        self.members = list(members or (member(PHONE),))
        self.service_level = service_level
        self._coming: list[h.AnyHappening] = []
        self.done: list[tuple[object, ...]] = []
        self.answer_to: str = ""

    def say(self, *happenings: h.AnyHappening) -> None:
        self._coming.extend(happenings)

    def advance(self, to: float) -> Sequence[h.AnyHappening]:
        self.now = max(self.now, to)
        due = [one for one in self._coming if one.t <= to]
        self._coming = [one for one in self._coming if one.t > to]
        return due

    def queues(self) -> Sequence[QueueState]:
        about = {"strategy": "rrmemory", "capacity": 0, "service_level": self.service_level}
        return [
            QueueState(name=name, wrap_up=5.0, weight=0, members=members, waiting=[], **about)  # type: ignore[arg-type]  # a dict of two types
            for name, members in ((QUEUE, self.members), ("other", []))
        ]

    def talking(self) -> Sequence[Talking]:
        return []

    def devices(self) -> Mapping[str, DeviceState]:
        idle: DeviceState = "idle"
        return {name: idle for one in self.members for name in (one.device, one.phone)}

    def visits(self) -> Sequence[Visit]:
        return []

    def pause(self, interface: str, paused: bool, reason: str = "", queue: str = "") -> bool:
        self.done.append(("pause", interface, paused, reason, queue))
        if not any(one.interface == interface for one in self.members):
            return False
        about = {"queue": QUEUE, "agent": AGENT, "interface": interface, "reason": reason}
        self.say(h.PauseChanged(t=self.now, paused=paused, **about))  # type: ignore[arg-type]  # as above
        return True

    def add_member(
        self, queue: str, interface: str, name: str = "", penalty: int = 0, paused: bool = False
    ) -> str:
        self.done.append(("add", queue, interface, name, penalty, paused))
        if not self.answer_to:
            told = {"queue": queue, "agent": "a9", "interface": interface, "name": name}
            self.say(h.MemberAdded(t=self.now, penalty=penalty, paused=paused, **told))
        return self.answer_to

    def remove_member(self, queue: str, interface: str) -> str:
        self.done.append(("remove", queue, interface))
        return self.answer_to

    def reload(self) -> None:
        self.done.append(("reload",))

    def restart(self, down: float = 0.0) -> None:
        self.done.append(("restart", down))
        self._coming.clear()


Message = dict[str, str]


class Client:
    """Logged in unless told otherwise; `read` gives the messages since the last time."""

    def __init__(self, pbx: AsteriskPbx, *, login: bool = True, **headers: str) -> None:
        self.pbx = pbx
        self.wire: AmiConnection = pbx.connect()
        if login:
            self.ask("Login", **{"Username": "ccwall", "Secret": "secret", "ActionID": "1", **headers})
            self.read()

    def ask(self, action: str, **headers: str) -> None:
        self.wire.receive(encode({"Action": action, **headers}))

    def read(self) -> list[Message]:
        wire = self.wire.outgoing()
        if wire.startswith(b"Asterisk Call Manager"):
            wire = wire.partition(b"\r\n")[2]
        return [dict(reversed(headers_of(block))) for block in wire.split(b"\r\n\r\n") if block.strip()]

    def answer(self, action: str, **headers: str) -> list[Message]:
        """And the events that follow it; what came before is forgotten."""
        self.read()
        self.ask(action, **headers)
        return self.read()

    def kinds(self) -> list[str]:
        return [message.get("Event", "") for message in self.read()]


def exchange(floor: ScriptedFloor | None = None, variant: Variant = PLAIN) -> AsteriskPbx:
    return AsteriskPbx(floor or ScriptedFloor(), start=START, variant=variant)


# ── courses of calls ──


def queued(
    t: float, *, call: str = CALL, visit: int = 1, number: str = "13800138000"
) -> list[h.AnyHappening]:
    """A caller arrives, and a second later waits."""
    return [
        h.CallArrived(t=t - 1, call=call, number=number, name="张三"),
        h.CallQueued(t=t, call=call, visit=visit, queue=QUEUE, position=1, count=1),
    ]


def rung(t: float, interface: str = PHONE, *, call: str = CALL, visit: int = 1) -> list[h.AnyHappening]:
    about = {"call": call, "visit": visit, "queue": QUEUE, "agent": AGENT, "interface": interface}
    return [h.AgentRung(t=t, **about)]  # type: ignore[arg-type]  # a dict of two types


def ring_ended(
    t: float, how: h.HowRingEnded, ring: float, interface: str = PHONE, *, call: str = CALL, visit: int = 1
) -> list[h.AnyHappening]:
    return [
        h.RingEnded(
            t=t,
            call=call,
            visit=visit,
            queue=QUEUE,
            agent=AGENT,
            interface=interface,
            how=how,
            ring=ring,
        )
    ]


def answered(
    t: float, wait: float, interface: str = PHONE, *, call: str = CALL, visit: int = 1
) -> list[h.AnyHappening]:
    """Rung two seconds ago."""
    return [
        *rung(t - 2, interface, call=call, visit=visit),
        *ring_ended(t, "answered", 2.0, interface, call=call, visit=visit),
        h.CallAnswered(
            t=t,
            call=call,
            visit=visit,
            queue=QUEUE,
            agent=AGENT,
            interface=interface,
            wait=wait,
            ring=2.0,
            count=0,
        ),
    ]


def completed(
    t: float, by: h.By, talk: float, interface: str = PHONE, *, call: str = CALL, visit: int = 1
) -> list[h.AnyHappening]:
    told = [
        h.CallCompleted(
            t=t,
            call=call,
            visit=visit,
            queue=QUEUE,
            agent=AGENT,
            interface=interface,
            by=by,
            wait=0.0,
            talk=talk,
        )
    ]
    return [*told] if by == "transfer" else [*told, h.CallEnded(t=t, call=call)]


def abandoned(t: float, wait: float) -> list[h.AnyHappening]:
    about = {"call": CALL, "visit": 1, "queue": QUEUE, "wait": wait, "position": 1, "count": 0}
    return [h.CallAbandoned(t=t, **about), h.CallEnded(t=t, call=CALL)]  # type: ignore[arg-type]  # a dict of two types


def flowed_out(t: float, cause: h.Cause, wait: float) -> list[h.AnyHappening]:
    left = h.CallFlowedOut(t=t, call=CALL, visit=1, queue=QUEUE, cause=cause, wait=wait, position=1, count=0)
    return [left, h.CallEnded(t=t + 1, call=CALL)]


def played(course: Iterable[h.AnyHappening], floor: ScriptedFloor | None = None) -> list[Message]:
    """What a client that sees everything hears of a course."""
    floor = floor or ScriptedFloor()
    pbx = exchange(floor)
    client = Client(pbx)
    floor.say(*course)
    pbx.advance(START + 600)
    return client.read()


def of(messages: Iterable[Message], *kinds: str) -> list[Message]:
    return [message for message in messages if message.get("Event") in kinds]
