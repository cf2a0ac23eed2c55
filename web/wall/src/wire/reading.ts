/** What came over the network, read without trust: what is not of the kind that was expected is nothing. */

export type Thing = Readonly<Record<string, unknown>>;

export const isThing = (value: unknown): value is Thing => typeof value === "object" && value !== null && !Array.isArray(value);
export const text = (value: unknown): string => (typeof value === "string" ? value : "");
export const number = (value: unknown): number | undefined => (typeof value === "number" && Number.isFinite(value) ? value : undefined);
export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
export const strings = (value: unknown): readonly string[] => list(value).filter((one) => typeof one === "string");
export const numbers = (value: unknown): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(isThing(value) ? value : {}).filter((pair): pair is [string, number] => typeof pair[1] === "number"));
export const texts = (value: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(isThing(value) ? value : {}).filter((pair): pair is [string, string] => typeof pair[1] === "string"));
