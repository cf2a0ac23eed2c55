"""Chromium for the tests that look at the wall: Debian's own, driven by Playwright; nothing is downloaded."""

import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, async_playwright

FLAGS = [
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


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """A fresh browser on the test's own loop, without a window."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield browser
        await browser.close()


@pytest.fixture
async def page(browser: Browser) -> AsyncIterator[Page]:
    """A page of 1920x1080 that fails its test when a script on it threw."""
    context = await browser.new_context(viewport={"width": 1920, "height": 1080}, locale="zh-CN")
    page = await context.new_page()
    thrown: list[str] = []
    page.on("pageerror", lambda error: thrown.append(str(error)))
    yield page
    await context.close()
    if thrown:
        pytest.fail("the page threw: " + "; ".join(thrown), pytrace=False)
