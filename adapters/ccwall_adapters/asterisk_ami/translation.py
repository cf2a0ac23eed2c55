"""Which messages are wanted, and who takes them: the whole vocabulary in one table.

Everything that is not in `Floor.handlers` is counted and forgotten without being decoded.
"""

from collections.abc import Callable
from dataclasses import dataclass

from ccwall.adapter import Directory
from ccwall.events import AnyEvent

from .declared import Declared
from .frame import Message, number
from .members import Members
from .visits import FLOW_OUT, REFUSED, Visits

STATUS_WORDS = FLOW_OUT.keys() | REFUSED.keys()
RATING = "QueueRating"
"""The UserEvent that says what the caller thinks of the service."""


Handler = Callable[[Message, float], None]


class Floor:
    """What one source's events build up: memberships and visits, and the facts told since the last `take`."""

    def __init__(self, directory: Directory) -> None:
        self.out: list[AnyEvent] = []
        self.members = Members(directory, self.out)
        self.visits = Visits(directory, self.members, self.out)
        self.declared = Declared(directory, self.out)
        self.sees_variables = False

    def take(self) -> list[AnyEvent]:
        out = self.out
        if not out:
            return []
        facts = out[:]
        out.clear()
        return facts

    def begin_connection(self, now: float) -> None:
        self.members.begin_connection()
        self.visits.begin_connection(now)
        self.sees_variables = False

    def variable(self, message: Message, at: float) -> None:
        """VarSet of QUEUESTATUS."""
        if message.get(b"Variable") == "QUEUESTATUS":
            self.sees_variables = True
            self.visits.status(message, message.get(b"Value"), at)

    def user_event(self, message: Message, at: float) -> None:
        """What the dialplan itself tells: the caller's rating (`UserEvent(QueueRating,Queue: …,Score: 4,Best: 5)`), and the
        end of a wait when VarSet does not reach us (`UserEvent(…,Queue: …,Status: ${QUEUESTATUS})`)."""
        status, queue = message.get(b"Status"), message.get(b"Queue")
        if message.get(b"UserEvent") == RATING:
            score = number(message.get(b"Score"), -1.0)  # of what is no figure, a score that does not count
            best = number(message.get(b"Best"), 5.0)
            self.visits.rated(message.get(b"Uniqueid"), queue, score, best, at)
        elif not self.sees_variables and status in STATUS_WORDS and queue:
            self.visits.status(message, status, at, queue)

    def extension(self, message: Message, at: float) -> None:
        """Newexten: which queue a call is about to be refused by."""
        if message.get(b"Application") == "Queue":
            self.visits.application(message.get(b"Uniqueid"), message.first(b"AppData", b"ApplicationData"))

    def handlers(self) -> dict[bytes, Handler]:
        """The whole vocabulary: which event is taken by whom."""
        visits, members = self.visits, self.members
        return {
            b"QueueCallerJoin": visits.joined,
            b"QueueCallerLeave": visits.left,
            b"QueueCallerAbandon": visits.abandoned,
            b"AgentCalled": visits.called,
            b"AgentConnect": visits.connected,
            b"AgentComplete": visits.completed,
            b"AgentRingNoAnswer": visits.not_answered,
            b"AgentDump": visits.dumped,
            b"HangupRequest": visits.hangup_requested,
            b"SoftHangupRequest": visits.hangup_requested,
            b"Hangup": visits.hung_up,
            b"DialEnd": visits.dial_ended,
            b"Hold": visits.held,
            b"Unhold": visits.retrieved,
            b"BlindTransfer": visits.transferred_blind,
            b"AttendedTransfer": visits.transferred_attended,
            b"BridgeEnter": visits.swapped,
            b"VarSet": self.variable,
            b"UserEvent": self.user_event,
            b"Newexten": self.extension,
            b"QueueMemberAdded": members.told,
            b"QueueMemberRemoved": members.removed,
            b"QueueMemberPause": members.paused,
            b"QueueMemberPenalty": members.told,
            b"QueueMemberRinginuse": members.told,
            b"QueueMemberStatus": members.status,
            b"DeviceStateChange": members.device,
        }


ONLY_WITH: dict[bytes, bytes] = {
    b"VarSet": b"\r\nVariable: QUEUESTATUS\r\n",
    b"Newexten": b"\r\nApplication: Queue\r\n",
    b"BridgeEnter": b"\r\nSwapUniqueid: ",
    b"UserEvent": b"\r\nQueue: ",
    b"DialEnd": b"\r\nDialStatus: CANCEL",
}
"""Kinds that come by the hundred and matter by the dozen: not looked at without these bytes, which stand near the end."""


@dataclass(slots=True)
class Plan:
    """What is done with one kind of event, and how many came. `handler` None: nobody wants it."""

    handler: Handler | None
    only_with: bytes | None = None
    count: int = 0


def plans(floor: Floor) -> dict[bytes, Plan]:
    """By kind; a session adds the kinds that nobody wants as it meets them."""
    return {kind: Plan(handler, ONLY_WITH.get(kind)) for kind, handler in floor.handlers().items()}
