import { isBusy } from "../busy";
import { watchFrames } from "../measure";
import type { Wall } from "../wall";
import { address } from "../wire/socket";
import { hourOf, isTime } from "./nightly";
import { countErrors, reportVitals } from "./report";
import { keepAwake } from "./wake";

const LOOK = 60_000;

/** What a wall does beside showing numbers: it says how it is, stays awake, and sheds at night what a long day left behind. */
export function runUnattended(wall: Wall): void {
  countErrors();
  watchFrames();
  reportVitals(wall);
  keepAwake();
  reloadAtNight(wall);
  keepShell();
}

function reloadAtNight(wall: Wall): void {
  let touched = performance.now();
  for (const event of ["pointerdown", "pointermove", "keydown", "wheel"]) addEventListener(event, () => (touched = performance.now()), { passive: true });
  setInterval(() => {
    const second = wall.second.peek();
    if (second === undefined) return;
    const floor = wall.board.at("floor");
    const now = performance.now();
    const night = {
      hour: hourOf(second, wall.zone),
      up: now / 1000,
      untouched: (now - touched) / 1000,
      isLive: wall.isLive.peek(),
      isQuiet: (floor.at("waiting").number ?? 0) === 0 && (floor.at("talking").number ?? 0) === 0,
    };
    if (isTime(night) && !isBusy()) location.reload();
  }, LOOK);
}

/** The worker that shows the page while its server restarts; where there is none, the browser's own error page does. */
function keepShell(): void {
  if (!("serviceWorker" in navigator) || !isSecureContext) return;
  const register = async () => {
    try {
      await navigator.serviceWorker.register(address("sw.js"), { scope: address("./").pathname, updateViaCache: "none" });
      // Parts that came later than the page, before there was a worker to see them: tiles, the language of the sound, this file.
      const { active } = await navigator.serviceWorker.ready;
      active?.postMessage({ keep: performance.getEntriesByType("resource").map(({ name }) => name) });
    } catch {
      // not allowed here: then a server that is away shows the browser's own error
    }
  };
  if (document.readyState === "complete") setTimeout(() => void register(), 3000);
  else addEventListener("load", () => setTimeout(() => void register(), 3000), { once: true });
}
