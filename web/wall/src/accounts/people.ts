import { batch, signal } from "@preact/signals";

import { ask, isThing, number, strings, text, type Thing, type Told } from "./ask";

/** One sign-in that is good now. Instants in epoch seconds. */
export interface Sitting {
  readonly used: number;
  readonly client: string;
  readonly browser: string;
}
/** `teams` and `queues`: those in sight; `undefined`: all. */
export interface Account {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly teams: readonly string[] | undefined;
  readonly queues: readonly string[] | undefined;
  readonly agent: string;
  readonly language: string;
  readonly isDisabled: boolean;
  readonly mustChange: boolean;
  readonly signedIn: number;
  readonly sittings: readonly Sitting[];
  readonly mayChange: boolean;
  readonly mayReset: boolean;
}
export interface DisplayLink {
  readonly id: string;
  readonly name: string;
  readonly board: string;
  readonly teams: readonly string[] | undefined;
  readonly queues: readonly string[] | undefined;
  readonly by: string;
  readonly created: number;
  readonly used: number;
  readonly revoked: number;
  readonly screens: number;
}
export interface Everybody {
  readonly accounts: readonly Account[];
  /** Those that the reader may give; none: they may only reset passwords. */
  readonly roles: readonly string[];
  readonly isKept: boolean;
  readonly problem: string;
}
export type Board = readonly [id: string, name: Readonly<Record<string, string>>];

const things = (value: unknown): readonly Thing[] => (Array.isArray(value) ? value.filter(isThing) : []);

export function accountOf(told: Thing): Account {
  const may = strings(told["may"]) ?? [];
  return {
    id: text(told["id"]),
    name: text(told["name"]),
    role: text(told["role"]),
    teams: strings(told["teams"]),
    queues: strings(told["queues"]),
    agent: text(told["agent"]),
    language: text(told["language"]),
    isDisabled: told["disabled"] === true,
    mustChange: told["must_change"] === true,
    signedIn: number(told["signed_in"]),
    sittings: things(told["sessions"]).map((one) => ({ used: number(one["used"]), client: text(one["client"]), browser: text(one["browser"]) })),
    mayChange: may.includes("change"),
    mayReset: may.includes("reset"),
  };
}

function linkOf(told: Thing): DisplayLink {
  return {
    id: text(told["id"]),
    name: text(told["name"]),
    board: text(told["board"]),
    teams: strings(told["teams"]),
    queues: strings(told["queues"]),
    by: text(told["by"]),
    created: number(told["created"]),
    used: number(told["used"]),
    revoked: number(told["revoked"]),
    screens: number(told["screens"]),
  };
}

const at = (id: string): string => `api/v1/accounts/${encodeURIComponent(id)}`;

/** Everybody who may act, and every link; what is done to them. Each answer is read again as a whole: they are few. */
export class Register {
  readonly everybody = signal<Everybody | undefined>(undefined);
  readonly links = signal<readonly DisplayLink[]>([]);
  readonly boards = signal<readonly Board[]>([]);
  readonly state = signal<"asking" | "fresh" | "away" | "closed" | "forbidden">("asking");

  async ask(): Promise<void> {
    const [people, links, boards] = await Promise.all([ask("api/v1/accounts"), ask("api/v1/display-links"), ask("api/v1/boards")]);
    batch(() => {
      this.state.value = people.isDone ? "fresh" : people.status === 401 ? "closed" : people.status === 403 ? "forbidden" : "away";
      if (people.isDone)
        this.everybody.value = {
          accounts: things(people.body["accounts"]).map(accountOf),
          roles: strings(people.body["roles"]) ?? [],
          isKept: people.body["kept"] !== false,
          problem: text(people.body["problem"]),
        };
      if (links.isDone) this.links.value = things(links.body["links"]).map(linkOf);
      if (boards.isDone) this.boards.value = things(boards.body["boards"]).map((one) => [text(one["id"]), isThing(one["name"]) ? (one["name"] as Record<string, string>) : {}]);
    });
  }

  add = (wish: Thing): Promise<Told> => this.#done("api/v1/accounts", "POST", wish);
  change = (id: string, wish: Thing): Promise<Told> => this.#done(at(id), "PATCH", wish);
  reset = (id: string): Promise<Told> => this.#done(`${at(id)}/password`, "POST");
  signOut = (id: string): Promise<Told> => this.#done(`${at(id)}/sessions`, "DELETE");
  link = (wish: Thing): Promise<Told> => this.#done("api/v1/display-links", "POST", wish);
  revoke = (id: string): Promise<Told> => this.#done(`api/v1/display-links/${encodeURIComponent(id)}`, "DELETE");

  async #done(path: string, method: string, body?: Thing): Promise<Told> {
    const told = await ask(path, method, body);
    if (told.isDone) await this.ask();
    return told;
  }
}
