"""What screens say of themselves."""

import json

import httpx
import pytest

from ccwall.clock import ManualClock
from ccwall_web.schema.boards import Screens
from ccwall_web.screens import FORGOTTEN, MOST, Reports
from tests.web.conftest import Client
from tests.web.house import WALL
from tests.web.test_rest import problem

SCREENS = "/api/v1/screens"
WHOLE = {
    "screen": "a1b2c3d4e5f6",
    "board": "floor",
    "page": 1,
    "version": "0.1.0",
    "heap": 41_000_000,
    "nodes": 1800,
    "frame_p95": 16.9,
    "paint_p50": 7.25,
    "paint_p95": 21.0,
    "dropped": 3,
    "errors": 0,
    "up": 86_400.5,
    "width": 1920,
    "height": 1080,
    "lang": "zh-CN",
    "theme": "dark",
}


async def test_a_screen_reports_and_the_staff_reads_it(
    boss: httpx.AsyncClient, browser: Client, clock: ManualClock
) -> None:
    async with browser(token=WALL, address="192.0.2.77") as wall:
        assert (await wall.post(SCREENS, json=WHOLE)).status_code == 204
        assert (await wall.post(SCREENS, json={"screen": "another-one"})).status_code == 204
        problem(await wall.get(SCREENS), 403)
    answer = await boss.get(SCREENS)
    Screens.model_validate_json(answer.content)
    another, whole = answer.json()["screens"]
    assert whole == {**WHOLE, "at": clock.now(), "who": "wall-1", "client": "192.0.2.77"}
    assert set(another) == {"screen", "at", "who", "client"}


@pytest.mark.parametrize(
    "wrong",
    [{"screen": "short"}, {"screen": "<script>12345"}, {"heap": -1}, {"heap": 1e300}, {"frame_p95": "x"},
     {"up": float("inf")}, {"theme": "pink"}, {"board": "A B"}, {"version": "x" * 41}, {"more": 1}],
)  # fmt: skip
async def test_a_report_is_bounded(boss: httpx.AsyncClient, wrong: dict[str, object]) -> None:
    body = json.dumps({**WHOLE, **wrong}).encode()
    answer = await boss.post(SCREENS, content=body, headers={"content-type": "application/json"})
    problem(answer, 422)
    assert (await boss.get(SCREENS)).json()["screens"] == []


async def test_strangers_say_nothing(stranger: httpx.AsyncClient) -> None:
    problem(await stranger.post(SCREENS, json=WHOLE), 401)


def test_only_so_many_are_kept_the_longest_silent_goes() -> None:
    reports = Reports()
    for number in range(MOST + 5):
        reports.take("wall", f"screen {number}", {"n": number}, 10.0 + number)
    reports.take("wall", "screen 5", {"n": "again"}, 400.0)
    told = [each["n"] for each in reports.all(400.0)]
    assert (len(told), told[0], told[-1]) == (MOST, "again", 6)


def test_a_screen_that_is_gone_is_forgotten() -> None:
    reports = Reports()
    reports.take("wall", "one", {"n": 1}, 0.0)
    reports.take("wall", "two", {"n": 2}, 60.0)
    assert [each["n"] for each in reports.all(FORGOTTEN + 1)] == [2]
