"""What reaches the engine of a story: late, twice, out of order between strangers, and with holes; from a seed.

`heard` is the story as far as anybody could know it: what a source said before it was lost, what it said again afterwards, and nothing of
what began and ended in between. Who waited then and is not said again is lost, at the moment of the loss.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from random import Random

from ccwall import events
from ccwall.events import AnyEvent, Envelope, QueueId, SiteId, SourceId
from tests.oracle.calendar import day_of
from tests.oracle.facts import Snapshot, Teller, Told
from tests.oracle.truth import NEVER, Attempt, Outage, Story, Unseen, Visit

HOUSE = "ccwall"


@dataclass(slots=True)
class Plan:
    """How a story is told. ``rests``: moments by which all that happened was heard, and numbers are compared."""

    seed: int
    delay: float = 0.0
    very_late: float = 0.0
    twice: float = 0.0
    resyncs: int = 0
    outages: int = 0
    restores: int = 0
    rests: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Delivery:
    received: float
    source: str
    event: AnyEvent


# ── holes ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def calm(story: Story, source: str, moment: float) -> bool:
    """Nothing is in the air that a snapshot could not say: nobody rings, holds, wraps up or is on another call."""

    def busy(start: float, end: float) -> bool:
        return start - 1 <= moment <= end + 1

    for v in story.visits:
        spans = [*((a.at, a.end) for a in v.alerts), *v.holds]
        if v.wrap is not None:
            spans.append((v.wrap.start, max(v.wrap.end, v.wrap.until or 0.0)))
        moments = [v.queued, v.left, v.talk_end]
        if v.source == source and (any(busy(*s) for s in spans) or any(busy(m, m) for m in moments)):
            return False
    if any(busy(a.dialled, a.ended) for a in story.attempts if a.source == source and a.dialled != NEVER):
        return False
    return not any(
        busy(s.start, s.end) or abs(p.memberships[0].start - moment) < 1
        for p in story.people
        for s in (*p.busy, *p.faults)
        if s.what in ("agent", "device", "phone") and story.queues[p.memberships[0].what] == source
    )


def find_outages(story: Story, plan: Plan, borders: list[float], rng: Random) -> list[Outage]:
    """Stretches that begin and end in a calm moment, one after the other, often over a border."""
    found: list[Outage] = []
    tries = [True] * plan.outages + [False] * plan.resyncs
    for lasting in tries:
        for _ in range(40):
            source = rng.choice(sorted(set(story.queues.values())))
            down = _grid(rng.uniform(story.start + 60, story.end - 60))
            if borders and rng.random() < 0.5:
                down = max(rng.choice(borders) - _grid(rng.uniform(0, 60)), story.start + 60)
            up = min(down + _grid(rng.choice([rng.uniform(5, 90), rng.uniform(60, 900)])), story.end - 1)
            up = max(up, down + 3) if lasting else down
            apart = all(up + 20 < other.down or down > other.up + 20 for other in found)
            if apart and calm(story, source, down) and calm(story, source, up):
                found.append(Outage(source, down, up, restart=lasting and rng.random() < 0.25))
                break
    return sorted(found, key=lambda outage: outage.down)


def heard(story: Story, rng: Random) -> Story:
    """The story as it could be known, outage after outage."""
    visits, attempts, refusals = story.visits, story.attempts, story.refusals
    unseen: list[Unseen] = []
    for outage in story.outages:
        if outage.up == outage.down:
            continue
        left_over = [(v, _heard_visit(v, outage, rng)) for v in visits]
        gone = Counter(v.queue for v, known in left_over if known is None and _in(outage, v.left, v.source))
        visits = [known for _, known in left_over if known is not None]
        attempts = [_heard_attempt(a, outage) for a in attempts]
        visits = [_heard_ratings(v, outage) for v in visits]
        refusals = [r for r in refusals if not _in(outage, r.at, r.source)]
        if rng.random() < 0.5:
            unseen += [Unseen(queue, outage.source, outage.up, n) for queue, n in sorted(gone.items())]
    return replace(story, visits=visits, attempts=attempts, refusals=refusals, unseen=unseen)


def _in(outage: Outage, moment: float, source: str) -> bool:
    return source == outage.source and outage.down < moment <= outage.up


def _heard_ratings(visit: Visit, outage: Outage) -> Visit:
    told = tuple(rating for rating in visit.ratings if not _in(outage, rating.at, visit.source))
    return visit if told == visit.ratings else replace(visit, ratings=told)


def _heard_attempt(attempt: Attempt, outage: Outage) -> Attempt:
    def known(moment: float) -> float:
        return NEVER if _in(outage, moment, attempt.source) else moment

    ended = known(attempt.ended)
    return replace(
        attempt,
        planned=known(attempt.planned),
        dialled=known(attempt.dialled),
        connected=known(attempt.connected),
        ended=ended,
        end="" if ended == NEVER else attempt.end,
    )


def _heard_visit(visit: Visit, outage: Outage, rng: Random) -> Visit | None:
    down, up = outage.down, outage.up
    over = visit.talk_end if visit.fate == "answered" else visit.left
    if visit.source != outage.source or visit.queued > up or over <= down:
        return visit
    gone = over <= up or outage.restart
    visit = replace(visit, alerts=tuple(a for a in visit.alerts if not down < a.at <= up))
    if visit.queued > down:
        return None if gone else _found(visit, up, rng)
    if visit.left <= down:
        return _talked_on(visit, outage, lost=gone)
    if gone:
        return _gone(visit, outage, rng)
    if visit.left > up:
        return visit
    return replace(visit, left=up, timed=False, seen=False)


def _found(visit: Visit, up: float, rng: Random) -> Visit:
    """It began while nobody heard, and is still there."""
    if visit.left > up:
        known = rng.random() < 0.6
        return replace(visit, caller="") if known else replace(visit, caller="", queued=up, timed=False)
    call = visit.call if rng.random() < 0.5 else ""
    return replace(visit, caller="", call=call, queued=up, left=up, timed=False, seen=False)


def _talked_on(visit: Visit, outage: Outage, *, lost: bool) -> Visit:
    holds = tuple(hold for hold in visit.holds if not outage.down < hold[0] <= outage.up)
    if not lost:
        return replace(visit, holds=holds)
    before = tuple(hold for hold in holds if hold[0] <= outage.down)
    return replace(
        visit, holds=before, talk_end=outage.down, end="lost", wrap=None, learned=outage.up, phone=False
    )


def _gone(visit: Visit, outage: Outage, rng: Random) -> Visit:
    """It waited, and was not there any more: lost, unless the source tells its end after all."""
    before = tuple(alert for alert in visit.alerts if alert.at <= outage.down)
    if visit.fate in ("abandoned", "flowed_out") and visit.left <= outage.up and rng.random() < 0.4:
        return replace(visit, alerts=before, blurred=False)
    return replace(
        visit,
        alerts=before,
        fate="lost",
        left=outage.down,
        learned=outage.up,
        agent="",
        talk_end=NEVER,
        holds=(),
        wrap=None,
        cause="",
        blurred=False,
    )


# ── delivery ──────────────────────────────────────────────────────────────────────────────────────────────────────────


class Wire:
    """Puts facts on their way, so that facts of one visit, person or caller keep their order."""

    def __init__(self, story: Story, plan: Plan) -> None:
        self.story = story
        self.plan = plan
        self.rng = Random(plan.seed * 31 + 7)
        self.of_ratings = Random(plan.seed * 37 + 11)
        self.deadlines = sorted(
            [*plan.rests, *(outage.down for outage in story.outages), *(o.up for o in story.outages)]
        )
        self.latest: dict[str, float] = {}
        self.slow = self.slow_visits()

    def slow_visits(self) -> set[str]:
        """Visits told long afterwards: of nobody's agent and of a caller without a number."""
        return {
            f"visit {v.id}"
            for v in self.story.visits
            if not v.alerts and not v.agent and not v.caller and self.rng.random() < self.plan.very_late
        }

    def deliveries(self) -> list[Delivery]:
        lossy = any(outage.up > outage.down for outage in self.story.outages)
        out = list(self.opening())
        for told in Teller(self.story, self.rng).tell():
            outage = self.silent(told)
            if outage is not None:
                continue
            is_rating = isinstance(told.event, events.ContactRated)
            rng, most = (self.of_ratings, 900.0) if is_rating else (self.rng, 90.0)
            received = self.arrival(told, rng)
            out.append(Delivery(received, told.source, told.event))
            if rng.random() < self.plan.twice:
                later = received + (rng.uniform(0, most) if told.again and not lossy else 0.0)
                if self.is_one_day(told.event.at, later):
                    out.append(Delivery(later, told.source, told.event))
        for since, policy in self.story.policies[1:]:
            out.append(Delivery(since, HOUSE, events.ConfigApplied(at=since, hash="", policy=policy)))
        out = sorted(out, key=lambda delivery: delivery.received)
        return self.with_resyncs(out)

    def opening(self) -> Iterator[Delivery]:
        at = self.story.start
        yield Delivery(at, HOUSE, events.ConfigApplied(at=at, hash="", policy=self.story.policies[0][1]))
        for source in sorted(set(self.story.queues.values())):
            yield Delivery(at, source, events.SourceUp(at=at))
            yield Delivery(at, source, events.SourceResyncStarted(at=at))
            for queue, owner in self.story.queues.items():
                if owner == source:
                    described = events.QueueDescribed(at=at, queue=QueueId(queue), name=queue)
                    yield Delivery(at, source, described)
            yield Delivery(at, source, events.SourceResyncFinished(at=at))

    def is_one_day(self, at: float, later: float) -> bool:
        """Yesterday's visits are forgotten: nobody can know them again."""
        policy = self.story.policies[0][1]
        return day_of(policy, at) == day_of(policy, later)

    def silent(self, told: Told) -> Outage | None:
        """The outage that swallows this fact."""
        return next((o for o in self.story.outages if _in(o, told.event.at, told.source)), None)

    def arrival(self, told: Told, rng: Random) -> float:
        at = told.event.at
        delay = rng.choice([0.0, rng.uniform(0, self.plan.delay)])
        if told.keys & self.slow:
            delay = rng.uniform(30, 1800)
        received = max(at + delay, *(self.latest.get(key, 0.0) for key in told.keys), at)
        received = min([received, *(deadline for deadline in self.deadlines if deadline >= at)])
        for key in told.keys:
            self.latest[key] = received
        return received

    def ends_told_late(self, outage: Outage) -> Iterator[AnyEvent]:
        """How a visit ended that nobody heard end, told when the source is back."""
        for visit in self.story.visits:
            if visit.fate in ("abandoned", "flowed_out") and _in(outage, visit.left, visit.source):
                yield from Teller(self.story, self.rng).going(visit)

    def with_resyncs(self, out: list[Delivery]) -> list[Delivery]:
        """Losses and resyncs, each after all that was heard by then; late ends after the resync."""
        for outage in self.story.outages:
            source, down, up = outage.source, outage.down, outage.up
            if up > down:
                reason = "restart" if outage.restart else "eof"
                lost = events.SourceDown(at=down, reason=reason)  # type: ignore[arg-type]  # both are
                out = _insert(out, down, [Delivery(down, source, lost)])
            said: list[AnyEvent] = [events.SourceUp(at=up)] if up > down else []
            said.append(events.SourceResyncStarted(at=up))
            said += [
                events.QueueDescribed(at=up, queue=QueueId(q), name=q)
                for q, owner in self.story.queues.items()
                if owner == source
            ]
            said += Snapshot(self.story, self.rng).confirm(source, up)
            said += [
                events.QueueUnseen(at=up, since=down, queue=QueueId(u.queue), visits=u.visits)
                for u in self.story.unseen
                if u.source == source and u.at == up
            ]
            said.append(events.SourceResyncFinished(at=up))
            said += self.ends_told_late(outage)
            out = _insert(out, up, [Delivery(up, source, event) for event in said])
        return out


def _insert(out: list[Delivery], moment: float, said: list[Delivery]) -> list[Delivery]:
    place = next((n for n, delivery in enumerate(out) if delivery.received > moment), len(out))
    return [*out[:place], *said, *out[place:]]


def envelopes(deliveries: list[Delivery], sites: dict[str, str]) -> Iterator[Envelope]:
    for seq, delivery in enumerate(deliveries, 1):
        yield Envelope(
            seq=seq,
            id=f"{seq:08x}",
            source=SourceId(delivery.source),
            site=SiteId(sites.get(delivery.source, "north")),
            received=delivery.received,
            event=delivery.event,
        )


def _grid(moment: float) -> float:
    return round(moment * 8) / 8
