import type { Options, Tile } from "../board/model";
import { metricOf } from "../board/metrics";
import { optionsOf, type ScopeKind } from "../board/registry";
import { inOrder, split } from "../board/scope";
import { nameOf, siteName } from "../names";
import { text, words } from "../tiles/options";
import { type TileKey, tiles } from "../tiles/words";
import type { Wall } from "../wall";
import { lang } from "../words";
import { say } from "./words";

/** A word of the tiles' catalogue, or what stands for it where a newer release has more. */
export const tileWord = (key: string, otherwise: string): string => (tiles.has(key) ? tiles.t(key as TileKey) : otherwise);

export const kindName = (kind: string): string => tileWord(`tile.${kind}`, kind);
export const metricName = (id: string): string => tileWord(`metric.${id}`, id);

/** What a tile is called beside others: its own title, its number's name, or its kind's. */
export function tileName(tile: Tile): string {
  const options = optionsOf(tile);
  const own = words(options, "title", lang.value) || words(options, "headline", lang.value);
  if (own !== "") return own;
  const metric = text(options, "metric");
  return tile.kind === "hero" && metric !== "" ? metricName(metric) : kindName(tile.kind);
}

const BRANCH = { queue: "queues", line: "lines", team: "teams", site: "sites" } as const;

/** The places that a tile may be about, as they are on the floor now. */
export function places(wall: Wall, kind: ScopeKind): readonly (readonly [scope: string, name: string])[] {
  if (kind === "floor") return [["floor", say("scope.floor", { site: siteName(wall.board) })]];
  const branch = wall.board.at(BRANCH[kind]);
  const all = inOrder(branch).map((id) => [`${kind}:${id}`, nameOf(branch.at(id), id)] as const);
  return all.length === 0 ? [] : [[`${kind}:`, say(kind === "queue" ? "scope.busiest" : "scope.first")], ...all];
}

/** Whether the floor has the place that a tile is about. */
export function isThere(wall: Wall, scope: string): boolean {
  const [kind, id] = split(scope);
  return kind === "floor" || id === "" || wall.board.at(BRANCH[kind], id).isPresent;
}

/** What a number of a tile is counted in; a target has the unit of its metric. */
export function unitOf(key: string, unit: string | undefined, options: Options): string {
  if (unit !== undefined) return say(`unit.${unit}` as "unit.percent");
  if (key !== "target") return "";
  const kind = metricOf(text(options, "metric"))?.kind;
  if (kind === "percent") return say("unit.percent");
  if (kind === "span" || kind === "since") return say("unit.seconds");
  return kind === "people" ? say("unit.people") : "";
}
