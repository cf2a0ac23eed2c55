"""A floor made up from a seed: complete, consistent stories that crowd around the moments where counting goes wrong.

All chance comes from one generator; the same seed makes the same story. Waits are often exactly T or S or next to it, arrivals and
ends often at the border of an interval or a day.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from random import Random
from typing import Literal, get_args

from ccwall.events import (
    AgentCard,
    AgentId,
    FlowOutCause,
    LineCard,
    Measure,
    Policy,
    QueueCard,
    QueueId,
    SiteId,
    SourceId,
)
from tests.oracle.oracle import VARIANTS
from tests.oracle.truth import DAY, NEVER, Alert, Attempt, Person, Rating, Refusal, Span, Story, Visit, Wrap

STEP = 0.125
SOURCES = {"n": "north", "s": "south"}
QUEUES = {"n/consult": "n", "n/claims": "n", "n/promo": "n", "s/consult": "s", "s/新车": "s"}
OUTBOUND = "n/promo"
TEAMS = ("alpha", "beta", "gamma")
CALLERS = ("13800138000", " 13800138000 ", "Alice@x", "ALICE@X", "+4930123", "021-555", "b@y", "", "unknown", "Anonymous")  # fmt: skip
SCORES = ((5.0, 5.0), (4.0, 5.0), (4.0, 5.0), (3.0, 5.0), (1.0, 5.0), (0.0, 5.0), (8.0, 10.0), (7.0, 10.0), (2.4, 3.0), (1.0, 1.0),
          (6.0, 5.0), (-1.0, 5.0), (0.0, 0.0), (4.0, -5.0))  # fmt: skip
"""Scores and their best; the last four are none."""
REASONS = ("lunch", "tea", "training", "A7", "", "whatever")
CAUSES: tuple[str, ...] = tuple(cause for cause in get_args(FlowOutCause) if cause != "error")

NIGHTS = (
    ("Europe/Berlin", 0, datetime(2026, 3, 28, 22, 30, tzinfo=UTC)),  # midnight, then 02:00 → 03:00
    (
        "Europe/Berlin",
        0,
        datetime(2026, 10, 25, 0, 15, tzinfo=UTC),
    ),  # 02:15, half an hour before 03:00 → 02:00
    (
        "Europe/Berlin",
        4,
        datetime(2026, 10, 25, 2, 20, tzinfo=UTC),
    ),  # a business day's end in a night of 25 hours
    ("Europe/Berlin", 4, datetime(2026, 3, 29, 1, 20, tzinfo=UTC)),
    ("America/St_Johns", 0, datetime(2026, 3, 8, 3, 0, tzinfo=UTC)),  # midnight at half past
    ("America/St_Johns", 0, datetime(2026, 11, 1, 1, 50, tzinfo=UTC)),
    ("Asia/Shanghai", 0, datetime(2026, 5, 11, 15, 20, tzinfo=UTC)),
    ("Asia/Shanghai", 4, datetime(2026, 5, 11, 19, 30, tzinfo=UTC)),
    ("Asia/Shanghai", 0, datetime(2026, 5, 12, 2, 0, tzinfo=UTC)),
    ("UTC", 0, datetime(2026, 11, 22, 9, 0, tzinfo=UTC)),
)


@dataclass(slots=True)
class Hand:
    """A person while the story is made. ``hard``: nothing else may happen; ``soft``: after-call work the next call may cut."""

    id: str
    person: Person
    hard: list[Span] = field(default_factory=list)
    soft: list[Span] = field(default_factory=list)

    def serves(self, queue: str, start: float, end: float) -> bool:
        return any(
            span.what == queue and span.start < start and end < span.end for span in self.person.memberships
        )

    def is_free(self, start: float, end: float, *, softly: bool) -> bool:
        taken = self.hard if softly else [*self.hard, *self.soft]
        return not any(span.start - 1 < end and start < span.end + 1 for span in taken)


class Maker:
    """One story in the making."""

    def __init__(self, seed: int, *, visits: int = 30, people: int = 6, mixed: bool = True) -> None:
        self.rng = Random(seed)
        self.mixed = mixed
        zone, day_starts, beginning = self.rng.choice(NIGHTS)
        self.start = beginning.timestamp() + self.rng.randrange(0, 900)
        length = self.rng.choice([1800, 3600, 5400, 3 * 3600, 26 * 3600])
        self.end = self.start + length
        self.interval = self.rng.choice([900, 1800])
        self.borders = [
            float(t)
            for t in range(int(self.start) // 900 * 900 + 900, int(self.end), 900)
            if t % self.interval == 0
        ]
        if len(self.borders) > 12:
            self.borders = self.borders[:2] + self.rng.sample(self.borders[2:], 8) + self.borders[-2:]
        self.zone, self.day_starts = zone, day_starts
        self.roster = [f"a{n}" for n in range(people - 1)] + ["n/ext9"]
        first = self.policy()
        self.story = Story(self.start, self.end, [(self.start, first)], SOURCES, QUEUES)
        self.hands = [self.hire(id) for id in self.roster]
        self.number = 0
        self.wanted = visits
        self.raters = Random(seed * 41 + 3)  # apart, so that who rates changes nothing else

    # ── configuration ─────────────────────────────────────────────────────────────────────────────────────────────

    def policy(self) -> Policy:
        rng = self.rng
        cards = {QueueId(queue): self.card(queue) for queue in QUEUES if rng.random() < 0.85}
        teams = [*TEAMS[:2], TEAMS[2] if rng.random() < 0.3 else TEAMS[0]]
        agents = {
            AgentId(id): AgentCard(team=rng.choice(teams)) for id in self.roster if not id.startswith("n/")
        }
        return Policy(
            site=SiteId("north"),
            places={SourceId("s"): SiteId("south")},
            queues=cards,
            default=self.card(""),
            agents=agents,
            lines={"sales": LineCard(), "calls": LineCard(direction="out")},
            not_ready_kinds={"a7": "breather"},
            zone=self.zone,
            day_starts=self.day_starts,
            interval=self.interval,
            limits={"waiting_ghost": 0.0},  # people wait here for a day, and nobody says a word of them
        )

    def card(self, queue: str) -> QueueCard:
        rng = self.rng
        measures = {
            variant: Measure(
                threshold=rng.choice([None, 10, 15, 30, 600]), short=rng.choice([None, 0, 3, 5, 10])
            )
            for variant in VARIANTS
            if rng.random() < 0.3
        }
        flow_outs: Literal["exclude", "count"] = rng.choice(["exclude", "count"])
        callbacks: Literal["exclude", "removed"] = rng.choice(["exclude", "removed"])
        return QueueCard(
            line="calls" if queue == OUTBOUND else rng.choice(["sales", "service"]) if queue else "",
            team=rng.choice(["", *TEAMS[:2]]) if queue else "",
            threshold=rng.choice([20.0, 20.0, 10.0, 15.0, 20.5, 600.0]),
            short=rng.choice([5.0, 5.0, 0.0, 8.0, 4.5]),
            variant=rng.choice(VARIANTS),  # type: ignore[arg-type]  # the five
            measures=measures,
            flow_outs=flow_outs,
            callbacks=callbacks,
        )

    # ── moments ───────────────────────────────────────────────────────────────────────────────────────────────────

    def moment(self) -> float:
        rng = self.rng
        if rng.random() < 0.6 and self.borders:
            border = rng.choice(self.borders)
            away = rng.choice([0.0, -STEP, STEP, -5.0, 5.0, rng.uniform(-60, 60), rng.uniform(-60, 60)])
            moment = border + away
        else:
            moment = rng.uniform(self.start + 10, self.end)
        return min(max(_grid(moment), self.start + 10), self.end)

    def wait(self, queue: str) -> float:
        rng = self.rng
        card = self.story.policies[0][1].queues.get(QueueId(queue), self.story.policies[0][1].default)
        edge = rng.choice([card.threshold, card.short, 10.0, 15.0, 30.0, 5.0, 20.0, 600.0])
        wait = rng.choice(
            [
                edge, edge - STEP, edge + STEP,
                rng.uniform(0, 60), rng.uniform(0, 60), rng.uniform(0, 20), rng.uniform(0, 8), rng.uniform(0, 200),
                rng.choice([0.0, 1.0, 599.5, 601.0, rng.uniform(600, 1500)]),
            ]
        )  # fmt: skip
        return max(_grid(wait), 0.0)

    # ── people ────────────────────────────────────────────────────────────────────────────────────────────────────

    def hire(self, id: str) -> Hand:
        rng = self.rng
        home = "n" if id.startswith("n/") else rng.choice(["n", "n", "s"])
        near = [q for q, source in QUEUES.items() if source == home or (self.mixed and rng.random() < 0.15)]
        queues = rng.sample(near, rng.randint(1, min(3, len(near))))
        on = self.start + rng.choice([1.0, 1.0, 1.0, 2.5, float(rng.randrange(5, 600))])
        off = _grid(rng.uniform(on + 600, self.end + 1)) if rng.random() < 0.25 else NEVER
        spans = [Span(on, off, queue) for queue in queues]
        if off != NEVER and rng.random() < 0.5:
            spans += [Span(off + _grid(rng.uniform(30, 600)), NEVER, queue) for queue in queues]
        elif len(queues) > 1 and rng.random() < 0.3:
            spans[-1] = replace(spans[-1], end=min(off, _grid(rng.uniform(on + 300, self.end))))
        hand = Hand(id, Person(id, tuple(spans), phone_from=on if rng.random() < 0.9 else NEVER))
        for _ in range(rng.randint(0, 3)):
            self.rest(hand)
        if hand.person.phone_from != NEVER:
            for _ in range(rng.randint(0, 2)):
                self.elsewhere(hand)
        return hand

    def queues_of(self, hand: Hand, start: float, end: float) -> list[str]:
        """Those served over the whole stretch; none when something changes in it."""
        touching = [s for s in hand.person.memberships if s.start < end + 1 and start - 1 < s.end]
        whole = [s.what for s in touching if s.start < start and end < s.end]
        return whole if len(whole) == len(touching) else []

    def rest(self, hand: Hand) -> None:
        """A break, in all queues or in one."""
        rng = self.rng
        start = self.moment()
        end = start + _grid(rng.choice([rng.uniform(5, 60), rng.uniform(60, 900)]))
        queues = self.queues_of(hand, start, end)
        if not queues or not hand.is_free(start, end, softly=False):
            return
        if len(queues) > 1 and rng.random() < 0.25:
            queues = queues[:1]
        self.bar(hand, start, end, queues)
        hand.hard.append(Span(start, end))

    def bar(self, hand: Hand, start: float, end: float, queues: Sequence[str]) -> None:
        rng = self.rng
        kinds = [(start, rng.choice(REASONS))]
        if rng.random() < 0.3 and end - start > 4:
            kinds.append((_grid(rng.uniform(start + 1, end - 1)), rng.choice(REASONS)))
        pauses = tuple(Span(start, end, queue, tuple(kinds)) for queue in queues)
        hand.person = replace(hand.person, pauses=hand.person.pauses + pauses)

    def elsewhere(self, hand: Hand) -> None:
        """On a call no queue gave, or with a broken phone."""
        rng = self.rng
        start = self.moment()
        end = start + _grid(rng.uniform(3, 300))
        if not self.queues_of(hand, start, end) or not hand.is_free(start, end, softly=False):
            return
        span = Span(start, end, rng.choice(["phone", "agent"]))
        if rng.random() < 0.6:
            hand.person = replace(hand.person, busy=(*hand.person.busy, span))
        else:
            hand.person = replace(hand.person, faults=(*hand.person.faults, span))
        hand.hard.append(Span(start, end))

    def find(self, queue: str, start: float, end: float, *, softly: bool, but: str = "") -> Hand | None:
        ready = [
            hand
            for hand in self.hands
            if hand.id != but
            and hand.serves(queue, start - 1, end + 1)
            and hand.is_free(start, end, softly=softly)
        ]
        return self.rng.choice(ready) if ready else None

    # ── visits ────────────────────────────────────────────────────────────────────────────────────────────────────

    def make(self) -> Story:
        rng, story = self.rng, self.story
        for arrival in sorted(self.moment() for _ in range(self.wanted)):
            queue = rng.choice([*QUEUES, "n/consult", "s/consult"])
            self.number += 1
            call = f"{QUEUES[queue]}-call{self.number}" if rng.random() < 0.8 else ""
            self.visit(queue, arrival, call, rng.choice(CALLERS))
        self.a_day_later()
        for number in range(rng.randint(0, self.wanted // 6)):
            queue = rng.choice(list(QUEUES))
            story.refusals.append(
                Refusal(
                    f"{QUEUES[queue]}/r{number}",
                    queue,
                    QUEUES[queue],
                    self.moment(),
                    rng.choice(["full", "empty"]),
                )
            )
        for _ in range(rng.randint(0, self.wanted // 4)):
            self.attempt()
        story.people = [hand.person for hand in self.hands]
        story.visits = [self.rated(visit) for visit in self.cut_wraps()]
        if rng.random() < 0.4:
            when = _grid(rng.uniform(self.start + 60, self.end - 60))
            self.interval = rng.choice([self.interval, self.interval, 900, 1800])
            story.policies.append((when, self.policy()))
        return story

    def a_day_later(self) -> None:
        """Somebody who calls again after 24 hours, or just before: where the story is long enough."""
        first = self.start + 60 + STEP * self.rng.randrange(0, 480)
        again = first + DAY + self.rng.choice([-STEP, 0.0, STEP])
        if again < self.end:
            self.visit("n/consult", first, "n-first", "+24")
            self.visit("n/claims", again, "n-again", "+24")

    def visit(self, queue: str, queued: float, call: str, caller: str, depth: int = 0) -> None:
        rng = self.rng
        self.number += 1
        plain = Visit(f"{QUEUES[queue]}/{self.number}", queue, QUEUES[queue], queued, call, caller)
        plain = self.alone(plain)
        plain = replace(plain, left=queued + self.wait(queue), timed=rng.random() < 0.93)
        fate = rng.choice(
            ["answered"] * 10 + ["abandoned"] * 5 + ["flowed_out"] * 2 + ["callback", "error", "lost", "open"]
        )
        if fate == "answered":
            visit = self.answered(plain)
        elif fate == "open":
            visit = replace(plain, left=NEVER)
        else:
            visit = self.rung(replace(plain, fate=fate))
        if visit.fate == "flowed_out":
            visit = replace(visit, cause=rng.choice(CAUSES), blurred=rng.random() < 0.15)
        self.story.visits.append(visit)
        if depth == 0 and call and (visit.cause == "overflow" or visit.end == "transfer"):
            other = rng.choice([q for q, source in QUEUES.items() if source == QUEUES[queue] and q != queue])
            self.visit(other, visit.left if visit.cause else visit.talk_end, call, caller, depth=1)

    def alone(self, visit: Visit) -> Visit:
        """Two calls of one caller at one instant have no order: the later one goes without a number."""
        same = any(
            v.queued == visit.queued
            and v.caller.strip().casefold() == visit.caller.strip().casefold()
            and v.call != visit.call
            for v in self.story.visits
        )
        return replace(visit, caller="") if same else visit

    def rung(self, visit: Visit) -> Visit:
        """With the attempts to give it to somebody, all in vain; the last may be cancelled by its going."""
        rng = self.rng
        alerts: list[Alert] = []
        here = visit.queued
        for _ in range(rng.choice([0, 0, 1, 1, 2])):
            start = _grid(rng.uniform(here, visit.left))
            last = rng.random() < 0.4
            end = visit.left if last else _grid(rng.uniform(start, visit.left))
            how = "cancelled" if last else rng.choice(["missed", "declined", "missed"])
            hand = self.find(visit.queue, start, end, softly=True)
            if hand is None or end - start < 1:
                continue
            hand.hard.append(Span(start, end))
            alerts.append(Alert(hand.id, start, end, how))
            here = end
            if last:
                break
        return replace(visit, alerts=(*visit.alerts, *alerts))

    def answered(self, visit: Visit) -> Visit:
        rng = self.rng
        ring = _grid(rng.uniform(0, min(10.0, visit.left - visit.queued)))
        talk_end = visit.left + _grid(rng.choice([rng.uniform(1, 300), rng.uniform(1, 40)]))
        if rng.random() < 0.2 and self.borders:
            talk_end = max(visit.left + 1, min((b for b in self.borders if b > visit.left), default=talk_end))
        planned = _grid(rng.uniform(7, 40))
        style = rng.choice(["none", "until", "until", "soft", "open"])
        over = talk_end + (0.0 if style == "none" else planned)
        hand = self.find(visit.queue, visit.left - ring, over, softly=True)
        if hand is None or not hand.is_free(talk_end, over, softly=False):
            return self.rung(replace(visit, fate="abandoned"))
        start, left = visit.left - ring, visit.left
        tried = self.rung(replace(visit, left=start)).alerts if rng.random() < 0.4 else ()
        tried = tuple(alert for alert in tried if alert.how != "cancelled")
        visit = replace(
            visit,
            fate="answered",
            left=left,
            agent=hand.id,
            alerts=(*tried, *self.all_rung(visit.queue, hand, start, left)),
            talk_end=talk_end,
            end=rng.choice(["agent", "caller", "caller", "transfer"]),
            phone=rng.random() < 0.3 and hand.person.phone_from != NEVER,
        )
        return self.after(hand, self.held(visit), start, over, style)

    def all_rung(self, queue: str, picked: Hand, start: float, left: float) -> list[Alert]:
        """It rings at the one who answers, and sometimes at another one at the same time."""
        alerts = [Alert(picked.id, start, left, "picked")] if self.rng.random() < 0.9 else []
        if self.rng.random() < 0.2 and left - start >= 1:
            other = self.find(queue, start, left, softly=False, but=picked.id)
            if other is not None:
                other.hard.append(Span(start, left))
                alerts.insert(0, Alert(other.id, start, left, "cancelled"))
        return alerts

    def held(self, visit: Visit) -> Visit:
        rng = self.rng
        length = visit.talk_end - visit.left
        if rng.random() > 0.3 or length < 8:
            return visit
        cuts = sorted(_grid(rng.uniform(visit.left + 1, visit.talk_end - 1)) for _ in range(4))
        holds = [(cuts[0], cuts[1])] if cuts[0] < cuts[1] else []
        if rng.random() < 0.4 and holds and cuts[1] < cuts[2] < cuts[3]:
            last = visit.talk_end if rng.random() < 0.5 else cuts[3]
            holds.append((cuts[2], last))
        return replace(visit, holds=tuple(holds))

    def after(self, hand: Hand, visit: Visit, start: float, over: float, style: str) -> Visit:
        """After-call work, and sometimes a break that was asked for during the conversation."""
        rng, talk_end = self.rng, visit.talk_end
        hard = talk_end
        if style == "until":
            hard, visit = over, replace(visit, wrap=Wrap(talk_end, over, over))
            brake = over + _grid(rng.uniform(5, 200))
            press = _grid(rng.uniform(visit.left, over))
            queues = self.queues_of(hand, press, brake)
            if rng.random() < 0.3 and queues and hand.is_free(talk_end, brake, softly=False):
                self.bar(hand, press, brake, queues)
                hard = brake
        elif style == "open":
            hard, visit = over, replace(visit, wrap=Wrap(talk_end, over, None))
        elif style == "soft":
            visit = replace(visit, wrap=Wrap(talk_end, over, over))
            hand.soft.append(Span(talk_end, over))
        hand.hard.append(Span(start, hard))
        return visit

    def cut_wraps(self) -> list[Visit]:
        """A foretold after-call work ends with the next answer, if that comes first."""
        visits = self.story.visits
        return [
            replace(v, wrap=replace(v.wrap, end=min([v.wrap.end, *self.answers_within(v, v.wrap)])))
            if v.wrap is not None
            else v
            for v in visits
        ]

    def answers_within(self, visit: Visit, wrap: Wrap) -> list[float]:
        return [
            v.left
            for v in self.story.visits
            if v.fate == "answered"
            and v.agent == visit.agent
            and v.id != visit.id
            and wrap.start <= v.left < wrap.end
        ]

    def rated(self, visit: Visit) -> Visit:
        """Some rate: while they wait, in conversation or long after, once or more, next to the limit or past all sense."""
        rng = self.raters
        if rng.random() > 0.4:
            return visit
        over = next((m for m in (visit.talk_end, visit.left, visit.queued) if m != NEVER), visit.queued)
        moments = {
            _grid(
                rng.choice(
                    [rng.uniform(visit.queued, over + 1), over + rng.uniform(0, 600), *self.near(over)]
                )
            )
            for _ in range(rng.choice([1, 1, 1, 2, 3]))
        }
        return replace(visit, ratings=tuple(Rating(at, *rng.choice(SCORES)) for at in sorted(moments)))

    def near(self, moment: float) -> list[float]:
        """The next border of an interval or a day, and just before it."""
        border = next((b for b in self.borders if moment + 1 <= b <= moment + 1800), None)
        return [] if border is None else [border, border - STEP]

    # ── outbound ──────────────────────────────────────────────────────────────────────────────────────────────────

    def attempt(self) -> None:
        rng = self.rng
        queue = rng.choice([OUTBOUND, OUTBOUND, "s/consult"])
        self.number += 1
        planned = self.moment()
        plain = Attempt(f"{QUEUES[queue]}-try{self.number}", queue, QUEUES[queue], "", planned)
        dialled = planned + _grid(rng.uniform(0, 120))
        connected = dialled + _grid(rng.uniform(1, 30))
        ended = connected + _grid(rng.uniform(1, 120))
        outcome = rng.choice(["planned", "failed", "completed", "completed", "dropped", "talking"])
        if outcome == "planned":
            self.story.attempts.append(plain)
            return
        if outcome == "failed":
            self.story.attempts.append(replace(plain, dialled=dialled, ended=connected, end="failed"))
            return
        if outcome == "talking":
            ended = NEVER
        hand = self.find(queue, dialled, ended, softly=False)
        if hand is None:
            self.story.attempts.append(replace(plain, dialled=dialled))
            return
        hand.hard.append(Span(dialled, ended))
        end = {"completed": "completed", "dropped": "failed", "talking": ""}[outcome]
        self.story.attempts.append(
            replace(plain, agent=hand.id, dialled=dialled, connected=connected, ended=ended, end=end)
        )


def _grid(moment: float) -> float:
    return round(moment / STEP) * STEP
