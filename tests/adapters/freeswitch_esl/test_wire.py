"""The Event Socket's bytes: frames at any cut, events in both forms, and the same codec read backwards."""

import json
import random

import pytest

from ccwall.errors import ProtocolError
from ccwall_adapters.freeswitch_esl import wire
from ccwall_adapters.freeswitch_esl.event import JsonEvent, PlainEvent, plain_value
from tests.adapters.freeswitch_esl.pbx import CAPTURES, steps

RECORDED = sorted(path.relative_to(CAPTURES) for path in CAPTURES.glob("*/*.wire.ndjson.gz"))


def received(path: object) -> bytes:
    return b"".join(step.data for step in steps(CAPTURES / str(path)) if step.kind == "rx")


def rewritten(frame: wire.Frame) -> bytes:
    """The frame, decoded and encoded again."""
    if frame.kind == b"text/event-plain":
        head, _, body = frame.body.partition(b"\n\n")
        headers = [
            (name.decode(), plain_value(value))
            for name, _, value in (line.partition(b": ") for line in head.split(b"\n"))
        ]
        return wire.event(headers[:-1] if body else headers, "plain", body.decode())
    if frame.kind == b"text/event-json":
        pairs = json.loads(frame.body, object_pairs_hook=list)
        body = dict(pairs).get("_body", "")
        return wire.event(pairs[:-2] if body else pairs, "json", body)
    if frame.kind == b"command/reply":
        (_, _), (_, text), *more = [line.split(": ", 1) for line in frame.head.decode().split("\n")]
        return wire.command_reply(text, *((name, value) for name, value in more))
    if frame.kind == b"api/response":
        return wire.api_response(frame.body.decode())
    if frame.kind == b"text/disconnect-notice":
        return wire.disconnect_notice(frame.body.decode())
    if frame.kind == b"auth/request":
        return wire.AUTH_REQUEST
    return frame.head + b"\n\n" + frame.body


@pytest.mark.parametrize("path", RECORDED, ids=str)
def test_what_a_genuine_freeswitch_wrote_is_written_again_to_the_byte(path: object) -> None:
    """But for a `%HH` that was in a value before it was encoded, and a header sent twice: there decoding is no inverse."""
    wrong = [
        frame
        for frame in wire.Frames().feed(received(path))
        if rewritten(frame) != frame.head + b"\n\n" + frame.body and b"forged" not in frame.body
    ]
    assert not wrong, (wrong[0].body, rewritten(wrong[0]))


@pytest.mark.parametrize("longest", [1, 7, 100, 5000])
def test_frames_are_the_same_however_they_are_cut(longest: int) -> None:
    whole = received("protocol/api-forms.wire.ndjson.gz") + received("protocol/switch-format.wire.ndjson.gz")
    dice, reader, found = random.Random(longest), wire.Frames(), []
    start = 0
    while start < len(whole):
        size = dice.randint(1, longest)
        found += reader.feed(whole[start : start + size])
        start += size
    assert whole_frames(found) == whole_frames(wire.Frames().feed(whole))


def whole_frames(frames: list[wire.Frame]) -> list[tuple[bytes, bytes, bytes]]:
    return [(frame.kind, frame.head, frame.body) for frame in frames]


def test_a_body_of_the_promised_length_may_hold_empty_lines() -> None:
    (one, two) = wire.Frames().feed(wire.api_response("a\n\nb\n\n") + wire.AUTH_REQUEST)
    assert (one.body, two.kind) == (b"a\n\nb\n\n", b"auth/request")


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: 5\n\nhello",
        b"Content-Type: api/response\nContent-Length: -5\n\n",
        b"Content-Type: api/response\nContent-Length: many\n\n",
        b"Content-Type: api/response\nContent-Length: 99999999999\n\n",
        b"Content-Type: api/response\nContent-Length: 20000000\n\n",
        b"Hello: world\n\n",
        b"Content-Type: text/event-json\n\n",
        b'8"}\nContent-Length: 3\nContent-Type: text/event-json\n\n{ }',
        b"Content-Type: api/response\n\n",
        b'8"}Content-Length: 3\nContent-Type: text/event-json\n\n{ }',
    ],
)
def test_a_frame_that_says_no_kind_or_no_sane_length_is_refused(head: bytes) -> None:
    with pytest.raises(ProtocolError) as caught:
        wire.Frames().feed(head)
    assert caught.value.wire


@pytest.mark.parametrize("form", ["plain", "json"])
@pytest.mark.parametrize("harm", ["garbage!!", "}", "\n\n", ""])
@pytest.mark.parametrize("seed", range(12))
def test_bytes_too_many_or_missing_never_make_it_deaf(form: wire.Format, harm: str, seed: int) -> None:
    """Whatever is told before the error was said, except perhaps the one event that was hit."""
    said = [wire.event([("Event-Name", "HEARTBEAT"), ("Up-Time", f"{n} }}" * 9)], form) for n in range(9)]
    at = random.Random(seed).randrange(60, len(said[0]) + len(said[1]) - 10)
    whole = b"".join(said)
    reader, found, noticed = wire.Frames(), [], False
    try:
        for byte in whole[:at] + harm.encode() + whole[at if harm else at + 5 :]:
            found += reader.feed(bytes([byte]))
    except ProtocolError:
        noticed = True
    genuine = [wire.Frames().feed(one)[0].body for one in said]
    assert sum(frame.body not in genuine for frame in found) <= 1
    assert noticed or found[-1].body == genuine[-1]  # hit in the name of its kind


@pytest.mark.parametrize("form", ["plain", "json"])
def test_an_event_that_was_cut_wrong_is_not_told(form: wire.Format) -> None:
    block = wire.event([("Event-Name", "CUSTOM"), ("CC-Queue", "consult")], form)
    with pytest.raises(ProtocolError, match="in the middle of a word"):
        wire.Frames().feed(block[:60] + b"garbage!!" + block[60:])


def test_after_lost_bytes_frames_begin_again_at_the_next_whole_one() -> None:
    event = wire.event([("Event-Name", "HEARTBEAT"), ("Up-Time", "x" * 500)])
    reader = wire.Frames()
    reader.resume()
    found = [*reader.feed(event[200:] + event[:30]), *reader.feed(event[30:])]
    assert [frame.body for frame in found] == [wire.Frames().feed(event)[0].body]


@pytest.mark.parametrize(
    "value", ["", "a+b=c?", "100% Legal", "%2B49", "Müller & Söhne", "李小龍", "a|b,c/d'e(f)g!", "x\r\ny"]
)
def test_a_value_comes_back_in_both_forms(value: str) -> None:
    headers = [("Event-Name", "CUSTOM"), ("CC-Member-CID-Name", value), ("CC-Queue", "q")]
    plain, told = wire.Frames().feed(wire.event(headers, "plain") + wire.event(headers, "json"))
    wanted = value.replace("%2B", "+")  # FreeSWITCH does not encode it again, so that nobody can tell
    assert PlainEvent(plain.body).get(b"CC-Member-CID-Name") == wanted
    assert JsonEvent(told.body).get(b"CC-Member-CID-Name") == value
    assert JsonEvent(told.body).get(b"CC-Queue") == PlainEvent(plain.body).get(b"CC-Queue") == "q"
    assert PlainEvent(plain.body).get(b"CC-Cause") == JsonEvent(told.body).get(b"CC-Cause") == ""


def test_an_empty_header_is_undef_in_plain_and_a_caller_may_be_called_so() -> None:
    block = wire.event([("Event-Name", "CUSTOM"), ("CC-Agent", ""), ("CC-Member-CID-Name", "Smith_undef_")])
    assert b"CC-Agent: _undef_\n" in block
    event = PlainEvent(wire.Frames().feed(block)[0].body)
    assert (event.get(b"CC-Agent"), event.get(b"CC-Member-CID-Name")) == ("", "Smith_undef_")


def test_a_header_is_not_found_inside_of_another_headers_value() -> None:
    evil = 'x","CC-Queue":"forged'
    headers = [("Event-Name", "CUSTOM"), ("CC-Member-CID-Name", evil), ("CC-Queue", "true")]
    event = JsonEvent(wire.Frames().feed(wire.event(headers, "json"))[0].body)
    assert (event.get(b"CC-Queue"), event.get(b"CC-Member-CID-Name")) == ("true", evil)
    headers[1] = ("CC-Member-CID-Name", "x\nCC-Queue: forged")
    plain = PlainEvent(wire.Frames().feed(wire.event(headers, "plain"))[0].body)
    assert (plain.get(b"CC-Queue"), plain.get(b"CC-Member-CID-Name")) == ("true", "x\nCC-Queue: forged")


def test_arrays_are_lists_in_json_and_text_in_plain() -> None:
    headers: list[tuple[str, str | list[str]]] = [("Event-Name", "X"), ("variable_DP_MATCH", ["a", "b c"])]
    plain, told = wire.Frames().feed(wire.event(headers, "plain") + wire.event(headers, "json"))
    assert b"variable_DP_MATCH: ARRAY%3A%3Aa%7C%3Ab%20c\n" in plain.body
    assert PlainEvent(plain.body).get(b"variable_DP_MATCH") == "ARRAY::a|:b c"
    assert JsonEvent(told.body).get(b"variable_DP_MATCH") == "ARRAY::a|:b c"


def test_the_body_of_a_job_comes_back_in_both_forms() -> None:
    headers = [("Event-Name", "BACKGROUND_JOB"), ("Job-Command", "status")]
    for form, reader in (("plain", PlainEvent), ("json", JsonEvent)):
        block = wire.event(headers, form, 'UP "1"\n\nday\n')  # type: ignore[arg-type]
        assert reader(wire.Frames().feed(block)[0].body).body == 'UP "1"\n\nday\n'


def test_commands_are_read_with_their_headers_and_bodies() -> None:
    sent = b"auth pw\n\nsendevent CUSTOM\nEvent-Subclass: callcenter::info\nContent-Length: 5\n\nhelloapi status\r\n\r\n\n\nexit\n\n"
    reader = wire.CommandLines()
    found = [command for byte in sent for command in reader.feed(bytes([byte]))]
    assert [command.line for command in found] == ["auth pw", "sendevent CUSTOM", "api status", "exit"]
    assert (found[1].headers[0], found[1].body) == (("Event-Subclass", "callcenter::info"), b"hello")


def test_a_command_without_end_is_refused() -> None:
    reader = wire.CommandLines()
    reader.feed(b"x" * wire.HEAD_LIMIT)
    with pytest.raises(ProtocolError, match="no end of message"):
        reader.feed(b"x")
