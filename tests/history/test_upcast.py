"""A journal of an older release is read; one of a newer release is not guessed at."""

import msgspec
import pytest

from ccwall.events import ContactAnswered
from ccwall.history.rows import Unreadable, check, envelope_of, row_of
from ccwall.history.upcast import UPCASTERS, Body, event_of
from tests.engine.journal import NOON, answered, fact, queued


def _seconds(body: Body) -> Body:
    """Version 1 had, as a made-up release might, the wait in milliseconds and under another name."""
    waited = body.pop("waited_ms")
    assert isinstance(waited, int)
    return {**body, "declared_wait": waited / 1000}


def _renamed(body: Body) -> Body:
    """Version 2 called it otherwise."""
    return {**body, "type": "contact.answered"}


OLD = {("contact.taken", 1): _seconds, ("contact.taken", 2): _renamed}
BODY = msgspec.json.encode(
    {"type": "contact.taken", "at": NOON, "contact": "c1", "queue": "q", "agent": "a", "waited_ms": 12500}
)


def test_a_fact_of_an_old_version_goes_through_every_version_between() -> None:
    event = event_of(BODY, 1, "contact.taken", upcasters=OLD, now=3)
    assert isinstance(event, ContactAnswered)
    assert (event.at, event.declared_wait) == (NOON, 12.5)


def test_a_type_that_did_not_change_needs_nothing() -> None:
    body = msgspec.json.encode(queued(NOON))
    assert event_of(body, 1, "contact.queued", upcasters=OLD, now=3) == queued(NOON)


@pytest.mark.parametrize("version", [0, 4, -1])
def test_a_fact_of_another_age_is_refused(version: int) -> None:
    with pytest.raises(ValueError, match="version"):
        event_of(BODY, version, "contact.taken", upcasters=OLD, now=3)


def test_the_version_of_today_needs_no_upcasters() -> None:
    assert UPCASTERS == {}
    assert envelope_of(row_of(fact(answered(NOON)))) == fact(answered(NOON))


@pytest.mark.parametrize("column", range(9))
def test_a_row_that_was_changed_is_known(column: int) -> None:
    row = list(row_of(fact(queued(NOON), 7)))
    value = row[column]
    row[column] = value + 1 if isinstance(value, int | float) else f"{value}x"
    with pytest.raises(Unreadable, match="changed"):
        envelope_of(tuple(row))  # type: ignore[arg-type]  # one of them has another type


def test_a_whole_row_that_nobody_understands_says_so() -> None:
    row = row_of(fact(queued(NOON), 7))
    head = (*row[:8], '{"type":"contact.teleported"}')
    with pytest.raises(Unreadable, match="teleported"):
        envelope_of((*head, check(head)))
