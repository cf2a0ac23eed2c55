"""Whether the break desk's predictions come true: over seeded days, before and after, as docs/calibration.md shows them.

At moments of chance the engine is asked what a break of some people would do, now. Then the day is lived twice by the
simulator from the same seed: as it is, and with these people gone. Both are held against what was predicted of them.
"""

import random
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean, median

from benchmarks.simulated_day import Ask, Day, Life, Told, day, level, longest
from benchmarks.timing import table
from ccwall.engine.advice import Effect, Reach
from ccwall.engine.band import Band
from ccwall.events import AgentId
from ccwall_simulators.callcentre.contract import Visit

MINUTES = (15, 30)
PROMISED, AROUND = 0.8, 0.05
"""So many inside the band, this near, of all questions together."""
LENGTHS = (300.0, 600.0, 900.0, 1800.0)
SEEN = 1000
"""Days from this seed on were looked at while the model was made; those from 0 on were not. Half of all days are of each."""
ROUNDING = 5e-4
"""A band has three digits."""


@dataclass(frozen=True)
class Case:
    """One queue, one span, one side of one question, and what happened then."""

    seed: int
    kind: str
    hour: int
    queue: str
    side: str
    minutes: int
    heads: float
    shared: bool
    asked: int
    band: Band
    hits: int
    calls: int
    reach: Reach
    longest: float

    @property
    def truth(self) -> float:
        return self.hits / self.calls

    @property
    def miss(self) -> int:
        """-1: it came out below the band, 1: above it, 0: inside."""
        low, _, high = self.band
        return (self.truth > high + ROUNDING) - (self.truth < low - ROUNDING)

    @property
    def wait_miss(self) -> int:
        return (self.longest > self.reach.high) - (self.longest < self.reach.low)


@dataclass(frozen=True)
class Look:
    """A question and what came of it: visits with and without, by queue and minutes, as (hits, calls, longest wait)."""

    asked: Ask
    effect: Effect
    hour: int
    then: dict[tuple[str, str, int], tuple[int, int, float]]


def looks(asked: Day, told: Callable[[Told, Ask], Effect] | None = None) -> Iterator[Look]:
    """All questions of a day. One life tells the engine, and is the truth without the break."""
    dice = random.Random(f"asked/{asked.seed}")
    life, engine = Life(asked), Told(asked)
    ends = asked.looks[-1] + MINUTES[-1] * 60
    questions = list[tuple[int, Ask, Effect]]()
    for hour, at in enumerate(asked.looks):
        for happened in life.live(at):
            engine.hear(happened)
        who = _who(dice, engine, at)
        if who:
            ask = at, who, dice.choice(LENGTHS)
            agents, plans = [AgentId(one) for one in who], engine.plans(at)
            effect = (
                engine.engine.break_effect(agents, ask[2], at, plans) if told is None else told(engine, ask)
            )
            questions.append((hour, ask, effect))
    for _ in life.live(ends):
        pass
    without = life.centre.visits()
    for hour, ask, effect in questions:
        other = Life(asked, [ask])
        for _ in other.live(ask[0] + MINUTES[-1] * 60):
            pass
        yield Look(ask, effect, hour, _then(asked, ask[0], without, other.centre.visits()))


def _then(
    asked: Day, at: float, *lives: Sequence[Visit]
) -> dict[tuple[str, str, int], tuple[int, int, float]]:
    found = {}
    for side, visits in zip(("before", "after"), lives, strict=True):
        for part in asked.scenario.queue:
            for minutes in MINUTES:
                end = at + minutes * 60
                told = level(visits, part.name, at, end, asked.threshold)
                wait = longest(visits, part.name, at, end)
                found[f"pbx1/{part.name}", side, minutes] = (*told, wait)
    return found


def _who(dice: random.Random, told: Told, at: float) -> tuple[str, ...]:
    """One to some of those at work, of one team, none of whom has a break granted within the hour."""
    soon = {plan.agent for plan in told.plans(at) if plan.start < at + 3600}
    board = told.engine.board(at)["agents"]
    assert isinstance(board, dict)
    free = [
        id
        for id, one in sorted(board.items())
        if one["state"] in ("ready", "talking", "wrap") and id not in soon
    ]
    most = max(1, len(board) // 8)
    many = dice.randint(1, most)
    teams = sorted({told.asked_team(id) for id in free})
    if not teams:
        return ()
    team = dice.choice(teams)
    mine = [id for id in free if told.asked_team(id) == team]
    return tuple(sorted(dice.sample(mine, min(many, len(mine)))))


def cases(asked: Day, seen: Look) -> Iterator[Case]:
    for one in seen.effect.queues:
        for side, said in (("before", one.before), ("after", one.after)):
            for minutes in MINUTES:
                hits, calls, wait = seen.then[one.queue, side, minutes]
                if said.level is None or said.longest is None or not calls:
                    continue
                yield Case(
                    seed=asked.seed,
                    kind=asked.kind,
                    hour=seen.hour,
                    queue=one.queue,
                    side=side,
                    minutes=minutes,
                    heads=said.heads,
                    shared=one.basis.others > 0.05,
                    asked=len(seen.asked[1]),
                    band=said.level[minutes],
                    hits=hits,
                    calls=calls,
                    reach=said.longest[minutes],
                    longest=wait,
                )


def played(days: int) -> Iterator[Case]:
    """The cases of so many days, half of them never looked at before."""
    for seed in seeds(days):
        asked = day(seed)
        for look in looks(asked):
            yield from cases(asked, look)


def seeds(days: int) -> list[int]:
    return [*range(days - days // 2), *range(SEEN, SEEN + days // 2)]


class Summary:
    """What a group of cases came to. Shares of 1, seconds."""

    def __init__(self, group: Sequence[Case]) -> None:
        self.n = len(group)
        self.inside = fmean(each.miss == 0 for each in group)
        self.below, self.above = (fmean(each.miss == way for each in group) for way in (-1, 1))
        self.bias = fmean(each.truth - each.band[1] for each in group)
        self.width = median(each.band[2] - each.band[0] for each in group)
        self.truth = fmean(each.truth for each in group)
        self.error = fmean((each.truth - each.band[1]) ** 2 for each in group) ** 0.5
        self.pinball = fmean(
            (pinball(each.truth, each.band[0], 0.1) + pinball(each.truth, each.band[2], 0.9)) / 2
            for each in group
        )
        self.wait_inside = fmean(each.wait_miss == 0 for each in group)
        self.shorter, self.longer = (fmean(each.wait_miss == way for each in group) for way in (-1, 1))
        self.wait_bias = fmean(each.longest - each.reach.expected for each in group)
        self.wait_width = median(each.reach.high - each.reach.low for each in group)

    def level_row(self) -> tuple[str, ...]:
        return (
            str(self.n),
            f"{self.truth:.3f}",
            f"{self.inside:.1%}",
            f"{self.below:.1%}",
            f"{self.above:.1%}",
            f"{self.bias:+.3f}",
            f"{self.width:.2f}",
            f"{self.error:.3f}",
            f"{self.pinball:.4f}",
        )

    def wait_row(self) -> tuple[str, ...]:
        return (
            str(self.n),
            f"{self.wait_inside:.1%}",
            f"{self.shorter:.1%}",
            f"{self.longer:.1%}",
            f"{self.wait_bias:+.1f}",
            f"{self.wait_width:.0f}",
        )


LEVEL_HEAD = ("cases", "mean SL", "inside", "below", "above", "bias", "width", "error", "pinball")
WAIT_HEAD = ("cases", "inside", "shorter", "longer", "bias s", "width s")


def pinball(truth: float, quantile: float, part: float) -> float:
    """The loss that is least where `part` of the truth lies below the quantile."""
    return (truth - quantile) * part if truth >= quantile else (quantile - truth) * (1 - part)


Key = Callable[[Case], Hashable]


def heads(case: Case) -> str:
    for most in (5, 10, 20, 40):
        if case.heads <= most:
            return f"up to {most:>2} people"
    return "over 40 people"


def predicted(case: Case) -> str:
    for most, name in ((0.5, "under 50 %"), (0.8, "50 to 80 %"), (0.95, "80 to 95 %")):
        if case.band[1] < most:
            return f"predicted {name}"
    return "predicted over 95 %"


CUTS: tuple[Key, ...] = (
    lambda case: f"{case.side}, {case.minutes} min",
    lambda case: "days never looked at" if case.seed < SEEN else "days the model was made with",
    heads,
    lambda case: "shared people" if case.shared else "people of one queue",
    predicted,
    lambda case: f"calls: {case.kind}",
    lambda case: "first look of the day" if case.hour == 0 else "later",
)


def groups(found: Sequence[Case]) -> Iterator[tuple[str, Summary]]:
    yield "all", Summary(found)
    for cut in CUTS:
        for name in sorted({str(cut(case)) for case in found}):
            yield name, Summary([case for case in found if cut(case) == name])


def differences(found: Iterable[Case]) -> list[tuple[int, int, float, float]]:
    """Of each question and span: people asked for, minutes, and by how much the service level fell: predicted, and in truth."""
    pairs: dict[Hashable, dict[str, Case]] = {}
    for case in found:
        pairs.setdefault((case.seed, case.hour, case.queue, case.minutes), {})[case.side] = case
    return [
        (
            two["after"].asked,
            two["after"].minutes,
            two["after"].band[1] - two["before"].band[1],
            two["after"].truth - two["before"].truth,
        )
        for two in pairs.values()
        if len(two) == 2
    ]


def report(found: Sequence[Case]) -> bool:
    named = list(groups(found))
    table(("service level", *LEVEL_HEAD), [(name, *each.level_row()) for name, each in named])
    table(("longest wait", *WAIT_HEAD), [(name, *each.wait_row()) for name, each in named])
    rows = []
    for least, most in ((1, 1), (2, 3), (4, 99)):
        for minutes in MINUTES:
            some = [
                (said, true)
                for asked, span, said, true in differences(found)
                if least <= asked <= most and span == minutes
            ]
            if some:
                said, true = (fmean(each[k] for each in some) for k in (0, 1))
                rows.append(
                    (
                        f"{least} to {most} people",
                        f"{minutes} min",
                        str(len(some)),
                        f"{said:+.3f}",
                        f"{true:+.3f}",
                    )
                )
    table(("after less before", "span", "cases", "predicted", "in truth"), rows)
    whole = named[0][1]
    return abs(whole.inside - PROMISED) <= AROUND and abs(whole.wait_inside - PROMISED) <= AROUND


def run(rounds: int) -> bool:
    """`rounds` are days."""
    kept = report(list(played(rounds)))
    print(
        f"  Promised: {PROMISED:.0%} ± {AROUND:.0%} inside, of service level and of longest wait, in all.\n"
    )
    return kept
