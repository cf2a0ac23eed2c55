import { useWall } from "../context";
import { useDerived } from "../parts/hooks";
import { tiles } from "../tiles/words";
import { lang } from "../words";
import { inReadingOrder } from "./layout";
import type { Page } from "./model";
import { kindOf, optionsOf } from "./registry";

/** The board in words, first thing on the page for who hears it: "Service level, 81 percent, target 80, on target". */
export function Summary({ page }: { page: Page }) {
  const wall = useWall();
  const said = useDerived(
    () => (wall.board.isPresent ? inReadingOrder(page.tiles).flatMap((tile) => kindOf(tile.kind)?.says?.(wall, optionsOf(tile)) ?? []) : []),
    [page],
  );
  // Sentences about what lasts change each second: whoever listens gets those of the half minute.
  const when = useDerived(() => Math.floor((wall.second.value ?? 0) / 30), []);
  const shown = useDerived(() => (when.value, lang.value, said.peek()), [said]);
  return (
    <ul class="vh summary" aria-label={tiles.t("look.summary")}>
      {shown.value.map((sentence, i) => (
        <li key={i}>{sentence}</li>
      ))}
    </ul>
  );
}
