"""Losses, gaps and restarts of ccwall as one session lives them: what is told when, and what is still the same visit."""

import pytest

from ccwall.adapter import Known
from ccwall.errors import LinkSilent
from ccwall.events import (
    ContactAbandoned,
    ContactAnswered,
    ContactFlowedOut,
    ContactId,
    ContactLost,
    ContactQueued,
    ContactReleased,
    QueueId,
    SourceDown,
    SourceGap,
    SourceResyncFinished,
    SourceResyncStarted,
    SourceUp,
)
from tests.adapters.asterisk_ami.pbx import BANNER, Pbx
from tests.adapters.asterisk_ami.test_session import answer_empty, logged_in, questions
from tests.adapters.contract import NOW

Question = dict[str, str]


def log_in_again(pbx: Pbx) -> list[Question]:
    pbx.session.open(pbx.now)
    pbx.raw(BANNER)
    (login,) = questions(pbx)
    pbx.say("Response", "Success", ActionID=login["ActionID"])
    return questions(pbx)


def live() -> Pbx:
    pbx, asked = logged_in()
    answer_empty(pbx, asked)
    pbx.take()
    return pbx


def quietly(pbx: Pbx, seconds: int) -> list[Question]:
    """Time in which the PBX answers every ping; what was asked beside."""
    for _ in range(seconds):
        pbx.wait(1)
        pbx.say("Response", "Success", Ping="Pong")
    return [question for question in questions(pbx) if question["Action"] != "Ping"]


def channels(*pairs: tuple[str, str, str]) -> list[tuple[str, dict[str, str]]]:
    """Conversations: (the caller's Uniqueid, the queue, the agent's channel)."""
    items = []
    for number, (uid, queue, leg) in enumerate(pairs):
        told = {"BridgeId": f"b{number}", "Linkedid": uid, "Duration": "00:00:30"}
        caller = {"Channel": f"PJSIP/t-{uid}", "Uniqueid": uid, "Application": "Queue"}
        items.append(("CoreShowChannel", told | caller | {"ApplicationData": f"{queue},tT"}))
        items.append(
            (
                "CoreShowChannel",
                told | {"Channel": leg, "Uniqueid": f"{uid}9", "Application": "AppQueue"},
            )
        )
    return items


def member(queue: str, interface: str, *, in_call: bool = False, status: str = "2") -> tuple[str, Question]:
    told = {"Queue": queue, "Name": interface, "Location": interface, "StateInterface": interface}
    return "QueueMember", told | {"InCall": f"{int(in_call)}", "Status": status}


# ── numbers stand still ──


def test_what_happens_during_a_resync_is_told_at_its_end_and_before_it() -> None:
    pbx, asked = logged_in()
    assert [type(fact) for fact in pbx.take()] == [SourceUp, SourceResyncStarted]
    pbx.caller("QueueCallerJoin")
    assert pbx.take() == []
    answer_empty(pbx, asked)
    assert [type(fact) for fact in pbx.take()] == [ContactQueued, ContactQueued, SourceResyncFinished]


def test_what_was_held_back_when_the_link_broke_again_is_told() -> None:
    pbx, _ = logged_in()
    pbx.take()
    pbx.caller("QueueCallerJoin")
    pbx.hang_up_the_link()
    assert [type(fact) for fact in pbx.take()] == [ContactQueued, SourceDown]


def test_what_is_held_back_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ccwall_adapters.asterisk_ami.session.MOST_HELD", 5)
    pbx, _ = logged_in()
    pbx.take()
    for number in range(6):
        pbx.caller("QueueCallerJoin", f"1.{number}")
    assert len(pbx.of(ContactQueued)) == 6


def test_a_conversation_that_only_a_list_showed_and_that_ended_during_the_resync_is_told_whole() -> None:
    pbx, asked = logged_in()
    pbx.listing(asked[0]["ActionID"], [], "QueueStatusComplete")
    pbx.listing(
        asked[1]["ActionID"], channels(("1.1", "consult", "PJSIP/1001-1")), "CoreShowChannelsComplete"
    )
    pbx.caller("AgentComplete", "1.1", TalkTime="30", HoldTime="5", Reason="caller")
    answer_empty(pbx, asked[2:])
    told = [type(fact) for fact in pbx.facts if "Contact" in type(fact).__name__]
    assert told == [ContactQueued, ContactAnswered, ContactReleased]


# ── when the link was last known to be well ──


@pytest.mark.parametrize(
    ("reason", "silence", "at"),
    [("eof", 2.0, 2.0), ("reset", 2.0, 0.0), ("silent", 10.0, 0.0), ("eof", 9.0, 0.0)],
)
def test_a_loss_begins_with_the_last_word_unless_the_end_came_in_order(
    reason: str, silence: float, at: float
) -> None:
    """A link that closes after it left our pings unanswered was dead before."""
    pbx = live()
    pbx.now += silence
    pbx.hang_up_the_link(reason)
    assert [down.at for down in pbx.of(SourceDown)] == [NOW + at]


# ── at another pace ──


def test_at_twenty_times_the_floors_pace_pings_and_silence_are_real_seconds() -> None:
    pbx, asked = logged_in()
    pbx.session.at_pace(20.0)
    answer_empty(pbx, asked)
    pbx.wait(59)
    assert questions(pbx) == []
    pbx.wait(1)
    assert [question["Action"] for question in questions(pbx)] == ["Ping"]
    pbx.wait(129)
    with pytest.raises(LinkSilent, match="for 10 s"):
        pbx.wait(1)


def test_at_twenty_times_the_floors_pace_what_waits_for_the_network_waits_in_real_seconds() -> None:
    pbx = live()
    pbx.session.at_pace(20.0)
    pbx.caller("QueueCallerJoin")
    pbx.caller("QueueCallerLeave")
    pbx.wait(19)
    assert not pbx.of(ContactFlowedOut)
    pbx.wait(1)
    assert len(pbx.of(ContactFlowedOut)) == 1
    assert quietly(pbx, 1000) == []
    assert [question["Action"] for question in quietly(pbx, 200)] == [
        "QueueStatus",
        "CoreShowChannels",
        "DeviceStateList",
    ]


# ── lists that take their time ──


def test_a_list_is_done_without_only_when_nothing_more_of_it_comes() -> None:
    pbx, asked = logged_in()
    answer_empty(pbx, asked[1:])
    status = asked[0]["ActionID"]
    pbx.say("Response", "Success", ActionID=status, EventList="start")
    for number in range(100):
        pbx.wait(1)
        pbx.say("Event", "QueueMember", ActionID=status, Queue="consult", Location=f"PJSIP/{number}")
    assert not pbx.of(SourceResyncFinished)
    pbx.say("Event", "QueueStatusComplete", ActionID=status, EventList="Complete")
    assert [finished.limits for finished in pbx.of(SourceResyncFinished)] == [()]


def test_a_list_without_a_line_is_a_filters_doing_unless_it_says_that_it_is_empty() -> None:
    for items, lost in (({}, 0), ({"ListItems": "0"}, 1)):
        pbx = live()
        pbx.caller("QueueCallerJoin")
        pbx.answer()
        pbx.hang_up_the_link()
        pbx.now += 60
        asked = log_in_again(pbx)
        pbx.listing(asked[0]["ActionID"], [], "QueueStatusComplete")
        pbx.say("Event", "CoreShowChannelsComplete", ActionID=asked[1]["ActionID"], **items)
        answer_empty(pbx, asked[2:])
        pbx.wait(2)
        assert len(pbx.of(ContactLost)) == lost


# ── bytes thrown away ──


def test_bytes_thrown_away_are_a_gap_and_a_question_for_the_truth() -> None:
    pbx = live()
    pbx.caller("QueueCallerJoin", "1.1")
    pbx.caller("QueueCallerJoin", "1.2")
    pbx.raw(b"Event: QueueCallerJoin\r\nQueue: consult\r\nUnique")
    pbx.take()
    pbx.now += 5
    pbx.facts += pbx.session.skipped(pbx.now - 3, pbx.now)
    assert [(type(fact), fact.at) for fact in pbx.take()] == [
        (SourceGap, NOW + 5),
        (SourceResyncStarted, NOW + 5),
    ]
    assert pbx.session.state == "snapshot"
    pbx.raw(b"d: 9.9\r\nUniqueid: 8.8\r\n\r\n")
    asked = questions(pbx)
    assert [question["Action"] for question in asked] == [
        "QueueStatus",
        "CoreShowChannels",
        "DeviceStateList",
    ]
    entry = ("QueueEntry", {"Queue": "consult", "Uniqueid": "1.1", "Wait": "5"})
    pbx.listing(asked[0]["ActionID"], [entry], "QueueStatusComplete")
    answer_empty(pbx, asked[1:])
    pbx.wait(1)
    assert [lost.contact for lost in pbx.of(ContactLost)] == ["src/1.2/consult"]
    assert [queued.contact for queued in pbx.of(ContactQueued)] == ["src/1.1/consult"]
    assert isinstance(pbx.facts[-1], SourceResyncFinished)


def test_after_a_skip_a_message_that_begins_whole_is_read() -> None:
    pbx = live()
    pbx.session.skipped(pbx.now - 1, pbx.now)
    asked = questions(pbx)
    pbx.caller("QueueCallerJoin", "1.1")
    answer_empty(pbx, asked)
    assert [queued.contact for queued in pbx.of(ContactQueued)][:1] == ["src/1.1/consult"]


def test_an_abandon_whose_hang_up_may_have_been_missed_is_of_unknown_cause_and_no_timeout() -> None:
    pbx = live()
    pbx.caller("HangupRequest", "9.9")
    pbx.caller("QueueCallerJoin", "1.1")
    pbx.now += 5
    pbx.session.skipped(pbx.now - 3, pbx.now)
    asked = questions(pbx)
    pbx.caller("QueueCallerAbandon", "1.1", HoldTime="5")
    pbx.caller("QueueCallerLeave", "1.1")
    answer_empty(pbx, asked)
    pbx.wait(2)
    assert [abandoned.cause for abandoned in pbx.of(ContactAbandoned)] == ["unknown"]
    assert not pbx.of(ContactFlowedOut)


# ── a restart of ccwall ──


def known(contact: str, call: str, *, over: bool, queued: float = NOW - 300) -> Known:
    return Known(
        contact=ContactId(contact), queue=QueueId("src/consult"), call=call, queued=queued, over=over
    )


def test_a_visit_known_before_a_restart_of_ccwall_keeps_its_id() -> None:
    pbx = Pbx("live", accept=False)
    pbx.session.remember([known("src/1.1/consult", "1.1", over=False)])
    pbx.connect()
    pbx.caller("QueueCallerJoin", "1.1")
    pbx.answer("1.1")
    pbx.wait(6)
    assert {answered.contact for answered in pbx.of(ContactAnswered)} == {"src/1.1/consult"}
    assert {queued.contact for queued in pbx.of(ContactQueued)} <= {"src/1.1/consult"}


def test_the_next_visit_of_a_call_to_the_same_queue_has_the_next_id_after_a_restart_of_ccwall() -> None:
    pbx = Pbx(accept=False)
    pbx.session.remember(
        [known("src/1.1/consult", "1.1", over=True), known("src/1.1/consult/2", "1.1", over=True)]
    )
    pbx.connect()
    pbx.caller("QueueCallerJoin", "1.1")
    assert [queued.contact for queued in pbx.of(ContactQueued)] == ["src/1.1/consult/3"]


def test_a_second_visit_going_on_over_a_restart_of_ccwall_is_found_in_the_list_as_the_second() -> None:
    pbx = Pbx(accept=False)
    pbx.session.remember(
        [known("src/1.1/consult", "1.1", over=True), known("src/1.1/consult/2", "1.1", over=False)]
    )
    pbx.connect()
    pbx.asked("QueueStatus", "x")
    entry = ("QueueEntry", {"Queue": "consult", "Uniqueid": "1.1", "Wait": "300"})
    pbx.listing("x", [entry], "QueueStatusComplete")
    assert {queued.contact for queued in pbx.of(ContactQueued)} == {"src/1.1/consult/2"}


def test_who_was_there_before_a_restart_of_ccwall_and_is_not_there_now_is_lost() -> None:
    pbx = Pbx(accept=False)
    pbx.session.remember([known("src/1.1/consult", "1.1", over=False)])
    pbx.connect()
    pbx.asked("QueueStatus", "x")
    pbx.listing("x", [], "QueueStatusComplete")
    pbx.wait(2)
    assert [lost.contact for lost in pbx.of(ContactLost)] == ["src/1.1/consult"]


def test_a_queue_whose_name_ends_like_a_second_visit_is_not_mistaken_for_one() -> None:
    pbx = Pbx(accept=False)
    visit = Known(
        contact=ContactId("src/1.1/line/2"), queue=QueueId("src/line/2"), call="1.1", queued=NOW, over=True
    )
    pbx.session.remember([visit])
    pbx.connect()
    pbx.caller("QueueCallerJoin", "1.1", "line/2")
    pbx.caller("QueueCallerJoin", "1.1", "line")
    assert [queued.contact for queued in pbx.of(ContactQueued)] == ["src/1.1/line/2/2", "src/1.1/line"]


# ── who talks to whom after an outage ──


def resync(
    pbx: Pbx, status: list[tuple[str, Question]], talking: list[tuple[str, Question]], seconds: float = 60
) -> None:
    pbx.hang_up_the_link("eof")
    pbx.now += seconds
    asked = log_in_again(pbx)
    pbx.take()
    pbx.listing(asked[0]["ActionID"], status, "QueueStatusComplete")
    pbx.listing(asked[1]["ActionID"], talking, "CoreShowChannelsComplete")
    answer_empty(pbx, asked[2:])
    pbx.wait(2)


def talking_pbx() -> Pbx:
    pbx = live()
    pbx.member("QueueMemberAdded", "PJSIP/1001")
    pbx.caller("QueueCallerJoin", "1.1")
    pbx.answer("1.1")
    return pbx


def test_a_conversation_that_goes_on_is_confirmed_and_not_answered_again() -> None:
    pbx = talking_pbx()
    resync(pbx, [member("consult", "PJSIP/1001", in_call=True)], channels(("1.1", "consult", "PJSIP/1001-1")))
    assert [answered.at for answered in pbx.of(ContactAnswered)] == [NOW]
    assert not pbx.of(ContactLost)


def test_a_caller_put_through_to_somebody_else_while_nobody_listened_is_not_the_agents_any_more() -> None:
    pbx = talking_pbx()
    status = [member("consult", "PJSIP/1001"), member("complaint", "PJSIP/1010", in_call=True)]
    resync(pbx, status, channels(("1.1", "consult", "PJSIP/1010-1")))
    assert [lost.contact for lost in pbx.of(ContactLost)] == ["src/1.1/consult"]


def test_a_periodic_list_takes_no_conversation_away_whose_end_would_have_been_told() -> None:
    pbx = talking_pbx()
    asked = quietly(pbx, 60)
    status = [member("consult", "PJSIP/1001"), member("complaint", "PJSIP/1010", in_call=True)]
    pbx.listing(asked[0]["ActionID"], status, "QueueStatusComplete")
    pbx.listing(
        asked[1]["ActionID"], channels(("1.1", "consult", "PJSIP/1010-1")), "CoreShowChannelsComplete"
    )
    pbx.wait(3)
    assert not pbx.of(ContactLost)


def test_a_caller_who_left_and_queued_again_while_nobody_listened_is_two_visits() -> None:
    pbx = live()
    pbx.caller("QueueCallerJoin", "1.1")
    entry = ("QueueEntry", {"Queue": "consult", "Uniqueid": "1.1", "Wait": "10"})
    resync(pbx, [entry], [])
    assert [lost.contact for lost in pbx.of(ContactLost)] == ["src/1.1/consult"]
    assert [(queued.contact, queued.at) for queued in pbx.of(ContactQueued)] == [
        ("src/1.1/consult/2", NOW + 50)
    ]


def test_a_stream_that_turns_into_garbage_keeps_its_visits() -> None:
    pbx = live()
    pbx.caller("QueueCallerJoin", "1.1")
    pbx.hang_up_the_link("protocol")
    assert not pbx.of(ContactLost)
    pbx.now += 30
    asked = log_in_again(pbx)
    entry = ("QueueEntry", {"Queue": "consult", "Uniqueid": "1.1", "Wait": "30"})
    pbx.listing(asked[0]["ActionID"], [entry], "QueueStatusComplete")
    answer_empty(pbx, asked[1:])
    assert {queued.contact for queued in pbx.of(ContactQueued)} == {"src/1.1/consult"}
