"""Of the time in which nobody listened nothing is held against anybody."""

import pytest

from ccwall.events import AgentId, SourceDown, SourceId, SourceResyncFinished, SourceResyncStarted, SourceUp
from tests.floor.rota.test_office import ANNA, BOSS, LI, ROTA, House


@pytest.fixture
def house() -> House:
    return House()


def found_on(house: House, agent: AgentId, source: SourceId) -> None:
    """By the first words of a source that is heard for the first time, or again."""
    house.say(SourceUp(at=house.now), SourceResyncStarted(at=house.now), source=source)
    house.signs_on(agent, source)
    house.say(SourceResyncFinished(at=house.now), source=source)
    house.watch.look()


def row(house: House, agent: AgentId) -> dict[str, object]:
    rows = house.office.sheet(BOSS)["rows"]
    assert isinstance(rows, list)
    found = next(row for row in rows if row["agent"] == agent)
    assert isinstance(found, dict)
    return found


async def test_who_came_while_the_pbx_was_away_is_not_late(house: House) -> None:
    await house.bring(ROTA)
    await house.until("02T08:40")
    house.say(SourceDown(at=house.now, reason="eof"))
    await house.until("02T09:30")
    found_on(house, ANNA, SourceId("pbx1"))
    assert house.judged() == {ANNA: []}
    assert (row(house, ANNA)["came"], row(house, ANNA)["latest"]) == (house.now, True)


async def test_who_comes_late_after_an_outage_is_late(house: House) -> None:
    await house.bring(ROTA)
    await house.until("02T08:40")
    house.say(SourceDown(at=house.now, reason="eof"))
    await house.until("02T08:50")
    house.say(SourceUp(at=house.now), SourceResyncStarted(at=house.now), SourceResyncFinished(at=house.now))
    await house.until("02T09:20")
    house.signs_on(ANNA)
    house.watch.look()
    assert house.judged() == {ANNA: ["late"]}
    assert "latest" not in row(house, ANNA)


async def test_what_was_before_we_listened_for_the_first_time_is_not_known(house: House) -> None:
    await house.bring(ROTA)
    await house.until("02T10:40")
    await house.clock.advance(0.0004)  # time is booked to the millisecond
    found_on(house, LI, SourceId("pbx2"))
    await house.until("02T11:00")
    found = row(house, LI)
    assert (house.judged()[LI], found["latest"]) == ([], True)
    adherence = found["adherence"]
    assert isinstance(adherence, dict)
    assert (adherence["planned"], adherence["unknown"], adherence["share"]) == (
        3600.0,
        pytest.approx(2400.0),
        1.0,
    )


async def test_who_is_not_there_when_we_begin_to_listen_is_late(house: House) -> None:
    await house.bring(ROTA)
    await house.until("02T10:20")
    found_on(house, ANNA, SourceId("pbx2"))
    house.watch.look()
    assert house.judged()[LI] == ["late"]
