"""Amazon Connect's agent events: snapshots again and again, of which the difference is what happened."""

import base64
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from ccwall.adapter import Directory, Mode, Session
from ccwall.engine import Engine
from ccwall.events import AnyEvent, SiteId, SourceId
from ccwall.intake import Intake
from ccwall.wire.parcel import Parcels, pack
from ccwall_adapters.http_events.amazon import ConnectSession, ConnectSettings
from tests.adapters.contract import NOW, ParcelContract, PlainDirectory, Step

ARN = "arn:aws:connect:eu-west-1:1:instance/i/agent/a1"


def iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def event(number: int, at: float, kind: str = "STATE_CHANGE", **contact: Any) -> dict[str, object]:
    contacts = []
    if contact:
        contacts = [
            {
                "ContactId": "c1",
                "Channel": "VOICE",
                "InitiationMethod": "INBOUND",
                "Queue": {"ARN": "arn:q", "Name": "consult"},
                "QueueTimestamp": iso(NOW),
                **contact,
            }
        ]
    return {
        "Version": "2017-10-01",
        "EventId": f"e{number}",
        "EventType": kind,
        "EventTimestamp": iso(at),
        "AgentARN": ARN,
        "AWSAccountId": "1",
        "CurrentAgentSnapshot": {
            "AgentStatus": {
                "ARN": "x",
                "Name": "Available",
                "Type": "ROUTABLE",
                "StartTimestamp": iso(NOW),
            },
            "Configuration": {
                "Username": "alice",
                "FirstName": "Alice",
                "LastName": "Wu",
                "RoutingProfile": None,
            },
            "Contacts": contacts,
        },
        "PreviousAgentSnapshot": None,
    }


def state(name: str, since: float, **more: object) -> dict[str, Any]:
    return {"State": name, "StateStartTimestamp": iso(since), **more}


DAY = [
    event(1, NOW, "LOGIN"),
    event(2, NOW + 10, **state("CONNECTING", NOW + 10)),
    event(3, NOW + 14, **state("CONNECTED", NOW + 14, ConnectedToAgentTimestamp=iso(NOW + 14))),
    event(4, NOW + 30, **state("CONNECTED_ONHOLD", NOW + 30, ConnectedToAgentTimestamp=iso(NOW + 14))),
    event(5, NOW + 40, **state("CONNECTED", NOW + 40, ConnectedToAgentTimestamp=iso(NOW + 14))),
    event(6, NOW + 74, **state("ENDED", NOW + 74)),
    event(7, NOW + 90),
    event(8, NOW + 95, "HEART_BEAT"),
]


def request(body: bytes, **headers: str) -> bytes:
    return pack(
        {
            "request": "1",
            "method": "POST",
            "url": "",
            "headers": {"content-type": "application/json", **headers},
        },
        body,
    )


class TestContract(ParcelContract):
    wire = (Step("open"), *(Step("rx", request(msgspec.json.encode(each))) for each in DAY))
    greeting = request(msgspec.json.encode(DAY[0]))

    def session(self, mode: Mode = "observe", directory: Directory | None = None) -> Session:
        return ConnectSession(ConnectSettings(token="secret"), directory or PlainDirectory(), mode)


def told(bodies: Sequence[bytes], **headers: str) -> tuple[list[AnyEvent], list[int]]:
    session = ConnectSession(ConnectSettings(token="secret"), PlainDirectory(), "live")
    facts = list(session.open(NOW - 1))
    for body in bodies:
        facts += session.receive(request(body, **(headers or {"authorization": "Bearer secret"})), NOW + 100)
    return facts, [int(str(parcel.head["status"])) for parcel in Parcels().feed(session.outgoing())]


def engine_of(facts: Sequence[AnyEvent]) -> dict[str, object]:
    engine = Engine(SiteId("site"))
    Intake(SiteId("site"), engine.apply).take(SourceId("src"), facts, NOW + 100)
    return dict(engine.board(NOW + 100))


def queue(facts: Sequence[AnyEvent]) -> dict[str, object]:
    queues = engine_of(facts)["queues"]
    assert isinstance(queues, dict)
    return dict(queues["src/consult"])


def agent(facts: Sequence[AnyEvent]) -> dict[str, object]:
    agents = engine_of(facts)["agents"]
    assert isinstance(agents, dict)
    return dict(agents["src/alice"])


def test_a_call_from_being_offered_to_the_end_of_wrap_up() -> None:
    facts, statuses = told([msgspec.json.encode(each) for each in DAY])
    assert set(statuses) == {202}
    seen = queue(facts)
    assert (seen["offered"], seen["answered"], seen["asa"]) == (1, 1, 14.0)
    assert (seen["talk_time"], seen["hold_time"]) == (50.0, 10.0)
    assert agent(facts)["state"] == "ready"


@pytest.mark.parametrize("upto", range(1, len(DAY)))
def test_each_moment(upto: int) -> None:
    states = ["ready", "ringing", "talking", "hold", "talking", "wrap", "ready", "ready"]
    assert agent(told([msgspec.json.encode(each) for each in DAY[:upto]])[0])["state"] == states[upto - 1]


def test_what_was_missed_in_between_is_seen_in_the_next_event() -> None:
    """Every event has the whole: only the first and the last of a call."""
    facts, _ = told([msgspec.json.encode(each) for each in (DAY[0], DAY[2], DAY[6])])
    assert (queue(facts)["answered"], agent(facts)["state"]) == (1, "ready")


def test_an_older_event_that_comes_late_changes_nothing() -> None:
    facts, _ = told([msgspec.json.encode(each) for each in (*DAY[:3], DAY[1])])
    assert agent(facts)["state"] == "talking"


def test_left_ringing_and_rejected() -> None:
    for name, key in (("MISSED", "missed"), ("REJECTED", "declined")):
        facts, _ = told(
            [msgspec.json.encode(e) for e in (*DAY[:2], event(9, NOW + 30, **state(name, NOW + 30)))]
        )
        assert queue(facts)[key] == 1


def test_a_delivery_by_firehose_is_answered_as_firehose_wants_it() -> None:
    records = [{"data": base64.b64encode(msgspec.json.encode(each) + b"\n").decode()} for each in DAY]
    body = msgspec.json.encode({"requestId": "r-1", "timestamp": 1578090901599, "records": records})
    session = ConnectSession(ConnectSettings(token="secret"), PlainDirectory(), "live")
    session.open(NOW)
    facts = list(session.receive(request(body, **{"x-amz-firehose-access-key": "secret"}), NOW + 100))
    (answer,) = Parcels().feed(session.outgoing())
    assert (answer.head["status"], msgspec.json.decode(answer.body)) == (
        200,
        {"requestId": "r-1", "timestamp": 1578090901599},
    )
    assert queue(facts)["answered"] == 1


def test_a_wrong_or_missing_secret_is_refused() -> None:
    body = msgspec.json.encode(DAY[0])
    for headers in (
        {"authorization": "Bearer wrong"},
        {"x-amz-firehose-access-key": "wrong"},
        {"authorization": ""},
    ):
        facts, statuses = told([body], **headers)
        assert (statuses, len(facts)) == ([401], 2)


def test_an_array_and_lines_are_read_too_and_sent_again_count_once() -> None:
    array = b"[" + b",".join(msgspec.json.encode(each) for each in DAY) + b"]"
    lines = b"\n".join(msgspec.json.encode(each) for each in DAY)
    facts, _ = told([array, lines])
    assert queue(facts)["answered"] == 1


@pytest.mark.parametrize("body", [b"", b"{}", b"[1]", b"{", b"\xff", b"[" * 5000])
def test_other_things_are_refused_with_words(body: bytes) -> None:
    session = ConnectSession(ConnectSettings(token="secret"), PlainDirectory(), "live")
    session.open(NOW)
    assert session.receive(request(body, authorization="Bearer secret"), NOW) == []
    (answer,) = Parcels().feed(session.outgoing())
    assert answer.head["status"] == 422
    assert b"agent events" in answer.body
