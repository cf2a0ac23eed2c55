import { useState } from "preact/hooks";

import { TileFrame } from "../board/Frame";
import type { TileProps } from "../board/registry";
import { lang } from "../words";
import { wordsIn } from "./notices";
import { text } from "./options";
import { oneOf } from "./reading";
import { tiles } from "./words";

export const FITS = ["contain", "cover"] as const;
/** A picture's id, as the server gives them. */
const ID = /^[a-z0-9][a-z0-9-]{0,39}$/;

/** One of the house's own pictures. */
export function PictureTile({ tile, options }: TileProps) {
  const id = text(options, "picture");
  // A picture that failed is asked for again when the board is drawn anew.
  const [state, setState] = useState<"loading" | "shown" | "failed">("loading");
  const alt = wordsIn(options["alt"], lang.value);
  const isNone = !ID.test(id);
  const instead = isNone
    ? ({ look: "empty", why: tiles.t("picture.none") } as const)
    : state === "failed"
      ? ({ look: "error", why: tiles.t("picture.failed"), note: tiles.t("picture.failedNext") } as const)
      : undefined;
  return (
    <TileFrame tile={tile} title={alt || tiles.t("tile.picture")} isBare class={`t-picture ${oneOf(options["fit"], FITS)}`} instead={instead}>
      {state === "loading" && (
        <p class="coming" role="status">
          {tiles.t("picture.loading")}
        </p>
      )}
      <img key={id} src={`api/v1/pictures/${id}`} alt={alt} draggable={false} onLoad={() => setState("shown")} onError={() => setState("failed")} />
    </TileFrame>
  );
}
