"""The manager port itself: who is let in, what they may, and what is done about those who misbehave."""

from hashlib import md5

import pytest

from ccwall_simulators.asterisk import READ_ONLY, Variant
from ccwall_simulators.asterisk.connection import LOGIN_WITHIN, UNFINISHED, UNREAD
from tests.simulators.asterisk.script import PHONE, START, Client, ScriptedFloor, exchange, of, queued


def test_it_greets_with_its_version() -> None:
    assert exchange().connect().outgoing() == b"Asterisk Call Manager/11.0.0\r\n"
    assert exchange(variant=Variant(ami="2.10.6")).connect().outgoing() == b"Asterisk Call Manager/2.10.6\r\n"


def test_the_right_secret_is_let_in_and_told_that_all_is_booted() -> None:
    client = Client(exchange(), login=False)
    told = client.answer("Login", Username="ccwall", Secret="secret", ActionID="x-1")
    assert told[0] == {"Response": "Success", "ActionID": "x-1", "Message": "Authentication accepted"}
    assert [message["Event"] for message in told[1:]] == ["FullyBooted", "SuccessfulAuth"]


def test_the_answer_to_a_challenge_is_let_in_and_a_wrong_one_is_not() -> None:
    for secret, let_in in (("secret", True), ("guess", False)):
        client = Client(exchange(), login=False)
        challenge = client.answer("Challenge", AuthType="MD5")[0]["Challenge"]
        key = md5((challenge + secret).encode()).hexdigest()
        client.ask("Login", Username="ccwall", AuthType="MD5", Key=key)
        assert bool(client.read()) is let_in


def test_a_proof_without_a_challenge_is_worth_nothing() -> None:
    client = Client(exchange(), login=False)
    client.ask("Login", Username="ccwall", AuthType="MD5", Key=md5(b"secret").hexdigest())
    assert client.read() == []


def test_a_wrong_secret_is_told_a_second_later_and_hung_up_on() -> None:
    client = Client(exchange(), login=False)
    client.ask("Login", Username="ccwall", Secret="wrong", ActionID="1")
    client.ask("Ping")
    client.pbx.advance(START + 0.9)
    assert client.read() == []
    assert not client.wire.closed
    client.pbx.advance(START + 1.0)
    assert client.read() == [{"Response": "Error", "ActionID": "1", "Message": "Authentication failed"}]
    assert client.wire.closed


def test_whoever_is_not_logged_in_may_do_nothing() -> None:
    client = Client(exchange(), login=False)
    told = client.answer("QueueStatus", ActionID="7")
    assert told == [{"Response": "Error", "ActionID": "7", "Message": "Permission denied"}]


def test_whoever_does_not_log_in_is_hung_up_on() -> None:
    client = Client(exchange(), login=False)
    client.pbx.advance(START + LOGIN_WITHIN)
    assert client.wire.closed


def test_logging_off_is_answered_and_ends_the_connection() -> None:
    client = Client(exchange())
    told = client.answer("Logoff", ActionID="z")
    assert told == [{"Response": "Goodbye", "ActionID": "z", "Message": "Thanks for all the fish."}]
    assert client.wire.closed


def test_a_ping_is_answered_with_the_time() -> None:
    client = Client(exchange())
    client.pbx.advance(START + 1.5)
    told = client.answer("Ping", ActionID="p")
    assert told == [
        {"Response": "Success", "ActionID": "p", "Ping": "Pong", "Timestamp": "1795312801.500000"}
    ]


def test_an_unknown_action_is_an_error_that_names_it() -> None:
    (told,) = Client(exchange()).answer("Dance", ActionID="1")
    assert told["Response"] == "Error"
    assert told["Message"].startswith("Invalid/unknown command: Dance.")


def test_a_message_without_an_action_is_an_error() -> None:
    client = Client(exchange())
    client.wire.receive(b"ActionID: 3\r\n\r\n")
    assert client.read() == [{"Response": "Error", "ActionID": "3", "Message": "Missing action in request"}]


@pytest.mark.parametrize("pieces", [1, 7, 1000])
def test_it_reads_whatever_way_the_bytes_are_cut_and_lines_end(pieces: int) -> None:
    client = Client(exchange(), login=False)
    wire = b"action: Login\nUSERNAME:ccwall\r\nSecret:   secret\n\n\r\nAction: Ping\r\nActionID: p\r\n\r\n"
    for start in range(0, len(wire), pieces):
        client.wire.receive(wire[start : start + pieces])
    assert [message["Response"] for message in client.read() if "Response" in message] == [
        "Success",
        "Success",
    ]


def test_no_value_can_break_a_line() -> None:
    client = Client(exchange())
    client.wire.receive("Action: Dance\x0b\x85 \u2028\r\nActionID: a\rEvent: Hangup\r\n\r\n".encode())
    (told,) = client.read()
    assert told["ActionID"] == "a Event: Hangup"
    assert "Event" not in told


def test_a_caller_cannot_write_headers_by_a_name() -> None:
    floor = ScriptedFloor()
    client = Client(exchange(floor))
    floor.say(*queued(START + 2, number="1\r\nEvent: Hangup\r\n\r\n"))
    client.pbx.advance(START + 3)
    told = client.read()
    assert {message["CallerIDNum"] for message in of(told, "QueueCallerJoin")} == {"1  Event: Hangup    "}
    assert of(told, "Hangup") == []


def test_a_client_that_never_ends_its_message_is_hung_up_on() -> None:
    for flood in (b"x" * (UNFINISHED + 1), b"A: b\r\n" * (UNFINISHED // 6 + 1)):
        client = Client(exchange())
        client.wire.receive(flood)
        assert client.wire.closed


def test_a_client_that_does_not_read_is_hung_up_on_and_its_bytes_are_forgotten() -> None:
    client = Client(exchange())
    client.pbx.flood(UNREAD // 100)
    assert client.wire.closed
    assert client.wire.outgoing() == b""


def test_events_can_be_declined_chosen_and_asked_for_again() -> None:
    client = Client(exchange(), Events="off")
    client.pbx.flood(10)
    assert client.read() == []
    assert client.answer("Events", EventMask="call")[0]["Events"] == "On"
    client.pbx.flood(50)
    assert set(client.kinds()) == {"DeviceStateChange"}
    assert client.answer("Events", EventMask="off")[0]["Events"] == "Off"
    assert client.answer("Events", EventMask="nonsense")[0]["Message"] == "Invalid event mask"


def test_a_user_without_rights_sees_queues_and_is_refused_the_rest() -> None:
    floor = ScriptedFloor()
    client = Client(exchange(floor, READ_ONLY))
    for action in ("CoreShowChannels", "DeviceStateList", "ExtensionStateList", "CoreStatus"):
        assert client.answer(action, ActionID="1") == [
            {"Response": "Error", "ActionID": "1", "Message": "Permission denied"}
        ]
    assert client.answer("QueuePause", Interface=PHONE, Paused="true")[0]["Message"] == "Permission denied"
    assert floor.done == []
    assert client.answer("QueueStatus")[-1]["Event"] == "QueueStatusComplete"
    floor.say(*queued(START + 2))
    client.pbx.advance(START + 3)
    assert client.kinds() == ["QueueCallerJoin"]


def test_what_is_down_takes_no_connections() -> None:
    pbx = exchange()
    pbx.restart(10.0, clean=False)
    assert not pbx.is_up
    with pytest.raises(ConnectionRefusedError):
        pbx.connect()
    pbx.advance(START + 10)
    assert not pbx.connect().closed


def test_a_client_that_is_gone_costs_nothing_more() -> None:
    client = Client(exchange())
    client.wire.close()
    client.pbx.flood(10)
    client.wire.receive(b"Action: Ping\r\n\r\n")
    assert client.wire.outgoing() == b""
