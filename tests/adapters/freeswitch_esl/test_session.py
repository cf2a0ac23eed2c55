"""The session itself: greeting, login, subscription, pings, snapshots; and what every session must do."""

import pytest

from ccwall.adapter import Directory, Mode
from ccwall.errors import AuthRejected, LinkSilent, ProtocolError
from ccwall.events import (
    AgentLoggedOn,
    AgentMembershipChanged,
    AgentNotReady,
    AgentReady,
    ContactAnswered,
    ContactLost,
    ContactQueued,
    DeviceStateChanged,
    QueueDeclared,
    QueueDescribed,
    SourceDown,
    SourceGap,
    SourceLimited,
    SourceResyncFinished,
    SourceResyncStarted,
    SourceUp,
)
from ccwall_adapters.freeswitch_esl import EslSession, EslSettings, wire
from ccwall_adapters.freeswitch_esl.wire import AUTH_REQUEST
from tests.adapters.contract import NOW, PlainDirectory, SessionContract
from tests.adapters.freeswitch_esl.pbx import (
    ACCEPTED,
    CAPTURES,
    SETTINGS,
    Pbx,
    agent,
    first_bytes,
    live,
    talking,
    waiting,
)


class TestContract(SessionContract):
    wire = first_bytes(CAPTURES / "midshift" / "esl.wire.ndjson.gz", 64 << 10)
    greeting = AUTH_REQUEST + ACCEPTED

    def session(self, mode: Mode = "observe", directory: Directory | None = None) -> EslSession:
        return EslSession(SETTINGS, directory or PlainDirectory(wrap_up=5.0), mode)


class TestContractInJson(TestContract):
    wire = first_bytes(CAPTURES / "midshift" / "esl-json.wire.ndjson.gz", 64 << 10)


def opened() -> Pbx:
    pbx = Pbx("live", accept=False)
    pbx.facts += pbx.session.open(NOW)
    return pbx


def questions(pbx: Pbx) -> list[str]:
    return [one.line for one in wire.CommandLines().feed(pbx.session.outgoing())]


# ── login and subscription ──


def test_the_password_is_sent_when_it_is_asked_for_and_custom_comes_last() -> None:
    pbx = opened()
    assert questions(pbx) == []
    pbx.raw(wire.AUTH_REQUEST)
    assert questions(pbx) == ["auth s3cret"]
    pbx.raw(ACCEPTED)
    subscription, *lists = questions(pbx)
    assert subscription.startswith("event json ")
    assert subscription.endswith(" CUSTOM callcenter::info")
    assert lists == [
        "api status",
        "api callcenter_config queue list",
        "api callcenter_config agent list",
        "api callcenter_config tier list",
        "api show channels as json",
    ]


def test_events_may_be_asked_for_in_lines() -> None:
    pbx = Pbx("live", settings=EslSettings(password="x", format="plain"))
    assert questions(pbx)[0].startswith("event plain ")


def test_a_refused_password_says_where_to_look_and_never_the_password() -> None:
    pbx = opened()
    pbx.raw(wire.AUTH_REQUEST)
    with pytest.raises(AuthRejected, match=r"password.*event_socket\.conf\.xml") as caught:
        pbx.raw(wire.command_reply("-ERR invalid") + wire.disconnect_notice())
    assert "s3cret" not in str(caught.value)


def test_an_address_that_is_not_let_in_is_told_of_the_access_list() -> None:
    pbx = opened()
    with pytest.raises(AuthRejected, match=r"Access Denied, go away\..*apply-inbound-acl"):
        pbx.raw(wire.rude_rejection())


def test_an_observed_refusal_is_told_as_such() -> None:
    pbx = Pbx(accept=False)
    pbx.session.open(NOW)
    pbx.raw(wire.AUTH_REQUEST + wire.command_reply("-ERR invalid") + wire.disconnect_notice())
    pbx.hang_up_the_link()
    assert [down.reason for down in pbx.of(SourceDown)] == ["rejected"]
    assert not pbx.of(SourceUp)


def test_a_recording_that_begins_in_the_middle_is_understood() -> None:
    pbx = Pbx(accept=False)
    pbx.session.open(NOW)
    pbx.member("member-queue-start")
    assert pbx.of(SourceUp)
    assert pbx.of(ContactQueued)


# ── the snapshot ──


def test_the_truth_is_told_at_once_when_all_of_it_is_read() -> None:
    pbx = Pbx("live", accept=False)
    pbx.queues = {"first aid": (3, 1)}
    pbx.tiers = [("first aid", "1001@pbx"), ("first aid", "1002@pbx")]
    pbx.agents = [agent("1001@pbx"), agent("1002@pbx", "On Break", last_status_change=int(NOW) - 60)]
    pbx.members = [
        waiting("m1", "first aid", NOW - 30),
        talking("m2", "1001@pbx", NOW - 10, queue="first aid", joined_epoch=int(NOW) - 25),
        waiting("m3", "first aid", NOW - 90, state="Abandoned", session_uuid=""),
    ]
    pbx.connect()
    assert [type(fact) for fact in pbx.take()] == [SourceUp, SourceResyncStarted]
    pbx.answer_all()
    assert "api callcenter_config queue list members 'first aid'" in pbx.asked
    facts = pbx.facts
    assert isinstance(facts[-1], SourceResyncFinished)
    assert facts[-1].limits == ()
    assert [one.name for one in pbx.of(QueueDescribed)] == ["first aid"]
    assert pbx.of(QueueDeclared)[0].figures == {"calls_answered": 3.0, "calls_abandoned": 1.0}
    assert {one.agent for one in pbx.of(AgentMembershipChanged)} == {"src/1001@pbx", "src/1002@pbx"}
    (paused,) = pbx.of(AgentNotReady)
    assert (paused.agent, paused.reason, paused.at) == ("src/1002@pbx", "On Break", int(NOW) - 60)
    queued = {str(one.contact): one for one in pbx.of(ContactQueued)}
    assert queued.keys() == {"src/m1", "src/m2"}
    assert (queued["src/m1"].at, queued["src/m1"].inferred, queued["src/m1"].caller) == (
        NOW - 30,
        True,
        "13800138000",
    )
    (answered,) = pbx.of(ContactAnswered)
    assert (answered.agent, answered.at, answered.declared_wait) == ("src/1001@pbx", NOW - 10, 15.0)
    assert {one.state for one in pbx.of(DeviceStateChanged)} == {"idle"}


def test_what_is_asked_once_more_every_minute_shows_silent_changes() -> None:
    pbx = live()
    pbx.take()
    pbx.tiers = [("consult", "1001@pbx"), ("promo", "1001@pbx")]
    pbx.queues["promo"] = (1, 0)
    pbx.session.receive(wire.event([("Event-Name", "HEARTBEAT")]), NOW + 55)
    pbx.wait(60)
    pbx.answer_all()
    changes = [(one.agent, one.queue, one.member) for one in pbx.of(AgentMembershipChanged)]
    assert sorted(changes) == [("src/1001@pbx", "src/promo", True), ("src/1002@pbx", "src/consult", False)]
    assert [one.queue for one in pbx.of(QueueDeclared)] == ["src/promo"]
    assert not pbx.of(SourceResyncStarted)


def test_without_the_module_the_source_says_what_it_cannot_tell() -> None:
    pbx = Pbx("live")
    for _ in questions(pbx):
        pbx.raw(wire.command_reply("+OK") if not pbx.facts else b"")
    for _ in range(4):
        pbx.raw(wire.api_response("-ERR callcenter_config Command not found!\n"))
    pbx.raw(wire.api_response('{"row_count": 0}'))
    assert [one.limits for one in pbx.of(SourceResyncFinished)] == [("queues", "conversations")]


def test_lists_that_never_come_do_not_hold_up_the_source_for_ever() -> None:
    pbx = Pbx("live")
    for _ in range(13):
        pbx.event("HEARTBEAT")
        pbx.wait(2.5)
    assert [one.limits for one in pbx.of(SourceResyncFinished)] == [("queues", "conversations", "devices")]
    assert pbx.session.state == "live"


def test_an_agent_behind_a_gateway_makes_the_source_say_that_phones_are_not_all_known() -> None:
    pbx = live(agents=[agent("1001@pbx", contact="sofia/gateway/pstn/4930"), agent("1002@pbx")])
    assert pbx.of(SourceResyncFinished)[-1].limits == ("devices",)
    assert {one.agent: one.device for one in pbx.of(AgentLoggedOn)} == {
        "src/1001@pbx": None,
        "src/1002@pbx": "src/1002@pbx",
    }


def test_an_observed_client_that_asks_nothing_is_taken_as_it_is() -> None:
    pbx = Pbx()
    pbx.wait(5.5)
    assert [one.limits for one in pbx.of(SourceResyncFinished)] == [("queues", "conversations", "devices")]


def test_answers_to_somebodys_background_jobs_are_read() -> None:
    pbx = Pbx()
    pbx.session.sent(b"bgapi callcenter_config agent list\n\n", NOW)
    pbx.raw(wire.command_reply("+OK Job-UUID: j1", ("Job-UUID", "j1")))
    rows = "name|contact|status\n1001@pbx|user/1001@pbx|On Break\n+OK\n"
    headers = [
        ("Event-Name", "BACKGROUND_JOB"),
        ("Job-Command", "callcenter_config"),
        ("Job-Command-Arg", "agent list"),
    ]
    pbx.raw(wire.event(headers, "plain", rows))
    pbx.wait(5.5)
    pbx.offer()  # tells of the tier
    assert [one.reason for one in pbx.of(AgentNotReady)] == ["On Break"]


# ── silence, goodbyes, lost bytes ──


def test_a_silent_link_is_asked_every_three_seconds_and_given_up_within_ten() -> None:
    pbx = live()
    questions(pbx)
    pbx.wait(3)
    assert questions(pbx) == ["api uptime"]
    pbx.wait(3)
    assert questions(pbx) == ["api uptime"]
    with pytest.raises(LinkSilent, match="not even to a question"):
        pbx.wait(4)


def test_an_answer_keeps_the_link_alive() -> None:
    pbx = live()
    for _ in range(30):
        pbx.wait(3)
        pbx.answer_all()


def test_a_shutdown_is_told_as_a_restart_with_the_words_of_the_pbx() -> None:
    pbx = live()
    pbx.raw(wire.disconnect_notice(wire.SHUTTING_DOWN))
    pbx.hang_up_the_link()
    (down,) = pbx.of(SourceDown)
    assert (down.reason, down.detail) == ("restart", "The system is being shut down.")


def test_a_listener_that_was_too_slow_has_a_gap_since_the_last_lists() -> None:
    pbx = live()
    pbx.wait(2)
    pbx.raw(wire.disconnect_notice(wire.LOST_EVENTS))
    pbx.hang_up_the_link()
    (gap,) = pbx.of(SourceGap)
    assert (gap.since, gap.at, gap.reason) == (NOW, pbx.now, "lost events")
    assert pbx.of(SourceDown)[0].detail == "killed listener because of lost events"


def test_after_lost_bytes_the_truth_is_asked_again() -> None:
    pbx = live()
    pbx.member("member-queue-start")
    pbx.member("member-queue-start", "m2")
    questions(pbx)
    facts = pbx.session.skipped(NOW, pbx.now)
    assert [type(fact) for fact in facts[-2:]] == [SourceGap, SourceResyncStarted]
    pbx.raw(wire.api_response("x" * 200)[120:])  # the rest of a message whose beginning was thrown away
    pbx.members = [waiting("m1")]
    pbx.answer_all()
    pbx.wait(1.1)
    assert [lost.contact for lost in pbx.of(ContactLost)] == ["src/m2"]
    assert pbx.session.state == "live"


def test_a_second_pbx_at_the_port_is_known_by_what_it_says() -> None:
    session = EslSession(SETTINGS, PlainDirectory(), "live")
    session.open(NOW)
    with pytest.raises(ProtocolError, match=r"event_socket\.conf\.xml, usually 8021"):
        session.receive(b"Asterisk Call Manager/11.0.0\r\n", NOW)


def test_the_product_is_what_the_pbx_calls_itself() -> None:
    assert live().of(SourceUp)[-1].product == "FreeSWITCH 1.10.12-release"


def test_a_clock_that_goes_wrong_is_not_believed() -> None:
    pbx = Pbx()
    for stamp, wanted in ((NOW - 1.5, NOW - 1.5), (NOW - 3600, NOW), (NOW + 5, NOW)):
        pbx.member("member-queue-start", f"m{stamp}", Event_Date_Timestamp=str(int(stamp * 1e6)))
        assert pbx.of(ContactQueued)[-1].at == wanted


def test_xml_is_counted_and_said_to_be_nothing_we_read() -> None:
    pbx = Pbx()
    pbx.session.sent(b"event xml ALL\n\n", NOW)
    pbx.raw(wire.command_reply("+OK event listener enabled xml"))
    (limited,) = pbx.of(SourceLimited)
    assert limited.limit.startswith("anything (events were asked for as XML")
    assert pbx.session.counts["command/reply"] == 2


def test_a_refused_subscription_changes_nothing() -> None:
    pbx = Pbx()
    pbx.session.sent(b"event plain CUSTOM callcenter::info ALL\n\nevent plain NOSUCH\n\n", NOW)
    pbx.raw(wire.command_reply("-ERR no keywords supplied") * 2)
    assert not pbx.of(SourceLimited)


def test_ready_is_said_of_all_queues_at_once() -> None:
    assert [one.queue for one in live().of(AgentReady)] == [None, None]
