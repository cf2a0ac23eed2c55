"""What an MQTT link must know beside its address: as whom it logs in, what it subscribes to, and what it leaves behind."""

from typing import Literal

import msgspec

from ccwall.adapter import Dial

Version = Literal[4, 5]
"""The number on the wire: 4 is MQTT 3.1.1."""
MOST_PAYLOAD = 64 * 1024
"""Bytes. What a desk says is some hundreds; a publisher that says more does not get our memory."""


class Will(msgspec.Struct, frozen=True, kw_only=True):
    """What the broker says for us when we are gone without a goodbye."""

    topic: str
    payload: bytes
    qos: Literal[0, 1] = 1
    retain: bool = True


class MqttDial(Dial, frozen=True, kw_only=True):
    """`topics` are filters with the QoS asked for. The session outlives the connection by `session_expiry` seconds (with
    3.1.1 as long as the broker likes), so that what is not acknowledged comes again: `client` must be the same every time,
    and nobody else's. `keepalive` seconds; a dead link is known after twice that. `in_flight`: messages the broker may send
    before the first of them is acknowledged (MQTT 5)."""

    client: str
    username: str = ""
    password: str = ""
    version: Version = 5
    topics: tuple[tuple[str, Literal[0, 1]], ...] = ()
    session_expiry: int = 3600
    keepalive: int = 4
    in_flight: int = 100
    most_payload: int = MOST_PAYLOAD
    will: Will | None = None


def refusal(code: int, said: str, *, username: str, where: str) -> str:
    """Why the broker does not let us in, and what to do. `code` as MQTT 5 numbers it (3.2.2.2)."""
    who = f'the user "{username}"' if username else "a client without a user name"
    if code in (134, 135):
        return (
            f"the MQTT broker at {where} does not let in {who} ({said}): check username and password, and what the broker's "
            "own list allows this user"
        )
    if code == 133:
        return (
            f"the MQTT broker at {where} does not like our client id ({said}): give another one as client_id"
        )
    if code == 138:
        return f"the MQTT broker at {where} has banned this client ({said})"
    return f"the MQTT broker at {where} refused the connection ({said})"
