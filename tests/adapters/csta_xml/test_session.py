"""The session itself: greeting, application session, pings, monitors, snapshots; and what every session must do."""

import pytest

from ccwall.adapter import Directory, Known, Mode
from ccwall.errors import AuthRejected, LinkSilent, ProtocolError
from ccwall.events import (
    AgentId,
    AgentLoggedOff,
    AgentLoggedOn,
    AgentNotReady,
    ContactAnswered,
    ContactId,
    ContactLost,
    ContactQueued,
    DeviceFault,
    DeviceStateChanged,
    QueueId,
    SourceDown,
    SourceGap,
    SourceLimited,
    SourceResyncFinished,
    SourceUp,
)
from ccwall_adapters.csta_xml import CstaSession, CstaSettings, book
from ccwall_adapters.csta_xml.frame import EVENT, Frames, framed
from ccwall_adapters.csta_xml.reading import read
from ccwall_adapters.csta_xml.writing import SESSION_NAMESPACE, leaf, tag
from tests.adapters.contract import NOW, PlainDirectory, SessionContract, encoded, play
from tests.adapters.csta_xml.fuzz import DIVERSE, GREETING, recorded
from tests.adapters.csta_xml.switch import CALLER, Switch


class TestContract(SessionContract):
    greeting = GREETING
    half = GREETING[:20]
    wire, loop = recorded(5, 40.0)
    settings = loop.settings

    def session(self, mode: Mode = "observe", directory: Directory | None = None) -> CstaSession:
        return CstaSession(self.settings, directory or PlainDirectory(), mode)


@pytest.mark.parametrize("variant", [None, DIVERSE], ids=["plain", "diverse"])
def test_a_recording_gives_the_facts_of_the_living_session(variant: object) -> None:
    """What the living session told live, an observer of the same bytes tells too, and nothing else."""
    steps, loop = recorded(6, 120.0, DIVERSE if variant else None)
    observer = CstaSession(loop.settings, PlainDirectory(), "observe")
    facts = [*play(observer, steps), *observer.tick(loop.now)]
    ended = next(i for i, fact in enumerate(facts) if isinstance(fact, SourceResyncFinished))
    kinds = ("contact.released", "contact.answered", "contact.transferred", "agent.not_ready")
    after = facts[ended].at + 10.0

    def told(of: list[bytes]) -> list[bytes]:
        return [fact for fact in of if any(kind.encode() in fact for kind in kinds)]

    live = [fact for fact in loop.facts if fact.at > after]
    assert told(encoded([fact for fact in facts if fact.at > after])) == told(encoded(live))
    assert len(told(encoded(live))) > 5


# ── greeting and session ──


def session_answer(name: str, *inner: str) -> bytes:
    return framed(0, f'<{name} xmlns="{SESSION_NAMESPACE}">{"".join(inner)}</{name}>'.encode())


GRANTED = session_answer(
    "StartApplicationSessionPosResponse", leaf("sessionID", "S1"), leaf("actualSessionDuration", "20")
)
WITH_SESSION = CstaSettings(devices=("3001",), groups=("6001",), session=60.0)


def test_a_session_is_asked_for_and_renewed_before_it_expires() -> None:
    switch = Switch(settings=WITH_SESSION, accept=False)
    switch.connect()
    (_, first), *_ = switch.asked
    assert first.name == "StartApplicationSession"
    assert first.within("requestedSessionDuration") == "60"
    assert first.within("requestedProtocolVersions", "protocolVersion").endswith("/csta/ed4")
    switch.raw(GRANTED)
    switch.serve()
    assert switch.session.state == "live"
    switch.wait(35)
    renewals = [message for _, message in switch.asked if message.name == "ResetApplicationSessionTimer"]
    assert [one.within("sessionID") for one in renewals] == ["S1"] * 3


def test_a_refused_session_says_who_and_what_to_check() -> None:
    switch = Switch(settings=WITH_SESSION, accept=False)
    switch.connect()
    error = tag("errorCode", leaf("definedError", "invalidApplicationInfo"))
    with pytest.raises(AuthRejected, match=r"'ccwall'.*invalidApplicationInfo.*Check"):
        switch.raw(session_answer("StartApplicationSessionNegResponse", error))
    switch.lose_the_link("rejected")
    assert switch.of(SourceDown)[0].reason == "rejected"


@pytest.mark.parametrize("answer", [True, False], ids=["says so", "says nothing"])
def test_a_switch_without_sessions_is_used_without(answer: bool) -> None:
    switch = Switch(settings=WITH_SESSION, accept=False)
    switch.connect()
    if answer:
        switch.raw(framed(0, switch.xml("CSTAErrorCode", leaf("operation", "generic"))))
        switch.serve()
    else:
        switch.raw(framed(9, switch.xml("SystemStatus", leaf("systemStatus", "normal"))))
        switch.wait(11)
    assert switch.session.state == "live"


def test_a_session_that_the_switch_ends_ends_the_connection() -> None:
    switch = Switch(settings=WITH_SESSION, accept=False)
    switch.connect()
    switch.raw(GRANTED)
    with pytest.raises(ProtocolError, match="ends the application session"):
        switch.raw(session_answer("ApplicationSessionTerminated", leaf("sessionID", "S1")))


def test_what_the_switch_asks_is_answered_with_its_own_invoke_id() -> None:
    switch = Switch()
    (answer,) = switch.ask("SystemStatus", leaf("systemStatus", "normal"), invoke=4321)
    assert answer.name == "SystemStatusResponse"
    (answer,) = switch.ask("RequestSystemStatus")
    assert answer.within("systemStatus") == "normal"
    (answer,) = switch.ask("MakeCoffee")
    assert answer.name == "CSTAErrorCode"
    assert switch.session.counts["unknown:MakeCoffee"] == 1


def test_a_silent_link_is_pinged_and_given_up() -> None:
    switch = Switch()
    switch.asked.clear()
    switch.wait(30)
    assert {message.name for _, message in switch.asked} == {"RequestSystemStatus"}
    switch.deaf = True
    with pytest.raises(LinkSilent, match="not even to RequestSystemStatus"):
        switch.wait(12)
    switch.lose_the_link("silent")
    assert switch.now - switch.of(SourceDown)[0].at > 9


def test_a_ping_at_pace_is_in_real_seconds() -> None:
    switch = Switch()
    switch.session.at_pace(20.0)
    switch.deaf = True
    switch.wait(150)
    assert switch.session.state == "live"


# ── monitors and snapshots ──


def test_everything_configured_is_monitored_and_asked() -> None:
    switch = Switch()
    names = [message.name for _, message in switch.asked]
    assert names.count("MonitorStart") == names.count("SnapshotDevice") == 4
    assert names.count("GetAgentState") == 2
    first = next(message for _, message in switch.asked if message.name == "MonitorStart")
    assert first.within("monitorObject", "deviceObject") == "3001"
    assert first.within("monitorType") == "device"
    assert switch.session.state == "live"
    assert switch.of(SourceUp)[0].product == "CSTA III ed4"
    assert switch.of(SourceResyncFinished)[0].limits == ()


def test_questions_go_out_a_few_at_a_time() -> None:
    settings = CstaSettings(devices=("3001-3200",), session=0)
    switch = Switch(settings=settings, accept=False)
    switch.deaf = True
    switch.connect()
    switch.raw(GREETING)
    switch.serve()
    assert len([1 for _, message in switch.asked if message.name == "MonitorStart"]) == 20


def test_the_snapshot_tells_who_waits_who_talks_and_who_is_there() -> None:
    switch = Switch(accept=False)
    switch.calls = {"6001": [("c1", "queued")], "3001": [("c2", "connected")], "3002": [("c3", "alerting")]}
    switch.parties = {
        "c1": ({"6001": "queued", "T1": "connected"}, CALLER, "6001"),
        "c2": ({"3001": "connected", "T2": "connected"}, "13900000000", "6002"),
        "c3": ({"3002": "alerting", "T3": "connected"}, "", "6001"),
    }
    switch.agents = {
        "3001": [("4711", "6001", "agentNotReady"), ("4711", "6002", "agentReady")],
        "3002": [("4712", "6001", "agentNull")],
    }
    switch.connect()
    queued = {fact.contact: fact for fact in switch.of(ContactQueued)}
    assert {(f.call, f.queue, f.caller) for f in queued.values()} == {
        ("c1", "src/consult", CALLER),
        ("c2", "src/promo", "13900000000"),
        ("c3", "src/consult", ""),
    }
    assert all(fact.inferred and not fact.wait_known for fact in queued.values())
    (answered,) = switch.of(ContactAnswered)
    assert (answered.agent, answered.interface, answered.inferred) == ("src/4711", "3001", True)
    assert [fact.agent for fact in switch.of(AgentLoggedOn)] == ["src/4711"]
    assert [(fact.queue, fact.interface) for fact in switch.of(AgentNotReady)] == [("src/consult", "3001")]
    states = {fact.device: fact.state for fact in switch.of(DeviceStateChanged)}
    assert states == {"src/3001": "in_use", "src/3002": "ringing"}


def test_after_a_loss_what_is_there_keeps_its_id_and_what_is_gone_is_lost() -> None:
    switch = Switch()
    switch.into_queue("c1")
    switch.into_queue("c2")
    ids = {fact.call: fact.contact for fact in switch.of(ContactQueued)}
    switch.lose_the_link()
    switch.take()
    switch.now += 30
    switch.calls = {"6001": [("c1", "queued")]}
    switch.parties = {"c1": ({"6001": "queued", "T1": "connected"}, CALLER, "6001")}
    switch.connect()
    assert [(f.contact, f.at) for f in switch.of(ContactQueued)] == [(ids["c1"], NOW)]
    assert [f.contact for f in switch.of(ContactLost)] == [ids["c2"]]


def test_an_id_that_begins_anew_with_the_switch_is_another_call() -> None:
    switch = Switch()
    switch.into_queue("1")
    (first,) = switch.of(ContactQueued)
    switch.lose_the_link()
    switch.take()
    switch.calls = {"6001": [("1", "queued")]}
    switch.parties = {"1": ({"6001": "queued", "T1": "connected"}, "13900000000", "6001")}
    switch.connect()
    assert [fact.contact for fact in switch.of(ContactLost)] == [first.contact]


def test_visits_of_before_a_restart_of_ccwall_keep_their_ids() -> None:
    switch = Switch(accept=False)
    old = ContactId("src/c1/consult/20833")
    gone = ContactId("src/c9/consult/20833")
    for contact, call, over in ((old, "c1", False), (gone, "c9", False), (ContactId(old + "/2"), "c1", True)):
        switch.remember(
            Known(contact=contact, queue=QueueId("src/consult"), call=call, queued=NOW - 9, over=over)
        )
    switch.calls = {"6001": [("c1", "queued")]}
    switch.parties = {"c1": ({"6001": "queued", "T1": "connected"}, CALLER, "6001")}
    switch.connect()
    assert {fact.contact for fact in switch.of(ContactQueued)} == {old}
    assert [fact.contact for fact in switch.of(ContactLost)] == [gone]
    switch.take()
    switch.cleared("c1", CALLER, CALLER, at="6001")
    switch.queued("c1")
    assert [fact.contact for fact in switch.of(ContactQueued)] == [old + "/3"]


def test_who_went_on_to_another_group_unheard_is_lost_to_the_first() -> None:
    switch = Switch()
    switch.into_queue("c1")
    switch.lose_the_link()
    switch.take()
    switch.calls = {"3001": [("c1", "connected")]}
    switch.parties = {"c1": ({"3001": "connected", "T1": "connected"}, CALLER, "6002")}
    switch.connect()
    assert [fact.queue for fact in switch.of(ContactLost)] == ["src/consult"]
    assert {fact.queue for fact in switch.of(ContactAnswered)} == {"src/promo"}


def test_until_the_resync_is_over_the_numbers_of_before_stand() -> None:
    switch = Switch(accept=False)
    switch.deaf = True
    switch.connect()
    switch.raw(GREETING)
    switch.into_queue("c1")
    assert [type(fact).__name__ for fact in switch.facts] == ["SourceUp", "SourceResyncStarted"]
    for _ in range(11):
        switch.raw(GREETING)
        switch.wait(1)
    assert len(switch.of(ContactQueued)) >= 1


def test_a_monitor_that_the_switch_stops_is_started_again() -> None:
    switch = Switch()
    reference = next(ref for ref, device in switch.session.monitors.items() if device == "3001")
    (answer,) = switch.ask("MonitorStop", leaf("monitorCrossRefID", reference))
    assert answer.name == "MonitorStopResponse"
    switch.asked.clear()
    switch.calls = {"3001": [("c7", "connected")]}
    switch.parties = {"c7": ({"3001": "connected", "T1": "connected"}, CALLER, "6001")}
    switch.take()
    switch.wait(3)
    assert "MonitorStart" in {message.name for _, message in switch.asked}
    assert "3001" in switch.session.monitors.values()
    assert switch.of(DeviceStateChanged)[0].state == "in_use"
    assert switch.of(ContactAnswered)[0].interface == "3001"


def test_a_device_that_the_switch_does_not_know_is_a_fault_and_a_limit() -> None:
    switch = Switch(unknown=("3002", "6002"))
    (fault,) = switch.of(DeviceFault)
    assert (fault.device, fault.fault) == ("src/3002", "unknown to the switch")
    assert switch.of(SourceResyncFinished)[0].limits == ("conversations", "devices", "queues")
    assert "refused: monitor 6002 (operation: invalidDeviceID)" in switch.session.counts
    switch.into_queue("c1")
    assert len(switch.of(ContactQueued)) == 1


def test_a_switch_that_answers_no_questions_is_limited_not_waited_for() -> None:
    switch = Switch(accept=False)
    switch.deaf = True
    switch.connect()
    for _ in range(15):
        switch.raw(GREETING)
        switch.wait(1)
    assert switch.session.state == "live"
    assert switch.of(SourceResyncFinished)[0].limits == ("conversations", "devices", "queues")


def test_lost_messages_are_a_gap_and_asked_again() -> None:
    switch = Switch()
    switch.asked.clear()
    switch.raw(framed(EVENT, switch.xml("SystemStatus", leaf("systemStatus", "messagesLost"))))
    switch.serve()
    assert switch.of(SourceGap)[0].reason == "messages lost"
    assert [message.name for _, message in switch.asked].count("SnapshotDevice") == 4
    assert switch.session.state == "live"


def test_after_a_flood_was_thrown_away_the_stream_is_found_again() -> None:
    switch = Switch()
    whole = framed(EVENT, switch.xml("AgentReadyEvent", leaf("agentDevice", "3001"), leaf("agentID", "7")))
    switch.agents = {"3001": [("7", "6001", "agentReady")]}
    switch.facts += switch.session.skipped(switch.now - 5, switch.now)
    assert switch.of(SourceGap)[0].since == switch.now - 5
    switch.raw(whole[40:])
    switch.raw(whole[:3])
    switch.raw(whole[3:])
    switch.serve()
    assert switch.session.state == "live"
    assert AgentId("src/7") in {fact.agent for fact in switch.of(AgentLoggedOn)}
    asked = [message.name for _, message in switch.asked]
    assert asked.count("MonitorStart") == 4, "what is monitored is not monitored twice"
    assert asked.count("SnapshotDevice") == 8


def test_a_limit_is_said_when_it_is_met_in_the_middle_of_the_day() -> None:
    switch = Switch(unknown=("6001",))
    switch.take()
    switch.delivered("c1", "3001", last="6001")
    (limited,) = switch.of(SourceLimited)
    assert limited.limit == "queues"
    assert switch.of(ContactQueued)[0].wait_known is False


# ── framing ──

PUBLISHED = (
    b'\x00\x00\x00\xeb0001<MonitorStart xmlns="http://www.ecma-international.org/standards/ecma-323/csta/ed4">'
    b'<monitorObject><deviceObject typeOfNumber="dialingNumber">212700</deviceObject></monitorObject>'
    b"<monitorType>device</monitorType></MonitorStart>"
)


def test_a_published_message_is_read_and_written_to_the_byte() -> None:
    assert len(PUBLISHED) == 235
    ((invoke, xml),) = Frames().feed(PUBLISHED)
    message = read(xml)
    assert message is not None
    assert (invoke, message.within("monitorObject", "deviceObject")) == (1, "212700")
    assert framed(invoke, xml) == PUBLISHED


@pytest.mark.parametrize("size", [1, 2, 7, 100, 469])
def test_messages_are_found_in_any_cut(size: int) -> None:
    stream, frames = PUBLISHED * 3, Frames()
    found = [one for at in range(0, len(stream), size) for one in frames.feed(stream[at : at + size])]
    assert found == [(1, PUBLISHED[8:])] * 3


@pytest.mark.parametrize(
    "wire",
    [
        b"\x00\x01\x00\x100001<a/>",
        b"\x00\x00\x00\x070001",
        b"\x00\x00\x00\x0c00x1<a/>",
        b"\x00\x00\x00\x00",
        b"<a/>",
        b"Asterisk Call Manager/5.0\r\n",
    ],
)
def test_what_is_no_header_is_refused_with_what_to_check(wire: bytes) -> None:
    with pytest.raises(ProtocolError, match=r"no CSTA XML over TCP.*Check the port") as caught:
        Frames().feed(wire + b"0" * 8)
    assert caught.value.wire.startswith(wire[:4])


def test_the_longest_message_and_no_longer() -> None:
    longest = framed(1, b"x" * 65527)
    assert len(longest) == 0xFFFF
    assert Frames().feed(longest) == [(1, b"x" * 65527)]
    with pytest.raises(ValueError, match="longer than 65535"):
        framed(1, b"x" * 65528)


def test_bytes_that_are_missing_cost_only_their_own_message() -> None:
    frames = Frames()
    frames.lost()
    assert frames.feed(PUBLISHED[2:] + PUBLISHED[:100]) == []
    assert frames.feed(PUBLISHED[100:] + PUBLISHED) == [(1, PUBLISHED[8:])] * 2


# ── hostile XML in whole messages ──


@pytest.mark.parametrize(
    "xml",
    [
        b'<!DOCTYPE a [<!ENTITY x "lol">]><DeliveredEvent>&x;</DeliveredEvent>',
        b"<a>" * 40 + b"</a>" * 40,
        b"<DeliveredEvent",
        b"\xff\xfe\x00",
        b"",
    ],
)
def test_xml_that_is_refused_is_counted_and_the_session_goes_on(xml: bytes) -> None:
    switch = Switch()
    switch.raw(framed(EVENT, xml))
    assert switch.session.counts["unknown:unreadable XML"] == 1
    switch.into_queue("c1")
    assert len(switch.of(ContactQueued)) == 1


def test_an_event_without_what_it_should_have_changes_nothing() -> None:
    switch = Switch()
    switch.take()
    for name in [
        "ServiceInitiated",
        "Originated",
        "Offered",
        "Queued",
        "Delivered",
        "Established",
        "Held",
        "Retrieved",
        "Diverted",
        "Transfered",
        "Conferenced",
        "ConnectionCleared",
        "CallCleared",
        "Failed",
        "NetworkReached",
        "Bridged",
        "CallInformation",
        "AgentLoggedOn",
        "AgentLoggedOff",
        "AgentReady",
        "AgentNotReady",
        "AgentBusy",
        "AgentWorkingAfterCall",
        "OutOfService",
        "BackInService",
    ]:
        switch.event(name)
        switch.event(
            name, tag("connection", tag("callID")), tag("callingDevice"), tag("agentDevice", tag("notKnown"))
        )
    assert switch.facts == []


def test_more_callers_than_any_switch_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(book, "MOST_OPEN", 50)
    switch = Switch()
    for number in range(50):
        switch.queued(f"c{number}")
    with pytest.raises(ProtocolError, match="no switch has so many"):
        switch.queued("one more")


def test_somebody_who_logs_off_unheard_is_told_by_the_next_snapshot() -> None:
    switch = Switch(accept=False)
    switch.agents = {"3001": [("4711", "6001", "agentReady")]}
    switch.connect()
    switch.lose_the_link()
    switch.agents = {}
    switch.take()
    switch.connect()
    assert switch.of(AgentLoggedOn) == []
    assert switch.of(AgentLoggedOff) == []  # what is not confirmed is gone
