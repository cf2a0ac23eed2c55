import { TileFrame } from "../board/Frame";
import type { TileProps } from "../board/registry";
import { lang } from "../words";
import { linesOf } from "./bold";
import { useBoxSteps } from "./fit";
import { wordsIn } from "./notices";
import { tiles } from "./words";

/** A headline and lines, as big as the tile allows; never markup. */
export function TextTile({ tile, options }: TileProps) {
  const headline = wordsIn(options["headline"], lang.value);
  const body = wordsIn(options["body"], lang.value);
  const steps = useBoxSteps(5, `${headline}\n${body}`);
  return (
    <TileFrame tile={tile} title={headline || tiles.t("tile.text")} isBare class="t-text" instead={headline + body === "" ? { look: "empty", why: tiles.t("text.none") } : undefined}>
      <div class="words" ref={steps}>
        {headline !== "" && <p class="headline">{headline}</p>}
        {body !== "" && (
          <div class="body">
            {linesOf(body).map((pieces, i) => (
              <p key={i}>{pieces.map((piece, k) => (k % 2 ? <b key={k}>{piece}</b> : piece))}</p>
            ))}
          </div>
        )}
      </div>
    </TileFrame>
  );
}

export const sayText = (headline: string, body: string): readonly string[] => [headline, ...linesOf(body).map((pieces) => pieces.join(""))].filter((line) => line !== "");
