import { isThing, text, type Thing } from "../wire/reading";
import { lang } from "../words";
import { address } from "../wire/socket";
import { said } from "./words";

/** Longer than the server waits for its journal, so that its own answer is the one that is shown. */
const PATIENCE = 15_000;

export type Why = "faster" | "not-now" | "forbidden" | "signed-out" | "absent" | "mistaken" | "often" | "unrecorded" | "away" | "other";

/** Why nothing happened (after `away` and `unrecorded` it may have). */
export interface Problem {
  readonly why: Why;
  /** What the server says, in English; empty where it said nothing. */
  readonly detail: string;
  /** Which argument is wrong, as it was sent; empty where that is not it. */
  readonly where: string;
  /** What somebody else did before (`taken`, `ended`, `granted`, …), who, and when in epoch seconds. */
  readonly done: string;
  readonly by: string;
  readonly at: number | undefined;
}
export type Outcome = { readonly isDone: true; readonly told: Thing } | { readonly isDone: false; readonly problem: Problem };

/** Values of arguments; `undefined` is left out. */
export type Arguments = Readonly<Record<string, unknown>>;

const WHY: Readonly<Record<number, Why>> = { 401: "signed-out", 403: "forbidden", 404: "absent", 409: "not-now", 413: "mistaken", 422: "mistaken", 429: "often", 503: "unrecorded" };

/** Does one thing at the desk; the answer comes when it is recorded. Never throws. */
export async function act(name: string, args: Arguments = {}): Promise<Outcome> {
  try {
    const answer = await fetch(address(`api/v1/acts/${encodeURIComponent(name)}`), {
      method: "POST",
      cache: "no-store",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ arguments: args }),
      signal: AbortSignal.timeout(PATIENCE),
    });
    const isJson = /\bjson\b/.test(answer.headers.get("content-type") ?? "");
    const body: unknown = isJson ? await answer.json() : {};
    const told = isThing(body) ? body : {};
    return answer.ok ? { isDone: true, told } : { isDone: false, problem: problemOf(answer.status, told) };
  } catch {
    return { isDone: false, problem: problemOf(0, {}) };
  }
}

/** Of a problem document (RFC 9457) and its status; 0: nobody answered. */
export function problemOf(status: number, told: Thing): Problem {
  const [by, done] = [text(told["by"]), text(told["done"])];
  const why = status === 0 ? "away" : (WHY[status] ?? "other");
  const mistakes: unknown = told["mistakes"];
  const first: unknown = Array.isArray(mistakes) ? mistakes[0] : undefined;
  const where = isThing(first) ? text(first["where"]).replace(/^body\.(arguments\.?)?/, "") : "";
  const detail = isThing(first) && text(first["what"]) !== "" ? text(first["what"]) : text(told["detail"]);
  return { why: why === "not-now" && done !== "" && by !== "" ? "faster" : why, detail, where, done, by, at: typeof told["at"] === "number" ? told["at"] : undefined };
}

/** What to show beside the button, in the chosen language; `time` writes an instant in the floor's zone. */
export function wordsOf(problem: Problem, time: (instant: number) => string): string {
  const { why, by, at, done, detail } = problem;
  if (why === "faster") {
    const key: string = `did.${done}`;
    const did = said.t(said.has(key) ? key : "did.other");
    return at === undefined ? said.t("faster", { by, did }) : said.t("fasterAt", { by, did, t: time(at) });
  }
  const general = said.t(why);
  // The server's own words are English; elsewhere they come after ours, because they are the exact ones.
  const isExact = why === "not-now" || why === "mistaken" || why === "other";
  if (!isExact || detail === "") return general;
  return lang.value === "en" ? detail : said.t("exactly", { general, detail });
}
