import { useWall } from "../context";
import { exactSpan } from "../format/duration";
import { date, minute } from "../format/moment";
import { Glyph } from "../parts/Glyph";
import { useDerived } from "../parts/hooks";
import { lang } from "../words";
import { figures, LEVELS, type Timer } from "./facts";
import { say, wordOf } from "./words";

/** `11月24日 周二 18:00`, by the floor's own clock. */
export const when = (instant: number, zone: string): string => `${date(instant, zone, lang.value)} ${minute(instant, zone)}`;

/** `2 d 5 h`, `5 h 12 min`, `42:10`. */
export function span(seconds: number): string {
  const { unit, d, h, m } = figures(seconds);
  return unit === "clock" ? exactSpan(Math.floor(Math.abs(seconds))) : say(`span.${unit}`, { d, h, m });
}

/** As many bars as the level is high: a level says who must know, and is no colour. */
export function Level({ level, isShort = false }: { level: number; isShort?: boolean }) {
  return (
    <span class="cs-level" data-level={level}>
      <span class="bars" aria-hidden="true">
        {LEVELS.map((one) => (
          <i key={one} class={one <= level ? "on" : ""} />
        ))}
      </span>
      {wordOf(isShort ? "level.short" : "level", level)}
    </span>
  );
}

/** What is left until an instant, by the second; `timer` says of a now how it stands. */
export function Left({ timer }: { timer: (now: number) => Timer }) {
  const wall = useWall();
  const shown = useDerived(() => {
    const { left, look } = timer(wall.second.value ?? 0);
    return `${look} ${left < 0 ? say("over", { span: span(left) }) : say("left", { span: span(left) })}`;
  }, [timer]).value;
  const cut = shown.indexOf(" ");
  const look = shown.slice(0, cut);
  return (
    <span class={`cs-left ${look}`}>
      {look !== "" && <Glyph name={look === "breach" ? "breach" : "warn"} class={`m-${look}`} />}
      {shown.slice(cut + 1)}
    </span>
  );
}
