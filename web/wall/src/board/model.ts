import type { Lang } from "../words";
import type { Json } from "../wire/messages";

/** Words in the languages somebody wrote them in. */
export type Names = Readonly<Partial<Record<Lang, string>>>;

/** A wall is 16 columns by 24 rows; rows 0 and 1 are usually the header's. */
export const COLUMNS = 16;
export const ROWS = 24;

export type Theme = "dark" | "light" | "hc";

/** One board, as `GET /api/v1/boards/{id}` gives it; docs/boards.md has each field. The server has checked its structure. */
export interface BoardDocument {
  readonly format: 1;
  /** `[a-z0-9][a-z0-9-]{0,39}` */
  readonly id: string;
  readonly name: Names;
  readonly theme: Theme;
  /** `#rrggbb` in place of the house's accent. */
  readonly accent?: string;
  /** A picture's id, shown in the header in place of nothing. */
  readonly logo?: string;
  /** The language of a screen that nobody chose one for. */
  readonly lang?: Lang;
  /** Metres to the farthest reader, and inches across: they give the sizes of type. */
  readonly distance: number;
  readonly diagonal: number;
  readonly pages: readonly Page[];
  readonly rotation?: Rotation;
  readonly sound?: Sound;
}

export interface Page {
  readonly name?: Names;
  /** Seconds this page stays, where there are several. */
  readonly dwell: number;
  readonly tiles: readonly Tile[];
}

/** What stops the rotation, on which the page that shows it stays. */
export interface Rotation {
  readonly stop_on: "breach" | "source" | "never";
}

export interface Sound {
  readonly breach: "off" | "tone" | "speak" | "both";
  readonly warn: "off" | "tone" | "speak" | "both";
  readonly source: "off" | "tone" | "speak" | "both";
  /** 0 to 1. */
  readonly volume: number;
  /** `[["22:00", "07:00"]]`, the floor's local time; may go over midnight. */
  readonly quiet: readonly (readonly [from: string, to: string])[];
}

/** In cells from the upper left corner; no two of a page overlap. */
export interface Tile {
  readonly id: string;
  readonly kind: string;
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  readonly options: Options;
}
export type Options = Readonly<Record<string, Json>>;

/** A board in the list. `version` counts from 1; a preset that nobody changed has 0. */
export interface BoardEntry {
  readonly id: string;
  readonly name: Names;
  readonly version: number;
  readonly preset: boolean;
  readonly changed_at?: number;
  readonly changed_by?: string;
}
