import type { TileProps } from "../board/registry";
import { scopeOf } from "../board/scope";
import { TileFrame } from "../board/Frame";
import { useWall } from "../context";
import { QueueTable } from "../parts/Queues";
import { text } from "./options";
import { tiles } from "./words";

/** One queue in one row, with its heads. */
export function Queue({ tile, options }: TileProps) {
  const wall = useWall();
  const place = scopeOf(wall, text(options, "scope"));
  if (!place.isPresent) return <TileFrame tile={tile} title={tiles.t("tile.queue")} instead={{ look: "empty", why: tiles.t("look.noPlace"), note: place.id }} />;
  return <QueueTable tile={tile} keys={[place.id]} />;
}
