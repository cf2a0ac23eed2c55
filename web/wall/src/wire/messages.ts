/** The messages of the live socket, as web/README.md describes them, and how they are read. */

export type Scalar = string | number | boolean;
export type Json = Scalar | null | readonly Json[] | { readonly [key: string]: Json };
export type Path = readonly string[];
export type ByeReason = "replaced" | "stopping" | "slow" | "refused";

export interface Snapshot {
  readonly type: "snapshot";
  readonly version: string;
  readonly seq: number;
  readonly now: number;
  readonly rate: number;
  readonly board: Json;
}
export interface Patch {
  readonly type: "patch";
  readonly base: number;
  readonly seq: number;
  readonly now: number;
  readonly set: readonly (readonly [Path, Json])[];
  readonly del: readonly Path[];
}
export interface Pulse {
  readonly type: "pulse";
  readonly seq: number;
  readonly now: number;
  readonly rate: number;
  readonly heard: Readonly<Record<string, number>>;
  readonly boards?: number;
}
export interface Bye {
  readonly type: "bye";
  readonly reason: ByeReason | string;
}
export type Message = Snapshot | Patch | Pulse | Bye;

/** The message in one text frame; `undefined` when it is none we know (a newer server may say more than we do). */
export function read(frame: string): Message | undefined {
  let json: unknown;
  try {
    json = JSON.parse(frame);
  } catch {
    return undefined;
  }
  if (!isObject(json)) return undefined;
  switch (json.type) {
    case "snapshot":
      return isNumber(json.seq) && isNumber(json.now) && isObject(json.board)
        ? ({ version: "", rate: 1, ...json } as unknown as Snapshot)
        : undefined;
    case "patch":
      return isNumber(json.base) && isNumber(json.seq) && isNumber(json.now) && areChanges(json.set, json.del)
        ? ({ set: [], del: [], ...json } as unknown as Patch)
        : undefined;
    case "pulse":
      return isNumber(json.seq) && isNumber(json.now)
        ? ({ rate: 1, ...json, heard: isObject(json.heard) ? json.heard : {} } as unknown as Pulse)
        : undefined;
    case "bye":
      return { type: "bye", reason: typeof json.reason === "string" ? json.reason : "" };
    default:
      return undefined;
  }
}

function areChanges(set: unknown, del: unknown): boolean {
  const pairs = set ?? [];
  const gone = del ?? [];
  return (
    Array.isArray(pairs) &&
    pairs.every((pair) => Array.isArray(pair) && pair.length === 2 && isPath(pair[0])) &&
    Array.isArray(gone) &&
    gone.every(isPath)
  );
}

const isPath = (path: unknown): path is Path =>
  Array.isArray(path) && path.length > 0 && path.every((key) => typeof key === "string");

const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
