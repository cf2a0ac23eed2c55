import { batch, type ReadonlySignal, signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";

import { Backoff } from "../wire/backoff";
import type { Json } from "../wire/messages";
import type { Answer, Asker } from "../wire/poll";
import { asker as browser } from "../wire/socket";

export type Tree = { readonly [key: string]: Json };
/** `asking`: nothing came yet. `fresh`: as the server last said. `old`: it stopped answering. `refused`: it will not say. */
export type Look = "asking" | "fresh" | "old" | "refused";

const isTree = (value: Json | undefined): value is Tree => typeof value === "object" && value !== null && !Array.isArray(value);
const isFinal = (status: number): boolean => status >= 400 && status < 500 && status !== 408 && status !== 429;

/** One document, asked for again and again while somebody looks at it; each look is on record at the server. */
export class Looking {
  readonly #state = signal<Look>("asking");
  readonly #answer = signal<Tree | undefined>(undefined);
  readonly #status = signal(0);
  readonly #words = signal("");
  readonly #backoff: Backoff;
  #again: (() => void) | undefined;
  #round = 0;

  /** `every`: milliseconds from answer to question. */
  constructor(
    private readonly path: string,
    private readonly every: number,
    private readonly asker: Asker,
  ) {
    this.#backoff = new Backoff(() => asker.random());
  }

  get state(): ReadonlySignal<Look> {
    return this.#state;
  }
  get answer(): ReadonlySignal<Tree | undefined> {
    return this.#answer;
  }
  /** What the server answered instead (RFC 9457); 0 where it did not answer at all. */
  get status(): ReadonlySignal<number> {
    return this.#status;
  }
  /** Its words on that: text from the network. */
  get words(): ReadonlySignal<string> {
    return this.#words;
  }

  ask = (): void => {
    this.#again?.();
    void this.#ask(++this.#round);
  };

  stop(): void {
    this.#again?.();
    this.#round++;
  }

  async #ask(round: number): Promise<void> {
    const answer = await this.asker.ask(this.path).catch(() => undefined);
    if (round !== this.#round) return;
    const wait = this.#take(answer);
    if (wait !== undefined) this.#again = this.asker.after(wait, this.ask);
  }

  /** Milliseconds until it is asked again; undefined where asking again would change nothing. */
  #take(answer: Answer | undefined): number | undefined {
    const status = answer?.status ?? 0;
    if (status === 200 && isTree(answer?.body)) {
      const body = answer.body;
      batch(() => {
        this.#answer.value = body;
        this.#state.value = "fresh";
      });
      this.#backoff.reset();
      return this.every;
    }
    const detail = isTree(answer?.body) ? answer.body["detail"] : "";
    batch(() => {
      this.#status.value = status;
      this.#words.value = typeof detail === "string" ? detail.slice(0, 600) : "";
      this.#state.value = isFinal(status) || this.#answer.peek() === undefined ? "refused" : "old";
    });
    return isFinal(status) ? undefined : this.every + this.#backoff.next();
  }
}

/** Asks from now until the component leaves. */
export function useLooking(path: string, every: number): Looking {
  const looking = useMemo(() => new Looking(path, every, browser), [path, every]);
  useEffect(() => {
    looking.ask();
    return () => looking.stop();
  }, [looking]);
  return looking;
}
