import { LoadingHead } from "../parts/Loading";
import type { Tile } from "./model";

/** A tile before the first number: still blocks in its shape, no shimmer. */
export function Waits({ tile }: { tile: Tile }) {
  if (tile.kind === "header") return <LoadingHead />;
  if (tile.kind === "hero" || tile.kind === "load")
    return (
      <section class="hero tile is-loading" data-tile={tile.id}>
        <i class="block" />
        <i class="block big" />
        <i class="block" />
      </section>
    );
  return (
    <section class="tile frame is-loading" data-tile={tile.id}>
      {Array.from({ length: Math.min(6, Math.max(1, Math.floor(tile.h / 2))) }, (_, i) => (
        <i key={i} class="block" />
      ))}
    </section>
  );
}
