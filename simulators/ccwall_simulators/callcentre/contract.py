"""What the model of a floor shows to whoever dresses it in a protocol, and what that one may do to it."""

from collections.abc import Mapping, Sequence
from typing import Literal, Protocol

import msgspec

from .happening import AnyHappening

DeviceState = Literal["idle", "ringing", "in_use", "ringing_in_use", "unavailable"]


class Member(msgspec.Struct, kw_only=True):
    """One agent in one queue, as it is now. `static`: from the configuration, not added by hand.

    `device` is what the ACD watches: the phone, or, where a Local member has no state interface, the Local channel's own
    pseudo-device ("Local/1012@from-queue"). `phone` is always what rings on the desk. `reason` may stay when `paused` is
    False: the last word with which the member was resumed. `calls_taken` and `last_call` are shared by all queues of an
    interface, as with shared_lastcall.
    """

    agent: str
    interface: str
    device: str
    name: str
    phone: str = ""
    penalty: int = 0
    static: bool = True
    paused: bool = False
    reason: str = ""
    paused_since: float = 0.0
    in_call: bool = False
    calls_taken: int = 0
    last_call: float = 0.0
    logged_in: float = 0.0


class Waiting(msgspec.Struct, kw_only=True):
    """One caller in a queue; `position` from 1."""

    call: str
    visit: int
    position: int
    priority: int
    queued: float
    number: str
    name: str


class Talking(msgspec.Struct, kw_only=True):
    """One conversation that a queue gave, going on. It is over as soon as the agent passed the caller on."""

    call: str
    visit: int
    queue: str
    agent: str
    interface: str
    answered: float
    held: bool = False


class QueueState(msgspec.Struct, kw_only=True):
    """One queue as it is now. `wrap_up`, `service_level`, `timeout` seconds."""

    name: str
    strategy: str
    capacity: int
    service_level: float
    wrap_up: float
    weight: int
    members: list[Member]
    waiting: list[Waiting]
    timeout: float = 15.0
    retry: float = 5.0
    ring_in_use: bool = False


class Visit(msgspec.Struct, kw_only=True, omit_defaults=True):
    """The truth of one visit. `outcome` open while it lasts; `lost` when the PBX died under it.

    `answered` stays set when an answered call was lost: then outcome is "answered" and `end` "lost".
    """

    visit: int
    call: str
    queue: str
    caller: str
    queued: float
    outcome: Literal["open", "answered", "abandoned", "flowed_out", "lost"]
    cause: str = ""
    answered: float | None = None
    ended: float | None = None
    end: str = ""
    agent: str = ""
    no_answers: int = 0


class Floor(Protocol):
    """A seeded call centre in simulated time. Equal scenario, seed and calls of these methods: equal happenings.

    The floor opens some minutes before its `start` (the scenario's `warm`): `now` is that opening at first, nobody is
    on the line then, and the first `advance` tells those minutes too.
    """

    @property
    def now(self) -> float: ...
    def advance(self, to: float) -> Sequence[AnyHappening]:
        """Everything that happened up to and including `to`, in order."""
        ...

    def queues(self) -> Sequence[QueueState]: ...
    def talking(self) -> Sequence[Talking]: ...
    def devices(self) -> Mapping[str, DeviceState]: ...
    def visits(self) -> Sequence[Visit]:
        """The truth of every visit so far, in order of queueing."""
        ...

    # What people and machines may do to it; each is told by the happenings of the next `advance`, unless it is silent.
    def pause(self, interface: str, paused: bool, reason: str = "", queue: str = "") -> bool:
        """False when there is no such member."""
        ...

    def add_member(
        self, queue: str, interface: str, name: str = "", penalty: int = 0, paused: bool = False
    ) -> str:
        """Empty when done, else why not: "no queue", "already there"."""
        ...

    def remove_member(self, queue: str, interface: str) -> str:
        """Empty when done, else why not: "no queue", "not there", "static"."""
        ...

    def reload(self) -> None:
        """Configuration was read again: some static members come, go and are renamed. Silent."""
        ...

    def restart(self, down: float = 0.0) -> None:
        """Every call is gone at this instant, without a word; pauses of static members are forgotten.

        For `down` seconds the exchange takes no calls and nobody can press pause; phones are unavailable from this
        instant, and each comes back some seconds after the exchange (told by DeviceChanged).
        """
        ...
