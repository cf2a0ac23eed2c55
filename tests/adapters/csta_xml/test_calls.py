"""The ACD's call sequences of ECMA-269, one by one, and what each is on the wall."""

import pytest

from ccwall.events import (
    AgentBusy,
    AgentReady,
    AgentWorkingAfterCall,
    AnyEvent,
    ContactAbandoned,
    ContactAlerting,
    ContactAnswered,
    ContactCleared,
    ContactConferenced,
    ContactFlowedOut,
    ContactHeld,
    ContactLost,
    ContactNotAnswered,
    ContactOffered,
    ContactQueued,
    ContactRefused,
    ContactReleased,
    ContactRetrieved,
    ContactTransferred,
    DeviceStateChanged,
)
from ccwall_adapters.csta_xml.frame import EVENT, framed
from ccwall_adapters.csta_xml.reading import instant, number, read
from ccwall_adapters.csta_xml.writing import leaf, tag
from tests.adapters.csta_xml.switch import CALLER, Switch, connection, party


@pytest.fixture
def switch() -> Switch:
    switch = Switch()
    switch.take()
    return switch


def kinds(facts: list[AnyEvent]) -> list[str]:
    return [type(fact).__name__ for fact in facts if "contact." in str(type(fact).__struct_config__.tag)]


def test_a_call_from_the_group_to_its_end(switch: Switch) -> None:
    switch.delivered("c1", "6001")
    switch.now += 1
    switch.queued("c1")
    switch.now += 4
    switch.diverted("c1", "6001", "3001")
    switch.delivered("c1", "3001", last="6001")
    switch.now += 3
    switch.established("c1", "3001")
    switch.now += 60
    switch.cleared("c1", "3001", "3001", at="3001")
    switch.cleared("c1", CALLER, "3001", at="3001")
    assert kinds(switch.facts) == [
        "ContactOffered",
        "ContactQueued",
        "ContactAlerting",
        "ContactAnswered",
        "ContactReleased",
        "ContactCleared",
    ]
    (queued,), (answered,), (released,) = (
        switch.of(ContactQueued),
        switch.of(ContactAnswered),
        switch.of(ContactReleased),
    )
    assert (queued.call, queued.caller, queued.queue, queued.inferred) == ("c1", CALLER, "src/consult", False)
    assert answered.at - queued.at == 7
    assert (answered.agent, answered.interface) == ("src/3001", "3001")
    assert (released.by, released.at - answered.at) == ("agent", 60)
    assert [fact.state for fact in switch.of(DeviceStateChanged)] == ["ringing", "in_use", "idle"]
    assert len({fact.contact for fact in (queued, answered, released)}) == 1


def test_a_call_that_is_given_at_once_was_queued_when_it_came(switch: Switch) -> None:
    """Many ACDs leave out Queued when an agent is free."""
    switch.delivered("c1", "6001")
    switch.now += 1
    switch.rings("c1", "3001")
    switch.established("c1", "3001")
    assert kinds(switch.facts) == ["ContactOffered", "ContactQueued", "ContactAlerting", "ContactAnswered"]
    assert switch.of(ContactQueued)[0].at == switch.now - 1


def test_events_of_several_monitors_and_in_another_order_say_nothing_twice(switch: Switch) -> None:
    switch.into_queue("c1")
    switch.delivered("c1", "3001", last="6001")
    switch.delivered("c1", "3001", last="6001")
    switch.diverted("c1", "6001", "3001")
    switch.established("c1", "3001")
    switch.established("c1", "3001")
    switch.diverted("c1", "6001", "3001")
    switch.wait(5)
    switch.cleared("c1", CALLER, CALLER, at="3001")
    switch.cleared("c1", "3001", CALLER, at="3001")
    assert kinds(switch.facts) == [
        "ContactOffered",
        "ContactQueued",
        "ContactAlerting",
        "ContactAnswered",
        "ContactReleased",
        "ContactCleared",
    ]
    assert switch.of(ContactReleased)[0].by == "caller"


def test_rona_takes_the_call_back_to_its_queue(switch: Switch) -> None:
    switch.into_queue("c1")
    switch.rings("c1", "3001")
    switch.now += 12
    switch.diverted("c1", "3001", "6001", "callNotAnswered")
    switch.queued("c1")
    switch.rings("c1", "3002")
    switch.established("c1", "3002")
    (missed,) = switch.of(ContactNotAnswered)
    assert (missed.agent, missed.ring_time, missed.cancelled) == ("src/3001", 12.0, False)
    assert len(switch.of(ContactQueued)) == 1
    assert switch.of(ContactAnswered)[0].agent == "src/3002"


def test_a_rejected_call_is_no_rona(switch: Switch) -> None:
    switch.into_queue("c1")
    switch.rings("c1", "3001")
    switch.now += 2
    switch.diverted("c1", "3001", "6001", "busy")
    assert switch.of(ContactNotAnswered)[0].ring_time == 0.0


def test_ringing_everybody_leaves_the_losers_blameless(switch: Switch) -> None:
    switch.into_queue("c1")
    for phone in ("3001", "3002"):
        switch.delivered("c1", phone, last="6001", cause="multipleAlerting")
    switch.cleared("c1", "3002", "6001", at="3002", cause="normal")
    switch.established("c1", "3001")
    (lost,) = switch.of(ContactNotAnswered)
    assert (lost.agent, lost.cancelled) == ("src/3002", True)
    switch.wait(5)
    assert kinds(switch.facts)[-1] == "ContactAnswered"


@pytest.mark.parametrize("ringing", [False, True])
def test_a_caller_who_hangs_up_before_the_answer_abandons(switch: Switch, ringing: bool) -> None:
    switch.into_queue("c1")
    switch.now += 8
    if ringing:
        switch.rings("c1", "3001")
    where = "3001" if ringing else "6001"
    switch.cleared("c1", CALLER, CALLER, at=where)
    switch.cleared("c1", where, CALLER, at=where)
    (abandoned,) = switch.of(ContactAbandoned)
    assert (abandoned.at, abandoned.cause) == (switch.now, "hangup")
    assert [fact.cancelled for fact in switch.of(ContactNotAnswered)] == [True] * ringing
    switch.wait(5)
    assert kinds(switch.facts).count("ContactAbandoned") == 1


def test_a_withheld_caller_abandons_too(switch: Switch) -> None:
    switch.into_queue("c1", caller="")
    switch.cleared("c1", "T0017", "", at="6001")
    assert switch.of(ContactQueued)[0].caller == ""
    assert len(switch.of(ContactAbandoned)) == 1


def test_only_the_groups_own_connection_is_told(switch: Switch) -> None:
    """A switch that says no more than that the queued connection is gone: nobody answered it, so it was abandoned."""
    switch.into_queue("c1")
    switch.cleared("c1", "6001", "", at="6001")
    assert switch.of(ContactAbandoned) == []
    left = switch.now
    switch.wait(4)
    assert switch.of(ContactAbandoned)[0].at == left


def test_overflow_is_a_flow_out_and_a_visit_of_its_own(switch: Switch) -> None:
    switch.into_queue("c1")
    switch.now += 50
    switch.diverted("c1", "6001", "6002", "overflow")
    switch.into_queue("c1", "6002")
    (gone,) = switch.of(ContactFlowedOut)
    assert (gone.queue, gone.cause) == ("src/consult", "overflow")
    assert [fact.queue for fact in switch.of(ContactQueued)] == ["src/consult", "src/promo"]
    assert len({fact.contact for fact in switch.of(ContactQueued)}) == 2


def test_overflow_that_nobody_told_is_seen_by_the_second_group(switch: Switch) -> None:
    switch.into_queue("c1")
    switch.into_queue("c1", "6002")
    assert [fact.cause for fact in switch.of(ContactFlowedOut)] == ["overflow"]


def test_a_call_in_two_groups_at_once_is_in_both_until_one_answers(switch: Switch) -> None:
    switch.into_queue("c1")
    switch.queued("c1", "6002", cause="multipleQueuing")
    assert switch.of(ContactFlowedOut) == []
    switch.rings("c1", "3001", "6002")
    switch.established("c1", "3001", last="6002")
    assert switch.of(ContactAnswered)[0].queue == "src/promo"
    assert [(fact.queue, fact.cause) for fact in switch.of(ContactFlowedOut)] == [("src/consult", "overflow")]


@pytest.mark.parametrize(
    ("cause", "told"),
    [
        ("timeout", "timeout"),
        ("keyOperation", "key"),
        ("noAvailableAgents", "no_agents"),
        ("queueCleared", "withdrawn"),
    ],
)
def test_why_a_call_left_its_group(switch: Switch, cause: str, told: str) -> None:
    switch.into_queue("c1")
    switch.diverted("c1", "6001", "7000", cause)
    assert switch.of(ContactFlowedOut)[0].cause == told


def test_a_call_that_went_elsewhere_without_a_word_is_unknown_and_one_to_a_phone_we_cannot_see_is_lost(
    switch: Switch,
) -> None:
    switch.into_queue("c1")
    switch.into_queue("c2")
    switch.diverted("c1", "6001", "7000", "callForward")
    switch.diverted("c2", "6001", "3002", "distributed")
    left = switch.now
    switch.wait(4)
    assert [(f.cause, f.at) for f in switch.of(ContactFlowedOut)] == [("unknown", left)]
    assert [fact.reason for fact in switch.of(ContactLost)] == ["went where the switch lets nobody look"]


@pytest.mark.parametrize(
    ("cause", "told"), [("aCDSaturated", "full"), ("noQueue", "empty"), ("reorderTone", "unknown")]
)
def test_a_group_that_takes_nobody_refuses(switch: Switch, cause: str, told: str) -> None:
    body = (
        connection("failedConnection", "c1", "6001"),
        party("failingDevice", "6001"),
        party("callingDevice", CALLER),
    )
    switch.event("Failed", *body, at="6001", cause=cause)
    (refused,) = switch.of(ContactRefused)
    assert (refused.cause, refused.queue, refused.caller) == (told, "src/consult", CALLER)


# ── talking ──


def talking(switch: Switch, call: str = "c1", phone: str = "3001") -> None:
    switch.into_queue(call)
    switch.rings(call, phone)
    switch.established(call, phone)


def test_hold_and_retrieve(switch: Switch) -> None:
    talking(switch)
    switch.held("c1", "3001")
    switch.held("c1", "3001")
    switch.held("c1", "3001", held=False)
    assert (len(switch.of(ContactHeld)), len(switch.of(ContactRetrieved))) == (1, 1)
    assert [fact.state for fact in switch.of(DeviceStateChanged)][-2:] == ["on_hold", "in_use"]


def transfered(switch: Switch, name: str, first: str, second: str, new: str, to: str, cause: str) -> None:
    """3001 is out of it; the caller goes on in `new`."""
    items = [
        tag(
            "connectionListItem",
            connection("newConnection", new, CALLER),
            connection("oldConnection", first, CALLER),
        ),
        tag(
            "connectionListItem",
            connection("newConnection", new, to),
            connection("oldConnection", second or first, to),
        ),
    ]
    old = [connection("primaryOldCall", first, "3001")]
    old += [connection("secondaryOldCall", second, "3001")] if second else []
    who = party("transferringDevice", "3001"), party("transferredToDevice", to)
    switch.event(
        name, *old, *who, tag("transferredConnections", *items), at="3001", local="null", cause=cause
    )


@pytest.mark.parametrize("name", ["Transfered", "Transferred"])
def test_a_blind_transfer_into_another_group(switch: Switch, name: str) -> None:
    talking(switch)
    transfered(switch, name, "c1", "", "c1", "6002", "singleStepTransfer")
    switch.into_queue("c1", "6002")
    (passed,), (released,) = switch.of(ContactTransferred), switch.of(ContactReleased)
    assert (passed.kind, passed.to, released.by) == ("blind", "promo", "transfer")
    assert [fact.queue for fact in switch.of(ContactQueued)] == ["src/consult", "src/promo"]
    assert switch.of(DeviceStateChanged)[-1].state == "idle"


def test_a_transfer_back_into_the_same_group_is_a_second_visit_even_when_it_is_told_late(
    switch: Switch,
) -> None:
    talking(switch)
    switch.queued("c1")
    transfered(switch, "Transfered", "c1", "", "c1", "6001", "singleStepTransfer")
    assert [fact.by for fact in switch.of(ContactReleased)] == ["transfer"]
    first, second = switch.of(ContactQueued)
    assert second.contact == f"{first.contact}/2"


def test_an_attended_transfer_to_a_colleague_is_not_a_queues_call_any_more(switch: Switch) -> None:
    talking(switch)
    switch.held("c1", "3001")
    switch.event(
        "Originated",
        connection("originatedConnection", "c2", "3001"),
        party("callingDevice", "3001"),
        at="3001",
    )
    switch.delivered("c2", "3002", caller="3001", called="3002")
    switch.established("c2", "3002", caller="3001", called="3002", last="")
    transfered(switch, "Transfered", "c1", "c2", "c3", "3002", "transfer")
    (passed,) = switch.of(ContactTransferred)
    assert (passed.kind, passed.to) == ("attended", "3002")
    assert len(switch.of(ContactAnswered)) == 1
    states = {fact.device: fact.state for fact in switch.of(DeviceStateChanged)}
    assert states == {"src/3001": "idle", "src/3002": "in_use"}
    switch.cleared("c3", "3002", "3002", at="3002")
    assert switch.of(DeviceStateChanged)[-1].state == "idle"
    assert len(switch.of(ContactReleased)) == 1


def test_who_asked_by_queueing_and_puts_the_caller_through_leaves_that_visit(switch: Switch) -> None:
    talking(switch)
    switch.held("c1", "3001")
    switch.into_queue("c2", "6002", caller="3001")
    switch.rings("c2", "3002", "6002")
    switch.established("c2", "3002", caller="3001", called="6002", last="6002")
    transfered(switch, "Transfered", "c1", "c2", "c1", "3002", "transfer")
    assert [(fact.queue, fact.by) for fact in switch.of(ContactReleased)] == [
        ("src/consult", "transfer"),
        ("src/promo", "caller"),
    ]


def test_put_through_before_the_answer_the_visit_goes_on_under_the_new_call(switch: Switch) -> None:
    talking(switch)
    switch.into_queue("c2", "6002", caller="3001")
    transfered(switch, "Transfered", "c1", "c2", "c9", "6002", "transfer")
    switch.delivered("c9", "3002", last="6002")
    switch.established("c9", "3002", last="6002")
    second = switch.of(ContactQueued)[1]
    assert switch.of(ContactAnswered)[1].contact == second.contact


def test_a_conference_goes_on_until_the_agent_leaves(switch: Switch) -> None:
    talking(switch)
    body = connection("primaryOldCall", "c1", "3001"), connection("secondaryOldCall", "c2", "3001")
    item = tag(
        "connectionListItem",
        connection("newConnection", "c3", "3001"),
        connection("oldConnection", "c1", "3001"),
    )
    switch.event(
        "Conferenced",
        *body,
        party("conferencingDevice", "3001"),
        tag("conferenceConnections", item),
        at="3001",
    )
    assert len(switch.of(ContactConferenced)) == 1
    switch.cleared("c3", "95551234", "95551234", at="3001")
    assert switch.of(ContactReleased) == []
    switch.cleared("c3", "3001", "3001", at="3001")
    assert switch.of(ContactReleased)[0].by == "agent"


def test_a_cleared_call_ends_everything_in_it(switch: Switch) -> None:
    talking(switch)
    switch.into_queue("c2")
    for call in ("c1", "c2"):
        switch.event("CallCleared", connection("clearedCall", call, ""), at="3001")
    assert [fact.by for fact in switch.of(ContactReleased)] == ["unknown"]
    assert (len(switch.of(ContactAbandoned)), len(switch.of(ContactCleared))) == (1, 1)
    assert switch.of(DeviceStateChanged)[-1].state == "idle"


# ── calls of the agents' own, and the agents ──


def test_a_call_that_no_queue_gave_makes_busy_and_ends_as_it_was(switch: Switch) -> None:
    switch.agent("LoggedOn", "3001", "4711", "6001")
    switch.agent("Ready", "3001", "4711", "6001")
    switch.take()
    body = connection("originatedConnection", "c5", "3001"), party("callingDevice", "3001")
    switch.event("Originated", *body, party("calledDevice", "95551234"), at="3001", local="connected")
    assert [(type(f), f.agent) for f in switch.facts if isinstance(f, AgentBusy)] == [(AgentBusy, "src/4711")]
    assert switch.of(DeviceStateChanged)[0].state == "in_use"
    switch.cleared("c5", "3001", "3001", at="3001")
    assert [(fact.agent, fact.queue) for fact in switch.of(AgentReady)] == [("src/4711", "src/consult")]
    assert switch.of(ContactQueued) == []


def test_a_direct_call_to_an_agent_is_not_a_queues(switch: Switch) -> None:
    switch.delivered("c5", "3001", called="3001", cause="newCall")
    switch.established("c5", "3001", called="3001", last="")
    assert kinds(switch.facts) == []
    assert [fact.state for fact in switch.of(DeviceStateChanged)] == ["ringing", "in_use"]


def test_an_agents_day(switch: Switch) -> None:
    reason = tag("extensions", tag("privateData", tag("private", leaf("reasonCode", "午休"))))
    switch.agent("LoggedOn", "3001", "4711", "6001")
    switch.agent("LoggedOn", "3001", "4711", "6002")
    switch.agent("NotReady", "3001", "4711", "6001", reason)
    switch.agent("NotReady", "3001", "4711", "6002", cause="forcedPause")
    switch.agent("Ready", "3001", "4711", "6001")
    talking(switch)
    switch.agent("Busy", "3001", "4711")
    switch.cleared("c1", CALLER, CALLER, at="3001")
    switch.agent("WorkingAfterCall", "3001", "4711")
    switch.agent("LoggedOff", "3001", "4711", "6001")
    switch.agent("LoggedOff", "3001", "4711")
    told = [
        (
            type(fact).__name__,
            getattr(fact, "queue", None),
            getattr(fact, "reason", ""),
            getattr(fact, "automatic", False),
        )
        for fact in switch.facts
        if type(fact).__name__.startswith("Agent")
    ]
    assert told == [
        ("AgentLoggedOn", None, "", False),
        ("AgentMembershipChanged", "src/consult", "", False),
        ("AgentMembershipChanged", "src/promo", "", False),
        ("AgentNotReady", "src/consult", "午休", False),
        ("AgentNotReady", "src/promo", "", True),
        ("AgentReady", "src/consult", "", False),
        ("AgentBusy", None, "", False),
        ("AgentWorkingAfterCall", None, "", False),
        ("AgentMembershipChanged", "src/consult", "", False),
        ("AgentMembershipChanged", "src/promo", "", False),
        ("AgentLoggedOff", None, "", False),
    ]
    contact = switch.of(ContactQueued)[0].contact
    assert [fact.contact for fact in switch.of(AgentBusy)] == [contact]
    assert [fact.contact for fact in switch.of(AgentWorkingAfterCall)] == [contact]
    assert {getattr(fact, "agent", "src/4711") for fact in switch.facts} == {"src/4711"}


def test_an_agent_without_groups_and_login_is_the_phone(switch: Switch) -> None:
    switch.agent("Ready", "3001")
    switch.agent("NotReady", "3001")
    assert [type(fact).__name__ for fact in switch.facts] == ["AgentLoggedOn", "AgentReady", "AgentNotReady"]
    assert switch.of(AgentReady)[0].queue is None
    assert switch.of(AgentReady)[0].agent == "src/3001"


def test_somebody_else_at_the_same_phone_relieves_the_first(switch: Switch) -> None:
    switch.agent("LoggedOn", "3001", "4711", "6001")
    switch.agent("LoggedOn", "3001", "4712", "6001")
    talking(switch)
    assert [type(fact).__name__ for fact in switch.facts][:5] == [
        "AgentLoggedOn",
        "AgentMembershipChanged",
        "AgentMembershipChanged",
        "AgentLoggedOff",
        "AgentLoggedOn",
    ]
    assert switch.of(ContactAnswered)[0].agent == "src/4712"


def test_a_group_of_nobodys_configuration_is_no_queue(switch: Switch) -> None:
    switch.agent("LoggedOn", "3001", "4711", "6001")
    switch.agent("LoggedOn", "3001", "4711", "6999")
    switch.take()
    switch.agent("NotReady", "3001", "4711", "6999")
    assert switch.facts == []


def test_the_state_of_a_phone_is_also_told_by_the_way(switch: Switch) -> None:
    switch.event("CallInformation", connection("connection", "c8", "3001"), at="3001", local="connected")
    switch.event("CallInformation", connection("connection", "c8", "3001"), at="3001", local="null")
    assert [fact.state for fact in switch.of(DeviceStateChanged)] == ["in_use", "idle"]


# ── names and instants ──


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("3001", "3001"),
        (" 3001 ", "3001"),
        ("N<3021061290002>;noa=nk", "3021061290002"),
        ("N<+49301234>Müller;ext=7", "+49301234"),
        ("<3001>", "3001"),
        ("tel:+49-30-1234.5;phone-context=x", "+493012345"),
        ("sip:3001@pbx.example:5060;user=phone", "3001"),
        ("sips:3001;x=y@pbx", "3001"),
        ("3001;noa=nk", "3001"),
        ("", ""),
        ("9" * 5000, "9" * 200),
    ],
)
def test_a_device_in_all_its_forms(written: str, meant: str) -> None:
    assert number(written) == meant


def test_the_published_delivered_event_of_another_make(switch: Switch) -> None:
    """As an OpenScape writes it, to a phone that a group gave the call."""
    settings = type(switch.settings)(devices=("3021061290002",), groups=("3021061299000",), session=0)
    other = Switch(settings=settings)
    xml = """<DeliveredEvent xmlns="http://www.ecma-international.org/standards/ecma-323/csta/ed4">
 <monitorCrossRefID>1173673890</monitorCrossRefID>
 <connection><callID>FF00010000000000EC6114647E570000</callID><deviceID>3021061290002</deviceID></connection>
 <alertingDevice><deviceIdentifier>N&lt;3021061290002&gt;;noa=nk</deviceIdentifier></alertingDevice>
 <callingDevice><deviceIdentifier>N&lt;7868772298&gt;;noa=nk</deviceIdentifier></callingDevice>
 <calledDevice><deviceIdentifier>N&lt;3021061299000&gt;;noa=nk</deviceIdentifier></calledDevice>
 <lastRedirectionDevice><notRequired/></lastRedirectionDevice>
 <localConnectionInfo>alerting</localConnectionInfo><cause>enteringDistribution</cause>
</DeliveredEvent>"""
    other.raw(framed(EVENT, xml.encode()))
    assert other.of(ContactQueued)[0].caller == "7868772298"
    assert other.of(ContactAlerting)[0].agent == "src/3021061290002"
    assert other.of(DeviceStateChanged)[-1].state == "ringing"


def test_an_instant_is_believed_with_its_zone_and_near_our_clock() -> None:
    now = 1_800_000_000.0  # 2027-01-15T08:00:00Z
    for inner, meant in (
        ("<systemTime>2027-01-15T07:59:59Z</systemTime>", now - 1),
        (
            "<extensions><privateData><private><eventTime>2027-01-15T16:00:01+08:00</eventTime></private></privateData></extensions>",
            now + 1,
        ),
        ("<systemTime>2027-01-15T07:00:00Z</systemTime>", now),
        ("<systemTime>2027-01-15T07:59:59</systemTime>", now),
        ("<systemTime>yesterday</systemTime>", now),
        ("", now),
    ):
        message = read(f"<HeldEvent>{inner}</HeldEvent>".encode())
        assert message is not None
        assert instant(message, now) == meant


def test_offered_is_told_before_the_group_takes_it(switch: Switch) -> None:
    body = (
        connection("offeredConnection", "c1", "6001"),
        party("offeredDevice", "6001"),
        party("callingDevice", CALLER),
    )
    switch.event("Offered", *body, at="6001")
    assert kinds(switch.facts) == ["ContactOffered"]
    switch.queued("c1")
    assert [fact.contact for fact in switch.of(ContactQueued)] == [switch.of(ContactOffered)[0].contact]
