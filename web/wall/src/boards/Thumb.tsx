import { useEffect, useRef, useState } from "preact/hooks";

import { type BoardDocument, type BoardEntry, COLUMNS, ROWS } from "../board/model";
import { kindOf } from "../board/registry";
import { sampleOf } from "../editor/samples";
import { Glyph } from "../parts/Glyph";
import { boardOf } from "./requests";

/** The first page of a board as a plan of its tiles: asked for when it comes into sight, and again when the board changed. */
export function Thumb({ entry }: { entry: BoardEntry }) {
  const ref = useRef<HTMLSpanElement>(null);
  const [board, setBoard] = useState<BoardDocument>();
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    let isGone = false;
    const seen = new IntersectionObserver(([one]) => {
      if (!one?.isIntersecting) return;
      seen.disconnect();
      void boardOf(entry.id).then(
        (paper) => !isGone && setBoard(paper?.board),
        () => undefined, // a plain frame
      );
    });
    seen.observe(element);
    return () => {
      isGone = true;
      seen.disconnect();
    };
  }, [entry.id, entry.version]);
  return (
    <span ref={ref} class="bd-plan" data-theme={board?.theme ?? "dark"} style={{ gridTemplate: `repeat(${ROWS}, minmax(0, 1fr)) / repeat(${COLUMNS}, minmax(0, 1fr))` }} aria-hidden="true">
      {board?.pages[0]?.tiles.map((tile) => {
        const { id, kind, x, y, w, h } = tile;
        return (
        <i key={id} class={`p-${kind.replace(/[^\w-]/g, "")}`} style={{ gridColumn: `${x + 1} / span ${w}`, gridRow: `${y + 1} / span ${h}` }}>
          {h > 3 && (sampleOf(tile) ?? <Glyph name={kindOf(kind)?.glyph ?? "unknown"} />)}
        </i>
        );
      })}
    </span>
  );
}
