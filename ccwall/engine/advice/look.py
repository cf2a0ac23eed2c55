"""One look at the floor, shared by all that is asked about the same moment: who is there, what comes, and what it comes to."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from ccwall.engine.advice.chain import REACH, SOON, SPANS
from ccwall.engine.advice.crew import Crew, Hand, crew, served
from ccwall.engine.advice.plans import Planned, of_desk
from ccwall.engine.advice.road import Ends, Pool, Rest, ends, levels, middle, pool, second_thought
from ccwall.engine.advice.sharing import Parts, around, parts
from ccwall.engine.advice.traffic import Rings, Traffic, inputs_now, rings, traffic
from ccwall.engine.band import Band
from ccwall.engine.estimates import Inputs
from ccwall.engine.outlook import Outlook
from ccwall.engine.prospects import Prospects
from ccwall.engine.scope import Scope
from ccwall.engine.state import State
from ccwall.events import AgentId, QueueId

STALE = 120.0
"""Seconds: two turns of a queue."""
Heard = dict[QueueId, tuple[float, Traffic]]


class Look:
    """At `now`, for so many steps ahead. ``heard``: what was worked out lately for queues by themselves, which is good enough
    for what they bring to others; and is kept there."""

    def __init__(
        self,
        state: State,
        now: float,
        prospects: Prospects,
        plans: Sequence[Planned] = (),
        steps: int = REACH,
        heard: Heard | None = None,
    ) -> None:
        self.state, self.now, self.steps, self._prospects = state, now, steps, prospects
        self.moment = state.seq, now
        self.crew: Crew = crew(state, now, plans, steps)
        self.people: Mapping[QueueId, list[Hand]] = served(self.crew.values())
        self._traffic: dict[QueueId, Traffic] = {}
        self._rings: Rings | None = None
        self._ends: dict[QueueId, Ends] = {}
        self._less: dict[QueueId, float] = {}
        self._heard, self._beside = heard, dict[QueueId, Traffic]()
        self._before: Changed | None = None

    def traffic(self, queue: QueueId) -> Traffic:
        known = self._traffic.get(queue)
        if known is None:
            known = self._traffic[queue] = traffic(
                self.state, self.state.queues[queue], self.now, self._prospects, self.steps, self.rings()
            )
            if self._heard is not None:
                self._heard[queue] = self.now, known
        return known

    def beside(self, queue: QueueId) -> Traffic:
        """What a queue brings to the people of another."""
        if self._heard is None:
            return self.traffic(queue)
        known = self._beside.get(queue)
        if known is None:
            at, before = self._heard.get(queue, (0.0, None))
            if before is None or not 0 <= self.now - at < STALE or len(before.course) < self.steps:
                known = self.traffic(queue)
            else:
                waiting = self.state.queues[queue].waiting
                ringing = len(waiting.keys() & self.rings().ringing)
                known = msgspec.structs.replace(before, waiting=len(waiting), ringing=ringing)
            self._beside[queue] = known
        return known

    def rings(self) -> Rings:
        if self._rings is None:
            self._rings = rings(self.state)
        return self._rings

    def outlook(self, queue: QueueId) -> Outlook:
        """The board's own, of the last minute."""

        def inputs() -> Inputs:
            mine = self.people.get(queue, ())
            seen = inputs_now(self.state, self.state.queues[queue], self.now, self._prospects)
            return msgspec.structs.replace(
                seen,
                ready=sum(hand.here and not hand.busy for hand in mine),
                capacity=round(sum(hand.share for hand in mine), 6),
            )

        def ahead() -> dict[int, Band] | None:
            return forecast(self.state, queue, self.now, self._prospects)

        return self._prospects.of_queue(Scope("queue", queue), self.now, False, inputs, ahead)

    def second_thought(self, queue: QueueId) -> float:
        """The same however people are moved about: what was seen was seen of the people as they are."""
        if queue not in self._less:
            self._less[queue] = self.as_it_is().second_thought(queue)
        return self._less[queue]

    def changed(self, anew: Iterable[Hand]) -> "Changed":
        """With these people otherwise."""
        return Changed(self, {**self.crew, **{hand.id: hand for hand in anew}})

    def as_it_is(self) -> "Changed":
        if self._before is None:
            self._before = Changed(self, self.crew, self._ends)
        return self._before


class Beside(NamedTuple):
    """Of another queue's `load` in erlangs, the `part` that these people carry."""

    queue: QueueId
    part: float
    load: float


class Changed:
    """The same moment with other people."""

    def __init__(
        self, look: Look, people: Mapping[AgentId, Hand], known: dict[QueueId, Ends] | None = None
    ) -> None:
        self._look = look
        self.crew = people
        self.people = look.people if people is look.crew else served(people.values())
        self._known: dict[QueueId, Ends] = {} if known is None else known
        self._parts: list[tuple[set[QueueId], Parts]] = []

    def heads(self, queue: QueueId, steps: int) -> float:
        """People to be had, in the mean of the first steps."""
        return sum(sum(hand.there[:steps]) for hand in self.people.get(queue, ())) / steps

    def share(self, queue: QueueId) -> float:
        """Capacity as the board has it, with everybody at the desk counted by the time they stay."""
        return sum(hand.share * hand.there[0] for hand in self.people.get(queue, ()))

    def beside(self, queue: QueueId) -> list[Beside]:
        """What else its people answer for, the most first."""
        near, known = self._near(queue)
        carried, told = around(queue, known), self._look.state.queues
        found = [
            Beside(other, carried[other], carried[other] * self._look.beside(other).load)
            for other in sorted(near)
            if other != queue and other in told and carried.get(other, 0.0) > 0
        ]
        return sorted(found, key=lambda each: -each.load)

    def ends(self, queue: QueueId) -> Ends:
        known = self._known.get(queue)
        if known is None:
            known = self._known[queue] = ends(self._pool(queue), self._look.second_thought(queue))
        return known

    def second_thought(self, queue: QueueId) -> float:
        return second_thought(self._pool(queue))

    def _pool(self, queue: QueueId) -> Pool:
        mine, own = self.people.get(queue, ()), self._look.traffic(queue)
        near, known = self._near(queue)
        if len(near) < 2:
            return pool(mine, own)
        carried, told = around(queue, known), self._look.state.queues
        others = sorted(other for other in near if other != queue and other in told)
        parts_ = [(self._look.beside(other), carried.get(other, 0.0)) for other in others]
        hands = {hand.id: hand for other in others for hand in self.people.get(other, ())}
        return pool(
            mine,
            own,
            parts_,
            Rest(
                tuple(hand for _, hand in sorted(hands.items()) if queue not in hand.queues),
                tuple((each, 1 - part) for each, part in parts_),
            ),
        )

    def _near(self, queue: QueueId) -> tuple[set[QueueId], Parts]:
        """The queues that are reached by people who serve two, and who carries what of them."""
        for found in self._parts:
            if queue in found[0]:
                return found
        near, fresh = set[QueueId](), {queue}
        while fresh:
            near |= fresh
            fresh = {
                other for one in fresh for hand in self.people.get(one, ()) for other in hand.queues
            } - near
        known: Parts = {}
        if len(near) > 1:
            told = self._look.state.queues
            loads = {other: self._look.beside(other).load for other in sorted(near) if other in told}
            hands = {hand.id: hand for other in sorted(near) for hand in self.people.get(other, ())}
            known = parts([hand for _, hand in sorted(hands.items())], loads)
        self._parts.append((near, known))
        return near, known

    def middle(self, queue: QueueId, steps: int) -> float | None:
        """The service level to be expected of the next steps; None where it cannot be said."""
        if queue not in self._look.state.queues or self._look.traffic(queue).why:
            return None
        return middle(self.ends(queue), steps) if self.heads(queue, steps) > 0 else 0.0


def of_house(state: State, now: float, prospects: Prospects) -> Look:
    """With the breaks as they are granted and promised; made once for one moment."""
    look = prospects.look
    if look is None or look.moment != (state.seq, now):
        plans = of_desk(state.desk.breaks.open(), now)
        look = prospects.look = Look(state, now, prospects, plans, heard=prospects.heard)
    return look


def forecast(state: State, queue: QueueId, now: float, prospects: Prospects) -> dict[int, Band] | None:
    """Of the house: what the board shows is what the desk starts from, when nobody goes. Service level by minutes ahead: low,
    middle, high. None where it cannot be said."""
    look = of_house(state, now, prospects)
    before = look.as_it_is()
    if queue not in state.queues or look.traffic(queue).why or before.heads(queue, SPANS[0].steps) <= 0:
        return None
    return levels(before.ends(queue), SOON)
