"""What each person did all day: the state shown at a moment is looked up in the records, the times are read off a ruler."""

from collections import Counter
from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise

from ccwall.engine.scope import Scope, Window
from tests.oracle.oracle import Oracle, team_of_agent
from tests.oracle.truth import Alert, Span

HANDLING = ("talking", "hold", "wrap", "ringing")
COMMON = {"lunch": "meal", "tea": "break", "training": "training"}


class Shift:
    """The people of a story, up to now."""

    def __init__(self, oracle: Oracle) -> None:
        self.oracle = oracle
        self.now = oracle.now
        self.people = {person.id: person for person in oracle.story.people}
        self.seen: dict[tuple[str, Window], dict[str, float]] = {}
        self.cards = {
            person: [v for v in oracle.visits if v.agent == person or _rung(v.alerts, person)]
            for person in self.people
        }

    # ── what somebody is shown to do at a moment ──────────────────────────────────────────────────────────────────

    def state(self, person: str, moment: float) -> str:
        """The first that applies, in the order of docs/metrics.md."""
        record = self.people[person]
        mine = [v for v in self.cards[person] if v.agent == person and v.fate == "answered"]
        if any(v.left <= moment < v.talk_end for v in mine):
            held = any(start <= moment < end for v in mine for start, end in v.holds)
            return "hold" if held else "talking"
        if any(a.agent == person and a.connected <= moment < a.ended for a in self.oracle.story.attempts):
            return "talking"
        queues = self.queues(person, moment)
        if not queues:
            return "off"
        if any(a.agent == person and a.at <= moment < a.end for v in self.cards[person] for a in v.alerts):
            return "ringing"
        if any(v.wrap is not None and v.wrap.start <= moment < v.wrap.end for v in mine):
            return "wrap"
        barred = self.barred(person, moment)
        if queues == set(barred):
            return self.kind(min(barred.values(), key=lambda span: span.start), moment)
        if _any(record.faults, moment):
            return "fault"
        if _any(record.busy, moment) or any(v.phone and v.left <= moment < v.talk_end for v in mine):
            return "busy"
        return "ready" if record.phone_from <= moment else "unknown"

    def queues(self, person: str, moment: float) -> set[str]:
        return {span.what for span in self.people[person].memberships if span.holds_at(moment)}

    def barred(self, person: str, moment: float) -> dict[str, Span]:
        """The queues somebody is not ready in, with the break."""
        queues = self.queues(person, moment)
        return {
            span.what: span
            for span in self.people[person].pauses
            if span.holds_at(moment) and span.what in queues
        }

    def kind(self, span: Span, moment: float) -> str:
        reason = [reason for since, reason in span.kinds if since <= moment][-1]
        own = {word.casefold(): kind for word, kind in self.oracle.policy.not_ready_kinds.items()}
        return own.get(reason.casefold(), COMMON.get(reason.casefold(), "away"))

    # ── times ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def marks(self, person: str) -> Iterable[float]:
        """Every moment at which something about this person may have changed."""
        record = self.people[person]
        for span in (*record.memberships, *record.pauses, *record.busy, *record.faults):
            yield from (span.start, span.end, *(since for since, _ in span.kinds))
        yield record.phone_from
        for attempt in self.oracle.story.attempts:
            if attempt.agent == person:
                yield from (attempt.connected, attempt.ended)
        for visit in self.cards[person]:
            for alert in visit.alerts:
                yield from (alert.at, alert.end)
            if visit.agent == person:
                yield from (visit.left, visit.talk_end)
                yield from (moment for hold in visit.holds for moment in hold)
                if visit.wrap is not None:
                    yield from (visit.wrap.start, visit.wrap.end)

    def times(self, person: str, window: Window) -> dict[str, float]:
        """Seconds in each state within the window, up to now; time logged off is no time."""
        if (person, window) not in self.seen:
            self.seen[person, window] = self.read(person, window)
        return self.seen[person, window]

    def read(self, person: str, window: Window) -> dict[str, float]:
        end = min(float(window.end), self.now)
        if end <= window.start:
            return {}
        within = {mark for mark in self.marks(person) if window.start < mark < end}
        ruler = sorted({float(window.start), end, *within})
        total: dict[str, float] = {}
        for here, there in pairwise(ruler):
            state = self.state(person, here)
            total[state] = total.get(state, 0.0) + there - here
        return {state: seconds for state, seconds in total.items() if state != "off"}

    def members(self, scope: Scope) -> list[str]:
        """Those whose time a scope's is: a team's people, a queue's members of now, everybody."""
        policy = self.oracle.policy
        if scope.kind == "agent":
            return [scope.id] if scope.id in self.people else []
        if scope.kind == "floor":
            return list(self.people)
        if scope.kind == "team":
            return [person for person in self.people if team_of_agent(policy, person) == scope.id]
        return [
            person
            for person in self.people
            if any(self.oracle.has_queue(scope, queue) for queue in self.queues(person, self.now))
        ]

    def spent(self, scope: Scope, window: Window) -> dict[str, float]:
        total: dict[str, float] = {}
        for person in self.members(scope):
            for state, seconds in self.times(person, window).items():
                total[state] = total.get(state, 0.0) + seconds
        return total

    # ── what a day counts of one person ───────────────────────────────────────────────────────────────────────────

    def day(self, person: str, window: Window) -> dict[str, object]:
        """The counts the wall shows of a person, by the event."""
        oracle = self.oracle
        mine = [v for v in self.cards[person] if v.agent == person]
        answered = oracle.ended(mine, "answered", window, "event")
        handled = oracle.handled(mine, window, "event")
        alerts = [
            alert
            for v in self.cards[person]
            for alert in v.alerts
            if alert.agent == person
            and alert.end <= oracle.known(v)
            and window.start <= alert.end < window.end
        ]
        hold = sum(oracle.hold(v) for v in handled)
        ratings, satisfied = oracle.ratings(
            (v for v in mine if oracle.fate(v) == "answered"), window, "event"
        )
        return {
            "answered": len(answered),
            "handled": len(handled),
            "hold": hold,
            "talk": sum(v.talk_end - v.left for v in handled) - hold,
            "wrap": sum(oracle.wrap(v) for v in handled),
            "transferred": len([v for v in handled if v.end == "transfer"]),
            "ratings": ratings,
            "satisfied": satisfied,
            "missed": len([a for a in alerts if a.how == "missed"]),
            "declined": len([a for a in alerts if a.how == "declined"]),
            "longest_talk": max((v.talk_end - v.left for v in handled), default=None),
            "longest_hold": max((end - start for v in handled for start, end in v.holds), default=None),
        }

    # ── heads ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def heads(self, scope: Scope) -> dict[str, float]:
        """Who is there now, each once; who is ready, but not in any queue of this scope, is not ready here. ``capacity`` shares
        everybody among the queues that may give them something; a team's and the floor's people are whole."""
        count: Counter[str] = Counter({"staffed": 0, "ready": 0, "busy": 0, "wrap": 0, "not_ready": 0})
        capacity = Fraction(0)
        for person in self.members(scope):
            queues = self.queues(person, self.now)
            if not queues:
                continue
            state = self.state(person, self.now)
            free = queues - set(self.barred(person, self.now))
            here = {queue for queue in queues if self.is_of(scope, queue)}
            if state == "ready" and not here & free:
                state = "away"
            count["staffed"] += 1
            count[_head(state)] += 1
            if free and state not in ("fault", "unknown"):
                whole = scope.kind in ("floor", "team")
                capacity += 1 if whole else Fraction(len(here & free), len(free))
        shown = ("staffed", "ready", "busy", "wrap", "not_ready")
        return {**{key: count[key] for key in shown}, "capacity": float(capacity)}

    def is_of(self, scope: Scope, queue: str) -> bool:
        return scope.kind in ("floor", "team") or self.oracle.has_queue(scope, queue)

    def persons(self, scope: Scope, window: Window) -> int:
        """Who was logged on in the window, for however short."""
        return len(
            [
                person
                for person in self.members(scope)
                if self.times(person, window) or (window.is_open and self.queues(person, self.now))
            ]
        )

    def calls(self, scope: Scope, window: Window) -> int | None:
        """Answered in the scope's queues, or by this team or person; a person's are counted by the day."""
        if scope.kind == "agent":
            return _n(self.day(scope.id, window)["answered"]) if window.kind == "today" else None
        mine = [visit for visit in self.oracle.visits if self.oracle.has(scope, visit)]
        return len(self.oracle.ended(mine, "answered", window, "event"))


def occupancy(times: dict[str, float]) -> float | None:
    """Time with callers, of the time with callers or free for them; calls that no queue gave are neither."""
    busy = sum(times.get(state, 0.0) for state in HANDLING)
    whole = busy + times.get("ready", 0.0)
    return round(busy / whole, 6) if whole else None


def _n(value: object) -> int:
    assert isinstance(value, int)
    return value


def _head(state: str) -> str:
    if state in ("talking", "hold", "ringing", "busy"):
        return "busy"
    if state in ("ready", "wrap", "fault", "unknown"):
        return state
    return "not_ready"


def _any(spans: Iterable[Span], moment: float) -> bool:
    return any(span.holds_at(moment) for span in spans)


def _rung(alerts: Iterable[Alert], person: str) -> bool:
    return any(alert.agent == person for alert in alerts)
