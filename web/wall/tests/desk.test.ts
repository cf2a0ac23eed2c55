import { afterEach, expect, test, vi } from "vitest";

import { Desk } from "../src/pages/desk";
import type { Answer } from "../src/wire/poll";

afterEach(() => void vi.useRealTimers());

test("the moment a question fails for too long, ages stand as of the last answer", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "requestAnimationFrame"] });
  const pending: { resolve: (answer: Answer) => void; reject: () => void }[] = [];
  let now = 1000;
  const desk = new Desk("api/health", 1000, {
    ask: (path) => new Promise((resolve, reject) => path === "api/health" && pending.push({ resolve, reject: () => reject(new Error("away")) })),
    monotonic: () => now,
    after: (_, action) => ((again = action), () => undefined),
    random: () => 1,
  });
  let again = (): void => undefined;
  const settled = async (): Promise<void> => {
    for (let turn = 0; turn < 9; turn++) await Promise.resolve();
  };
  desk.start();
  pending.shift()?.resolve({ status: 200, body: { now: 5000.6 } });
  await settled();
  again();
  now += 2900;
  vi.advanceTimersByTime(1100);
  expect([desk.poll.state.value, desk.second.value]).toEqual(["fresh", 5003]);
  now += 200;
  const seen: [string, number | undefined][] = [];
  desk.poll.state.subscribe((state) => state === "old" && queueMicrotask(() => seen.push([state, desk.second.value])));
  pending.shift()?.reject();
  await settled();
  expect(seen).toEqual([["old", 5000]]);
});
