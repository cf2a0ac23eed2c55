import type { Json } from "../wire/messages";
import { tiles } from "./words";

/** What a number is called on a tile, at length or in short; its id where this release has no word for it. */
export function metricWord(id: string, form: "" | "short" = ""): string {
  const found = [`metric.${form}.${id}`, `metric.${id}`].find((key) => tiles.has(key));
  return found === undefined ? id : tiles.t(found as never);
}

/** An option that is one of a few, else the first of them. */
export const oneOf = <T extends string>(value: Json | undefined, among: readonly T[]): T => among.find((one) => one === value) ?? (among[0] as T);

export const numberIn = (value: Json | undefined, usual: number, min: number, max: number): number => (typeof value === "number" && Number.isFinite(value) ? Math.min(max, Math.max(min, value)) : usual);
