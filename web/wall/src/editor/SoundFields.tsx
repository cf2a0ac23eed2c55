import { useState } from "preact/hooks";

import type { BoardDocument, Sound } from "../board/model";
import { whole } from "../later";
import { sound as words } from "../sound/words";
import { lang, t } from "../words";
import { useBench } from "./bench";
import { Select } from "./Field";
import { mistakeAt } from "./mistakes";
import { PlaySign, PlusSign, TrashSign } from "./signs";
import { say } from "./words";

const LEVELS = ["breach", "warn", "source"] as const;
type Level = (typeof LEVELS)[number];
const HOWS = ["off", "tone", "speak", "both"] as const;
const SILENT: Sound = { breach: "off", warn: "off", source: "off", volume: 0.6, quiet: [] };
const MOST_QUIET = 8;
/** What is said of each when it is tried: words a wall says. */
const SAYS = { breach: "heard.longest.breach", warn: "heard.longest.warn", source: "heard.source" } as const;

/** What a wall lets be heard, each to be tried here; and when it is silent. */
export function SoundFields({ board }: { board: BoardDocument }) {
  const bench = useBench();
  const sound = board.sound ?? SILENT;
  const [told, setTold] = useState("");
  const put = (change: Partial<Sound>, about = "") => {
    const next = { ...sound, ...change };
    const isSilent = LEVELS.every((level) => next[level] === "off") && next.quiet.length === 0 && next.volume === SILENT.volume;
    bench.act({ do: "head", fields: { sound: isSilent ? undefined : next }, about });
  };
  const play = async (level: Level) => {
    const parts = await whole(() => import("../sound/player")).catch(() => undefined);
    if (parts === undefined) return setTold(t("door.away"));
    const player = new parts.Player();
    const how = sound[level];
    const tone = how === "speak" || how === "off" ? undefined : level === "breach" ? "breach" : "soft";
    const isAwake = await player.wake();
    setTold(isAwake ? "" : words.t("blocked.how"));
    if (how !== "off") await player.play(tone, how === "tone" ? "" : words.t(SAYS[level]), sound.volume, lang.peek());
  };
  return (
    <fieldset class="ed-sound">
      <legend>{say("sound")}</legend>
      {LEVELS.map((level) => (
        <div key={level} class="ed-row">
          <Select label={say(`sound.${level}`)} value={sound[level]} choices={HOWS.map((how) => ({ value: how, name: say(`sound.how.${how}`) }))} onChange={(how) => put({ [level]: how } as Partial<Sound>)} />
          <button type="button" class="ed-btn" disabled={sound[level] === "off"} aria-label={say("sound.tryOf", { what: say(`sound.${level}`) })} onClick={() => void play(level)}>
            <PlaySign />
            {say("sound.try")}
          </button>
        </div>
      ))}
      <label class="ed-range">
        <span>{say("sound.volume")}</span>
        <input type="range" min={0} max={1} step={0.05} value={sound.volume} onInput={(event) => put({ volume: Number(event.currentTarget.value) }, "volume")} />
        <b>{say("scale.plain", { n: Math.round(sound.volume * 100) })}</b>
      </label>
      <Quiet quiet={sound.quiet} onChange={(quiet) => put({ quiet }, "quiet")} wrong={mistakeAt(board, bench.mistakes.value, { field: "sound" })} />
      {told !== "" && <p role="status">{told}</p>}
    </fieldset>
  );
}

/** Spans of the day in which nothing is heard. */
function Quiet({ quiet, onChange, wrong }: { quiet: Sound["quiet"]; onChange: (quiet: Sound["quiet"]) => void; wrong: string | undefined }) {
  const change = (at: number, side: 0 | 1, time: string) => {
    if (!/^\d\d:\d\d$/.test(time)) return;
    onChange(quiet.map(([from, to], i) => (i !== at ? [from, to] : side === 0 ? [time, to] : [from, time])));
  };
  return (
    <div class="ed-quiet">
      <span>{say("sound.quiet")}</span>
      {quiet.map(([from, to], i) => (
        <div key={i} class="ed-row">
          <input type="time" value={from} aria-label={say("sound.quiet.from")} onInput={(event) => change(i, 0, event.currentTarget.value)} />
          <span aria-hidden="true">–</span>
          <input type="time" value={to} aria-label={say("sound.quiet.to")} onInput={(event) => change(i, 1, event.currentTarget.value)} />
          <button type="button" class="dk-icon" aria-label={say("sound.quiet.remove")} onClick={() => onChange(quiet.filter((_, at) => at !== i))}>
            <TrashSign />
          </button>
        </div>
      ))}
      <button type="button" class="ed-btn" disabled={quiet.length >= MOST_QUIET} onClick={() => onChange([...quiet, ["22:00", "07:00"]])}>
        <PlusSign />
        {say("sound.quiet.add")}
      </button>
      {wrong !== undefined && (
        <p class="ed-wrong" lang="en">
          {wrong}
        </p>
      )}
    </div>
  );
}
