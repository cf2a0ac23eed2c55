import type { ComponentType } from "preact";

import type { GlyphName } from "../parts/Glyph";
import type { Wall } from "../wall";
import type { Options, Tile } from "./model";

/** What somebody may set on a tile; the editor makes a field of it. Labels are `option.<key>`, of a choice `choice.<key>.<value>`. */
export type Option =
  | { readonly key: string; readonly type: "metric"; readonly default: string; readonly among?: readonly string[] }
  /** `floor`, or a place: `queue:ID`, `line:ID`, `team:ID`, `site:ID`; `among` names the kinds that make sense. */
  | { readonly key: string; readonly type: "scope"; readonly default: string; readonly among: readonly ScopeKind[] }
  /** `today`, `interval`, or minutes: `5 15 30 60`. */
  | { readonly key: string; readonly type: "window"; readonly default: string }
  | { readonly key: string; readonly type: "choice"; readonly default: string; readonly among: readonly string[] }
  | { readonly key: string; readonly type: "number"; readonly default: number | undefined; readonly min: number; readonly max: number; readonly step: number; readonly unit?: "percent" | "seconds" | "people" }
  | { readonly key: string; readonly type: "flag"; readonly default: boolean }
  /** Words in up to three languages: `{lang: text}`. */
  | { readonly key: string; readonly type: "words"; readonly long?: boolean }
  /** Several of them, each `{text: {lang: text}, from?, until?}` with local `YYYY-MM-DDTHH:MM`. */
  | { readonly key: string; readonly type: "notices"; readonly most: number }
  /** An https address whose host the configuration allows, or a picture's id, or a floor plan's. */
  | { readonly key: string; readonly type: "address" | "picture" | "plan" };
export type ScopeKind = "floor" | "queue" | "line" | "team" | "site";

export interface TileProps {
  readonly tile: Tile;
  /** The tile's own options over the defaults of its kind. */
  readonly options: Options;
}

export interface TileKind {
  readonly kind: string;
  /** The shelf of the editor it lies on. Its name is `tile.<kind>` of the tiles' catalogue. */
  readonly shelf: "numbers" | "queues" | "people" | "floor" | "words" | "data";
  readonly glyph: GlyphName;
  /** Cells: what it gets when it is put on a board, and the least in which it can be read at 8 m on 55 inches. */
  readonly size: readonly [w: number, h: number];
  readonly least: readonly [w: number, h: number];
  readonly options: readonly Option[];
  /** Height in rem where the board is one column (a phone, 200 %); `content` where it is as high as what is in it. */
  readonly stacked: number | "content";
  /** The default of a wall that agents see: never names people in trouble. */
  readonly namesPeople?: boolean;
  /** While something is wrong it leaves, and its cells stay calm: no cheering during trouble. */
  readonly cheers?: boolean;
  /** Shows something without the floor's numbers, so it need not wait for them. */
  readonly needsNothing?: boolean;
  /** Whether it shows an alarm now: a breach stops a rotation on its page. Read inside a computed signal. */
  readonly alarms?: (wall: Wall, options: Options) => boolean;
  /** What it shows, in a sentence or several for who hears the page. */
  readonly says?: (wall: Wall, options: Options) => readonly string[];
  readonly component: ComponentType<TileProps> | (() => Promise<ComponentType<TileProps>>);
  readonly isLazy?: boolean;
}

const KINDS = new Map<string, TileKind>();

export function register(...kinds: readonly TileKind[]): void {
  for (const kind of kinds) KINDS.set(kind.kind, kind);
}

/** `undefined`: this release knows no such tile; it is drawn as an error that says so. */
export const kindOf = (kind: string): TileKind | undefined => KINDS.get(kind);
export const kinds = (): readonly TileKind[] => [...KINDS.values()];

/** The tile's options over the defaults of its kind. */
export function optionsOf(tile: Tile): Options {
  const defaults = (kindOf(tile.kind)?.options ?? []).flatMap((option) => ("default" in option && option.default !== undefined ? [[option.key, option.default] as const] : []));
  return { ...Object.fromEntries(defaults), ...tile.options };
}
