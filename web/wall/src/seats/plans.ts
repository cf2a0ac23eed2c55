import { address } from "../wire/socket";
import { type Plan, readPlan } from "./plan";

/** A kept floor plan. `version` counts from 1. */
export interface PlanEntry {
  readonly id: string;
  readonly name: Readonly<Record<string, string>>;
  readonly version: number;
}
export interface PlanList {
  readonly plans: readonly PlanEntry[];
  readonly mayEdit: boolean;
}
/** As somebody wrote it, and as it is shown. */
export interface PlanPaper {
  readonly entry: PlanEntry;
  readonly name: Readonly<Record<string, string>>;
  readonly text: string;
  readonly plan: Plan | undefined;
}
/** What is wrong with a text; line and column count from 1, 0 where they are not known. */
export interface Mistake {
  readonly text: string;
  readonly line: number;
  readonly column: number;
}
export type Looked = { readonly kind: "plan"; readonly plan: Plan } | { readonly kind: "mistakes"; readonly mistakes: readonly Mistake[] } | { readonly kind: "unknown" };
export type Saved =
  | { readonly kind: "saved"; readonly version: number }
  | { readonly kind: "mistakes"; readonly mistakes: readonly Mistake[] }
  | { readonly kind: "conflict"; readonly version: number; readonly by: string }
  | { readonly kind: "taken" | "refused" | "away" };

const PATIENCE = 6000;
const BASE = "api/v1/plans";

type Thing = Readonly<Record<string, unknown>>;
const isThing = (value: unknown): value is Thing => typeof value === "object" && value !== null && !Array.isArray(value);

async function ask(path: string, method = "GET", body?: unknown): Promise<readonly [status: number, body: Thing]> {
  const headers: Record<string, string> = body === undefined ? {} : { "content-type": "application/json" };
  const answer = await fetch(address(path), { method, headers, cache: "no-store", signal: AbortSignal.timeout(PATIENCE), ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const told: unknown = /\bjson\b/.test(answer.headers.get("content-type") ?? "") ? await answer.json() : {};
  return [answer.status, isThing(told) ? told : {}];
}

function entryOf(told: unknown): PlanEntry | undefined {
  if (!isThing(told) || typeof told["id"] !== "string") return undefined;
  return { id: told["id"], name: isThing(told["name"]) ? (told["name"] as Record<string, string>) : {}, version: typeof told["version"] === "number" ? told["version"] : 0 };
}

/** Which plans there are; none where the server keeps none. Throws when it does not answer. */
export async function planList(): Promise<PlanList> {
  const [status, body] = await ask(BASE);
  if (status !== 200) return { plans: [], mayEdit: false };
  const told = Array.isArray(body["plans"]) ? body["plans"] : [];
  return { plans: told.map(entryOf).filter((entry) => entry !== undefined), mayEdit: body["may_edit"] === true };
}

export async function planOf(id: string): Promise<PlanPaper | undefined> {
  const [status, body] = await ask(`${BASE}/${encodeURIComponent(id)}`);
  const entry = entryOf(body["entry"]);
  const paper = body["plan"];
  if (status !== 200 || entry === undefined || !isThing(paper)) return undefined;
  return { entry, name: isThing(paper["name"]) ? (paper["name"] as Record<string, string>) : {}, text: typeof paper["text"] === "string" ? paper["text"] : "", plan: readPlan(body["parsed"]) };
}

const PLACE = /^line (\d+), column (\d+): /;

/** The mistakes in a problem's `mistakes`: what is wrong with the text, each where it is. */
export function mistakesOf(body: Thing): readonly Mistake[] {
  const told = Array.isArray(body["mistakes"]) ? body["mistakes"].filter(isThing) : [];
  const found = told.map((one) => {
    const said = String(one["what"] ?? one["text"] ?? "");
    const place = PLACE.exec(said);
    const number = (key: string, i: number) => (typeof one[key] === "number" ? one[key] : Number(place?.[i] ?? 0));
    return { text: said.replace(PLACE, ""), line: number("line", 1), column: number("column", 2) };
  });
  if (found.length > 0) return found;
  return [{ text: String(body["detail"] ?? body["title"] ?? ""), line: 0, column: 0 }];
}

/** What this text is, without keeping it. */
export async function look(text: string): Promise<Looked> {
  try {
    const [status, body] = await ask(`${BASE}/look`, "POST", { text });
    if (status === 422 || status === 413) return { kind: "mistakes", mistakes: mistakesOf(body) };
    const plan = status === 200 ? readPlan(body["parsed"]) : undefined;
    return plan === undefined ? { kind: "unknown" } : { kind: "plan", plan };
  } catch {
    return { kind: "unknown" };
  }
}

/** Keeps a plan; `base` is the version it was made from, undefined for a new one. */
export async function save(id: string, name: Readonly<Record<string, string>>, text: string, base: number | undefined): Promise<Saved> {
  const plan = { format: 1, id, name, text };
  try {
    const [status, body] = base === undefined ? await ask(BASE, "POST", { plan }) : await ask(`${BASE}/${encodeURIComponent(id)}`, "PUT", { plan, base });
    switch (status) {
      case 200:
      case 201:
        return { kind: "saved", version: entryOf(body["entry"])?.version ?? 0 };
      case 409:
        if (base === undefined) return { kind: "taken" };
        return { kind: "conflict", version: typeof body["version"] === "number" ? body["version"] : 0, by: String(body["changed_by"] ?? "?") };
      case 401:
      case 403:
        return { kind: "refused" };
      case 413:
      case 422:
        return { kind: "mistakes", mistakes: mistakesOf(body) };
      default:
        return { kind: "away" };
    }
  } catch {
    return { kind: "away" };
  }
}
