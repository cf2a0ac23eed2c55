"""What an agent is shown to do, and since when."""

import pytest

from ccwall import events
from ccwall.events import AgentCard, AgentId, AnyEvent, DeviceId, Policy, SeatId
from tests.engine.journal import (
    ANNA,
    NOON,
    OLEG,
    PROMO,
    Floor,
    Q,
    abandoned,
    alerting,
    answered,
    connected,
    member,
    not_answered,
    not_ready,
    phone,
    queued,
    ready,
    released,
    resync,
    wrap,
)

T = NOON
ON: list[AnyEvent] = [member(T, name="Анна"), phone(T)]


def floor(*facts: AnyEvent) -> Floor:
    return Floor().say(*ON, *facts)


@pytest.mark.parametrize(
    ("facts", "state", "since"),
    [
        ([], "ready", T),
        ([member(T + 9, member=False)], "off", T + 9),
        ([phone(T + 3, "in_use")], "busy", T + 3),
        ([phone(T + 3, "unavailable")], "fault", T + 3),
        ([phone(T + 3, "unknown")], "unknown", T + 3),
        ([queued(T), alerting(T + 3)], "ringing", T + 3),
        ([queued(T), alerting(T + 3), not_answered(T + 8)], "ready", T + 8),
        ([queued(T), alerting(T + 3), abandoned(T + 8)], "ready", T + 8),
        ([queued(T), alerting(T + 3), answered(T + 8, agent=OLEG)], "ready", T + 8),
        ([phone(T + 3, "ringing"), queued(T), alerting(T + 3), phone(T + 9)], "ready", T + 9),
        ([phone(T + 3, "ringing"), queued(T), alerting(T + 3), phone(T + 9, "in_use")], "ringing", T + 3),
        ([queued(T), alerting(T + 3), answered(T + 8)], "talking", T + 8),
        ([phone(T + 1, "unavailable"), queued(T), answered(T + 8)], "talking", T + 8),
        ([not_ready(T + 2, "lunch"), queued(T), answered(T + 8)], "talking", T + 8),
        ([not_ready(T + 2, "lunch"), queued(T), answered(T + 8), released(T + 9)], "meal", T + 2),
        ([not_ready(T + 2, "lunch"), wrap(T + 3, T + 900)], "wrap", T + 3),
        ([events.AgentBusy(at=T + 4, agent=ANNA)], "busy", T + 4),
        ([events.AgentBusy(at=T + 4, agent=ANNA), ready(T + 6)], "ready", T + 6),
        ([events.DeviceFault(at=T + 4, device=DeviceId("H1"), agent=ANNA, fault="dead")], "fault", T + 4),
        ([events.AgentLoggedOff(at=T + 4, agent=ANNA)], "off", T + 4),
    ],
    ids=lambda value: "-".join(type(e).__name__ for e in value) if isinstance(value, list) else None,
)
def test_evidence_gives_one_state_and_its_start(facts: list[AnyEvent], state: str, since: float) -> None:
    f = floor(*facts)
    assert (f.agent(T + 20, "state"), f.agent(T + 20, "since")) == (state, since)


def test_a_member_whose_phone_was_never_told_is_unknown() -> None:
    assert Floor().say(member(T)).agent(T + 1, "state") == "unknown"


def test_a_source_that_cannot_tell_phones_is_believed_without_them() -> None:
    f = Floor().say(*resync(T, member(T), limits=("devices",)), ready(T + 1))
    assert f.agent(T + 1, "state") == "ready"


@pytest.mark.parametrize(
    ("reason", "kind", "limit"),
    [
        ("lunch", "meal", 1800.0), ("用餐", "meal", 1800.0), ("обед", "meal", 1800.0), ("下午小休", "break", 600.0),
        ("Tea", "break", 600.0), ("training, group B", "training", 3600.0), ("会议", "training", 1800.0),
        ("Auto-Pause", "away", 600.0), ("", "away", 600.0), ("A7", "breather", 300.0), ("steak", "away", 600.0),
        ("B9", "away", 600.0),
    ],
)  # fmt: skip
def test_the_floors_words_for_not_ready_come_first_then_everybodys(
    reason: str, kind: str, limit: float
) -> None:
    """And it may last as long as a break of that kind: "会议" is a meeting, which shows as training."""
    f = Floor(Policy(not_ready_kinds={"a7": "breather", "b9": "no such kind"})).say(
        *ON, not_ready(T + 1, reason)
    )
    assert (f.agent(T + 2, "state"), f.agent(T + 2, "kind")) == (kind, kind)
    assert (f.agent(T + 2, "reason") or "") == reason
    assert f.agent(T + 2, "limit") == limit


def test_saying_not_ready_again_changes_the_reason_and_not_the_start() -> None:
    f = floor(not_ready(T + 10, "break"), not_ready(T + 100, "lunch"))
    assert (f.agent(T + 200, "reason"), f.agent(T + 200, "since")) == ("lunch", T + 10)
    f.say(ready(T + 300), not_ready(T + 400))
    assert f.agent(T + 500, "since") == T + 400


def test_not_ready_told_queue_by_queue_began_with_the_first() -> None:
    f = floor(member(T, PROMO), not_ready(T + 10, queue=Q), not_ready(T + 10.2, queue=PROMO))
    assert (f.agent(T + 20, "state"), f.agent(T + 20, "since")) == ("away", T + 10)


def test_repeating_one_queue_does_not_make_the_decision_later() -> None:
    f = floor(member(T, PROMO), not_ready(T + 10, queue=Q), not_ready(T + 14, queue=Q))
    f.say(not_ready(T + 14.5, queue=PROMO))
    assert f.agent(T + 20, "since") == T + 10


def test_a_queue_that_one_interface_still_serves_is_not_barred() -> None:
    f = floor(member(T, interface="Local/1"), not_ready(T + 10, interface="PJSIP/1"))
    assert (f.agent(T + 20, "not_ready_in"), f.queue(T + 20, "ready")) == ([], 1)


def test_not_ready_by_one_interface_leaves_the_other_queue_ready() -> None:
    f = floor(member(T, PROMO, interface="Local/1"), not_ready(T + 10, "lunch", interface="PJSIP/1"))
    assert (f.agent(T + 20, "state"), f.agent(T + 20, "not_ready_in")) == ("ready", [Q])
    assert f.agent(T + 20, "reason") is None
    assert (f.queue(T + 20, "not_ready", Q), f.queue(T + 20, "ready", Q)) == (1, 0)
    assert (f.queue(T + 20, "not_ready", PROMO), f.queue(T + 20, "ready", PROMO)) == (0, 1)
    assert (f.at(T + 20, "floor", "ready"), f.at(T + 20, "floor", "staffed")) == (1, 1)
    f.say(not_ready(T + 30, "lunch", interface="Local/1"))
    assert (f.agent(T + 40, "state"), f.agent(T + 40, "since")) == ("meal", T + 30)


def test_leaving_the_only_ready_queue_begins_the_period() -> None:
    f = floor(member(T, PROMO), not_ready(T + 10, queue=Q), member(T + 500, PROMO, member=False))
    assert (f.agent(T + 501, "state"), f.agent(T + 501, "since")) == ("away", T + 500)


def test_wrap_up_ends_by_itself_without_a_fact() -> None:
    f = floor(queued(T), answered(T + 5), released(T + 50), wrap(T + 50, T + 60))
    assert (f.agent(T + 59.9, "state"), f.agent(T + 59.9, "until")) == ("wrap", T + 60)
    assert (f.agent(T + 60, "state"), f.agent(T + 60, "since"), f.agent(T + 60, "until")) == (
        "ready",
        T + 60,
        None,
    )
    assert (f.at(T + 60, "floor", "wrap"), f.at(T + 60, "floor", "ready")) == (0, 1)


def test_a_fact_after_wrap_up_ran_out_does_not_move_the_start_of_ready() -> None:
    f = floor(wrap(T + 50, T + 60), ready(T + 90))
    assert (f.agent(T + 95, "state"), f.agent(T + 95, "since")) == ("ready", T + 60)


def test_not_ready_pressed_in_wrap_up_shows_when_it_runs_out() -> None:
    f = floor(wrap(T + 50, T + 60), not_ready(T + 55, "lunch"))
    assert (f.agent(T + 59, "state"), f.agent(T + 59, "kind")) == ("wrap", "meal")
    assert (f.agent(T + 61, "state"), f.agent(T + 61, "since")) == ("meal", T + 55)


def test_ready_after_a_pause_that_began_in_wrap_up_begins_when_it_is_told() -> None:
    f = floor(wrap(T + 50, T + 60), not_ready(T + 55, "lunch"), ready(T + 300))
    assert (f.agent(T + 301, "state"), f.agent(T + 301, "since")) == ("ready", T + 300)


def test_wrap_up_is_handling_and_the_next_answer_cuts_it_short() -> None:
    f = floor(queued(T), answered(T + 5), released(T + 50), wrap(T + 50, T + 60))
    assert f.queue(T + 51, "aht") == 55.0
    f.say(queued(T + 51, "c2"), answered(T + 54, "c2"))
    assert (f.queue(T + 55, "aht"), f.agent(T + 55, "state")) == (49.0, "talking")


def test_wrap_up_that_ran_out_is_as_long_as_planned_whatever_comes_later() -> None:
    f = floor(queued(T), answered(T + 5), released(T + 50), wrap(T + 50, T + 60))
    f.say(queued(T + 79, "c2"), answered(T + 80, "c2"))
    assert f.queue(T + 81, "aht") == 55.0


def test_changes_end_a_wrap_up_at_its_very_instant_and_take_it_back_when_the_clock_goes_back() -> None:
    f = floor(wrap(T + 50, T + 60))
    f.engine.changes(T + 59.9)
    assert (("agents", ANNA, "state"), "ready") in f.engine.changes(T + 60).set
    assert f.engine.changes(T + 61).set == []
    assert (("agents", ANNA, "state"), "wrap") in f.engine.changes(T + 59).set


def test_open_ended_wrap_up_lasts_until_the_next_word() -> None:
    f = floor(queued(T), answered(T + 5), released(T + 50), wrap(T + 50, None))
    assert f.agent(T + 500, "state") == "wrap"
    f.say(ready(T + 70))
    assert (f.agent(T + 500, "state"), f.agent(T + 500, "since"), f.queue(T + 500, "aht")) == (
        "ready",
        T + 70,
        65.0,
    )


def test_each_person_is_counted_once_on_the_floor() -> None:
    f = floor(member(T, PROMO), member(T, PROMO, OLEG), phone(T, agent=OLEG, device="PJSIP/2"))
    assert (f.at(T, "floor", "staffed"), f.at(T, "floor", "ready"), f.at(T, "floor", "agents")) == (
        2,
        2,
        {"ready": 2},
    )
    assert (f.queue(T, "staffed", Q), f.queue(T, "staffed", PROMO)) == (1, 2)


def test_a_resync_removes_the_memberships_phones_and_states_it_does_not_say_again() -> None:
    f = Floor().say(*connected(T), *ON, member(T, PROMO), not_ready(T, "lunch"))
    f.say(member(T, Q, OLEG), phone(T, agent=OLEG, device="PJSIP/2"))
    f.say(*resync(T + 60, member(T + 60), phone(T + 60, "in_use")))
    assert (f.agent(T + 61, "queues"), f.agent(T + 61, "state")) == ([Q], "busy")
    assert (f.agent(T + 61, "state", OLEG), f.agent(T + 61, "queues", OLEG)) == ("off", [])


def test_a_break_goes_on_over_a_resync_that_says_it_again() -> None:
    f = Floor().say(*connected(T), *ON, not_ready(T + 5, "lunch"))
    f.say(
        *resync(
            T + 60, member(T + 60), phone(T + 60), not_ready(T + 60, "lunch", queue=Q, interface="PJSIP/1")
        )
    )
    assert (f.agent(T + 61, "state"), f.agent(T + 61, "since")) == ("meal", T + 5)


def test_the_latest_name_is_shown_and_configured_ones_beside_it() -> None:
    policy = Policy(agents={ANNA: AgentCard(names={"zh-CN": "安娜"}, team="A", seat=SeatId("3-14"))})
    f = Floor(policy)
    assert (f.agent(T, "state"), f.agent(T, "name")) == ("off", "anna")
    f.say(member(T + 1, name="Анна"), member(T + 2, name='Smith, "J" | O\'Neil\n\x00💥'))
    assert f.agent(T + 3, "name") == 'Smith, "J" | O\'Neil\n\x00💥'
    assert (f.agent(T + 3, "names"), f.agent(T + 3, "team"), f.agent(T + 3, "seat")) == (
        {"zh-CN": "安娜"},
        "A",
        "3-14",
    )


def test_ids_that_look_like_paths_stay_whole() -> None:
    hostile = AgentId('pbx1/Local/10.2@from queue/n,"x"')
    f = Floor().say(member(T, agent=hostile))
    assert f.agent(T, "name", hostile) == 'Local/10.2@from queue/n,"x"'


def test_a_phone_of_nobody_is_evidence_about_nobody() -> None:
    f = Floor().say(events.DeviceStateChanged(at=T, device=DeviceId("Queue:consult"), state="ringing"))
    assert f.at(T, "agents") == {}


def test_agents_who_left_are_gone_from_the_next_day_unless_on_the_roster() -> None:
    f = Floor(Policy(agents={ANNA: AgentCard()})).say(member(T), member(T, agent=OLEG))
    f.say(member(T + 1, member=False), member(T + 1, agent=OLEG, member=False))
    assert set(f.engine.board(T + 2)["agents"]) == {ANNA, OLEG}  # type: ignore[call-overload]  # a mapping
    f.say(events.SourceUp(at=T + 86_400))
    assert set(f.engine.board(T + 86_400)["agents"]) == {ANNA}  # type: ignore[call-overload]  # a mapping
