import type { Json } from "../src/wire/messages";

/** The floor that both pages show: a thousand people, and the messages that change two hundred of them four times a second. */
export const PEOPLE = 1000;
export const MOVING = 200;
export const CHANGES_A_SECOND = 4;
/** Messages a second that the changes come in. */
export const MESSAGES = 50;

const STATES = ["ready", "ringing", "talking", "hold", "wrap", "break", "away"] as const;
const LIMITS: Readonly<Record<string, number>> = { ringing: 15, talking: 300, hold: 60, wrap: 120, break: 600, away: 900 };
/** 10:24 in Shanghai. */
const START = 1_795_141_476;

/** The same numbers on both pages and in every run. */
function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export const idOf = (i: number): string => `a${String(i).padStart(4, "0")}`;

function spell(random: () => number, now: number): { readonly [key: string]: Json } {
  const state = STATES[Math.floor(random() * STATES.length)] as (typeof STATES)[number];
  const limit = LIMITS[state];
  const since = Math.round((now - random() * (limit ?? 300) * 1.1) * 1000) / 1000;
  return { state, since, ...(limit !== undefined && { limit }) };
}

/** The first message. */
export function snapshot(): string {
  const random = dice(7);
  const agents = Object.fromEntries(
    Array.from({ length: PEOPLE }, (_, i) => {
      const told = spell(random, START);
      const senses = ["phone", "desk", "seat"].map((sense) => ({ source: "devices", sense, says: { phone: "idle", desk: "worn", seat: "occupied" }[sense] as string, since: START - 60 }));
      return [
        idOf(i),
        {
          name: `坐席 ${String(i).padStart(3, "0")}`, team: "ABCD"[i % 4] as string, seat: `B-${String(i).padStart(3, "0")}`, extension: String(2000 + i), source: "pbx1",
          queues: i % 3 === 0 ? ["q1", "q2"] : ["q1"], answered: 10 + (i % 40), handled: 10 + (i % 40), talk: 2400 + i, hold: 120, wrap: 700, missed: i % 4,
          times: { talking: 2600 + i, ready: 1500, wrap: 700, break: 600 }, times_at: START - 100, senses, ...told,
        },
      ];
    }),
  ); // prettier-ignore
  const board = {
    site: { name: "bench", zone: "Asia/Shanghai" },
    floor: { staffed: PEOPLE, people: { calls_target: 70 } },
    queues: { q1: { name: "咨询", source: "pbx1", service_level: 0.82, waiting: 2, target: { service_level: 0.8 } }, q2: { name: "回访", source: "pbx1", service_level: 0.93, waiting: 0, target: { service_level: 0.8 } } },
    teams: Object.fromEntries([..."ABCD"].map((team) => [team, { name: team }])),
    sources: { pbx1: { name: "PBX", type: "x", state: "live", since: START }, devices: { name: "Devices", type: "x", sense: "desk", state: "live", since: START } },
    agents,
  };
  return JSON.stringify({ type: "snapshot", v: 1, version: "bench", seq: 1, now: START, rate: 1, board });
}

/** Gives message after message: each changes as many people as is their share of a second, so that everybody moves four times in one. */
export class Feed {
  readonly #random = dice(11);
  #seq = 1;
  #next = 0;

  /** `elapsed`: seconds since the snapshot. */
  patch(elapsed: number): string {
    const now = START + elapsed;
    const share = (MOVING * CHANGES_A_SECOND) / MESSAGES;
    const set: Json[] = [];
    for (let i = 0; i < share; i++) {
      // Every fifth of them all, so that those in sight are among them wherever the page is scrolled to.
      const id = idOf((this.#next * (PEOPLE / MOVING)) % PEOPLE);
      this.#next = (this.#next + 1) % MOVING;
      const told = spell(this.#random, now);
      for (const key of ["state", "since", "limit"]) set.push([["agents", id, key], told[key] ?? 0]);
      set.push([["agents", id, "answered"], 10 + Math.floor(this.#random() * 60)]);
    }
    const base = this.#seq++;
    return JSON.stringify({ type: "patch", base, seq: this.#seq, now, set });
  }

  pulse(elapsed: number): string {
    const now = START + elapsed;
    return JSON.stringify({ type: "pulse", seq: this.#seq, now, rate: 1, heard: { pbx1: now - 0.1, devices: now - 0.4 } });
  }
}
