"""What was sent out, and a test of a channel: for the staff, and in nobody else's sight."""

import httpx
import pytest

from ccwall_web.deliveries import Answered, Deliveries
from tests.web.conftest import Client
from tests.web.house import LEAD, WALL, LittleFloor, LittlePost
from tests.web.test_rest import problem

SENT, TEST = "/api/v1/deliveries", "/api/v1/channels/leads/test"


async def test_the_staff_sees_channels_and_what_went_out(boss: httpx.AsyncClient, floor: LittleFloor) -> None:
    answer = await boss.get(SENT, params={"limit": "7", "state": "failed"})
    told = Deliveries.model_validate_json(answer.content)
    assert told.channels == [{"name": "leads", "state": "live"}]
    assert told.may_test
    assert isinstance(floor.post, LittlePost)
    assert floor.post.asked == [(7, "failed")]
    for wrong in ({"limit": "0"}, {"limit": "501"}, {"state": "lost"}):
        problem(await boss.get(SENT, params=wrong), 422)


async def test_a_test_says_what_the_far_end_said(boss: httpx.AsyncClient, floor: LittleFloor) -> None:
    answer = await boss.post(TEST, json={})
    assert Answered.model_validate_json(answer.content) == Answered(
        outcome="failed", said="310000: sign not match"
    )
    assert isinstance(floor.post, LittlePost)
    assert floor.post.tests == ["leads"]
    problem(await boss.post("/api/v1/channels/nobody/test", json={}), 404)


@pytest.mark.parametrize("token", [LEAD, WALL], ids=["lead", "display"])
async def test_nobody_else_sees_or_tests_anything(browser: Client, token: str, floor: LittleFloor) -> None:
    async with browser(token=token) as other:
        problem(await other.get(SENT), 403)
        problem(await other.post(TEST, json={}), 403)
    assert isinstance(floor.post, LittlePost)
    assert floor.post.asked == []
    assert floor.post.tests == []


async def test_a_recording_sends_nothing_out(boss: httpx.AsyncClient, floor: LittleFloor) -> None:
    floor.post = None
    problem(await boss.get(SENT), 503)
    problem(await boss.post(TEST, json={}), 503)
