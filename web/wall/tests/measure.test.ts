import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { arrived, forget, Histogram, measured, paints } from "../src/measure";
import type { World } from "../src/wire/live";

test("a histogram never says less than it was, and keeps no more room for more figures", () => {
  const lengths = new Histogram();
  expect(lengths.figures).toEqual({ count: 0, p50: 0, p95: 0, worst: 0 });
  for (let i = 1; i <= 100; i++) lengths.add(i + 0.1);
  const { count, p50, p95, worst } = lengths.figures;
  expect([count, worst]).toEqual([100, 100.1]);
  expect(p50).toBeGreaterThanOrEqual(50.1);
  expect(p50).toBeLessThan(51);
  expect(p95).toBeGreaterThanOrEqual(95.1);
  expect(p95).toBeLessThan(100);
  for (let i = 0; i < 10; i++) lengths.add(1e9);
  expect(lengths.figures.worst).toBe(1e9);
  lengths.forget();
  expect(lengths.figures.count).toBe(0);
});

let frames: FrameRequestCallback[] = [];
let hidden = false;
beforeEach(() => {
  frames = [];
  hidden = false;
  forget();
  vi.stubGlobal("requestAnimationFrame", (frame: FrameRequestCallback) => frames.push(frame));
  vi.spyOn(document, "hidden", "get").mockImplementation(() => hidden);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});
const paint = async () => {
  for (const frame of frames.splice(0)) frame(performance.now());
  await vi.waitFor(() => expect(paints().count).toBeGreaterThan(0));
};

test("every message of a frame is measured from its own arrival, with one callback for all", async () => {
  const began = performance.now();
  arrived(began - 30);
  arrived(began - 10);
  expect(frames).toHaveLength(1);
  await paint();
  expect(paints().count).toBe(2);
  expect(paints().worst).toBeGreaterThanOrEqual(30);
});

test("a hidden page is not measured", async () => {
  arrived(performance.now() - 30);
  hidden = true;
  arrived();
  hidden = false;
  arrived();
  await paint();
  expect(paints().count).toBe(1);
});

test("a socket that is watched is the browser's own", () => {
  class Line extends EventTarget {
    onopen = null;
    onmessage = null;
    onclose = null;
    send(): void {}
    close(): void {}
  }
  const line = new Line();
  const world = { open: () => line } as unknown as World;
  expect(measured(world).open()).toBe(line);
  line.dispatchEvent(new Event("message"));
  expect(frames).toHaveLength(1);
});
