"""The truth as Asterisk lists it: read, reconciled with what we remember, and told.

Lists are known by the ActionID of their question, ours or an observed client's; a list asked for one queue or one
member is facts, never the whole truth. What memory has and a whole list has not gets `SETTLE` seconds for its own
event to arrive (it may have been on the way), then it is lost.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from .channels import Channel, conversations, read
from .frame import Message
from .telling import Visit
from .translation import Floor
from .visits import SETTLE

ASKED = {
    "queuestatus": "QueueStatus",
    "coreshowchannels": "CoreShowChannels",
    "devicestatelist": "DeviceStateList",
}
"""The lists that make a snapshot; QueueStatus is the one without which there is none."""


@dataclass(slots=True)
class Listing:
    """One list being read."""

    action: str
    partial: bool
    begun: float = 0.0
    members: set[tuple[str, str]] = field(default_factory=set)
    queues: set[str] = field(default_factory=set)
    waiting: set[tuple[str, str]] = field(default_factory=set)
    channels: list[Channel] = field(default_factory=list)


class Snapshot:
    """`resyncing`: facts are kept back until `finish_resync` tells all of them at once."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self.listings: dict[str, Listing] = {}
        self.suspects: list[tuple[float, Visit, str]] = []
        self._resyncing = False
        self._queues_read = self._queues = self._conversations = self._devices = False

    @property
    def idle(self) -> bool:
        return not self.listings

    @property
    def complete(self) -> bool:
        """Everything asked has been answered and the queues are among it."""
        return self._queues_read and not self.listings and not self.suspects

    def forget(self) -> None:
        self.listings.clear()
        self.suspects.clear()

    def begin_resync(self) -> None:
        self._resyncing = True
        self._queues_read = self._queues = self._conversations = self._devices = False

    def asked(self, action_id: str, action: str, *, partial: bool) -> None:
        if action_id and len(self.listings) < 1000:
            self.listings[action_id] = Listing(action, partial)

    def response(self, message: Message, now: float) -> None:
        """The head of a list, or a refusal of it (`Permission denied`)."""
        action_id = message.get(b"ActionID")
        listing = self.listings.get(action_id)
        if listing is None:
            return
        listing.begun = now
        if message.get(b"Response") == "Error":
            del self.listings[action_id]
            if listing.action == "queuestatus":
                self._queues_read = True  # refused: there will be none

    def item(self, kind: bytes, message: Message, now: float) -> bool:
        """One item or the end of an awaited list; False when it is no such thing."""
        action_id = message.get(b"ActionID")
        listing = self.listings.get(action_id)
        if listing is None:
            return False
        reader = _READERS.get(kind)
        if reader is not None:
            reader(self, listing, message, now)
        elif kind.endswith(b"Complete"):
            del self.listings[action_id]
            if not listing.partial:
                self._read(listing, now)
        return True

    def settle(self, now: float) -> None:
        """Lose the suspects whose own event did not come in time."""
        if not self.suspects or now - self.suspects[0][0] < SETTLE:
            return
        for _, visit, state in self.suspects:
            if visit.state == state:
                self._floor.visits.lose(visit, now, "not in the snapshot")
        self.suspects.clear()

    def finish_resync(self, now: float) -> tuple[str, ...]:
        """Tell everything that is true; returns what this source cannot tell."""
        self._resyncing = False
        self._floor.members.say_all(now)
        self._floor.visits.say_all()
        limits = {"queues": self._queues, "conversations": self._conversations, "devices": self._devices}
        return tuple(name for name, told in limits.items() if not told)

    # ── one item ──

    def _params(self, listing: Listing, message: Message, now: float) -> None:
        listing.queues.add(message.get(b"Queue"))
        self._floor.members.describe(message, now, quiet=self._resyncing)

    def _member(self, listing: Listing, message: Message, now: float) -> None:
        listing.members.add((message.get(b"Queue"), message.first(b"Location", b"Interface")))
        self._floor.members.upsert(message, now, quiet=self._resyncing)

    def _entry(self, listing: Listing, message: Message, now: float) -> None:
        listing.waiting.add((message.get(b"Uniqueid"), message.get(b"Queue")))
        self._floor.visits.listed(message, now, quiet=self._resyncing)

    def _channel(self, listing: Listing, message: Message, now: float) -> None:
        if len(listing.channels) < 200_000:
            listing.channels.append(read(message))

    def _device(self, listing: Listing, message: Message, now: float) -> None:
        self._floor.members.device(message, now, quiet=self._resyncing)

    # ── a whole list ──

    def _read(self, listing: Listing, now: float) -> None:
        visits = self._floor.visits
        if listing.action == "queuestatus":
            self._queues_read = self._queues = True
            self._floor.members.keep_only(listing.members, listing.queues, now, quiet=self._resyncing)
            gone = [
                v
                for v in visits.waiting()
                if (v.uid, v.queue) not in listing.waiting and v.queued < listing.begun
            ]
            self._suspect(gone, now)
        elif listing.action == "coreshowchannels":
            self._read_channels(listing, now)
        else:
            self._devices = True

    def _read_channels(self, listing: Listing, now: float) -> None:
        """An empty list where somebody waits or talks is a filter's doing, not the truth."""
        visits = self._floor.visits
        there = {channel.uid for channel in listing.channels}
        if not there and (visits.waiting() or visits.talking()):
            return
        self._conversations = True
        for caller, leg in conversations(listing.channels):
            visits.conversation(caller, leg, now, resyncing=self._resyncing)
        self._suspect([v for v in visits.talking() if v.uid not in there and v.answered < listing.begun], now)

    def _suspect(self, visits: list[Visit], now: float) -> None:
        self.suspects.extend((now, visit, visit.state) for visit in visits)


_READERS: dict[bytes, Callable[[Snapshot, Listing, Message, float], None]] = {
    b"QueueParams": Snapshot._params,
    b"QueueMember": Snapshot._member,
    b"QueueEntry": Snapshot._entry,
    b"CoreShowChannel": Snapshot._channel,
    b"DeviceStateChange": Snapshot._device,
}
