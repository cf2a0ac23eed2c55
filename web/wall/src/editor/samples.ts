import type { Tile } from "../board/model";
import { type MetricKind, metricOf } from "../board/metrics";
import { optionsOf } from "../board/registry";
import { text } from "../tiles/options";

/** What a tile of numbers looks like, in place of a drawing. */
export const SAMPLES: Readonly<Record<string, string>> = { hero: "81%", totals: "6/44", waiting: "0:48", load: "4/5" };

const NUMBERS: Readonly<Record<MetricKind, string>> = { percent: "81%", count: "3", span: "3:48", since: "0:48", people: "6/44", number: "−2" };

/** The same for a tile on a board, by the number it shows. */
export function sampleOf(tile: Tile): string | undefined {
  const metric = tile.kind === "hero" ? metricOf(text(optionsOf(tile), "metric")) : undefined;
  return metric === undefined ? SAMPLES[tile.kind] : NUMBERS[metric.kind];
}
