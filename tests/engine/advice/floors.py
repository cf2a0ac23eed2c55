"""A floor with queues, people and an hour of calls behind it, told as facts."""

from collections.abc import Mapping, Sequence

from ccwall import events
from ccwall.events import AgentCard, AgentId, ContactId, DeviceId, Policy, QueueCard, QueueId
from tests.engine.journal import NOON, Floor

CONSULT, PROMO = QueueId("pbx1/consult"), QueueId("pbx1/promo")
NOW = NOON + 3600.0
Calls = Mapping[QueueId, tuple[float, float]]
"""By queue: calls an hour, seconds each."""


def person(number: int) -> AgentId:
    return AgentId(f"a{number:03}")


def seated(
    serves: Sequence[Sequence[QueueId]],
    calls: Calls,
    *,
    skills: Mapping[AgentId, tuple[str, ...]] | None = None,
    cards: Mapping[QueueId, QueueCard] | None = None,
    teams: Mapping[AgentId, str] | None = None,
    waiting: Mapping[QueueId, int] | None = None,
    busy: int = 0,
) -> Floor:
    """At `NOW`: the first `busy` people are in calls; everybody else is ready. `serves`: the queues of each person."""
    people = {
        person(k): AgentCard(
            skills=(skills or {}).get(person(k), ()), team=(teams or {}).get(person(k), "north"), acd=True
        )
        for k in range(len(serves))
    }
    floor = Floor(Policy(agents=people, queues=dict(cards or {})))
    floor.say(events.SourceUp(at=NOON, product="PBX"))
    for k, queues in enumerate(serves):
        for queue in queues:
            floor.say(
                events.AgentMembershipChanged(
                    at=NOON, agent=person(k), queue=queue, member=True, interface=f"PJSIP/{k}"
                )
            )
        floor.say(
            events.DeviceStateChanged(at=NOON, device=DeviceId(f"PJSIP/{k}"), state="idle", agent=person(k))
        )
    _hour(floor, calls)
    for k in range(busy):
        name = ContactId(f"now{k}")
        floor.say(
            events.ContactQueued(at=NOW - 60, contact=name, queue=serves[k][0]),
            events.ContactAnswered(at=NOW - 58, contact=name, queue=serves[k][0], agent=person(k)),
        )
    for queue, many in (waiting or {}).items():
        for k in range(many):
            floor.say(
                events.ContactQueued(at=NOW - 12 + k / 10, contact=ContactId(f"w{queue}{k}"), queue=queue)
            )
    return floor


def _hour(floor: Floor, calls: Calls) -> None:
    """Evenly, one after another; by people who are nobody's any more, so that all are free at the end."""
    facts = list[tuple[float, int, events.AnyEvent]]()
    for queue, (many, length) in calls.items():
        for k in range(round(many)):
            at, name = NOON + 5 + k * 3590 / many, ContactId(f"{queue}#{k}")
            end = min(at + length, NOW - 1)
            old = AgentId("pbx1/old")
            facts += (
                (at, 0, events.ContactQueued(at=at, contact=name, queue=queue)),
                (at, 1, events.ContactAnswered(at=at, contact=name, queue=queue, agent=old)),
                (end, 2, events.ContactReleased(at=end, contact=name, queue=queue, agent=old)),
            )
    for _, _, fact in sorted(facts, key=lambda each: (each[0], each[1])):
        floor.say(fact)
