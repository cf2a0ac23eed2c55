"""The life of each call: arrival, waiting, conversation, transfers, the end; a simpy process each."""

from collections.abc import Generator
from typing import Literal, NamedTuple

import simpy

from . import callers
from .chance import Stream
from .exchange import Exchange
from .happening import CallArrived, CallEnded, CallTransferred
from .people import People, Person, SideCall
from .places import Call, Place, Queue, Talk
from .rush import Rush
from .scenario import QueuePart, Scenario

MOST_VISITS = 5
"""Of one call; who was sent about more often is sent away."""
OFFICES = tuple(str(number) for number in range(8001, 8021))
"""Extensions of people who are no agents."""


class Next(NamedTuple):
    """Where a call goes from here."""

    queue: Queue
    transferred_by: str = ""


Life = Generator[simpy.Event, object, Next | None]


class Calls:
    """`alive` by key; `rush` is what befalls them on a day that is not usual."""

    def __init__(self, scenario: Scenario, exchange: Exchange, people: People) -> None:
        self._scenario, self._how = scenario, scenario.handling
        self._exchange, self._people, self._ground = exchange, people, exchange.ground
        self._clock = exchange.ground.clock
        self.alive: dict[str, Call] = {}
        self._count = 0
        self.rush = Rush(scenario, exchange.ground, self._call)

    def begin(self) -> None:
        for part in self._scenario.queue:
            if part.calls_per_minute > 0:
                self._clock.process(self._arrivals(part))
        if self._how.withdrawals_per_hour > 0:
            self._clock.process(self._withdrawals())

    # ── arrivals ──

    def _arrivals(self, part: QueuePart) -> Generator[simpy.Event, object, None]:
        """A Poisson process whose rate follows the time of day, by thinning (Lewis and Shedler 1979)."""
        chance = self._ground.chance.stream("arrivals", part.name)
        points = self._scenario.profile.get(part.profile, ())
        highest = max((level for _, level in points), default=1.0)
        number = 0
        while True:
            yield self._clock.timeout(chance.every(60.0 / (part.calls_per_minute * highest)))
            level = self._scenario.level(part.profile, self._ground.today)
            if chance.random() * highest < level:
                number += 1
                self._call(part, self._ground.chance.stream("caller", part.name, number))

    def _call(self, part: QueuePart, own: Stream) -> None:
        who, queue = self._scenario.callers, self._exchange.queues[part.name]
        self._arrive(Call("", callers.number(who, own), callers.name(who, own), own, queue))

    def _arrive(self, call: Call) -> None:
        if self._exchange.is_down:  # the network says it cannot be reached
            self._call_again(call)
            return
        self._count += 1
        call.key = f"c{self._count}"
        self.alive[call.key] = call
        self._clock.process(self._live(call))

    def _call_again(self, call: Call, soon: bool = False) -> None:
        """Some who were not served call again: the same person, a new call."""
        who = self._scenario.callers
        if call.redials >= 3 or not call.chance.happens(0.8 if soon else who.redial):
            return
        again = Call("", call.number, call.name, call.chance, call.queue, call.redials + 1)
        delay = 2.0 + call.chance.every(20.0 if soon else who.redial_after)
        self._clock.after(delay, self._arrive, again)

    # ── a call ──

    def _live(self, call: Call) -> Generator[simpy.Event, object, None]:
        who = self._scenario.callers
        self._ground.tell(CallArrived(t=self._ground.now, call=call.key, number=call.number, name=call.name))
        yield self._clock.timeout(call.chance.lognormal(who.greeting, 0.4))
        priority = 5 if call.chance.happens(who.vip) else 0
        step: Next | None = None if call.chance.happens(0.01) else Next(call.queue)
        for _ in range(MOST_VISITS):
            if step is None or not call.alive:
                break
            step = yield from self._visit(call, step, priority)
        self.end(call)

    def end(self, call: Call) -> None:
        """The caller's channel is gone."""
        if call.alive:
            call.alive = False
            del self.alive[call.key]
            self._ground.tell(CallEnded(t=self._ground.now, call=call.key))

    def _visit(self, call: Call, step: Next, priority: int) -> Life:
        queue, chance = step.queue, call.chance
        place = self._exchange.enter(call, queue, priority, step.transferred_by)
        if place is None:
            yield self._clock.timeout(chance.uniform(2.0, 6.0))
            return self._elsewhere(call, queue)
        self._bear(call, place)
        how = yield place.left
        if how == "answered":
            assert place.talk is not None
            return (yield from self._converse(call, place.talk))
        if how == "abandoned":
            self.end(call)
            self._call_again(call)
        if how in {"abandoned", "lost"}:
            return None
        if how == "key":
            if queue.part.key_to:
                return Next(self._exchange.queues[queue.part.key_to])
            yield self._clock.timeout(chance.lognormal(18.0))  # leaves a message
            return None
        if how == "timeout" and chance.happens(queue.part.again):
            yield self._clock.timeout(chance.uniform(1.5, 4.0))
            return Next(queue)
        yield self._clock.timeout(chance.uniform(0.01, 3.0))
        return self._elsewhere(call, queue)

    def _elsewhere(self, call: Call, queue: Queue) -> Next | None:
        """Where a queue sends those it does not serve."""
        if queue.part.overflow and call.alive:
            return Next(self._exchange.queues[queue.part.overflow])
        if call.alive:
            self._call_again(call)
        return None

    def _bear(self, call: Call, place: Place) -> None:
        """What this caller will bear of the queue, and the queue of the caller."""
        part, who, chance = place.queue.part, self._scenario.callers, call.chance
        patience = chance.weibull(part.patience or who.patience, who.patience_shape)
        if chance.happens(who.short):
            patience = chance.uniform(0.5, 4.5)
        self._clock.after(patience, self._exchange.abandon, place)
        if chance.happens(part.key):
            self._clock.after(chance.uniform(8.0, 40.0), self._exchange.flow_out, place, "key")
        if part.longest_wait:
            self._clock.after(part.longest_wait, self._exchange.flow_out, place, "timeout")
        if (breaks := self.rush.waits(place)) is not None:
            self._clock.after(breaks, self._exchange.abandon, place)

    # ── a conversation ──

    def _converse(self, call: Call, talk: Talk) -> Life:
        chance, how, part = call.chance, self._how, talk.place.queue.part
        if (breaks := self.rush.talks(talk.place)) is not None:
            yield self._clock.timeout(breaks)
            if talk.open:
                self._finish(talk, "caller")
                self._call_again(call)
            return None
        length = chance.lognormal(part.talk, part.talk_spread) * self._pace(talk)
        first = length * chance.uniform(0.2, 0.7)
        yield self._clock.timeout(first)
        if talk.open and chance.happens(how.hold):
            yield from self._hold(call, talk)
        kind = chance.random()
        if talk.open and kind < how.blind:
            return (yield from self._transfer_blind(call, talk))
        if talk.open and kind < how.blind + how.attended:
            return (yield from self._transfer_attended(call, talk))
        yield self._clock.timeout(length - first)
        self._finish(talk, "caller" if chance.happens(how.caller_ends) else "agent")
        return None

    def _hold(self, call: Call, talk: Talk) -> Generator[simpy.Event, object, None]:
        self._exchange.conversations.hold(talk, True)
        yield self._clock.timeout(call.chance.lognormal(self._how.hold_length))
        if call.chance.happens(0.06):  # tired of the music
            self._finish(talk, "caller")
        self._exchange.conversations.hold(talk, False)

    def _pace(self, talk: Talk) -> float:
        person = self._people.everybody.get(talk.row.member.agent)
        return person.card.pace if person else 1.0

    def _finish(self, talk: Talk, by: Literal["caller", "agent"]) -> None:
        """Both hang up."""
        if not talk.open:
            return
        self._exchange.conversations.complete(talk, by)
        self.end(talk.call)
        self._hung_up(talk)

    def _hung_up(self, talk: Talk) -> None:
        for phone in talk.row.phones():
            self._exchange.show(phone)
        self._people.call_over(talk)

    def _passed_on(self, talk: Talk, kind: Literal["blind", "attended"], to: str, *, to_queue: bool) -> None:
        self._ground.tell(
            CallTransferred(
                t=self._ground.now,
                call=talk.call.key,
                agent=talk.row.member.agent,
                kind=kind,
                to=to,
                to_queue=to_queue,
            )
        )
        self._exchange.conversations.complete(talk, "transfer")

    def _other_queue(self, call: Call, talk: Talk) -> Queue:
        queues = [q for q in self._exchange.queues.values() if q is not talk.place.queue]
        return call.chance.choice(queues) if queues else talk.place.queue

    def _colleague(self, call: Call) -> Person | None:
        """Somebody whose phone is free, now and then."""
        if not call.chance.happens(self._how.to_colleague):
            return None
        free = [p for p in self._people.everybody.values() if p.is_free and not p.on_break]
        return call.chance.choice(free) if free else None

    def _transfer_blind(self, call: Call, talk: Talk) -> Life:
        chance = call.chance
        if chance.happens(self._how.to_queue):
            queue = self._other_queue(call, talk)
            self._passed_on(talk, "blind", queue.name, to_queue=True)
            self._hung_up(talk)
            yield self._clock.timeout(0.01)
            return Next(queue, talk.row.member.agent)
        colleague = self._colleague(call)
        to = colleague.card.extension if colleague else chance.choice(OFFICES)
        self._passed_on(talk, "blind", to, to_queue=False)
        self._hung_up(talk)
        side = self._people.dial(colleague, call.number) if colleague else None
        yield self._clock.timeout(chance.lognormal(talk.place.queue.part.talk / 2.0))
        if side:
            self._people.hang_up(side)
        return None

    def _transfer_attended(self, call: Call, talk: Talk) -> Life:
        """The agent asks first, the caller on hold."""
        chance = call.chance
        person = self._people.everybody.get(talk.row.member.agent)
        if person is None:
            self._finish(talk, "agent")
            return None
        self._exchange.conversations.hold(talk, True)
        if chance.happens(self._how.to_queue):
            return (yield from self._ask_queue(call, talk, person))
        to = chance.choice(OFFICES)
        asking = self._people.dial(person, to, talk.row.phone)
        yield self._clock.timeout(chance.lognormal(12.0))
        if not talk.open:
            self._people.hang_up(asking)
            return None
        if chance.happens(0.2):  # nobody there can help
            self._people.hang_up(asking)
            self._exchange.conversations.hold(talk, False)
            yield self._clock.timeout(chance.lognormal(20.0))
            self._finish(talk, "caller")
            return None
        self._passed_on(talk, "attended", to, to_queue=False)
        self._people.hang_up(asking)
        self._hung_up(talk)
        yield self._clock.timeout(chance.lognormal(talk.place.queue.part.talk / 2.0))
        return None

    def _ask_queue(self, call: Call, talk: Talk, person: Person) -> Life:
        """The agent lines up in another queue, on a call of their own; when somebody answers, the caller takes its place.

        The second visit is over at that instant for the queue (app_queue says COMPLETECALLER), but the two talk on.
        """
        chance, queue = call.chance, self._other_queue(call, talk)
        asking = self._people.dial(person, queue.name, talk.row.phone)
        own = Call(asking.key, person.card.extension, person.card.native, chance, queue)
        place = self._exchange.enter(own, queue, 0, person.card.id)
        if place is None:
            yield self._clock.timeout(2.0)
        else:
            self._clock.after(chance.uniform(15.0, 40.0), self._exchange.abandon, place)
            yield place.left
        if place is not None and place.talk is not None:
            yield self._clock.timeout(chance.lognormal(5.0, 0.3))
            if talk.open and place.talk.open:
                yield from self._joined(call, talk, place.talk, asking)
                return None
        self._people.hang_up(asking)
        self._exchange.conversations.hold(talk, False)
        yield self._clock.timeout(chance.lognormal(15.0))
        self._finish(talk, "caller")
        return None

    def _joined(self, call: Call, talk: Talk, second: Talk, asking: SideCall) -> Life:
        """The caller is put through to the agent who answered the queue."""
        self._passed_on(talk, "attended", second.place.queue.name, to_queue=True)
        self._exchange.conversations.complete(second, "caller", hangs_up=False)
        self._people.hang_up(asking)
        self._hung_up(talk)
        yield self._clock.timeout(call.chance.lognormal(second.place.queue.part.talk / 2.0))
        if call.alive:
            self._exchange.conversations.release(second)
            self.end(call)
            self._hung_up(second)
        return None

    # ── from above ──

    def _withdrawals(self) -> Generator[simpy.Event, object, None]:
        """Now and then a lead takes a caller out of a queue."""
        chance = self._ground.chance.stream("withdrawals")
        while True:
            yield self._clock.timeout(chance.every(3600.0 / self._how.withdrawals_per_hour))
            waiting = [place for queue in self._exchange.queues.values() for place in queue.waiting]
            if waiting:
                self._exchange.flow_out(chance.choice(waiting), "withdrawn")

    def restart(self) -> None:
        """All of them are dead; the callers soon call again."""
        dead, self.alive = self.alive, {}
        for call in dead.values():
            call.alive = False
        for call in dead.values():
            self._call_again(call, soon=True)
