"""What a source of numbered messages does with losses, repeats, restarts and silence."""

import msgspec
import pytest

from ccwall.adapter import Directory, Mode, Session
from ccwall.errors import AuthRejected, LinkSilent, ProtocolError
from ccwall.events import (
    AgentReady,
    AnyEvent,
    ContactQueued,
    SourceDown,
    SourceGap,
    SourceResyncFinished,
    SourceResyncStarted,
    SourceUp,
)
from ccwall.wire.parcel import pack
from ccwall_adapters.zeromq import ADAPTER, ZeromqSession, ZeromqSettings
from tests.adapters.contract import NOW, ParcelContract, PlainDirectory, Step
from tests.adapters.zeromq.fuzz import SEEDS
from tests.adapters.zeromq.publisher import JOINED, Publisher, waits


class TestContract(ParcelContract):
    wire = (Step("open"), Step("rx", JOINED), *(Step("rx", seed) for seed in SEEDS), Step("close"))
    greeting = JOINED

    def session(self, mode: Mode = "observe", directory: Directory | None = None) -> Session:
        return ADAPTER.session(ZeromqSettings(), directory or PlainDirectory(), mode)


def live(settings: ZeromqSettings | None = None) -> ZeromqSession:
    """Connected, and live after a first resync in which nobody waited."""
    session = ZeromqSession(settings or ZeromqSettings(), PlainDirectory(), "live")
    session.open(NOW)
    session.receive(JOINED, NOW)
    return session


def settled() -> tuple[ZeromqSession, Publisher]:
    session, publisher = live(), Publisher()
    session.receive(publisher.beat() + publisher.resync(), NOW)
    assert session.state == "live"
    return session, publisher


def waiting(facts: list[AnyEvent]) -> list[str]:
    return [fact.contact.removeprefix("src/") for fact in facts if isinstance(fact, ContactQueued)]


def kinds(facts: list[AnyEvent]) -> list[type]:
    return [type(fact) for fact in facts]


def test_who_comes_late_is_told_what_stands() -> None:
    session, publisher = live(), Publisher()
    publisher.lose(500)
    facts = session.receive(
        publisher.queued("new") + publisher.beat() + publisher.resync(waits("old"), waits("new")), NOW
    )
    assert waiting(facts) == ["new", "old", "new"]
    assert kinds(facts)[-1] is SourceResyncFinished
    assert SourceGap not in kinds(facts)


def test_names_become_the_ids_of_this_source() -> None:
    session, publisher = settled()
    (fact,) = session.receive(publisher.queued("17", caller="13800001111"), NOW)
    assert isinstance(fact, ContactQueued)
    assert (fact.contact, fact.queue, fact.caller) == ("src/17", "src/consult", "13800001111")


def test_msgpack_says_the_same() -> None:
    session, publisher = settled()
    body = msgspec.msgpack.encode(publisher.body("agent.ready", agent="王芳"))
    assert session.receive(pack({"topic": "facts"}, body), NOW) == [AgentReady(at=NOW, agent="src/王芳")]  # type: ignore[arg-type]


def test_a_loss_is_said_and_healed_by_what_is_said_again() -> None:
    session, publisher = settled()
    lost = publisher.n + 1
    publisher.lose(2)
    assert session.receive(publisher.queued("3"), NOW + 5) == []  # it may still come
    facts = session.tick(NOW + 6.1)
    assert kinds(facts) == [SourceGap, SourceResyncStarted]
    assert isinstance(facts[0], SourceGap)
    assert (facts[0].since, facts[0].reason) == (NOW, "2 messages of cti1 are missing")
    again = publisher.queued("1", was=lost) + publisher.queued("2", was=lost + 1)
    facts = session.receive(again + publisher.resync(waits("1"), waits("2"), waits("3")), NOW + 7)
    assert waiting(facts) == ["1", "2", "3", "1", "2", "3"]  # in their order, and what stands
    assert kinds(facts)[-1] is SourceResyncFinished
    assert session.state == "live"


def test_what_nobody_says_again_is_lost_at_the_next_resync() -> None:
    session, publisher = settled()
    publisher.lose()
    session.receive(publisher.queued("2"), NOW)
    session.tick(NOW + 2)
    facts = session.receive(publisher.resync(waits("2")), NOW + 3)
    assert waiting(facts) == ["2", "2"]
    assert kinds(facts)[-1] is SourceResyncFinished


def test_a_snapshot_with_a_hole_in_it_heals_nothing() -> None:
    session, publisher = settled()
    publisher.lose()
    session.receive(publisher.queued("2"), NOW)
    session.tick(NOW + 2)
    began = publisher.say("resync_started")
    publisher.lose()
    facts = session.receive(began + publisher.say("resync_finished"), NOW + 3)
    assert SourceResyncFinished not in kinds(facts)
    assert session.state == "snapshot"
    assert kinds(session.receive(publisher.resync(waits("2")), NOW + 4))[-1] is SourceResyncFinished


def test_another_order_is_put_right_and_said_nothing_of() -> None:
    session, publisher = settled()
    one, two, three = (publisher.queued(name) for name in ("1", "2", "3"))
    assert session.receive(two, NOW) == []
    assert waiting(session.receive(three + one, NOW)) == ["1", "2", "3"]
    assert session.tick(NOW + 5) == []


def test_what_comes_twice_is_taken_once() -> None:
    session, publisher = settled()
    one = publisher.queued("1")
    assert waiting(session.receive(one + one, NOW)) == ["1"]
    assert waiting(session.receive(one, NOW + 1)) == []
    assert session.counts["duplicate"] == 2


def test_a_publisher_that_promised_nothing_is_waited_for_no_longer_than_a_second() -> None:
    session, publisher = live(), Publisher()
    session.receive(publisher.queued("1"), NOW)
    facts = session.tick(NOW + 11)
    assert kinds(facts) == [SourceResyncFinished]
    assert isinstance(facts[0], SourceResyncFinished)
    assert "queues" in facts[0].limits
    publisher.lose()
    assert session.receive(publisher.queued("3"), NOW + 20) == []
    facts = session.tick(NOW + 21.5)
    assert kinds(facts) == [SourceGap, ContactQueued]
    assert session.state == "live"


def test_a_publisher_that_starts_again_counts_anew() -> None:
    session, publisher = settled()
    session.receive(publisher.queued("1"), NOW)
    second = Publisher(epoch="e2")
    facts = session.receive(second.queued("2"), NOW + 4)
    assert kinds(facts) == [SourceGap, SourceResyncStarted, ContactQueued]
    assert isinstance(facts[0], SourceGap)
    assert facts[0].since == NOW
    facts = session.receive(second.resync(waits("2")), NOW + 5)
    assert kinds(facts)[-1] is SourceResyncFinished


def test_after_a_lost_link_only_what_was_missed_is_missing() -> None:
    session, publisher = settled()
    session.receive(publisher.queued("1"), NOW)
    assert kinds(session.close(NOW + 1, "eof")) == [SourceDown]
    missed, lost = publisher.queued("2"), publisher.n
    assert missed
    session.open(NOW + 3)
    facts = session.receive(JOINED + publisher.beat(), NOW + 3)
    assert kinds(facts) == [SourceUp, SourceResyncStarted]
    facts = session.receive(
        publisher.queued("2", was=lost) + publisher.resync(waits("1"), waits("2")), NOW + 3.5
    )
    assert waiting(facts) == ["2", "1", "2"]
    assert SourceGap not in kinds(facts)
    assert kinds(facts)[-1] is SourceResyncFinished


def test_two_publishers_and_topics_have_numbers_of_their_own() -> None:
    session, one = settled()
    two, other_topic = Publisher("cti2"), Publisher(topic="more")
    facts = session.receive(
        one.queued("1") + two.queued("2") + other_topic.queued("3") + one.queued("4"), NOW
    )
    facts += session.tick(NOW + 2)
    assert waiting(facts) == ["1", "2", "3", "4"]
    assert SourceGap not in kinds(facts)


def test_heartbeats_that_were_promised_and_do_not_come_are_silence() -> None:
    session, publisher = settled()
    session.tick(NOW + 9)
    session.receive(publisher.beat(), NOW + 9)
    session.tick(NOW + 18)
    with pytest.raises(LinkSilent, match="no heartbeat of cti1"):
        session.tick(NOW + 18.6)


def test_who_promised_no_heartbeat_may_be_silent() -> None:
    session, publisher = live(), Publisher()
    session.receive(publisher.queued("1"), NOW)
    session.tick(NOW + 10_000)


def test_a_source_of_the_publisher_that_is_away_takes_this_one_with_it() -> None:
    session, publisher = settled()
    facts = session.receive(publisher.say("source.down", source="pbx1", reason="eof", at=NOW), NOW)
    assert isinstance(facts[0], SourceDown)
    assert facts[0].detail == "pbx1: eof"
    facts = session.receive(publisher.resync(), NOW + 1)
    assert SourceResyncFinished not in kinds(facts)
    facts = session.receive(publisher.say("source.resync_finished", source="pbx1"), NOW + 9)
    assert kinds(facts) == [SourceUp, SourceResyncStarted]
    facts = session.receive(publisher.resync(waits("1")), NOW + 10)
    assert kinds(facts) == [ContactQueued, SourceResyncFinished]


def test_of_several_sources_one_may_be_chosen() -> None:
    session, publisher = live(ZeromqSettings(of="pbx1")), Publisher()
    session.receive(publisher.beat() + publisher.resync(), NOW)
    down = publisher.say("source.down", source="pbx2", reason="eof")
    facts = session.receive(
        publisher.queued("1", source="pbx1") + publisher.queued("2", source="pbx2") + down, NOW
    )
    facts += session.tick(NOW + 2)
    assert waiting(facts) == ["1"]
    assert len(facts) == 1


@pytest.mark.parametrize(
    "said",
    [
        {"kind": "config.applied", "hash": "", "policy": {}},
        {"kind": "command.sent", "command_id": "1"},
        {"kind": "contact.queued", "contact": "1"},
        {"kind": "contact.queued", "contact": "1", "queue": "q", "at": "soon"},
        {"kind": "contact.queued", "contact": "1", "queue": "q", "colour": "red"},
        {"kind": "moon.rose"},
    ],
)
def test_what_is_no_fact_of_a_publishers_is_counted_and_nothing_else(said: dict[str, object]) -> None:
    session, publisher = settled()
    assert session.receive(publisher.say(**said), NOW) == []  # type: ignore[arg-type]
    assert session.counts["unknown:refused"] == 1
    assert waiting(session.receive(publisher.queued("1"), NOW)) == ["1"]


def test_keys_that_are_not_taken_are_a_refusal() -> None:
    session = ZeromqSession(ZeromqSettings(), PlainDirectory(), "live")
    session.open(NOW)
    with pytest.raises(AuthRejected, match="server_key"):
        session.receive(pack({"link": "refused", "code": 400}), NOW)


def test_something_else_than_facts_is_a_foreign_protocol() -> None:
    session = live()
    with pytest.raises(ProtocolError, match="not a publisher's of facts"):
        session.receive(pack({"topic": "weather"}, b'{"degrees": 21}') * 30, NOW)


def test_a_flood_of_publishers_is_not_remembered() -> None:
    session, _ = settled()
    for number in range(500):
        session.receive(Publisher(f"p{number}").queued("x"), NOW)
    assert session.counts["unknown:publisher beyond the limit"] > 400
