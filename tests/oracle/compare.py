"""Engine and oracle side by side, at rest: every scope, every window, both bases, number by number."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from ccwall.engine import Engine
from ccwall.engine.scope import Basis, Scope, Window
from ccwall.events import Envelope, Policy
from tests.oracle.calendar import windows
from tests.oracle.noise import Plan, Wire, envelopes
from tests.oracle.oracle import Numbers, Oracle, card_of
from tests.oracle.shift import Shift, occupancy
from tests.oracle.truth import Story

BASES: tuple[Basis, ...] = ("event", "cohort")
SUMMED = (
    "offered", "repeats", "answered", "abandoned", "short", "flowed_out", "callbacks", "errors", "lost", "refused", "unseen",
    "handled", "held", "transferred", "missed", "declined", "cancelled", "planned", "dialled", "connected", "failed",
    "completed", "in_progress",
)  # fmt: skip
HEADS = ("staffed", "ready", "busy", "wrap", "not_ready", "capacity")
NOT_NEGATIVE = (*SUMMED, "waiting", "talking", "overdue")


@dataclass(frozen=True, slots=True)
class Mismatch:
    """``where`` is a scope and a window, or a person; ``expected`` the oracle's, ``got`` the engine's."""

    now: float
    where: str
    key: str
    expected: object
    got: object

    def __str__(self) -> str:
        return f"{self.where} {self.key}: expected {self.expected!r}, got {self.got!r} (now {self.now:.3f})"


@dataclass(slots=True)
class Outcome:
    """What one seed gave."""

    facts: int = 0
    comparisons: int = 0
    seconds: float = 0.0
    mismatches: list[Mismatch] = field(default_factory=list)


def scopes(story: Story, policy: Policy) -> list[Scope]:
    cards = [card_of(policy, queue) for queue in story.queues]
    teams = {card.team for card in cards} | {card.team for card in policy.agents.values()} | {""}
    return [
        Scope("floor"),
        *(Scope("site", site) for site in sorted(set(story.sites.values()))),
        *(Scope("line", line) for line in sorted({card.line for card in cards} - {""})),
        *(Scope("team", team) for team in sorted(teams)),
        *(Scope("queue", queue) for queue in story.queues),
    ]


# ── the comparison ────────────────────────────────────────────────────────────────────────────────────────────────────


class Judge:
    """Compares at one moment."""

    def __init__(self, engine: Engine, story: Story, now: float) -> None:
        self.engine = engine
        self.story = story
        self.now = now
        self.oracle = Oracle(story, now)
        self.policy = self.oracle.policy
        self.comparisons = 0
        self.mismatches: list[Mismatch] = []
        self.silent = any(outage.down <= now < outage.up for outage in story.outages)

    def same(self, where: str, key: str, expected: object, got: object) -> None:
        self.comparisons += 1
        if not _equal(expected, got, _tolerance(key)):
            self.mismatches.append(Mismatch(self.now, where, key, expected, got))

    def everything(self) -> None:
        for text, window in windows(self.policy, self.now):
            if self.silent and text != "today":
                continue  # while a source is away its numbers stand still, and so do their windows
            self.same(text, "window", window, self.engine.window(text, self.now))
            for basis in BASES:
                if window.kind != "rolling" or basis == "event":
                    self.window(text, window, basis)
        if not self.silent:
            self.people()
            self.board()

    def window(self, text: str, window: Window, basis: Basis) -> None:
        told: dict[Scope, Mapping[str, object]] = {}
        for scope in scopes(self.story, self.policy):
            got = self.engine.measure(scope, window, self.now, basis)
            told[scope] = got
            expected = self.oracle.measure(scope, window, basis)
            self.numbers(f"{scope} {text} {basis}", expected, got, scope, window, basis)
            self.laws(f"{scope} {text} {basis}", got, basis)
        self.sums(f"{text} {basis}", told)

    def numbers(
        self,
        where: str,
        expected: Numbers,
        got: Mapping[str, object],
        scope: Scope,
        window: Window,
        basis: Basis,
    ) -> None:
        for key, value in expected.items():
            if key not in got:
                self.same(where, key, value, "absent")
            elif key.startswith("wait_p"):
                self.percentile(where, key, value, got[key])
            elif not (key == "service_levels" and scope.kind == "team"):
                self.same(where, key, value, got[key])

    def percentile(self, where: str, key: str, expected: object, got: object) -> None:
        """To the second up to ten minutes, to 5 % above."""
        if isinstance(expected, float) and isinstance(got, float | int) and expected > 600:
            self.same(where, key, True, expected <= got <= expected * 1.05 + 1)
        else:
            self.same(where, key, expected, got)

    def laws(self, where: str, got: Mapping[str, object], basis: Basis) -> None:
        """What holds of any numbers, whatever happened."""
        if basis == "cohort":
            ends = (
                "answered",
                "abandoned",
                "short",
                "flowed_out",
                "callbacks",
                "errors",
                "lost",
                "in_progress",
            )
            self.same(where, "identity", got["offered"], sum(_number(got.get(key)) for key in ends))
        negative = [key for key in NOT_NEGATIVE if _number(got.get(key)) < 0]
        self.same(where, "nothing negative", [], negative)

    def sums(self, where: str, told: Mapping[Scope, Mapping[str, object]]) -> None:
        """Queues, sites and teams add up to the floor."""
        whole = told[Scope("floor")]
        for kind in ("queue", "site", "team"):
            parts = [got for scope, got in told.items() if scope.kind == kind]
            for key in SUMMED:
                if key in whole:
                    total = sum(_number(part.get(key)) for part in parts)
                    self.same(where, f"Σ {kind} {key}", _number(whole[key]), total)

    # ── people and the board ──────────────────────────────────────────────────────────────────────────────────────

    def people(self) -> None:
        shift = Shift(self.oracle)
        away = {outage.source for outage in self.story.outages if outage.up > outage.down}
        touched = [
            person.id
            for person in self.story.people
            if any(self.story.queues[span.what] in away for span in person.memberships)
        ]
        for text, window in windows(self.policy, self.now):
            if window.kind == "rolling":
                continue
            for scope in [
                *(s for s in scopes(self.story, self.policy)),
                *(Scope("agent", id) for id in shift.people),
            ]:
                if touched and (scope.kind != "agent" or scope.id in touched):
                    continue
                self.shift(f"{scope} {text}", shift, scope, window)

    def shift(self, where: str, shift: Shift, scope: Scope, window: Window) -> None:
        spent = shift.spent(scope, window)
        whole = sum(spent.values())
        got = self.engine.people(scope, window, self.now)
        self.same(where, "states", _whole(spent), _whole(_mapping(got.get("states"))))
        self.same(where, "logged_on_time", round(whole, 3), got.get("logged_on_time"))
        self.same(where, "occupancy", occupancy(spent), got.get("occupancy"))
        shares = (
            {state: round(seconds / whole, 6) for state, seconds in spent.items() if seconds} if whole else {}
        )
        self.same(where, "shares", shares, _whole(_mapping(got.get("shares"))))
        persons, calls = shift.persons(scope, window), shift.calls(scope, window)
        self.same(where, "persons", persons, got.get("persons"))
        self.same(where, "answered", calls, got.get("answered"))
        each = round(calls / persons, 6) if persons and calls is not None else None
        self.same(where, "calls_per_agent", each, got.get("calls_per_agent"))
        if scope.kind != "agent":
            heads = _mapping(got.get("heads"))
            self.same(where, "heads", shift.heads(scope), {key: heads.get(key) for key in HEADS})

    def board(self) -> None:
        board = self.engine.board(self.now)
        shift = Shift(self.oracle)
        window = windows(self.policy, self.now)[0][1]
        people = _mapping(board.get("agents"))
        for id in shift.people:
            card = _mapping(people.get(id))
            if "state" in card or shift.state(id, self.now) != "off":
                self.same(f"board agent:{id}", "state", shift.state(id, self.now), card.get("state"))
            for key, value in shift.day(id, window).items():
                if key in card:
                    self.same(f"board agent:{id}", key, value, card[key])
        floor = _mapping(board.get("floor"))
        for key, value in shift.heads(Scope("floor")).items():
            if key in floor:
                self.same("board floor", key, value, floor[key])
        for queue in self.story.queues:
            card = _mapping(_mapping(board.get("queues")).get(queue))
            for key, value in shift.heads(Scope("queue", queue)).items():
                if key in card:
                    self.same(f"board queue:{queue}", key, value, card[key])
        self.board_numbers(board, window)

    def board_numbers(self, board: Mapping[str, object], window: Window) -> None:
        """What the wall shows is what `measure` says."""
        parts = [("floor", Scope("floor"), _mapping(board.get("floor")))]
        for kind, name in (("queue", "queues"), ("team", "teams"), ("line", "lines"), ("site", "sites")):
            for id, card in _mapping(board.get(name)).items():
                parts.append((name, Scope(kind, id), _mapping(card)))  # type: ignore[arg-type]  # one of the kinds
        present = windows(self.policy, self.now)[1][1]
        for name, scope, card in parts:
            for which, stretch, shown in (
                ("today", window, card),
                ("interval", present, _mapping(card.get("interval"))),
            ):
                expected = self.oracle.measure(scope, stretch, "event")
                for key, value in expected.items():
                    if key in shown:
                        self.same(f"board {scope} {which} ({name})", key, value, shown[key])


# ── running a story ───────────────────────────────────────────────────────────────────────────────────────────────────


def judge(story: Story, plan: Plan, *, patient: bool = True) -> Outcome:
    """Tell the story to an engine as planned and compare at each rest; at the first mismatch at once, if not ``patient``."""
    wire = Wire(story, plan)
    told = list(envelopes(wire.deliveries(), story.sites))
    outcome = Outcome(facts=len(told))
    rng = Random(plan.seed * 17 + 3)
    breaks = {rng.randrange(len(told)) for _ in range(plan.restores)}
    engine, place = Engine(), 0
    for rest in [*sorted(plan.rests)]:
        while place < len(told) and told[place].received <= rest:
            engine.apply(told[place])
            if place in breaks:
                engine = Engine.restore(engine.dump())
            place += 1
        happens = [envelope.event.at for envelope in told[place:] if envelope.event.at > rest]
        for now in _looks(rest, min([*happens, *_future(story, rest)]), rng):
            judge = Judge(engine, story, now)
            judge.everything()
            outcome.comparisons += judge.comparisons
            outcome.mismatches += judge.mismatches
            if outcome.mismatches and not patient:
                return outcome
    if breaks:
        outcome.comparisons += 1
        if engine.dump() != _in_one_go(told[:place]).dump():
            outcome.mismatches.append(Mismatch(story.end, "dump", "restored", "the same bytes", "others"))
    return outcome


def _in_one_go(told: Sequence[Envelope]) -> Engine:
    engine = Engine()
    for envelope in told:
        engine.apply(envelope)
    return engine


def _looks(rest: float, following: float, rng: Random) -> Iterator[float]:
    """The moment itself, and sometimes a later one before anything else happens."""
    yield rest
    if following > rest + 1 and rng.random() < 0.5:
        yield int((rest + (following - rest) * rng.uniform(0.0, 0.9)) * 8) / 8


def _future(story: Story, rest: float) -> Iterator[float]:
    """The next moments at which something happens, told or not."""
    yield rest + 400
    for outage in story.outages:
        yield from (moment for moment in (outage.down, outage.up) if moment > rest)


def _tolerance(key: str) -> float:
    """Half a digit of rounding: rates have six, seconds three."""
    is_rate = (
        key.startswith("service_level") or key.endswith("_rate") or key in ("occupancy", "shares", "heads")
    )
    return 1.5e-6 if is_rate else 1.5e-3


def _equal(expected: object, got: object, tolerance: float) -> bool:
    if isinstance(expected, bool) or isinstance(got, bool):
        return expected is got
    if isinstance(expected, int) and isinstance(got, int):
        return expected == got
    if isinstance(expected, float | int) and isinstance(got, float | int):
        return abs(expected - got) <= tolerance
    if isinstance(expected, Mapping) and isinstance(got, Mapping):
        same = expected.keys() == got.keys()
        return same and all(_equal(expected[key], got[key], tolerance) for key in expected)
    return expected == got


def _whole(seconds: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in seconds.items() if value}


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}
