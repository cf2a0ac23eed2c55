"""CloudEvents over HTTP: three ways to write them, each taken once."""

import msgspec
import pytest

from ccwall.adapter import Directory, Mode, Session
from ccwall.events import AnyEvent, SeatOccupied, SourceTook
from ccwall.wire.parcel import Parcels, pack
from ccwall_adapters.http_events.events import EventsSession, EventsSettings
from tests.adapters.contract import NOW, ParcelContract, PlainDirectory, Step

STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"


def event(id: str, tag: str = "seat.occupied", **data: object) -> dict[str, object]:
    return {
        "specversion": "1.0",
        "id": id,
        "source": "/desks/hall-1",
        "type": f"com.ccwall.{tag}",
        "time": "2027-01-15T08:00:00Z",
        "data": data or {"seat": "A-1"},
    }


def request(body: bytes, kind: str = STRUCTURED, **headers: str) -> bytes:
    said = {
        "content-type": kind,
        "authorization": "Bearer secret",
        **{k.replace("_", "-"): v for k, v in headers.items()},
    }
    return pack({"request": "1", "method": "POST", "url": "", "headers": said}, body)


def structured(id: str, tag: str = "seat.occupied", **data: object) -> bytes:
    return request(msgspec.json.encode(event(id, tag, **data)))


def batch(*events: dict[str, object]) -> bytes:
    return request(msgspec.json.encode(events), BATCH)


class TestContract(ParcelContract):
    wire = (
        Step("open"),
        Step("rx", structured("1")),
        Step("rx", batch(event("2"), event("3", "contact.queued", contact="c", queue="q"), event("1"))),
        Step("rx", structured("4", "source.up")),
    )
    greeting = structured("0")

    def session(self, mode: Mode = "observe", directory: Directory | None = None) -> Session:
        return EventsSession(EventsSettings(token="secret"), directory or PlainDirectory(), mode)


def ask(session: EventsSession, wire: bytes) -> tuple[list[AnyEvent], int, bytes]:
    facts = list(session.receive(wire, NOW))
    (answer,) = Parcels().feed(session.outgoing())
    return facts, int(str(answer.head["status"])), answer.body


@pytest.fixture
def session() -> EventsSession:
    session = EventsSession(EventsSettings(token="secret"), PlainDirectory(), "live")
    session.open(NOW)
    return session


def test_structured_binary_and_batch_say_the_same(session: EventsSession) -> None:
    headers = {
        "ce_id": "b",
        "ce_source": "/desks/hall-1",
        "ce_specversion": "1.0",
        "ce_type": "com.ccwall.seat.occupied",
        "ce_time": "2027-01-15T08:00:00Z",
    }
    binary = request(b'{"seat":"A-1"}', "application/json", **headers)
    told = [ask(session, wire) for wire in (structured("a"), binary, batch(event("c")))]
    assert [status for _, status, _ in told] == [202] * 3
    seats = [fact for facts, _, _ in told for fact in facts if isinstance(fact, SeatOccupied)]
    assert len(seats) == 3
    assert len(set(seats)) == 1
    assert [fact.mark for facts, _, _ in told for fact in facts if isinstance(fact, SourceTook)] == [
        "a",
        "b",
        "c",
    ]


def test_the_same_event_again_is_well_received_and_not_taken(session: EventsSession) -> None:
    ask(session, structured("a"))
    assert ask(session, structured("a")) == ([], 202, b"")
    assert ask(session, batch(event("a"), event("a"))) == ([], 202, b"")


def test_a_restarted_session_knows_what_was_taken(session: EventsSession) -> None:
    facts, _, _ = ask(session, structured("a"))
    (took,) = (fact for fact in facts if isinstance(fact, SourceTook))
    again = EventsSession(EventsSettings(token="secret"), PlainDirectory(), "live")
    again.recall({took.stream: [took.mark]})
    again.open(NOW)
    assert ask(again, structured("a"))[0] == []
    assert ask(again, structured("b"))[0] != []


def test_of_a_batch_the_good_are_taken_and_the_bad_are_named(session: EventsSession) -> None:
    facts, status, said = ask(
        session, batch(event("a"), event("b", "source.up"), event("c", "seat.occupied", seat=7))
    )
    assert (status, sum(isinstance(fact, SeatOccupied) for fact in facts)) == (422, 1)
    assert b"event 'b'" in said
    assert b"the house's own" in said
    assert b"event 'c'" in said


@pytest.mark.parametrize(
    ("wire", "status"),
    [
        (request(b"{", STRUCTURED), 400),
        (request(b"[]", STRUCTURED), 400),
        (request(b'{"specversion":"0.3"}', STRUCTURED), 400),
        (request(b"{}", BATCH), 400),
        (request(b"a=b", "application/x-www-form-urlencoded"), 415),
        (request(b"[" * 100_000, STRUCTURED), 400),
        (pack({"request": "1", "headers": {"content-type": STRUCTURED}}, b"{}"), 401),
        (
            pack(
                {"request": "1", "headers": {"content-type": STRUCTURED, "authorization": "Bearer wrong"}},
                b"{}",
            ),
            401,
        ),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_taken(session: EventsSession, wire: bytes, status: int) -> None:
    facts, answered, said = ask(session, wire)
    assert (facts, answered) == ([], status)
    assert said
