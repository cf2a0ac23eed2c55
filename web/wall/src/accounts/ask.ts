import { address } from "../wire/socket";

/** Longer than a password takes to be checked when many sign in at once. */
const PATIENCE = 15_000;

export type Thing = Readonly<Record<string, unknown>>;
export const isThing = (value: unknown): value is Thing => typeof value === "object" && value !== null && !Array.isArray(value);
export const text = (value: unknown): string => (typeof value === "string" ? value : "");
export const number = (value: unknown): number => (typeof value === "number" ? value : 0);
export const strings = (value: unknown): readonly string[] | undefined => (Array.isArray(value) ? value.filter((one) => typeof one === "string") : undefined);

/** What the server said. `status` 0: nobody answered. `code`: which objection it is; `wait`: seconds until another try. */
export interface Told {
  readonly isDone: boolean;
  readonly status: number;
  readonly body: Thing;
  readonly code: string;
  readonly detail: string;
  readonly wait: number;
}

export async function ask(path: string, method = "GET", body?: unknown): Promise<Told> {
  try {
    const answer = await fetch(address(path), {
      method,
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE),
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    });
    const said: unknown = /\bjson\b/.test(answer.headers.get("content-type") ?? "") ? await answer.json() : {};
    const told = isThing(said) ? said : {};
    return {
      isDone: answer.ok,
      status: answer.status,
      body: told,
      code: text(told["code"]),
      detail: text(told["detail"]),
      wait: Number(answer.headers.get("retry-after") ?? "0"),
    };
  } catch {
    return { isDone: false, status: 0, body: {}, code: "", detail: "", wait: 0 };
  }
}
