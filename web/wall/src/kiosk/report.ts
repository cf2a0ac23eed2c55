import type { Wall } from "../wall";
import { forget, frames, framesOver, paints } from "../measure";
import { tell } from "../wire/socket";
import type { Json } from "../wire/messages";
import { lang } from "../words";

/** A report in so many milliseconds of real time; the server forgets a screen that says nothing for ten minutes. */
export const EVERY = 60_000;
const KEPT = "ccwall.screen";
/** Frames longer than this are three that were not drawn at 60 a second. */
const LONG_FRAME = 50;

/** What of a page grows when it leaks, and how it keeps up: what a screen tells the server of itself. */
export interface Vital {
  readonly heap: number | undefined;
  readonly nodes: number;
  readonly errors: number;
}

let errors = 0;
let dropped = 0;

export function countErrors(): void {
  addEventListener("error", () => errors++);
  addEventListener("unhandledrejection", () => errors++);
}

/** Bytes in use, where the browser tells. */
function heap(): number | undefined {
  const told = (performance as unknown as { memory?: { usedJSHeapSize?: unknown } }).memory?.usedJSHeapSize;
  return typeof told === "number" ? told : undefined;
}

export const vital = (): Vital => ({ heap: heap(), nodes: document.getElementsByTagName("*").length, errors });

/** Who this screen is: made by chance, so that two screens of one display link can be told apart. */
function screenId(): string {
  const fresh = () => [...crypto.getRandomValues(new Uint8Array(9))].map((byte) => byte.toString(36).padStart(2, "0")).join("");
  try {
    const kept = sessionStorage.getItem(KEPT);
    if (kept !== null && /^[A-Za-z0-9_-]{8,64}$/.test(kept)) return kept;
    const made = fresh();
    sessionStorage.setItem(KEPT, made);
    return made;
  } catch {
    return fresh(); // a browser that keeps nothing is a new screen each time
  }
}

/** `board` and `page` of what is on the screen, where they are on it. */
function shown(): { board?: string; page?: number } {
  const main = document.querySelector<HTMLElement>("main[data-board]");
  const board = main?.dataset["board"];
  const page = Number(main?.dataset["page"]);
  return { ...(board === undefined ? {} : { board }), ...(Number.isInteger(page) ? { page } : {}) };
}

export function report(id: string, version: string): Json {
  const { heap: bytes, nodes, errors: wrong } = vital();
  const [framed, painted] = [frames(), paints()];
  dropped += framesOver(LONG_FRAME);
  const theme = document.documentElement.dataset["theme"];
  const known = {
    screen: id,
    ...shown(),
    ...(version === "" ? {} : { version }),
    ...(bytes === undefined ? {} : { heap: bytes }),
    nodes,
    errors: wrong,
    ...(framed.count > 0 ? { frame_p95: framed.p95, dropped } : {}),
    ...(painted.count > 0 ? { paint_p50: painted.p50, paint_p95: painted.p95 } : {}),
    up: Math.round(performance.now() / 1000),
    width: Math.round(innerWidth * devicePixelRatio),
    height: Math.round(innerHeight * devicePixelRatio),
    lang: lang.peek(),
    ...(theme === "dark" || theme === "light" || theme === "hc" ? { theme } : {}),
  };
  forget();
  return known;
}

/** Tells the server how this screen does, once a minute while it is live. What the server thinks of that changes nothing here. */
export function reportVitals(wall: Wall): () => void {
  const id = screenId();
  const tellNow = () => {
    if (wall.isLive.peek()) void tell("api/v1/screens", report(id, wall.store.version.peek())).catch(() => undefined);
  };
  // The first one early, so that who sets a screen up sees that it is known; by chance, so that a hundred do not report at once.
  const first = setTimeout(tellNow, 5000 + Math.random() * 5000);
  const timer = setInterval(tellNow, EVERY + Math.random() * 2000);
  return () => {
    clearTimeout(first);
    clearInterval(timer);
  };
}
