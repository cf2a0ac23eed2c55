import { beforeEach, expect, test } from "vitest";

import { ServerClock } from "../src/wire/clock";
import { Live, type Socket, type World } from "../src/wire/live";
import { Store } from "../src/wire/store";

/** A browser whose time and network the test moves. */
class FakeWorld implements World {
  now = 1000;
  sockets: FakeSocket[] = [];
  timers: { at: number; action: () => void }[] = [];
  refused = false;
  random = () => 0.5;
  open(): Socket {
    const socket = new FakeSocket();
    this.sockets.push(socket);
    return socket;
  }
  /** What the machine's own time of day is ahead of the monotonic one: it went on while the machine slept. */
  slept = 0;
  monotonic = () => this.now;
  date = () => this.now + this.slept;
  after(milliseconds: number, action: () => void): () => void {
    const timer = { at: this.now + milliseconds, action };
    this.timers.push(timer);
    return () => void (this.timers = this.timers.filter((other) => other !== timer));
  }
  isRefused = () => Promise.resolve(this.refused);
  get socket(): FakeSocket {
    return this.sockets.at(-1) as FakeSocket;
  }
  pass(live: Live, milliseconds: number): void {
    const end = this.now + milliseconds;
    while (this.now < end) {
      this.now = Math.min(end, this.now + 250);
      const due = this.timers.filter((timer) => timer.at <= this.now);
      this.timers = this.timers.filter((timer) => timer.at > this.now);
      for (const timer of due) timer.action();
      live.watch();
    }
  }
}

class FakeSocket implements Socket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  sent: { type: string; seq?: number }[] = [];
  isClosed = false;
  send(text: string): void {
    this.sent.push(JSON.parse(text) as { type: string });
  }
  close(): void {
    this.isClosed = true;
  }
  tells(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
}

const snapshot = (seq: number, now = 100) => ({ type: "snapshot", v: 1, version: "1", seq, now, rate: 1, board: { floor: { waiting: 3 } } });
const pulse = (seq: number, now: number) => ({ type: "pulse", seq, now, rate: 1, heard: {} });

let world: FakeWorld;
let store: Store;
let clock: ServerClock;
let live: Live;
beforeEach(() => {
  world = new FakeWorld();
  store = new Store();
  clock = new ServerClock(world.monotonic);
  live = new Live(store, clock, world);
  live.connect();
});

test("live from the first snapshot on, and an ack follows every pulse", () => {
  expect(live.link.value).toBe("connecting");
  world.socket.tells(snapshot(7));
  world.socket.tells(pulse(7, 101));
  expect(live.link.value).toBe("live");
  expect(world.socket.sent).toEqual([{ type: "ack", seq: 7 }]);
});

test("three silent seconds: not live, since the last word, and the clock stands there", () => {
  world.socket.tells(snapshot(7, 100));
  world.pass(live, 2750);
  expect(live.link.value).toBe("live");
  world.pass(live, 250);
  expect(live.link.value).toBe("lost");
  expect(live.silentSince.value).toBe(1000);
  world.pass(live, 1000);
  expect(clock.now).toBe(100);
});

test("a word on the same socket makes it live again", () => {
  world.socket.tells(snapshot(7, 100));
  world.pass(live, 4000);
  world.socket.tells(pulse(7, 104));
  expect(live.link.value).toBe("live");
  expect(clock.now).toBe(104);
});

test("a dead socket is given up and opened again by itself", () => {
  world.socket.tells(snapshot(7));
  world.pass(live, 7000);
  expect(world.sockets[0]?.isClosed).toBe(true);
  expect(world.sockets.length).toBe(2);
});

test("a new connection trusts no patch before its snapshot", () => {
  world.socket.tells(snapshot(7));
  world.socket.onclose?.({ code: 1006 });
  world.pass(live, 1000);
  world.socket.tells({ type: "patch", base: 7, seq: 8, now: 101, set: [[["floor", "waiting"], 9]], del: [] });
  expect(store.board.at("floor", "waiting").number).toBe(3);
});

test("a lost patch: one resync, nothing applied until the snapshot", () => {
  world.socket.tells(snapshot(7));
  for (const base of [8, 9, 10]) world.socket.tells({ type: "patch", base, seq: base + 1, now: 101, set: [[["floor", "waiting"], base]], del: [] });
  expect(world.socket.sent).toEqual([{ type: "resync" }]);
  expect(store.board.at("floor", "waiting").number).toBe(3);
  world.socket.tells(snapshot(11));
  world.socket.tells({ type: "patch", base: 11, seq: 12, now: 101, set: [[["floor", "waiting"], 1]], del: [] });
  expect(store.board.at("floor", "waiting").number).toBe(1);
});

test("pulses alone do not make a board live whose patch was lost", () => {
  world.socket.tells(snapshot(7));
  for (let second = 1; second <= 4; second++) {
    world.pass(live, 1000);
    world.socket.tells(pulse(8, 100 + second));
  }
  expect(live.link.value).toBe("lost");
  expect(world.socket.sent.filter(({ type }) => type === "resync").length).toBe(1);
  world.pass(live, 1250);
  world.socket.tells(pulse(8, 105));
  expect(world.socket.sent.filter(({ type }) => type === "resync").length).toBe(2);
});

test("waits between attempts grow with full jitter and stop at ten seconds", () => {
  const waits: number[] = [];
  for (let attempt = 0; attempt < 8; attempt++) {
    world.socket.tells({ type: "bye", reason: "stopping" });
    const timer = world.timers.at(-1);
    waits.push((timer?.at ?? 0) - world.now);
    world.timers = [];
    live.connect();
  }
  expect(waits).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000, 5000]);
});

test("refused: no more attempts, however the server says it", async () => {
  for (const say of [
    () => world.socket.tells({ type: "bye", reason: "refused" }),
    () => world.socket.onclose?.({ code: 4401 }),
    () => ((world.refused = true), world.socket.onclose?.({ code: 1006 })),
  ]) {
    live.connect();
    say();
    await Promise.resolve();
    await Promise.resolve();
    expect(live.link.value).toBe("refused");
    expect(world.timers).toEqual([]);
  }
});

test("frames that are no messages are passed over", () => {
  world.socket.tells(snapshot(7));
  for (const data of ["", "{", "[]", "null", '{"type":"confetti"}', '{"type":"patch","base":7,"seq":8,"now":1,"set":[["x",1]]}'])
    world.socket.onmessage?.({ data });
  expect(store.seq).toBe(7);
  expect(live.link.value).toBe("live");
});

test("a page that was stopped asks anew: nothing it missed is shown as live on the way", () => {
  world.socket.tells(snapshot(7, 100));
  world.pass(live, 1000);
  const before = world.socket;
  world.now += 600_000;
  // What the browser kept for it is delivered first: ten minutes old, one message after the other.
  for (let second = 1; second < 20; second++) before.tells(pulse(7, 100 + second));
  expect(live.link.value).toBe("lost");
  expect(clock.now).toBe(100);
  expect([world.sockets.length, before.isClosed]).toEqual([2, true]);
  world.socket.tells(snapshot(900, 700));
  expect([live.link.value, clock.now]).toEqual(["live", 700]);
});

test("a machine that slept is found out by its time of day, whose seconds the monotonic clock may not have", () => {
  world.socket.tells(snapshot(7, 100));
  world.pass(live, 1000);
  world.slept = 600_000;
  live.watch();
  expect(live.link.value).toBe("lost");
  expect(world.sockets.length).toBe(2);
  // A clock that is set back is no sleep.
  world.socket.tells(snapshot(8, 700));
  world.slept = -3_600_000;
  live.watch();
  expect([live.link.value, world.sockets.length]).toEqual(["live", 2]);
});

test("before it is stopped it is not live already, and it comes back by itself", () => {
  world.socket.tells(snapshot(7, 100));
  live.doubt();
  expect(live.link.value).toBe("lost");
  world.pass(live, 1000);
  world.socket.tells(snapshot(8, 101));
  expect(live.link.value).toBe("live");
});
