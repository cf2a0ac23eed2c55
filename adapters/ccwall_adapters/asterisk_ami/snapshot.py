"""The truth as Asterisk lists it: read, reconciled with what we remember, and told.

Lists are known by the ActionID of their question, ours or an observed client's; a list asked for one queue or one
member is facts, never the whole truth. What memory has and a whole list has not gets `SETTLE` seconds for its own
event to arrive (it may have been on the way), then it is lost.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from .channels import Bridges, Channel, read
from .declared import Figures, figures
from .frame import Message, number
from .ledger import Counted, Taken
from .telling import Visit
from .translation import Floor

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
    counters: dict[str, Counted] = field(default_factory=dict)
    declared: dict[str, Figures] = field(default_factory=dict)
    in_call: set[tuple[str, str]] = field(default_factory=set)
    channels: list[Channel] = field(default_factory=list)


class Snapshot:
    """`resyncing`: facts are kept back until `finish_resync` tells all of them at once."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self.listings: dict[str, Listing] = {}
        self.suspects: list[tuple[float, Visit, str]] = []
        self.heard = 0.0
        """when the last line of any list came"""
        self._in_call: set[tuple[str, str]] = set()
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
        listing.begun = self.heard = now
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
        self.heard = now
        listing.begun = listing.begun or now  # its head may have been thrown away
        reader = _READERS.get(kind)
        if reader is not None:
            reader(self, listing, message, now)
        elif kind.endswith(b"Complete"):
            del self.listings[action_id]
            if not listing.partial:
                self._read(listing, now, is_empty=message.get(b"ListItems") == "0")
        return True

    def settle(self, now: float) -> None:
        """Lose the suspects whose own event did not come in time; then say what the counters know beyond that."""
        visits = self._floor.visits
        if self.suspects and now - self.suspects[0][0] >= visits.settle_after:
            for _, visit, state in self.suspects:
                if visit.state == state:
                    visits.lose(visit, now, "not in the snapshot")
            self.suspects.clear()
        if not self.suspects and not self.listings:
            visits.settle_counters(now)

    def finish_resync(self, now: float) -> tuple[str, ...]:
        """Tell everything that is true; returns what this source cannot tell."""
        self._resyncing = False
        self._floor.members.say_all(now)
        self._floor.declared.tell()
        self._floor.visits.say_all()
        limits = {"queues": self._queues, "conversations": self._conversations, "devices": self._devices}
        return tuple(name for name, told in limits.items() if not told)

    # ── one item ──

    def _params(self, listing: Listing, message: Message, now: float) -> None:
        queue = message.get(b"Queue")
        listing.queues.add(queue)
        listing.counters[queue] = Counted(
            int(number(message.get(b"Completed"))), int(number(message.get(b"Abandoned")))
        )
        listing.declared[queue] = figures(message)
        self._floor.members.describe(message, now, quiet=self._resyncing)

    def _member(self, listing: Listing, message: Message, now: float) -> None:
        member = (message.get(b"Queue"), message.first(b"Location", b"Interface"))
        listing.members.add(member)
        if message.get(b"InCall") == "1":
            listing.in_call.add(member)
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

    def _read(self, listing: Listing, now: float, *, is_empty: bool) -> None:
        visits = self._floor.visits
        if listing.action == "queuestatus":
            self._queues_read = self._queues = True
            self._in_call = listing.in_call
            self._floor.members.keep_only(listing.members, listing.queues, now, quiet=self._resyncing)
            gone = [
                v
                for v in visits.waiting()
                if (v.uid, v.queue) not in listing.waiting and v.queued < listing.begun
            ]
            self._suspect(gone, now)
            self._floor.declared.read(listing.declared, now)
            if not self._resyncing:
                self._floor.declared.tell()
            visits.ledger.take(
                Taken(
                    now, listing.counters, listing.waiting, set(listing.in_call), {v.contact for v in gone}
                ),
                visits.talking(),
            )
        elif listing.action == "coreshowchannels":
            self._read_channels(listing, now, is_empty=is_empty)
        else:
            self._devices = True

    def _read_channels(self, listing: Listing, now: float, *, is_empty: bool) -> None:
        """A list without a line where somebody waits or talks is a filter's doing, unless it says itself that it is empty."""
        visits = self._floor.visits
        if not listing.channels and not is_empty and (visits.waiting() or visits.talking()):
            return
        self._conversations = True
        bridges = Bridges(listing.channels)
        there = {(caller.uid, caller.queue) for caller in bridges.callers}
        pairs = bridges.conversations()
        latest = {self._floor.members.interface(caller.queue, leg.name): leg for caller, leg in pairs}
        for caller, leg in pairs:
            if not self._is_anothers(caller, leg, now - leg.age, latest):
                visits.conversation(caller, leg, now, resyncing=self._resyncing)
            elif self._resyncing:  # else its transfer would have been told
                there.discard((caller.uid, caller.queue))
        gone = [v for v in visits.talking() if (v.uid, v.queue) not in there and v.answered < listing.begun]
        self._suspect(gone, now)

    def _is_anothers(self, caller: Channel, leg: Channel, called: float, latest: dict[str, Channel]) -> bool:
        """The bridge is not of this queue's making, or its agent has left it: the caller was transferred.

        The leg was not called for this caller, or not by a queue, or not the one we know; or the agent's phone is idle, or in
        a later call, although its Local channel still stands (trap 14); or no queue gave the agent this call (trap 17).
        """
        if caller.linked and leg.linked and leg.linked not in (caller.linked, caller.uid):
            return True
        members, known = self._floor.members, self._floor.visits.conversation_of(caller)
        if leg.application != "AppQueue":
            return members.find_optimised(caller.queue, leg.name) is None
        interface, member = members.interface(caller.queue, leg.name), members.find(caller.queue, leg.name)
        is_local = leg.name.startswith("Local/")
        if known is not None and (known.interface != interface or not is_local):
            return known.interface != interface
        if member is None:
            return members.is_one(leg.name)
        if is_local and self._resyncing and latest[interface] is not leg:
            return True
        return (caller.queue, interface) not in self._in_call and (
            members.is_idle(member) or self._is_not_in_call(leg, called, latest)
        )

    def _is_not_in_call(self, leg: Channel, called: float, latest: dict[str, Channel]) -> bool:
        """A missing `InCall` proves something only if it was not cleared: by a reset, which the counters show, or by a
        reload, after which no older call has it."""
        others = [latest[interface] for _, interface in self._in_call if interface in latest]
        if any(other is leg or other.age > leg.age for other in others):
            return True
        ledger = self._floor.visits.ledger
        return ledger.missed_since is not None and called > ledger.missed_since and not ledger.fell

    def _suspect(self, visits: list[Visit], now: float) -> None:
        self.suspects.extend((now, visit, visit.state) for visit in visits)


_READERS: dict[bytes, Callable[[Snapshot, Listing, Message, float], None]] = {
    b"QueueParams": Snapshot._params,
    b"QueueMember": Snapshot._member,
    b"QueueEntry": Snapshot._entry,
    b"CoreShowChannel": Snapshot._channel,
    b"DeviceStateChange": Snapshot._device,
}
