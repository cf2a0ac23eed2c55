"""An Asterisk in a test: says what it is told to say, message by message."""

from collections.abc import Iterable
from typing import TypeVar

from ccwall.adapter import Directory, Mode
from ccwall.events import AnyEvent
from ccwall_adapters.asterisk_ami import AmiSession, AmiSettings
from ccwall_adapters.asterisk_ami.frame import encode
from tests.adapters.contract import NOW, PlainDirectory

BANNER = b"Asterisk Call Manager/11.0.0\r\n"
SETTINGS = AmiSettings(username="wallboard", secret="s3cret")

E = TypeVar("E", bound=AnyEvent)


class Pbx:
    """A session that is logged in, unless `accept` is False, and a clock that the test moves."""

    def __init__(
        self,
        mode: Mode = "observe",
        *,
        accept: bool = True,
        settings: AmiSettings = SETTINGS,
        directory: Directory | None = None,
    ) -> None:
        self.session = AmiSession(settings, directory or PlainDirectory(), mode)
        self.now = NOW
        self.facts: list[AnyEvent] = []
        if accept:
            self.connect()

    def connect(self, *, uptime: float | None = None) -> None:
        self.facts += self.session.open(self.now)
        self.raw(BANNER)
        self.say("Response", "Success", Message="Authentication accepted")
        if uptime is not None:
            self.event("FullyBooted", Uptime=f"{uptime:.0f}", Status="Fully Booted")

    def raw(self, data: bytes) -> None:
        self.facts += self.session.receive(data, self.now)

    def say(self, key: str, value: str, **headers: str) -> None:
        self.raw(encode({key: value, **headers}))

    def event(self, name: str, **headers: str) -> None:
        self.say("Event", name, Privilege="agent,all", **headers)

    def caller(self, name: str, uid: str = "1.1", queue: str = "consult", **headers: str) -> None:
        """An event about a caller's channel."""
        channel = {
            "Channel": f"PJSIP/carrier-{uid}",
            "CallerIDNum": "13800138000",
            "CallerIDName": "Zhang",
            "Uniqueid": uid,
            "Linkedid": uid,
            "Queue": queue,
        }
        self.event(name, **(channel | headers))

    def member(
        self, name: str, interface: str = "PJSIP/1001", queue: str = "consult", **headers: str
    ) -> None:
        """An event about a member of a queue."""
        told = {
            "Queue": queue,
            "MemberName": "Wang Fang",
            "Interface": interface,
            "StateInterface": interface,
            "Membership": "dynamic",
            "Penalty": "0",
            "CallsTaken": "0",
            "LastCall": "0",
            "LastPause": "0",
            "InCall": "0",
            "Status": "1",
            "Paused": "0",
            "PausedReason": "",
        }
        self.event(name, **(told | headers))

    def answer(
        self, uid: str = "1.1", queue: str = "consult", interface: str = "PJSIP/1001", **headers: str
    ) -> None:
        """The caller leaves the queue and is connected, as app_queue does it."""
        self.caller("QueueCallerLeave", uid, queue)
        told = {"Interface": interface, "MemberName": "Wang Fang", "DestUniqueid": f"{uid}9", "HoldTime": "4"}
        self.caller("AgentConnect", uid, queue, **(told | headers))

    def wait(self, seconds: float) -> None:
        """Let time pass in silence."""
        self.now += seconds
        self.facts += self.session.tick(self.now)

    def hang_up_the_link(self, reason: str = "eof") -> None:
        self.facts += self.session.close(self.now, reason)

    def asked(self, action: str, action_id: str, **headers: str) -> None:
        """The observed client asks something."""
        self.session.sent(encode({"Action": action, "ActionID": action_id, **headers}), self.now)

    def listing(self, action_id: str, items: Iterable[tuple[str, dict[str, str]]], end: str) -> None:
        """A whole list as an answer."""
        self.say("Response", "Success", ActionID=action_id, EventList="start")
        for event, headers in items:
            self.say("Event", event, ActionID=action_id, **headers)
        self.say("Event", end, ActionID=action_id, EventList="Complete")

    def take(self) -> list[AnyEvent]:
        """The facts since the last time."""
        facts, self.facts = self.facts, []
        return facts

    def of(self, kind: type[E]) -> list[E]:
        return [fact for fact in self.facts if isinstance(fact, kind)]
