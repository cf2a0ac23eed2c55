import { ask } from "../boards/requests";
import type { Thing } from "../wire/reading";
import { type Case, caseIn, type Listed, listedIn } from "./facts";

const BASE = "api/v1/cases";

export type Told<T> = { readonly kind: "done"; readonly told: T } | { readonly kind: "refused" | "away" | "absent" } | { readonly kind: "said"; readonly detail: string };

async function answered<T>(asked: Promise<readonly [number, Thing]>, read: (body: Thing) => T | undefined): Promise<Told<T>> {
  try {
    const [status, body] = await asked;
    if (status === 200) {
      const told = read(body);
      return told === undefined ? { kind: "away" } : { kind: "done", told };
    }
    if (status === 401 || status === 403) return { kind: "refused" };
    if (status === 404) return { kind: "absent" };
    return typeof body["detail"] === "string" ? { kind: "said", detail: body["detail"] } : { kind: "away" };
  } catch {
    return { kind: "away" };
  }
}

export const casesOf = (isClosed: boolean): Promise<Told<Listed>> => answered(ask(`${BASE}?state=${isClosed ? "closed" : "open"}`), listedIn);
export const caseOf = (id: string): Promise<Told<Case>> => answered(ask(`${BASE}/${id.split("/").map(encodeURIComponent).join("/")}`), caseIn);
