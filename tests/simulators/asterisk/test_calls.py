"""Given happenings, the events: what a wallboard gets wrong if it reads them carelessly. Note numbers are asterisk-notes'."""

from typing import Literal

import pytest

from ccwall_simulators.asterisk import STAMPED, calls
from ccwall_simulators.callcentre import happening as h
from tests.simulators.asterisk.script import (
    AGENT,
    CALL,
    LASTING,
    LOCAL,
    PHONE,
    QUEUE,
    START,
    Client,
    Message,
    ScriptedFloor,
    abandoned,
    answered,
    completed,
    exchange,
    flowed_out,
    member,
    of,
    played,
    queued,
    ring_ended,
    rung,
)


def kinds(messages: list[Message], *wanted: str) -> list[str]:
    return [message["Event"] for message in of(messages, *wanted)]


def variable(messages: list[Message], name: str) -> list[str]:
    return [message["Value"] for message in of(messages, "VarSet") if message["Variable"] == name]


def test_a_leave_comes_before_the_connect_and_is_no_loss() -> None:
    told = played([*queued(START + 1), *answered(START + 5, 4.0), *completed(START + 30, "caller", 25.0)])
    of_queue = kinds(
        told, "QueueCallerJoin", "QueueCallerLeave", "QueueCallerAbandon", "AgentConnect", "AgentComplete"
    )
    assert of_queue == ["QueueCallerJoin", "QueueCallerLeave", "AgentConnect", "AgentComplete"]


@pytest.mark.parametrize(("by", "rated"), [("agent", 1), ("caller", 0)])
def test_who_is_still_there_after_the_conversation_may_rate_it(
    by: Literal["agent", "caller"], rated: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "RATERS", 1.0)
    told = played([*queued(START + 1), *answered(START + 5, 4.0), *completed(START + 30, by, 25.0)])
    ratings = [message for message in of(told, "UserEvent") if message["UserEvent"] == "QueueRating"]
    assert len(ratings) == rated
    assert all(
        each["Queue"] == QUEUE and each["Score"] in "12345" and each["Best"] == "5" for each in ratings
    )


def test_the_seconds_are_those_of_the_clock_cut_not_rounded() -> None:
    """Queued at .9 and answered 1.2 s later is two seconds to app_queue (note 11)."""
    told = played(
        [*queued(START + 1.9), *answered(START + 3.1 + 2, 1.2), *completed(START + 9.0, "agent", 3.9)]
    )
    (connect,) = of(told, "AgentConnect")
    (complete,) = of(told, "AgentComplete")
    assert (connect["HoldTime"], connect["RingTime"]) == ("4", "2")
    assert (complete["HoldTime"], complete["TalkTime"], complete["Reason"]) == ("4", "4", "agent")


def test_a_hangup_is_asked_for_before_an_abandon_and_before_nothing_else() -> None:
    """Note 2: only this tells who hung up from who timed out."""
    told = played([*queued(START + 1), *abandoned(START + 9, 8.0)])
    order = kinds(told, "HangupRequest", "SoftHangupRequest", "QueueCallerAbandon", "QueueCallerLeave")
    assert order == ["HangupRequest", "QueueCallerAbandon", "QueueCallerLeave", "SoftHangupRequest"]
    assert variable(told, "QUEUESTATUS") == []


@pytest.mark.parametrize(
    ("cause", "status"), [("timeout", "TIMEOUT"), ("empty", "LEAVEEMPTY"), ("withdrawn", "WITHDRAW")]
)
def test_who_is_sent_away_is_told_as_abandoned_and_only_a_variable_says_why(
    cause: h.Cause, status: str
) -> None:
    told = played([*queued(START + 1), *flowed_out(START + 9, cause, 8.0)])
    order = kinds(told, "QueueCallerAbandon", "QueueCallerLeave", "HangupRequest")
    assert order == ["QueueCallerAbandon", "QueueCallerLeave"]
    assert variable(told, "QUEUESTATUS") == [status]
    assert of(told, "UserEvent")[0]["Status"] == status


def test_a_key_exit_is_a_leave_and_nothing_else() -> None:
    told = played([*queued(START + 1), *flowed_out(START + 9, "key", 8.0)])
    assert kinds(told, "DTMFEnd", "QueueCallerAbandon", "QueueCallerLeave") == ["DTMFEnd", "QueueCallerLeave"]
    assert variable(told, "QUEUESTATUS") == []


@pytest.mark.parametrize(("cause", "status"), [("full", "FULL"), ("empty", "JOINEMPTY")])
def test_a_refused_caller_has_no_queue_event_at_all(cause: str, status: str) -> None:
    arrived = h.CallArrived(t=START + 1, call=CALL, number="1", name="")
    refused = h.CallRefused(t=START + 2, call=CALL, queue=QUEUE, cause=cause)  # type: ignore[arg-type]  # one of two
    told = played([arrived, refused, h.CallEnded(t=START + 3, call=CALL)])
    assert not [message for message in told if message.get("Event", "").startswith("Queue")]
    assert variable(told, "QUEUESTATUS") == [status]


def test_an_unanswered_ring_is_told_in_milliseconds_and_then_pauses_the_member() -> None:
    """Notes 21, 26: the reason is the only sign of an automatic pause, and overwrites a human one."""
    paused = h.PauseChanged(
        t=START + 17, queue=QUEUE, agent=AGENT, interface=PHONE, paused=True, reason="lunch", automatic=True
    )
    told = played([*queued(START + 1), *rung(START + 2), *ring_ended(START + 17, "no_answer", 15.0), paused])
    order = kinds(told, "AgentCalled", "AgentRingNoAnswer", "QueueMemberPause", "DialEnd")
    assert order == ["AgentCalled", "AgentRingNoAnswer", "QueueMemberPause", "DialEnd", "DialEnd"]
    assert of(told, "AgentRingNoAnswer")[0]["RingTime"] == "15000"
    assert of(told, "QueueMemberPause")[0]["PausedReason"] == "Auto-Pause"


def test_a_phone_that_refuses_never_rang() -> None:
    told = played([*queued(START + 1), *rung(START + 2), *ring_ended(START + 2, "busy", 0.0)])
    assert of(told, "AgentRingNoAnswer")[0]["RingTime"] == "0"
    assert of(told, "DialState") == []
    assert of(told, "Hangup")[0]["TechCause"] == "486"


def test_the_losers_of_a_ringall_get_no_queue_event() -> None:
    other = "PJSIP/1002"
    floor = ScriptedFloor(member(PHONE), member(other, agent="a2"))
    won = answered(START + 5, 4.0)
    told = played(
        [
            *queued(START + 1),
            *rung(START + 3, other),
            won[0],
            *ring_ended(START + 5, "cancelled", 2.0, other),
            *won[1:],
        ],
        floor,
    )
    assert of(told, "AgentRingNoAnswer") == []
    ended = [(message["DestCallerIDNum"], message["DialStatus"]) for message in of(told, "DialEnd")]
    assert ended == [("1001", "ANSWER"), ("1002", "CANCEL"), ("1002", "CANCEL")]
    assert [message["Cause"] for message in of(told, "Hangup")] == ["26"]


def test_hold_shows_in_no_state() -> None:
    held = h.CallHeld(t=START + 9, call=CALL, agent=AGENT)
    back = h.CallRetrieved(t=START + 12, call=CALL, agent=AGENT)
    told = played([*queued(START + 1), *answered(START + 5, 4.0), held, back])
    assert kinds(told, "Hold", "Unhold") == ["Hold", "Unhold"]
    assert of(told, "QueueMemberStatus") == []
    assert of(told, "Hold")[0]["Channel"].startswith("PJSIP/1001-")


def transferred(kind: Literal["blind", "attended"], to: str, interface: str = PHONE) -> list[h.AnyHappening]:
    told = h.CallTransferred(
        t=START + 20,
        call=CALL,
        agent=AGENT,
        kind=kind,
        to=to,
        to_queue=to == "other",
    )
    return [
        *queued(START + 1),
        *answered(START + 5, 4.0, interface),
        told,
        *completed(START + 20, "transfer", 15.0, interface),
    ]


def test_a_blind_transfer_completes_the_call_for_the_queue_and_the_caller_talks_on() -> None:
    told = played([*transferred("blind", "8001"), h.CallEnded(t=START + 60, call=CALL)])
    assert kinds(told, "BlindTransfer", "AgentComplete") == ["BlindTransfer", "AgentComplete"]
    assert of(told, "BlindTransfer")[0]["Extension"] == "8001"
    assert of(told, "AgentComplete")[0]["Reason"] == "transfer"
    gone = [message["CallerIDNum"] for message in of(told, "Hangup")]
    assert gone == ["1001", "8001", "13800138000"]


def test_behind_a_lasting_local_channel_the_queue_does_not_see_a_transfer() -> None:
    """Note 14: AgentComplete comes when the caller hangs up, with all of the time."""
    told = played(
        [*transferred("blind", "8001", LASTING), h.CallEnded(t=START + 60, call=CALL)],
        ScriptedFloor(member(LASTING)),
    )
    (complete,) = of(told, "AgentComplete")
    assert complete["TalkTime"] == "55"
    assert complete["Reason"] != "transfer"
    assert of(told, "BlindTransfer")[0]["TransfereeChannel"].endswith(";2")


def test_whoever_was_passed_on_behind_a_local_channel_queues_under_another_uniqueid() -> None:
    again = h.CallQueued(
        t=START + 21, call=CALL, visit=2, queue="other", position=1, count=1, transferred_by=AGENT
    )
    told = played([*transferred("blind", "other", LASTING), again], ScriptedFloor(member(LASTING)))
    first, second = of(told, "QueueCallerJoin")
    assert first["Uniqueid"] != second["Uniqueid"]
    assert second["Linkedid"] == first["Uniqueid"]
    assert second["Channel"].endswith(";2")


def test_an_agent_asks_a_queue_and_puts_the_caller_through() -> None:
    """Note 5: the second queue's caller is the agent's own channel."""
    other = "PJSIP/1002"
    floor = ScriptedFloor(member(PHONE), member(other, agent="a2"))
    begun = h.SideCallBegan(t=START + 10, call="s1", agent=AGENT, device=PHONE, number=QUEUE)
    asking = h.CallQueued(
        t=START + 10, call="s1", visit=2, queue=QUEUE, position=1, count=1, transferred_by=AGENT
    )
    put_through = h.CallTransferred(
        t=START + 20, call=CALL, agent=AGENT, kind="attended", to=QUEUE, to_queue=True
    )
    told = played(
        [
            *queued(START + 1),
            *answered(START + 5, 4.0),
            h.CallHeld(t=START + 10, call=CALL, agent=AGENT),
            begun,
            asking,
            *answered(START + 15, 5.0, other, call="s1", visit=2),
            put_through,
            *completed(START + 20, "transfer", 15.0),
            *completed(START + 20, "caller", 5.0, other, call="s1", visit=2)[:1],
            h.SideCallEnded(t=START + 20, call="s1", agent=AGENT, device=PHONE),
            h.CallEnded(t=START + 50, call=CALL),
        ],
        floor,
    )
    assert of(told, "QueueCallerJoin")[1]["CallerIDNum"] == "1001"
    (transfer,) = of(told, "AttendedTransfer")
    assert (transfer["TransferTargetCallerIDNum"], transfer["DestType"]) == ("1002", "Bridge")
    assert [message["Reason"] for message in of(told, "AgentComplete")] == ["transfer", "caller"]
    assert [message["CallerIDNum"] for message in of(told, "Hangup")] == [
        "1001",
        "1001",
        "1002",
        "13800138000",
    ]


def test_a_local_channel_is_optimised_away_in_mid_call() -> None:
    """Note 41: the leg of the connect is hung up 27 ms later, and the complete names another."""
    course = [
        *queued(START + 1),
        *answered(START + 5, 4.0, LOCAL),
        *completed(START + 30, "agent", 25.0, LOCAL),
    ]
    told = played(course, ScriptedFloor(member(LOCAL)))
    (connect,) = of(told, "AgentConnect")
    (complete,) = of(told, "AgentComplete")
    swapped = next(message for message in of(told, "BridgeEnter") if "SwapUniqueid" in message)
    assert swapped["SwapUniqueid"] == connect["DestUniqueid"]
    assert complete["DestUniqueid"] == swapped["Uniqueid"] != connect["DestUniqueid"]
    order = [message.get("Uniqueid") for message in told if message["Event"] in ("Hangup", "AgentComplete")]
    assert order.index(connect["DestUniqueid"]) < order.index(complete["Uniqueid"])


def test_a_device_is_told_once_for_itself_its_hint_and_every_membership() -> None:
    floor = ScriptedFloor()
    changed = h.DeviceChanged(t=START + 1, device=PHONE, agent=AGENT, state="unavailable")
    told = played([changed], floor)
    assert kinds(told, "DeviceStateChange", "ExtensionStatus", "QueueMemberStatus") == [
        "DeviceStateChange",
        "ExtensionStatus",
        "QueueMemberStatus",
        "DeviceStateChange",
    ]
    assert of(told, "QueueMemberStatus")[0]["Status"] == "5"
    assert told[-1]["Device"] == f"Queue:{QUEUE}_avail"


def test_names_are_escaped_in_events_and_not_in_lists() -> None:
    floor = ScriptedFloor()
    client = Client(exchange(floor))
    floor.say(
        h.CallArrived(t=START + 1, call=CALL, number="", name='O\'Hara "Jo" \\ ?'),
        h.CallQueued(t=START + 2, call=CALL, visit=1, queue=QUEUE, position=1, count=1),
    )
    client.pbx.advance(START + 3)
    (join,) = of(client.read(), "QueueCallerJoin")
    assert (join["CallerIDNum"], join["CallerIDName"]) == ("<unknown>", r"O\'Hara \"Jo\" \\ \?")
    (entry,) = of(client.answer("QueueStatus"), "QueueEntry")
    assert (entry["CallerIDNum"], entry["CallerIDName"]) == ("unknown", 'O\'Hara "Jo" \\ ?')


def test_an_exchange_with_a_name_stamps_its_events_and_prefixes_its_ids() -> None:
    floor = ScriptedFloor()
    client = Client(exchange(floor, STAMPED))
    floor.say(*queued(START + 1.25))
    client.pbx.advance(START + 3)
    (join,) = of(client.read(), "QueueCallerJoin")
    assert (join["Timestamp"], join["SystemName"]) == ("1795312801.250000", "pbx1")
    assert join["Uniqueid"] == f"pbx1-{int(START)}.0"
    assert join["ChanVariable"] == "DIDQUEUE=consult"
    (entry,) = of(client.answer("QueueStatus"), "QueueEntry")
    assert "Timestamp" not in entry


def test_a_clean_restart_says_what_becomes_of_everybody_and_then_goodbye() -> None:
    """Note 36; who waits is told, and logged, as one who hung up."""
    floor = ScriptedFloor(member(PHONE))
    client = Client(exchange(floor))
    floor.say(
        *queued(START + 1),
        *answered(START + 5, 4.0),
        *queued(START + 6, call="c2", visit=2),
    )
    client.pbx.advance(START + 30)
    client.read()
    client.pbx.restart(20.0, clean=True)
    told = client.read()
    assert kinds(told, "AgentComplete", "QueueCallerAbandon", "QueueCallerLeave", "Shutdown") == [
        "AgentComplete",
        "QueueCallerAbandon",
        "QueueCallerLeave",
        "Shutdown",
    ]
    assert told[-1] == {
        "Event": "Shutdown",
        "Privilege": "system,all",
        "Shutdown": "Cleanly",
        "Restart": "True",
    }
    assert client.wire.closed
    assert floor.done == [("restart", 20.0)]


def test_a_kill_says_nothing() -> None:
    floor = ScriptedFloor()
    client = Client(exchange(floor))
    floor.say(*queued(START + 1))
    client.pbx.advance(START + 5)
    client.read()
    client.pbx.restart(20.0, clean=False)
    assert client.read() == []
    assert client.wire.closed


def test_after_a_restart_names_come_again_and_ids_do_not() -> None:
    floor = ScriptedFloor()
    pbx = exchange(floor)
    joins = []
    for begin, visit in ((1.0, 1), (101.0, 2)):
        client = Client(pbx)
        floor.say(*queued(START + begin + 1, call=f"c{visit}", visit=visit))
        pbx.advance(START + begin + 5)
        joins += of(client.read(), "QueueCallerJoin")
        pbx.restart(30.0, clean=False)
        pbx.advance(START + 100)
    assert joins[0]["Channel"] == joins[1]["Channel"] == "PJSIP/carrier-00000000"
    assert joins[0]["Uniqueid"] != joins[1]["Uniqueid"]


def test_uptime_begins_again_at_a_restart() -> None:
    pbx = exchange()
    uptimes = []
    for at in (50.0, 100.0):
        pbx.advance(START + at)
        client = Client(pbx, login=False)
        client.ask("Login", Username="ccwall", Secret="secret")
        uptimes.append(of(client.read(), "FullyBooted")[0]["Uptime"])
        pbx.restart(10.0, clean=True)
    assert uptimes == ["50", "40"]
