"""Chromium for the tests that look at the wall: Debian's own, driven by Playwright; nothing is downloaded.

To start one costs more than most tests do: a worker has one for all of them, and each test a profile of its own in it.
So these tests run on the loop of the session; an async fixture for them says `loop_scope="session"`.
"""

import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Literal

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Playwright, async_playwright

from tests.conftest import no_leaked_tasks

# What Playwright itself switches off: a second list takes the place of the first.
UNWANTED = [
    "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints", "NetworkTimeServiceQuerying", "AimEnabled",
    "PreconnectToSearch",
]  # fmt: skip
# Pages of the browser's own, made for every window before anybody sees it: more work than the page that is tested.
UNSEEN = ["WebUIOmniboxPopup", "WebUIOmniboxAimPopup"]
FLAGS = [
    f"--disable-features={','.join(UNWANTED + UNSEEN)}",
    "--no-sandbox",  # continuous integration runs as root
    "--disable-gpu",
    "--disable-quic",
    # A browser that telephones home makes requests the tests did not ask for.
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker("browser")
            if item.get_closest_marker("asyncio"):
                # The browser lives as long as its worker, and can be spoken to from the loop it was started on only.
                item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


def chromium() -> Path:
    """The browser's path; a missing browser fails the test, it is never skipped."""
    path = os.environ.get("CCWALL_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if path is None or not Path(path).exists():
        pytest.fail(
            "Chromium is missing. Debian: sudo apt-get install --no-install-recommends chromium fonts-noto-cjk; "
            "elsewhere: CCWALL_CHROMIUM=/path/to/chromium",
            pytrace=False,
        )
    return Path(path)


class Browsers:
    """One browser after the other: another only where the last one is gone."""

    def __init__(self, playwright: Playwright) -> None:
        self._playwright = playwright
        self._browser: Browser | None = None

    async def one(self) -> Browser:
        if self._browser is None or not self._browser.is_connected():
            self._browser = await self._playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        return self._browser

    async def close(self) -> None:
        if self._browser is not None:
            await self._browser.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browsers() -> AsyncIterator[Browsers]:
    async with async_playwright() as playwright:
        kept = Browsers(playwright)
        yield kept
        await kept.close()


@pytest_asyncio.fixture(loop_scope="session")
async def browser(browsers: Browsers) -> AsyncIterator[Browser]:
    """The worker's browser, without a window, on the loop of all tests here; nothing a test opened in it outlives the test."""
    browser = await browsers.one()
    yield browser
    for context in browser.contexts:
        await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    """A page of 1920x1080 in a profile of its own, that fails its test when a script on it threw.

    It has a service worker only where the test is marked `worker`: what passes through one, may pass by a test's routes.
    """
    worker: Literal["allow", "block"] = "allow" if request.node.get_closest_marker("worker") else "block"
    context = await browser.new_context(
        viewport={"width": 1920, "height": 1080}, locale="zh-CN", service_workers=worker
    )
    page = await context.new_page()
    thrown: list[str] = []
    page.on("pageerror", lambda error: thrown.append(str(error)))
    yield page
    await context.close()
    if thrown:
        pytest.fail("the page threw: " + "; ".join(thrown), pytrace=False)


@pytest_asyncio.fixture(name="tasks_are_finished", loop_scope="session")
async def no_task_is_left(browsers: Browsers) -> AsyncIterator[None]:
    """As everywhere, on the loop of these tests; what the browser's own line keeps running was there before."""
    async with no_leaked_tasks():
        yield
