"""GET the day of a person: who may see it, what is on record, and that it is what the description says."""

import httpx
import pytest
from structlog.testing import capture_logs

from ccwall.clock import ManualClock
from ccwall.engine import Engine
from ccwall.events import AgentCard, AgentId, AnyEvent, Policy, Principal
from ccwall.explaining import Explaining, OutOfSight
from ccwall_web.schema.board import Board
from ccwall_web.schema.persons import PersonsDay
from ccwall_web.schema.problem import ProblemDocument
from tests.engine.journal import NOON, Floor, Q, answered, connected, member, phone, queued, released
from tests.engine.workplaces import BUS, headset
from tests.web.conftest import Client
from tests.web.house import LEAD, TOKENS, WALL, LittleFloor

LI, SLASHED = AgentId("li"), AgentId("PJSIP/1001")
SENSES = Policy(agents={LI: AgentCard(team="A")}, senses={BUS: "desk"})


def a_day() -> Engine:
    floor = Floor(SENSES)
    floor.say(*connected(NOON))
    for agent in (LI, SLASHED):
        facts: list[AnyEvent] = [member(NOON, agent=agent), phone(NOON, agent=agent, device=f"PJSIP/{agent}")]
        floor.say(*facts)
    floor.say(headset(NOON, docked=True, agent=LI), source=BUS)
    floor.say(queued(NOON + 1), answered(NOON + 2, agent=LI), released(NOON + 60, agent=LI))
    return floor.engine


@pytest.fixture(autouse=True)
def known(floor: LittleFloor) -> None:
    floor.explaining = Explaining(a_day(), ManualClock(NOON + 100), dict)


def path(agent: str) -> str:
    return f"/api/v1/people/{agent}/day"


async def test_the_day_is_what_the_description_says(boss: httpx.AsyncClient) -> None:
    told = PersonsDay.model_validate_json((await boss.get(path(LI))).content)
    assert [(spell.state, spell.to) for spell in told.spells] == [
        ("ready", NOON + 2), ("talking", NOON + 60), ("ready", None)
    ]  # fmt: skip
    assert [(call.from_, call.queue, call.direction) for call in told.calls] == [(NOON + 2, Q, "in")]
    assert [(each.sense, each.device, each.spans[0].says) for each in told.senses] == [
        ("desk", "bus/h1", "docked")
    ]
    assert [(conflict.kind, conflict.from_) for conflict in told.conflicts] == [("ready_docked", NOON + 60)]


async def test_an_id_may_hold_slashes(boss: httpx.AsyncClient) -> None:
    for written in (SLASHED, "PJSIP%2F1001"):
        assert (await boss.get(path(written))).json()["agent"] == SLASHED


async def test_nobody_is_not_found(boss: httpx.AsyncClient) -> None:
    response = await boss.get(path("nobody"))
    assert response.status_code == 404
    ProblemDocument.model_validate_json(response.content)


async def test_every_look_is_on_record_and_one_line_a_minute(browser: Client) -> None:
    async with browser(token=LEAD) as client:
        with capture_logs() as log:
            for _ in range(3):
                await client.get(path(LI))
    (entry,) = log
    assert {key: entry[key] for key in ("event", "what", "who", "agent", "count")} == {
        "event": "looked up", "what": "day of a person", "who": "wu", "agent": LI, "count": 3
    }  # fmt: skip


async def test_a_display_may_not_and_its_try_is_on_record(browser: Client) -> None:
    async with browser(token=WALL) as client:
        with capture_logs() as log:
            assert (await client.get(path(LI))).status_code == 403
    assert [(entry["event"], entry["who"]) for entry in log] == [("refused", TOKENS[WALL].id)]


async def test_it_is_for_the_signed_in(stranger: httpx.AsyncClient) -> None:
    assert (await stranger.get(path(LI))).status_code == 401


def test_who_sees_some_teams_or_queues_only_sees_no_other_persons_day(floor: LittleFloor) -> None:
    ask = floor.explaining.day_of
    assert ask(Principal(id="a", role="lead", teams=("A",)), LI) is not None
    for principal in (
        Principal(id="b", role="lead", teams=("B",)),
        Principal(id="c", role="supervisor", queues=(Q,)),
        Principal(id="d", role="quality"),
        Principal(id="e", role="agent"),
    ):
        with pytest.raises(OutOfSight):
            ask(principal, LI)
    with pytest.raises(OutOfSight):
        ask(Principal(id="a", role="lead", teams=("A",)), "nobody")


def test_trend_and_yesterday_of_the_board_are_what_the_description_says() -> None:
    engine = a_day()
    later = NOON + 86_400
    for now, there in ((NOON + 299, False), (NOON + 600, True)):
        told = Board.model_validate(engine.board(now))
        assert told.floor is not None
        trends = [told.floor.trend, told.queues[Q].trend, told.teams["A"].trend]
        assert [trend is not None for trend in trends] == [there] * 3
    trend = Board.model_validate(engine.board(NOON + 600)).queues[Q].trend
    assert trend is not None
    assert (trend.from_, trend.offered, trend.waiting) == (
        NOON + 600 - 7200,
        [(22, 1), (23, 0)],
        [(22, 1), (23, 0)],
    )
    tomorrow = Board.model_validate(engine.board(later))
    assert tomorrow.yesterday is not None
    assert tomorrow.yesterday[0] == (NOON, 1.0, 1)
    assert tomorrow.yesterday_incomplete == []
