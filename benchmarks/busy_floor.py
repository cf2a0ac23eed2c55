"""Facts of floors of any size with the same mix of calls: seven people in ten talk, as many wait as one in ten, all the time.

What differs between two floors is their size alone: at one rate of facts, calls on a floor twice as big last twice as long,
and so does everything else, thresholds included. Free people take turns, so that everybody takes calls. With fewer facts
a second than it is made for, calls last as long and are fewer.
"""

import random
from collections import deque
from collections.abc import Callable, Iterator
from heapq import heappop, heappush

from benchmarks.big_floor import SITE, SOURCE, START, Fact, agent, opening, queue
from ccwall.events import (
    AgentBusy,
    AgentId,
    AgentWorkingAfterCall,
    AnyEvent,
    ConfigApplied,
    ContactAbandoned,
    ContactAlerting,
    ContactAnswered,
    ContactId,
    ContactQueued,
    ContactReleased,
    Envelope,
    Policy,
    QueueCard,
    QueueId,
)

WAITING, TALKING, WRAPPING = 0.1, 0.7, 0.05
"""By people."""
GIVE_UP = 0.05
FACTS_PER_CALL = (1 - GIVE_UP) * 6 + GIVE_UP * 2
THRESHOLD, SHORT = 1.6, 0.1
"""By mean wait; waits are even between 0 and 2."""


class BusyFloor:
    """An endless day on one floor, busy at so many facts ``per_second``: `facts` gives the next ones."""

    def __init__(self, agents: int, queues: int, per_second: float, first_call: int = 1) -> None:
        self.agents, self.queues = agents, queues
        self.now = START + 1.0
        between = FACTS_PER_CALL / per_second
        self._wait = between * max(1.0, WAITING * agents)
        self._talk, self._wrap = between * TALKING * agents, between * WRAPPING * agents
        self._chance = random.Random(7)
        self._free = deque(agent(number) for number in range(agents))
        self._line: deque[Callable[[float], None]] = deque()
        self._due: list[tuple[float, int, Fact | Callable[[float], None]]] = []
        self._calls, self._seq, self._told = first_call - 1, 0, 0
        self._next_call = self.now

    def opening(self) -> Iterator[Envelope]:
        """Everything is there, everybody is ready."""
        card = QueueCard(threshold=THRESHOLD * self._wait, short=SHORT * self._wait)
        yield self._envelope(ConfigApplied(at=START, hash="", policy=Policy(site=SITE, default=card)))
        for fact in opening(self.queues, self.agents):
            yield self._envelope(fact)

    def facts(self, count: int, per_second: float) -> Iterator[Envelope]:
        """The next ``count`` facts, ``per_second`` of them."""
        between = FACTS_PER_CALL / per_second
        self._next_call = max(self._next_call, self.now)
        while count:
            while not self._due or self._next_call <= self._due[0][0]:
                self._begin_call(self._next_call)
                self._next_call += between
            at, _, step = heappop(self._due)
            self.now = max(self.now, at)
            event = step(self.now)
            if event is not None:
                count -= 1
                yield self._envelope(event)

    def _begin_call(self, at: float) -> None:
        self._calls += 1
        contact, where = ContactId(f"pbx1/{self._calls}"), queue(self._chance.randrange(self.queues))
        caller = f"138{self._chance.randrange(10**8):08}"
        wait = self._wait * self._chance.uniform(0.0, 2.0)
        self._at(
            at, lambda at: ContactQueued(at=at, contact=contact, queue=where, call=contact, caller=caller)
        )
        if self._chance.random() < GIVE_UP:
            self._at(at + wait, lambda at: ContactAbandoned(at=at, contact=contact, queue=where))
        else:
            self._at(
                at + wait / 2, lambda at: self._ask(at, lambda at: self._take(at, contact, where, wait / 2))
            )

    def _ask(self, at: float, take: Callable[[float], None]) -> None:
        """As soon as somebody is free."""
        if self._free:
            take(at)
        else:
            self._line.append(take)

    def _take(self, at: float, contact: ContactId, where: QueueId, rings: float) -> None:
        """Somebody is rung, answers, talks and wraps up."""
        who, answered = self._free.popleft(), at + rings
        ended = answered + self._talk * self._chance.uniform(0.5, 1.5)
        self._at(at, lambda at: ContactAlerting(at=at, contact=contact, queue=where, agent=who))
        self._at(
            answered,
            lambda at: ContactAnswered(at=at, contact=contact, queue=where, agent=who, agent_name="坐席"),
        )
        self._at(answered, lambda at: AgentBusy(at=at, agent=who, contact=contact))
        self._at(
            ended, lambda at: ContactReleased(at=at, contact=contact, queue=where, agent=who, by="caller")
        )
        self._at(
            ended, lambda at: AgentWorkingAfterCall(at=at, agent=who, contact=contact, until=at + self._wrap)
        )
        self._at(ended + self._wrap, lambda at: self._release(at, who))

    def _release(self, at: float, who: AgentId) -> None:
        self._free.append(who)
        if self._line:
            self._line.popleft()(at)

    def _at(self, at: float, step: Fact | Callable[[float], None]) -> None:
        self._told += 1
        heappush(self._due, (at, self._told, step))

    def _envelope(self, event: AnyEvent) -> Envelope:
        self._seq += 1
        return Envelope(
            seq=self._seq, id=f"{self._seq:016x}", source=SOURCE, site=SITE, received=event.at, event=event
        )
