"""A manager port with a big floor, and the messages of its day: calls that come, are taken and end, and people who pause.

Every sixth message is a probe: somebody pauses, and gives as the reason the moment at which it was said.
"""

import asyncio
import random
from collections.abc import Callable, Iterator
from time import monotonic

from ccwall_adapters.asterisk_ami.frame import Frame, encode

QUEUES, AGENTS, PROBED = 50, 500, 100
"""Of the people the first take calls, the last `PROBED` only pause."""
WAITING, TALKING = 20, 40
"""Calls at any time."""

Message = Callable[[], bytes]


class Pbx:
    """One client, who is let in whatever it says."""

    def __init__(self) -> None:
        self.port = 0
        self._server: asyncio.Server | None = None
        self._client: asyncio.StreamWriter | None = None

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._client is not None:
            self._client.transport.abort()
        if self._server is not None:
            self._server.close()
        await asyncio.sleep(0)

    async def talk(self, per_second: float, seconds: float, messages: Iterator[Message]) -> int:
        """Say messages at moments of chance; how many they were."""
        assert self._client is not None
        chance, said = random.Random(7), 0
        begin = due = monotonic()
        while due < begin + seconds:
            while due <= monotonic():
                self._client.write(next(messages)())
                due += chance.expovariate(per_second)
                said += 1
            await asyncio.sleep(max(0.0, due - monotonic()))
        return said

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._client = writer
        writer.write(b"Asterisk Call Manager/11.0.0\r\n")
        try:
            while True:
                asked = Frame((await reader.readuntil(b"\r\n\r\n"))[:-4])
                self._answer(asked.get(b"Action"), asked.get(b"ActionID"), writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass

    def _answer(self, action: str, action_id: str, writer: asyncio.StreamWriter) -> None:
        if action == "Challenge":
            writer.write(encode({"Response": "Success", "ActionID": action_id, "Challenge": "1"}))
            return
        if action in {"Login", "Ping"}:
            writer.write(encode({"Response": "Success", "ActionID": action_id}))
            return
        writer.write(encode({"Response": "Success", "ActionID": action_id, "EventList": "start"}))
        if action == "QueueStatus":
            for line in _queues():
                writer.write(encode({**line, "ActionID": action_id}))
        end = {"CoreShowChannels": "CoreShowChannelsComplete", "DeviceStateList": "DeviceStateListComplete"}
        writer.write(encode({"Event": end.get(action, f"{action}Complete"), "ActionID": action_id}))


def _queues() -> Iterator[dict[str, str]]:
    for number in range(QUEUES):
        yield {"Event": "QueueParams", "Queue": f"q{number}", "Strategy": "ringall", "Max": "0"}
    for number in range(AGENTS):
        for other in range(3 if number < AGENTS - PROBED else 1):
            queue = f"q{(number + other) % QUEUES}"
            member = {
                "Event": "QueueMember",
                "Queue": queue,
                "Name": f"坐席 {number}",
                "Location": _phone(number),
            }
            yield {**member, "Status": "1", "Paused": "0"}


def day() -> Iterator[Message]:
    """For ever."""
    chance = random.Random(7)
    calls: list[tuple[int, int, int]] = []
    while True:
        number = len(calls)
        who = chance.randrange(AGENTS - PROBED)
        calls.append((number, (who + chance.randrange(3)) % QUEUES, who))
        yield _join(*calls[-1])
        if number >= WAITING:
            yield from _connect(*calls[number - WAITING])
        if number >= WAITING + TALKING:
            yield from _end(*calls[number - WAITING - TALKING])
        yield _probe(AGENTS - PROBED + number % PROBED)


def _phone(number: int) -> str:
    return f"PJSIP/{1000 + number}"


def _say(event: str, **headers: str) -> bytes:
    return encode({"Event": event, "Privilege": "agent,all", **headers})


def _of(call: int, queue: int) -> dict[str, str]:
    return {
        "Uniqueid": f"7.{call}",
        "Linkedid": f"7.{call}",
        "CallerIDNum": "13800138000",
        "Queue": f"q{queue}",
    }


def _join(call: int, queue: int, _who: int) -> Message:
    return lambda: _say("QueueCallerJoin", **_of(call, queue))


def _connect(call: int, queue: int, who: int) -> Iterator[Message]:
    at = {"Interface": _phone(who), "MemberName": f"坐席 {who}", "DestUniqueid": f"8.{call}"}
    yield lambda: _say("QueueCallerLeave", **_of(call, queue))
    yield lambda: _say("AgentConnect", **_of(call, queue), **at, HoldTime="3", RingTime="2")


def _end(call: int, queue: int, who: int) -> Iterator[Message]:
    at = {"Interface": _phone(who), "MemberName": f"坐席 {who}", "DestUniqueid": f"8.{call}"}
    yield lambda: _say("AgentComplete", **_of(call, queue), **at, TalkTime="9", Reason="caller")
    yield lambda: _say("Hangup", **_of(call, queue), Cause="16")


def _probe(who: int) -> Message:
    member = {"Queue": f"q{who % QUEUES}", "Interface": _phone(who), "MemberName": f"坐席 {who}"}
    return lambda: _say("QueueMemberPause", **member, Paused="1", PausedReason=f"t={monotonic():.6f}")
