"""The wire is the one of a genuine FreeSWITCH: headers and their order, encoding, lists, and every answer."""

import gzip
import json
from collections.abc import Iterator
from functools import cache

import pytest

from ccwall_adapters.freeswitch_esl import wire
from ccwall_adapters.freeswitch_esl.wire import Frames, JsonEvent, PlainEvent
from ccwall_simulators.freeswitch import Variant
from tests.simulators.freeswitch.genuine import (
    CAPTURES,
    Kind,
    Names,
    bodies,
    events,
    kind_of,
    names_of,
    received,
    shapes,
)
from tests.simulators.freeswitch.script import START, client, switch, told

ORDINARY = ("steady/esl", "midshift/esl", "churn/esl")
NEVER_RECORDED: dict[Kind, Kind] = {
    ("CUSTOM", "member-queue-resume", "", "inbound", ""): ("CUSTOM", "member-queue-start", "", "inbound", ""),
    ("CUSTOM", "bridge-agent-end", "", "outbound", "false"): (
        "CUSTOM",
        "bridge-agent-end",
        "",
        "outbound",
        "true",
    ),
}
"""Kinds of events of which there is no recording, and those that the same lines of mod_callcenter write."""
UNQUEUED = "variable_cc_side"
"""On every recorded caller; a caller who met no queue does not have it, and nobody recorded one."""


@cache
def genuine() -> dict[Kind, set[Names]]:
    found: dict[Kind, set[Names]] = {}
    for capture in ORDINARY:
        for connection in received(capture):
            for kind, orders in shapes(connection).items():
                found.setdefault(kind, set()).update(orders)
    return found


@cache
def simulated(form: str = "plain") -> bytes:
    """A quarter of an hour with everything in it, and a shutdown."""
    pbx = switch(3, Variant(races=0.3))
    listener = client(pbx, f"event {form} ALL")
    for command in (
        "agent get status 1001@default",
        "agent get state 1001@default",
        "queue reload consult@default",
    ):
        listener.receive(f"bgapi callcenter_config {command}\n\n".encode())
    pbx.advance(START + 1000.0)
    pbx.restart(10.0, clean=True)
    return listener.outgoing()


@cache
def told_plain() -> list[list[tuple[str, str]]]:
    return list(events(simulated()))


def test_every_event_has_the_headers_of_a_genuine_one_in_their_order() -> None:
    wrong = []
    for kind, orders in shapes(simulated()).items():
        known = genuine().get(NEVER_RECORDED.get(kind, kind), set())
        if kind[0] == "API":
            continue  # ORDINARY clients did not ask for it
        if kind[:1] == ("CHANNEL_HANGUP_COMPLETE",):
            orders = {order for order in orders if UNQUEUED in order or "outbound" in kind or _own(order)}
        wrong += [(kind, order) for order in orders if order not in known]
    assert wrong == []


def _own(order: Names) -> bool:
    return "variable_sip_h_X-Call-Ref" not in order


def test_every_kind_of_event_that_was_recorded_is_simulated() -> None:
    missing = set(genuine()) - set(shapes(simulated()))
    assert missing == {("CUSTOM", "agent-add", "", "", ""), ("CUSTOM", "agent-uuid-get", "", "", "")}


def test_values_are_encoded_as_the_codec_encodes_them() -> None:
    frames = [frame for frame in Frames().feed(simulated()) if frame.kind == b"text/event-plain"]
    assert len(frames) > 1000
    for frame in frames[::7]:
        event = PlainEvent(frame.body)
        pairs = [pair for pair in event.items() if pair[0] != "Content-Length"]
        again = [(name, value.replace("%2B", "+")) for name, value in pairs if "%2B" not in value]
        lines = frame.body.partition(b"\n\n")[0].split(b"\n")
        for name, value in again:
            assert name.encode() + b": " + wire.plain_encoded(value) in lines or value == ""


def test_both_formats_tell_the_same() -> None:
    plain, as_json = told_plain(), list(events(simulated("json")))
    assert len(plain) == len(as_json)
    for one, other in zip(plain[::25], as_json[::25], strict=True):
        first, second = dict(one), dict(other)  # Hangup-Cause comes twice, in both
        assert list(first) == list(second)
        assert all(
            second[name].replace("%2B", "+") == text.replace("%2B", "+") for name, text in first.items()
        )


def test_instants_are_microseconds_of_whole_ticks_and_times_of_queues_whole_seconds() -> None:
    for event in told_plain()[::11]:
        headers = dict(event)
        assert int(headers["Event-Date-Timestamp"]) % 20_000 < 31
        times = [value for name, value in event if name.startswith("CC-") and name.endswith("-Time")]
        assert all(len(value) == 10 for value in times)


def test_sequence_numbers_rise_and_have_gaps() -> None:
    numbers = [int(dict(event)["Event-Sequence"]) for event in told_plain()]
    assert numbers == sorted(numbers)
    assert numbers[-1] > 2 * len(numbers)


# ── lists ──


LISTS = ("queue list", "agent list", "tier list", "queue list members consult@default")


def _columns(body: bytes) -> bytes:
    return body.partition(b"\n")[0]


def test_lists_have_the_columns_of_genuine_ones() -> None:
    recorded = {_columns(body) for body in bodies(next(received("midshift/esl")), b"api/response")}
    pbx = switch()
    pbx.advance(START + 600.0)
    listener = client(pbx)
    for asked in LISTS:
        (body,) = bodies(told(listener, f"api callcenter_config {asked}"), b"api/response")
        assert _columns(body) in recorded, asked
        assert body.endswith(b"\n+OK\n")
        rows = body.decode().split("\n")[1:-2]
        assert all(row.count("|") >= _columns(body).count(b"|") for row in rows)


def test_channels_and_calls_are_listed_as_recorded() -> None:
    genuine_one = list(bodies(next(received("midshift/esl-late")), b"api/response"))
    pbx = switch()
    pbx.advance(START + 600.0)
    listener = client(pbx)
    (body,) = bodies(told(listener, "api show channels as json"), b"api/response")
    recorded = next(json.loads(each) for each in genuine_one if each.startswith(b'{"row_count"'))
    simulated_one = json.loads(body)
    assert list(simulated_one["rows"][0]) == list(recorded["rows"][0])
    (body,) = bodies(told(listener, "api show calls"), b"api/response")
    assert _columns(body) == next(
        _columns(each) for each in genuine_one if each.startswith(b"uuid,direction")
    )
    assert all(line.count(",") >= _columns(body).count(b",") for line in body.decode().split("\n")[1:-3])


def test_the_json_twin_lists_the_same_without_nulls() -> None:
    pbx = switch()
    listener = client(pbx)
    asked = '{"command":"callcenter_config","data":{"arguments":"agent list"}}'
    (body,) = bodies(told(listener, f"api json {asked}"), b"api/response")
    answer = json.loads(body)
    assert answer["status"] == "success"
    (piped,) = bodies(told(listener, "api callcenter_config agent list"), b"api/response")
    header, *rows = [line.split("|") for line in piped.decode().split("\n")[:-2]]
    for row, told_row in zip(rows, answer["response"], strict=True):
        known = dict(zip(header, row, strict=True))
        assert {name: value for name, value in known.items() if name != "uuid" or value} == told_row


# ── answers, word for word ──

DIALOGUES = ("bad-password", "exit", "no-events-keyword", "filter", "switch-format", "api-forms")
OUR_OWN = ("api callcenter_config", "bgapi", "api json", "api show")
"""Of these the answer is another: its length, an id, another floor."""


def dialogue(name: str) -> Iterator[tuple[str, bytes]]:
    """What the client sent, and what came of it before it sent the next; without events."""
    sent, heard = "", bytearray()
    with gzip.open(CAPTURES / "protocol" / f"{name}.wire.ndjson.gz", "rt", encoding="utf-8") as lines:
        for told_line in map(json.loads, lines):
            if "tx" in told_line:
                yield sent, bytes(heard)
                sent = told_line["tx"].rstrip("\n")
                heard.clear()
            heard += told_line.get("rx", "").encode("latin-1")
    yield sent, bytes(heard)


def _answers(data: bytes) -> list[bytes]:
    frames = Frames().feed(data)
    parts = [
        frame.head + b"\n\n" + frame.body for frame in frames if not frame.kind.startswith(b"text/event")
    ]
    return [part for part in parts if b"being shut down" not in part]


@pytest.mark.parametrize("name", DIALOGUES)
def test_answers_are_those_of_a_genuine_switch(name: str) -> None:
    connection = switch().connect()
    compared = 0
    for sent, heard in dialogue(name):
        answer = told(connection, sent) if sent else connection.outgoing()
        own = any(sent == each or sent.startswith((f"{each} ", f"{each}\n")) for each in OUR_OWN)
        if own and "nosuch" not in sent:
            assert [a.partition(b"\n")[0] for a in _answers(answer)] == [
                a.partition(b"\n")[0] for a in _answers(heard)
            ]
        else:
            assert _answers(answer) == _answers(heard), sent
            compared += 1
    assert compared >= 2


def test_json_bodies_are_the_object_and_nothing_else() -> None:
    frames = [frame for frame in Frames().feed(simulated("json")) if frame.kind == b"text/event-json"]
    for frame in frames[::9]:
        assert isinstance(json.loads(frame.body), dict)
        assert JsonEvent(frame.body).get(b"Event-Name")


def test_the_kinds_of_both_worlds_are_told_apart() -> None:
    """The comparison can say no: an event with one header less is none of the recorded ones."""
    event = next(e for e in told_plain() if dict(e).get("CC-Action") == "agent-offering")
    assert names_of(event) in genuine()[kind_of(event)]
    assert names_of(event[:-1]) not in genuine()[kind_of(event)]
