import { batch, type ReadonlySignal, signal } from "@preact/signals";

import { Backoff } from "../wire/backoff";
import type { Json } from "../wire/messages";
import type { Answer, Asker } from "../wire/poll";
import { type Card, type Explanation, read } from "./answer";
import { isSame, MOST, PAGE, pathOf, type Question } from "./question";

/** Milliseconds from answer to question while the panel is open. */
const EVERY = 2000;

/**
 * `asking`: nothing came yet. `fresh`: what is shown is what the server last said. `held`: the reader has the table in
 * hand, so nothing moves. `old`: the server stopped answering. `refused`: it will not say this.
 */
export type State = "asking" | "fresh" | "held" | "old" | "refused";

/** What the server said instead of an answer (RFC 9457); its words are text from the network. */
export interface Trouble {
  readonly status: number;
  readonly detail: string;
  readonly next: string;
}

/** One question after the other, each asked again and again while somebody reads, and the contacts page by page. */
export class Asking {
  readonly #question: ReturnType<typeof signal<Question>>;
  readonly #answer = signal<Explanation | undefined>(undefined);
  readonly #cards = signal<readonly Card[]>([]);
  readonly #state = signal<State>("asking");
  readonly #trouble = signal<Trouble | undefined>(undefined);
  readonly #isPaging = signal(false);
  readonly #holds = new Set<string>();
  readonly #backoff: Backoff;
  #part: string | undefined;
  #next: string | undefined;
  #again: (() => void) | undefined;
  #round = 0;

  constructor(
    question: Question,
    private readonly asker: Asker,
  ) {
    this.#question = signal(question);
    this.#backoff = new Backoff(() => asker.random());
  }

  get question(): Question {
    return this.#question.value as Question;
  }
  get answer(): ReadonlySignal<Explanation | undefined> {
    return this.#answer;
  }
  /** The contacts that are shown: the first page, and those that were asked for after it. */
  get cards(): ReadonlySignal<readonly Card[]> {
    return this.#cards;
  }
  get state(): ReadonlySignal<State> {
    return this.#state;
  }
  get trouble(): ReadonlySignal<Trouble | undefined> {
    return this.#trouble;
  }
  get isPaging(): ReadonlySignal<boolean> {
    return this.#isPaging;
  }
  /** Whether the server has more contacts of this group than are shown. */
  get hasMore(): boolean {
    return this.#next !== undefined;
  }

  /** Another question: what is shown for the one before is no answer to it. */
  turn(question: Question): void {
    if (isSame(question, this.#question.peek() as Question)) return;
    batch(() => {
      this.#question.value = question;
      this.#answer.value = undefined;
      this.#cards.value = [];
      this.#trouble.value = undefined;
      this.#state.value = "asking";
    });
    this.#part = this.#next = undefined;
    this.#holds.clear();
    this.ask();
  }

  /** The contacts of another group. */
  choose(part: string): void {
    this.#part = part;
    this.#cards.value = [];
    this.#next = undefined;
    this.#holds.clear();
    this.ask();
  }

  ask = (): void => {
    this.#again?.();
    void this.#ask(++this.#round);
  };

  stop(): void {
    this.#again?.();
    this.#round++;
  }

  /** The reader has the table in hand, by `by`: nothing moves under the eyes until every hand is off it. */
  hold(by: string, isHeld: boolean): void {
    const before = this.#holds.size;
    if (isHeld) this.#holds.add(by);
    else this.#holds.delete(by);
    if (this.#holds.size > 0 && before === 0 && this.#state.peek() === "fresh") {
      this.#again?.();
      this.#round++;
      this.#state.value = "held";
    } else if (this.#holds.size === 0 && before > 0 && this.#state.peek() === "held") {
      this.#state.value = "fresh";
      this.ask();
    }
  }

  /** The next page of contacts, below those that are shown. */
  async more(): Promise<void> {
    const after = this.#next;
    if (after === undefined || this.#isPaging.peek()) return;
    this.#isPaging.value = true;
    const question = this.#question.peek() as Question;
    const part = this.#part ?? this.#answer.peek()?.contacts?.part;
    const answer = await this.asker.ask(pathOf(question, { part, after, limit: PAGE })).catch(() => undefined);
    this.#isPaging.value = false;
    const contacts = answer?.status === 200 ? read(answer.body)?.contacts : undefined;
    // Meanwhile somebody asked something else, or the first page came again and this one follows another row.
    if (contacts === undefined || after !== this.#next || question !== this.#question.peek()) return;
    const known = new Set(this.#cards.peek().map(({ id }) => id));
    this.#next = contacts.next;
    this.#cards.value = [...this.#cards.peek(), ...contacts.cards.filter(({ id }) => !known.has(id))];
  }

  async #ask(round: number): Promise<void> {
    const question = this.#question.peek() as Question;
    const limit = Math.min(MOST, Math.max(PAGE, this.#cards.peek().length));
    const answer = await this.asker.ask(pathOf(question, { part: this.#part, limit })).catch(() => undefined);
    if (round !== this.#round) return;
    const wait = this.#take(answer);
    if (wait !== undefined) this.#again = this.asker.after(wait, this.ask);
  }

  /** Milliseconds until it is asked again; undefined where asking again would change nothing. */
  #take(answer: Answer | undefined): number | undefined {
    const found = answer?.status === 200 ? read(answer.body) : undefined;
    if (found !== undefined) {
      batch(() => {
        this.#answer.value = found;
        this.#cards.value = found.contacts?.cards ?? [];
        this.#trouble.value = undefined;
        this.#state.value = this.#holds.size > 0 ? "held" : "fresh";
      });
      this.#next = found.contacts?.next;
      this.#backoff.reset();
      return this.#holds.size > 0 ? undefined : EVERY;
    }
    const status = answer?.status ?? 0;
    // What the server will not say now it will not say in two seconds; being busy passes.
    const isFinal = status >= 400 && status < 500 && status !== 429 && status !== 408;
    batch(() => {
      this.#trouble.value = trouble(status, answer?.body);
      this.#state.value = isFinal || this.#answer.peek() === undefined ? "refused" : "old";
    });
    return isFinal ? undefined : EVERY + this.#backoff.next();
  }
}

function trouble(status: number, body: Json | undefined): Trouble {
  const told = typeof body === "object" && body !== null && !Array.isArray(body) ? (body as { readonly [key: string]: Json }) : {};
  const text = (value: Json | undefined) => (typeof value === "string" ? value.slice(0, 600) : "");
  return { status, detail: text(told.detail), next: text(told.next) };
}
