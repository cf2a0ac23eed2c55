import { describe, expect, it } from "vitest";

import { breakIn, isIn, kindFor, mostOf, type Scope, scopesOf, shiftOf, usedOf } from "../src/breaks/model";
import { ordered } from "../src/breaks/Panel";
import { secondOfDay } from "../src/format/moment";
import { Cell } from "../src/wire/cell";
import type { Json } from "../src/wire/messages";

const NINE = 1_795_309_200;
const HOUR = 3600;

function board(parts: Readonly<Record<string, Json>> = {}): Cell {
  const cell = new Cell();
  cell.put({
    day: { starts: NINE - 9 * HOUR },
    agents: { a: { team: "red", queues: ["p/loans"] }, b: { team: "blue", queues: ["p/cards"] } },
    queues: { "p/loans": { line: "loans" }, "p/cards": { line: "cards" } },
    lines: { loans: { staffed: 10 } },
    teams: { red: { staffed: 100 } },
    floor: { staffed: 20 },
    break_desk: {
      kinds: { short: { names: { en: "Short" }, quota_times: 2, quota_seconds: 1200 }, meal: { names: { en: "Meal" }, quota_times: 1 } },
      scopes: { floor: { away: 2, cap: 4 }, "team:red": { away: 1, share: 0.29 }, "line:loans": { away: 3, share: 0.5, cap: 9, minimum: [[8, 0, 0], [9, 39_600, 50_400]] } },
      used: { a: { short: [1, 300] } },
      budgets: { a: { shift: "s", begins: NINE, ends: NINE + 4 * HOUR, from: NINE - 2 * HOUR, quotas: { short: { quota_times: 0, quota_seconds: 0 }, meal: { quota_times: 3 } } } },
    },
    ...parts,
  });
  return cell;
}

const scope = (key: string): Scope => {
  const found = scopesOf(board()).find((one) => one.key === key);
  if (found === undefined) throw new Error(key);
  return found;
};

describe("whose budget it is", () => {
  it("is the shift's with its own quotas, else the day's with the kind's", () => {
    expect(shiftOf(board(), "a")).toEqual({ begins: NINE, ends: NINE + 4 * HOUR, from: NINE - 2 * HOUR });
    expect(shiftOf(board(), "b")).toBeUndefined();
    const [own, day] = [kindFor(board(), "a", "short"), kindFor(board(), "b", "short")];
    expect([own.times, own.seconds, day.times, day.seconds]).toEqual([0, 0, 2, 1200]);
    expect([kindFor(board(), "a", "meal").times, kindFor(board(), "a", "meal").seconds]).toEqual([3, undefined]);
  });

  it("has of a break that goes on only what lies in it", () => {
    const running = (began: number) => breakIn("x", { agent: "a", kind: "short", state: "running", began, lasts: 600 });
    const from = NINE - 2 * HOUR;
    expect(usedOf(board(), "a", "short", running(from - 100), from + 200)).toEqual({ times: 1, seconds: 500 });
    expect(usedOf(board(), "a", "short", running(from + 100), from + 200)).toEqual({ times: 2, seconds: 400 });
    expect(usedOf(board(), "b", "short", running(NINE - 9 * HOUR - 60), NINE - 9 * HOUR + 60)).toEqual({ times: 0, seconds: 60 });
  });
});

describe("what is held", () => {
  it("waits first of all, in the order of its time, and says what holds it", () => {
    const one = (id: string, state: string, begins?: number) => breakIn(id, { agent: "a", kind: "short", state, requested: NINE, lasts: 600, ...(begins !== undefined && { begins }), ...(state === "held" && { held: begins, against: [{ what: "cap", have: 5, limit: 4, scope: "floor" }] }) });
    const items = [one("w", "requested"), one("p", "postponed", NINE + 900), one("later", "held", NINE + 60), one("first", "held", NINE), one("g", "granted", NINE)].filter((each) => each !== undefined);
    expect(ordered(items).map(({ id }) => id)).toEqual(["first", "later", "w", "p"]);
    expect(items[3]?.held).toBe(NINE);
    expect(items[3]?.against).toEqual([{ what: "cap", have: 5, limit: 4, scope: "floor", queue: "", begins: undefined, ends: undefined }]);
  });
});

describe("how many may be away", () => {
  it("is the scope's own cap, a share of its own people", () => {
    expect(mostOf(scope("floor"), 0, undefined)).toEqual({ many: 4, why: "cap" });
    // 0.29 × 100 is a little less than 29.
    expect(mostOf(scope("team:red"), 0, undefined)).toEqual({ many: 29, why: "cap" });
  });

  it("is less where people must stay, in the hours of it, or where the load says so", () => {
    const loans = scope("line:loans");
    expect(loans.cap).toBe(5);
    expect(mostOf(loans, 0, undefined)).toEqual({ many: 2, why: "minimum" });
    expect(mostOf(loans, 39_600, undefined)).toEqual({ many: 1, why: "minimum" });
    expect(mostOf(loans, 50_400, undefined)).toEqual({ many: 2, why: "minimum" });
    expect(mostOf(scope("floor"), 0, 1)).toEqual({ many: 3, why: "load" });
    expect(mostOf(scope("floor"), 0, 9)).toEqual({ many: 4, why: "cap" });
    const night: Scope = { ...loans, cap: undefined, minimum: [[8, 79_200, 21_600]] };
    expect([mostOf(night, 80_000, 0)?.many, mostOf(night, 3600, 0)?.many, mostOf(night, 40_000, 0)]).toEqual([2, 2, undefined]);
  });

  it("is of the people of the floor, of a team, of a line's queues", () => {
    const seen = ["floor", "team:red", "team:blue", "line:loans", "line:cards"].map((key) => isIn(board(), "a", key));
    expect(seen).toEqual([true, true, false, true, false]);
  });

  it("goes by the site's clock", () => {
    expect(secondOfDay(1_795_309_200, "UTC")).toBe((1_795_309_200 % 86_400));
    expect(secondOfDay(1_795_309_200, "Asia/Shanghai")).toBe((1_795_309_200 + 8 * HOUR) % 86_400);
  });
});
