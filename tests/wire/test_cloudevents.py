"""CloudEvents in all their ways on the wire."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccwall.events import AgentId, AgentReady, SourceTook
from ccwall.wire import cloudevents
from ccwall.wire.cloudevents import CloudEvent, CloudFacts
from tests.adapters.contract import NOW, PlainDirectory

EVENT = {
    "specversion": "1.0",
    "id": "1",
    "source": "/acd",
    "type": "com.ccwall.agent.ready",
    "time": "2026-11-22T10:00:00+08:00",
    "data": {"agent": "wang"},
}
READ = CloudEvent(
    id="1", source="/acd", type="com.ccwall.agent.ready", time=1_795_312_800.0, data={"agent": "wang"}
)


def test_structured_binary_and_batch_say_the_same() -> None:
    attributes = {name: str(value) for name, value in EVENT.items() if name != "data"}
    assert cloudevents.structured(msgspec.json.encode(EVENT)) == READ
    assert cloudevents.batch(msgspec.json.encode([EVENT, EVENT])) == [READ, READ]
    assert cloudevents.binary(attributes, "application/json", b'{"agent":"wang"}') == READ
    assert cloudevents.structured(cloudevents.written(READ)) == READ


def test_data_may_be_bytes_or_text() -> None:
    bytes_in = {**EVENT, "data_base64": "aGk="}
    assert cloudevents.structured(msgspec.json.encode(bytes_in)).data == b"hi"
    attributes = cloudevents.http_attributes(
        {"ce-id": "1", "CE-Source": "/a%20b", "ce-type": "t", "ce-specversion": "1.0", "Host": "x"}
    )
    assert cloudevents.is_binary(attributes)
    read = cloudevents.binary(attributes, "text/plain", b"\xff")
    assert (read.source, read.data) == ("/a b", b"\xff")


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"specversion": "0.3"}, "specversion must be 1.0, not '0.3'"),
        ({"id": ""}, "id must be a text"),
        ({"source": "x" * 300}, "source must be a text"),
        ({"type": 5}, "type must be a text"),
        ({"time": "yesterday"}, "time must be like"),
        ({"time": "2026-11-22T10:00:00"}, "time must be like"),
        ({"data_base64": "§"}, "not base64"),
    ],
)
def test_what_is_wrong_is_said(change: dict[str, object], part: str) -> None:
    with pytest.raises(ValueError, match=part):
        cloudevents.structured(msgspec.json.encode({**EVENT, **change}))
    with pytest.raises(ValueError, match="event 2: .*" + part):
        cloudevents.batch(msgspec.json.encode([EVENT, {**EVENT, **change}]))


@pytest.mark.parametrize("body", [b"", b"[" * 100_000, b"\xff", b"5", b'{"specversion":"1.0"}'])
def test_junk_is_a_value_error(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"JSON|must be|is a JSON object"):
        cloudevents.structured(body)


@given(st.binary(max_size=200))
def test_nothing_else_is_ever_raised(body: bytes) -> None:
    for read in (cloudevents.structured, cloudevents.batch):
        with pytest.raises(ValueError, match="is not JSON"):
            read(body + b"~")


def test_the_same_event_is_taken_once_even_over_a_restart() -> None:
    facts = CloudFacts(PlainDirectory())
    told = facts.take(READ, NOW)
    assert told[0] == AgentReady(at=1_795_312_800.0, agent=AgentId("src/wang"))
    took = told[1]
    assert isinstance(took, SourceTook)
    assert facts.take(READ, NOW) == []
    again = CloudFacts(PlainDirectory())
    again.recall({took.stream: [took.mark], "another": ["1"]})
    assert again.take(READ, NOW) == []
    assert again.take(msgspec.structs.replace(READ, id="2"), NOW)


@pytest.mark.parametrize(
    ("kind", "data", "part"),
    [
        ("org.example.thing", {}, "does not begin with com.ccwall"),
        ("com.ccwall.source.down", {"reason": "eof"}, "house's own"),
        ("com.ccwall.agent.redy", {}, "not a fact that ccwall knows"),
        ("com.ccwall.agent.ready", {"agnet": "wang"}, "has no agnet; it has"),
        ("com.ccwall.agent.ready", "wang", "must be an object"),
    ],
)
def test_what_cannot_be_taken_is_said_and_may_come_again(kind: str, data: object, part: str) -> None:
    facts = CloudFacts(PlainDirectory())
    with pytest.raises(ValueError, match=part):
        facts.take(msgspec.structs.replace(READ, type=kind, data=data), NOW)
    assert facts.take(READ, NOW)
