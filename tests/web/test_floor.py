"""The Floor: what the web is told, from a real engine."""

from itertools import count
from typing import Any, cast

import pytest

from ccwall.api import Floor, Instruments, UnknownCursor
from ccwall.clock import ManualClock
from ccwall.engine import Engine
from ccwall.events import (
    AgentCard,
    AgentId,
    AgentLoggedOn,
    AgentMembershipChanged,
    AgentReady,
    AnyEvent,
    ConfigApplied,
    ContactAbandoned,
    ContactAnswered,
    ContactId,
    ContactQueued,
    Envelope,
    Policy,
    Principal,
    QueueDescribed,
    QueueId,
    SiteId,
    SourceId,
    SourceResyncFinished,
    SourceUp,
)
from ccwall.health import Health, Rates, Vitals
from ccwall_web.schema.board import Board
from ccwall_web.schema.contacts import Contacts
from ccwall_web.schema.health import Health as HealthDocument
from ccwall_web.schema.health import Healthz

Q1, Q2 = QueueId("pbx1/q1"), QueueId("pbx1/q2")
LI, WU = AgentId("li"), AgentId("wu")
MANAGER, LEAD = Principal(id="chen", role="manager"), Principal(id="wu", role="lead")


def contact(name: str) -> ContactId:
    return ContactId(name)


@pytest.fixture
def engine(clock: ManualClock) -> Engine:
    now = clock.now()
    engine, number = Engine(), count(1)

    def tell(*facts: AnyEvent) -> None:
        for fact in facts:
            seq = next(number)
            engine.apply(
                Envelope(
                    seq=seq,
                    id=str(seq),
                    source=SourceId("pbx1"),
                    site=SiteId("site"),
                    received=fact.at,
                    event=fact,
                )
            )

    cards = {LI: AgentCard(team="A"), WU: AgentCard(team="B")}
    tell(
        ConfigApplied(
            at=now, hash="1", policy=Policy(agents=cards, sources={SourceId("pbx1"): "asterisk-ami"})
        ),
        SourceUp(at=now, product="Asterisk"),
        *(QueueDescribed(at=now, queue=queue, name=queue) for queue in (Q1, Q2)),
        AgentLoggedOn(at=now, agent=LI, name="李"),
        AgentMembershipChanged(at=now, agent=LI, queue=Q1, member=True),
        AgentReady(at=now, agent=LI),
        AgentLoggedOn(at=now, agent=WU, name="吴"),
        AgentMembershipChanged(at=now, agent=WU, queue=Q2, member=True),
        SourceResyncFinished(at=now),
        ContactQueued(at=now + 1, contact=contact("c1"), queue=Q1, caller="79123454034", caller_name="Ivan"),
        ContactQueued(at=now + 2, contact=contact("c2"), queue=Q2, caller="8801"),
        ContactAnswered(at=now + 3, contact=contact("c1"), queue=Q1, agent=LI),
        ContactAnswered(at=now + 4, contact=contact("c2"), queue=Q2, agent=WU),
        ContactQueued(at=now + 5, contact=contact("c3"), queue=Q1, caller="13812345678"),
        ContactAbandoned(at=now + 9, contact=contact("c3"), queue=Q1),
        ContactQueued(at=now + 10, contact=contact("c4"), queue=Q1),
    )
    return engine


@pytest.fixture
def floor(engine: Engine, clock: ManualClock) -> Floor:
    vitals = Vitals(
        health=Health(
            address="tcp://pbx:5038",
            condition="connected",
            since=clock.now(),
            error="the far end speaks something else: …",
            cause="foreign",
            last_words=b"SSH-2.0\r\n\x00",
        ),
        rates=Rates(bytes=100.0),
        spool=7,
        counts={"Hangup": 3, "unknown:Odd": 2, "unknown:Other": 1},
    )
    instruments = Instruments(
        heard=lambda: {"pbx1": clock.now() - 2.5},
        vitals=lambda: {"pbx1": vitals},
        recording=lambda: Kept(clock.now()),
        screens=lambda: 5,
        loop_lag=lambda: 0.25,
    )
    return Floor(engine, clock, instruments, version="1.2.3")


class Kept:
    """A journal that is full."""

    state, reason = "stopped", "full"
    committed, pending, bytes, events_per_second = 9, 2, 4096, 1.5

    def __init__(self, since: float) -> None:
        self.since = since


def listed(floor: Floor, principal: Principal, **asked: Any) -> list[dict[str, object]]:
    answer = floor.contacts(principal, **asked)
    Contacts.model_validate(answer)
    return cast(list[dict[str, object]], answer["contacts"])


def ids(floor: Floor, principal: Principal, **asked: Any) -> list[object]:
    return [card["id"] for card in listed(floor, principal, **asked)]


async def test_the_board_of_the_engine_is_the_board_of_the_openapi_document(
    floor: Floor, clock: ManualClock
) -> None:
    await clock.advance(12.0)
    told = Board.model_validate(floor.board(MANAGER))
    assert told.queues[Q1].waiting == 1
    assert told.floor is not None


def test_a_narrow_principal_gets_a_narrow_board(floor: Floor) -> None:
    board = floor.board(Principal(id="x", role="lead", queues=(Q1,)))
    assert cast(dict[str, object], board["queues"]).keys() == {Q1}
    assert cast(dict[str, object], board["agents"]).keys() == {LI}
    assert "floor" not in board


@pytest.mark.parametrize("role", ["manager", "operations", "supervisor", "complaints"])
def test_roles_that_deal_with_callers_see_their_numbers(floor: Floor, role: Any) -> None:
    first, *_ = listed(floor, Principal(id="x", role=role))
    assert (first["caller"], first["caller_name"]) == ("79123454034", "Ivan")


@pytest.mark.parametrize("role", ["lead", "quality", "agent", "display"])
def test_all_others_see_masked_numbers_and_no_names(floor: Floor, role: Any) -> None:
    cards = listed(floor, Principal(id="x", role=role))
    assert [card.get("caller") for card in cards] == ["791****4034", "****", "138****5678", None]
    assert "Ivan" not in str(cards)


def test_contacts_come_in_order_of_queueing(floor: Floor) -> None:
    assert ids(floor, MANAGER) == ["c1", "c2", "c3", "c4"]


def test_contacts_of_one_queue_and_one_outcome(floor: Floor) -> None:
    assert ids(floor, MANAGER, queue=Q1, outcome="abandoned") == ["c3"]


def test_paging_gives_every_contact_once(floor: Floor) -> None:
    pages, after = [], ""
    while True:
        answer = floor.contacts(MANAGER, limit=3, after=after)
        pages.append([card["id"] for card in cast(list[dict[str, object]], answer["contacts"])])
        if "next" not in answer:
            break
        after = str(answer["next"])
    assert pages == [["c1", "c2", "c3"], ["c4"]]


def test_a_page_that_ends_exactly_at_the_end_has_no_next(floor: Floor) -> None:
    assert "next" not in floor.contacts(MANAGER, limit=4)


def test_a_cursor_from_nowhere_is_an_error(floor: Floor) -> None:
    with pytest.raises(UnknownCursor):
        floor.contacts(MANAGER, after="c9")


def test_a_lead_of_one_queue_lists_its_contacts_only(floor: Floor) -> None:
    assert ids(floor, Principal(id="x", role="lead", queues=(Q2,))) == ["c2"]


def test_a_lead_of_one_team_lists_what_it_took_and_what_nobody_took(floor: Floor) -> None:
    assert ids(floor, Principal(id="x", role="lead", teams=("A",))) == ["c1", "c3", "c4"]


def test_what_has_no_value_is_absent(floor: Floor) -> None:
    assert not any(value is None for card in listed(floor, MANAGER) for value in card.values())


def test_the_staff_is_told_everything_of_the_house(floor: Floor, clock: ManualClock) -> None:
    health = floor.health(MANAGER)
    HealthDocument.model_validate(health)
    source = cast(dict[str, dict[str, object]], health["sources"])["pbx1"]
    shown = ("state", "product", "age", "unknown", "address", "condition", "cause", "last_words", "spool")
    assert [source[key] for key in shown] == [
        *("live", "Asterisk", 2.5, 3),
        *("tcp://pbx:5038", "connected", "foreign", "SSH-2.0\n\\x00", 7),
    ]
    assert source["rates"] == {"bytes": 100.0, "messages": 0.0, "facts": 0.0}
    assert (health["screens"], health["loop_lag"], health["now"]) == (5, 0.25, clock.now())
    assert health["recording"] == {
        "state": "stopped",
        "since": clock.now(),
        "reason": "full",
        "committed": 9,
        "pending": 2,
        "rate": 1.5,
        "bytes": 4096,
    }


@pytest.mark.parametrize("principal", [None, LEAD])
def test_others_are_told_states_and_ages_only(floor: Floor, principal: Principal | None) -> None:
    health = floor.health(principal)
    Healthz.model_validate(health)
    (source,) = cast(dict[str, dict[str, object]], health["sources"]).values()
    assert source.keys() == {"state", "since", "age", "unknown"}
    assert (health["running"], health["recording"]) == (True, {"state": "stopped"})


async def test_asking_a_thousand_times_works_the_board_out_once(
    floor: Floor, engine: Engine, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    board = engine.board

    def counted(now: float) -> dict[str, object]:
        asked.append(now)
        return board(now)

    monkeypatch.setattr(engine, "board", counted)
    for _ in range(1000):
        floor.health(MANAGER)
    assert len(asked) == 1
    await clock.advance(0.5)
    floor.health(MANAGER)
    assert len(asked) == 2
