import type { BoardDocument, Names, Rotation, Theme } from "../board/model";
import { accentFor } from "../board/accent";
import { LANGUAGES, type Lang } from "../words";
import { useBench } from "./bench";
import type { Fields } from "./edits";
import { Field, NumberField, Select, WordsFields } from "./Field";
import { PictureField } from "./Media";
import { mistakeAt } from "./mistakes";
import { Pages } from "./Pages";
import { SoundFields } from "./SoundFields";
import { say } from "./words";

const THEMES: readonly Theme[] = ["dark", "light", "hc"];
const STOPS: readonly Rotation["stop_on"][] = ["breach", "source", "never"];
/** Metres and inches that the server takes. */
export const LIMITS = { distance: [0.3, 50], diagonal: [4, 500] } as const;

/** What holds for the whole board: shown while no tile is chosen. */
export function BoardFields() {
  const bench = useBench();
  const board = bench.board.value;
  const set = (fields: Fields, about = "") => void bench.act({ do: "head", fields, about });
  const wrong = (field: string) => mistakeAt(board, bench.mistakes.value, { field });
  return (
    <section class="ed-fields">
      <header>
        <h2>{say("board")}</h2>
      </header>
      <fieldset class="ed-all" disabled={!bench.mayEdit}>
        <WordsFields label={say("board.name")} value={board.name} onChange={(name) => set({ name: (name ?? {}) as Names }, "name")} wrong={wrong("name")} />
        <Pages />
        <Select label={say("board.theme")} value={board.theme} choices={THEMES.map((one) => ({ value: one, name: say(`theme.${one}`) }))} onChange={(theme) => set({ theme: theme as Theme })} wrong={wrong("theme")} />
        <Accent board={board} onChange={(accent) => set({ accent }, "accent")} />
        <Select
          label={say("board.lang")}
          value={board.lang ?? ""}
          choices={[{ value: "", name: say("board.lang.any") }, ...LANGUAGES.map(([value, name]) => ({ value, name }))]}
          onChange={(lang) => set({ lang: lang === "" ? undefined : (lang as Lang) })}
          note={say("board.lang.note")}
        />
        <PictureField label={say("board.logo")} value={board.logo ?? ""} onChange={(logo) => set({ logo })} wrong={wrong("logo")} />
        <div class="ed-two">
          <NumberField label={say("distance")} value={board.distance} min={LIMITS.distance[0]} max={LIMITS.distance[1]} step={0.5} unit={say("unit.metres")} onChange={(distance) => distance !== undefined && set({ distance }, "distance")} wrong={wrong("distance")} />
          <NumberField label={say("diagonal")} value={board.diagonal} min={LIMITS.diagonal[0]} max={LIMITS.diagonal[1]} step={1} unit={say("unit.inches")} onChange={(diagonal) => diagonal !== undefined && set({ diagonal }, "diagonal")} wrong={wrong("diagonal")} />
        </div>
        {board.pages.length > 1 && (
          <Select
            label={say("board.stop")}
            value={board.rotation?.stop_on ?? "breach"}
            choices={STOPS.map((one) => ({ value: one, name: say(`board.stop.${one}`) }))}
            onChange={(stop) => set({ rotation: { stop_on: stop as Rotation["stop_on"] } })}
          />
        )}
        <SoundFields board={board} />
      </fieldset>
    </section>
  );
}

/** A colour in place of ours; on paper it cannot be read on, a wall makes it stronger, and says so here. */
function Accent({ board, onChange }: { board: BoardDocument; onChange: (accent: string | undefined) => void }) {
  const used = board.accent === undefined ? undefined : accentFor(board.accent, board.theme)?.accent;
  const isMoved = used !== undefined && used.toLowerCase() !== board.accent?.toLowerCase();
  return (
    <Field label={say("board.accent")} note={isMoved ? say("board.accent.moved", { used }) : undefined}>
      {(id, told) => (
        <span class="ed-accent">
          <input id={id} type="color" value={board.accent ?? "#58c9f0"} aria-describedby={told} onInput={(event) => onChange(event.currentTarget.value)} />
          <span>{board.accent ?? say("board.accent.own")}</span>
          {board.accent !== undefined && (
            <button type="button" class="ed-btn" onClick={() => onChange(undefined)}>
              {say("board.accent.back")}
            </button>
          )}
        </span>
      )}
    </Field>
  );
}
