"""The life of an alert: what every input does in every state, and that it does not matter who looks how often."""

from itertools import cycle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccwall.alerts.rule import Rule
from ccwall.alerts.ruleset import Ruleset
from ccwall.events import AlertCalmed, AlertEasing, AlertFired, AlertPending, AlertResolved, AlertWorsened
from tests.alerts.life import HOLD, ID, QUEUE, SLOW_HOLD, Life

INPUTS = (
    "begins", "ends", "worsens", "lasts", "long_after", "source_down", "source_up",
    "acknowledge", "snooze", "unsnooze", "escalate", "rule_off",
)  # fmt: skip
REACHED: dict[str, tuple[str, ...]] = {
    "inactive": (),
    "pending": ("begins",),
    "firing": ("begins", "lasts"),
    "easing": ("begins", "lasts", "ends"),
    "acknowledged": ("begins", "lasts", "acknowledge"),
    "snoozed": ("begins", "lasts", "snooze"),
    "no_data, pending": ("begins", "source_down"),
    "no_data, firing": ("begins", "lasts", "source_down"),
    "resolved": ("begins", "lasts", "ends", "lasts"),
}
TABLE: dict[str, tuple[str, ...]] = {
    #                begins          ends            worsens     lasts           long_after      source_down source_up
    #                acknowledge     snooze          unsnooze        escalate    rule_off
    "inactive": ("pending", "inactive", "pending", "inactive", "inactive", "inactive", "inactive",
                 "inactive", "inactive", "inactive", "inactive", "inactive"),
    "pending": ("pending", "inactive", "pending", "firing", "firing", "no_data", "pending",
                "pending", "pending", "pending", "pending", "inactive"),
    "firing": ("firing", "firing", "firing", "firing", "firing", "no_data", "firing",
               "acknowledged", "snoozed", "firing", "firing", "inactive"),
    "easing": ("firing", "firing", "firing", "inactive", "inactive", "no_data", "firing",
               "acknowledged", "snoozed", "firing", "firing", "inactive"),
    "acknowledged": ("acknowledged", "acknowledged", "firing", "acknowledged", "acknowledged", "no_data", "acknowledged",
                     "acknowledged", "snoozed", "acknowledged", "firing", "inactive"),
    "snoozed": ("snoozed", "snoozed", "firing", "snoozed", "firing", "no_data", "snoozed",
                "snoozed", "snoozed", "firing", "firing", "inactive"),
    "no_data, pending": ("no_data", "no_data", "no_data", "no_data", "no_data", "no_data", "pending",
                         "no_data", "no_data", "no_data", "no_data", "inactive"),
    "no_data, firing": ("no_data", "no_data", "no_data", "no_data", "no_data", "no_data", "firing",
                        "no_data", "no_data", "no_data", "no_data", "inactive"),
    "resolved": ("pending", "inactive", "pending", "inactive", "inactive", "inactive", "inactive",
                 "inactive", "inactive", "inactive", "inactive", "inactive"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("state", "what", "expected"),
    [(state, what, after) for state, row in TABLE.items() for what, after in zip(INPUTS, row, strict=True)],
)
def test_every_input_in_every_state(state: str, what: str, expected: str) -> None:
    life = Life()
    life.settle()
    for each in REACHED[state]:
        life.happen(each)
    assert life.state == {"easing": "firing", "resolved": "inactive"}.get(state, state.partition(",")[0])
    life.happen(what)
    assert life.state == expected


def test_the_table_has_every_state() -> None:
    assert TABLE.keys() == REACHED.keys()


def test_one_fire_and_one_recovery_with_its_duration() -> None:
    life = Life()
    life.settle()
    for what in ("begins", "lasts", "ends", "lasts", "lasts"):
        life.happen(what)
    kinds = [type(fact) for fact in life.facts]
    assert kinds == [AlertPending, AlertFired, AlertEasing, AlertResolved]
    [over] = life.engine.alerts.past
    assert (over.since, over.fired, over.ended, over.why) == (1001.0, 1011.0, 1022.0, "cleared")


def test_what_is_between_the_thresholds_neither_fires_nor_is_over() -> None:
    loose = Rule(id="queue", metric="waiting", scope="queue", threshold=4, clear=1)
    life = Life([loose])
    for waiting, expected in (
        (3, "inactive"),
        (4, "firing"),
        (3, "firing"),
        (2, "firing"),
        (0, "inactive"),
        (2, "inactive"),
    ):
        life.until(life.now + 1)
        life.waiting(waiting)
        life.settle()
        assert life.state == expected, waiting


def test_a_band_is_left_on_either_side_and_entered_again_as_far_inside() -> None:
    band = Rule(id="queue", metric="waiting", scope="queue", test="outside", low=2, threshold=10, clear=8)
    life = Life([band])
    for waiting, expected in (
        (5, "inactive"),
        (1, "firing"),
        (2, "firing"),
        (3, "firing"),
        (4, "inactive"),
        (2, "inactive"),
        (11, "firing"),
        (9, "firing"),
        (8, "inactive"),
    ):
        life.until(life.now + 1)
        life.waiting(waiting)
        life.settle()
        assert life.state == expected, waiting


def test_timers_stand_still_while_the_source_is_away() -> None:
    life = Life()
    life.settle()
    life.happen("begins")
    life.until(life.now + 4)
    life.away(True)
    life.settle()
    life.until(life.now + 100)
    life.away(False)
    life.settle()
    assert life.state == "pending"
    life.until(life.now + 5.9)
    life.settle()
    assert life.state == "pending"
    life.until(life.now + 0.2)
    life.settle()
    assert life.state == "firing"


def test_while_the_source_is_away_every_rule_says_so() -> None:
    life = Life([QUEUE, HOLD])
    life.settle()
    life.away(True)
    life.settle()
    blind = {alert.id: alert.state for alert in life.engine.alerts.open.values()}
    assert blind == {"queue@source:pbx1": "no_data", "hold@source:pbx1": "no_data"}
    life.until(life.now + 10)
    life.away(False)
    life.settle()
    assert not life.engine.alerts.open


def test_what_gets_worse_ends_an_acknowledgement_once() -> None:
    life = Life()
    life.settle()
    for what in ("begins", "lasts", "acknowledge", "worsens", "acknowledge", "worsens", "begins", "worsens"):
        life.happen(what)
    assert sum(isinstance(fact, AlertWorsened) for fact in life.facts) == 1
    assert life.engine.alerts.open[ID].severity == "breach"
    assert life.state == "acknowledged"


def test_what_was_only_to_be_known_is_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ccwall.engine.desk.alerts.MOST_PAST", 3)
    worse = Rule(id="queue", metric="waiting", scope="queue", threshold=2, severity="breach")
    known = Rule(id="known", metric="waiting", scope="queue", threshold=1, severity="info")
    life = Life([worse, known])
    for waiting in (2, 0, 1, 0, 1, 0, 1, 0, 1, 0):
        life.until(life.now + 1)
        life.waiting(waiting)
        life.settle()
    past = life.engine.alerts.past
    assert [each.rule for each in past].count("queue") == 1
    assert len(past) == 3


def _snoozed_and_over() -> Life:
    life = Life()
    life.settle()
    for what in ("begins", "lasts", "snooze", "ends", "lasts"):
        life.happen(what)
    assert life.state == "inactive"
    return life


def test_what_comes_again_before_a_snooze_is_over_is_quiet() -> None:
    life = _snoozed_and_over()
    for what in ("begins", "lasts"):
        life.happen(what)
    assert life.state == "snoozed"
    snooze = life.engine.alerts.open[ID].snooze
    assert snooze is not None
    assert snooze.by is not None
    assert (snooze.by.id, snooze.note) == ("chen", "drill")
    life.until(snooze.until + 1)
    life.settle()
    assert life.state == "firing"
    assert life.engine.alerts.open[ID].untold
    assert not life.engine.alerts.snoozes


def test_worse_than_it_was_is_not_quiet() -> None:
    life = _snoozed_and_over()
    for what in ("worsens", "lasts"):
        life.happen(what)
    assert life.state == "firing"


def test_a_snooze_does_not_outlast_its_time() -> None:
    life = _snoozed_and_over()
    for what in ("long_after", "begins", "lasts"):
        life.happen(what)
    assert life.state == "firing"


def test_an_alert_that_explains_another_silences_it() -> None:
    quiet = Rule(id="queue", metric="waiting", scope="queue", threshold=2, inhibited_by=("hall",))
    hall = Rule(id="hall", metric="waiting", scope="queue", threshold=4)
    life = Life([quiet, hall])
    life.waiting(2)
    life.settle()
    assert not life.engine.alerts.open[ID].inhibited_by
    life.waiting(4)
    life.settle()
    alert = life.engine.alerts.open[ID]
    assert alert.inhibited_by == "hall@queue:q"
    assert alert.quiet
    life.waiting(3)
    life.settle()
    assert not life.engine.alerts.open[ID].quiet


def test_a_rule_is_watched_in_its_hours_alone() -> None:
    day = Rule(id="queue", metric="waiting", scope="queue", threshold=2, hours=((0, 2000),), days=("thu",))
    life = Life([day])  # 1970 began on a Thursday
    life.waiting(2)
    life.settle()
    assert life.state == "firing"
    life.until(2000.5)
    life.settle()
    assert life.state == "inactive"
    resolved = life.facts[-1]
    assert isinstance(resolved, AlertResolved)
    assert (resolved.at, resolved.why) == (2000.0, "rule")
    assert Ruleset([day]).asleep(1000.0 + 86_400) == {"queue"}


# ── who looks how often does not matter ──

STEPS = st.lists(
    st.tuples(
        st.floats(0.1, 40.0),
        st.sampled_from(("wait", "hold", "unhold", "down", "up", "nothing")),
        st.integers(0, 6),
    ),
    max_size=25,
)


def _lived(steps: list[tuple[float, str, int]], extra: list[float], restarts: list[bool]) -> Life:
    turns = cycle(restarts or [False])
    life = Life([QUEUE, HOLD, SLOW_HOLD], restarts=lambda: next(turns))
    life.settle()
    for after, what, count in steps:
        start = life.now
        life.until(start + after, [start + share * after for share in extra])
        match what:
            case "wait":
                life.waiting(count)
            case "hold":
                life.hold(life.now)
            case "unhold":
                life.hold(None)
            case "down":
                life.away(True)
            case "up":
                life.away(False)
        life.settle()
    life.until(life.now + 100, extra)
    life.settle()
    return life


@given(steps=STEPS, extra=st.lists(st.floats(0.01, 0.99), max_size=6))
@settings(max_examples=80, deadline=None)
def test_looking_more_often_finds_the_same(steps: list[tuple[float, str, int]], extra: list[float]) -> None:
    assert _lived(steps, extra, []).facts == _lived(steps, [], []).facts


@given(steps=STEPS, restarts=st.lists(st.booleans(), min_size=1, max_size=8))
@settings(max_examples=80, deadline=None)
def test_a_restart_at_any_moment_finds_the_same(
    steps: list[tuple[float, str, int]], restarts: list[bool]
) -> None:
    whole, torn = _lived(steps, [], []), _lived(steps, [], restarts)
    assert torn.facts == whole.facts
    assert torn.engine.alerts == whole.engine.alerts


@given(steps=st.lists(st.tuples(st.floats(0.1, 8.0), st.integers(0, 3)), max_size=80))
@settings(max_examples=60, deadline=None)
def test_what_flaps_fires_now_and_then_at_the_most(steps: list[tuple[float, int]]) -> None:
    life = Life([QUEUE])
    life.settle()
    for after, count in steps:
        life.until(life.now + after)
        life.waiting(count)
        life.settle()
    fired = [fact for fact in life.facts if isinstance(fact, AlertFired)]
    over = [fact for fact in life.facts if isinstance(fact, AlertResolved)]
    passed = life.now - 1000.0
    assert len(fired) <= 1 + passed / (QUEUE.lasts + QUEUE.clear_for)
    assert 0 <= len(fired) - len(over) <= 1
    assert all(isinstance(fact, AlertCalmed) or fact.at <= life.now for fact in life.facts)
