import { TileFrame } from "../board/Frame";
import type { TileProps } from "../board/registry";
import { Glyph } from "../parts/Glyph";
import { boldPieces } from "./bold";
import { useBoxSteps } from "./fit";
import { nameAndWords } from "./notices";
import { Turned } from "./Turned";
import { useTurn } from "./turning";
import { tiles } from "./words";

/** Who is thanked, and for what: one after the other, from the tile's own notices and those on the board. */
export function ThanksTile({ tile, options }: TileProps) {
  const { shown } = useTurn(options, "thanks");
  return (
    <TileFrame tile={tile} title={tiles.t("tile.thanks")} isBare class="t-thanks" instead={shown === undefined ? { look: "empty", why: tiles.t("thanks.none") } : undefined}>
      {shown !== undefined && (
        <Turned id={shown.text}>
          <Card text={shown.text} />
        </Turned>
      )}
    </TileFrame>
  );
}

function Card({ text }: { text: string }) {
  const [name, words] = nameAndWords(boldPieces(text).join(""));
  const steps = useBoxSteps(4, text);
  return (
    <div class="card" ref={steps}>
      <p class="name">
        <Glyph name="thanks" />
        <bdi>{name}</bdi>
      </p>
      {words !== "" && <p class="words">{words}</p>}
    </div>
  );
}
