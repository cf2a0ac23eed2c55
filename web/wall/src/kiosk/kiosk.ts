import { isBusy } from "../busy";
import { watchFrames } from "../measure";
import type { Wall } from "../wall";
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
