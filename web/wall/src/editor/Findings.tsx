import type { BoardDocument } from "../board/model";
import { Glyph } from "../parts/Glyph";
import { LANGUAGES, lang } from "../words";
import { type Bench, useBench } from "./bench";
import type { Finding } from "./checks";
import type { Complaint } from "./lint";
import { spotOf } from "./mistakes";
import { kindName, tileName } from "./names";
import { type EditorKey, say } from "./words";

/** A line of the check: what it is about and what to do. */
export interface Line {
  readonly key: string;
  readonly about: string;
  readonly words: string;
  readonly page: number | undefined;
  readonly tile: string | undefined;
  /** What the server will not take. */
  readonly isError: boolean;
}

function aboutOf(board: BoardDocument, page: number | undefined, tile: string | undefined): string {
  if (page === undefined) return say("board");
  const found = board.pages[page]?.tiles.find(({ id }) => id === tile);
  const name = found === undefined ? say("page", { n: page + 1 }) : tileName(found);
  return found !== undefined && board.pages.length > 1 ? `${name} · ${say("page", { n: page + 1 })}` : name;
}

function ofRule(board: BoardDocument, { key, values, page, tile, kinds }: Finding): Line {
  const names = new Intl.ListFormat(lang.value, { type: "unit" }).format((kinds ?? []).map(kindName));
  return { key: `${key} ${page} ${tile}`, about: aboutOf(board, page, tile), words: say(`finding.${key}` as EditorKey, { ...values, names }), page, tile, isError: false };
}

function ofMeasure(board: BoardDocument, one: Complaint, page: number, spoken: string): Line {
  const tongue = LANGUAGES.find(([code]) => code === spoken)?.[1] ?? spoken;
  const words = say(`finding.seen.${one.kind}`, { words: one.words, is: one.is ?? 0, least: one.least ?? 0 });
  return { key: `${one.kind} ${page} ${one.tile}`, about: aboutOf(board, page, one.tile), words: `${words} (${tongue})`, page, tile: one.tile, isError: false };
}

/** All that is known now: the server's mistakes, the rules, what was measured in all languages or else is seen in this one. */
export function lines(bench: Bench): readonly Line[] {
  const board = bench.board.value;
  const wrong = bench.mistakes.value.map((mistake, i): Line => {
    const { page, tile, field } = spotOf(board, mistake);
    return { key: `wrong ${i}`, about: `${aboutOf(board, page, tile)}${field === "" ? "" : `: ${field}`}`, words: mistake.what, page, tile, isError: true };
  });
  const measured = bench.measuring.found.value?.map((one) => ofMeasure(board, one, one.page, one.lang));
  const seen = bench.scene.value === "live" && bench.size.value[0] > 900 && bench.look.value === undefined ? bench.seen.value.map((one) => ofMeasure(board, one, bench.editing.value.page, bench.spoken.value)) : [];
  const all = [...wrong, ...bench.ruled.value.map((finding) => ofRule(board, finding)), ...(measured ?? seen)];
  return all.filter((line, i) => all.findIndex(({ key }) => key === line.key) === i);
}

export function FindingList({ all, onGo }: { all: readonly Line[]; onGo?: () => void }) {
  const bench = useBench();
  const go = ({ page, tile }: Line) => {
    onGo?.();
    if (page !== undefined) bench.act({ do: "turn", page });
    bench.act({ do: "choose", id: tile });
  };
  return (
    <ul class="ed-check">
      {all.map((line) => (
        <li key={line.key}>
          <button type="button" onClick={() => go(line)}>
            <Glyph name={line.isError ? "lost" : "warn"} class={line.isError ? "" : "m-warn"} />
            <span>
              <b>
                <bdi>{line.about}</bdi>
              </b>
              <span lang={line.isError ? "en" : undefined}>{line.words}</span>
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

const CLEAN = ["size", "cut", "names"] as const;

/** What would be asked before publishing, all the time. */
export function Findings() {
  const bench = useBench();
  const all = lines(bench);
  const trial = bench.measuring.trial.value;
  const isChecked = bench.measuring.found.value !== undefined;
  const isClean = (about: (typeof CLEAN)[number]) => {
    const kinds = { size: /^(small|caption|least|far) /, cut: /^(cut|over|off) /, names: /^names / }[about];
    return !all.some(({ key }) => kinds.test(key));
  };
  return (
    <section class="ed-findings" aria-label={say("check")}>
      <header>
        <h2>{say("check")}</h2>
        <button type="button" class="ed-btn" disabled={trial !== undefined} onClick={() => void bench.measuring.run()}>
          {trial === undefined ? say("check.run") : say("check.running", { lang: LANGUAGES.find(([code]) => code === trial.lang)?.[1] ?? "" })}
        </button>
      </header>
      <FindingList all={all} />
      <ul class="ed-clean">
        {CLEAN.filter(isClean).map((about) => (
          <li key={about}>
            <Glyph name="ok" />
            {say(about === "cut" && !isChecked ? "clean.cutHere" : `clean.${about}`, { distance: bench.board.value.distance })}
          </li>
        ))}
      </ul>
    </section>
  );
}
