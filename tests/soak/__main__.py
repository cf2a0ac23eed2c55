"""`python -m tests.soak [--minutes M] [--board ID] [--speed N] [--leaky]`: a wall of the demonstration, watched for growth.

Prints a look a minute and the trend at the end; exit 1 when the page grows by more than it may.
"""

import argparse
import asyncio
import sys

from playwright.async_api import async_playwright

from tests.browser.conftest import FLAGS, chromium
from tests.main.processes import URL, command
from tests.soak.growth import Look, Scales, growth
from tests.soak.leak import LEAK

EVERY = 60.0


async def watched(minutes: float, board: str, speed: str, leaky: bool) -> list[Look]:
    looks: list[Look] = []
    async with command("demo", "--no-browser", "--speed", speed, patience=minutes * 60 + 120) as demo:
        url = await demo.says(URL)
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
            page = await browser.new_page(viewport={"width": 1920, "height": 1080})
            await page.goto(f"{url}?board={board}")
            await page.locator("[data-cell]").first.wait_for()
            if leaky:
                await page.evaluate(LEAK)
            scales = await Scales.of(page)
            for _ in range(int(minutes * 60 / EVERY) + 1):
                looks.append(await scales.look())
                told = looks[-1]
                print(
                    f"{told.at / 60:5.1f} min  {told.heap / 1e6:6.2f} MB  {told.nodes} nodes ({told.shown} shown)  "
                    f"{told.listeners} listeners",
                    flush=True,
                )
                await asyncio.sleep(EVERY)
            await browser.close()
    return looks


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=120.0)
    parser.add_argument("--board", default="floor")
    parser.add_argument("--speed", default="20")
    parser.add_argument(
        "--leaky", action="store_true", help="with a leak put into the page, which must be found"
    )
    asked = parser.parse_args()
    found = growth(asyncio.run(watched(asked.minutes, asked.board, asked.speed, asked.leaky)))
    print(found)
    return int(found.leaks)


if __name__ == "__main__":
    sys.exit(main())
