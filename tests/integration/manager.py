"""An Asterisk manager port on a real socket: logs clients in, lists a small floor, says what a test tells it to say."""

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from ccwall_adapters.asterisk_ami.frame import Frame, encode

Temper = Literal["obliging", "no rights", "dies before", "dies after", "deaf", "speechless"]


@dataclass
class Member:
    name: str
    paused: bool = False
    reason: str = ""


class Manager:
    """`users` are name to secret. Two queues, the first with two members; `waiting` are the Uniqueids of callers in it.

    `temper` is what becomes of queue actions: done, denied, the link dies before or after they are done, not done without
    a word, done without a word.
    `acted` are those that came.
    """

    def __init__(self, users: Mapping[str, str]) -> None:
        self.users = dict(users)
        self.waiting: list[str] = []
        self.members = {
            ("consult", "PJSIP/1001"): Member("Wang Fang"),
            ("consult", "PJSIP/1002"): Member("Li Na"),
        }
        self.temper: Temper = "obliging"
        self.acted: list[dict[str, str]] = []
        self.logins = 0
        self.port = 0
        self._server: asyncio.Server | None = None
        self._clients: set[asyncio.StreamWriter] = set()
        self._mute = False

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def kill(self) -> None:
        """The process is gone: nothing listens and every connection is reset."""
        if self._server is not None:
            self._server.close()
        for client in list(self._clients):
            client.transport.abort()
        if self._server is not None:
            await self._server.wait_closed()
        self._server = None

    def fall_silent(self) -> None:
        """Half open: the connection stands and nothing comes."""
        self._mute = True

    def say(self, data: bytes) -> None:
        """Anything at all."""
        for client in self._clients:
            client.write(data)

    def event(self, name: str, **headers: str) -> None:
        for client in self._clients:
            client.write(encode({"Event": name, "Privilege": "agent,all", **headers}))

    def caller(self, name: str, uid: str, **headers: str) -> None:
        told = {"Uniqueid": uid, "Linkedid": uid, "CallerIDNum": "13800138000", "Queue": "consult"}
        self.event(name, **(told | headers))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._mute = False
        writer.write(b"Asterisk Call Manager/11.0.0\r\n")
        challenge = "152287189"
        try:
            while True:
                block = Frame((await reader.readuntil(b"\r\n\r\n"))[:-4])
                if not self._mute and not self._answer(block, writer, challenge):
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self._clients.discard(writer)
            writer.close()

    def _answer(self, asked: Frame, writer: asyncio.StreamWriter, challenge: str) -> bool:
        action, action_id = asked.get(b"Action"), asked.get(b"ActionID")
        if action == "Challenge":
            writer.write(encode({"Response": "Success", "ActionID": action_id, "Challenge": challenge}))
        elif action == "Login":
            secret = self.users.get(asked.get(b"Username"), "")
            if asked.get(b"Key") != hashlib.md5((challenge + secret).encode()).hexdigest():
                refusal = {"Response": "Error", "ActionID": action_id, "Message": "Authentication failed"}
                writer.write(encode(refusal))
                return False
            self.logins += 1
            self._clients.add(writer)
            writer.write(
                encode({"Response": "Success", "ActionID": action_id, "Message": "Authentication accepted"})
            )
        elif action == "QueueStatus":
            self._list_queue(action_id, writer)
        elif action in _ACTIONS:
            return self._act(action, asked, writer)
        elif action == "Ping":
            writer.write(encode({"Response": "Success", "ActionID": action_id, "Ping": "Pong"}))
        else:
            end = {
                "CoreShowChannels": "CoreShowChannelsComplete",
                "DeviceStateList": "DeviceStateListComplete",
            }
            writer.write(encode({"Response": "Success", "ActionID": action_id, "EventList": "start"}))
            writer.write(encode({"Event": end.get(action, "Complete"), "ActionID": action_id}))
        return True

    def _act(self, action: str, asked: Frame, writer: asyncio.StreamWriter) -> bool:
        """A queue action; False when the link dies of it."""
        self.acted.append({key.decode(): value for key, value in asked.items()})
        if self.temper in ("deaf", "dies before"):
            return self.temper == "deaf"
        denied = self.temper == "no rights"
        said, text = ("Error", "Permission denied") if denied else _ACTIONS[action](self, asked)
        if self.temper == "speechless":
            return True
        if self.temper == "dies after":
            writer.transport.abort()
            return False
        writer.write(encode({"Response": said, "ActionID": asked.get(b"ActionID"), "Message": text}))
        return True

    def _pause(self, asked: Frame) -> tuple[str, str]:
        queue, interface, paused = (
            asked.get(b"Queue"),
            asked.get(b"Interface"),
            asked.get(b"Paused") == "true",
        )
        touched = [key for key in self.members if key[1] == interface and queue in ("", key[0])]
        for key in touched:
            self.members[key].paused, self.members[key].reason = paused, asked.get(b"Reason")
            self._tell("QueueMemberPause", key)
        return ("Success", "Interface paused successfully") if touched else ("Error", "Interface not found")

    def _add(self, asked: Frame) -> tuple[str, str]:
        key = (asked.get(b"Queue"), asked.get(b"Interface"))
        if key in self.members:
            return "Error", "Unable to add interface: Already there"
        self.members[key] = Member(asked.get(b"MemberName") or key[1])
        self._tell("QueueMemberAdded", key)
        return "Success", "Added interface to queue"

    def _remove(self, asked: Frame) -> tuple[str, str]:
        key = (asked.get(b"Queue"), asked.get(b"Interface"))
        if key not in self.members:
            return "Error", "Unable to remove interface: Not there"
        self._tell("QueueMemberRemoved", key)
        del self.members[key]
        return "Success", "Removed interface from queue"

    def _tell(self, event: str, key: tuple[str, str]) -> None:
        if self.temper in ("speechless", "dies after"):
            return
        member = self.members[key]
        told = {"Queue": key[0], "MemberName": member.name, "Interface": key[1], "StateInterface": key[1]}
        state = {"Status": "1", "Paused": str(int(member.paused)), "PausedReason": member.reason}
        self.event(event, **told, **state)

    def _list_queue(self, action_id: str, writer: asyncio.StreamWriter) -> None:
        writer.write(encode({"Response": "Success", "ActionID": action_id, "EventList": "start"}))
        for queue in ("consult", "promo"):
            writer.write(encode({"Event": "QueueParams", "Queue": queue, "ActionID": action_id}))
            for (serves, interface), member in self.members.items():
                if serves == queue:
                    state = {"Status": "1", "Paused": str(int(member.paused)), "PausedReason": member.reason}
                    told = {
                        "Event": "QueueMember",
                        "Queue": queue,
                        "Name": member.name,
                        "Location": interface,
                    }
                    writer.write(encode(told | state | {"ActionID": action_id}))
        for uid in self.waiting:
            entry = {"Event": "QueueEntry", "Queue": "consult", "Uniqueid": uid, "Wait": "5"}
            writer.write(encode(entry | {"CallerIDNum": "13900139000", "ActionID": action_id}))
        writer.write(encode({"Event": "QueueStatusComplete", "ActionID": action_id}))


_ACTIONS: Mapping[str, Callable[[Manager, Frame], tuple[str, str]]] = {
    "QueuePause": Manager._pause,
    "QueueAdd": Manager._add,
    "QueueRemove": Manager._remove,
}
