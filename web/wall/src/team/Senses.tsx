import { glyph, type GlyphName } from "../parts/Glyph";
import { useDerived } from "../parts/hooks";
import type { Cell } from "../wire/cell";
import { devicesOf, type Told } from "./facts";
import { has, say } from "./words";

const GLYPHS: ReadonlySet<string> = new Set(["phone", "desk", "seat"]);

/** What the devices say, as signs; in words where one is in doubt, and of all of them under a pointer or in focus. */
export function Senses({ agent }: { agent: Cell }) {
  const devices = useDerived(() => devicesOf(agent), [agent]).value;
  if (devices.length === 0) return null;
  return (
    <span class="tg-senses">
      {devices.map((told) => (
        <span key={told.sense} class={`${told.isDoubted ? "no" : ""} ${told.isStale ? "old" : ""}`}>
          {GLYPHS.has(told.sense) && glyph(told.sense as GlyphName)}
          <em>{brief(told)}</em>
        </span>
      ))}
    </span>
  );
}

/** In a word or two; what we have no word for as it came. */
export function brief({ says, isStale, fault }: Told): string {
  if (isStale) return say("sense.lost");
  if (fault !== "") return say("sense.fault");
  return has(`sense.${says}`) ? say(`sense.${says}` as "sense.idle") : says;
}
