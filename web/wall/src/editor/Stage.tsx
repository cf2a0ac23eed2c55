import { useMemo, useRef } from "preact/hooks";

import type { Theme } from "../board/model";
import type { Told } from "../board/preview";
import { useElementSize } from "./size";
import { LANGUAGES } from "../words";
import { SIZES, useBench } from "./bench";
import { Frame } from "./Frame";
import { Overlay } from "./Overlay";
import { Segments } from "./Segments";
import { say } from "./words";

const SHOWN = ["live", "stale", "busy", "empty"] as const;
const THEMES: readonly Theme[] = ["dark", "light", "hc"];

/** The board as a wall would show it now, in the middle of the page. */
export function Stage() {
  const bench = useBench();
  const area = useRef<HTMLDivElement>(null);
  const [roomW, roomH] = useElementSize(area);
  const [width, height] = bench.size.value;
  const scale = roomW === 0 ? 0 : Math.min(roomW / width, roomH / height, 1);
  const looked = bench.look.value;
  const board = looked?.board ?? bench.board.value;
  const [page, scene, spoken, theme] = [bench.editing.value.page, bench.scene.value, bench.spoken.value, bench.theme.value];
  const told = useMemo((): Told => ({ board: { ...board, theme: theme ?? board.theme, lang: spoken }, page, scene, lang: spoken, round: 0 }), [board, page, scene, spoken, theme]);
  return (
    <section class="ed-stage" aria-label={say("stage")}>
      <div class="ed-tools">
        <Segments label={say("scene")} value={scene} choices={SHOWN.map((one) => [one, say(`scene.${one}`)])} onChoose={(one) => (bench.scene.value = one)} />
        <Segments label={say("spoken")} value={spoken} choices={LANGUAGES} onChoose={(one) => (bench.spoken.value = one)} areTongues />
        <Segments label={say("theme")} value={theme ?? board.theme} choices={THEMES.map((one) => [one, say(`theme.${one}`)])} onChoose={(one) => (bench.theme.value = one === board.theme ? undefined : one)} />
        <label class="ed-size">
          <span class="vh">{say("size")}</span>
          <span class="dk-choice">
            <select value={String(SIZES.indexOf(bench.size.value))} onChange={(event) => (bench.size.value = SIZES[Number(event.currentTarget.value)] ?? SIZES[0])}>
              {SIZES.map(([w, h], i) => (
                <option key={i} value={i}>
                  {w} × {h}
                </option>
              ))}
            </select>
          </span>
          <span class="muted">{scale > 0 && say("scale", { n: Math.round(scale * 100) })}</span>
        </label>
      </div>
      <div class="ed-area" ref={area}>
        {scale > 0 && (
          <div class="ed-canvas" style={{ width: `${width * scale}px`, height: `${height * scale}px` }} data-scene={scene}>
            <Frame
              told={told}
              width={width}
              height={height}
              scale={scale}
              title={say("preview")}
              onAnswer={({ boxes, lattice, complaints }) => {
                bench.drawn.value = { boxes, lattice };
                if (complaints !== undefined) bench.seen.value = complaints;
              }}
            />
            {looked === undefined && <Overlay scale={scale} />}
            {scene !== "live" && <p class="ed-ribbon">{say("example")}</p>}
          </div>
        )}
      </div>
    </section>
  );
}
