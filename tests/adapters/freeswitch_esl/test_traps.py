"""The traps of mod_callcenter, one by one; the numbers are those of docs/adapters/freeswitch.md."""

import pytest

from ccwall.adapter import Known
from ccwall.events import (
    AgentId,
    AgentLoggedOff,
    AgentLoggedOn,
    AgentMembershipChanged,
    AgentNotReady,
    AgentReady,
    AgentWorkingAfterCall,
    ContactAbandoned,
    ContactAlerting,
    ContactAnswered,
    ContactFlowedOut,
    ContactHeld,
    ContactId,
    ContactLost,
    ContactNotAnswered,
    ContactQueued,
    ContactReleased,
    ContactRetrieved,
    ContactTransferred,
    DeviceStateChanged,
    QueueId,
)
from ccwall_adapters.freeswitch_esl.wire import CommandLines
from tests.adapters.contract import NOW, PlainDirectory
from tests.adapters.freeswitch_esl.pbx import Pbx, agent, kinds, live, talking, waiting


def queued() -> Pbx:
    """Somebody has waited for ten seconds."""
    pbx = Pbx()
    pbx.wait(6)
    pbx.take()
    pbx.member("member-queue-start")
    pbx.now += 10
    return pbx


# ── leaving without an answer ──


@pytest.mark.parametrize("reason", ["BREAK_OUT", "NONE"])
def test_1_a_caller_who_hangs_up_breaks_out(reason: str) -> None:
    pbx = queued()
    pbx.cancel(reason, CC_Member_Joined_Time="1800000006", CC_Member_Leaving_Time="1800000016")
    pbx.hang_up()
    (abandoned,) = pbx.of(ContactAbandoned)
    assert (abandoned.at, abandoned.cause, abandoned.declared_wait) == (pbx.now, "hangup", 10.0)
    assert kinds(pbx.facts) == ["queued", "abandoned", "cleared"]


@pytest.mark.parametrize(
    ("reason", "cause"), [("TIMEOUT", "timeout"), ("NO_AGENT_TIMEOUT", "no_agents"), ("EXIT_WITH_KEY", "key")]
)
def test_1_every_other_exit_has_its_reason(reason: str, cause: str) -> None:
    pbx = queued()
    pbx.cancel(reason, Answer_State="answered")
    assert [one.cause for one in pbx.of(ContactFlowedOut)] == [cause]
    assert not pbx.of(ContactAbandoned)


def test_2_a_caller_taken_out_of_the_queue_has_not_hung_up() -> None:
    pbx = queued()
    pbx.cancel("BREAK_OUT", Answer_State="answered")
    assert [one.cause for one in pbx.of(ContactFlowedOut)] == ["withdrawn"]


def test_3_a_shutdown_abandons_nobody() -> None:
    pbx = queued()
    pbx.cancel("BREAK_OUT", Hangup_Cause="SYSTEM_SHUTDOWN")
    (lost,) = pbx.of(ContactLost)
    assert (lost.reason, lost.exit_known, lost.at) == ("shutdown", True, pbx.now)
    assert not pbx.of(ContactAbandoned)


def test_3_a_shutdown_told_by_the_channel_alone_abandons_nobody() -> None:
    pbx = queued()
    pbx.hang_up(cause="SYSTEM_SHUTDOWN")
    pbx.wait(1.1)
    assert [one.reason for one in pbx.of(ContactLost)] == ["shutdown"]


# ── picking up ──


def test_4_an_answer_counts_when_the_two_hear_each_other() -> None:
    pbx = queued()
    pbx.offer()
    pbx.now += 3
    pbx.pick_up()
    picked_up = pbx.now
    assert not pbx.of(ContactAnswered)
    pbx.now += 0.06
    pbx.event("CHANNEL_BRIDGE", Unique_ID="s-m1")
    (answered,) = pbx.of(ContactAnswered)
    assert (answered.at, answered.agent, answered.member) == (picked_up, "src/1001@pbx", "1001@pbx")


def test_4_the_agents_own_state_tells_it_too_and_after_a_second_nothing_needs_to() -> None:
    for tell in ("state", "time"):
        pbx = queued()
        pbx.pick_up()
        picked_up = pbx.now
        if tell == "state":
            pbx.info("agent-state-change", CC_Agent="1001@pbx", CC_Agent_State="In a queue call")
        else:
            pbx.wait(1.0)
        assert [one.at for one in pbx.of(ContactAnswered)] == [picked_up]


def not_bridged(pbx: Pbx) -> None:
    pbx.member("bridge-agent-end", CC_Agent="1001@pbx", CC_Agent_UUID="leg-m1", CC_Agent_Bridged="false")


def test_4_a_caller_who_hangs_up_as_the_agent_picks_up_was_not_answered() -> None:
    pbx = queued()
    pbx.offer()
    pbx.pick_up()
    pbx.hang_up()
    gone = pbx.now
    not_bridged(pbx)
    pbx.wait(1.0)  # no member-queue-end ever comes
    assert [one.at for one in pbx.of(ContactAbandoned)] == [gone]
    assert not pbx.of(ContactAnswered)
    assert [one.cancelled for one in pbx.of(ContactNotAnswered)] == [True]


def test_4_the_queues_own_word_may_come_before_the_bridge_fails() -> None:
    pbx = queued()
    pbx.pick_up()
    pbx.cancel("NONE")
    not_bridged(pbx)
    pbx.hang_up()
    pbx.wait(2)
    assert kinds(pbx.facts) == ["queued", "abandoned", "cleared"]


def test_4_a_failed_bridge_leaves_the_caller_in_the_queue() -> None:
    pbx = queued()
    pbx.offer()
    pbx.pick_up()
    not_bridged(pbx)
    pbx.wait(2)
    pbx.offer("1002@pbx")
    pbx.answer("1002@pbx")
    assert kinds(pbx.facts) == ["queued", "alerting", "not_answered", "alerting", "answered"]
    assert pbx.of(ContactAnswered)[0].agent == "src/1002@pbx"


def test_4_when_the_link_is_lost_in_that_moment_the_answer_is_believed() -> None:
    pbx = queued()
    pbx.pick_up()
    pbx.hang_up_the_link()
    assert pbx.of(ContactAnswered)


# ── coming back ──


def test_5_a_caller_who_comes_back_and_takes_over_the_old_place_is_a_second_visit() -> None:
    pbx = queued()
    pbx.cancel("BREAK_OUT")
    pbx.hang_up()
    pbx.now += 20
    pbx.member("member-queue-resume", CC_Member_Session_UUID="s-again")
    back = pbx.now
    pbx.now += 4
    pbx.pick_up()
    pbx.event("CHANNEL_BRIDGE", Unique_ID="s-again")
    first, second = pbx.of(ContactQueued)
    assert (first.contact, second.contact) == ("src/m1", "src/m1/2")
    assert (second.at, second.call) == (back, "s-again")
    assert [one.contact for one in pbx.of(ContactAnswered)] == ["src/m1/2"]


def test_5_the_same_channel_may_come_back_too() -> None:
    """After TIMEOUT the dialplan may send the caller into the same queue again."""
    pbx = queued()
    pbx.cancel("TIMEOUT", Answer_State="answered")
    pbx.now += 3
    pbx.member("member-queue-resume")
    pbx.now += 4
    pbx.answer()
    assert [(one.contact, one.call, one.inferred) for one in pbx.of(ContactQueued)] == [
        ("src/m1", "s-m1", False),
        ("src/m1/2", "s-m1", False),
    ]
    assert kinds(pbx.facts) == ["queued", "flowed_out", "queued", "answered"]


def test_5_who_came_back_just_before_the_list_that_shows_it_came_back_once() -> None:
    pbx = live(members=[waiting("m1", joined=NOW - 300, rejoined_epoch=int(NOW) - 1)])
    pbx.member("member-queue-resume")
    assert [one.contact for one in pbx.of(ContactQueued)] == ["src/m1"]
    assert not pbx.of(ContactLost)


@pytest.mark.parametrize("told_by", ["event", "list"])
def test_5_who_left_and_came_back_unheard_is_a_second_visit(told_by: str) -> None:
    pbx = live(members=[waiting("m1", joined=NOW - 20)])
    pbx.pass_time(5)
    pbx.hang_up_the_link()
    pbx.take()
    pbx.now += 30
    if told_by == "event":
        pbx.connect()
        pbx.member("member-queue-resume")
    pbx.members = [waiting("m1", joined=NOW - 20, rejoined_epoch=int(pbx.now) - 10 * (told_by == "list"))]
    if told_by == "event":
        pbx.answer_all()
    else:
        pbx.live_again()
    assert [one.contact for one in pbx.of(ContactQueued) if one.contact != "src/m1"][:1] == ["src/m1/2"]
    assert [(one.contact, one.reason) for one in pbx.of(ContactLost)] == [("src/m1", "came back")]


def test_5_a_list_shows_somebody_who_came_back_with_the_time_of_that() -> None:
    row = waiting("m1", joined=NOW - 300, rejoined_epoch=int(NOW) - 20)
    assert [one.at for one in live(members=[row]).of(ContactQueued)] == [NOW - 20]


def test_5_what_is_heard_of_a_visit_that_is_over_is_not_a_new_one() -> None:
    pbx = queued()
    pbx.offer()
    pbx.cancel("BREAK_OUT")
    before = len(pbx.facts)
    pbx.fail("ORIGINATOR_CANCEL")
    pbx.member("member-queue-start")
    pbx.offer("1002@pbx")
    assert kinds(pbx.facts[before:]) == []


# ── phones that ring ──


@pytest.mark.parametrize("cause", ["LOSE_RACE", "ORIGINATOR_CANCEL", "PICKED_OFF"])
def test_6_nobody_is_to_blame_when_somebody_else_was_quicker(cause: str) -> None:
    pbx = queued()
    pbx.offer()
    pbx.now += 8
    pbx.fail(cause)
    (failed,) = pbx.of(ContactNotAnswered)
    assert (failed.cancelled, failed.ring_time) == (True, 0.0)


@pytest.mark.parametrize(
    ("cause", "rang"),
    [("NO_ANSWER", True), ("ALLOTTED_TIMEOUT", True), ("USER_BUSY", False), ("CALL_REJECTED", False)],
)
def test_6_left_ringing_is_not_the_same_as_busy_or_rejected(cause: str, rang: bool) -> None:
    pbx = queued()
    pbx.offer()
    pbx.now += 8
    pbx.fail(cause)
    (failed,) = pbx.of(ContactNotAnswered)
    assert failed.ring_time == pytest.approx(8.0 if rang else 0.0)
    assert not failed.cancelled


def test_6_when_all_ring_and_one_answers_the_others_are_not_to_blame() -> None:
    pbx = queued()
    for name in ("1001@pbx", "1002@pbx", "1003@pbx"):
        pbx.offer(name)
    pbx.fail("LOSE_RACE", "1003@pbx")  # may come before the winner is told
    pbx.answer("1001@pbx")
    pbx.fail("LOSE_RACE", "1002@pbx")
    failed = pbx.of(ContactNotAnswered)
    assert {one.agent for one in failed} == {"src/1002@pbx", "src/1003@pbx"}
    assert all(one.cancelled for one in failed)
    assert len(pbx.of(ContactAlerting)) == 3


def test_6_a_caller_who_leaves_while_it_rings_blames_nobody() -> None:
    pbx = queued()
    pbx.offer()
    pbx.cancel("BREAK_OUT")
    pbx.fail("ORIGINATOR_CANCEL")
    assert [one.cancelled for one in pbx.of(ContactNotAnswered)] == [True]


# ── conversations ──


def test_7_who_hung_up_first_is_seen_on_the_callers_channel() -> None:
    for state, by in (("hangup", "caller"), ("answered", "agent")):
        pbx = queued()
        pbx.answer()
        if by == "caller":
            pbx.hang_up()
        pbx.end(Answer_State=state, CC_Hangup_Cause="SUCCESS")
        assert [one.by for one in pbx.of(ContactReleased)] == [by]


def test_7_a_transfer_frees_the_agent() -> None:
    pbx = queued()
    pbx.answer()
    pbx.now += 30
    pbx.end(variable_transfer_source=f"{int(pbx.now)}:uuid:bl_xfer:9999/default/XML")
    (moved,) = pbx.of(ContactTransferred)
    assert (moved.kind, moved.to, moved.at) == ("blind", "9999", pbx.now)
    assert [one.by for one in pbx.of(ContactReleased)] == ["transfer"]


def test_7_a_transfer_of_before_the_queue_is_none_of_this_agents() -> None:
    pbx = queued()
    pbx.answer()
    pbx.end(variable_transfer_source=f"{int(NOW) - 60}:uuid:bl_xfer:9999/default/XML")
    assert not pbx.of(ContactTransferred)


def test_7_work_after_the_call_lasts_as_the_agent_list_says() -> None:
    pbx = live(agents=[agent("1001@pbx", wrap_up_time=12)])
    pbx.member("member-queue-start")
    pbx.answer()
    pbx.end()
    (wrap,) = pbx.of(AgentWorkingAfterCall)
    assert wrap.until == pbx.now + 12


def test_8_a_hold_is_seen_on_the_agents_leg_alone() -> None:
    pbx = queued()
    pbx.answer()
    pbx.event("CHANNEL_HOLD", Unique_ID="leg-m1")
    pbx.event("CHANNEL_HOLD", Unique_ID="leg-m1")
    pbx.event("CHANNEL_UNHOLD", Unique_ID="another", variable_cc_side="agent", variable_cc_member_uuid="m1")
    pbx.event("CHANNEL_HOLD", Unique_ID="s-m1", variable_cc_side="member", variable_cc_member_uuid="m1")
    assert (len(pbx.of(ContactHeld)), len(pbx.of(ContactRetrieved))) == (1, 1)


# ── lists ──


def test_9_rows_of_the_abandoned_are_of_nobody_who_is_there() -> None:
    rows = [
        waiting("m1", state="Abandoned", abandoned_epoch=int(NOW) - 5, session_uuid=""),
        talking("m2", state="Abandoned", session_uuid=""),
    ]
    assert not live(members=rows).of(ContactQueued)


def test_9_an_event_of_before_the_list_may_follow_it() -> None:
    pbx = live(members=[waiting("m1", joined=NOW - 3)])
    pbx.member("member-queue-start")
    assert len(pbx.of(ContactQueued)) == 1
    pbx.cancel("TIMEOUT")
    pbx.members = []
    pbx.pass_time(70)
    assert kinds(pbx.facts) == ["queued", "flowed_out"]


def test_9_who_joined_as_the_list_was_written_is_not_missed_in_it() -> None:
    pbx = live()
    pbx.pass_time(57.5)
    pbx.member("member-queue-start")
    pbx.pass_time(2.5)
    assert pbx.asked.count("api callcenter_config queue list") == 2
    assert not pbx.of(ContactLost)
    pbx.pass_time(7.5)  # they are asked again soon, and by then somebody who is nowhere is gone
    assert [one.reason for one in pbx.of(ContactLost)] == ["not in the snapshot"]


def test_9_what_a_list_lacks_gets_a_second_for_its_own_event() -> None:
    pbx = live(members=[waiting("m1", joined=NOW - 20)])
    pbx.members = []
    pbx.pass_time(57.5)
    pbx.wait(1.5)
    pbx.answer_all()
    assert pbx.asked.count("api callcenter_config queue list") == 2
    pbx.cancel("TIMEOUT")
    pbx.wait(2)
    assert not pbx.of(ContactLost)
    assert len(pbx.of(ContactFlowedOut)) == 1


# ── agents ──


def test_a_status_is_of_the_person_in_all_queues() -> None:
    pbx = live(tiers=[("consult", "1001@pbx"), ("promo", "1001@pbx")])
    pbx.take()
    pbx.info("agent-status-change", CC_Agent="1001@pbx", CC_Agent_Status="On Break")
    assert [(one.reason, one.queue, one.automatic) for one in pbx.of(AgentNotReady)] == [
        ("On Break", None, False)
    ]
    pbx.info("agent-status-change", CC_Agent="1001@pbx", CC_Agent_Status="On Break")
    assert len(pbx.of(AgentNotReady)) == 1  # said again, but nothing began
    pbx.info("agent-status-change", CC_Agent="1001@pbx", CC_Agent_Status="Logged Out")
    assert [one.agent for one in pbx.of(AgentLoggedOff)] == ["src/1001@pbx"]
    assert [one.member for one in pbx.of(AgentMembershipChanged)] == [False, False]
    pbx.info("agent-status-change", CC_Agent="1001@pbx", CC_Agent_Status="Available (On Demand)")
    assert [one.agent for one in pbx.of(AgentLoggedOn)] == ["src/1001@pbx"]
    assert len(pbx.of(AgentReady)) == 1


def test_a_status_that_the_pbx_sets_after_calls_not_answered_is_automatic() -> None:
    pbx = live()
    pbx.take()
    pbx.info("agent-max-no-answer", CC_Agent="1001@pbx", CC_Agent_No_Answer_Status="On Break")
    pbx.info("agent-status-change", CC_Agent="1001@pbx", CC_Agent_Status="On Break")
    assert [one.automatic for one in pbx.of(AgentNotReady)] == [True]


class OnePerson(PlainDirectory):
    def agent(self, *keys: str) -> AgentId:
        return AgentId("wang")


@pytest.mark.parametrize("how", ["tier", "status", "deleted"])
def test_a_person_who_is_two_agents_logs_off_with_the_last_of_them(how: str) -> None:
    pbx = Pbx("live", accept=False, directory=OnePerson())
    pbx.tiers = [("consult", "1001@pbx"), ("promo", "1002@pbx")]
    pbx.live_again()
    pbx.take()
    for name, queue in (("1001@pbx", "consult"), ("1002@pbx", "promo")):
        assert not pbx.of(AgentLoggedOff)
        if how == "status":
            pbx.agents = [agent(name, "Logged Out") if one["name"] == name else one for one in pbx.agents]
            pbx.info("agent-status-change", CC_Agent=name, CC_Agent_Status="Logged Out")
        if how == "deleted":
            pbx.agents = [one for one in pbx.agents if one["name"] != name]
        pbx.tiers.remove((queue, name))
        pbx.pass_time(65)
    assert [(one.queue, one.interface, one.member) for one in pbx.of(AgentMembershipChanged)] == [
        ("src/consult", "1001@pbx", False),
        ("src/promo", "1002@pbx", False),
    ]
    assert [one.agent for one in pbx.of(AgentLoggedOff)] == ["wang"]


def test_an_agent_without_a_tier_serves_nobody() -> None:
    pbx = live(tiers=[])
    assert not pbx.of(AgentLoggedOn)
    pbx.offer("1001@pbx")  # a tier that no list has told yet
    assert [one.queue for one in pbx.of(AgentMembershipChanged)] == ["src/consult"]


# ── phones ──


def channel(pbx: Pbx, name: str, uid: str = "c1", **headers: str) -> None:
    told = {"Unique_ID": uid, "Channel_Presence_ID": "1001@pbx", "Call_Direction": "outbound"}
    pbx.event(f"CHANNEL_{name}", **(told | headers))


def test_a_phone_rings_talks_holds_and_falls_silent() -> None:
    pbx = live()
    pbx.take()
    for name in ("CREATE", "ANSWER", "HOLD", "UNHOLD", "HANGUP_COMPLETE"):
        channel(pbx, name)
    assert [one.state for one in pbx.of(DeviceStateChanged)] == [
        "ringing",
        "in_use",
        "on_hold",
        "in_use",
        "idle",
    ]
    assert {one.agent for one in pbx.of(DeviceStateChanged)} == {"src/1001@pbx"}


def test_a_phone_that_dials_itself_is_in_use_and_one_that_is_nobodys_says_nothing() -> None:
    pbx = live()
    pbx.take()
    channel(pbx, "CREATE", Call_Direction="inbound")
    channel(pbx, "CREATE", "c2", Channel_Presence_ID="reception@pbx")
    channel(pbx, "CREATE", "c3", Channel_Presence_ID="")
    assert [one.state for one in pbx.of(DeviceStateChanged)] == ["in_use"]


def test_a_phone_is_what_the_channels_say_when_we_come() -> None:
    there = {"uuid": "c1", "presence_id": "1001@pbx", "direction": "outbound", "callstate": "RINGING"}
    states = {one.device: one.state for one in live(channels=[there]).of(DeviceStateChanged)}
    assert states == {"src/1001@pbx": "ringing", "src/1002@pbx": "idle"}


def test_an_agent_who_moves_to_another_phone_is_followed() -> None:
    pbx = live()
    pbx.take()
    pbx.info("agent-contact-change", CC_Agent="1001@pbx", CC_Agent_Contact="[leg_timeout=9]user/7001@pbx")
    channel(pbx, "CREATE", "c9", Channel_Presence_ID="7001@pbx")
    channel(pbx, "CREATE", "c8", Channel_Presence_ID="1001@pbx")
    assert [(one.device, one.agent) for one in pbx.of(DeviceStateChanged)] == [
        ("src/7001@pbx", "src/1001@pbx")
    ]


# ── losses of the link ──


def test_a_restart_loses_who_was_there_and_keeps_who_comes_after() -> None:
    pbx = live(members=[waiting("m1"), talking("m2")])
    pbx.pass_time(5)
    lost_at = pbx.now
    pbx.hang_up_the_link()
    pbx.now += 4
    pbx.booted, pbx.members = pbx.now - 2, [waiting("m1", state="Abandoned", session_uuid="")]
    pbx.live_again()
    assert {(one.contact, one.at, one.reason) for one in pbx.of(ContactLost)} == {
        ("src/m1", lost_at, "restart"),
        ("src/m2", lost_at, "restart"),
    }


def test_another_core_is_another_pbx_even_if_nobody_asked_for_its_age() -> None:
    pbx = queued()
    pbx.hang_up_the_link()
    pbx.core = "decade"
    pbx.connect()
    pbx.member("member-queue-start", "m2")
    assert [one.contact for one in pbx.of(ContactLost)] == ["src/m1"]


def test_after_an_outage_who_waits_waits_on_and_who_is_gone_is_lost_since_then() -> None:
    pbx = live(members=[waiting("m1"), waiting("m2"), waiting("m3")])
    lost_at = pbx.now
    pbx.hang_up_the_link()
    pbx.take()
    pbx.now += 30
    pbx.members = [waiting("m1"), talking("m2", bridged=pbx.now - 10)]
    pbx.live_again()
    assert [one.contact for one in pbx.of(ContactAnswered)] == ["src/m2"]
    assert [(one.contact, one.at) for one in pbx.of(ContactLost)] == [("src/m3", lost_at)]


def test_visits_of_before_ccwall_was_restarted_keep_their_ids() -> None:
    pbx = Pbx("live", accept=False)
    pbx.session.remember(
        Known(contact=ContactId(contact), queue=QueueId("src/consult"), call=call, queued=NOW - 50, over=over)
        for contact, call, over in (
            ("src/m1/2", "s-m1", False),
            ("src/m2", "s-m2", False),
            ("src/m3", "s-m3", True),
        )
    )
    pbx.members = [waiting("m1"), waiting("m3", session_uuid="s-new")]
    pbx.live_again()
    assert {one.contact for one in pbx.of(ContactQueued)} >= {"src/m1/2", "src/m3/2"}
    assert [one.contact for one in pbx.of(ContactLost)] == ["src/m2"]
    assert "src/m1" not in {one.contact for one in pbx.of(ContactQueued)}


def test_what_ends_while_the_lists_are_read_is_told_from_its_beginning() -> None:
    pbx = Pbx("live")
    pbx.members = [talking("m1")]
    for _ in range(2):  # the lists, then who is in the queues; the last one is never told
        lines = [one.line for one in CommandLines().feed(pbx.session.outgoing())]
        for line in lines if "members" not in lines[0] else lines[:-1]:
            pbx.raw(pbx.answer_to(line))
    pbx.end()
    pbx.facts += pbx.session.close(pbx.now)
    assert kinds(pbx.facts) == ["queued", "answered", "released"]
