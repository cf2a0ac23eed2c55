import { computed, type ReadonlySignal, signal } from "@preact/signals";

import { nameOf } from "../names";
import { STATES, type State, stateOf } from "../states";
import type { Wall } from "../wall";
import { derived, type Known } from "./derived";
import { type Fact, factOf, factOfNobody, isSame, troubleOf, type Trouble, TROUBLES } from "./facts";
import type { Plan, PlanSeat } from "./plan";

export interface Attention {
  readonly seat: string;
  readonly fact: Fact;
  readonly trouble: Trouble;
}

/** The floor as a map shows it: who sits where on which plan, and what is to be said of each seat. */
export class Floor {
  /** The plan somebody drew; without one it is made of teams and seats. */
  readonly drawn = signal<Plan | undefined>(undefined);
  /** Width by height of the room it is shown in, for a plan that is made. */
  readonly aspect = signal(1.5);
  readonly #facts = new Map<string, ReadonlySignal<Fact>>();

  constructor(private readonly wall: Wall) {}

  /** Who has which seat; several where people share one. Changes only when somebody's seat does. */
  readonly #known = computed<readonly (Known & { agent: string })[]>(() => {
    const agents = this.wall.board.at("agents");
    return agents.keys.map((agent) => ({ agent, seat: agents.at(agent).at("seat").text, team: agents.at(agent).at("team").text }));
  });
  readonly owners = computed<ReadonlyMap<string, readonly string[]>>(() => {
    const owners = new Map<string, string[]>();
    for (const { agent, seat } of this.#known.value) if (seat !== "") owners.set(seat, [...(owners.get(seat) ?? []), agent]);
    return owners;
  });
  readonly #made = computed(() => {
    const known: Known[] = this.#known.value.filter(({ seat }) => seat !== "");
    const own = new Set(known.map(({ seat }) => seat));
    const others = this.wall.board.at("strangers", "seats").keys.filter((seat) => !own.has(seat));
    return derived([...known, ...others.map((seat) => ({ seat, team: "" }))], this.aspect.value);
  });
  readonly plan = computed<Plan | undefined>(() => this.drawn.value ?? this.#made.value);
  readonly places = computed<ReadonlyMap<string, PlanSeat>>(() => new Map((this.plan.value?.seats ?? []).map((seat) => [seat.id, seat])));

  /** Of people at one seat the one who works there. */
  #sitter(seat: string): string | undefined {
    const owners = this.owners.value.get(seat);
    const agents = this.wall.board.at("agents");
    return owners?.find((agent) => stateOf(agents.at(agent).at("state").text) !== "off") ?? owners?.[0];
  }

  fact(seat: string): ReadonlySignal<Fact> {
    let made = this.#facts.get(seat);
    if (made === undefined) {
      let last: Fact | undefined;
      made = computed(() => {
        const agent = this.#sitter(seat);
        const next = agent === undefined ? factOfNobody(this.wall, seat) : factOf(this.wall, agent);
        return last !== undefined && isSame(last, next) ? last : (last = next);
      });
      this.#facts.set(seat, made);
    }
    return made;
  }

  readonly attention = computed<readonly Attention[]>(() => {
    const found: Attention[] = [];
    for (const { id: seat } of this.plan.value?.seats ?? []) {
      const fact = this.fact(seat).value;
      const trouble = troubleOf(fact);
      if (trouble !== undefined) found.push({ seat, fact, trouble });
    }
    const rank = (one: Attention) => TROUBLES.indexOf(one.trouble);
    return found.sort((a, b) => rank(a) - rank(b) || (a.fact.since ?? Infinity) - (b.fact.since ?? Infinity) || (a.seat < b.seat ? -1 : 1));
  });

  /** People by state, all of them whether they have a seat or not, and how many contradict themselves. */
  readonly totals = computed(() => {
    const agents = this.wall.board.at("agents");
    const counts = new Map<State, number>(STATES.map((state) => [state, 0]));
    let doubts = 0;
    for (const id of agents.keys) {
      const state = stateOf(agents.at(id).at("state").text);
      counts.set(state, (counts.get(state) ?? 0) + 1);
      if (agents.at(id).at("conflicts").list.length > 0) doubts++;
    }
    return { counts, doubts, people: agents.keys.length, present: agents.keys.length - (counts.get("off") ?? 0) };
  });

  /** On duty and seats of a zone. */
  zone(index: number): readonly [present: number, seats: number] {
    let [present, seats] = [0, 0];
    for (const seat of this.plan.value?.seats ?? []) {
      if (seat.zone !== index) continue;
      seats++;
      if (this.fact(seat.id).value.state !== "off") present++;
    }
    return [present, seats];
  }

  /** Seats of people that this plan has not, and people without a seat. */
  readonly missing = computed(() => {
    const places = this.places.value;
    const off = [...this.owners.value.keys()].filter((seat) => !places.has(seat));
    const seatless = this.#known.value.filter(({ seat }) => seat === "").length;
    return { off, seatless };
  });

  /** Seats whose id, or whose person's name or id, has these letters in it, in the plan's order. */
  found(wanted: string): readonly string[] {
    const letters = wanted.trim().toLowerCase();
    if (letters === "") return [];
    const agents = this.wall.board.at("agents");
    const fits = (seat: string) =>
      seat.toLowerCase().includes(letters) || (this.owners.value.get(seat) ?? []).some((id) => id.toLowerCase().includes(letters) || nameOf(agents.at(id), id).toLowerCase().includes(letters));
    const exact = (seat: string) => Number(seat.toLowerCase() !== letters);
    return [...this.places.value.keys()].filter(fits).sort((a, b) => exact(a) - exact(b));
  }
}
