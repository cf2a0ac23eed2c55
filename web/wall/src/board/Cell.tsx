import { Component, type ComponentChildren, type ComponentType } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";

import { whole } from "../later";
import { tiles } from "../tiles/words";
import { Broken } from "./Frame";
import type { Tile } from "./model";
import { kindOf, optionsOf, type TileKind, type TileProps } from "./registry";

/** One tile by its kind. Whatever is wrong with it stays inside it. */
export function TileContent({ tile }: { tile: Tile }) {
  const kind = kindOf(tile.kind);
  const options = useMemo(() => optionsOf(tile), [tile]);
  if (kind === undefined) return <Broken tile={tile} why={tiles.t("look.unknownKind", { kind: tile.kind.slice(0, 40) })} />;
  return (
    <Guard tile={tile} key={JSON.stringify(tile.options)}>
      {kind.isLazy ? <Later kind={kind} tile={tile} options={options} /> : <Now kind={kind} tile={tile} options={options} />}
    </Guard>
  );
}

function Now({ kind, ...props }: TileProps & { kind: TileKind }) {
  const Tile = kind.component as ComponentType<TileProps>;
  return <Tile {...props} />;
}

/** A tile whose code comes when a board has it; a code that does not come is asked for again. */
function Later({ kind, ...props }: TileProps & { kind: TileKind }) {
  const [Loaded, setLoaded] = useState<ComponentType<TileProps>>();
  const [tries, setTries] = useState(0);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isGone = false;
    whole(kind.component as () => Promise<ComponentType<TileProps>>).then(
      (component) => isGone || setLoaded(() => component),
      () => (timer = setTimeout(() => setTries(tries + 1), 5000)),
    );
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
  }, [kind, tries]);
  if (Loaded !== undefined) return <Loaded {...props} />;
  return tries === 0 ? <section class="tile frame is-loading" data-tile={props.tile.id} /> : <Broken tile={props.tile} why={tiles.t("look.noCode")} />;
}

/** Catches what a tile throws: it shows the error look and everything beside it goes on. */
class Guard extends Component<{ tile: Tile; children: ComponentChildren }, { failed: boolean }> {
  override state = { failed: false };
  static override getDerivedStateFromError = () => ({ failed: true });
  override componentDidCatch(error: unknown): void {
    console.error(`tile ${this.props.tile.id} (${this.props.tile.kind}):`, error);
  }
  override render() {
    return this.state.failed ? <Broken tile={this.props.tile} why={tiles.t("look.threw")} /> : this.props.children;
  }
}
