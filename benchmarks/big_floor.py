"""The facts of a big floor, the same in every run: calls come to random queues, wait a little, and are taken."""

import random
from collections.abc import Callable, Iterator

from ccwall.events import (
    AgentBusy,
    AgentId,
    AgentLoggedOn,
    AgentMembershipChanged,
    AgentReady,
    AgentWorkingAfterCall,
    AnyEvent,
    ContactAlerting,
    ContactAnswered,
    ContactId,
    ContactQueued,
    ContactReleased,
    Envelope,
    QueueDescribed,
    QueueId,
    SiteId,
    SourceId,
    SourceResyncFinished,
    SourceUp,
)

START = 1_800_000_000.0
Fact = Callable[[float], AnyEvent]
"""A fact that waits for its moment."""

SOURCE, SITE = SourceId("pbx1"), SiteId("site")


def opening(queues: int, agents: int) -> Iterator[AnyEvent]:
    """Everything is there, everybody is ready."""
    yield SourceUp(at=START)
    for number in range(queues):
        yield QueueDescribed(at=START, queue=queue(number), name=f"q{number}")
    for number in range(agents):
        who = agent(number)
        yield AgentLoggedOn(at=START, agent=who, name=f"坐席 {number}")
        for other in range(3):
            serves = queue((number + other) % queues)
            yield AgentMembershipChanged(
                at=START, agent=who, queue=serves, member=True, name=f"坐席 {number}"
            )
        yield AgentReady(at=START, agent=who)
    yield SourceResyncFinished(at=START)


def calls(queues: int, agents: int, count: int, per_second: float) -> Iterator[AnyEvent]:
    """`count` calls, in all `per_second` facts a second."""
    chance = random.Random(7)
    step, at = 1.0 / per_second, START + 1.0
    for number in range(count):
        contact, where = ContactId(f"pbx1/{number}"), queue(chance.randrange(queues))
        who = agent(chance.randrange(agents))
        for fact in _one_call(contact, where, who):
            at += step
            yield fact(at)


def _one_call(contact: ContactId, where: QueueId, who: AgentId) -> list[Fact]:
    return [
        lambda at: ContactQueued(at=at, contact=contact, queue=where, caller="13800000000"),
        lambda at: ContactAlerting(at=at, contact=contact, queue=where, agent=who),
        lambda at: ContactAnswered(at=at, contact=contact, queue=where, agent=who, agent_name="坐席"),
        lambda at: AgentBusy(at=at, agent=who, contact=contact),
        lambda at: ContactReleased(at=at, contact=contact, queue=where, agent=who, by="caller"),
        lambda at: AgentWorkingAfterCall(at=at, agent=who, contact=contact, until=at + 3.0),
    ]


def envelopes(facts: Iterator[AnyEvent]) -> list[Envelope]:
    return [
        Envelope(seq=seq, id=f"{seq:016x}", source=SOURCE, site=SITE, received=fact.at, event=fact)
        for seq, fact in enumerate(facts, 1)
    ]


def queue(number: int) -> QueueId:
    return QueueId(f"pbx1/q{number}")


def agent(number: int) -> AgentId:
    return AgentId(f"pbx1/SIP/{1000 + number}")
