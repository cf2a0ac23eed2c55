"""Every fact gets a number that orders it and an id that is its own."""

from ccwall.events import AgentId, AgentLoggedOff, AnyEvent, Envelope, SiteId, SourceId, SourceUp
from ccwall.intake import Intake

UP = SourceUp(at=1.0)
FACTS: list[AnyEvent] = [UP, AgentLoggedOff(at=2.0, agent=AgentId("a1"))]


def test_numbers_run_on_over_all_sources() -> None:
    intake = Intake(SiteId("s"))
    first = intake.take(SourceId("a"), FACTS, 5.0)
    second = intake.take(SourceId("b"), FACTS, 6.0)
    assert [each.seq for each in first + second] == [1, 2, 3, 4]
    assert [(each.source, each.received) for each in second] == [("b", 6.0), ("b", 6.0)]


def test_the_same_fact_has_the_same_id_in_every_replay() -> None:
    once = Intake(SiteId("s")).take(SourceId("a"), FACTS, 5.0)
    later = Intake(SiteId("s")).take(SourceId("a"), FACTS, 99.0)
    assert [each.id for each in once] == [each.id for each in later]
    assert len({each.id for each in once}) == 2


def test_the_same_fact_of_another_source_is_another_fact() -> None:
    intake = Intake(SiteId("s"))
    (one,) = intake.take(SourceId("a"), [UP], 5.0)
    (other,) = intake.take(SourceId("b"), [UP], 5.0)
    assert one.id != other.id


def test_every_sink_gets_every_fact_in_order() -> None:
    one, other = list[Envelope](), list[Envelope]()
    taken = Intake(SiteId("s"), one.append, other.append).take(SourceId("a"), FACTS, 5.0)
    assert one == other == taken
