import { computed, type ReadonlySignal } from "@preact/signals";

import { nameOf } from "../names";
import { conflictsOf } from "../senses";
import { type State, stateOf } from "../states";
import type { Cell } from "../wire/cell";

/** What the list has to know of one person to place, count and find them; a tile reads its own cells. */
export interface Row {
  readonly id: string;
  readonly name: string;
  readonly state: State;
  readonly since: number | undefined;
  /** Seconds that the state may last. */
  readonly limit: number | undefined;
  /** Since when their sources contradict each other. */
  readonly doubt: number | undefined;
  readonly isDoubtful: boolean;
  readonly source: string;
  readonly team: string;
  readonly queues: readonly string[];
  /** Everything that a search looks at, folded; one line each. */
  readonly hay: string;
}

/** One letter case, one width, no marks: `Ａ-07` is found as `a-07`, `José` as `jose`. */
export const fold = (text: string): string =>
  text
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase();

/** So many are looked through together when something of one of them changed, rather than everybody. */
const LOT = 32;

const texts = (cell: Cell): readonly string[] => cell.list.filter((one) => typeof one === "string");

function allNames(cell: Cell): readonly string[] {
  const names = cell.at("names");
  return [cell.at("name").text, ...names.keys.map((key) => names.at(key).text)];
}

/** Rows of a board's people, each worked out again only when something of theirs changed. */
export class People {
  readonly #rows = new Map<string, ReadonlySignal<Row>>();
  /** Apart from the rows: names hardly ever change, states do all the time. */
  readonly #hays = new Map<string, ReadonlySignal<string>>();

  constructor(private readonly board: Cell) {}

  /** Who is on the board, oldest first. */
  readonly ids = computed(() => this.board.at("agents").keys);
  /** The same people in lots: what is summed up over each of them alone is summed up anew only where somebody changed. */
  readonly lots = computed(() => {
    const ids = this.ids.value;
    return Array.from({ length: Math.ceil(ids.length / LOT) }, (_, i) => this.#lotOf(ids.slice(i * LOT, (i + 1) * LOT)));
  });
  readonly all = computed(() => this.lots.value.flatMap((lot) => lot.value));

  of(id: string): ReadonlySignal<Row> {
    let row = this.#rows.get(id);
    if (row === undefined) this.#rows.set(id, (row = computed(() => this.#read(id))));
    return row;
  }

  /** Forgets who left the board for good, so that a year of comings and goings does not pile up. */
  prune(): void {
    const ids = new Set(this.ids.peek());
    for (const known of [this.#rows, this.#hays]) for (const id of known.keys()) if (!ids.has(id)) known.delete(id);
  }

  #lotOf(ids: readonly string[]): ReadonlySignal<readonly Row[]> {
    return computed(() => ids.map((id) => this.of(id).value));
  }

  #read(id: string): Row {
    const agent = this.board.at("agents", id);
    const conflicts = conflictsOf(agent);
    const since = conflicts.map((conflict) => conflict.since).filter((one) => one !== undefined);
    const hayOf = () => this.#hayOf(id).value;
    return {
      id,
      name: nameOf(agent, id),
      state: stateOf(agent.at("state").text),
      since: agent.at("since").number,
      limit: agent.at("limit").number,
      doubt: since.length > 0 ? Math.min(...since) : undefined,
      isDoubtful: conflicts.length > 0,
      source: agent.at("source").text,
      team: agent.at("team").text,
      queues: texts(agent.at("queues")),
      get hay() {
        return hayOf();
      },
    };
  }

  #hayOf(id: string): ReadonlySignal<string> {
    let hay = this.#hays.get(id);
    if (hay === undefined) this.#hays.set(id, (hay = computed(() => this.#gather(id))));
    return hay;
  }

  #gather(id: string): string {
    const agent = this.board.at("agents", id);
    const team = agent.at("team").text;
    const found = [
      id,
      ...allNames(agent),
      agent.at("seat").text,
      agent.at("extension").text,
      team,
      ...(team === "" ? [] : allNames(this.board.at("teams", team))),
      ...texts(agent.at("queues")).flatMap((queue) => allNames(this.board.at("queues", queue))),
    ];
    return fold([...new Set(found)].filter((one) => one !== "").join("\n"));
  }
}
