"""An Asterisk manager port on a real socket: logs clients in, lists a small floor, says what a test tells it to say."""

import asyncio
import hashlib
from collections.abc import Mapping

from ccwall_adapters.asterisk_ami.frame import Frame, encode


class Manager:
    """`users` are name to secret. One queue, two members; `waiting` are the Uniqueids of callers in it."""

    def __init__(self, users: Mapping[str, str]) -> None:
        self.users = dict(users)
        self.waiting: list[str] = []
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

    def _list_queue(self, action_id: str, writer: asyncio.StreamWriter) -> None:
        writer.write(encode({"Response": "Success", "ActionID": action_id, "EventList": "start"}))
        writer.write(encode({"Event": "QueueParams", "Queue": "consult", "ActionID": action_id}))
        for number, name in (("1001", "Wang Fang"), ("1002", "Li Na")):
            member = {"Event": "QueueMember", "Queue": "consult", "Name": name, "Location": f"PJSIP/{number}"}
            writer.write(encode(member | {"Status": "1", "Paused": "0", "ActionID": action_id}))
        for uid in self.waiting:
            entry = {"Event": "QueueEntry", "Queue": "consult", "Uniqueid": uid, "Wait": "5"}
            writer.write(encode(entry | {"CallerIDNum": "13900139000", "ActionID": action_id}))
        writer.write(encode({"Event": "QueueStatusComplete", "ActionID": action_id}))
