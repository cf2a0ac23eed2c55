import type { Tree } from "../explain/looking";
import type { Json } from "../wire/messages";

/** One who waits, as `GET /api/v1/contacts?outcome=open` tells. */
export interface Waiting {
  readonly id: string;
  /** Masked unless the role may see it; empty where nobody knows it. */
  readonly caller: string;
  readonly queued: number;
  /** Whose phone rings for them now. */
  readonly agent: string;
}

const isTree = (value: Json | undefined): value is Tree => typeof value === "object" && value !== null && !Array.isArray(value);
const text = (value: Json | undefined): string => (typeof value === "string" ? value : "");

/** Who waits longest first. */
export function read(answer: Tree | undefined): readonly Waiting[] {
  const told = answer?.["contacts"];
  if (!Array.isArray(told)) return [];
  return told
    .filter(isTree)
    .flatMap((one) => {
      const queued = one["queued"];
      // Whoever was answered is on record as open for as long as they talk, and waits no more.
      if (typeof queued !== "number" || typeof one["answered"] === "number") return [];
      return [{ id: text(one["id"]), caller: text(one["caller"]), queued, agent: text(one["agent_name"]) || text(one["agent"]) }];
    })
    .sort((a, b) => a.queued - b.queued);
}

/** Whether the server keeps digits from this viewer. */
export const isMasked = (all: readonly Waiting[]): boolean => all.some(({ caller }) => caller.includes("*"));
