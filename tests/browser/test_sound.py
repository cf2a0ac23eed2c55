"""What a wall plays, and when: the loudspeaker is watched, not heard."""

import copy
from typing import Any

from playwright.async_api import Page, expect

from tests.browser import boards
from tests.browser.mock_wall import MockWall, mock_wall

LOUD = {"breach": "both", "warn": "off", "source": "tone", "volume": 0.5, "quiet": []}
QUEUE = ["queues", "pbx1/回访"]
# A loudspeaker that a browser blocks until a hand was on the page, and a voice that speaks Chinese.
WATCHED = """
  window.played = [];
  // Not the browser's own word: what a test evaluates counts as a hand on the page there.
  addEventListener("keydown", () => { window.hasBeenPressed = true; }, true);
  window.said = [];
  class Param { setValueAtTime() {} linearRampToValueAtTime(value) { window.loud = Math.max(window.loud ?? 0, value); } }
  class Node { constructor() { this.frequency = new Param(); this.gain = new Param(); }
    connect(to) { return to; } disconnect() {} start() { window.played.push(this.frequency.value); } stop() {} }
  window.AudioContext = class {
    constructor() { this.state = "suspended"; this.currentTime = 0; this.destination = new Node(); window.contexts = (window.contexts ?? 0) + 1; }
    async resume() {
      if (window.isStrict && !window.hasBeenPressed) await new Promise(() => {});
      this.state = "running";
    }
    async suspend() { this.state = "suspended"; }
    createOscillator() { return new Node(); }
    createGain() { return new Node(); }
  };
  Object.defineProperty(window, "speechSynthesis", { value: Object.assign(new EventTarget(), {
    getVoices: () => window.voices ?? [{ name: "婷婷", lang: "zh-CN", localService: true, default: true }],
    cancel() {}, speak(sentence) { window.said.push(`${sentence.voice.name}: ${sentence.text}`); setTimeout(() => sentence.onend?.(), 10); },
  }) });
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
"""
NOTES = "() => window.played"
PATIENT = 9_000


def calm() -> boards.Json:
    """The ordinary morning with nobody whose wait would become too long while somebody listens."""
    scene = boards.usual()
    for place in (scene["floor"], *scene["queues"].values()):
        place.pop("longest_since", None)
        place["waiting"] = min(place["waiting"], 3)
    return scene


async def listening(page: Page, wall: MockWall, sound: dict[str, Any], script: str = "") -> None:
    """The floor's board with this sound, looked at long enough to know what stood before."""
    board = copy.deepcopy(wall.library.presets["floor"])
    wall.library.save("boards", "floor", board | {"sound": sound})
    await page.add_init_script(WATCHED + script)
    await page.goto(wall.url)
    await page.locator("main[data-board=floor]").wait_for()
    await expect(page.locator("[data-tile=waiting] .num")).to_have_text("3")
    await page.wait_for_function("() => window.contexts === 1")
    await page.wait_for_timeout(2500)


async def breach(wall: MockWall) -> None:
    await wall.change(([*QUEUE, "waiting"], 9), ([*QUEUE, "longest_since"], wall.now - 300))


async def test_a_breach_is_two_notes_and_a_sentence_once(page: Page) -> None:
    async with mock_wall(calm()) as wall:
        await listening(page, wall, LOUD)
        assert await page.evaluate(NOTES) == []
        await breach(wall)
        await page.wait_for_function("() => window.said.length > 0", timeout=PATIENT)
        low, high = await page.evaluate(NOTES)
        assert low < high
        assert await page.evaluate("window.loud") == 0.5 * 0.9
        (said,) = await page.evaluate("window.said")
        assert said == "婷婷: 回访 排队超时"
        # Better and as bad again is the same trouble.
        await wall.change(([*QUEUE, "waiting"], 0))
        await wall.remove([*QUEUE, "longest_since"])
        await page.wait_for_timeout(1500)
        await breach(wall)
        await page.wait_for_timeout(1500)
        assert len(await page.evaluate(NOTES)) == 2


async def test_what_stood_when_the_page_came_is_no_event(page: Page) -> None:
    async with mock_wall(boards.surge()) as wall:
        board = copy.deepcopy(wall.library.presets["floor"])
        wall.library.save("boards", "floor", board | {"sound": LOUD})
        await page.add_init_script(WATCHED)
        await page.goto(wall.url)
        await expect(page.locator(".hero.breach").first).to_be_visible()
        await page.wait_for_timeout(2500)
        assert await page.evaluate(NOTES) == []


async def test_a_silent_board_and_quiet_hours_make_no_sound(page: Page) -> None:
    async with mock_wall(calm()) as wall:
        # It is 10:24 on this floor.
        await listening(page, wall, {**LOUD, "quiet": [["22:00", "10:30"]]})
        await breach(wall)
        await page.wait_for_timeout(2000)
        assert await page.evaluate(NOTES) == []
        assert await page.evaluate("window.said") == []


async def test_blocked_sound_is_seen_and_any_key_allows_it(page: Page) -> None:
    async with mock_wall(calm()) as wall:
        await listening(page, wall, LOUD, "window.isStrict = true; window.voices = [];")
        sign = page.locator(".sound-sign")
        await expect(sign).to_be_visible()
        await expect(sign).to_have_attribute("aria-label", "浏览器拦截了声音：点按此处或按任意键即可放行")
        await page.keyboard.press("x")
        await expect(sign).to_be_hidden()
        # Who stands there may hear it; where nobody speaks Chinese it says so.
        await page.get_by_role("button", name="试听").focus()
        await page.keyboard.press("Enter")
        await expect(page.locator(".sound-tested")).to_have_text("已播放 · 没有中文语音，只有提示音")
        assert len(await page.evaluate(NOTES)) == 2
