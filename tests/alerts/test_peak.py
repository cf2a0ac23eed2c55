"""A peak of calls, watched as the house watches (once a second): every timer fires within a second of its threshold in the time of
the events, and is told once. What is to fire is worked out from the calls alone."""

import random
from typing import NamedTuple

from ccwall.alerts.pack import shipped
from ccwall.events import AlertFired, AlertResolved, AnyEvent
from tests.alerts.floor import PBX, T0, Floor, fact

QUEUES = ("pbx1/consult", "pbx1/loans", "pbx1/cards")
PEOPLE = 24
WATCHED = {"longest_wait": 60.0, "long_hold": 60.0, "long_talk": 300.0, "hot_talk": 600.0}
Span = tuple[float, float]


class Call(NamedTuple):
    queue: str
    queued: float
    left: float
    agent: str
    ended: float
    hold: Span | None


def _peak(seed: int) -> list[Call]:
    """Twice as many calls as people can take, for twenty minutes."""
    chance = random.Random(seed)
    free = {queue: [(T0, f"{queue[5:]}{n}") for n in range(PEOPLE // 3)] for queue in QUEUES}
    calls, now = [], T0 + 5.0
    while now < T0 + 1200:
        now += chance.expovariate(PEOPLE / 100)
        queue = chance.choice(QUEUES)
        at, who = min(free[queue])
        answered, patience = max(now + 1.0, at + 2.0), chance.expovariate(1 / 120)
        if now + patience < answered:
            calls.append(Call(queue, now, now + patience, "", now + patience, None))
            continue
        talk = chance.lognormvariate(5.0, 0.9)
        held = answered + talk * 0.3
        hold = (held, held + talk * chance.uniform(0.1, 0.6)) if chance.random() < 0.4 else None
        free[queue].remove((at, who))
        free[queue].append((answered + talk, who))
        calls.append(Call(queue, now, answered, who, answered + talk, hold))
    return calls


def _facts(calls: list[Call]) -> list[AnyEvent]:
    facts: list[AnyEvent] = []
    for queue in QUEUES:
        for n in range(PEOPLE // 3):
            facts.append(fact("agent.logged_on", T0, agent=f"{queue[5:]}{n}"))
            facts.append(
                fact("agent.membership_changed", T0, agent=f"{queue[5:]}{n}", queue=queue, member=True)
            )
    for n, call in enumerate(calls):
        own = {"contact": f"c{n}", "queue": call.queue}
        facts.append(fact("contact.queued", call.queued, **own))
        if not call.agent:
            facts.append(fact("contact.abandoned", call.left, **own))
            continue
        by = own | {"agent": call.agent}
        facts.append(fact("contact.answered", call.left, **by))
        if call.hold is not None:
            facts.append(fact("contact.held", call.hold[0], **by))
            facts.append(fact("contact.retrieved", call.hold[1], **by))
        facts.append(fact("contact.released", call.ended, by="caller", **by))
    return sorted(facts, key=lambda each: each.at)


def _together(spans: list[Span]) -> list[Span]:
    """Spans that touch are one."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return found


def _expected(calls: list[Call]) -> dict[str, list[Span]]:
    """By alert: from when to when it fires."""
    spans: dict[str, list[Span]] = {}
    for call in calls:
        limits = {
            f"longest_wait@queue:{call.queue}": (call.queued + WATCHED["longest_wait"], call.left),
            f"long_talk@agent:{call.agent}": (call.left + WATCHED["long_talk"], call.ended),
            f"hot_talk@agent:{call.agent}": (call.left + WATCHED["hot_talk"], call.ended),
        }
        if call.hold is not None:
            limits[f"long_hold@agent:{call.agent}"] = call.hold[0] + WATCHED["long_hold"], call.hold[1]
        for alert, (start, end) in limits.items():
            if end > start and not alert.endswith(":"):
                spans.setdefault(alert, []).append((start, end))
    return {alert: _together(each) for alert, each in spans.items()}


def test_every_timer_fires_within_a_second_of_its_threshold() -> None:
    calls = _peak(7)
    expected = _expected(calls)
    floor = Floor([rule for rule in shipped() if rule.id in WATCHED])
    facts, end = _facts(calls), max(call.ended for call in calls) + 5
    found_at: dict[str, list[float]] = {}
    heard, now = 0, T0
    while now < end:
        now += 1.0
        while heard < len(facts) and facts[heard].at <= now:
            floor.clock.set(max(floor.clock.now(), facts[heard].at))
            floor.intake.take(PBX, [facts[heard]], floor.clock.now())
            heard += 1
        before = len(floor.journal)
        floor.clock.set(now)
        floor.look()
        for said in floor.journal[before:]:
            if isinstance(said.event, AlertFired):
                found_at.setdefault(said.event.alert, []).append(now)
    fired: dict[str, list[float]] = {}
    over: dict[str, list[float]] = {}
    for event in floor.found:
        if isinstance(event, AlertFired):
            fired.setdefault(event.alert, []).append(event.at)
        elif isinstance(event, AlertResolved):
            over.setdefault(event.alert, []).append(event.at)
    sure = {alert: [span for span in spans if span[1] - span[0] > 1.0] for alert, spans in expected.items()}
    assert sum(map(len, sure.values())) > 60, "no peak at all"
    for alert, spans in sure.items():
        for start, end_at in spans:
            assert any(abs(at - start) < 0.001 for at in fired.get(alert, [])), (alert, start)
            assert any(start <= at <= start + 1.0 for at in found_at[alert]), (alert, start)
            assert any(end_at <= at <= end_at + 1.0 for at in over[alert]), (alert, end_at)
    for alert, instants in fired.items():
        known = [start for start, _ in expected.get(alert, [])]
        assert all(any(abs(at - start) < 0.001 for start in known) for at in instants), alert
        assert len(instants) == len(set(instants))
