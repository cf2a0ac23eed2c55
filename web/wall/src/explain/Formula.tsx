import type { ComponentChildren } from "preact";

import type { Explanation, Part, Sum } from "./answer";
import { division, exact, headline, isNone, isTimed, piece, plain, targetLine, targetOf } from "./figures";
import { Glyph } from "../parts/Glyph";
import { emptyWords, marginWords } from "./phrases";
import { t } from "../words";
import { named, say } from "./words";

/** The number in figures and in words, and the pieces it is made of. */
export function Formula({ answer }: { answer: Explanation }) {
  return (
    <section class="fx" data-part="formula" aria-label={say("formula")}>
      {isNone(answer) ? (
        <>
          <p class="big">–</p>
          <p class="nothing">{emptyWords(answer)}</p>
        </>
      ) : (
        <>
          <Figures answer={answer} />
          <p class="words">
            <Words answer={answer} />
            <Symbols of={answer.formula.symbols} />
            {targetLine(answer) === undefined && <Aim answer={answer} />}
          </p>
        </>
      )}
      <Parts answer={answer} />
    </section>
  );
}

/** `130 ÷ 161 = 80.7%, shown as 81%` */
function Figures({ answer }: { answer: Explanation }) {
  const sides = division(answer);
  const figure = answer.value === undefined ? headline(answer) : exact(answer.value, answer.unit, answer.target);
  const onWall = headline(answer);
  return (
    <p class="big">
      {sides !== "" && <span class="nb">{sides} </span>}
      {figure === onWall ? (
        <>
          {sides !== "" && <small>= </small>}
          <span class="nb">{onWall}</span>
        </>
      ) : (
        <>
          <small class="nb">{say(sides === "" ? "shown.alone" : "shown", { v: figure })}</small> <span class="nb">{onWall}</span>
        </>
      )}
    </p>
  );
}

/** The target, where the bar has no line for it. */
function Aim({ answer: { target, unit, verdict } }: { answer: Explanation }) {
  if (target === undefined) return null;
  return (
    <span class="aim">
      {say("cite.target", { t: targetOf(target, unit) })}
      {verdict !== undefined && (
        <span class={verdict}>
          <Glyph name={verdict === "bad" ? "warn" : "ok"} class={verdict === "bad" ? "m-warn" : ""} /> {t(verdict === "bad" ? "severity.missed" : "severity.ok")}
        </span>
      )}
    </span>
  );
}

/** The division in words, each term underlined; the server's own sentence where it names no terms. */
function Words({ answer }: { answer: Explanation }) {
  const { numerator, denominator, formula } = answer;
  const isNamed = numerator !== undefined && numerator.terms.length > 0 && denominator !== undefined && denominator.terms.length > 0;
  if (!isNamed) return <>{named(formula.words, "")}</>;
  return (
    <>
      <Side of={numerator} /> ÷<Side of={denominator} />
    </>
  );
}

function Side({ of: { terms } }: { of: Sum }) {
  const pieces: ComponentChildren[] = terms.map(({ term, sign, value, names }, i) => (
    <span key={term}>
      {i > 0 || sign < 0 ? (sign < 0 ? " − " : " + ") : ""}
      <b title={plain(value)}>{named(names, term)}</b>
    </span>
  ));
  return (
    <>
      {terms.length > 1 ? say("open") : " "}
      {pieces}
      {terms.length > 1 && say("shut")}
    </>
  );
}

/** `A_T / (A + B − B_S)` with its indices low. */
function Symbols({ of: symbols }: { of: string }) {
  if (symbols === "") return null;
  return (
    <span class="symbols" dir="ltr" lang="en">
      {symbols.split(/_(\w+)/).map((piece, i) => (i % 2 ? <sub key={i}>{piece}</sub> : piece))}
    </span>
  );
}

const TONES = 5;

/** Which look a part of the bar has: those that hit the target alike, the others told apart. */
export function tones(parts: readonly Part[]): readonly string[] {
  let others = 0;
  const hasHit = parts.some(({ hit }) => hit);
  return parts.map(({ hit }, i) => (hit || (!hasHit && i === 0) ? "tone-hit" : `tone-${others++ % TONES}`));
}

/** Below this share a part has no room for its own figure. */
const ROOM = 0.035;
/** The same on a phone. */
const ROOM_IN_HAND = 0.09;
/** The same for a time, which is longer. */
const ROOM_OF_TIME = 0.12;

/** Disjoint pieces of the whole, on a line with the target. */
function Parts({ answer }: { answer: Explanation }) {
  const parts = answer.parts.filter(({ value }) => value > 0);
  const whole = parts.reduce((sum, { value }) => sum + value, 0);
  const margin = marginWords(answer);
  if (whole <= 0) return margin === "" ? null : <p class="parts">{margin}</p>;
  const looks = tones(parts);
  const room = isTimed(answer) ? ROOM_OF_TIME : ROOM;
  const line = targetLine(answer);
  const at = Math.min(1, answer.target ?? 0);
  return (
    <div class={`parts ${line === undefined ? "" : "aimed"}`}>
      {line !== undefined && (
        <div class="tgl">
          <b class={at > 0.88 ? "end" : at < 0.12 ? "start" : ""} style={{ left: `${at * 100}%` }}>
            {say("targetLine", { n: plain(line) })}
          </b>
        </div>
      )}
      <div class="barx" aria-hidden="true">
        {parts.map(({ part, value }, i) => (
          <i key={part} class={`${looks[i]} ${value / whole < ROOM_IN_HAND ? "thin" : ""}`} style={{ flexGrow: value }}>
            {value / whole >= room && isPlain(looks[i]) && <b>{piece(value, answer)}</b>}
          </i>
        ))}
        {line !== undefined && <u style={{ left: `${at * 100}%` }} />}
      </div>
      <ul>
        {parts.map(({ part, value, names }, i) => (
          <li key={part}>
            <i class={looks[i]} aria-hidden="true" />
            <span>
              {named(names, part)} <b>{piece(value, answer)}</b>
            </span>
          </li>
        ))}
        {margin !== "" && <li class="margin">{margin}</li>}
      </ul>
    </div>
  );
}

/** Figures stand on plain colours only. */
const isPlain = (look: string | undefined): boolean => look === "tone-hit" || look === "tone-0" || look === "tone-1";
