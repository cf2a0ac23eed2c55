import type { Socket, World } from "./wire/live";

/** Milliseconds: the middle one, the worst of the best 95 in 100, and the worst. All 0 where `count` is. */
export interface Figures {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly worst: number;
}

/** Buckets of a quarter of a millisecond up to 64, then of 4 ms up to 1 s; what is longer is in the last one. */
const FINE = 0.25;
const FINES = 256;
const COARSE = 4;
const COARSES = 234;

/** How long things took: any number of them in a fixed room. */
export class Histogram {
  readonly #counts = new Uint32Array(FINES + COARSES);
  #count = 0;
  #worst = 0;

  add(milliseconds: number): void {
    const long = Math.max(0, milliseconds);
    const bucket = long < FINES * FINE ? Math.floor(long / FINE) : Math.min(FINES + COARSES - 1, FINES + Math.floor((long - FINES * FINE) / COARSE));
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#count++;
    this.#worst = Math.max(this.#worst, long);
  }

  get figures(): Figures {
    const round = (n: number) => Math.round(n * 100) / 100;
    return { count: this.#count, p50: round(this.#at(0.5)), p95: round(this.#at(0.95)), worst: round(this.#worst) };
  }

  /** How many took longer than so many milliseconds, to the bucket. */
  over(milliseconds: number): number {
    const from = milliseconds < FINES * FINE ? Math.ceil(milliseconds / FINE) : FINES + Math.ceil((milliseconds - FINES * FINE) / COARSE);
    return this.#counts.subarray(from).reduce((sum, n) => sum + n, 0);
  }

  forget(): void {
    this.#counts.fill(0);
    this.#count = this.#worst = 0;
  }

  /** The upper end of the bucket in which the share is reached: never less than it was. */
  #at(share: number): number {
    let left = Math.ceil(this.#count * share);
    if (left === 0) return 0;
    for (const [i, n] of this.#counts.entries()) {
      left -= n;
      if (left <= 0) return Math.min(this.#worst, i < FINES ? (i + 1) * FINE : FINES * FINE + (i + 1 - FINES) * COARSE);
    }
    return this.#worst;
  }
}

const painted = new Histogram();
const framed = new Histogram();

/** From the arrival of a message to the end of the frame that shows it. */
export const paints = (): Figures => painted.figures;
/** From frame to frame, while they were looked at. */
export const frames = (): Figures => framed.figures;

/** Frames that came later than so many milliseconds after the one before. */
export const framesOver = (milliseconds: number): number => framed.over(milliseconds);

/** Begins both anew: what a report has told is not told again. */
export function forget(): void {
  painted.forget();
  framed.forget();
}

/** More messages than this in one frame are too many to be told apart; the rest of them came no earlier. */
const MOST = 64;
const waiting: number[] = [];
let channel: MessageChannel | undefined;

/** After the browser painted: a message that is sent in a frame's own callback is read right behind its painting. */
function afterPaint(): void {
  if (channel === undefined) {
    channel = new MessageChannel();
    channel.port1.onmessage = () => {
      const now = performance.now();
      for (const arrived of waiting) painted.add(now - arrived);
      waiting.length = 0;
    };
  }
  channel.port2.postMessage(0);
}

/** A message is here. */
export function arrived(at: number = performance.now()): void {
  // A hidden page paints nothing; what it would wait for is no figure of the wall.
  if (document.hidden) {
    waiting.length = 0;
    return;
  }
  if (waiting.length === 0) requestAnimationFrame(afterPaint);
  if (waiting.length < MOST) waiting.push(at);
}

/** The browser, with a watch on each message that comes; costs one callback a frame in which something came. */
export const measured = (world: World): World => ({
  ...world,
  open() {
    const socket = world.open();
    if (socket instanceof EventTarget) socket.addEventListener("message", (event) => arrived(event.timeStamp));
    return socket satisfies Socket;
  },
});

/** Looks at frames for a second, each half minute: a loop that never ends would itself be what keeps a wall busy. */
const LOOK = 1000;
const REST = 30_000;

export function watchFrames(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;
  const look = () => {
    const began = performance.now();
    let before: number | undefined;
    const frame = (now: number) => {
      if (isOver || document.hidden) return rest();
      if (before !== undefined) framed.add(now - before);
      before = now;
      if (now - began < LOOK) requestAnimationFrame(frame);
      else rest();
    };
    if (document.hidden) rest();
    else requestAnimationFrame(frame);
  };
  const rest = () => {
    if (!isOver) timer = setTimeout(look, REST);
  };
  look();
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}
