import { effect } from "@preact/signals";

import { isBusy, isUnsaved } from "./busy";
import type { Wall } from "./wall";

const KEPT = "ccwall.reloaded";
/** A server that cannot make up its mind must not make a wall blink. */
const AT_MOST_EVERY = 60_000;
/** While somebody has something open the page waits and looks again; an open panel that nobody reads any more holds it so long. */
const LOOK = 5000;
const LONGEST = 1_800_000;

/** A newer ccwall behind the same address has newer pages: fetch them, once, a moment after it said so, and never out of somebody's hands. */
export function reloadOnNewVersion(wall: Wall, reload: () => void = () => location.reload()): void {
  let loaded = "";
  effect(() => {
    const version = wall.store.version.value;
    if (version === "") return;
    if (loaded === "") loaded = version;
    else if (version !== loaded) setTimeout(() => politely(reload), 1000);
  });
}

function politely(reload: () => void): void {
  // Wall-clock time of this machine, compared with nothing but itself.
  const since = Date.now() - kept();
  const wait = since < 0 || since >= AT_MOST_EVERY ? 0 : AT_MOST_EVERY - since;
  if (wait === 0) whenFree(reload, 0);
  else setTimeout(() => whenFree(reload, 0), wait);
}

function whenFree(reload: () => void, waited: number): void {
  if (isUnsaved() || (isBusy() && waited < LONGEST)) setTimeout(() => whenFree(reload, waited + LOOK), LOOK);
  else now(reload);
}

function now(reload: () => void): void {
  try {
    sessionStorage.setItem(KEPT, String(Date.now()));
  } catch {
    // a browser that keeps nothing reloads each time
  }
  reload();
}

function kept(): number {
  try {
    return Number(sessionStorage.getItem(KEPT) ?? 0);
  } catch {
    return 0;
  }
}
