"""The watch over growth finds a page that leaks, and lets one pass that does not."""

import asyncio

import pytest
from playwright.async_api import Page

from tests.browser import boards
from tests.browser.conftest import browser, browsers, no_task_is_left, page
from tests.browser.mock_wall import mock_wall
from tests.soak.growth import Look, Scales, growth
from tests.soak.leak import LEAK

__all__ = ["browser", "browsers", "no_task_is_left", "page"]

pytestmark = pytest.mark.browser
LOOKS = 12
BETWEEN = 0.4


async def weighed(page: Page, *, leaky: bool) -> list[Look]:
    """A wall whose numbers change many times a second."""
    async with mock_wall(boards.usual()) as wall:
        await page.goto(wall.url)
        await page.locator("[data-cell]").first.wait_for()
        if leaky:
            await page.evaluate(LEAK)
        scales = await Scales.of(page)
        looks = []
        for turn in range(LOOKS):
            for waiting in range(20):
                await wall.change((["floor", "waiting"], waiting + turn % 2))
                await asyncio.sleep(BETWEEN / 20)
            looks.append(await scales.look())
    return looks


@pytest.mark.asyncio(loop_scope="session")
async def test_a_page_that_leaks_is_caught(page: Page) -> None:
    found = growth(await weighed(page, leaky=True))
    assert found.leaks
    assert found.nodes > 0.05
    assert found.listeners > 0.01


@pytest.mark.asyncio(loop_scope="session")
async def test_the_wall_keeps_no_nodes_and_no_listeners(page: Page) -> None:
    # The heap of some seconds says nothing of an hour; its nodes do.
    found = growth(await weighed(page, leaky=False))
    assert abs(found.nodes) <= 0.01
    assert found.listeners <= 0.01


def test_a_peak_is_no_trend() -> None:
    looks = [Look(60.0 * k, 1e7 + (5e6 if k == 7 else 0.0), 900, 40) for k in range(20)]
    assert not growth(looks).leaks


def test_too_few_looks_say_nothing() -> None:
    with pytest.raises(ValueError, match="too few"):
        growth([Look(0.0, 1.0, 1, 1)])
