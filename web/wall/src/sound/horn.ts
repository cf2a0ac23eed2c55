/** Real seconds: one sound in so many; what comes meanwhile is one sound afterwards. */
export const AT_MOST_EVERY = 10;
/** What gets as bad again within so many seconds after it was better is the same trouble. */
export const SAME_TROUBLE = 120;
/** A page that did not look for so long slept; what it finds then was there before. */
const SLEPT = 90;
/** More places than a floor has; beyond them no new one is remembered. */
const MOST = 2000;

/** `unknown`: its source is away, so nothing can be said; what is there when it is back was there before. */
export type Level = "unknown" | "none" | "warn" | "source" | "breach";
export type How = "off" | "tone" | "speak" | "both";

/** How one thing on the board is now. `text` is what is said of it. */
export interface Seen {
  readonly key: string;
  readonly level: Level;
  readonly text: string;
}
/** Which sound a severity makes. */
export interface Choice {
  readonly breach: How;
  readonly warn: How;
  readonly source: How;
}
/** One thing to play: a tone, and what to say. */
export interface Call {
  readonly tone: "breach" | "soft" | undefined;
  readonly says: readonly string[];
  /** How many events were merged into it. */
  readonly n: number;
}

type Loud = "warn" | "source" | "breach";
const RANK: Readonly<Record<Level, number>> = { unknown: -1, none: 0, warn: 1, source: 1, breach: 2 };
const LOUD: readonly Loud[] = ["breach", "source", "warn"];

interface Known {
  level: Level;
  /** When it was last as bad as this or worse. */
  readonly last: Partial<Record<Loud, number>>;
}

/**
 * Decides what is to be heard and when: one sound an event, never a loop; at most one in ten seconds; nothing for what was there
 * when the page began to look, came back, or was as bad two minutes ago. Times are real seconds of any monotonic clock.
 */
export class Horn {
  #known = new Map<string, Known>();
  #waiting = new Map<string, Loud>();
  #looked: number | undefined;
  #played = Number.NEGATIVE_INFINITY;

  /** To be called about once a second with everything the board watches, the healthy too. What to play now, if anything. */
  look(now: number, seen: readonly Seen[], choice: Choice, isQuiet: boolean): Call | undefined {
    const isFirst = this.#looked === undefined || now - this.#looked > SLEPT || now < this.#looked;
    this.#looked = now;
    for (const one of seen) {
      const event = this.#meet(now, one, isFirst);
      if (event !== undefined && choice[event] !== "off" && !isQuiet) this.#waiting.set(one.key, event);
    }
    this.#prune(now, seen);
    if (isQuiet) this.#waiting.clear();
    if (this.#waiting.size === 0 || now - this.#played < AT_MOST_EVERY) return undefined;
    return this.#call(now, seen, choice);
  }

  /** What happened to it, if that is an event. */
  #meet(now: number, { key, level }: Seen, isFirst: boolean): Loud | undefined {
    const known = this.#known.get(key);
    if (known === undefined && this.#known.size >= MOST) return undefined;
    const before: Known = known ?? { level: isFirst ? "unknown" : "none", last: {} };
    const was = isFirst ? "unknown" : before.level;
    this.#known.set(key, before);
    before.level = level;
    if (level === "unknown" || level === "none") return undefined;
    const last = before.last[level];
    for (const each of LOUD) if (RANK[each] <= RANK[level]) before.last[each] = now;
    const isNews = was !== "unknown" && RANK[level] > RANK[was];
    return isNews && (last === undefined || now - last > SAME_TROUBLE) ? level : undefined;
  }

  /** What left the board is forgotten, once it can no longer be the same trouble. */
  #prune(now: number, seen: readonly Seen[]): void {
    const there = new Set(seen.map(({ key }) => key));
    for (const [key, known] of this.#known) {
      if (there.has(key)) continue;
      known.level = "none";
      if (!Object.values(known.last).some((last) => now - last <= SAME_TROUBLE)) this.#known.delete(key);
    }
  }

  /** What waited and still stands, as one: the worst one's tone, everything that is to be said. */
  #call(now: number, seen: readonly Seen[], choice: Choice): Call | undefined {
    const standing = seen
      .filter(({ key, level }) => this.#waiting.has(key) && RANK[level] >= RANK[this.#waiting.get(key) as Loud])
      .sort((a, b) => RANK[b.level] - RANK[a.level])
      .map(({ level, text }) => ({ event: level as Loud, text }));
    this.#waiting.clear();
    const toned = standing.filter(({ event }) => choice[event] === "tone" || choice[event] === "both");
    const said = standing.filter(({ event }) => choice[event] === "speak" || choice[event] === "both");
    if (toned.length + said.length === 0) return undefined;
    this.#played = now;
    const tone = toned.length === 0 ? undefined : toned.some(({ event }) => event === "breach") ? "breach" : "soft";
    return { tone, says: said.map(({ text }) => text), n: standing.length };
  }
}
