"""Which agent talks to which caller, joined from a list of channels (CoreShowChannels, asterisk-notes 37).

A caller in conversation runs `Queue` and sits in a bridge; the agent's leg runs `AppQueue` in the same bridge.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from .frame import Message, caller_of, clock_seconds


@dataclass(slots=True)
class Channel:
    """One line of the list, `age` in seconds."""

    name: str
    uid: str
    linked: str
    caller: str
    application: str
    arguments: str
    bridge: str
    age: float


def read(message: Message) -> Channel:
    return Channel(
        name=message.get(b"Channel"),
        uid=message.get(b"Uniqueid"),
        linked=message.get(b"Linkedid"),
        caller=caller_of(message),
        application=message.get(b"Application"),
        arguments=message.get(b"ApplicationData"),
        bridge=message.first(b"BridgeId", b"BridgeID"),
        age=clock_seconds(message.get(b"Duration")),
    )


def conversations(channels: list[Channel]) -> Iterator[tuple[Channel, Channel]]:
    """Pairs of a queue's caller and the agent's leg it talks to."""
    legs = {
        channel.bridge: channel
        for channel in channels
        if channel.bridge and channel.application == "AppQueue"
    }
    for caller in channels:
        leg = legs.get(caller.bridge)
        if caller.application == "Queue" and leg is not None:
            yield caller, leg
