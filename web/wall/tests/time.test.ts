import { expect, test } from "vitest";

import { Ticker } from "../src/ticker";
import { Wall } from "../src/wall";
import { ServerClock } from "../src/wire/clock";
import type { Socket } from "../src/wire/live";

function told(now: number, rate = 1) {
  const machine = { at: 5000 };
  const clock = new ServerClock(() => machine.at);
  clock.told(now, rate);
  return { clock, machine };
}

test("server now runs on by the monotonic clock at the server's rate", () => {
  const { clock, machine } = told(100, 10);
  machine.at += 1500;
  expect(clock.now).toBe(115);
});

test("a message without a rate keeps the rate", () => {
  const { clock, machine } = told(100, 10);
  clock.told(200);
  machine.at += 1000;
  expect(clock.now).toBe(210);
});

test("the next look is when the shown second changes", () => {
  expect(told(100.75).clock.untilNextSecond).toBeCloseTo(250);
  expect(told(100.75, 10).clock.untilNextSecond).toBeCloseTo(25);
});

test("before the first message there is no time", () => {
  expect(new ServerClock(() => 0).now).toBeUndefined();
});

test("a slow message turns no timer back; a real jump of the server's clock does", () => {
  const { clock } = told(100.05);
  const ticker = new Ticker(clock);
  ticker.show();
  clock.told(99.98);
  ticker.show();
  expect(ticker.second.value).toBe(100);
  clock.told(50);
  ticker.show();
  expect(ticker.second.value).toBe(50);
});

test("frozen, it shows what the server told last", () => {
  const { clock, machine } = told(100);
  const ticker = new Ticker(clock);
  machine.at += 3000;
  ticker.show();
  expect(ticker.second.value).toBe(103);
  clock.freeze();
  ticker.show();
  expect(ticker.second.value).toBe(100);
});

test("timers are drawn with the first snapshot, not a second later", () => {
  const wall = new Wall({
    open: () => (socket = { onopen: null, onmessage: null, onclose: null, send() {}, close() {} }),
    monotonic: () => 5000,
    after: () => () => {},
    random: () => 0,
    isRefused: () => Promise.resolve(false),
  });
  let socket: Socket | undefined;
  wall.start();
  socket?.onmessage?.({ data: JSON.stringify({ type: "snapshot", v: 1, version: "1", seq: 1, now: 77.5, rate: 1, board: {} }) });
  expect(wall.second.value).toBe(77);
});
