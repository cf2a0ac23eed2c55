"""Which agent talks to which caller, joined from a list of channels (CoreShowChannels, asterisk-notes 37).

A caller in conversation runs `Queue` and sits in a bridge; the agent's leg runs `AppQueue` in the same bridge.
"""

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

    @property
    def queue(self) -> str:
        """The queue it is in, if it runs `Queue`."""
        return self.arguments.partition(",")[0]


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


class Bridges:
    """Who sits with whom."""

    def __init__(self, channels: list[Channel]) -> None:
        self._in: dict[str, list[Channel]] = {}
        self.callers = [channel for channel in channels if channel.application == "Queue"]
        for channel in channels:
            if channel.bridge:
                self._in.setdefault(channel.bridge, []).append(channel)

    def others(self, caller: Channel) -> list[Channel]:
        return [channel for channel in self._in.get(caller.bridge, ()) if channel is not caller]

    def conversations(self) -> list[tuple[Channel, Channel]]:
        """Pairs of a queue's caller and whom it talks to: the leg that the queue called, if it is still there. The latest
        last."""
        pairs = []
        for caller in self.callers:
            others = sorted(self.others(caller), key=lambda other: other.application != "AppQueue")
            if others:
                pairs.append((caller, others[0]))
        return sorted(pairs, key=lambda pair: -pair[1].age)
