"""TaskRouter's callbacks: forms in any order, signed, each once."""

import base64
import hashlib
import hmac
import itertools
import random
from collections.abc import Sequence
from urllib.parse import urlencode

import pytest

from ccwall.adapter import Directory, Mode, Session
from ccwall.engine import Engine
from ccwall.events import AnyEvent, SiteId, SourceId
from ccwall.intake import Intake
from ccwall.wire.parcel import Parcels, pack
from ccwall_adapters.http_events.twilio import TwilioSession, TwilioSettings, signed
from tests.adapters.contract import NOW, ParcelContract, PlainDirectory, Step

URL = "https://wall.example/api/v1/events/tw"
SETTINGS = TwilioSettings(token="12345", public_url=URL)


def form(kind: str, number: int, at: float, **fields: str) -> dict[str, str]:
    usual = {
        "EventType": kind,
        "Sid": f"EV{number:04}",
        "AccountSid": "AC1",
        "WorkspaceSid": "WS1",
        "Timestamp": str(int(at)),
        "TimestampMs": str(int(at * 1000)),
        "TaskSid": "WT1",
        "TaskQueueSid": "WQ1",
        "TaskQueueName": "consult",
        "TaskAttributes": '{"from":"+8613800001111"}',
    }
    return {**usual, **fields}


def request(fields: dict[str, str], number: int = 1, signature: str | None = None) -> bytes:
    if signature is None:
        text = URL + "".join(name + fields[name] for name in sorted(fields))
        signature = base64.b64encode(hmac.digest(b"12345", text.encode(), hashlib.sha1)).decode()
    headers = {"content-type": "application/x-www-form-urlencoded", "x-twilio-signature": signature}
    head = {"request": str(number), "method": "POST", "url": URL, "headers": headers}
    return pack(head, urlencode(fields).encode())


WORKER = {
    "WorkerSid": "WK1",
    "WorkerName": "alice",
    "WorkerActivityName": "Available",
    "ReservationSid": "WR1",
}
DAY = [
    form("worker.activity.update", 1, NOW, **WORKER),
    form("task.created", 2, NOW + 1),
    form("task-queue.entered", 3, NOW + 1),
    form("reservation.created", 4, NOW + 5, TaskAge="4", **WORKER),
    form("reservation.accepted", 5, NOW + 9, TaskAge="8", **WORKER),
    form("reservation.wrapup", 6, NOW + 69, TaskAge="68", **WORKER),
    form("reservation.completed", 7, NOW + 80, TaskAge="79", **WORKER),
    form("task.completed", 8, NOW + 80, TaskAge="79"),
]


class TestContract(ParcelContract):
    wire = (Step("open"), *(Step("rx", request(each, n)) for n, each in enumerate(DAY)))
    greeting = request(DAY[0])

    def session(self, mode: Mode = "observe", directory: Directory | None = None) -> Session:
        return TwilioSession(SETTINGS, directory or PlainDirectory(), mode)


def told(fields: Sequence[dict[str, str]]) -> tuple[list[AnyEvent], list[int]]:
    session = TwilioSession(SETTINGS, PlainDirectory(), "live")
    facts = list(session.open(NOW))
    for number, each in enumerate(fields):
        facts += session.receive(request(each, number), NOW + 100)
    return facts, [int(str(parcel.head["status"])) for parcel in Parcels().feed(session.outgoing())]


def board(facts: Sequence[AnyEvent]) -> dict[str, object]:
    engine = Engine(SiteId("site"))
    Intake(SiteId("site"), engine.apply).take(SourceId("src"), facts, NOW + 100)
    queue = engine.board(NOW + 100)["queues"]
    assert isinstance(queue, dict)
    return dict(queue["src/consult"])


def test_a_call_from_its_queueing_to_its_end() -> None:
    facts, statuses = told(DAY)
    assert set(statuses) == {204}
    queue = board(facts)
    assert (queue["offered"], queue["answered"], queue["asa"], queue["talk_time"]) == (1, 1, 8.0, 60.0)


@pytest.mark.parametrize("seed", range(20))
def test_the_numbers_are_the_same_in_whatever_order_the_callbacks_come(seed: int) -> None:
    """Within one call: what comes early tells by its age when the task had queued."""
    shuffled = DAY[1:5]
    random.Random(seed).shuffle(shuffled)
    queue = board(told([*shuffled, *DAY[5:]])[0])
    assert (queue["offered"], queue["answered"], queue["asa"]) == (1, 1, 8.0)


def test_sent_again_it_is_not_taken_twice_and_not_after_a_restart_either() -> None:
    facts, statuses = told([*DAY, *DAY])
    once = [fact for fact in facts if type(fact).__name__ == "ContactAnswered"]
    assert (len(once), set(statuses)) == (1, {204})
    session = TwilioSession(SETTINGS, PlainDirectory(), "live")
    session.recall({"taskrouter": [each["Sid"] for each in DAY]})
    session.open(NOW)
    assert [session.receive(request(each), NOW) for each in DAY] == [[]] * len(DAY)


def test_a_wrong_signature_is_refused_and_changes_nothing() -> None:
    session = TwilioSession(SETTINGS, PlainDirectory(), "live")
    session.open(NOW)
    assert session.receive(request(DAY[2], signature="bm90IGl0"), NOW) == []
    (answer,) = Parcels().feed(session.outgoing())
    assert answer.head["status"] == 403
    assert b"public_url and token" in answer.body
    assert session.receive(request(DAY[2]), NOW), "and the right one is still taken"


def test_the_signature_of_twilios_own_example() -> None:
    """https://www.twilio.com/docs/usage/security: the url and parameters of its example."""
    fields = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675309",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
    }
    settings = TwilioSettings(token="12345", public_url="https://mycompany.com/myapp.php?foo=1&bar=2")
    assert signed(settings, list(fields.items()), "RSOYDt4T1cUTdK1PDd93/VVr8B8=")
    assert not signed(settings, [*fields.items(), ("x", "y")], "RSOYDt4T1cUTdK1PDd93/VVr8B8=")


@pytest.mark.parametrize(
    ("kind", "reason", "outcome"),
    [
        ("task.canceled", "hangup", "abandoned_total"),
        ("task.canceled", "", "abandoned_total"),
        ("task.canceled", "Task TTL Exceeded", "flowed_out"),
        ("workflow.timeout", "", "flowed_out"),
        ("task-queue.moved", "", "flowed_out"),
    ],
)
def test_how_a_task_leaves_unanswered(kind: str, reason: str, outcome: str) -> None:
    facts, _ = told([DAY[2], form(kind, 9, NOW + 30, TaskCanceledReason=reason)])
    assert board(facts)[outcome] == 1


def test_a_reservation_that_times_out_was_left_ringing() -> None:
    facts, _ = told([*DAY[:4], form("reservation.timeout", 9, NOW + 20, **WORKER)])
    assert board(facts)["missed"] == 1


def test_callbacks_without_their_sid_or_with_a_broken_form_are_refused_with_words() -> None:
    session = TwilioSession(SETTINGS, PlainDirectory(), "observe")
    session.open(NOW)
    for body in (b"EventType=task.created", b"%%%;;", b"\xff=1", b"&".join([b"a=1"] * 1000)):
        head = {"request": "1", "headers": {"content-type": "application/x-www-form-urlencoded"}}
        assert session.receive(pack(head, body), NOW) == []
    assert sum(number for kind, number in session.counts.items() if kind.startswith("refused")) == 4


def test_what_is_remembered_is_bounded() -> None:
    session = TwilioSession(SETTINGS, PlainDirectory(), "observe")
    session.open(NOW)
    for number in itertools.islice(itertools.count(), 6000):
        session.receive(
            request(form("task-queue.entered", number, NOW, TaskSid=f"WT{number}"), signature=""), NOW
        )
    assert len(session.taken._of("taskrouter")) == 4096
