import { effect } from "@preact/signals";

import type { Wall } from "./wall";

const KEPT = "ccwall.reloaded";
/** A server that cannot make up its mind must not make a wall blink. */
const AT_MOST_EVERY = 60_000;

/** A newer ccwall behind the same address has newer pages: fetch them, once, a moment after it said so. */
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
  if (since < 0 || since >= AT_MOST_EVERY) now(reload);
  else setTimeout(() => now(reload), AT_MOST_EVERY - since);
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
