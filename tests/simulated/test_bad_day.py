"""Ten minutes at 20x of a floor on which everything goes wrong: what the wall says is what happened, or says what it missed.

Each seed has three restarts or kills of the PBX, two half-open links, a silent reload and a flood, at moments of chance. Gauges are
compared within five real seconds of every healing; contacts, counters and gaps at the end. `bad_day` has the rules.
"""

from collections.abc import Sequence

import pytest

from ccwall.events import (
    AnyEvent,
    ContactAbandoned,
    ContactAnswered,
    ContactFlowedOut,
    QueueUnseen,
    SourceDown,
    SourceGap,
    SourceResyncStarted,
)
from tests.simulated.bad_day import SPEED, START, Tamper, plan, plan_of_the_link, run
from tests.simulated.products import ASTERISK, FREESWITCH, Product

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.mark.parametrize("seed", range(1, 21))
def test_a_bad_day_is_told_right(seed: int) -> None:
    verdict = run(seed)
    assert verdict.mistakes == []
    assert verdict.equal > 900, "the day was too short to mean anything"
    assert verdict.touched > 10
    assert verdict.unseen > 10
    assert verdict.gaps >= 5


@pytest.mark.parametrize("seed", [2, 9])
def test_a_bad_day_of_a_freeswitch_is_told_right(seed: int) -> None:
    """Its tiers change without a word, and are compared only where they stand."""
    verdict = run(seed, product=FREESWITCH)
    assert verdict.mistakes == []
    assert verdict.equal > 900, "the day was too short to mean anything"
    assert verdict.touched > 10
    assert verdict.unseen > 10
    assert verdict.gaps >= 5


@pytest.mark.parametrize("product", [ASTERISK, FREESWITCH], ids=["asterisk", "freeswitch"])
def test_links_that_break_at_once_lose_what_they_lost_and_nothing_else(product: Product) -> None:
    verdict = run(1, product=product, faults=plan_of_the_link)
    assert verdict.mistakes == []
    assert verdict.equal > 900
    assert verdict.gaps >= 3


def test_a_seed_gives_the_same_day_again() -> None:
    assert run(7) == run(7)


PLANTED = 4
"""The seed of the days with a planted fault."""
FAR_FROM_ALL = 185.0


def test_a_made_up_gap_would_be_far_from_the_faults_of_its_day() -> None:
    assert all(abs(fault.at - FAR_FROM_ALL) > 25 for fault in plan(PLANTED))


# ── the checks can fail: planted faults, each of which must be seen ──


def without(*kinds: type[AnyEvent], every: int = 1) -> Tamper:
    """Loses every so-manieth fact of these kinds."""
    count = 0

    def tamper(events: Sequence[AnyEvent]) -> Sequence[AnyEvent]:
        nonlocal count
        kept: list[AnyEvent] = []
        for event in events:
            count += isinstance(event, kinds)
            if not isinstance(event, kinds) or count % every:
                kept.append(event)
        return kept

    return tamper


def with_false_gap() -> Tamper:
    """One, far from any fault of the day."""
    told = False

    def tamper(events: Sequence[AnyEvent]) -> Sequence[AnyEvent]:
        nonlocal told
        at = events[0].at if events else 0.0
        if told or at < START + FAR_FROM_ALL * SPEED:
            return events
        told = True
        return [*events, SourceGap(at=at, since=at - 60.0)]

    return tamper


def exaggerating(events: Sequence[AnyEvent]) -> Sequence[AnyEvent]:
    return [
        QueueUnseen(at=e.at, queue=e.queue, since=e.since, visits=e.visits * 4)
        if isinstance(e, QueueUnseen)
        else e
        for e in events
    ]


def abandoning(events: Sequence[AnyEvent]) -> Sequence[AnyEvent]:
    """Takes callers who left by a key for callers who gave up."""
    return [
        ContactAbandoned(at=e.at, contact=e.contact, queue=e.queue) if isinstance(e, ContactFlowedOut) else e
        for e in events
    ]


FAULTS: dict[str, tuple[Tamper, str, str]] = {
    "one answer in 500 is lost": (without(ContactAnswered, every=500), "", "outcome"),
    "outages are not told": (without(SourceDown), "", "a gap is not marked"),
    "nothing is dropped by a resync": (without(SourceResyncStarted), "", "gauges"),
    "a gap is made up": (with_false_gap(), "", "marked falsely"),
    "unseen visits are exaggerated": (exaggerating, "", "unseen"),
    "flow-outs are told as abandons": (abandoning, "", "outcome"),
    "silence is not noticed": (list, '\nsilent_after = "3600s"\nping_every = "3s"', "not noticed"),
    "a silent reload is not looked for": (list, '\nresync_every = "1h"', "gauges"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_seen(fault: str) -> None:
    tamper, own, seen_as = FAULTS[fault]
    assert any(seen_as in mistake for mistake in run(PLANTED, tamper, own).mistakes)
