"""Who does not know the dialog changes nothing, and is told that there is none."""

from collections.abc import Callable
from typing import Literal

import pytest

from ccwall.events import DeviceStateChanged
from ccwall_adapters.sip_dialog.documents import DIALOG_INFO, Dialog, DialogInfo, write_dialog_info
from ccwall_adapters.sip_dialog.message import Message, parse
from ccwall_simulators.sip.notifier import Subscriber

from .joined import Joined, wall

BUSY = write_dialog_info(DialogInfo(9, True, "sip:1001@pbx.example", (Dialog("x", "confirmed"),)))


@pytest.mark.parametrize("scheme", ["udp", "tcp"])
@pytest.mark.parametrize("kind", ["call_id", "tag", "own_tag"])
def test_a_forged_notify_changes_nothing(kind: Literal["call_id", "tag", "own_tag"], scheme: str) -> None:
    floor = Joined(wall(), scheme=scheme).open().run(3)
    before = len(floor.facts)
    for subscriber in list(floor.notifier.subscribers.values()):
        floor.notifier.forge(subscriber, kind)
    floor.run(1)
    assert floor.notifier.counts["NOTIFY 481"] == 2
    assert floor.facts[before:] == []
    floor.phone("1001", early="c1")
    assert floor.run(1).states == {"1001": "ringing", "1002": "idle"}


def answered(floor: Joined, change: Callable[[Message], None], body: bytes = BUSY) -> Message:
    """What is answered to a NOTIFY of the right dialog with something else wrong."""
    subscriber = next(one for one in floor.notifier.subscribers.values() if one.user == "1001")
    _, wire = floor.notifier._wire(subscriber, "active;expires=600", DIALOG_INFO, body)
    message = parse(wire)
    change(message)
    lines = [f"NOTIFY {message.uri} SIP/2.0"]
    lines += [f"{name}: {value}" for name, values in message.headers.items() for value in values]
    mark = len(floor.steps)
    floor.hear("\r\n".join([*lines, "", ""]).encode() + message.body)
    return parse(next(step.data for step in floor.steps[mark:] if step.kind == "tx").partition(b"{}")[2])


@pytest.mark.parametrize(
    ("header", "value", "status"),
    [
        ("event", "presence", 489),
        ("event", "", 489),
        ("subscription-state", "", 400),
        ("content-type", "text/plain", 415),
        ("cseq", "", 400),
        ("cseq", "-1 NOTIFY", 400),
        ("cseq", "77 SUBSCRIBE", 400),
        ("from", "<sip:1001@pbx.example>", 481),
        ("via", "", 400),
        ("call-id", "", 400),
    ],
)
def test_a_notify_that_is_wrong_is_refused_by_the_right_word(header: str, value: str, status: int) -> None:
    floor = Joined(wall()).open().run(3)
    before = len(floor.facts)

    def change(message: Message) -> None:
        message.headers[header] = [value]

    assert answered(floor, change).status == status
    assert floor.facts[before:] == []


@pytest.mark.parametrize(
    "body",
    [
        b"<dialog-info",
        b"<!DOCTYPE x [<!ENTITY a 'b'>]><dialog-info/>",
        b"<other/>",
        BUSY.replace(b'version="9"', b'version="-1"'),
        BUSY.replace(b'"full"', b'"half"'),
        BUSY.replace(b"confirmed", b"dreaming"),
        BUSY.replace(b'id="x"', b""),
        BUSY.replace(
            b"</dialog-info>", b"<dialog id='y'><state>early</state></dialog>" * 300 + b"</dialog-info>"
        ),
    ],
)
def test_a_body_that_cannot_be_read_makes_the_phone_unknown_and_is_asked_for_again(body: bytes) -> None:
    floor = Joined(wall()).open().run(8)
    assert answered(floor, lambda message: None, body).status == 400
    assert floor.states == {"1001": "unknown", "1002": "idle"}
    assert floor.faults["1001"].startswith("dialog: cannot be understood: ")
    assert floor.run(6).states == {"1001": "idle", "1002": "idle"}
    assert floor.faults == {}


def test_the_same_notify_twice_gets_the_same_answer_and_does_nothing_more() -> None:
    floor = Joined(wall()).open().run(3)
    floor.phone("1001", early="c1")
    notify = [step.data for step in floor.steps if step.kind == "rx" and b"NOTIFY sip" in step.data][-1]
    first = [step.data for step in floor.steps if step.kind == "tx"][-1]
    before, mark = len(floor.facts), len(floor.steps)
    floor.facts += floor.session.receive(notify, floor.now)
    floor._say()
    assert [step.data for step in floor.steps[mark:]] == [first]
    assert floor.facts[before:] == []


def test_one_that_comes_late_is_older_than_what_is_known() -> None:
    floor = Joined(wall()).open().run(3)
    subscriber = next(one for one in floor.notifier.subscribers.values() if one.user == "1001")
    late = copy(floor, subscriber)
    floor.phone("1001", early="c1")
    floor.hear(late)
    assert floor.states["1001"] == "ringing"


def copy(floor: Joined, subscriber: Subscriber) -> bytes:
    _, wire = floor.notifier._wire(subscriber, "active", DIALOG_INFO, BUSY)
    subscriber.version += 1
    return wire


def test_other_requests_are_answered_and_counted() -> None:
    floor = Joined(wall()).open().run(3)
    for method, status in (("OPTIONS", b"200"), ("INVITE", b"405"), ("CANCEL", b"481"), ("MESSAGE", b"405")):
        mark = len(floor.steps)
        floor.hear(
            f"{method} sip:wall@x SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK{method}\r\nFrom: <sip:a>;tag=1\r\n"
            f"To: <sip:b>\r\nCall-ID: {method}\r\nCSeq: 1 {method}\r\n\r\n".encode()
        )
        answer = next(step.data for step in floor.steps[mark:] if step.kind == "tx")
        assert b"SIP/2.0 " + status in answer
        assert b"To: <sip:b>;tag=" in answer
    assert floor.session.counts["unknown:INVITE"] == floor.session.counts["unknown:MESSAGE"] == 1


def test_a_fork_is_told_that_the_first_was_taken() -> None:
    floor = Joined(wall()).open().run(3)
    subscriber = next(one for one in floor.notifier.subscribers.values() if one.user == "1001")
    floor.notifier.forge(subscriber, "tag")
    floor.run(0.5)
    assert [f.state for f in floor.facts if isinstance(f, DeviceStateChanged)] == ["idle", "idle"]
    assert floor.notifier.counts["NOTIFY 481"] == 1
