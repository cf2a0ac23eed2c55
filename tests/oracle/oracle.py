"""Every number of a scope and a window, from the list of what happened: filtered, counted, divided. Nothing is remembered.

`measure` has the keys of `Engine.measure`. Rates are fractions of 6 digits, times seconds of 3; None where there is nothing to divide.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction

from ccwall.engine.scope import STEP, Basis, Scope, Window
from ccwall.events import AgentId, Measure, Policy, QueueCard, QueueId, SourceId
from tests.oracle.truth import DAY, Alert, Attempt, Rating, Refusal, Story, Unseen, Visit

Numbers = dict[str, object]
VARIANTS = ("answered", "offered", "offered_less_short", "abandon_ignored", "abandon_positive")
NOBODY = {"", "unknown", "<unknown>", "anonymous", "restricted", "private", "withheld", "unavailable"}
PERCENTILES = (50, 80, 90, 95)


def card_of(policy: Policy, queue: str) -> QueueCard:
    return policy.queues.get(QueueId(queue), policy.default)


def team_of_agent(policy: Policy, agent: str) -> str:
    card = policy.agents.get(AgentId(agent))
    return "" if card is None else card.team


class Oracle:
    """The story up to ``now``. Of a source nobody hears, up to the moment it was heard last."""

    def __init__(self, story: Story, now: float) -> None:
        self.story = story
        self.now = now
        self.policy = story.policy(now)
        self.by_the_clock = False
        self.answers: dict[tuple[Scope, Window, Basis], Numbers] = {}
        self.moments = {source: story.known_at(source, now) for source in story.queues.values()}
        self.visits = [v for v in story.visits if v.queued <= self.known(v)]
        self.fates = {v.id: self.stands(v) for v in self.visits}

    def known(self, of: Visit | Refusal | Unseen | Attempt) -> float:
        return self.moments[of.source]

    def inside(self, window: Window, moment: float, of: Visit | Refusal | Unseen | Attempt) -> bool:
        """Whether it counts in this window: where nobody hears a source, rolling windows end with what is known of it; but not those
        of a team, which may sit at several sources."""
        back = 0
        if window.kind == "rolling" and not self.by_the_clock and (known := self.known(of)) < self.now:
            back = max(0, window.end - int(known) // STEP * STEP)
        return window.start - back <= moment < window.end - back

    # ── how a visit stands ────────────────────────────────────────────────────────────────────────────────────────

    def fate(self, visit: Visit) -> str:
        return self.fates[visit.id]

    def stands(self, visit: Visit) -> str:
        """Its outcome as of now. Of a loss nobody knows before the source is heard again."""
        if visit.fate == "lost" and visit.learned > self.now:
            return "open"
        return visit.fate if visit.left <= self.known(visit) else "open"

    def wait(self, visit: Visit) -> float | None:
        return visit.left - visit.queued if visit.timed and self.fate(visit) != "open" else None

    def is_short(self, visit: Visit) -> bool:
        wait = self.wait(visit)
        return self.fate(visit) == "abandoned" and wait is not None and wait < self.short(visit)

    def is_talking(self, visit: Visit) -> bool:
        over = visit.talk_end <= self.known(visit) and visit.learned <= self.now
        return self.fate(visit) == "answered" and not over

    def is_handled(self, visit: Visit) -> bool:
        """Over, its beginning and its end seen."""
        over = self.fate(visit) == "answered" and visit.talk_end <= self.known(visit)
        return over and visit.seen and visit.end != "lost"

    def hold(self, visit: Visit) -> float:
        return sum(end - start for start, end in visit.holds)

    def wrap(self, visit: Visit) -> float:
        """Foretold: as long as foretold, until it is cut short. Otherwise nothing until its end."""
        wrap, known = visit.wrap, self.known(visit)
        if wrap is None or wrap.start > known:
            return 0.0
        if wrap.end <= known:
            return wrap.end - wrap.start
        return 0.0 if wrap.until is None else wrap.until - wrap.start

    def short(self, visit: Visit) -> float:
        return card_of(self.policy, visit.queue).short

    def team(self, visit: Visit) -> str:
        rung = [alert for alert in visit.alerts if alert.at <= self.known(visit)]
        if self.fate(visit) == "answered":
            return team_of_agent(self.policy, visit.agent)
        if self.fate(visit) != "open" and rung:
            return team_of_agent(self.policy, rung[-1].agent)
        return card_of(self.policy, visit.queue).team

    def is_repeat(self, visit: Visit) -> bool:
        """Whether this party had called before, in the 24 hours before, by another call."""
        caller = _caller(visit)
        if caller in NOBODY:
            return False
        return any(
            _caller(other) == caller
            and (other.call or other.id) != (visit.call or visit.id)
            and 0 < visit.queued - other.queued < DAY
            for other in self.visits
        )

    def rating(self, visit: Visit) -> Rating | None:
        """The last one that can be, of those that are known."""
        told = [
            r for r in visit.ratings if r.at <= self.known(visit) and r.best > 0 and 0 <= r.score <= r.best
        ]
        return max(told, key=lambda rating: rating.at, default=None)

    def ratings(self, visits: Iterable[Visit], window: Window, basis: Basis) -> tuple[int, int]:
        """How many rated, and how many of these gave one of the top two of five boxes."""
        rated = [(v, r) for v in visits if (r := self.rating(v)) is not None]
        mine = [r for v, r in rated if self.inside(window, self.at(v, r.at, basis), v)]
        return len(mine), len(
            [r for r in mine if Fraction(str(r.score)) / Fraction(str(r.best)) >= Fraction(4, 5)]
        )

    # ── whose it is ───────────────────────────────────────────────────────────────────────────────────────────────

    def has_queue(self, scope: Scope, queue: str) -> bool:
        card = card_of(self.policy, queue)
        source = self.story.queues[queue]
        site = self.policy.places.get(SourceId(source), self.policy.site)
        if scope.kind == "site":
            return site == scope.id
        if scope.kind == "line":
            return card.line == scope.id
        return scope.kind == "floor" or queue == scope.id

    def has(self, scope: Scope, visit: Visit) -> bool:
        return self.team(visit) == scope.id if scope.kind == "team" else self.has_queue(scope, visit.queue)

    def has_agents(self, scope: Scope, queue: str, agent: str) -> bool:
        """Of what one person did: an alerting or an outbound attempt. Nobody's counts for the queue's team."""
        if scope.kind != "team":
            return self.has_queue(scope, queue)
        team = team_of_agent(self.policy, agent) if agent else card_of(self.policy, queue).team
        return team == scope.id

    # ── the numbers ───────────────────────────────────────────────────────────────────────────────────────────────

    def measure(self, scope: Scope, window: Window, basis: Basis) -> Numbers:
        asked = (scope, window, basis)
        if asked not in self.answers:
            self.answers[asked] = self.numbers(*asked)
        return self.answers[asked]

    def numbers(self, scope: Scope, window: Window, basis: Basis) -> Numbers:
        mine = [v for v in self.visits if self.has(scope, v)]
        self.by_the_clock = scope.kind == "team"
        numbers: Numbers = {}
        numbers.update(self.counts(mine, window, basis))
        numbers.update(self.refusals(scope, window))
        numbers.update(self.shares(numbers, mine, window))
        numbers.update(self.times(mine, window, basis))
        if basis == "event":
            numbers.update(self.attempts_at_agents(scope, window, numbers))
            numbers.update(self.outbound(scope, window))
        levels = self.service_levels(scope, mine, window, basis)
        numbers["service_levels"] = levels
        numbers["service_level"] = levels[self.variant(scope)]
        if window.is_open:
            numbers.update(self.gauges(mine))
            past = [v for v in mine if self.waits_past(v, self.limits(v, scope)[0])]
            numbers["overdue"] = len(
                [v for v in past if basis == "event" or self.inside(window, v.queued, v)]
            )
        return numbers

    def variant(self, scope: Scope) -> str:
        return (
            card_of(self.policy, scope.id).variant if scope.kind == "queue" else self.policy.default.variant
        )

    def at(self, visit: Visit, moment: float, basis: Basis) -> float:
        return moment if basis == "event" else visit.queued

    def ended(self, visits: Iterable[Visit], fate: str, window: Window, basis: Basis) -> list[Visit]:
        return [
            v for v in visits if self.fate(v) == fate and self.inside(window, self.at(v, v.left, basis), v)
        ]

    def handled(self, visits: Iterable[Visit], window: Window, basis: Basis) -> list[Visit]:
        return [
            v for v in visits if self.is_handled(v) and self.inside(window, self.at(v, v.talk_end, basis), v)
        ]

    def counts(self, mine: Sequence[Visit], window: Window, basis: Basis) -> Numbers:
        offered = [v for v in mine if self.inside(window, v.queued, v)]
        gone = self.ended(mine, "abandoned", window, basis)
        flowed = self.ended(mine, "flowed_out", window, basis)
        handled = self.handled(mine, window, basis)
        numbers: Numbers = {
            "offered": len(offered),
            "repeats": len([v for v in offered if self.is_repeat(v)]),
            "answered": len(self.ended(mine, "answered", window, basis)),
            "abandoned": len([v for v in gone if not self.is_short(v)]),
            "short": len([v for v in gone if self.is_short(v)]),
            "abandoned_total": len(gone),
            "flowed_out": len(flowed),
            "flowed_out_by": dict(Counter(v.cause for v in flowed)),
            "callbacks": len(self.ended(mine, "callback", window, basis)),
            "errors": len(self.ended(mine, "error", window, basis)),
            "lost": len(self.ended(mine, "lost", window, basis)),
            "handled": len(handled),
            "held": len([v for v in handled if v.holds]),
            "transferred": len([v for v in handled if v.end == "transfer"]),
        }
        numbers["ratings"], numbers["satisfied"] = self.ratings(mine, window, basis)
        if basis == "cohort":
            numbers["in_progress"] = len([v for v in offered if self.fate(v) == "open"])
        return numbers

    def refusals(self, scope: Scope, window: Window) -> Numbers:
        team = scope.kind == "team"
        refused = [
            r
            for r in self.story.refusals
            if r.at <= self.known(r)
            and self.inside(window, r.at, r)
            and (self.has_agents(scope, r.queue, "") if team else self.has_queue(scope, r.queue))
        ]
        unseen = [
            u
            for u in self.story.unseen
            if u.at <= self.known(u) and self.inside(window, u.at, u) and self.has_agents(scope, u.queue, "")
        ]
        return {
            "refused": len(refused),
            "refused_by": dict(Counter(r.cause for r in refused)),
            "unseen": sum(u.visits for u in unseen),
        }

    def shares(self, numbers: Numbers, mine: Sequence[Visit], window: Window) -> Numbers:
        """Answer, lost and flow rate are always of those who arrived in the window."""
        cohort = self.counts(mine, window, "cohort")
        offered, answered, refused = _n(cohort["offered"]), _n(cohort["answered"]), _n(numbers["refused"])
        flowed = _n(cohort["flowed_out"]) + _n(cohort["callbacks"]) + _n(cohort["errors"])
        gone = _n(numbers["abandoned"])
        return {
            "answer_rate": _rate(answered, offered),
            "lost_rate": _rate(offered + refused - answered, offered + refused),
            "flow_rate": _rate(flowed, offered),
            "abandon_rate": _rate(gone, _n(numbers["answered"]) + gone),
            "transfer_rate": _rate(_n(numbers["transferred"]), _n(numbers["handled"])),
            "repeat_rate": _rate(_n(numbers["repeats"]), _n(numbers["offered"])),
            "satisfaction": _rate(_n(numbers["satisfied"]), _n(numbers["ratings"])),
        }

    def times(self, mine: Sequence[Visit], window: Window, basis: Basis) -> Numbers:
        answered = self.waits(self.ended(mine, "answered", window, basis))
        abandons = self.ended(mine, "abandoned", window, basis)
        gone = self.waits(abandons)
        late = self.waits([v for v in abandons if not self.is_short(v)])
        other = [
            wait
            for fate in ("flowed_out", "callback", "error")
            for wait in self.waits(self.ended(mine, fate, window, basis))
        ]
        handled = self.handled(mine, window, basis)
        hold = sum(self.hold(v) for v in handled)
        talk = sum(v.talk_end - v.left for v in handled) - hold
        wrap = sum(self.wrap(v) for v in handled)
        numbers: Numbers = {
            "asa": _mean(answered),
            "awt": _mean([*answered, *gone, *other]),
            "abandon_wait": _mean(late),
            "longest_wait": _longest([*answered, *gone, *other]),
            "longest_answered": _longest(answered),
            "longest_abandoned": _longest(gone),
            "aht": _quotient(talk + hold + wrap, len(handled)),
            "talk_time": _quotient(talk, len(handled)),
            "hold_time": _quotient(hold, len(handled)),
            "wrap_time": _quotient(wrap, len(handled)),
        }
        numbers.update({f"wait_p{p}": _nearest_rank(answered, p) for p in PERCENTILES})
        return numbers

    def waits(self, visits: Iterable[Visit]) -> list[float]:
        return [wait for v in visits if (wait := self.wait(v)) is not None]

    def attempts_at_agents(self, scope: Scope, window: Window, numbers: Numbers) -> Numbers:
        def ended(how: str) -> int:
            def is_ours(visit: Visit, alert: Alert) -> bool:
                return (
                    alert.how == how
                    and alert.end <= self.known(visit)
                    and self.inside(window, alert.end, visit)
                    and self.has_agents(scope, visit.queue, alert.agent)
                )

            return len([a for v in self.visits for a in v.alerts if is_ours(v, a)])

        missed, declined, answered = ended("missed"), ended("declined"), _n(numbers["answered"])
        return {
            "missed": missed,
            "declined": declined,
            "cancelled": ended("cancelled"),
            "pickup_rate": _rate(answered, answered + missed + declined),
        }

    def outbound(self, scope: Scope, window: Window) -> Numbers:
        ours = [a for a in self.story.attempts if self.has_agents(scope, a.queue, a.agent)]

        def when(moment: Callable[[Attempt], float], end: str = "") -> list[Attempt]:
            return [
                a
                for a in ours
                if moment(a) <= self.known(a) and self.inside(window, moment(a), a) and end in ("", a.end)
            ]

        planned, dialled = when(lambda a: a.planned), when(lambda a: a.dialled)
        connected, completed = when(lambda a: a.connected), when(lambda a: a.ended, "completed")
        over = [a for a in when(lambda a: a.ended) if a.connected <= a.ended]
        talk = sum(a.ended - a.connected for a in over)
        return {
            "planned": len(planned),
            "dialled": len(dialled),
            "connected": len(connected),
            "failed": len(when(lambda a: a.ended, "failed")),
            "completed": len(completed),
            "connect_rate": _rate(len(connected), len(dialled)),
            "completion_rate": _rate(len(completed), len(planned)),
            "outbound_talk_time": _quotient(talk, len(over)),
        }

    # ── service level ─────────────────────────────────────────────────────────────────────────────────────────────

    def service_levels(
        self, scope: Scope, mine: Sequence[Visit], window: Window, basis: Basis
    ) -> dict[str, float | None]:
        """Each caller judged by the T and S of the queue they waited in; in a team, by that queue's own, whatever its formulas say,
        unless the default has others for the formula."""
        levels: dict[str, float | None] = {}
        counted = [
            v for v in mine if self.fate(v) == "open" or self.inside(window, self.at(v, v.left, basis), v)
        ]
        for variant in VARIANTS:
            good = of = 0
            for visit in counted:
                own = scope if scope.kind == "team" else Scope("queue", visit.queue)
                hit, one = self.judged(visit, variant, window, basis, own)
                good, of = good + hit, of + one
            levels[variant] = _rate(good, of)
        return levels

    def judged(
        self, visit: Visit, variant: str, window: Window, basis: Basis, judge: Scope
    ) -> tuple[int, int]:
        """What this visit, which ended in the window or waits, puts into numerator and denominator."""
        card = self.card(visit, judge)
        limit, short = self.limits(visit, judge, variant)
        fate, wait = self.fate(visit), self.wait(visit)
        if fate == "open":
            theirs = window.is_open if basis == "event" else self.inside(window, visit.queued, visit)
            return 0, int(theirs and variant != "answered" and self.waits_past(visit, limit))
        if fate == "flowed_out":
            return 0, int(card.flow_outs == "count" and variant != "answered")
        if wait is None or fate in ("lost", "error"):
            return 0, 0
        if fate == "answered":
            return int(wait <= limit), 1
        if fate == "callback" and card.callbacks == "exclude":
            return 0, 0
        if variant == "answered":
            return 0, 0
        if variant == "offered_less_short":
            return 0, int(not (fate == "abandoned" and wait < short))
        if variant == "abandon_ignored":
            return 0, int(wait > limit)
        return int(variant == "abandon_positive" and wait <= limit), 1

    def card(self, visit: Visit, judge: Scope) -> QueueCard:
        """Whose options are asked: those of the queue, in a team the default ones."""
        return self.policy.default if judge.kind == "team" else card_of(self.policy, visit.queue)

    def limits(self, visit: Visit, judge: Scope, variant: str = "") -> tuple[float, float]:
        """T and S of a formula, the scope's own if none is named."""
        queue = card_of(self.policy, visit.queue)
        own = self.card(visit, judge).measures.get(variant or self.variant(judge), Measure())
        return (
            queue.threshold if own.threshold is None else own.threshold,
            queue.short if own.short is None else own.short,
        )

    def waits_past(self, visit: Visit, limit: float) -> bool:
        """Still waiting, for longer than ``limit``."""
        return self.fate(visit) == "open" and visit.timed and self.known(visit) - visit.queued > limit

    # ── now ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def gauges(self, mine: Sequence[Visit]) -> Numbers:
        waiting = [v for v in mine if self.fate(v) == "open"]
        talking = [v for v in mine if self.is_talking(v)]
        return {
            "waiting": len(waiting),
            "talking": len(talking),
            "longest_since": min((v.queued for v in waiting if v.timed), default=None),
            "talk_since": min((v.left for v in talking), default=None),
            "hold_since": min(
                (start for v in talking for start, end in v.holds if start <= self.known(v) < end),
                default=None,
            ),
        }


def _caller(visit: Visit) -> str:
    return visit.caller.strip().casefold()


def _n(value: object) -> int:
    assert isinstance(value, int)
    return value


def _rate(part: int, whole: int) -> float | None:
    return round(part / whole, 6) if whole else None


def _quotient(seconds: float, number: int) -> float | None:
    return round(seconds / number, 3) if number else None


def _mean(waits: Sequence[float]) -> float | None:
    return _quotient(sum(waits), len(waits))


def _longest(waits: Sequence[float]) -> float | None:
    return max(waits, default=None)


def _nearest_rank(waits: Sequence[float], percent: int) -> float | None:
    """The smallest wait that so many per cent of the waits do not exceed, in whole seconds, rounded up."""
    if not waits:
        return None
    return float(math.ceil(sorted(waits)[math.ceil(percent * len(waits) / 100) - 1]))
