"""A FreeSWITCH in a test: says what it is told to say, event by event; and recordings of a genuine one."""

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from ccwall.adapter import Directory, Mode
from ccwall.events import AnyEvent, Event
from ccwall_adapters.freeswitch_esl import EslSession, EslSettings, wire
from tests.adapters.contract import NOW, PlainDirectory, Step

CAPTURES = Path(__file__).resolve().parents[2] / "captures" / "freeswitch"
SETTINGS = EslSettings(password="s3cret")
ACCEPTED = wire.command_reply("+OK accepted")

AGENT_COLUMNS = "name|instance_id|uuid|type|contact|status|state|wrap_up_time|last_status_change"
MEMBER_COLUMNS = (
    "queue|instance_id|uuid|session_uuid|cid_number|cid_name|system_epoch|joined_epoch|rejoined_epoch|bridge_epoch|"
    "abandoned_epoch|base_score|skill_score|serving_agent|serving_system|state|score"
)

E = TypeVar("E", bound=Event)


def steps(path: Path) -> Iterator[Step]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            record = json.loads(line)
            for kind in ("rx", "tx"):
                if kind in record:
                    yield Step(kind, record[kind].encode("latin-1"), record["t"])
            if record.get("ev") in ("connect", "eof", "client-close"):
                yield Step("open" if record["ev"] == "connect" else "close", at=record["t"])


def first_bytes(path: Path, size: int) -> list[Step]:
    """The beginning of a transcript, up to `size` received bytes."""
    taken: list[Step] = []
    for step in steps(path):
        if size <= 0:
            break
        taken.append(Step(step.kind, step.data[:size], step.at) if step.kind == "rx" else step)
        size -= len(step.data) if step.kind == "rx" else 0
    return taken


def table(columns: str, rows: Iterable[Mapping[str, object]]) -> str:
    """A list as FreeSWITCH writes it: an empty one has no names of columns."""
    names = columns.split("|")
    lines = ["|".join(str(row.get(name, "")) for name in names) for row in rows]
    return "".join(f"{line}\n" for line in ([columns, *lines] if lines else [])) + "+OK\n"


class Pbx:
    """A session that is logged in, unless `accept` is False, and a clock that the test moves. In live mode it answers
    what it is asked from its lists."""

    def __init__(
        self,
        mode: Mode = "observe",
        *,
        accept: bool = True,
        settings: EslSettings = SETTINGS,
        directory: Directory | None = None,
    ) -> None:
        self.session = EslSession(settings, directory or PlainDirectory(), mode)
        self.now = NOW
        self.facts: list[AnyEvent] = []
        self.core = "c0ffee"
        self.booted = NOW - 5000
        self.queues: dict[str, tuple[int, int]] = {"consult": (0, 0), "promo": (0, 0)}
        self.agents: list[dict[str, object]] = [agent("1001@pbx"), agent("1002@pbx")]
        self.tiers: list[tuple[str, str]] = [("consult", "1001@pbx"), ("consult", "1002@pbx")]
        self.members: list[dict[str, object]] = []
        self.channels: list[dict[str, str]] = []
        self.asked: list[str] = []
        if accept:
            self.connect()

    def connect(self) -> None:
        self.facts += self.session.open(self.now)
        self.raw(wire.AUTH_REQUEST)
        self.asked += [one.line for one in wire.CommandLines().feed(self.session.outgoing())]
        self.raw(ACCEPTED)

    def answer_all(self) -> None:
        """Everything that the session asks, until it asks no more."""
        while questions := wire.CommandLines().feed(self.session.outgoing()):
            self.asked += [one.line for one in questions]
            for one in questions:
                self.raw(self.answer_to(one.line))

    def live_again(self) -> None:
        """Connect, answer, and let the second pass in which events of before may still come."""
        self.connect()
        self.answer_all()
        self.wait(1.1)

    def answer_to(self, line: str) -> bytes:
        if not line.startswith("api "):
            return wire.command_reply("+OK event listener enabled json")
        return wire.api_response(self._said(line.removeprefix("api ").removeprefix("callcenter_config ")))

    def _said(self, what: str) -> str:
        if what == "queue list":
            rows = [
                {"name": name, "strategy": "ring-all", "calls_answered": a, "calls_abandoned": b}
                for name, (a, b) in self.queues.items()
            ]
            return table("name|strategy|moh_sound|calls_answered|calls_abandoned", rows)
        if what == "agent list":
            return table(AGENT_COLUMNS, self.agents)
        if what == "tier list":
            return table("queue|agent|level", ({"queue": q, "agent": a, "level": 1} for q, a in self.tiers))
        if what.startswith("queue list members "):
            queue = what.removeprefix("queue list members ").strip("'")
            return table(MEMBER_COLUMNS, (row for row in self.members if row["queue"] == queue))
        if what == "show channels as json":
            return json.dumps({"row_count": len(self.channels), "rows": self.channels})
        if what == "status":
            return _up(int(self.now - self.booted))
        return "+OK\n"

    def raw(self, data: bytes) -> None:
        self.facts += self.session.receive(data, self.now)

    def event(self, name: str, **headers: str) -> None:
        told = {
            "Event-Name": name,
            "Core-UUID": self.core,
            "Event-Date-Timestamp": str(int(self.now * 1e6)),
            **{key.replace("_", "-") if key[0].isupper() else key: value for key, value in headers.items()},
        }
        self.raw(wire.event(told.items(), "json"))

    def info(self, action: str, **headers: str) -> None:
        """callcenter::info."""
        told = {
            "Event-Subclass": "callcenter::info",
            "Event-Name": "CUSTOM",
            "Core-UUID": self.core,
            "Event-Date-Timestamp": str(int(self.now * 1e6)),
            "CC-Action": action,
            **{key.replace("_", "-") if key[0].isupper() else key: value for key, value in headers.items()},
        }
        self.raw(wire.event(told.items(), "json"))

    def member(self, action: str, uuid: str = "m1", queue: str = "consult", **headers: str) -> None:
        """An event about a caller in a queue."""
        told = {
            "CC_Queue": queue,
            "CC_Member_UUID": uuid,
            "CC_Member_Session_UUID": f"s-{uuid}",
            "CC_Member_CID_Name": "Zhang",
            "CC_Member_CID_Number": "13800138000",
        }
        self.info(action, **(told | headers))

    def offer(self, name: str = "1001@pbx", uuid: str = "m1") -> None:
        self.member("agent-offering", uuid, CC_Agent=name)

    def fail(self, cause: str, name: str = "1001@pbx", uuid: str = "m1") -> None:
        self.member("bridge-agent-fail", uuid, CC_Agent=name, CC_Hangup_Cause=cause)

    def pick_up(self, name: str = "1001@pbx", uuid: str = "m1", queue: str = "consult") -> None:
        self.member("bridge-agent-start", uuid, queue, CC_Agent=name, CC_Agent_UUID=f"leg-{uuid}")

    def answer(self, name: str = "1001@pbx", uuid: str = "m1", queue: str = "consult") -> None:
        """The agent picks up and the two hear each other."""
        self.pick_up(name, uuid, queue)
        self.event("CHANNEL_BRIDGE", Unique_ID=f"s-{uuid}")

    def hang_up(self, uuid: str = "m1", cause: str = "NORMAL_CLEARING", **headers: str) -> None:
        self.event("CHANNEL_HANGUP_COMPLETE", Unique_ID=f"s-{uuid}", Hangup_Cause=cause, **headers)

    def end(self, uuid: str = "m1", name: str = "1001@pbx", queue: str = "consult", **headers: str) -> None:
        """The conversation is over, as mod_callcenter tells it."""
        told = {"CC_Agent": name, "CC_Agent_UUID": f"leg-{uuid}"}
        self.member("bridge-agent-end", uuid, queue, CC_Agent_Bridged="true", **told)
        ends = {"CC_Cause": "Terminated", "Answer_State": "answered"} | headers
        self.member("member-queue-end", uuid, queue, **told, **ends)

    def cancel(self, reason: str, uuid: str = "m1", **headers: str) -> None:
        told = {"CC_Cause": "Cancel", "CC_Cancel_Reason": reason, "Answer_State": "hangup"}
        self.member("member-queue-end", uuid, **(told | headers))

    def wait(self, seconds: float) -> None:
        """Let time pass in silence."""
        self.now += seconds
        self.facts += self.session.tick(self.now)

    def pass_time(self, seconds: float) -> None:
        """Let time pass, and answer what is asked meanwhile."""
        while seconds > 0:
            self.wait(min(2.5, seconds))
            self.answer_all()
            seconds -= 2.5

    def hang_up_the_link(self, reason: str = "eof") -> None:
        self.facts += self.session.close(self.now, reason)

    def take(self) -> list[AnyEvent]:
        """The facts since the last time."""
        facts, self.facts = self.facts, []
        return facts

    def of(self, kind: type[E]) -> list[E]:
        return [fact for fact in self.facts if isinstance(fact, kind)]


def _up(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    up = f"UP 0 years, 0 days, {hours} hours, {minutes} minutes, {rest} seconds, 0 milliseconds, 0 microseconds"
    return f"{up}\nFreeSWITCH (Version 1.10.12-release git a88d069) is ready\n"


def agent(name: str, status: str = "Available", **columns: object) -> dict[str, object]:
    """A row of `agent list`."""
    return {
        "name": name,
        "contact": f"user/{name}",
        "status": status,
        "state": "Waiting",
        "wrap_up_time": 5,
    } | columns


def waiting(
    uuid: str = "m1", queue: str = "consult", joined: float = NOW, **columns: object
) -> dict[str, object]:
    """A row of `queue list members`."""
    return {
        "queue": queue,
        "uuid": uuid,
        "session_uuid": f"s-{uuid}",
        "cid_number": "13800138000",
        "cid_name": "Zhang",
        "joined_epoch": int(joined),
        "rejoined_epoch": 0,
        "bridge_epoch": 0,
        "state": "Waiting",
    } | columns


def talking(
    uuid: str = "m1", name: str = "1001@pbx", bridged: float = NOW, **columns: object
) -> dict[str, object]:
    told = {"state": "Answered", "serving_agent": name, "bridge_epoch": int(bridged)}
    return waiting(uuid) | told | columns


def live(**changes: object) -> Pbx:
    """A live session past its first snapshot."""
    pbx = Pbx("live", accept=False)
    for name, value in changes.items():
        setattr(pbx, name, value)
    pbx.live_again()
    return pbx


def kinds(facts: Sequence[AnyEvent]) -> list[str]:
    """The tags of facts about contacts."""
    tags = [str(type(fact).__struct_config__.tag) for fact in facts]
    return [tag.removeprefix("contact.") for tag in tags if tag.startswith("contact.")]
