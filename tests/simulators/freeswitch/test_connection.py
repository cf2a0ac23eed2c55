"""One client of the Event Socket: what it is let do, what it hears, and how it ends."""

import pytest

from ccwall_adapters.freeswitch_esl.wire import AUTH_REQUEST, Frames, PlainEvent
from ccwall_simulators.freeswitch import Variant
from ccwall_simulators.freeswitch.connection import EslConnection
from tests.simulators.freeswitch.genuine import events
from tests.simulators.freeswitch.script import START, client, switch, told

WRONG_ORDER = "event plain CUSTOM callcenter::info CHANNEL_CREATE HEARTBEAT"
RIGHT_ORDER = "event plain CHANNEL_CREATE HEARTBEAT CUSTOM callcenter::info"


def heard(connection: EslConnection) -> set[str]:
    """Names of the events, and the subclass of CUSTOM ones."""
    found = [dict(event) for event in events(connection.outgoing())]
    return {event.get("Event-Subclass") or event["Event-Name"] for event in found}


def test_nothing_is_answered_before_the_password() -> None:
    connection = switch().connect()
    assert connection.outgoing() == AUTH_REQUEST
    assert b"-ERR command not found" in told(connection, "api status")
    assert b"-ERR command not found" in told(connection, "event plain ALL")
    assert b"+OK accepted" in told(connection, "auth ClueCon")
    assert b"UP 0 years" in told(connection, "api status")


def test_after_a_wrong_password_the_connection_is_over() -> None:
    pbx = switch()
    connection = pbx.connect()
    assert b"-ERR invalid" in told(connection, "auth wrong")
    assert connection.closed
    assert told(connection, "auth ClueCon") == b""


def test_the_access_list_refuses_without_asking() -> None:
    connection = switch(variant=Variant(denied=True)).connect()
    assert connection.outgoing().endswith(b"Content-Length: 24\n\nAccess Denied, go away.\n")
    assert connection.closed


def test_what_stands_after_custom_is_swallowed() -> None:
    pbx = switch()
    swallowed, whole = client(pbx, WRONG_ORDER), client(pbx, RIGHT_ORDER)
    pbx.advance(START + 120.0)
    assert heard(swallowed) == {"callcenter::info"}
    assert heard(whole) == {"callcenter::info", "CHANNEL_CREATE", "HEARTBEAT"}


def test_subscriptions_add_up_and_the_last_format_is_that_of_all() -> None:
    pbx = switch()
    connection = client(pbx, "event plain CUSTOM callcenter::info", "event json HEARTBEAT")
    pbx.advance(START + 120.0)
    frames = Frames().feed(connection.outgoing())
    assert {frame.kind for frame in frames} == {b"text/event-json"}
    assert any(b"callcenter::info" in frame.body for frame in frames)
    assert any(b'"HEARTBEAT"' in frame.body for frame in frames)


def test_xml_is_refused_in_words() -> None:
    connection = client(switch())
    assert b"-ERR events are written in plain or json here" in told(connection, "event xml ALL")


def test_what_is_nixed_is_heard_no_more() -> None:
    pbx = switch()
    connection = client(pbx, RIGHT_ORDER, "nixevent CHANNEL_CREATE")
    pbx.advance(START + 60.0)
    assert heard(connection) == {"callcenter::info", "HEARTBEAT"}
    connection.receive(b"noevents\n\n")
    connection.outgoing()
    pbx.advance(START + 120.0)
    assert heard(connection) == set()


def test_a_filter_lets_through_what_matches_any_of_it() -> None:
    pbx = switch()
    connection = client(
        pbx, "event plain ALL", "filter Event-Name HEARTBEAT", "filter CC-Action members-count"
    )
    pbx.advance(START + 120.0)
    found = [dict(event) for event in events(connection.outgoing())]
    assert {event.get("CC-Action", event["Event-Name"]) for event in found} == {"HEARTBEAT", "members-count"}


def test_a_filter_with_a_minus_forbids() -> None:
    pbx = switch()
    connection = client(pbx, "event plain ALL", "filter Event-Name CUSTOM", "filter CC-Action -members-count")
    pbx.advance(START + 120.0)
    actions = {dict(event).get("CC-Action") for event in events(connection.outgoing())}
    assert "member-queue-start" in actions
    assert "members-count" not in actions


def test_commands_may_come_in_any_pieces() -> None:
    connection = switch().connect()
    connection.outgoing()
    for byte in b"auth ClueCon\n\napi switchname\n\n":
        connection.receive(bytes([byte]))
    assert connection.outgoing().endswith(b"Content-Length: 4\n\npbx1")


def test_a_command_that_never_ends_is_hung_up_on() -> None:
    connection = client(switch())
    connection.receive(b"x" * 1024 * 1024)
    assert connection.closed


def test_a_job_is_told_when_it_is_done() -> None:
    pbx = switch()
    connection = client(pbx, "event plain BACKGROUND_JOB")
    answer = told(connection, "bgapi callcenter_config agent list\nJob-UUID: mine")
    assert answer.endswith(b"Reply-Text: +OK Job-UUID: mine\nJob-UUID: mine\n\n")
    pbx.advance(START + 0.1)
    (frame,) = Frames().feed(connection.outgoing())
    event = PlainEvent(frame.body)
    assert event.get(b"Job-UUID") == "mine"
    assert event.body == Frames().feed(told(connection, "api callcenter_config agent list"))[0].body.decode()


def test_a_heartbeat_comes_every_twenty_seconds() -> None:
    pbx = switch()
    connection = client(pbx, "event plain HEARTBEAT")
    pbx.advance(START + 100.0)
    assert len(list(events(connection.outgoing()))) == 5


def test_a_listener_that_does_not_read_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ccwall_simulators.freeswitch.connection.QUEUE", 1000)
    pbx = switch()
    slow, quick = client(pbx, "event json ALL"), client(pbx, "event json ALL")
    pbx.flood(1_500)
    closed_early = slow.closed
    quick.outgoing()
    pbx.flood(501)
    assert (closed_early, slow.closed, quick.closed) == (False, True, False)
    assert slow.outgoing().endswith(b"killed listener because of lost events\n")


def test_sigterm_says_goodbye_and_sigkill_does_not() -> None:
    for clean in (True, False):
        pbx = switch()
        connection = client(pbx, "event plain ALL")
        pbx.restart(10.0, clean=clean)
        last = connection.outgoing()
        assert connection.closed
        assert last.endswith(b"The system is being shut down.\n") is clean
        with pytest.raises(ConnectionRefusedError):
            pbx.connect()
        pbx.advance(pbx.now + 10.0)
        assert not pbx.connect().closed
