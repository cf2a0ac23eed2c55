import { signal } from "@preact/signals";

import { readWanted, type Wanted, writeWanted } from "./filter";

export const VIEWS = ["now", "today", "rules", "channels"] as const;
export type View = (typeof VIEWS)[number];

const start = new URLSearchParams(location.search);

/** Which part of the page, which alert is open, and what is looked for: all of it stands in the address. */
export const view = signal<View>(VIEWS.find((one) => one === start.get("view")) ?? "now");
export const opened = signal(start.get("alert") ?? "");
export const rule = signal(start.get("rule") ?? "");
export const wanted = signal<Wanted>(readWanted(start));

/** One that came more than once today is told apart by when it fired. */
export const keyOf = (alert: { readonly id: string; readonly ended: number | undefined; readonly fired: number | undefined }): string =>
  alert.ended === undefined || alert.fired === undefined ? alert.id : `${alert.id}\n${alert.fired}`;
export function lifeOf(key: string): readonly [id: string, fired: number | undefined] {
  const [id = "", fired] = key.split("\n");
  const at = Number(fired);
  return [id, fired === undefined || !Number.isFinite(at) ? undefined : at];
}

export function keepAddress(): void {
  const query = writeWanted(wanted.value, new URLSearchParams(location.search));
  const put = (key: string, value: string) => (value === "" ? query.delete(key) : query.set(key, value));
  put("view", view.value === "now" ? "" : view.value);
  put("alert", opened.value);
  put("rule", view.value === "rules" ? rule.value : "");
  const text = query.toString();
  history.replaceState(null, "", `${location.pathname}${text === "" ? "" : `?${text}`}`);
}
