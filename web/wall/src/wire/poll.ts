import { type ReadonlySignal, signal } from "@preact/signals";

import { Backoff } from "./backoff";
import { Cell } from "./cell";
import type { ServerClock } from "./clock";
import { NOT_LIVE } from "./live";
import type { Json } from "./messages";

/**
 * `asking`: nothing came yet. `fresh`: what is shown is what the server last said. `old`: it stopped answering.
 * `door`: it wants somebody else's token. `absent`: it has nothing of this kind.
 */
export type Answered = "asking" | "fresh" | "old" | "door" | "absent";

export interface Answer {
  readonly status: number;
  readonly body: Json | undefined;
}
export interface Asker {
  ask(path: string): Promise<Answer>;
  monotonic(): number;
  after(milliseconds: number, action: () => void): () => void;
  random(): number;
}

/** Asks for one document again and again, never twice at once, and says honestly how old the answer is. */
export class Poll {
  readonly answer = new Cell();
  readonly #state = signal<Answered>("asking");
  readonly #silentSince = signal<number | undefined>(undefined);
  readonly #backoff: Backoff;
  #came: number | undefined;
  #again: (() => void) | undefined;
  #round = 0;

  /** `every`: milliseconds from question to question while all is well. */
  constructor(
    private readonly path: string,
    private readonly every: number,
    private readonly clock: ServerClock,
    private readonly asker: Asker,
  ) {
    this.#backoff = new Backoff(() => asker.random());
  }

  get state(): ReadonlySignal<Answered> {
    return this.#state;
  }
  /** The monotonic instant of the last answer, once that is too long ago. */
  get silentSince(): ReadonlySignal<number | undefined> {
    return this.#silentSince;
  }

  /** Asks now, whatever was planned; also after somebody came through the door. */
  ask = (): void => {
    this.#again?.();
    void this.#ask(++this.#round);
  };

  stop(): void {
    this.#again?.();
    this.#round++;
  }

  /** To be called a few times a second: notices that nothing came. */
  watch(): void {
    if (this.#came === undefined || this.#state.peek() !== "fresh") return;
    if (this.asker.monotonic() - this.#came >= NOT_LIVE) this.#ages(this.#came);
  }

  async #ask(round: number): Promise<void> {
    const asked = this.asker.monotonic();
    const answer = await this.asker.ask(this.path).catch(() => undefined);
    if (round !== this.#round) return;
    const wait = this.#take(answer) ? this.every - (this.asker.monotonic() - asked) : this.#backoff.next() + this.every;
    this.#again = this.asker.after(Math.max(100, wait), this.ask);
  }

  /** Whether it was an answer; the server is at work then, and may be asked again as usual. */
  #take(answer: Answer | undefined): boolean {
    switch (answer?.status) {
      case 401:
      case 403:
        this.#state.value = "door";
        return false;
      case 404:
        this.#state.value = "absent";
        return false;
    }
    const now = isTree(answer?.body) ? answer.body.now : undefined;
    if (!isTree(answer?.body) || typeof now !== "number") return this.#silent();
    const rate = answer.body.rate ?? answer.body.speed;
    this.clock.told(now, typeof rate === "number" ? rate : 1);
    this.answer.put(answer.body);
    this.#came = this.asker.monotonic();
    this.#silentSince.value = undefined;
    this.#state.value = "fresh";
    this.#backoff.reset();
    return true;
  }

  #silent(): false {
    this.watch();
    if (this.#state.peek() === "absent") this.#state.value = this.#came === undefined ? "asking" : "old";
    return false;
  }

  #ages(since: number): void {
    this.clock.freeze();
    this.#silentSince.value = since;
    this.#state.value = "old";
  }
}

const isTree = (value: Json | undefined): value is { readonly [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);
