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
from tests.simulated.bad_day import Tamper, run

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.mark.parametrize("seed", range(1, 21))
def test_a_bad_day_is_told_right(seed: int) -> None:
    verdict = run(seed)
    assert verdict.mistakes == []
    assert verdict.equal > 900, "the day was too short to mean anything"
    assert verdict.touched > 10
    assert verdict.unseen > 10
    assert verdict.gaps >= 5


def test_a_seed_gives_the_same_day_again() -> None:
    assert run(7) == run(7)


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
    count = 0

    def tamper(events: Sequence[AnyEvent]) -> Sequence[AnyEvent]:
        nonlocal count
        count += 1
        at = events[0].at if events else 0.0
        return [*events, SourceGap(at=at, since=at - 60.0)] if events and count == 1000 else events

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
    assert any(seen_as in mistake for mistake in run(4, tamper, own).mistakes)
