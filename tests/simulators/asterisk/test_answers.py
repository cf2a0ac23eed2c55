"""What the actions answer, and what they do to the floor."""

import pytest

from ccwall_simulators.asterisk import PLAIN, Variant
from tests.simulators.asterisk.script import (
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
    queued,
)


def logged_in(floor: ScriptedFloor, variant: Variant = PLAIN) -> Client:
    return Client(exchange(floor, variant))


def lists(client: Client, action: str, **headers: str) -> list[Message]:
    """The items; the frame around them is as it must be."""
    head, *items, end = client.answer(action, ActionID="7", **headers)
    assert (head["Response"], head["EventList"], end["EventList"]) == ("Success", "start", "Complete")
    assert all(message["ActionID"] == "7" for message in (head, *items, end))
    assert not any("Privilege" in item for item in items)
    assert end["ListItems"] == str(len(items))
    return items


def test_queue_status_lists_queues_members_and_callers() -> None:
    floor = ScriptedFloor(member(PHONE, "Иванова, Анна"))
    client = logged_in(floor)
    floor.say(*queued(START + 2))
    client.pbx.advance(START + 12.9)
    items = lists(client, "QueueStatus")
    assert [item["Event"] for item in items] == ["QueueParams", "QueueMember", "QueueEntry", "QueueParams"]
    assert items[0]["Calls"] == "1"
    assert (items[1]["Name"], items[1]["Location"], items[1]["Status"]) == ("Иванова, Анна", PHONE, "1")
    assert (items[2]["Wait"], items[2]["CallerIDNum"], items[2]["ConnectedLineNum"]) == (
        "10",
        "13800138000",
        "unknown",
    )


def test_queue_status_of_one_queue_or_member_and_of_none() -> None:
    client = logged_in(ScriptedFloor(member(PHONE), member("PJSIP/1002")))
    assert len(lists(client, "QueueStatus", Queue=QUEUE)) == 3
    assert len(lists(client, "QueueStatus", Queue=QUEUE, Member=PHONE)) == 2
    assert lists(client, "QueueStatus", Queue="nosuch") == []


def test_a_summary_counts_who_is_there_and_free() -> None:
    floor = ScriptedFloor(member(PHONE), member("PJSIP/1002"))
    client = logged_in(floor)
    client.answer("QueuePause", Interface=PHONE, Paused="1")
    floor.say(*queued(START + 1))
    client.pbx.advance(START + 4)
    summary = lists(client, "QueueSummary")[0]
    assert (summary["LoggedIn"], summary["Available"], summary["Callers"], summary["LongestHoldTime"]) == (
        "2",
        "1",
        "1",
        "3",
    )


def test_who_talks_to_whom_can_be_joined_from_the_channels() -> None:
    floor = ScriptedFloor()
    client = logged_in(floor)
    floor.say(*queued(START + 1), *answered(START + 5, 4.0))
    client.pbx.advance(START + 65)
    caller, leg = lists(client, "CoreShowChannels")
    assert (caller["Application"], caller["ApplicationData"].partition(",")[0]) == ("Queue", QUEUE)
    assert (leg["Application"], leg["Duration"]) == ("AppQueue", "00:01:02")
    assert caller["BridgeId"] == leg["BridgeId"] != ""
    assert leg["Linkedid"] == caller["Uniqueid"]


def test_devices_and_extensions_are_listed_with_their_states() -> None:
    client = logged_in(ScriptedFloor(member(PHONE), member(LOCAL, agent="a2")))
    states = {item["Device"]: item["State"] for item in lists(client, "DeviceStateList")}
    assert states[PHONE] == "NOT_INUSE"
    assert states[f"Queue:{QUEUE}_pause_{LOCAL}"] == "NOT_INUSE"
    assert [item["Exten"] for item in lists(client, "ExtensionStateList")] == ["1001", "1012"]


def test_core_status_and_settings_tell_of_the_exchange() -> None:
    client = logged_in(ScriptedFloor(), Variant(system_name="pbx1"))
    status = client.answer("CoreStatus")[0]
    assert (status["CoreStartupDate"], status["CoreCurrentCalls"]) == ("2026-11-22", "0")
    settings = client.answer("CoreSettings")[0]
    assert (settings["AMIversion"], settings["AsteriskVersion"], settings["SystemName"]) == (
        "11.0.0",
        "22.10.1",
        "pbx1",
    )


def test_the_answer_about_rules_ends_with_one_line_too_many() -> None:
    client = logged_in(ScriptedFloor())
    client.ask("QueueRule", ActionID="1")
    assert client.wire.outgoing() == b"Response: Success\r\nActionID: 1\r\n\r\n\r\n"


def test_a_pause_is_answered_first_and_then_told_to_all() -> None:
    floor = ScriptedFloor()
    client = logged_in(floor)
    other = Client(client.pbx)
    told = client.answer("QueuePause", Interface=PHONE, Paused="yes", Reason="обед", Queue=QUEUE)
    assert told[0]["Message"] == "Interface paused successfully"
    assert floor.done == [("pause", PHONE, True, "обед", QUEUE)]
    (event,) = of(told, "QueueMemberPause")
    assert (event["Paused"], event["PausedReason"], event["LastPause"]) == ("1", "обед", str(int(START)))
    assert of(other.read(), "QueueMemberPause") == [event]


def test_a_resumed_member_keeps_the_reason_for_this_event_only() -> None:
    client = logged_in(ScriptedFloor())
    told = client.answer("QueuePause", Interface=PHONE, Paused="0", Reason="back")
    assert told[0]["Message"] == "Interface unpaused successfully"
    assert of(told, "QueueMemberPause")[0]["PausedReason"] == "back"
    assert of(lists(client, "QueueStatus"), "QueueMember")[0]["PausedReason"] == ""


def test_pausing_wants_an_interface_a_state_and_a_member() -> None:
    client = logged_in(ScriptedFloor())
    missing = client.answer("QueuePause", Interface=PHONE)[0]["Message"]
    assert missing == "Need 'Interface' and 'Paused' parameters."
    assert client.answer("QueuePause", Interface="PJSIP/0", Paused="1")[0]["Message"] == "Interface not found"


def test_a_member_is_added_and_told() -> None:
    floor = ScriptedFloor()
    client = logged_in(floor)
    told = client.answer(
        "QueueAdd", Queue=QUEUE, Interface="PJSIP/1009", Penalty="3", MemberName="李四", Paused="true"
    )
    assert told[0]["Message"] == "Added interface to queue"
    assert floor.done == [("add", QUEUE, "PJSIP/1009", "李四", 3, True)]
    (event,) = of(told, "QueueMemberAdded")
    assert (event["MemberName"], event["Membership"], event["Penalty"]) == ("李四", "dynamic", "3")


@pytest.mark.parametrize(
    ("headers", "refused", "message"),
    [
        ({}, "", "'Queue' not specified."),
        ({"Queue": "q"}, "", "'Interface' not specified."),
        ({"Queue": "q", "Interface": "i"}, "no queue", "Unable to add interface to queue: No such queue"),
        ({"Queue": "q", "Interface": "i"}, "already there", "Unable to add interface: Already there"),
    ],
)
def test_a_member_that_cannot_be_added_is_an_error(
    headers: dict[str, str], refused: str, message: str
) -> None:
    floor = ScriptedFloor()
    floor.answer_to = refused
    assert logged_in(floor).answer("QueueAdd", **headers) == [{"Response": "Error", "Message": message}]


@pytest.mark.parametrize(
    ("headers", "refused", "message"),
    [
        ({"Queue": "q"}, "", "Need 'Queue' and 'Interface' parameters."),
        ({"Queue": "q", "Interface": "i"}, "static", "Member not dynamic"),
        ({"Queue": "q", "Interface": "i"}, "not there", "Unable to remove interface: Not there"),
        (
            {"Queue": "q", "Interface": "i"},
            "no queue",
            "Unable to remove interface from queue: No such queue",
        ),
    ],
)
def test_a_member_that_cannot_be_removed_is_an_error(
    headers: dict[str, str], refused: str, message: str
) -> None:
    floor = ScriptedFloor()
    floor.answer_to = refused
    assert logged_in(floor).answer("QueueRemove", **headers) == [{"Response": "Error", "Message": message}]


def test_a_reload_of_the_queues_and_a_reset_say_nothing() -> None:
    floor = ScriptedFloor()
    client = logged_in(floor)
    floor.say(*queued(START + 1), *answered(START + 5, 4.0), *completed(START + 9, "agent", 4.0))
    client.pbx.advance(START + 20)
    floor.members = [member("PJSIP/1005", "Smith, John")]
    assert [m.get("Message") for m in client.answer("QueueReload")] == ["Queue reloaded successfully"]
    assert lists(client, "QueueStatus", Queue=QUEUE)[0]["Completed"] == "1"
    assert lists(client, "QueueStatus", Queue=QUEUE)[1]["Name"] == "Smith, John"
    assert [m.get("Message") for m in client.answer("QueueReset")] == ["Queue stats reset successfully"]
    assert lists(client, "QueueStatus", Queue=QUEUE)[0]["Completed"] == "0"


def test_the_statistics_have_the_peculiarities_of_app_queue() -> None:
    """Three calls of 4 s wait and 10 s talk, 8 and 20, and one who gave up: no averages, and another service level."""
    floor = ScriptedFloor(service_level=5.0)
    client = logged_in(floor)
    for number, (begin, wait, talk) in enumerate(((10, 4, 10), (110, 8, 20))):
        call = f"c{number}"
        floor.say(
            *queued(START + begin, call=call),
            *answered(START + begin + wait, wait, call=call),
            *completed(START + begin + wait + talk, "caller", talk, call=call),
        )
    floor.say(*queued(START + 210), *abandoned(START + 213, 3.0))
    client.pbx.advance(START + 300)
    told = lists(client, "QueueStatus", Queue=QUEUE)[0]
    wanted = {
        "Completed": "2",
        "Abandoned": "1",
        "Holdtime": "5",
        "TalkTime": "12",
        "ServicelevelPerf": "50.0",
        "ServicelevelPerf2": "66.7",
    }
    assert {name: told[name] for name in wanted} == wanted


def test_only_a_key_exit_is_counted_nowhere() -> None:
    for cause, counted in (("timeout", "1"), ("empty", "1"), ("withdrawn", "1"), ("key", "0")):
        floor = ScriptedFloor()
        client = logged_in(floor)
        floor.say(*queued(START + 1), *flowed_out(START + 9, cause, 8.0))  # type: ignore[arg-type]  # one of Cause
        client.pbx.advance(START + 20)
        assert lists(client, "QueueStatus")[0]["Abandoned"] == counted, cause


def test_a_call_is_not_counted_when_the_statistics_were_reset_in_it() -> None:
    floor = ScriptedFloor()
    client = logged_in(floor)
    floor.say(*queued(START + 1), *answered(START + 5, 4.0), *completed(START + 30, "caller", 25.0))
    client.pbx.advance(START + 10)
    client.pbx.reset_statistics()
    client.pbx.advance(START + 40)
    assert lists(client, "QueueStatus")[0]["Completed"] == "0"


def test_an_optimised_call_is_counted_at_once_and_a_lasting_one_at_its_end() -> None:
    for interface, completed_now in ((LOCAL, "1"), (LASTING, "0")):
        floor = ScriptedFloor(member(interface))
        client = logged_in(floor)
        floor.say(*queued(START + 1), *answered(START + 5, 4.0, interface))
        client.pbx.advance(START + 10)
        assert lists(client, "QueueStatus")[0]["Completed"] == completed_now
