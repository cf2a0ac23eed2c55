/** What the panel asks; its written form is the server's. */
export interface Question {
  readonly metric: string;
  /** `floor`, `queue:pbx1/consult`, … */
  readonly scope: string;
  /** `today`, `interval`, `rolling:30`, … */
  readonly window: string;
}

export const WINDOWS = ["today", "interval", "rolling:5", "rolling:15", "rolling:30", "rolling:60"] as const;

/** Rows a page of contacts has, and the most that one answer holds. */
export const PAGE = 50;
export const MOST = 200;

export interface Paging {
  /** The group of contacts: miss, hit, out; absent: whatever the server shows first. */
  readonly part?: string | undefined;
  readonly after?: string | undefined;
  readonly limit?: number;
}

export function pathOf({ metric, scope, window }: Question, { part, after, limit = PAGE }: Paging = {}): string {
  const asked = new URLSearchParams({ metric, scope, window, limit: String(limit) });
  if (part !== undefined) asked.set("part", part);
  if (after !== undefined) asked.set("after", after);
  return `api/v1/explain?${asked}`;
}

export const isSame = (a: Question, b: Question): boolean => a.metric === b.metric && a.scope === b.scope && a.window === b.window;
