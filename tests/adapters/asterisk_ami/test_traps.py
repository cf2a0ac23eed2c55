"""The traps of docs/adapters/asterisk.md, one by one, as app_queue springs them."""

from ccwall.events import (
    AgentLoggedOff,
    AgentLoggedOn,
    AgentMembershipChanged,
    AgentNotReady,
    AgentReady,
    AgentWorkingAfterCall,
    ContactAbandoned,
    ContactAlerting,
    ContactAnswered,
    ContactCleared,
    ContactFlowedOut,
    ContactHeld,
    ContactLost,
    ContactNotAnswered,
    ContactQueued,
    ContactRated,
    ContactRefused,
    ContactReleased,
    ContactRetrieved,
    ContactTransferred,
    DeviceStateChanged,
    SourceDown,
    SourceLimited,
)
from tests.adapters.asterisk_ami.pbx import Pbx
from tests.adapters.contract import NOW, PlainDirectory


def test_leaving_the_queue_is_not_a_loss_when_an_agent_connects() -> None:
    pbx = Pbx()
    pbx.caller("QueueCallerJoin")
    pbx.now += 4
    pbx.answer()
    pbx.wait(3)
    answered = pbx.of(ContactAnswered)[0]
    assert (answered.at, answered.declared_wait, answered.member) == (NOW + 4, 4.0, "Wang Fang")
    assert not pbx.of(ContactFlowedOut)
    assert not pbx.of(ContactAbandoned)


def test_an_abandon_is_one_when_a_hang_up_was_asked_for_before() -> None:
    pbx = Pbx()
    pbx.caller("QueueCallerJoin")
    pbx.now += 7
    pbx.caller("HangupRequest")
    pbx.caller("QueueCallerAbandon", HoldTime="7")
    pbx.caller("QueueCallerLeave")
    pbx.wait(5)
    (abandoned,) = pbx.of(ContactAbandoned)
    assert (abandoned.at, abandoned.cause, abandoned.declared_wait) == (NOW + 7, "hangup", 7.0)
    assert not pbx.of(ContactFlowedOut)


def test_a_timeout_looks_like_an_abandon_until_its_status_comes() -> None:
    for status, cause in (("TIMEOUT", "timeout"), ("LEAVEEMPTY", "empty"), ("WITHDRAW", "withdrawn")):
        pbx = Pbx()
        pbx.caller("QueueCallerJoin")
        pbx.now += 60
        pbx.caller("QueueCallerAbandon", HoldTime="60")
        pbx.caller("QueueCallerLeave")
        pbx.caller("VarSet", Variable="QUEUESTATUS", Value=status)
        pbx.caller("SoftHangupRequest")
        pbx.caller("Hangup")
        (out,) = pbx.of(ContactFlowedOut)
        assert (out.at, out.cause) == (NOW + 60, cause)
        assert not pbx.of(ContactAbandoned)


def test_a_hang_up_request_after_the_abandon_does_not_make_it_one() -> None:
    pbx = Pbx()
    pbx.caller("HangupRequest", "other")
    pbx.caller("QueueCallerJoin")
    pbx.caller("QueueCallerAbandon", HoldTime="60")
    pbx.caller("HangupRequest")
    pbx.wait(2)
    assert [out.cause for out in pbx.of(ContactFlowedOut)] == ["unknown"]


def test_a_caller_who_hangs_up_as_the_queue_gives_up_is_what_the_queue_says() -> None:
    pbx = Pbx()
    pbx.caller("QueueCallerJoin")
    pbx.now += 60
    pbx.caller("HangupRequest")
    pbx.caller("QueueCallerAbandon", HoldTime="60")
    pbx.caller("QueueCallerLeave")
    pbx.caller("VarSet", Variable="QUEUESTATUS", Value="TIMEOUT")
    pbx.caller("Hangup")
    assert [out.cause for out in pbx.of(ContactFlowedOut)] == ["timeout"]
    assert not pbx.of(ContactAbandoned)


def test_an_abandon_is_told_with_the_channels_hangup() -> None:
    pbx = Pbx()
    pbx.caller("QueueCallerJoin")
    pbx.caller("HangupRequest")
    pbx.caller("QueueCallerAbandon", HoldTime="7")
    pbx.caller("QueueCallerLeave")
    pbx.caller("Hangup")
    assert [abandoned.cause for abandoned in pbx.of(ContactAbandoned)] == ["hangup"]


def test_the_channels_hangup_may_overtake_the_queues_abandon() -> None:
    pbx = Pbx()
    pbx.caller("QueueCallerJoin")
    pbx.now += 7
    pbx.caller("HangupRequest")
    pbx.caller("Hangup")
    pbx.caller("QueueCallerAbandon", HoldTime="7")
    pbx.caller("QueueCallerLeave")
    pbx.wait(2)
    assert [(abandoned.at, abandoned.cause) for abandoned in pbx.of(ContactAbandoned)] == [
        (NOW + 7, "hangup")
    ]
    assert not pbx.of(ContactFlowedOut)


def test_a_caller_whose_channel_went_without_a_word_of_the_queue_is_not_left_waiting() -> None:
    for asked, kind in ((True, ContactAbandoned), (False, ContactLost)):
        pbx = Pbx()
        pbx.caller("QueueCallerJoin")
        if asked:
            pbx.caller("HangupRequest")
        pbx.caller("Hangup")
        pbx.wait(2)
        assert len(pbx.of(kind)) == 1


def test_a_client_that_never_sees_hang_ups_says_that_it_cannot_tell() -> None:
    pbx = Pbx()
    pbx.caller("QueueCallerJoin")
    pbx.caller("QueueCallerAbandon", HoldTime="9")
    pbx.caller("QueueCallerLeave")
    assert not pbx.of(ContactAbandoned)
    pbx.wait(2)
    assert [abandoned.cause for abandoned in pbx.of(ContactAbandoned)] == ["unknown"]
    assert [limited.limit for limited in pbx.of(SourceLimited)] == ["abandon_cause"]


def test_a_key_exit_is_a_leave_that_nothing_follows() -> None:
    pbx = Pbx()
    pbx.caller("QueueCallerJoin")
    pbx.now += 5
    pbx.caller("QueueCallerLeave")
    pbx.wait(0.5)
    assert not pbx.of(ContactFlowedOut)
    pbx.wait(1)
    (out,) = pbx.of(ContactFlowedOut)
    assert (out.at, out.cause) == (NOW + 5, "key")


def test_a_key_exit_just_before_the_link_is_lost_is_no_loss() -> None:
    pbx = Pbx()
    pbx.caller("QueueCallerJoin")
    pbx.caller("QueueCallerLeave")
    pbx.hang_up_the_link()
    assert [out.cause for out in pbx.of(ContactFlowedOut)] == ["key"]
    assert [down.reason for down in pbx.of(SourceDown)] == ["eof"]


def test_a_refused_call_is_no_visit() -> None:
    pbx = Pbx()
    pbx.caller("Newexten", Application="Queue", AppData="promo,tT,,,60")
    pbx.caller("VarSet", Variable="QUEUESTATUS", Value="FULL")
    (refused,) = pbx.of(ContactRefused)
    assert (refused.queue, refused.cause, refused.caller) == ("src/promo", "full", "13800138000")
    assert not pbx.of(ContactQueued)


def test_a_user_event_tells_of_a_refusal_when_variables_do_not_reach_us() -> None:
    pbx = Pbx()
    pbx.caller("UserEvent", queue="promo", UserEvent="QueueExit", Status="JOINEMPTY")
    assert [(refused.queue, refused.cause) for refused in pbx.of(ContactRefused)] == [("src/promo", "empty")]


def test_a_user_event_beside_the_variable_is_not_counted_twice() -> None:
    pbx = Pbx()
    pbx.caller("Newexten", Application="Queue", AppData="promo")
    pbx.caller("VarSet", Variable="QUEUESTATUS", Value="FULL")
    pbx.caller("UserEvent", queue="promo", UserEvent="QueueExit", Status="FULL")
    assert len(pbx.of(ContactRefused)) == 1


def rating(pbx: Pbx, queue: str = "consult", uid: str = "1.1", **told: str) -> None:
    pbx.caller("UserEvent", uid, queue, UserEvent="QueueRating", **told)


def test_a_caller_who_is_asked_after_the_conversation_rates_that_visit() -> None:
    pbx = Pbx()
    pbx.caller("QueueCallerJoin")
    pbx.now += 4
    pbx.answer()
    pbx.now += 60
    pbx.caller("AgentComplete", Reason="agent", TalkTime="60", HoldTime="4", Interface="PJSIP/1001")
    pbx.now += 9
    rating(pbx, Score="4", Best="5")
    rating(pbx, "complaint", Score="1")
    pbx.caller("Hangup")
    rating(pbx, Score="1")
    told = [(each.contact, each.queue, each.at, each.score, each.best) for each in pbx.of(ContactRated)]
    assert told == [("src/1.1/consult", "src/consult", NOW + 73, 4.0, 5.0)]


def test_who_waits_rates_the_visit_that_goes_on_and_nonsense_is_no_rating() -> None:
    pbx = Pbx()
    for queue in ("consult", "complaint"):
        pbx.caller("QueueCallerJoin", queue=queue)
        if queue == "consult":
            pbx.caller("QueueCallerLeave", queue=queue)
            pbx.wait(2)
    rating(pbx, Score="2", Best="10")
    rating(pbx, "complaint", Score="3")
    rating(pbx, "complaint", Score="<b>")
    told = [(each.contact, each.score, each.best) for each in pbx.of(ContactRated)]
    assert told == [
        ("src/1.1/consult", 2.0, 10.0),
        ("src/1.1/complaint", 3.0, 5.0),
        ("src/1.1/complaint", -1.0, 5.0),
    ]


def test_one_call_in_two_queues_is_two_visits_and_in_one_queue_twice_too() -> None:
    pbx = Pbx()
    for queue in ("consult", "complaint", "consult"):
        pbx.caller("QueueCallerJoin", queue=queue)
        pbx.caller("QueueCallerLeave", queue=queue)
        pbx.wait(2)
    assert [queued.contact for queued in pbx.of(ContactQueued)] == [
        "src/1.1/consult",
        "src/1.1/complaint",
        "src/1.1/consult/2",
    ]


def test_an_agent_who_blind_transfers_is_free_at_once_even_behind_a_local_channel() -> None:
    pbx = Pbx()
    pbx.caller("QueueCallerJoin", queue="promo")
    pbx.answer(queue="promo", interface="Local/1007@from-queue/n")
    pbx.now += 9
    pbx.event(
        "BlindTransfer",
        Result="Success",
        TransfererUniqueid="1.77",
        TransfererLinkedid="1.1",
        Extension="1003",
    )
    pbx.now += 23
    pbx.caller("AgentComplete", queue="promo", TalkTime="32", HoldTime="5", Reason="agent")
    assert [(moved.at, moved.to) for moved in pbx.of(ContactTransferred)] == [(NOW + 9, "1003")]
    assert [(free.at, free.by) for free in pbx.of(ContactReleased)] == [(NOW + 9, "transfer")]


def test_a_third_agents_later_transfer_is_not_the_first_ones() -> None:
    pbx = Pbx()
    pbx.caller("QueueCallerJoin")
    pbx.answer()
    pbx.event(
        "BlindTransfer", Result="Success", TransfererUniqueid="9.9", TransfererLinkedid="1.1", Extension="1"
    )
    assert not pbx.of(ContactTransferred)


def test_a_local_channel_optimised_away_ends_no_call() -> None:
    pbx = Pbx()
    pbx.caller("QueueCallerJoin", queue="overflow")
    pbx.answer(queue="overflow", interface="Local/1012@from-queue", DestUniqueid="5.3")
    pbx.event("BridgeEnter", Uniqueid="5.5", Linkedid="1.1", SwapUniqueid="5.3")
    pbx.event("Hangup", Uniqueid="5.3", Linkedid="1.1")
    pbx.event("Hangup", Uniqueid="5.4", Linkedid="1.1")
    pbx.wait(5)
    assert not pbx.of(ContactReleased)
    pbx.event("Hold", Uniqueid="5.5", Linkedid="1.1")
    pbx.caller("AgentComplete", queue="overflow", DestUniqueid="5.5", TalkTime="8", Reason="caller")
    assert len(pbx.of(ContactHeld)) == 1
    assert [free.by for free in pbx.of(ContactReleased)] == ["caller"]


def test_a_completion_without_the_callers_channel_is_found_by_the_agents_leg() -> None:
    pbx = Pbx()
    pbx.caller("QueueCallerJoin")
    pbx.answer(DestUniqueid="7.7")
    pbx.event("AgentComplete", Queue="consult", DestUniqueid="7.7", TalkTime="3", Reason="agent")
    assert [free.declared_talk for free in pbx.of(ContactReleased)] == [3.0]


def test_hold_is_told_by_hold_events_of_the_agents_own_channel_only() -> None:
    pbx = Pbx()
    pbx.caller("QueueCallerJoin")
    pbx.answer(DestUniqueid="7.7")
    pbx.event("Hold", Uniqueid="1.1", Linkedid="1.1")
    assert not pbx.of(ContactHeld)
    pbx.event("Hold", Uniqueid="7.7", Linkedid="1.1")
    pbx.event("Unhold", Uniqueid="7.7", Linkedid="1.1")
    assert (len(pbx.of(ContactHeld)), len(pbx.of(ContactRetrieved))) == (1, 1)


def test_ring_time_is_milliseconds_and_zero_is_busy() -> None:
    pbx = Pbx()
    pbx.caller("QueueCallerJoin")
    for ring_time in ("15000", "0"):
        pbx.caller("AgentCalled", Interface="PJSIP/1001", DestUniqueid="7.7")
        pbx.caller("AgentRingNoAnswer", Interface="PJSIP/1001", DestUniqueid="7.7", RingTime=ring_time)
    assert [(missed.ring_time, missed.cancelled) for missed in pbx.of(ContactNotAnswered)] == [
        (15.0, False),
        (0.0, False),
    ]


def test_losers_of_ring_all_and_phones_ringing_at_a_hang_up_are_not_to_blame() -> None:
    pbx = Pbx()
    pbx.caller("QueueCallerJoin")
    pbx.caller("AgentCalled", Interface="PJSIP/1001", DestUniqueid="7.1")
    pbx.caller("AgentCalled", Interface="PJSIP/1002", DestUniqueid="7.2")
    pbx.caller("AgentCalled", Interface="PJSIP/1003", DestUniqueid="7.3")
    pbx.caller("DialEnd", DestUniqueid="7.3", DialStatus="CANCEL")
    pbx.answer(DestUniqueid="7.1")
    assert len(pbx.of(ContactAlerting)) == 3
    assert [(missed.agent, missed.cancelled) for missed in pbx.of(ContactNotAnswered)] == [
        ("src/PJSIP/1003", True),
        ("src/PJSIP/1002", True),
    ]


def test_wrap_up_is_told_from_configuration_because_no_event_does() -> None:
    pbx = Pbx(directory=PlainDirectory(wrap_up=5.0))
    pbx.caller("QueueCallerJoin")
    pbx.answer()
    pbx.now += 30
    pbx.caller("AgentComplete", TalkTime="30", Reason="caller")
    assert [(work.at, work.until) for work in pbx.of(AgentWorkingAfterCall)] == [(NOW + 30, NOW + 35)]


def test_the_call_is_cleared_when_its_channel_is_gone() -> None:
    pbx = Pbx()
    pbx.caller("QueueCallerJoin")
    pbx.answer()
    pbx.caller("AgentComplete", TalkTime="30", Reason="agent")
    pbx.caller("Hangup")
    assert [cleared.contact for cleared in pbx.of(ContactCleared)] == ["src/1.1/consult"]


def test_a_conversation_whose_end_was_never_told_ends_with_its_channel() -> None:
    pbx = Pbx()
    pbx.caller("QueueCallerJoin")
    pbx.answer()
    pbx.now += 30
    pbx.caller("Hangup")
    pbx.wait(2)
    assert [(free.at, free.by) for free in pbx.of(ContactReleased)] == [(NOW + 30, "unknown")]


def test_a_caller_who_queues_again_while_taken_for_talking_has_stopped_talking_now() -> None:
    pbx = Pbx()
    pbx.caller("QueueCallerJoin")
    pbx.answer()
    pbx.now += 30
    pbx.caller("QueueCallerJoin")
    assert [free.at for free in pbx.of(ContactReleased)] == [NOW + 30]
    assert [queued.contact for queued in pbx.of(ContactQueued)] == ["src/1.1/consult", "src/1.1/consult/2"]


def test_events_of_calls_never_seen_joining_are_told_as_inferred() -> None:
    pbx = Pbx()
    pbx.caller("HangupRequest", "1.1")
    pbx.caller("QueueCallerAbandon", "1.1", HoldTime="40")
    pbx.caller("AgentComplete", "1.2", HoldTime="5", TalkTime="20", Interface="PJSIP/1001", Reason="caller")
    first, second = pbx.of(ContactQueued)
    assert (first.at, first.inferred, second.at, second.inferred) == (NOW - 40, True, NOW - 25, True)
    assert [(answered.at, answered.inferred) for answered in pbx.of(ContactAnswered)] == [(NOW - 20, True)]


def test_an_agent_who_hangs_up_during_the_announcement_leaves_the_caller_in_the_queue() -> None:
    pbx = Pbx()
    pbx.caller("QueueCallerJoin")
    pbx.caller("AgentCalled", Interface="PJSIP/1001", DestUniqueid="7.7")
    pbx.caller("AgentDump", Interface="PJSIP/1001", DestUniqueid="7.7")
    pbx.wait(2)
    assert len(pbx.of(ContactNotAnswered)) == 1
    assert not pbx.of(ContactFlowedOut)
    pbx.answer()
    assert len(pbx.of(ContactAnswered)) == 1


def test_a_waiting_caller_handed_over_by_an_attended_transfer_is_the_same_visit() -> None:
    pbx = Pbx()
    pbx.caller("QueueCallerJoin", "1.1")
    pbx.now += 3
    pbx.caller("Hangup", "1.1", Channel="PJSIP/1008-0000006c<ZOMBIE>")
    pbx.wait(1)
    pbx.answer("2.2")
    assert [queued.contact for queued in pbx.of(ContactQueued)] == ["src/1.1/consult"]
    assert [(answered.contact, answered.at) for answered in pbx.of(ContactAnswered)] == [
        ("src/1.1/consult", NOW + 4)
    ]
    assert not pbx.of(ContactLost)


# ── agents ──


def test_a_pause_of_one_person_comes_once_per_queue_and_keeps_its_reason() -> None:
    pbx = Pbx()
    for queue in ("consult", "callback"):
        pbx.member("QueueMemberAdded", queue=queue)
    pbx.take()
    for queue in ("consult", "callback"):
        pbx.member("QueueMemberPause", queue=queue, Paused="1", PausedReason="обед, 30")
    assert [(away.queue, away.reason) for away in pbx.of(AgentNotReady)] == [
        ("src/consult", "обед, 30"),
        ("src/callback", "обед, 30"),
    ]
    pbx.take()
    pbx.member("QueueMemberPause", Paused="0", PausedReason="back")
    assert [ready.queue for ready in pbx.of(AgentReady)] == ["src/consult"]


def test_pausing_again_is_said_again() -> None:
    pbx = Pbx()
    pbx.member("QueueMemberAdded")
    pbx.member("QueueMemberPause", Paused="1", PausedReason="break", LastPause=f"{NOW:.0f}")
    pbx.now += 14
    pbx.member("QueueMemberPause", Paused="1", PausedReason="break", LastPause=f"{NOW + 14:.0f}")
    assert [away.reason for away in pbx.of(AgentNotReady)] == ["break", "break"]


def test_an_automatic_pause_is_known_by_its_reason_alone() -> None:
    pbx = Pbx()
    pbx.member("QueueMemberAdded")
    pbx.member("QueueMemberPause", Paused="1", PausedReason="Auto-Pause")
    assert [away.automatic for away in pbx.of(AgentNotReady)] == [True]


def test_an_agent_logs_on_with_the_first_queue_and_off_with_the_last() -> None:
    pbx = Pbx()
    for event in ("QueueMemberAdded", "QueueMemberRemoved"):
        for queue in ("consult", "callback"):
            pbx.member(event, queue=queue)
    assert len(pbx.of(AgentLoggedOn)) == 1
    assert len(pbx.of(AgentLoggedOff)) == 1
    assert [change.member for change in pbx.of(AgentMembershipChanged)] == [True, True, False, False]


def test_a_member_whose_state_interface_changes_is_another_person() -> None:
    pbx = Pbx()
    pbx.member("QueueMemberAdded", "Local/7@agents", StateInterface="PJSIP/1007")
    pbx.take()
    pbx.member("QueueMemberStatus", "Local/7@agents", StateInterface="PJSIP/1008")
    assert [one.agent for one in pbx.of(AgentLoggedOff)] == ["src/PJSIP/1007"]
    assert [one.agent for one in pbx.of(AgentLoggedOn)] == ["src/PJSIP/1008"]
    pbx.take()
    pbx.member("QueueMemberRemoved", "Local/7@agents")
    assert [one.agent for one in pbx.of(AgentLoggedOff)] == ["src/PJSIP/1008"]


def test_an_agents_event_without_an_interface_is_of_nobody_known() -> None:
    pbx = Pbx()
    pbx.caller("QueueCallerJoin")
    pbx.caller("AgentCalled", DestUniqueid="9.9")
    pbx.caller("AgentConnect", DestUniqueid="9.9", HoldTime="4")
    assert [one.agent for one in pbx.of(ContactAnswered)] == ["src/"]


def test_two_interfaces_with_one_phone_are_one_person() -> None:
    pbx = Pbx()
    pbx.member("QueueMemberAdded", "PJSIP/1007", queue="consult")
    pbx.member("QueueMemberAdded", "Local/1007@from-queue/n", queue="promo", StateInterface="PJSIP/1007")
    assert {change.agent for change in pbx.of(AgentMembershipChanged)} == {"src/PJSIP/1007"}
    pbx.caller("QueueCallerJoin", queue="promo")
    pbx.answer(queue="promo", interface="Local/1007@from-queue/n")
    assert [answered.agent for answered in pbx.of(ContactAnswered)] == ["src/PJSIP/1007"]


def test_names_with_commas_quotes_pipes_escapes_and_utf8_survive() -> None:
    for name in ("Smith, John", "Peter O'Neil", 'Петров, "Пётр"', "a|b", "张三 客服", "C:\\new"):
        pbx = Pbx()
        pbx.member("QueueMemberAdded", MemberName=name)
        assert [change.name for change in pbx.of(AgentMembershipChanged)] == [name]


def test_names_of_callers_are_unescaped_in_events() -> None:
    for wire, name in (
        ("O\\'Hara", "O'Hara"),
        ('\\"x\\"', '"x"'),
        ("张三", "张三"),
        ("<unknown>", ""),
        ("a\\\\b", "a\\b"),
    ):
        pbx = Pbx()
        pbx.caller("QueueCallerJoin", CallerIDName=wire)
        assert [queued.caller_name for queued in pbx.of(ContactQueued)] == [name]


def test_a_phone_is_told_once_however_many_queues_repeat_it() -> None:
    pbx = Pbx()
    for queue in ("consult", "callback"):
        pbx.member("QueueMemberAdded", queue=queue)
    pbx.take()
    pbx.event("DeviceStateChange", Device="PJSIP/1001", State="INUSE")
    for queue in ("consult", "callback"):
        pbx.member("QueueMemberStatus", queue=queue, Status="2", InCall="1")
    assert [phone.state for phone in pbx.of(DeviceStateChanged)] == ["in_use"]


def test_a_late_member_status_does_not_contradict_the_phone_itself() -> None:
    pbx = Pbx()
    pbx.member("QueueMemberAdded")
    pbx.take()
    for state in ("RINGING", "INUSE"):
        pbx.event("DeviceStateChange", Device="PJSIP/1001", State=state)
    pbx.member("QueueMemberStatus", Status="6")
    assert [phone.state for phone in pbx.of(DeviceStateChanged)] == ["ringing", "in_use"]


def test_where_phones_are_not_told_the_member_status_is_the_phone() -> None:
    pbx = Pbx()
    pbx.member("QueueMemberAdded")
    pbx.take()
    for status in ("6", "2", "2", "1", "5"):
        pbx.member("QueueMemberStatus", Status=status)
    assert [phone.state for phone in pbx.of(DeviceStateChanged)] == [
        "ringing",
        "in_use",
        "idle",
        "unavailable",
    ]


def test_pseudo_devices_of_queues_are_no_phones() -> None:
    pbx = Pbx()
    pbx.event("DeviceStateChange", Device="Queue:promo_pause_PJSIP/1005", State="INUSE")
    assert not pbx.of(DeviceStateChanged)


def test_a_restart_loses_what_was_open() -> None:
    pbx = Pbx(accept=False)
    pbx.connect(uptime=5000)
    pbx.caller("QueueCallerJoin", "1.1")
    pbx.caller("QueueCallerJoin", "1.2")
    pbx.answer("1.2")
    pbx.now += 10
    pbx.event("Shutdown", Shutdown="Cleanly", Restart="True")
    pbx.hang_up_the_link()
    pbx.now += 5
    pbx.connect(uptime=2)
    assert [down.reason for down in pbx.of(SourceDown)] == ["restart"]
    assert [(lost.contact, lost.at) for lost in pbx.of(ContactLost)] == [
        ("src/1.1/consult", NOW + 10),
        ("src/1.2/consult", NOW + 10),
    ]


def test_a_reconnection_without_a_restart_loses_nothing_by_itself() -> None:
    pbx = Pbx(accept=False)
    pbx.connect(uptime=5000)
    pbx.caller("QueueCallerJoin")
    pbx.hang_up_the_link("reset")
    pbx.now += 5
    pbx.connect(uptime=5005)
    assert not pbx.of(ContactLost)
