import { TileFrame } from "../board/Frame";
import type { TileProps } from "../board/registry";
import { Glyph } from "../parts/Glyph";
import { boldPieces } from "./bold";
import { useBoxSteps } from "./fit";
import { Turned } from "./Turned";
import { useTurn } from "./turning";
import { tiles } from "./words";

/** More dots than this say nothing; then figures do. */
const DOTS = 8;

/** Announcements, one at a time. */
export function TickerTile({ tile, options }: TileProps) {
  const { shown, turn, all } = useTurn(options, "announcements");
  return (
    <TileFrame tile={tile} title={tiles.t("tile.ticker")} isBare class={`t-ticker ${shown === undefined ? "nothing" : ""}`}>
      <Glyph name="horn" />
      {shown === undefined ? (
        <p class="none">{tiles.t("ticker.none")}</p>
      ) : (
        <Turned id={shown.text}>
          <Line text={shown.text} />
        </Turned>
      )}
      {all.length > 1 && (
        <p class="dots">
          <span class="vh">{tiles.t("ticker.of", { i: turn + 1, n: all.length })}</span>
          {all.length > DOTS ? <span aria-hidden="true">{`${turn + 1}/${all.length}`}</span> : all.map(({ text }, i) => <i key={text} class={i === turn ? "on" : ""} aria-hidden="true" />)}
        </p>
      )}
    </TileFrame>
  );
}

/** One line, then smaller, then two lines; and only what no two lines hold ends in an ellipsis. */
function Line({ text }: { text: string }) {
  const steps = useBoxSteps(4, text);
  return (
    <div class="line" ref={steps}>
      <p>
        <bdi>
          {boldPieces(text.replace(/\s+/g, " ")).map((piece, i) => (i % 2 ? <b key={i}>{piece}</b> : piece))}
        </bdi>
      </p>
    </div>
  );
}
