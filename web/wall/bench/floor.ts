import { forget, paints } from "../src/measure";
import type { Json } from "../src/wire/messages";

/** Events a second on this floor, each in a message of its own: the server waits for none. */
const EVENTS = 200;
const START = 1_795_141_476;
const STATES = ["ready", "ringing", "talking", "hold", "wrap", "break", "away"] as const;
const PEOPLE = 48;

/** The browser's socket, with the bench at its other end. */
class Line extends EventTarget {
  static last: Line | undefined;
  onmessage: ((event: MessageEvent) => void) | null = null;
  onopen = null;
  onclose = null;
  constructor() {
    super();
    Line.last = this;
    setTimeout(() => this.tell(snapshot()), 50);
  }
  send(): void {}
  close(): void {}
  tell(message: Json): void {
    const event = new MessageEvent("message", { data: JSON.stringify(message) });
    this.dispatchEvent(event);
    this.onmessage?.(event);
  }
}

const numbers = (i: number): { readonly [key: string]: Json } => ({
  waiting: i % 3, offered: 126, answered: 121, abandoned: 4, service_level: 0.82, answer_rate: 0.96, asa: 9, aht: 228, ready: 2, staffed: 8, busy: 4,
  formula: { service_level: "offered_less_short", threshold: 20, short: 5 },
  target: { service_level: 0.8, answer_rate: 0.95, longest_wait: 60, waiting: 6 },
}); // prettier-ignore

function snapshot(): Json {
  const agents = Object.fromEntries(
    Array.from({ length: PEOPLE }, (_, i) => [
      `a${i}`,
      { name: `坐席 ${i}`, state: STATES[i % STATES.length] as string, since: START - i * 7, source: "pbx1", queues: ["q0"], team: "AB"[i % 2] as string },
    ]),
  );
  const board = {
    site: { name: { "zh-CN": "联络中心" }, zone: "Asia/Shanghai" },
    day: { starts: START - 37_476 },
    interval: { starts: START - 1476, length: 1800 },
    floor: { ...numbers(0), agents: Object.fromEntries(STATES.map((state) => [state, 7])), load: 3, interval: numbers(1), rolling: { 30: numbers(2) } },
    queues: Object.fromEntries(["咨询", "回访", "推广", "投诉", "溢出"].map((name, i) => [`q${i}`, { ...numbers(i), name, source: "pbx1", order: i, longest_since: START - 20 * i }])),
    lines: {}, teams: { A: numbers(1), B: numbers(2) }, agents,
    sources: { pbx1: { name: "PBX", type: "x", state: "live", since: START, product: "bench" } },
    curve: Array.from({ length: 5 }, (_, i) => [START - 1476 - i * 1800, 0.8, 30]).reverse(),
    incomplete: [],
  }; // prettier-ignore
  return { type: "snapshot", v: 1, version: "bench", seq: 1, now: START, rate: 1, board };
}

globalThis.WebSocket = Line as unknown as typeof WebSocket;
await import("../src/main");

let [seq, turn] = [1, 0];
const began = performance.now();
const now = () => START + (performance.now() - began) / 1000;

/** One call moves on: somebody's state, the floor's totals, the queue's figures. */
function event(): Json {
  turn++;
  const [agent, queue] = [`a${turn % PEOPLE}`, `q${turn % 5}`];
  const set: Json[] = [
    [["agents", agent, "state"], STATES[turn % STATES.length] as string],
    [["agents", agent, "since"], now()],
    [["floor", "agents", STATES[turn % STATES.length] as string], 5 + (turn % 5)],
    [["floor", "waiting"], turn % 7],
    [["floor", "answered"], 121 + turn],
    [["floor", "service_level"], 0.7 + (turn % 20) / 100],
    [["queues", queue, "waiting"], turn % 4],
    [["queues", queue, "answered"], 121 + turn],
    [["queues", queue, "service_level"], 0.7 + (turn % 20) / 100],
  ];
  const base = seq++;
  return { type: "patch", base, seq, now: now(), set };
}

setInterval(() => Line.last?.tell({ type: "pulse", seq, now: now(), rate: 1, heard: { pbx1: now() - 0.1 } }), 1000);
let due = performance.now() + 2000;
// A timer of the browser comes late and seldom; what is due is told when it comes, event by event.
setInterval(() => {
  for (; due <= performance.now(); due += 1000 / EVENTS) Line.last?.tell(event());
}, 1000 / EVENTS);

Object.assign(globalThis, {
  bench: {
    ready: new Promise((resolve) => setTimeout(resolve, 4000)),
    async run(seconds: number) {
      forget();
      const from = seq;
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
      return { paints: paints(), events: seq - from, seconds, tiles: document.querySelectorAll("[data-tile]").length };
    },
  },
});
