"""Recordings of a genuine Asterisk through adapter and engine: our numbers are those of the PBX's own log, and from our
account of the visits Asterisk's own figures come out again, to the digit it prints."""

from collections import Counter, defaultdict

import pytest

from ccwall.engine import Contact
from ccwall.engine.scope import Scope
from tests.integration.captured import (
    CAPTURES,
    FROM_START,
    MOMENTS,
    QUEUES,
    Truth,
    account,
    asterisk_said,
    every_moment,
    ours,
    played,
    truth,
)

VISITS = {
    "a-midshift": 64,
    "b-steady": 58,
    "d-breaks": 69,
    "e-restart": 76,
    "f-reload": 56,
    "g-resetstats": 44,
    "h-timestamp-chanvars": 39,
    "j-local-optimised": 33,
}


def measured(scenario: str, queue: str) -> dict[str, object]:
    """Today's numbers of one queue at the end of a recording."""
    performance = played(scenario).performance
    engine, now = performance.engine, performance.now
    scope = Scope("queue", f"{performance.staged.source}/{queue}")
    return dict(engine.measure(scope, engine.window("today", now), now))


def pairs(scenario: str) -> list[tuple[Truth, Contact]]:
    """Every visit of the log beside ours: the same call's visits to the same queue, in their order."""
    found: dict[tuple[str, str], list[Contact]] = defaultdict(list)
    for contact in sorted(played(scenario).contacts, key=lambda c: c.queued):
        found[contact.queue_name, contact.call].append(contact)
    return [(visit, found[visit.queue, visit.call].pop(0)) for visit in truth(scenario)]


def test_every_capture_is_there() -> None:
    assert set(MOMENTS) == set(VISITS) == {folder.name for folder in CAPTURES.iterdir()}
    assert {scenario: len(truth(scenario)) for scenario in VISITS} == VISITS


@pytest.mark.parametrize("scenario", VISITS)
@pytest.mark.parametrize("queue", QUEUES)
def test_the_counts_of_today_are_those_of_the_log(scenario: str, queue: str) -> None:
    visits = [visit for visit in truth(scenario) if visit.queue == queue]
    outcomes = Counter(visit.outcome for visit in visits)
    causes = Counter(visit.cause for visit in visits if visit.outcome == "flowed_out")
    found = measured(scenario, queue)
    assert found["offered"] == len(visits)
    assert found["answered"] == outcomes["answered"]
    assert found["abandoned_total"] == outcomes["abandoned"]
    assert found["flowed_out_by"] == dict(causes)
    assert found["lost"] == outcomes["open"]  # those that the log never closed: kill -9


@pytest.mark.parametrize("scenario", VISITS)
def test_declared_waits_are_those_of_the_log_and_ours_are_within_a_second(scenario: str) -> None:
    declared = own = 0
    for visit, contact in pairs(scenario):
        if contact.declared_wait is not None:
            declared += 1
            assert contact.declared_wait == visit.waited, visit
        if contact.wait is not None and contact.outcome != "lost":
            own += 1
            assert visit.waited is not None
            assert abs(contact.wait - visit.waited) < 1.0, visit
    known = sum(1 for visit in truth(scenario) if visit.waited is not None)
    under_way = sum(1 for contact in played(scenario).contacts if not contact.wait_known)
    keys = sum(1 for visit in truth(scenario) if visit.cause == "key")
    assert own == known - under_way
    assert declared == known - under_way - keys
    assert under_way == (4 if scenario == "a-midshift" else 0)


@pytest.mark.parametrize("scenario", VISITS)
@pytest.mark.parametrize("queue", QUEUES)
def test_mean_waits_are_those_of_the_log_within_a_second(scenario: str, queue: str) -> None:
    unknown = {contact.id for contact in played(scenario).contacts if not contact.wait_known}
    waits = defaultdict(list)
    for visit, contact in pairs(scenario):
        if visit.queue == queue and contact.id not in unknown and visit.waited is not None:
            waits[visit.outcome].append(visit.waited)
    found = measured(scenario, queue)
    for outcome, longest in (("answered", "longest_answered"), ("abandoned", "longest_abandoned")):
        if not waits[outcome]:
            assert found[longest] is None
        else:
            value = found[longest]
            assert isinstance(value, float)
            assert abs(value - max(waits[outcome])) < 1.0
    asa = found["asa"]
    if waits["answered"]:
        assert isinstance(asa, float)
        assert abs(asa - sum(waits["answered"]) / len(waits["answered"])) < 1.0
    else:
        assert asa is None


WRONG: dict[tuple[str, str], tuple[tuple[int, int, float, float], str]] = {
    ("a-midshift", "consult"): (
        (22, 20, 45.5, 59.5),
        "two of the conversations that were under way when we came had been answered within T; their waits are not to be known",
    ),
    ("a-midshift", "promo"): (
        (12, 1, 100.0, 100.0),
        "a member was removed during a call: Asterisk never counted it as completed",
    ),
}
"""Where Asterisk and our account differ: ours, and why."""


@pytest.mark.parametrize(("scenario", "moment", "since"), every_moment())
@pytest.mark.parametrize("queue", QUEUES)
def test_asterisks_own_figures_come_out_of_our_account(
    scenario: str, moment: str, since: str, queue: str
) -> None:
    told = asterisk_said(scenario)[moment][1][queue]
    found = ours(scenario, moment, since, queue)
    counted = (found.completed, found.abandoned, *found.levels)
    said = (told.completed, told.abandoned, *told.levels)
    if (scenario, queue) in WRONG:
        assert counted == WRONG[scenario, queue][0] != said
    else:
        assert counted == said


def test_what_was_answered_before_we_came_is_exactly_what_is_missing() -> None:
    """a, consult: Asterisk's 54.5 % are 12 of 22, ours 10; the log has the waits that we could not see."""
    under_way = [v for v, c in pairs("a-midshift") if not c.wait_known and v.queue == "consult"]
    told = asterisk_said("a-midshift")["end of scenario"][1]["consult"]
    missing = told.account.within - ours("a-midshift", "end of scenario", FROM_START, "consult").within
    assert missing == sum(1 for v in under_way if v.wait is not None and v.wait <= told.threshold) == 2


def test_a_call_whose_member_was_removed_is_in_the_log_and_in_ours() -> None:
    """a, promo: the log has 12 conversations, Asterisk's counter 11."""
    lines = (CAPTURES / "a-midshift" / "visits.ndjson").read_text(encoding="utf-8").splitlines()
    answered = [line for line in lines if '"queue": "promo"' in line and '"outcome": "answered"' in line]
    assert len(answered) == ours("a-midshift", "end of scenario", FROM_START, "promo").completed == 12
    assert asterisk_said("a-midshift")["end of scenario"][1]["promo"].completed == 11


def test_a_reset_forgets_the_calls_that_are_under_way() -> None:
    """g: the log has one conversation more since the reset in consult and in callback, begun before it."""
    at, told = asterisk_said("g-resetstats")["end of scenario"]
    reset = asterisk_said("g-resetstats")["after queue reset stats"][0]
    recording = played("g-resetstats")
    forgotten = {
        queue: sum(
            1
            for c in recording.contacts
            if c.queue_name == queue and c.answered is not None and c.answered <= reset < (c.ended or 0.0)
        )
        for queue in QUEUES
    }
    assert forgotten == {"consult": 1, "callback": 1, "promo": 0, "complaint": 0, "overflow": 0}
    for queue in QUEUES:
        since = account(recording.contacts, queue, reset, at, told[queue].threshold)
        assert since.completed == told[queue].completed


def test_the_formulas_of_today_are_asterisks_where_it_counted_since_the_day_began() -> None:
    """b: nobody was there before us, and nobody talks any more. Our waits are no whole seconds, but none of them is so near
    T that it matters. The two other queues have another T in queues.conf."""
    told = asterisk_said("b-steady")["end of scenario"][1]
    same = {}
    for queue in QUEUES:
        levels = measured("b-steady", queue)["service_levels"]
        assert isinstance(levels, dict)
        ours = [round(100 * (levels[name] or 0.0), 1) for name in ("answered", "abandon_positive")]
        same[queue] = ours == list(told[queue].levels) and told[queue].threshold == 20.0
    assert same == {"consult": True, "callback": True, "promo": True, "complaint": False, "overflow": False}
