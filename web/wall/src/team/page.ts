import { batch, computed, effect, type ReadonlySignal, signal, untracked } from "@preact/signals";

import { type Freshness, timeOf } from "../stale";
import type { State } from "../states";
import type { Wall } from "../wall";
import { lang } from "../words";
import { alertsOf } from "../alerts/model";
import { worstOf } from "../alerts/order";
import { titleOf } from "../alerts/say";
import { type Choice, read, write } from "./choice";
import { arrange, type Group, isInScope, isSame, needsAttention, settle, waitingToMove } from "./order";
import { People, type Row } from "./people";

/** Milliseconds without a hand on the list, and from one re-sorting to the next. */
export const STILL = 2000;

interface Tally {
  readonly people: number;
  readonly doubts: number;
  readonly states: ReadonlyMap<State, number>;
}
export interface Counts extends Tally {
  readonly staffed: number;
}

/** How many of these rows are counted, and as what. */
function tallyOf(rows: readonly Row[], choice: Choice): Tally {
  const states = new Map<State, number>();
  let [people, doubts] = [0, 0];
  for (const row of rows) {
    if (!isInScope(row, choice)) continue;
    people++;
    if (row.isDoubtful) doubts++;
    states.set(row.state, (states.get(row.state) ?? 0) + 1);
  }
  return { people, doubts, states };
}

/** What the lead's page knows beyond the board: what is chosen, in which order people stand, and who holds the list. */
export class TeamPage {
  readonly people: People;
  readonly choice = signal<Choice>(read(new URLSearchParams(location.search)));
  /** The tile in focus, or that had it last: where the Tab key comes in. */
  readonly focus = signal<string | undefined>(undefined);
  readonly #shown = signal<readonly Group[]>([]);
  readonly #wanted = signal<readonly Group[]>([]);
  readonly #freshness = new Map<string, ReadonlySignal<Freshness>>();
  readonly #now = new Map<string, ReadonlySignal<number | undefined>>();
  /** Before the first word of the server nothing is over a limit, and no order can be right. */
  readonly #isTimed = computed(() => this.wall.second.value !== undefined);
  #hasFocus = false;
  readonly #moving = signal(0);
  #isOver = false;
  #touched = Number.NEGATIVE_INFINITY;
  #sorted = Number.NEGATIVE_INFINITY;
  #asked: Choice | undefined;

  constructor(
    readonly wall: Wall,
    private readonly monotonic: () => number = () => performance.now(),
  ) {
    this.people = new People(wall.board);
  }

  start(): () => void {
    const stopOrder = effect(() => {
      // Once a second, and when somebody chose otherwise, came or left: not for each of a thousand changes.
      const [choice] = [this.choice.value, this.wall.uptime.value, this.people.ids.value, lang.value, this.#isTimed.value];
      untracked(() => this.#arrange(choice));
    });
    const stopAddress = effect(() => {
      const query = write(this.choice.value, new URLSearchParams(location.search)).toString();
      history.replaceState(null, "", `${location.pathname}${query === "" ? "" : `?${query}`}${location.hash}`);
    });
    return () => (stopOrder(), stopAddress());
  }

  choose(change: Partial<Choice>): void {
    this.choice.value = { ...this.choice.peek(), ...change };
  }

  /** One more state to look at, or one fewer. */
  toggle(state: string): void {
    const { states } = this.choice.peek();
    this.choose({ states: states.includes(state) ? states.filter((one) => one !== state) : [...states, state] });
  }

  get shown(): ReadonlySignal<readonly Group[]> {
    return this.#shown;
  }
  /** How many tiles wait until the list is let go. */
  get moving(): ReadonlySignal<number> {
    return this.#moving;
  }

  readonly #tallies = computed(() => this.people.lots.value.map((lot) => computed(() => tallyOf(lot.value, this.choice.value))));
  readonly counts = computed<Counts>(() => {
    const choice = this.choice.value;
    const states = new Map<State, number>();
    let [people, doubts] = [0, 0];
    for (const { value: tally } of this.#tallies.value) {
      people += tally.people;
      doubts += tally.doubts;
      for (const [state, n] of tally.states) states.set(state, (states.get(state) ?? 0) + n);
    }
    const absent = (states.get("off") ?? 0) + (states.get("unknown") ?? 0);
    // Where only some people are in sight, the board's count is of others, too.
    const told = this.#told(choice);
    return { people, doubts, states, staffed: told !== undefined && told <= people ? told : people - absent };
  });

  /** Who needs somebody to look, of those counted; once a second. */
  readonly attention = computed(() => {
    const [choice] = [this.choice.value, this.wall.uptime.value];
    return untracked(() => this.people.all.value.filter((row) => isInScope(row, choice) && needsAttention(row, this.nowOf(row.source).value)).length);
  });

  freshnessOf(source: string): ReadonlySignal<Freshness> {
    let known = this.#freshness.get(source);
    if (known === undefined) this.#freshness.set(source, (known = computed(() => this.wall.freshnessOf(source))));
    return known;
  }
  /** The server's second, or that at which this source stopped. */
  nowOf(source: string): ReadonlySignal<number | undefined> {
    let known = this.#now.get(source);
    if (known === undefined) this.#now.set(source, (known = computed(() => timeOf(this.freshnessOf(source).value, this.wall.second.value))));
    return known;
  }

  readonly #alerts = computed(() => alertsOf(this.wall.board).filter(({ agent }) => agent !== ""));

  /** The worst that is open on somebody, and what it is called; undefined where nothing is, and where the server judges nothing. */
  alertOf(id: string): { readonly look: "" | "warn" | "breach"; readonly title: string } | undefined {
    const worst = worstOf(this.#alerts.value, ({ agent }) => agent === id);
    if (worst === undefined) return undefined;
    const look = worst.severity === "info" ? "" : worst.severity === "warn" ? "warn" : "breach";
    return { look, title: titleOf(this.wall.board, worst) };
  }

  /** A pointer is over the list, or left it. */
  over(isOver: boolean): void {
    this.#isOver = isOver;
    this.touch();
  }
  /** A hand is on the list: scrolling, a finger. */
  touch(): void {
    this.#touched = this.monotonic();
  }
  focused(hasFocus: boolean): void {
    this.#hasFocus = hasFocus;
  }
  /** Takes the order at once that would come when nobody holds the list. */
  sortNow(): void {
    this.#shown.value = this.#wanted.peek();
    this.#moving.value = 0;
    this.#sorted = this.monotonic();
  }

  /** The board's own count where it has one for exactly these people: whoever no switch tells of is not in it. */
  #told(choice: Choice): number | undefined {
    if (choice.queue !== "") return this.wall.board.at("queues", choice.queue, "staffed").number;
    if (choice.team !== "") return this.wall.board.at("teams", choice.team, "staffed").number;
    return this.wall.board.at("floor", "staffed").number;
  }

  #arrange(choice: Choice): void {
    const wanted = arrange(this.people.all.value, choice, (source) => this.nowOf(source).value, lang.value);
    const isAsked = choice !== this.#asked;
    if (this.#isTimed.peek()) this.#asked = choice;
    const now = this.monotonic();
    const isEmpty = this.#shown.peek().every(({ ids }) => ids.length === 0);
    const isTouched = !isAsked && !isEmpty && (this.#isOver || now - this.#touched < STILL);
    const isHeld = isTouched || (!isAsked && !isEmpty && now - this.#sorted < STILL);
    const next = isAsked
      ? wanted
      : settle(this.#shown.peek(), wanted, isHeld, this.#hasFocus ? this.focus.peek() : undefined, new Set(this.people.ids.peek()));
    if (!isHeld && !isSame(next, this.#shown.peek())) this.#sorted = now;
    this.people.prune();
    batch(() => {
      if (!isSame(wanted, this.#wanted.peek())) this.#wanted.value = wanted;
      if (!isSame(next, this.#shown.peek())) this.#shown.value = next;
      this.#moving.value = isTouched ? waitingToMove(next, wanted) : 0;
    });
  }
}
