import { useMemo, useRef } from "preact/hooks";

import type { Told } from "../board/preview";
import { Glyph } from "../parts/Glyph";
import { lang } from "../words";
import { useBench } from "./bench";
import { LIMITS } from "./BoardFields";
import { Frame } from "./Frame";
import { kindName } from "./names";
import { capOf, DRAWN, EYE, picture, tiers, tooMany } from "./room";
import { useElementSize } from "./size";
import { say } from "./words";

const WALL = [1920, 1080] as const;
/** Where the sliders end; a number may go beyond. */
const USUAL = { distance: [2, 15], diagonal: [32, 110] } as const;

/** Where the board hangs and who must read it: that, and nobody's taste, makes the type as large as it is. */
export function Room() {
  const bench = useBench();
  const board = bench.board.value;
  return (
    <section class="ed-room" aria-label={say("room")}>
      <div class="ed-from">
        <h2>
          {say("room")} <small>{say("room.why")}</small>
        </h2>
        <Slider what="distance" />
        <Slider what="diagonal" />
        <Tiers />
        <Suggestion />
      </div>
      <Far key={board.id} />
    </section>
  );
}

function Slider({ what }: { what: "distance" | "diagonal" }) {
  const bench = useBench();
  const value = bench.board.value[what];
  const [min, max] = [Math.min(USUAL[what][0], Math.floor(value)), Math.max(USUAL[what][1], Math.ceil(value))];
  const set = (text: string) => bench.act({ do: "head", fields: { [what]: Math.min(LIMITS[what][1], Math.max(LIMITS[what][0], Number(text))) }, about: what });
  return (
    <label class="ed-range">
      <span>{say(what)}</span>
      <input type="range" min={min} max={max} step={what === "distance" ? 0.5 : 1} value={value} disabled={!bench.mayEdit} aria-valuetext={say(`${what}.value`, { n: value })} style={{ "--at": `${((value - min) / (max - min)) * 100}%` }} onInput={(event) => set(event.currentTarget.value)} />
      <b>{say(`${what}.value`, { n: value })}</b>
    </label>
  );
}

const SIZES_ON_PAGE = { far: "number", mid: "label", near: "least" } as const;

/** What each tier must measure there. */
function Tiers() {
  const bench = useBench();
  const board = bench.board.value;
  const small = bench.seen.value.filter(({ kind }) => kind === "small");
  const smallest = Math.min(...small.map(({ is }) => is ?? Number.POSITIVE_INFINITY));
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{say("tier")}</th>
          <th scope="col">{say("tier.part")}</th>
          <th scope="col">{say("tier.px")}</th>
          <th scope="col">{say("tier.cap")}</th>
          <th scope="col">{say("tier.smallest")}</th>
        </tr>
      </thead>
      <tbody>
        {tiers(board).map(({ id, part, px, mm }) => {
          const isBad = id === "near" && small.length > 0;
          const is = isBad ? smallest : px;
          return (
            <tr key={id}>
              <th scope="row">{say(`tier.${SIZES_ON_PAGE[id]}`)}</th>
              <td>1/{part}</td>
              <td>{Math.round(px)} px</td>
              <td>{Math.round(mm)} mm</td>
              <td>
                <b>
                  {Math.round(is)} px <small>{Math.round(capOf(is, board.diagonal))} mm</small>
                </b>{" "}
                <Glyph name={isBad ? "warn" : "ok"} class={isBad ? "m-warn" : ""} />
                <span class="vh">{say(isBad ? "tier.bad" : "tier.good")}</span>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** What to take away where the room is larger than the arrangement. */
function Suggestion() {
  const bench = useBench();
  const board = bench.board.value;
  const far = tiers(board)[0]?.px ?? 0;
  const gone = tooMany(bench.page.value, board);
  if (far <= DRAWN) return null;
  const names = new Intl.ListFormat(lang.value, { type: "unit" }).format(gone.map(({ kind }) => kindName(kind)));
  return (
    <p class="ed-suggest" role="status">
      <Glyph name="warn" class="m-warn" />
      {gone.length === 0 ? say("room.tight") : say("room.remove", { n: gone.length, names })}
    </p>
  );
}

/** The board as large as the room makes it look. */
function Far() {
  const bench = useBench();
  const area = useRef<HTMLDivElement>(null);
  const [roomW, roomH] = useElementSize(area);
  const board = bench.look.value?.board ?? bench.board.value;
  const { width, eye } = picture(board, Math.min(roomW, (roomH * WALL[0]) / WALL[1]));
  const trial = bench.measuring.trial.value;
  const [page, scene, spoken, theme] = [bench.editing.value.page, bench.scene.value, bench.spoken.value, bench.theme.value];
  const told = useMemo(
    (): Told => ({ board: { ...board, theme: theme ?? board.theme, lang: trial?.lang ?? spoken }, page: trial?.page ?? page, scene: trial === undefined ? scene : "names", lang: trial?.lang ?? spoken, round: trial?.round ?? 0 }),
    [board, page, scene, spoken, theme, trial],
  );
  return (
    <figure class="ed-far">
      <div ref={area}>
        {roomW > 0 && (
          <Frame
            told={told}
            width={WALL[0]}
            height={WALL[1]}
            scale={width / WALL[0]}
            title={say("far")}
            onAnswer={({ round, complaints }) => complaints !== undefined && bench.measuring.answer(round, complaints)}
          />
        )}
      </div>
      <figcaption>{say(eye === EYE ? "far.says" : "far.nearer", { eye: Math.round(eye * 100), distance: board.distance, diagonal: board.diagonal })}</figcaption>
    </figure>
  );
}
