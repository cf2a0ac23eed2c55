"""A seeded day of the call-centre simulator whose facts go through an engine, and the same day once more with people taken away.

The engine knows what a PBX tells and what a break desk has granted; the truth is the simulator's own ledger.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ccwall import events
from ccwall.engine import Engine
from ccwall.engine.advice import Planned
from ccwall.events import AgentId, AnyEvent, ContactId, DeviceId, Envelope, QueueId, SiteId, SourceId
from ccwall_simulators.callcentre import happening as h
from ccwall_simulators.callcentre.contract import Visit
from ccwall_simulators.callcentre.duration import Duration, TimeOfDay
from ccwall_simulators.callcentre.model import CallCentre
from ccwall_simulators.callcentre.scenario import (
    Callers,
    Crowd,
    FloorPart,
    Handling,
    QueuePart,
    Scenario,
)

MORNING = 1_800_000_000.0
"""08:00 UTC of some day."""
WARM = 600.0
HOURS = 4
SOURCE, HOUSE = SourceId("pbx1"), SourceId("ccwall")
Ask = tuple[float, tuple[str, ...], float]
"""When, who, and for how many seconds."""


@dataclass(frozen=True)
class Day:
    """What is drawn from the seed, before anything happens. ``kind`` is the course of the calls."""

    seed: int
    kind: str
    scenario: Scenario
    threshold: float
    breaks: tuple[Ask, ...]
    """granted long before: the desk knows their ends, and people are a little late"""
    looks: tuple[float, ...]


def day(seed: int) -> Day:
    """Sizes from 6 to 120 people, 1 to 3 queues, people in one or in several, loads from quiet to overload."""
    dice = random.Random(f"calibration/{seed}")
    people = round(6 * 20 ** dice.random())
    talk, patience = dice.uniform(90, 240), dice.uniform(60, 300)
    kind = dice.choice(("even", "even", "hill", "surge"))
    count = 1 if people < 12 else dice.choice((1, 2, 2, 3))
    names = ("consult", "promo", "claims")[:count]
    load, wrap = dice.uniform(0.6, 1.0), dice.choice((0.0, 10.0, 20.0))
    shares = [dice.uniform(0.6, 1.4) for _ in names]
    crowds = list(_crowds(dice, people, names, shares))
    per_minute = load * people * 0.93 / (talk + wrap + 6) * 60
    threshold = dice.choice((20.0, 20.0, 60.0))
    queues = tuple(
        QueuePart(
            name=name,
            calls_per_minute=per_minute * share / sum(shares),
            profile=kind,
            wrap_up=Duration(wrap),
            talk=Duration(talk * dice.uniform(0.8, 1.2)),
            patience=Duration(patience),
            timeout=Duration(15),
            retry=Duration(5),
        )
        for name, share in zip(names, shares, strict=True)
    )
    scenario = Scenario(
        floor=FloorPart(zone="UTC", warm=Duration(WARM)),
        callers=Callers(redial=dice.choice((0.0, 0.35))),
        handling=Handling(),
        profile={kind: _profile(dice, kind)},
        queue=queues,
        crowd=tuple(crowds),
    )
    looks = tuple(MORNING + 1500 + 2700 * k + dice.uniform(0, 900) for k in range(HOURS + 1))
    return Day(seed, kind, scenario, threshold, tuple(_granted(dice, scenario)), looks)


def _crowds(
    dice: random.Random, people: int, names: Sequence[str], shares: Sequence[float]
) -> Iterator[Crowd]:
    first = 1000
    both = people // 3 if len(names) > 1 and dice.random() < 0.7 else 0
    left = people - both
    for name, share in zip(names, shares, strict=True):
        many = max(2, round(left * share / sum(shares)))
        yield Crowd(count=many, first=first, team="north", queues={name: 0})
        first += many
    if both:
        yield Crowd(count=both, first=first, team="south", queues=dict.fromkeys(names, 0))


def _profile(dice: random.Random, kind: str) -> tuple[tuple[TimeOfDay, float], ...]:
    """By seconds after the opening; 1 is the level of `calls_per_minute`."""
    if kind == "even":
        return ((TimeOfDay(0), 1.0), (TimeOfDay(86400), 1.0))
    if kind == "hill":
        low = dice.uniform(0.55, 0.8)
        return tuple(
            (TimeOfDay(at), level) for at, level in ((0, low), (7200, 1.05), (14400, low), (86400, low))
        )
    since = dice.uniform(4000, 11000)
    high = dice.uniform(1.2, 1.5)
    points = (
        (0, 0.85),
        (since, 0.85),
        (since + 60, high),
        (since + 1500, high),
        (since + 2100, 0.85),
        (86400, 0.85),
    )
    return tuple((TimeOfDay(at), level) for at, level in points)


def _granted(dice: random.Random, scenario: Scenario) -> Iterator[Ask]:
    """One or two short breaks of everybody."""
    for agent in scenario.agents():
        at = MORNING + dice.uniform(600, 5000)
        while at < MORNING + HOURS * 3600:
            length = dice.choice((300.0, 600.0, 900.0))
            yield at, (agent.id,), length
            at += dice.uniform(5400, 9000)


class Life:
    """The simulator, going through the day; with `more` breaks than were granted."""

    def __init__(self, asked: Day, more: Sequence[Ask] = ()) -> None:
        self.day = asked
        self.centre = CallCentre(asked.scenario, asked.seed, MORNING + WARM, at=WARM)
        self._dice = random.Random(f"late/{asked.seed}")
        late = {ask: self._dice.lognormvariate(0.0, 0.1) for ask in asked.breaks}
        self._ahead = sorted([(ask, late[ask]) for ask in asked.breaks] + [(ask, 1.0) for ask in more])
        self._ahead.reverse()

    def live(self, to: float) -> Iterator[h.AnyHappening]:
        """Everything until then. Of breaks that begin at one instant, all begin."""
        while self._ahead and self._ahead[-1][0][0] <= to:
            (at, who, length), late = self._ahead.pop()
            yield from self.centre.advance(at)
            for agent in who:
                self._rest(agent, length * late)
        yield from self.centre.advance(to)

    def _rest(self, agent: str, length: float) -> None:
        people = self.centre._people
        person = people.everybody[agent]
        if person.on_shift and not person.on_break:
            self.centre._ground.clock.process(people._rest(person, "break", length))


@dataclass
class Told:
    """The engine, and what it was told; `plans` as the break desk has them."""

    asked: Day
    engine: Engine = field(default_factory=Engine)
    seq: int = 0
    at: dict[str, ContactId] = field(default_factory=dict)
    """the visit that each call is in a conversation of"""

    def __post_init__(self) -> None:
        cards = {
            _queue(part.name): events.QueueCard(threshold=self.asked.threshold)
            for part in self.asked.scenario.queue
        }
        opened = MORNING
        self.say(events.ConfigApplied(at=opened, hash="", policy=events.Policy(queues=cards)), HOUSE)
        self.say(events.SourceUp(at=opened, product="simulator"))
        for agent in self.asked.scenario.agents():
            for queue in agent.queues:
                self.say(
                    events.AgentMembershipChanged(
                        at=opened,
                        agent=AgentId(agent.id),
                        queue=_queue(queue),
                        member=True,
                        interface=agent.phone,
                    )
                )
            self.say(
                events.DeviceStateChanged(
                    at=opened, device=DeviceId(agent.phone), state="idle", agent=AgentId(agent.id)
                )
            )

    def say(self, event: AnyEvent, source: SourceId = SOURCE) -> None:
        self.seq += 1
        self.engine.apply(
            Envelope(
                seq=self.seq,
                id=f"{self.seq:x}",
                source=source,
                site=SiteId("site"),
                received=event.at,
                event=event,
            )
        )

    def hear(self, happened: h.AnyHappening) -> None:
        for event in self._facts(happened):
            self.say(event)

    def _facts(self, it: h.AnyHappening) -> Iterator[AnyEvent]:
        match it:
            case h.CallQueued():
                yield events.ContactQueued(at=it.t, contact=_visit(it), queue=_queue(it.queue), call=it.call)
            case h.AgentRung():
                yield events.ContactAlerting(
                    at=it.t, contact=_visit(it), queue=_queue(it.queue), agent=AgentId(it.agent)
                )
            case h.RingEnded() if it.how != "answered":
                yield events.ContactNotAnswered(
                    at=it.t,
                    contact=_visit(it),
                    queue=_queue(it.queue),
                    agent=AgentId(it.agent),
                    ring_time=it.ring,
                    cancelled=it.how == "cancelled",
                )
            case h.CallAnswered():
                yield events.ContactAnswered(
                    at=it.t, contact=_visit(it), queue=_queue(it.queue), agent=AgentId(it.agent)
                )
            case h.CallCompleted():
                yield events.ContactReleased(
                    at=it.t, contact=_visit(it), queue=_queue(it.queue), agent=AgentId(it.agent)
                )
                wrap = next(part.wrap_up for part in self.asked.scenario.queue if part.name == it.queue)
                if wrap:
                    yield events.AgentWorkingAfterCall(
                        at=it.t, agent=AgentId(it.agent), contact=_visit(it), until=it.t + wrap
                    )
            case h.CallAbandoned():
                yield events.ContactAbandoned(at=it.t, contact=_visit(it), queue=_queue(it.queue))
            case h.CallFlowedOut():
                yield events.ContactFlowedOut(
                    at=it.t, contact=_visit(it), queue=_queue(it.queue), cause=it.cause
                )
            case h.PauseChanged() if it.paused:
                yield events.AgentNotReady(
                    at=it.t, agent=AgentId(it.agent), queue=_queue(it.queue), reason=it.reason
                )
            case h.PauseChanged():
                yield events.AgentReady(at=it.t, agent=AgentId(it.agent), queue=_queue(it.queue))
            case h.DeviceChanged():
                yield events.DeviceStateChanged(
                    at=it.t, device=DeviceId(it.device), state=it.state, agent=AgentId(it.agent)
                )
            case _:
                pass

    def asked_team(self, agent: str) -> str:
        return next(one.team for one in self.asked.scenario.agents() if one.id == agent)

    def plans(self, now: float) -> list[Planned]:
        """What was granted and is not over: running ones, and those of the next minutes."""
        return [
            Planned(AgentId(agent), at, at + length)
            for at, who, length in self.asked.breaks
            for agent in who
            if at <= now + 5400 and at + length > now
        ]


def _queue(name: str) -> QueueId:
    return QueueId(f"pbx1/{name}")


def _visit(
    it: h.CallQueued
    | h.AgentRung
    | h.RingEnded
    | h.CallAnswered
    | h.CallCompleted
    | h.CallAbandoned
    | h.CallFlowedOut,
) -> ContactId:
    return ContactId(f"pbx1/{it.visit}")


def level(
    visits: Sequence[Visit], queue: str, start: float, end: float, threshold: float, short: float = 5.0
) -> tuple[int, int]:
    """Hits and counted of the service level `offered_less_short` of (start, end], by events, with W_T at its end."""
    hits = counted = 0
    for visit in visits:
        if visit.queue != queue or visit.queued > end:
            continue
        left = visit.answered if visit.answered is not None else visit.ended
        wait = (left if left is not None and left <= end else end) - visit.queued
        if left is None or left > end:
            counted += wait > threshold
        elif left > start:
            if visit.answered is not None:
                counted += 1
                hits += wait <= threshold
            elif visit.outcome == "abandoned":
                counted += wait >= short
    return hits, counted


def longest(visits: Sequence[Visit], queue: str, start: float, end: float) -> float:
    """The longest wait of all who waited in (start, end]."""
    waits = [0.0]
    for visit in visits:
        if visit.queue == queue and visit.queued <= end:
            left = visit.answered if visit.answered is not None else visit.ended
            if left is None or left > start:
                waits.append((end if left is None else min(left, end)) - visit.queued)
    return max(waits)
