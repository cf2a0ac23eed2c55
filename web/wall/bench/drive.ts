import { arrived, forget, paints } from "../src/measure";
import { Feed, MESSAGES, snapshot } from "./feed";

/** What a run found, milliseconds; the rest is asked of the browser. */
export interface Run {
  readonly seconds: number;
  readonly frames: readonly number[];
  readonly paints: ReturnType<typeof paints>;
  readonly tiles: number;
}

declare global {
  interface Window {
    bench: { ready: Promise<void>; run(seconds: number): Promise<Run> };
  }
}

/** Pixels a frame: a firm turn of the wheel. */
const SPEED = 14;

/**
 * The same run on either page: messages, and a pulse each second, while the page is scrolled down and up
 * with every frame.
 */
export function drive(take: (frame: string) => void, tiles: () => number): void {
  const feed = new Feed();
  take(snapshot());
  const began = performance.now();
  const elapsed = () => (performance.now() - began) / 1000;
  const tell = (frame: string) => {
    arrived();
    take(frame);
  };
  setInterval(() => tell(feed.patch(elapsed())), 1000 / MESSAGES);
  setInterval(() => tell(feed.pulse(elapsed())), 1000);
  window.bench = {
    ready: new Promise((resolve) => setTimeout(resolve, 1500)),
    async run(seconds) {
      forget();
      const found: number[] = [];
      const start = performance.now();
      let [before, way] = [start, 1];
      await new Promise<void>((resolve) => {
        const frame = (now: number) => {
          found.push(now - before);
          before = now;
          const end = document.documentElement.scrollHeight - innerHeight;
          if (scrollY >= end - 1) way = -1;
          if (scrollY <= 0) way = 1;
          scrollBy(0, SPEED * way);
          if (now - start < seconds * 1000) requestAnimationFrame(frame);
          else resolve();
        };
        requestAnimationFrame(frame);
      });

      return { seconds: (performance.now() - start) / 1000, frames: found.slice(2), paints: paints(), tiles: tiles() };
    },
  };
}
