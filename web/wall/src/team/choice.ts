import { STATES } from "../states";

export const SORTS = ["worst", "name", "state", "time"] as const;
export type Sort = (typeof SORTS)[number];
export const VIEWS = ["tiles", "compact", "table"] as const;
export type View = (typeof VIEWS)[number];

/** What somebody wants to see; all of it stands in the address, so that it can be sent to somebody else. */
export interface Choice {
  readonly team: string;
  readonly queue: string;
  /** States, and `doubt` for those to verify; none means all. */
  readonly states: readonly string[];
  readonly attention: boolean;
  readonly search: string;
  readonly sort: Sort;
  readonly grouped: boolean;
  readonly view: View;
}

export const USUAL: Choice = { team: "", queue: "", states: [], attention: false, search: "", sort: "worst", grouped: false, view: "tiles" };

const STATE_WORDS: ReadonlySet<string> = new Set([...STATES, "doubt"]);
const LONGEST = 200;

/** What an address says; what it says wrongly is as if it were not there. */
export function read(query: URLSearchParams): Choice {
  const text = (key: string) => (query.get(key) ?? "").slice(0, LONGEST);
  const [sort, view] = [text("sort"), text("view")];
  return {
    team: text("team"),
    queue: text("queue"),
    states: [...new Set(text("state").split(","))].filter((word) => STATE_WORDS.has(word)),
    attention: text("attention") === "1",
    search: text("q"),
    sort: SORTS.find((one) => one === sort) ?? USUAL.sort,
    grouped: text("group") === "1",
    view: VIEWS.find((one) => one === view) ?? USUAL.view,
  };
}

/** Writes a choice over an address; what is as usual is left out, what is not ours stays. */
export function write(choice: Choice, query: URLSearchParams): URLSearchParams {
  const written = new URLSearchParams(query);
  const put = (key: string, value: string) => (value === "" ? written.delete(key) : written.set(key, value));
  put("team", choice.team);
  put("queue", choice.queue);
  put("state", choice.states.join(","));
  put("attention", choice.attention ? "1" : "");
  put("q", choice.search);
  put("sort", choice.sort === USUAL.sort ? "" : choice.sort);
  put("group", choice.grouped ? "1" : "");
  put("view", choice.view === USUAL.view ? "" : choice.view);
  return written;
}

/** How many things narrow the list down. */
export const filters = (choice: Choice): number =>
  Number(choice.queue !== "") + Number(choice.states.length > 0) + Number(choice.attention) + Number(choice.search.trim() !== "");
