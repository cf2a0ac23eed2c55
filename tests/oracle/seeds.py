"""From a seed to a whole trial: the story, how it is told, and when it is compared."""

from random import Random

from tests.oracle.compare import Outcome, judge
from tests.oracle.floor import STEP, Maker
from tests.oracle.noise import Plan, find_outages, heard
from tests.oracle.oracle import card_of
from tests.oracle.truth import Story

KINDS = ("plain", "noisy", "late", "resyncs", "holes", "everything")


def trial(seed: int) -> tuple[Story, Plan]:
    """The story as it may be known, and the plan to tell it by. The kind of trouble goes round with the seed."""
    kind = KINDS[seed % len(KINDS)]
    rng = Random(seed * 13 + 1)
    holes = kind in ("holes", "everything")
    maker = Maker(seed, visits=rng.choice([12, 24, 36]), mixed=not holes and kind != "resyncs")
    story = maker.make()
    plan = Plan(
        seed,
        delay=5.0 if kind in ("noisy", "late", "everything") else 0.0,
        very_late=0.5 if kind in ("late", "everything") else 0.0,
        twice=0.15 if kind in ("noisy", "late", "everything") else 0.0,
        resyncs=2 if kind in ("resyncs", "everything") else 0,
        outages=rng.randint(1, 2) if holes else 0,
        restores=rng.choice([0, 1, 2]),
    )
    story.outages = find_outages(story, plan, maker.borders, rng)
    story = heard(story, rng)
    plan.rests = rests(maker, story, rng)
    return story, plan


def rests(maker: Maker, story: Story, rng: Random) -> list[float]:
    """Some border or other moment, the end, the moment somebody has waited for exactly T, and sometimes the middle of an outage and
    the moment after it."""
    found = {round(maker.moment() / STEP) * STEP, story.end}
    visit = rng.choice(story.visits)
    limit = card_of(story.policies[0][1], visit.queue).threshold
    if visit.timed and visit.left > visit.queued + limit and visit.queued + limit < story.end:
        found.add(visit.queued + limit)
    lasting = [outage for outage in story.outages if outage.up > outage.down]
    if lasting:
        outage = rng.choice(lasting)
        found |= {round((outage.down + outage.up) / 2 / STEP) * STEP, outage.up + 1}
    return sorted(found)


def run(seed: int, *, patient: bool = True, thorough: bool = True) -> Outcome:
    story, plan = trial(seed)
    return judge(story, plan, patient=patient, thorough=thorough)
