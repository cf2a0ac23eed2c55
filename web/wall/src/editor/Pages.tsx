import type { Page } from "../board/model";
import { lang } from "../words";
import { useBench } from "./bench";
import { DWELL, MOST_PAGES } from "./edits";
import { NumberField, type Said, WordsFields } from "./Field";
import { DownSign, PlusSign, TrashSign, UpSign } from "./signs";
import { many, say } from "./words";

export const pageName = (page: Page, at: number): string => page.name?.[lang.value] ?? Object.values(page.name ?? {}).find((name) => name !== "") ?? say("page", { n: at + 1 });

/** The pages of a board in the order they are shown, and for how long each. */
export function Pages() {
  const bench = useBench();
  const { pages } = bench.board.value;
  const at = bench.editing.value.page;
  const page = pages[at];
  if (page === undefined) return null;
  const isAlone = pages.length < 2;
  return (
    <fieldset class="ed-pages">
      <legend>{say("pages")}</legend>
      <ol>
        {pages.map((one, i) => (
          <li key={i}>
            <button type="button" aria-pressed={i === at} onClick={() => bench.act({ do: "turn", page: i })}>
              <bdi>{pageName(one, i)}</bdi>
              <small>{many("page.tiles", one.tiles.length)}</small>
            </button>
          </li>
        ))}
      </ol>
      <div class="ed-row">
        <button type="button" class="ed-btn" disabled={pages.length >= MOST_PAGES} onClick={() => bench.act({ do: "addPage" })}>
          <PlusSign />
          {say("page.add")}
        </button>
        <span class="sp" />
        <button type="button" class="dk-icon" disabled={at === 0} aria-label={say("page.up")} onClick={() => bench.act({ do: "movePage", from: at, to: at - 1 })}>
          <UpSign />
        </button>
        <button type="button" class="dk-icon" disabled={at === pages.length - 1} aria-label={say("page.down")} onClick={() => bench.act({ do: "movePage", from: at, to: at + 1 })}>
          <DownSign />
        </button>
        <button type="button" class="dk-icon" disabled={isAlone} aria-label={say("page.remove")} onClick={() => bench.act({ do: "removePage", at })}>
          <TrashSign />
        </button>
      </div>
      {!isAlone && (
        <>
          <WordsFields label={say("page.name")} value={(page.name ?? {}) as Said} placeholder={say("page", { n: at + 1 })} onChange={(name) => bench.act({ do: "page", at, name: name ?? {} })} />
          <NumberField label={say("page.dwell")} value={page.dwell} min={DWELL.least} max={DWELL.most} step={1} unit={say("unit.seconds")} onChange={(dwell) => dwell !== undefined && bench.act({ do: "page", at, dwell })} />
        </>
      )}
    </fieldset>
  );
}
