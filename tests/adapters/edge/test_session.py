"""Many edges at one server: each fact once, who is away, and clocks that are wrong."""

from collections.abc import Sequence

import pytest

from ccwall.adapter import Directory, Mode, Session
from ccwall.events import (
    AgentId,
    AnyEvent,
    DeviceFault,
    DeviceHeadset,
    DeviceId,
    DevicePressed,
    DeviceSeen,
    DeviceStateChanged,
    SeatId,
    SeatOccupied,
    SeatSensor,
    SourceDown,
    SourceGap,
    SourceResyncFinished,
    SourceResyncStarted,
    SourceTook,
)
from ccwall.wire import edge as wire
from ccwall.wire.parcel import Parcels, pack
from ccwall_adapters.edge import ADAPTER, EdgeSession, EdgeSettings
from tests.adapters.contract import NOW, ParcelContract, PlainDirectory, Step
from tests.adapters.edge.desk import Pc
from tests.adapters.edge.fuzz import HEADSET, PHONE, SEEDS
from tests.transport.test_zmq import CLIENT, SERVER

GREETING = Pc().hello()


class TestContract(ParcelContract):
    wire = (Step("open"), *(Step("rx", seed) for seed in SEEDS), Step("close"))
    greeting = GREETING

    def session(self, mode: Mode = "observe", directory: Directory | None = None) -> Session:
        return ADAPTER.session(EdgeSettings(), directory or PlainDirectory(), mode)


class People(PlainDirectory):
    """The PC is 王芳's, and so is one device wherever it is."""

    def person(self, *keys: str) -> AgentId | None:
        return AgentId("a1") if {"pc-1", "pc-2/box/h1"} & set(keys) else None


def live(settings: EdgeSettings | None = None, *pcs: Pc) -> EdgeSession:
    session = EdgeSession(settings or EdgeSettings(), People(), "live")
    session.open(NOW)
    for pc in pcs:
        session.receive(pc.hello(), NOW)
    return session


def pressed(button: str, at: float = NOW) -> DevicePressed:
    return DevicePressed(at=at, device=HEADSET, button=button)


def buttons(facts: Sequence[AnyEvent]) -> list[str]:
    return [fact.button for fact in facts if isinstance(fact, DevicePressed)]


def of(kind: type[AnyEvent], facts: Sequence[AnyEvent]) -> list[AnyEvent]:
    return [fact for fact in facts if isinstance(fact, kind)]


def said(session: EdgeSession) -> list[tuple[object, wire.FromServer]]:
    """Who was answered what."""
    return [(parcel.head["id"], wire.of_server(parcel.body)) for parcel in Parcels().feed(session.outgoing())]


def test_an_edge_is_welcomed_and_seen() -> None:
    session, pc = live(), Pc()
    (seen,) = session.receive(pc.hello(), NOW)
    assert seen == DeviceSeen(
        at=NOW,
        device=DeviceId("src/pc-1"),
        kind="edge",
        name="pc-1",
        product="ccwall edge 1",
        agent=AgentId("a1"),
    )
    assert said(session) == [("01", wire.Welcome())]


def test_a_fact_is_of_its_edge_and_of_the_person_whose_pc_or_device_it_is() -> None:
    one, two, three = Pc(), Pc("pc-2", id="02"), Pc("pc-3", id="03")
    session = live(None, one, two, three)
    facts = session.receive(
        one.facts([pressed("a")]) + two.facts([pressed("b")]) + three.facts([pressed("c")]), NOW
    )
    told = [(fact.device, fact.agent) for fact in facts if isinstance(fact, DevicePressed)]
    assert told == [("src/pc-1/box/h1", "a1"), ("src/pc-2/box/h1", "a1"), ("src/pc-3/box/h1", None)]


def test_what_is_said_again_is_taken_once() -> None:
    pc = Pc()
    session = live(None, pc)
    assert buttons(session.receive(pc.facts([pressed("1"), pressed("2")]), NOW)) == ["1", "2"]
    facts = session.receive(pc.facts([pressed("2"), pressed("3")], first=2), NOW)
    assert buttons(facts) == ["3"]
    assert of(SourceTook, facts) == [SourceTook(at=NOW, stream="pc-1", mark="s1:3", upto=True)]


def test_each_fact_is_followed_by_its_mark_so_that_no_crash_can_come_between_two() -> None:
    pc = Pc()
    facts = live(None, pc).receive(pc.facts([pressed("1"), pressed("2")]), NOW)
    assert [type(fact) for fact in facts] == [DevicePressed, SourceTook] * 2


def test_after_a_restart_of_the_server_it_is_known_what_was_taken() -> None:
    session, pc = EdgeSession(EdgeSettings(), People(), "live"), Pc()
    session.recall({"pc-1": ["s1:2"], "strange": [], "worse": ["x"]})
    session.open(NOW)
    session.receive(pc.hello(), NOW)
    assert buttons(session.receive(pc.facts([pressed(n) for n in "123"]), NOW)) == ["3"]


def test_a_new_spool_begins_anew_and_says_the_gap() -> None:
    pc = Pc()
    session = live(None, pc)
    session.receive(pc.facts([pressed("1")]), NOW)
    new = Pc(series="s2", id="02")
    facts = session.receive(new.hello(NOW + 60), NOW + 60) + session.receive(
        new.facts([pressed("2")]), NOW + 60
    )
    assert buttons(facts) == ["2"]
    (gap,) = of(SourceGap, facts)
    assert gap == SourceGap(at=NOW + 60, since=NOW, reason="pc-1 lost its spool and began a new one")


def test_numbers_that_are_missing_are_a_gap() -> None:
    pc = Pc()
    session = live(None, pc)
    session.receive(pc.facts([pressed("1")]), NOW)
    facts = session.receive(pc.facts([pressed("5")], now=NOW + 1, first=5), NOW + 1)
    assert buttons(facts) == ["5"]
    assert [gap.reason for gap in facts if isinstance(gap, SourceGap)] == ["3 facts of pc-1 are missing"]


def test_words_that_cannot_be_read_and_will_be_forgotten_are_a_gap() -> None:
    pc = Pc()
    session = live(None, pc)
    facts = session.receive(pack({"id": "01", "user": "pc-1", "receipt": "s1:1"}, b"{junk"), NOW + 2)
    assert facts == [SourceGap(at=NOW + 2, since=NOW, reason="unreadable words of pc-1")]


def desk_facts() -> list[AnyEvent | None]:
    return [
        DeviceHeadset(at=NOW, device=HEADSET, docked=True),
        DeviceStateChanged(at=NOW, device=PHONE, state="idle"),
        SeatOccupied(at=NOW, seat=SeatId("A-12")),
        None,
    ]


@pytest.mark.parametrize("how", ["silent", "bye"])
def test_an_edge_that_goes_takes_the_word_of_its_devices_with_it_and_brings_it_back(how: str) -> None:
    pc = Pc()
    session = live(None, pc)
    session.receive(pc.facts(desk_facts()), NOW)
    assert session.tick(NOW + 9) == []
    facts = session.receive(pc.bye(), NOW + 9.6) if how == "bye" else session.tick(NOW + 9.6)
    fault, headset, phone, seat = facts
    assert isinstance(fault, DeviceFault)
    assert (fault.device, fault.fault, fault.agent) == ("src/pc-1", "edge_away", "a1")
    assert isinstance(headset, DeviceHeadset)
    assert (headset.connected, headset.agent) == (False, "a1")
    assert isinstance(phone, DeviceStateChanged)
    assert phone.state == "unknown"
    assert isinstance(seat, SeatSensor)
    assert seat.available is False
    assert session.tick(NOW + 100) == []
    back = Pc(id="02")
    back.n = pc.n
    facts = session.receive(back.hello(NOW + 100), NOW + 100)
    assert isinstance(facts[-1], DeviceFault)
    assert facts[-1].cleared
    facts = session.receive(back.facts(desk_facts(), now=NOW + 100), NOW + 100)
    headsets = [fact for fact in facts if isinstance(fact, DeviceHeadset)]
    assert [(fact.at, fact.connected) for fact in headsets] == [(NOW + 100, True), (NOW, None)]
    assert [fact.available for fact in facts if isinstance(fact, SeatSensor)] == [True]


def test_an_edge_that_was_only_silent_loses_nothing_and_is_asked_to_say_what_stands() -> None:
    pc = Pc()
    session = live(None, pc)
    session.tick(NOW + 10)
    said(session)
    facts = session.receive(pc.facts([pressed("1")], now=NOW + 20), NOW + 20)
    assert buttons(facts) == ["1"]
    assert said(session) == [("01", wire.Who())]
    facts = session.receive(pc.hello(NOW + 20), NOW + 20)
    assert [fact.cleared for fact in facts if isinstance(fact, DeviceFault)] == [True]


def test_a_device_that_is_unplugged_is_said_by_its_edge() -> None:
    pc = Pc()
    session = live(None, pc)
    session.receive(pc.facts(desk_facts()), NOW)
    facts = session.receive(pc.facts([SourceDown(at=NOW, reason="eof")]), NOW + 1)
    assert [fact.connected for fact in facts if isinstance(fact, DeviceHeadset)] == [False]
    assert [fact.fault for fact in facts if isinstance(fact, DeviceFault)] == ["source_down"]
    again: list[AnyEvent | None] = [
        SourceResyncStarted(at=NOW),
        DeviceHeadset(at=NOW, device=HEADSET, docked=True),
        SourceResyncFinished(at=NOW),
    ]
    facts = session.receive(pc.facts(again), NOW + 2)
    assert [fact.connected for fact in facts if isinstance(fact, DeviceHeadset)] == [True, None]
    assert [(fact.fault, fact.cleared) for fact in facts if isinstance(fact, DeviceFault)] == [
        ("source_down", True)
    ]


def test_a_device_that_its_source_does_not_have_any_more_is_gone() -> None:
    pc = Pc()
    session = live(None, pc)
    session.receive(pc.facts(desk_facts()), NOW)
    facts = session.receive(pc.facts([SourceResyncStarted(at=NOW), SourceResyncFinished(at=NOW)]), NOW + 1)
    assert [fact.connected for fact in facts if isinstance(fact, DeviceHeadset)] == [False]


@pytest.mark.parametrize("off", [0.0, 0.1, -40.0, 5000.0, -1e9])
def test_a_clock_that_is_wrong_is_put_right_and_said(off: float) -> None:
    pc = Pc(off=off)
    session = live()
    facts = session.receive(pc.hello(), NOW)
    facts += session.receive(pc.facts([pressed("1", at=NOW - 2.0)]), NOW)
    (press,) = of(DevicePressed, facts)
    assert press.at == pytest.approx(NOW - 2.0, abs=0.11)
    assert [fact.fault for fact in facts if isinstance(fact, DeviceFault)] == ["clock_off"] * (abs(off) > 3)


def test_a_slow_network_is_no_wrong_clock() -> None:
    pc = Pc()
    session = live(None, pc)
    assert of(DeviceFault, session.receive(pc.beat(NOW), NOW + 5)) == []


def test_a_fact_is_never_of_the_future() -> None:
    pc = Pc()
    (press,) = of(DevicePressed, live(None, pc).receive(pc.facts([pressed("1", at=NOW + 999)]), NOW))
    assert press.at == NOW


def test_a_clock_that_is_mended_is_said() -> None:
    session = live(None, Pc(off=60.0))
    facts = [fact for turn in range(12) for fact in session.receive(Pc().beat(NOW + turn), NOW + turn)]
    assert [fact.cleared for fact in facts if isinstance(fact, DeviceFault)] == [True]


def test_a_second_edge_of_the_same_name_is_refused() -> None:
    session = live(None, Pc())
    said(session)
    facts = session.receive(Pc(series="other", id="02").hello(NOW + 1), NOW + 1)
    assert facts == []
    ((id, answer),) = said(session)
    assert id == "02"
    assert isinstance(answer, wire.Refused)
    assert "a name and a key of its own" in answer.why


def test_an_edge_that_was_killed_may_come_back_at_once() -> None:
    session = live(None, Pc())
    said(session)
    session.receive(Pc(id="02").hello(NOW + 1), NOW + 1)
    assert said(session) == [("02", wire.Welcome())]
    session.receive(Pc(id="01").beat(NOW + 1), NOW + 1)
    assert said(session) == [("01", wire.Who())]


def test_a_key_speaks_for_its_own_name_alone() -> None:
    session = live()
    hello = wire.written(wire.Hello(edge="pc-9", series="s", now=NOW))
    session.receive(pack({"id": "01", "user": "pc-1"}, hello), NOW)
    ((_, answer),) = said(session)
    assert isinstance(answer, wire.Refused)
    assert "this key is that of pc-1" in answer.why


def test_with_keys_nobody_without_a_name_is_let_in() -> None:
    session = live(EdgeSettings(secret=SERVER[1], edges={"pc-1": CLIENT[0]}))
    hello = wire.written(wire.Hello(edge="pc-1", series="s", now=NOW))
    session.receive(pack({"id": "01"}, hello), NOW)
    ((_, answer),) = said(session)
    assert isinstance(answer, wire.Refused)


def test_edges_beyond_the_limit_are_refused() -> None:
    session = live()
    for number in range(251):
        session.receive(Pc(f"n{number}", id=f"{number:04x}").hello(), NOW)
    answers = [answer for _, answer in said(session)]
    assert [type(answer) for answer in answers] == [wire.Welcome] * 250 + [wire.Refused]


def test_the_start_is_over_when_every_edge_has_said_what_stands_or_is_said_to_be_away() -> None:
    settings = EdgeSettings(secret=SERVER[1], edges={"pc-1": CLIENT[0], "pc-2": SERVER[0]})
    pc = Pc()
    session = live(settings, pc)
    facts = session.receive(pc.facts([None]), NOW + 1)
    assert of(SourceResyncFinished, facts) == []
    facts = session.receive(pc.beat(NOW + 9), NOW + 9) + session.tick(NOW + 10)
    assert [fact.device for fact in facts if isinstance(fact, DeviceFault)] == ["src/pc-2"]
    assert isinstance(facts[-1], SourceResyncFinished)
    assert session.state == "live"


def test_what_only_the_house_may_say_an_edge_cannot() -> None:
    pc = Pc()
    session = live(None, pc)
    body = b'{"source":"x","fact":{"type":"config.applied","at":1,"hash":"","policy":{}}}'
    facts = session.receive(
        pack({"id": "01", "user": "pc-1", "receipt": "s1:1"}, wire.facts("s1", 1, NOW, [body])), NOW
    )
    assert [type(fact) for fact in facts] == [SourceTook]
    assert session.counts["unknown:refused fact"] == 1


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        ({"secret": SERVER[1]}, "edges"),
        ({"edges": {"pc-1": CLIENT[0]}}, "secret is missing"),
        ({"secret": SERVER[1], "edges": {"a/b": CLIENT[0]}}, "is no name of an edge"),
        ({"secret": SERVER[1], "edges": {f"n{n}": CLIENT[0] for n in range(251)}}, "more than 250"),
        ({"away_after": 1.0}, "away_after"),
    ],
)
def test_settings_that_cannot_work_are_mistakes(wrong: dict[str, object], text: str) -> None:
    with pytest.raises(ValueError, match=text):
        EdgeSettings(**wrong)  # type: ignore[arg-type]
