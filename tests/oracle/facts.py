"""A story in facts: what sources say of it, in the order in which it happens."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random

from ccwall import events
from ccwall.events import AgentId, AnyEvent, ContactId, DeviceId, FlowOutCause, PhoneState, QueueId
from tests.oracle.oracle import NOBODY
from tests.oracle.truth import NEVER, Attempt, Person, Refusal, Span, Story, Visit


@dataclass(frozen=True, slots=True)
class Told:
    """One fact. ``keys``: facts that share one are heard in the order in which they happened. ``again``: may be repeated much later."""

    event: AnyEvent
    source: str
    keys: frozenset[str]
    again: bool = False


class Teller:
    """``rng`` decides between the ways in which sources say the same."""

    def __init__(self, story: Story, rng: Random) -> None:
        self.story = story
        self.rng = rng
        self.answers = {(v.agent, v.left) for v in story.visits if v.fate == "answered"}

    def tell(self) -> list[Told]:
        facts = [
            *(told for visit in self.story.visits for told in self.visit(visit)),
            *(told for refusal in self.story.refusals for told in self.refusal(refusal)),
            *(told for attempt in self.story.attempts for told in self.attempt(attempt)),
            *(told for person in self.story.people for told in self.person(person)),
        ]
        return sorted((told for told in facts if told.event.at != NEVER), key=_at)

    # ── visits ────────────────────────────────────────────────────────────────────────────────────────────────────

    def visit(self, visit: Visit) -> Iterator[Told]:
        name = visit.caller.strip().casefold()
        people = {alert.agent for alert in visit.alerts} | ({visit.agent} if visit.agent else set())
        keys = frozenset({f"visit {visit.id}", *(f"agent {person}" for person in people)})
        caller = frozenset({f"caller {name}"} - {f"caller {nobody}" for nobody in NOBODY})
        for event in self.life(visit):
            more = caller if isinstance(event, events.ContactQueued) else frozenset[str]()
            yield Told(event, visit.source, keys | more, isinstance(event, AGAIN))

    def life(self, visit: Visit) -> list[AnyEvent]:
        """In the order in which it happens, whatever the order in which it is made."""
        said: list[AnyEvent] = [self.queued(visit)]
        said += self.alerts(visit)
        nobody_saw = visit.learned > visit.queued
        if visit.left != NEVER and not (nobody_saw and visit.fate == "lost"):
            said += self.going(visit)
        if visit.fate == "answered" and visit.talk_end != NEVER:
            said += self.conversation(visit, seen=not nobody_saw)
        said += [
            events.ContactRated(
                at=rating.at,
                contact=ContactId(visit.id),
                queue=QueueId(visit.queue),
                score=rating.score,
                best=rating.best,
            )
            for rating in visit.ratings
        ]
        return sorted(said, key=lambda event: event.at)

    def queued(self, visit: Visit, *, inferred: bool = False) -> events.ContactQueued:
        return events.ContactQueued(
            at=visit.queued,
            contact=ContactId(visit.id),
            queue=QueueId(visit.queue),
            call=visit.call,
            caller=visit.caller,
            inferred=inferred or not visit.timed,
            wait_known=visit.timed,
        )

    def alerts(self, visit: Visit) -> Iterator[AnyEvent]:
        contact, queue = ContactId(visit.id), QueueId(visit.queue)
        for alert in visit.alerts:
            agent = AgentId(alert.agent)
            yield events.ContactAlerting(at=alert.at, contact=contact, queue=queue, agent=agent)
            ring_time = alert.end - alert.at if alert.how != "declined" else 0.0
            if alert.how in ("missed", "declined") or (alert.how == "cancelled" and self.rng.random() < 0.5):
                yield events.ContactNotAnswered(
                    at=alert.end,
                    contact=contact,
                    queue=queue,
                    agent=agent,
                    ring_time=ring_time,
                    cancelled=alert.how == "cancelled",
                )

    def going(self, visit: Visit) -> Iterator[AnyEvent]:
        contact, queue, at, rng = ContactId(visit.id), QueueId(visit.queue), visit.left, self.rng
        declared = rng.choice([None, 3.0, 77.0])
        if visit.fate == "answered":
            agent = AgentId(visit.agent)
            yield events.ContactAnswered(
                at=at,
                contact=contact,
                queue=queue,
                agent=agent,
                declared_wait=declared,
                inferred=not visit.seen,
            )
            if visit.phone:
                yield _phone(at, visit.agent, "in_use")
            return
        if visit.fate == "abandoned" or visit.blurred:
            cause: events.AbandonCause = "unknown" if visit.blurred else "hangup"
            yield events.ContactAbandoned(
                at=at, contact=contact, queue=queue, cause=cause, declared_wait=declared
            )
        if visit.fate in ("flowed_out", "error"):
            why: FlowOutCause = "error" if visit.fate == "error" else visit.cause  # type: ignore[assignment]
            yield events.ContactFlowedOut(at=at, contact=contact, queue=queue, cause=why)
        elif visit.fate == "callback":
            yield events.ContactCallbackRequested(at=at, contact=contact, queue=queue, number="1")
        elif visit.fate == "lost" and rng.random() < 0.5:
            yield events.ContactLost(at=at, contact=contact, queue=queue)
        if visit.fate == "lost" or rng.random() < 0.5:
            yield events.ContactCleared(at=at, contact=contact, queue=queue)

    def conversation(self, visit: Visit, *, seen: bool) -> Iterator[AnyEvent]:
        contact, queue, agent = ContactId(visit.id), QueueId(visit.queue), AgentId(visit.agent)
        for start, end in visit.holds:
            yield events.ContactHeld(at=start, contact=contact, queue=queue, agent=agent)
            if end < visit.talk_end or not seen:
                yield events.ContactRetrieved(at=end, contact=contact, queue=queue, agent=agent)
        if seen:
            yield from self.release(visit, contact, queue, agent)
        wrap = visit.wrap
        if wrap is not None:
            yield events.AgentWorkingAfterCall(at=wrap.start, agent=agent, contact=contact, until=wrap.until)
            if wrap.until is None and (visit.agent, wrap.end) not in self.answers:
                yield events.AgentReady(at=wrap.end, agent=agent)

    def release(self, visit: Visit, contact: ContactId, queue: QueueId, agent: AgentId) -> Iterator[AnyEvent]:
        at = visit.talk_end
        if visit.phone:
            yield _phone(at, visit.agent, "idle")
        if visit.end == "transfer":
            yield events.ContactTransferred(at=at, contact=contact, queue=queue, agent=agent)
            if self.rng.random() < 0.5:
                yield events.ContactReleased(at=at, contact=contact, queue=queue, agent=agent, by="transfer")
        elif visit.end == "lost":
            yield events.ContactLost(at=at, contact=contact, queue=queue)
        else:
            by: events.ReleasedBy = visit.end  # type: ignore[assignment]  # agent or caller
            yield events.ContactReleased(at=at, contact=contact, queue=queue, agent=agent, by=by)
        if self.rng.random() < 0.5:
            yield events.ContactCleared(at=at, contact=contact, queue=queue)

    def refusal(self, refusal: Refusal) -> Iterator[Told]:
        cause: events.RefusedCause = refusal.cause  # type: ignore[assignment]  # full or empty
        event = events.ContactRefused(
            at=refusal.at, contact=ContactId(refusal.id), queue=QueueId(refusal.queue), cause=cause
        )
        yield Told(event, refusal.source, frozenset({f"visit {refusal.id}"}), again=True)

    def attempt(self, attempt: Attempt) -> Iterator[Told]:
        keys = frozenset({f"attempt {attempt.id}", f"agent {attempt.agent}"})
        queue = QueueId(attempt.queue)
        agent = AgentId(attempt.agent) if attempt.agent else None
        last = events.AttemptCompleted if attempt.end == "completed" else events.AttemptFailed
        for kind, at in (
            (events.AttemptPlanned, attempt.planned),
            (events.AttemptDialled, attempt.dialled),
            (events.AttemptConnected, attempt.connected),
            (last, attempt.ended),
        ):
            yield Told(
                kind(at=at, attempt=attempt.id, queue=queue, agent=agent), attempt.source, keys, again=True
            )

    # ── people ────────────────────────────────────────────────────────────────────────────────────────────────────

    def person(self, person: Person) -> Iterator[Told]:
        keys = frozenset({f"agent {person.id}"})
        for event, source in self.deeds(person):
            yield Told(event, source, keys)

    def home(self, person: Person) -> str:
        return self.story.queues[person.memberships[0].what]

    def deeds(self, person: Person) -> list[tuple[AnyEvent, str]]:
        agent, home = AgentId(person.id), self.home(person)
        said: list[tuple[AnyEvent, str]] = []
        for span in person.memberships:
            for at, member in ((span.start, True), (span.end, False)):
                said.append((_member(at, person.id, span.what, member=member), self.story.queues[span.what]))
        if person.phone_from != NEVER:
            starts = {span.start for span in person.memberships}
            said += [(_phone(at, person.id, "idle"), home) for at in sorted(starts)]
        for span in person.busy:
            if span.what == "phone":
                said += [
                    (_phone(span.start, person.id, "in_use"), home),
                    (_phone(span.end, person.id, "idle"), home),
                ]
            else:
                said += [
                    (events.AgentBusy(at=span.start, agent=agent), home),
                    (events.AgentReady(at=span.end, agent=agent), home),
                ]
        for span in person.faults:
            said += [(event, home) for event in self.fault(span, person.id)]
        said += self.breaks(person, home)
        return sorted(said, key=lambda pair: pair[0].at)

    def fault(self, span: Span, person: str) -> list[AnyEvent]:
        if span.what == "phone":
            return [_phone(span.start, person, "unavailable"), _phone(span.end, person, "idle")]
        device, agent = DeviceId(f"H/{person}"), AgentId(person)
        return [
            events.DeviceFault(at=span.start, device=device, agent=agent, fault="dead"),
            events.DeviceFault(at=span.end, device=device, agent=agent, fault="dead", cleared=True),
        ]

    def breaks(self, person: Person, home: str) -> Iterator[tuple[AnyEvent, str]]:
        agent = AgentId(person.id)
        for start, end, kinds in sorted({(p.start, p.end, p.kinds) for p in person.pauses}):
            queues = [p.what for p in person.pauses if (p.start, p.end) == (start, end)]
            serving = [m.what for m in person.memberships if m.holds_at(start)]
            sources = {self.story.queues[queue] for queue in serving}
            wholly = len(queues) == len(serving) and len(sources) == 1 and self.rng.random() < 0.6
            named: Iterable[str | None] = [None] if wholly else queues
            for queue in named:
                source = home if queue is None else self.story.queues[queue]
                where = None if queue is None else QueueId(queue)
                for since, reason in kinds:
                    yield (
                        events.AgentNotReady(at=since, agent=agent, queue=where, reason=reason),
                        source,
                    )
                yield events.AgentReady(at=end, agent=agent, queue=where), source


class Snapshot(Teller):
    """What a source says again in a resync at ``moment``, of a story in which nothing hangs in the air then."""

    def confirm(self, source: str, moment: float) -> Iterator[AnyEvent]:
        for person in self.story.people:
            if self.home(person) == source:
                yield from self.presence(person, moment)
        for visit in self.story.visits:
            if visit.source == source and visit.queued <= moment:
                yield from self.standing(visit, moment)

    def standing(self, visit: Visit, moment: float) -> Iterator[AnyEvent]:
        if visit.left > moment:
            yield self.queued(visit, inferred=True)
        elif visit.fate == "answered" and visit.talk_end > moment:
            if not visit.seen and visit.left == moment and visit.queued == moment and visit.call:
                yield self.queued(visit)
            yield events.ContactAnswered(
                at=moment,
                contact=ContactId(visit.id),
                queue=QueueId(visit.queue),
                agent=AgentId(visit.agent),
                inferred=True,
            )

    def presence(self, person: Person, moment: float) -> Iterator[AnyEvent]:
        serving = [m.what for m in person.memberships if m.holds_at(moment)]
        for queue in serving:
            yield _member(moment, person.id, queue, member=True)
        if person.phone_from <= moment:
            yield _phone(moment, person.id, self.phone(person, moment))
        for span in person.pauses:
            if span.holds_at(moment) and span.what in serving:
                reason = [reason for since, reason in span.kinds if since <= moment][-1]
                yield events.AgentNotReady(
                    at=moment, agent=AgentId(person.id), queue=QueueId(span.what), reason=reason
                )

    def phone(self, person: Person, moment: float) -> PhoneState:
        talking = any(
            v.phone and v.agent == person.id and v.left <= moment < v.talk_end for v in self.story.visits
        )
        if talking or any(span.holds_at(moment) for span in person.busy):
            return "in_use"
        return "unavailable" if any(span.holds_at(moment) for span in person.faults) else "idle"


AGAIN = (
    events.ContactQueued,
    events.ContactAbandoned,
    events.ContactFlowedOut,
    events.ContactCallbackRequested,
    events.ContactAnswered,
    events.ContactReleased,
    events.ContactTransferred,
    events.ContactRated,
)
"""What a source may say again at any later time without meaning anything new."""


def _at(told: Told) -> float:
    return told.event.at


def _phone(at: float, person: str, state: PhoneState) -> events.DeviceStateChanged:
    return events.DeviceStateChanged(
        at=at, device=DeviceId(f"P/{person}"), state=state, agent=AgentId(person)
    )


def _member(at: float, person: str, queue: str, *, member: bool) -> events.AgentMembershipChanged:
    return events.AgentMembershipChanged(
        at=at,
        agent=AgentId(person),
        queue=QueueId(queue),
        member=member,
        name=person,
        interface=f"P/{person}",
    )
