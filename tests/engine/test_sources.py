"""Whether we hear the floor, and which stretches of the day we did not."""

import pytest

from ccwall import events
from ccwall.engine.sources import STATE_OF
from ccwall.events import Policy, SourceId
from tests.engine.journal import ANNA, NOON, PBX, PROMO, Floor, Q, connected, member, queued, resync

T = NOON


def source(f: Floor, key: str, now: float = T + 500) -> object:
    return f.at(now, "sources", PBX, key)


def test_a_configured_source_is_connecting_and_misses_nothing_before_it_was_first_up() -> None:
    f = Floor(Policy(sources={PBX: "asterisk-ami"}))
    assert (source(f, "state"), source(f, "type"), source(f, "since")) == ("connecting", "asterisk-ami", T)
    f.say(events.SourceDown(at=T + 1, reason="refused", detail="no route"))
    assert (source(f, "state"), source(f, "detail")) == ("down", "no route")
    f.say(*connected(T + 30))
    assert (source(f, "state"), source(f, "since"), f.at(T + 31, "incomplete")) == ("live", T + 30, [])


def test_an_outage_is_incomplete_from_its_first_word_to_the_end_of_the_resync() -> None:
    f = Floor().say(*connected(T), queued(T))
    f.say(events.SourceDown(at=T + 10, reason="eof"), events.SourceDown(at=T + 12, reason="refused"))
    assert (source(f, "state"), source(f, "since")) == ("down", T + 10)
    assert f.at(T + 13, "incomplete") == [[PBX, T + 10, 0]]
    f.say(events.SourceUp(at=T + 20), events.SourceResyncStarted(at=T + 20))
    assert (source(f, "state"), f.at(T + 21, "incomplete")) == ("resync", [[PBX, T + 10, 0]])
    f.say(events.SourceResyncFinished(at=T + 22))
    assert (source(f, "state"), f.at(T + 23, "incomplete")) == ("live", [[PBX, T + 10, T + 22]])
    assert f.queue(T + 23, "incomplete") == [T + 10, T + 22]
    assert f.at(T + 23, "queues", Q, "interval", "incomplete") == [T + 10, T + 22]
    assert f.at(T + 23, "floor", "incomplete") == [T + 10, T + 22]


def test_an_outage_is_a_change_of_the_floor_even_without_queues() -> None:
    f = Floor().say(*connected(T))
    f.engine.changes(T + 1)
    f.say(events.SourceDown(at=T + 10, reason="eof"))
    assert (("floor", "incomplete"), [T + 10, 0]) in f.engine.changes(T + 11).set


def test_an_interval_after_the_outage_is_complete_again_and_the_day_is_not() -> None:
    f = Floor().say(*connected(T), queued(T), events.SourceDown(at=T + 10, reason="eof"), *resync(T + 20))
    assert f.at(T + 900, "queues", Q, "interval", "incomplete") is None
    assert f.queue(T + 900, "incomplete") == [T + 10, T + 20]


def test_a_queue_is_incomplete_only_by_its_own_source() -> None:
    f = Floor().say(*connected(T), queued(T)).say(queued(T, "c2", PROMO), source=SourceId("pbx2"))
    f.say(events.SourceDown(at=T + 10, reason="silent"))
    assert (f.queue(T + 11, "incomplete"), f.queue(T + 11, "incomplete", PROMO)) == ([T + 10, 0], None)


def test_while_a_source_is_down_its_numbers_are_those_of_the_moment_it_went() -> None:
    """A wall shows them as of then: a caller cannot pass the threshold, nor a wrap-up end, where nobody looks."""
    f = Floor().say(*connected(T), member(T), queued(T))
    f.say(events.AgentWorkingAfterCall(at=T + 8, agent=ANNA, until=T + 13))
    f.say(events.SourceDown(at=T + 10, reason="eof"))

    def told(now: float) -> tuple[object, object, object]:
        return f.queue(now, "service_level"), f.at(now, "floor", "load"), f.at(now, "agents", ANNA, "state")

    before = told(T + 10)
    assert before == (None, 3, "wrap")
    assert told(T + 15) == before
    assert told(T + 500) == before
    f.say(events.SourceUp(at=T + 600), events.SourceResyncStarted(at=T + 600), member(T + 600), queued(T))
    f.say(events.SourceResyncFinished(at=T + 601))
    assert f.queue(T + 602, "service_level") == 0
    assert f.at(T + 602, "agents", ANNA, "state") != "wrap"


def test_an_outage_of_no_length_is_none() -> None:
    f = Floor().say(*connected(T), events.SourceDown(at=T + 10, reason="closed"), *resync(T + 10))
    assert f.at(T + 11, "incomplete") == []


def test_gaps_that_touch_are_one_stretch_however_often_they_are_told() -> None:
    f = Floor().say(*connected(T))
    gap = events.SourceGap(at=T + 20, since=T + 10)
    f.say(gap, gap, events.SourceGap(at=T + 30, since=T + 15), events.SourceGap(at=T + 40, since=T + 40))
    f.say(events.SourceGap(at=T + 60, since=T + 50))
    assert f.at(T + 70, "incomplete") == [[PBX, T + 10, T + 30], [PBX, T + 50, T + 60]]
    assert source(f, "state") == "live"


def test_a_periodic_resync_does_not_restart_since_when_it_is_live() -> None:
    f = Floor().say(*connected(T), events.SourceResyncStarted(at=T + 60))
    assert source(f, "state") == "resync"
    f.say(events.SourceResyncFinished(at=T + 61, limits=("abandon_cause",)))
    assert (source(f, "state"), source(f, "since"), source(f, "limits")) == ("live", T, ["abandon_cause"])


def test_what_a_source_cannot_tell_is_said_until_its_next_resync() -> None:
    f = Floor().say(*connected(T), member(T))
    limit = events.SourceLimited(at=T + 1, limit="devices")
    f.say(limit, limit)
    assert (source(f, "limits"), f.agent(T + 2, "state")) == (["devices"], "ready")
    f.say(*resync(T + 60, member(T + 60)))
    assert (source(f, "limits"), f.agent(T + 61, "state")) == ([], "unknown")


@pytest.mark.parametrize("reason", sorted(STATE_OF))
def test_every_reason_takes_the_source_out_of_live(reason: str) -> None:
    down = events.SourceDown(at=T + 1, reason=reason)  # type: ignore[arg-type]  # the table's keys are the Literal's
    f = Floor().say(*connected(T), down)
    assert source(f, "state") in {"down", "silent", "refused", "failed"}
    assert source(f, "reason") == reason
    assert f.at(T + 2, "incomplete") == [[PBX, T + 1, 0]]


def test_yesterdays_stretches_are_gone_and_a_lasting_one_stays() -> None:
    f = Floor().say(*connected(T), events.SourceGap(at=T + 20, since=T + 10))
    f.say(events.SourceDown(at=T + 30, reason="eof"))
    tomorrow = T + 86_400
    assert f.at(tomorrow, "incomplete") == [[PBX, T + 30, 0]]
    f.say(events.SourceDown(at=tomorrow, reason="refused"))
    assert f.at(tomorrow, "incomplete") == [[PBX, T + 30, 0]]
