"""Questions to the switch and the pairing of its answers: a few at a time, each by an invoke id of its own."""

from collections import deque
from dataclasses import dataclass
from typing import Literal

from ccwall.wire.xml import Element

from .frame import LAST_INVOKE, framed
from .reading import LONGEST_ID, connection, device, number
from .writing import document, leaf, tag

WINDOW = 20
"""Questions that may wait for their answers at once: an exchange has calls to see to."""
MOST_WAITING = 200_000
"""Questions not asked yet; the calls a switch lists make some of them."""

Kind = Literal[
    "monitor", "stop", "device", "call", "agent", "status", "session", "renew", "end", "set", "other"
]
KINDS: dict[str, Kind] = {
    "MonitorStart": "monitor",
    "MonitorStop": "stop",
    "SnapshotDevice": "device",
    "SnapshotCall": "call",
    "GetAgentState": "agent",
    "RequestSystemStatus": "status",
    "StartApplicationSession": "session",
    "ResetApplicationSessionTimer": "renew",
    "StopApplicationSession": "end",
    "SetAgentState": "set",
}
SNAPSHOT: frozenset[Kind] = frozenset({"monitor", "device", "call", "agent"})
"""What a resync waits for."""


@dataclass(slots=True)
class Question:
    """What was asked, about which device or call."""

    kind: Kind
    about: str
    xml: bytes = b""
    asked: float = 0.0


class Asking:
    """Writes to `outgoing`. What is `urgent` does not wait for its turn."""

    def __init__(self, outgoing: bytearray) -> None:
        self._outgoing = outgoing
        self._open: dict[int, Question] = {}
        self._waiting: deque[Question] = deque()
        self._next = 0

    def clear(self) -> None:
        self._open.clear()
        self._waiting.clear()

    def drop_snapshot(self) -> None:
        """Its answers may have been thrown away: none is waited for any more."""
        self._waiting.clear()
        for invoke in [invoke for invoke, one in self._open.items() if one.kind in SNAPSHOT]:
            del self._open[invoke]

    @property
    def snapshots(self) -> int:
        """Questions of a resync that have no answer yet."""
        return len(self._waiting) + sum(one.kind in SNAPSHOT for one in self._open.values())

    def ask(self, question: Question, now: float, *, urgent: bool = False) -> int:
        """Its invoke id; -1 while it waits for its turn."""
        if urgent:
            return self._send(question, now)
        if len(self._waiting) < MOST_WAITING:
            self._waiting.append(question)
        self._fill(now)
        return -1

    def observed(self, invoke: int, question: Question, now: float) -> None:
        """The recorded client asked this."""
        question.asked = now
        if len(self._open) <= LAST_INVOKE:
            self._open[invoke] = question

    def answered(self, invoke: int, now: float) -> Question | None:
        question = self._open.pop(invoke, None)
        self._fill(now)
        return question

    def overdue(self, now: float, within: float) -> list[Question]:
        """What has not been answered for so many seconds, given up."""
        late = [invoke for invoke, one in self._open.items() if now - one.asked >= within]
        found = [self._open.pop(invoke) for invoke in late]
        self._fill(now)
        return found

    def _fill(self, now: float) -> None:
        while self._waiting and sum(one.kind in SNAPSHOT for one in self._open.values()) < WINDOW:
            self._send(self._waiting.popleft(), now)

    def _send(self, question: Question, now: float) -> int:
        while self._next in self._open:
            self._next = (self._next + 1) % (LAST_INVOKE + 1)
        invoke, question.asked = self._next, now
        self._open[invoke] = question
        self._next = (self._next + 1) % (LAST_INVOKE + 1)
        self._outgoing += framed(invoke, question.xml)
        return invoke


def question_of(message: Element) -> Question:
    """A request that somebody else wrote, as a question."""
    kind = KINDS.get(message.name, "other")
    about = ""
    if kind == "monitor":
        about = device(message.down("monitorObject", "deviceObject") or message.child("monitorObject"))
    elif kind == "device":
        about = device(message.child("snapshotObject"))
    elif kind == "call":
        found = connection(message.child("snapshotObject"))
        about = found.call if found else ""
    elif kind in ("agent", "set"):
        about = device(message.child("device"))
    elif kind == "stop":
        about = message.within("monitorCrossRefID")[:LONGEST_ID]
    return Question(kind, about)


def monitor(native: str, namespace: str) -> Question:
    body = tag("monitorObject", leaf("deviceObject", native)), leaf("monitorType", "device")
    return Question("monitor", number(native), document("MonitorStart", *body, namespace=namespace))


def snapshot_device(native: str, namespace: str) -> Question:
    xml = document("SnapshotDevice", leaf("snapshotObject", native), namespace=namespace)
    return Question("device", number(native), xml)


def snapshot_call(call: str, native: str, namespace: str) -> Question:
    body = tag("snapshotObject", leaf("callID", call), leaf("deviceID", native))
    return Question("call", call, document("SnapshotCall", body, namespace=namespace))


def agent_state(native: str, namespace: str) -> Question:
    xml = document("GetAgentState", leaf("device", native), namespace=namespace)
    return Question("agent", number(native), xml)
