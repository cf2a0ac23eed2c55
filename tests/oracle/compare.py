"""Engine and oracle side by side, at rest: every scope, every window, both bases, number by number."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from ccwall.engine import Engine
from ccwall.engine.scope import Basis, Scope, Window
from ccwall.events import ContactId, Envelope, Policy
from tests.engine.journal import fold
from tests.oracle.calendar import day_of, windows
from tests.oracle.noise import Plan, Wire, envelopes
from tests.oracle.oracle import Numbers, Oracle, card_of
from tests.oracle.shift import Shift, occupancy
from tests.oracle.truth import Story

BASES: tuple[Basis, ...] = ("event", "cohort")
SUMMED = (
    "offered", "repeats", "answered", "abandoned", "short", "flowed_out", "callbacks", "errors", "lost", "refused", "unseen",
    "handled", "held", "transferred", "missed", "declined", "cancelled", "planned", "dialled", "connected", "failed",
    "completed", "in_progress", "ratings", "satisfied",
)  # fmt: skip
OUTCOMES = {"callback": "flowed_out", "error": "flowed_out"}
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
    """Compares at one moment; of the windows all, or some by ``chance``."""

    def __init__(self, engine: Engine, story: Story, now: float, chance: Random | None = None) -> None:
        self.chance = chance
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
        if expected != got and not _equal(expected, got, _tolerance(key)):
            self.mismatches.append(Mismatch(self.now, where, key, expected, got))

    def everything(self) -> None:
        for text, window in self.windows():
            self.same(text, "window", window, self.engine.window(text, self.now))
            for basis in BASES:
                if window.kind != "rolling" or basis == "event":
                    self.window(text, window, basis)
        self.contacts()
        if not self.silent:
            self.people()
            self.board()

    def windows(self) -> list[tuple[str, Window]]:
        found = windows(self.policy, self.now)
        if self.chance is None:
            return found
        self.chance.seed(int(self.now))
        return [*found[:2], self.chance.choice(found[2:])]

    def window(self, text: str, window: Window, basis: Basis) -> None:
        told: dict[Scope, Mapping[str, object]] = {}
        for scope in scopes(self.story, self.policy):
            got = self.engine.measure(scope, window, self.now, basis)
            told[scope] = got
            expected = self.oracle.measure(scope, window, basis)
            self.numbers(f"{scope} {text} {basis}", expected, got, scope, window, basis)
            self.laws(f"{scope} {text} {basis}", got, basis)
        kinds = ["queue", "site"]
        if not (self.silent and window.kind == "rolling"):
            kinds.append("team")
        self.sums(f"{text} {basis}", told, kinds)

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

    def sums(self, where: str, told: Mapping[Scope, Mapping[str, object]], kinds: Sequence[str]) -> None:
        """Queues, sites and teams add up to the floor."""
        whole = told[Scope("floor")]
        for kind in kinds:
            parts = [got for scope, got in told.items() if scope.kind == kind]
            for key in SUMMED:
                if key in whole:
                    total = sum(_number(part.get(key)) for part in parts)
                    self.same(where, f"Σ {kind} {key}", _number(whole[key]), total)

    # ── people and the board ──────────────────────────────────────────────────────────────────────────────────────

    def people(self) -> None:
        shift = Shift(self.oracle)
        away = {o.source for o in self.story.outages if o.up > o.down and o.down <= self.now}
        touched = [
            person.id
            for person in self.story.people
            if any(self.story.queues[span.what] in away for span in person.memberships)
        ]
        lengths = {policy.interval for since, policy in self.story.policies if since <= self.now}
        for text, window in self.windows():
            if window.kind == "rolling" or (window.kind == "interval" and len(lengths) > 1):
                continue  # people's time by intervals of another length is not kept
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
        self.same(where, "shares", _whole(shares), _whole(_mapping(got.get("shares"))))
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

    def contacts(self) -> None:
        """Visit by visit: how it stands, since when, and how long it took."""
        day, _ = day_of(self.policy, self.now)
        told = {contact.id: contact for contact in self.engine.contacts()}
        for visit in self.oracle.visits:
            fate, known = self.oracle.fate(visit), self.oracle.known(visit)
            over = visit.talk_end if fate == "answered" else visit.left
            contact = told.get(ContactId(visit.id))
            if contact is None:
                self.same(f"contact:{visit.id}", "told", False, fate == "open" or over >= day)
                continue
            where = f"contact:{visit.id} of {visit.queue}"
            self.same(where, "outcome", OUTCOMES.get(fate, fate), contact.outcome)
            self.same(where, "queued", visit.queued, contact.queued)
            wait = self.oracle.wait(visit) if fate != "lost" else None
            self.same(where, "wait", wait, contact.wait)
            if fate == "answered":
                self.same(where, "agent", visit.agent, contact.agent)
                self.same(where, "answered", visit.left, contact.answered)
            ended = None if fate == "open" or over > known else over
            if visit.learned > self.now and fate == "answered":
                ended = None
            self.same(where, "ended", ended, contact.ended)

    def same_boards(self, screen: dict[str, object], board: dict[str, object]) -> None:
        """What a screen made of all changes is what a new one would show."""
        self.comparisons += 1
        for path, expected, got in _differences(board, screen, ()):
            self.mismatches.append(
                Mismatch(self.now, "screen " + "/".join(path[:-1]), path[-1], expected, got)
            )

    def board_numbers(self, board: Mapping[str, object], window: Window) -> None:
        """What the wall shows is what `measure` says."""
        parts = [("floor", Scope("floor"), _mapping(board.get("floor")))]
        for kind, name in (("queue", "queues"), ("team", "teams"), ("line", "lines"), ("site", "sites")):
            for id, card in _mapping(board.get(name)).items():
                parts.append((name, Scope(kind, id), _mapping(card)))  # type: ignore[arg-type]  # one of the kinds
        stretches = self.windows()
        present, rolling = stretches[1][1], [(text, w) for text, w in stretches if w.kind == "rolling"]
        for name, scope, card in parts:
            for which, stretch, shown in (
                ("today", window, card),
                ("interval", present, _mapping(card.get("interval"))),
                *(
                    (text, w, _mapping(_mapping(card.get("rolling")).get(str(w.minutes))))
                    for text, w in rolling
                ),
            ):
                expected = self.oracle.measure(scope, stretch, "event")
                for key, value in expected.items():
                    if key in shown:
                        self.same(f"board {scope} {which} ({name})", key, value, shown[key])


# ── running a story ───────────────────────────────────────────────────────────────────────────────────────────────────


LOOKS = 6
"""What costs much is worked out for a few scopes at each look."""


class Trial:
    """A story being told to an engine, and a screen that follows it."""

    def __init__(self, story: Story, plan: Plan, *, thorough: bool) -> None:
        self.story = story
        self.chance = None if thorough else Random()
        self.told = list(envelopes(Wire(story, plan).deliveries(), story.sites))
        self.rests = sorted(plan.rests)
        self.rng = Random(plan.seed * 17 + 3)
        self.breaks = {self.rng.randrange(len(self.told)) for _ in range(plan.restores)}
        self.engine = Engine()
        self.screen: dict[str, object] = {}
        self.place = 0
        self.outcome = Outcome(facts=len(self.told))

    def hear(self, until: float) -> None:
        """All facts up to a moment; now and then somebody looks, and now and then all starts from a snapshot."""
        while self.place < len(self.told) and self.told[self.place].received <= until:
            self.engine.apply(self.told[self.place])
            if self.place in self.breaks:
                self.engine, self.screen = Engine.restore(self.engine.dump()), {}
            if self.rng.random() < 0.02:
                fold(self.screen, self.engine.changes(self.told[self.place].received))
            self.place += 1

    def look(self, now: float) -> None:
        judge = Judge(self.engine, self.story, now, self.chance)
        judge.everything()
        for _ in range(LOOKS):
            fold(self.screen, self.engine.changes(now))
        judge.same_boards(self.screen, self.engine.board(now))
        self.outcome.comparisons += judge.comparisons
        self.outcome.mismatches += judge.mismatches

    def looks(self, rest: float) -> Iterator[float]:
        """The rest itself, and sometimes a later moment before anything else happens."""
        yield rest
        coming = [envelope.event.at for envelope in self.told[self.place :] if envelope.event.at > rest]
        coming += [moment for o in self.story.outages for moment in (o.down, o.up) if moment > rest]
        following = min([*coming, rest + 400])
        if following > rest + 1 and self.rng.random() < 0.5:
            yield int((rest + (following - rest) * self.rng.uniform(0.0, 0.9)) * 8) / 8

    def restored_is_the_same(self) -> None:
        self.outcome.comparisons += 1
        if self.engine.dump() != _in_one_go(self.told[: self.place]).dump():
            same, others = "the same bytes as in one go", "others"
            self.outcome.mismatches.append(Mismatch(self.story.end, "dump", "restored", same, others))


def judge(story: Story, plan: Plan, *, patient: bool = True, thorough: bool = True) -> Outcome:
    """Tell the story to an engine as planned and compare at each rest; stop at the first mismatch if not ``patient``.

    Not ``thorough``: of the windows some, which differ from rest to rest.
    """
    trial = Trial(story, plan, thorough=thorough)
    for rest in trial.rests:
        trial.hear(rest)
        for now in trial.looks(rest):
            trial.look(now)
            if trial.outcome.mismatches and not patient:
                return trial.outcome
    if trial.breaks:
        trial.restored_is_the_same()
    return trial.outcome


def _in_one_go(told: Sequence[Envelope]) -> Engine:
    engine = Engine()
    for envelope in told:
        engine.apply(envelope)
    return engine


def _differences(
    expected: object, got: object, path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], object, object]]:
    if isinstance(expected, Mapping) and isinstance(got, Mapping):
        for key in sorted(expected.keys() | got.keys()):
            yield from _differences(expected.get(key), got.get(key), (*path, key))
    elif expected != got:
        yield path, expected, got


def _tolerance(key: str) -> float:
    """Half a digit of rounding: rates have six, seconds three."""
    is_rate = (
        key.startswith("service_level")
        or key.endswith("_rate")
        or key in ("occupancy", "satisfaction", "shares", "heads")
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
