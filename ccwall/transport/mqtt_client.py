"""An MQTT client for who tells a broker things, and keeps no account of what was acknowledged; `mqtt` is for who does."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Literal

import aiomqtt
import msgspec

from ccwall.transport.address import Address
from ccwall.transport.link import CONNECT_WITHIN
from ccwall.transport.mqtt import connected_socket
from ccwall.transport.trouble import explained

ANSWER_WITHIN = 8.0
KEEPALIVE = 60


class Login(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The keys of a configuration that say as whom a broker is joined."""

    username: str = ""
    password: str = ""
    client_id: str = ""
    version: Literal["3.1.1", "5"] = "5"

    def __post_init__(self) -> None:
        if self.password and not self.username:
            raise ValueError("username: is missing; a password without one means nothing")


def check_topic(key: str, topic: str, longest: int = 65_535) -> None:
    """ValueError naming ``key`` unless messages can be published below it."""
    wrong = any(c in topic for c in "+#\0") or topic != topic.strip("/") or topic.startswith("$")
    if wrong or len(topic) > longest:
        raise ValueError(f'{key}: "{topic[:40]}" must be a topic without wildcards and outer slashes')


@asynccontextmanager
async def joined(
    to: Address, login: Login, client_id: str, *, will: aiomqtt.Will | None = None, keepalive: int = KEEPALIVE
) -> AsyncIterator[aiomqtt.Client]:
    """Logged in, on a socket of our own: aiomqtt's way to open one blocks a thread, and says less of what went wrong.

    ``client_id`` where the login names none. Raises aiomqtt.MqttError, or OSError when nobody is there.
    """
    try:
        async with asyncio.timeout(CONNECT_WITHIN):
            ready = await connected_socket(to)
    except OSError as error:
        raise explained(error, to, CONNECT_WITHIN) from error
    client = aiomqtt.Client(
        to.host,
        to.port,
        identifier=login.client_id or client_id,
        username=login.username or None,
        password=login.password or None,
        protocol=aiomqtt.ProtocolVersion.V5 if login.version == "5" else aiomqtt.ProtocolVersion.V311,
        clean_session=None if login.version == "5" else True,
        will=will,
        keepalive=keepalive,
        timeout=ANSWER_WITHIN,
    )
    client._client._create_socket = lambda: ready  # type: ignore[method-assign]  # as ccwall.transport.mqtt
    try:
        async with client:
            yield client
    finally:
        with suppress(OSError):
            ready.shutdown(socket.SHUT_RDWR)  # so that the library lets go of it, however this ended
        for _ in range(3):
            await asyncio.sleep(0)
        ready.close()
