"""The smallest part of a story that still goes wrong."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

import msgspec

from ccwall import events
from ccwall.events import AnyEvent
from tests.oracle.compare import Mismatch, judge
from tests.oracle.noise import Delivery, Plan, Wire
from tests.oracle.seeds import trial
from tests.oracle.truth import Story

Of = TypeVar("Of", Plan, Story)
Fails = Callable[[Story, Plan], bool]


def fails_likewise(first: Mismatch) -> Fails:
    """Whether some number of this kind is still wrong."""
    kind = (first.where.split(" ")[0].split(":")[0], first.key)

    def fails(story: Story, plan: Plan) -> bool:
        found = judge(story, plan).mismatches
        return any((m.where.split(" ")[0].split(":")[0], m.key) == kind for m in found)

    return fails


def shrunk(story: Story, plan: Plan, fails: Fails) -> tuple[Story, Plan]:
    """Without every visit, attempt, refusal, break and trouble that is not needed for it."""
    for simple in ({"restores": 0}, {"twice": 0}, {"very_late": 0}, {"delay": 0}):
        simpler = _with(plan, simple)
        if fails(story, simpler):
            plan = simpler
    for rest in plan.rests:
        simpler = replace(plan, rests=[rest])
        if fails(story, simpler):
            plan = simpler
            break
    for field in ("visits", "attempts", "refusals", "unseen", "people"):
        story = _thinned(story, plan, fails, field)
    if len(story.policies) > 1 and fails(replace(story, policies=story.policies[:1]), plan):
        story = replace(story, policies=story.policies[:1])
    bare = replace(story, people=[replace(p, pauses=(), busy=(), faults=()) for p in story.people])
    return (bare if fails(bare, plan) else story), plan


def _thinned(story: Story, plan: Plan, fails: Fails, field: str) -> Story:
    """Halves first, then one by one."""
    size = max(len(getattr(story, field)) // 2, 1)
    while size:
        place = 0
        while place < len(items := getattr(story, field)):
            fewer = _with(story, {field: [*items[:place], *items[place + size :]]})
            if fails(fewer, plan):
                story = fewer
            else:
                place += size
        size //= 2
    return story


def _with(of: Of, values: Mapping[str, Any]) -> Of:
    """The same with other fields, named by strings."""
    return replace(of, **values)


def finding(seed: int, mismatch: Mismatch | None = None) -> str:
    """A failing seed as a short story: facts, and what is wrong at the end of them."""
    story, plan = trial(seed)
    first = mismatch or judge(story, plan, patient=False).mismatches[0]
    fails = fails_likewise(first)
    story, plan = shrunk(story, plan, fails)
    wrong = [str(m) for m in judge(story, plan).mismatches]
    kind = first.where.split(" ")[0].split(":")[0]
    wrong = [line for line in wrong if line.startswith(kind) and f" {first.key}:" in line] or wrong
    facts = [
        f"  {delivery.received - story.start:10.3f} {delivery.source}: {_short(delivery.event)}"
        for delivery in Wire(story, plan).deliveries()
        if delivery.received <= max(plan.rests) and not _goes_without_saying(delivery, story)
    ]
    return "\n".join(
        [f"seed {seed}, begins at {story.start}", *facts, *(f"  WRONG {line}" for line in wrong[:4])]
    )


def _goes_without_saying(delivery: Delivery, story: Story) -> bool:
    """How every story begins."""
    opening = (
        events.SourceUp | events.SourceResyncStarted | events.SourceResyncFinished | events.QueueDescribed
    )
    return delivery.received == story.start and isinstance(delivery.event, opening)


def _short(event: AnyEvent) -> str:
    return msgspec.json.encode(event).decode()
