"""What an exchange has on its table: phones, members of queues, callers' places, offers, conversations."""

import copy
from random import Random
from typing import Literal

import simpy

from .chance import Stream
from .contract import DeviceState, Member, QueueState, Visit, Waiting
from .scenario import QueuePart

Left = Literal["answered", "abandoned", "timeout", "key", "empty", "withdrawn", "lost"]
"""How a caller left a queue."""


class Phone:
    """A device. A `channel` is the pseudo-device of a Local channel: the ACD sees it in use where a phone would ring."""

    def __init__(self, name: str, agent: str, *, channel: bool = False, reachable: bool = True) -> None:
        self.name, self.agent, self.channel, self.reachable = name, agent, channel, reachable
        self.ringing = self.calls = 0
        self.rows: list[Row] = []
        """the memberships that watch it"""
        self.shown = self.state

    @property
    def state(self) -> DeviceState:
        if not self.reachable:
            return "unavailable"
        if self.channel:
            return "in_use" if self.ringing or self.calls else "idle"
        if self.ringing:
            return "ringing_in_use" if self.calls else "ringing"
        return "in_use" if self.calls else "idle"

    def clear(self) -> None:
        """Its calls died under it. A channel is made anew whenever it is wanted, so it is there at once."""
        self.ringing = self.calls = 0
        self.reachable = self.channel
        self.shown = self.state


class Row:
    """One interface in one queue: what the ACD knows of it (`member`), and the phones behind it."""

    def __init__(self, member: Member, queue: "Queue", phone: Phone, device: Phone) -> None:
        self.member, self.queue, self.phone, self.device = member, queue, phone, device
        self.rests_until = 0.0
        """wrap-up"""

    def phones(self) -> tuple[Phone, ...]:
        """What an offer to this member makes ring."""
        return (self.phone,) if self.device is self.phone else (self.phone, self.device)

    @property
    def through_local(self) -> bool:
        return self.member.interface.startswith("Local/")

    @property
    def is_optimised(self) -> bool:
        """The Local channel goes away once the call is up; "/n" forbids it."""
        return self.through_local and not self.member.interface.endswith("/n")

    def is_there(self) -> bool:
        """Enough for a queue not to be empty."""
        return not self.member.paused and self.device.reachable

    def may_ring(self, now: float) -> bool:
        return (
            not self.member.paused
            and now >= self.rests_until
            and self.device.reachable
            and (self.queue.part.ring_in_use or self.device.state == "idle")
        )


class Call:
    """One party's call, first for `queue`. `chance` is this caller's own: whoever calls is the same, whatever goes on on the floor."""

    def __init__(
        self, key: str, number: str, name: str, chance: Stream, queue: "Queue", redials: int = 0
    ) -> None:
        self.key, self.number, self.name, self.chance = key, number, name, chance
        self.queue, self.redials = queue, redials
        self.alive = True


class Place:
    """A caller's place in a queue. `left` happens when it is given up, with how."""

    def __init__(self, call: Call, visit: Visit, queue: "Queue", priority: int, left: simpy.Event) -> None:
        self.call, self.visit, self.queue, self.priority, self.left = call, visit, queue, priority, left
        self.open = True
        self.offers: list[Offer] = []
        self.tried: set[str] = set()
        """interfaces that were busy in this round"""
        self.rests_until = 0.0
        self.talk: Talk | None = None
        """once it was answered"""


class Offer:
    """A member is rung."""

    def __init__(self, place: Place, row: Row, began: float) -> None:
        self.place, self.row, self.began = place, row, began
        self.open, self.rings = True, False


class Talk:
    """A conversation that a queue gave."""

    def __init__(self, place: Place, row: Row, answered: float) -> None:
        self.place, self.row, self.answered = place, row, answered
        self.open, self.held, self.counted, self.optimised = True, False, False, False

    @property
    def call(self) -> Call:
        return self.place.call


class Queue:
    """A queue with its callers in the order in which they will be served, and its members in the order of joining."""

    def __init__(self, part: QueuePart) -> None:
        self.part = part
        self.rows: dict[str, Row] = {}
        self.waiting: list[Place] = []
        self.last_rung = ""
        self.looks_at = 0.0
        """when it next looks who can be served; 0: not before something happens"""

    @property
    def name(self) -> str:
        return self.part.name

    def line_up(self, place: Place) -> int:
        """Takes the caller in, behind everybody of the same or a higher priority; the position, from 1."""
        position = sum(other.priority >= place.priority for other in self.waiting)
        self.waiting.insert(position, place)
        return position + 1

    def position(self, place: Place) -> int:
        return self.waiting.index(place) + 1

    def is_deserted(self) -> bool:
        """Nobody serves it: all members paused or out of reach."""
        return not any(row.is_there() for row in self.rows.values())

    def outranks(self, other: "Queue", now: float) -> bool:
        """More weight than the other, and more callers than members for them (app_queue's compare_weight)."""
        if self.part.weight <= other.part.weight or not self.waiting:
            return False
        return len(self.waiting) >= sum(row.may_ring(now) for row in self.rows.values())

    def choose(self, rows: list[Row], chance: Random) -> list[Row]:
        """Whom to ring of those that may be: all of the lowest penalty (ringall), or the one whose turn it is."""
        lowest = min(row.member.penalty for row in rows)
        best = [row for row in rows if row.member.penalty == lowest]
        match self.part.strategy:
            case "ringall":
                return best
            case "random":
                return [best[chance.randrange(len(best))]]
            case "leastrecent":
                return [min(best, key=lambda row: row.member.last_call)]
            case "fewestcalls":
                return [min(best, key=lambda row: row.member.calls_taken)]
            case "linear":
                return best[:1]
            case "rrmemory":
                return [self._next_round(best)]

    def _next_round(self, rows: list[Row]) -> Row:
        """The first after the one that was rung last."""
        order = list(self.rows)
        last = order.index(self.last_rung) if self.last_rung in self.rows else -1
        place = {interface: (spot - last - 1) % len(order) for spot, interface in enumerate(order)}
        return min(rows, key=lambda row: place[row.member.interface])

    def state(self) -> QueueState:
        part = self.part
        return QueueState(
            name=part.name,
            strategy=part.strategy,
            capacity=part.capacity,
            service_level=float(part.service_level),
            wrap_up=float(part.wrap_up),
            weight=part.weight,
            timeout=float(part.timeout),
            retry=float(part.retry),
            ring_in_use=part.ring_in_use,
            members=[copy.copy(row.member) for row in self.rows.values()],
            waiting=[
                Waiting(
                    call=place.call.key,
                    visit=place.visit.visit,
                    position=position,
                    priority=place.priority,
                    queued=place.visit.queued,
                    number=place.call.number,
                    name=place.call.name,
                )
                for position, place in enumerate(self.waiting, 1)
            ],
        )
