import { useMemo, useRef } from "preact/hooks";

import { inReadingOrder } from "../board/layout";
import type { Told } from "../board/preview";
import { Glyph } from "../parts/Glyph";
import { useBench } from "./bench";
import { BoardFields } from "./BoardFields";
import { Findings } from "./Findings";
import { Select } from "./Field";
import { Frame } from "./Frame";
import { tileName } from "./names";
import { useElementSize } from "./size";
import { TileFields } from "./TileFields";
import { say } from "./words";

const WALL = [1920, 1080] as const;

/** On a phone a board is no place to move things about; what they say can be changed, and published. */
export function Small() {
  const bench = useBench();
  const chosen = bench.chosen.value;
  const tiles = inReadingOrder(bench.page.value.tiles);
  return (
    <main class="ed-small">
      <p class="ed-bigger">
        <Glyph name="info" />
        {say("small")}
      </p>
      <Look />
      <Select label={say("small.what")} value={chosen?.id ?? ""} choices={[{ value: "", name: say("board") }, ...tiles.map((tile) => ({ value: tile.id, name: tileName(tile) }))]} onChange={(id) => bench.act({ do: "choose", id: id || undefined })} />
      {chosen === undefined ? <BoardFields /> : <TileFields key={chosen.id} tile={chosen} />}
      <Findings />
    </main>
  );
}

/** The board in small; it is measured here too before it is published. */
function Look() {
  const bench = useBench();
  const area = useRef<HTMLDivElement>(null);
  const [room] = useElementSize(area);
  const board = bench.look.value?.board ?? bench.board.value;
  const page = bench.editing.value.page;
  const trial = bench.measuring.trial.value;
  const told = useMemo((): Told => ({ board: trial === undefined ? board : { ...board, lang: trial.lang }, page: trial?.page ?? page, scene: trial === undefined ? "live" : "names", round: trial?.round ?? 0, ...(trial === undefined ? {} : { lang: trial.lang }) }), [board, page, trial]);
  return (
    <div class="ed-look" ref={area}>
      {room > 0 && <Frame told={told} width={WALL[0]} height={WALL[1]} scale={room / WALL[0]} title={say("preview")} onAnswer={({ round, complaints }) => complaints !== undefined && bench.measuring.answer(round, complaints)} />}
    </div>
  );
}
