"""The far ends of a floor whose ccwall is killed: a manager port with many queues, robots that keep an answer back, the disk.

All that is asked of ccwall here can be seen from outside: what is in its files by SQLite alone, what a robot was told, and what
HTTP answered.
"""

import asyncio
import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Literal, TypeVar

import msgspec

from ccwall.clock import SystemClock
from ccwall.events import Envelope
from ccwall.history.past import envelopes
from ccwall_adapters.asterisk_ami.frame import encode
from ccwall_simulators.robots import FeishuRobot, Phone, Robots, WebhookEnd
from ccwall_simulators.robots.http import read
from tests.integration.manager import Manager, Member

T = TypeVar("T")
CLOCK = SystemClock()
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
SIGN = "demo-secret"
_TITLE = re.compile(r"【(?P<level>[^】]+)】.*?\b(?P<queue>q\d+)\b")
Within = Literal["", "before", "after"]


async def until(look: Callable[[], T | None], seconds: float = 20.0) -> T:
    """What it gives as soon as it gives something."""
    async with asyncio.timeout(seconds):
        while not (found := look()):
            await asyncio.sleep(0.01)
    return found


class Switch(Manager):
    """An Asterisk whose callers wait in as many queues as are wanted; in the first every member answers calls."""

    def __init__(self, secret: str, queues: Sequence[str], extensions: Sequence[str]) -> None:
        super().__init__({"ccwall": secret})
        self.queues = tuple(queues)
        self.members = {(queues[0], f"PJSIP/{each}"): Member(f"Agent {each}") for each in extensions}
        self._callers: dict[str, tuple[str, float]] = {}

    def arrives(self, queue: str) -> None:
        uid, now = f"{int(CLOCK.now())}.{self.queues.index(queue)}", CLOCK.now()
        self._callers[queue] = uid, now
        self.caller("QueueCallerJoin", uid, Queue=queue, Position="1", Count="1")

    def by_hand(self, extension: str, reason: str = "") -> None:
        """Somebody presses not ready at the phone, or ready again."""
        key = (self.queues[0], f"PJSIP/{extension}")
        self.members[key].paused, self.members[key].reason = reason != "", reason
        self._tell("QueueMemberPause", key)

    def waits(self, queue: str) -> bool:
        return queue in self._callers

    def leaves(self, queue: str) -> None:
        uid, _ = self._callers.pop(queue)
        self.caller("QueueCallerAbandon", uid, Queue=queue, Position="1", OriginalPosition="1", HoldTime="1")
        self.caller("QueueCallerLeave", uid, Queue=queue, Position="1", Count="0")

    def _list_queue(self, action_id: str, writer: asyncio.StreamWriter) -> None:
        writer.write(encode({"Response": "Success", "ActionID": action_id, "EventList": "start"}))
        for queue in self.queues:
            writer.write(encode({"Event": "QueueParams", "Queue": queue, "ActionID": action_id}))
        for (queue, interface), member in self.members.items():
            about = {"Event": "QueueMember", "Queue": queue, "Name": member.name, "Location": interface}
            state = {"Status": "1", "Paused": str(int(member.paused)), "PausedReason": member.reason}
            writer.write(encode(about | state | {"ActionID": action_id}))
        for queue, (uid, since) in self._callers.items():
            entry = {"Event": "QueueEntry", "Queue": queue, "Uniqueid": uid, "Position": "1"}
            waited = {"Wait": str(int(CLOCK.now() - since)), "CallerIDNum": "13900139000"}
            writer.write(encode(entry | waited | {"ActionID": action_id}))
        writer.write(encode({"Event": "QueueStatusComplete", "ActionID": action_id}))


class Robot(Robots):
    """One robot that checks signatures. Of messages in which `about` stands it keeps the answer back until `let_go`: `before` it
    took them (then it never does), or `after`. ``kept`` counts those.
    """

    def __init__(self, robot: WebhookEnd | FeishuRobot) -> None:
        super().__init__([robot], CLOCK.now)
        self._robot = robot
        self.within: Within = ""
        self.about = ""
        self.kept = 0
        self._free = asyncio.Event()

    @property
    def here(self) -> str:
        return self.url(self._robot)

    def keep(self, within: Within, about: str) -> None:
        self.within, self.about, self.kept = within, about, 0
        self._free.clear()

    def let_go(self) -> None:
        self.within = ""
        self._free.set()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await read(reader)
        if request is None:
            return  # it was killed in the midst of it
        mine = bool(self.within) and re.search(self.about, request.body.decode()) is not None
        took = not (mine and self.within == "before")
        said = self._robot.answer(request, CLOCK.now()).written() if took else b""
        if mine:
            self.kept += 1
            await self._free.wait()
        writer.write(said)
        await writer.drain()


class Program(Robot):
    """A webhook of Standard Webhooks."""

    def __init__(self) -> None:
        self._phone = Phone()
        super().__init__(WebhookEnd(self._phone, SECRET))

    @property
    def arrivals(self) -> list[tuple[str, float]]:
        """The keys of all notes that came, and when."""
        found: list[tuple[str, float]] = []
        for message in self._phone.messages:
            data = json.loads(message.text)["data"]
            found += [(each["key"], message.at) for each in data.get("notes", [data])]
        return found

    def heard_of(self, queue: str, times: int = 1) -> bool:
        """So often, or more often."""
        return sum(bool(re.search(rf"\b{queue}\b", each.text)) for each in self._phone.messages) >= times


class Group(Robot):
    """A Feishu group, as the people in it see it."""

    def __init__(self) -> None:
        self._phone = Phone()
        super().__init__(FeishuRobot(self._phone, secret=SIGN))

    @property
    def arrivals(self) -> list[tuple[str, float]]:
        """The queue and the level with its kind, as people read them, of all that came, and when."""
        return [
            (f"{found['queue']} {found['level']}", message.at)
            for message in self._phone.messages
            for found in _TITLE.finditer(message.text)
        ]


class Files:
    """What ccwall keeps, read while it writes."""

    def __init__(self, folder: Path) -> None:
        self.journal, self.outbox = folder / "journal.sqlite", folder / "outbox.sqlite"
        self._read: list[Envelope] = []

    @property
    def facts(self) -> list[Envelope]:
        """All that are safe, without a hole and nothing twice."""
        with _read_only(self.journal) as connection:
            for envelope in envelopes(connection, len(self._read)):
                assert envelope.seq == len(self._read) + 1
                self._read.append(envelope)
        return self._read

    def of(self, fact: type[T], **words: Any) -> list[T]:
        """Those of which these words are true."""
        return [
            each.event
            for each in self.facts
            if isinstance(each.event, fact) and _says(each.event, words.items())
        ]

    def sent(self, key: str) -> bool:
        with _read_only(self.outbox) as connection:
            states = connection.execute("SELECT state FROM entry WHERE key = ?", (key,)).fetchall()
        return ("sent",) in states


def _says(event: object, words: Iterable[tuple[str, Any]]) -> bool:
    return all(getattr(event, name) == value for name, value in words)


@contextmanager
def _read_only(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path.as_uri() + "?mode=ro", uri=True)) as connection:
        yield connection


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Nobody else can write to this file meanwhile: a disk that does not answer."""
    with closing(sqlite3.connect(path, timeout=5.0, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


def toml(table: str, **words: object) -> str:
    """One entry of a list of tables."""
    lines = [f"{key} = {msgspec.json.encode(value).decode()}" for key, value in words.items()]
    return "\n".join((f"[[{table}]]", *lines, ""))
