import { clock } from "../format/moment";
import type { Explanation } from "./answer";
import { division, exact, headline, targetOf } from "./figures";
import { basisWords, dayOf, marginWords, metricWords, scopeWords, until, windowWords } from "./phrases";
import { named, say } from "./words";

/** All that somebody needs who is shown this number elsewhere, as lines of text. */
export function citation(explanation: Explanation, site: string, zone: string): string {
  const { value, unit, target, short, formula, parts, leftOut, isChecked, recounted, asOf, now } = explanation;
  const figure = value === undefined ? "–" : exact(value, unit, target);
  const sides = division(explanation);
  const lines = [
    `${metricWords(explanation)}${say("colon")}${sides === "" ? "" : `${sides} = `}${figure}${figure === headline(explanation) ? "" : say("cite.shown", { v: headline(explanation) })}`,
    target === undefined ? "" : [say("cite.target", { t: targetOf(target, unit) }), marginWords(explanation)].filter(Boolean).join(say("comma")),
    short === undefined ? "" : say("cite.short", { n: short }),
    [scopeWords(explanation), `${dayOf(until(explanation), zone)} ${windowWords(explanation, zone)}`, basisWords(explanation)].filter(Boolean).join(say("comma")),
    [formula.symbols, named(formula.words, "")].filter(Boolean).join(say("colon")),
    parts.map((part) => `${named(part.names, part.part)} ${part.value}`).join(say("comma")),
    leftOut.length === 0 ? "" : `${say("leftOut")}${say("colon")}${leftOut.map((left) => `${named(left.names, left.why)} ${left.value}`).join(say("comma"))}`,
    ...doubts(explanation, zone),
    isChecked === undefined ? "" : isChecked ? say("checked") : `${say("unchecked")}${recounted === undefined ? "" : `${say("colon")}${exact(recounted, unit, target)}`}`,
    `${site}${say("comma")}ccwall${say("comma")}${say("cite.at", { t: `${dayOf(asOf ?? now, zone)} ${clock(asOf ?? now, zone)}` })} ${zone}`,
  ];
  return lines.filter((line) => line !== "").map(oneLine).join("\n");
}

/** What makes the number less than certain, a sentence each. */
export function doubts({ asOf, incomplete, gaps, inferred, unseen, forgotten, isRevised }: Explanation, zone: string): readonly string[] {
  const at = (instant: number) => (instant > 0 ? clock(instant, zone) : say("gap.now"));
  return [
    asOf === undefined ? "" : say("asOf", { t: clock(asOf, zone) }),
    ...gaps.map(([source, from, to]) => say("gap", { source, from: at(from), to: at(to) })),
    incomplete !== undefined && gaps.length === 0 ? say("incomplete", { from: at(incomplete[0]), to: at(incomplete[1]) }) : "",
    unseen > 0 ? say("unseen", { n: unseen }) : "",
    inferred > 0 ? say("inferred", { n: inferred }) : "",
    forgotten > 0 ? say("forgotten", { n: forgotten }) : "",
    isRevised ? say("revised") : "",
  ].filter((sentence) => sentence !== "");
}

/** A name from the network may hold line breaks, and would then look like lines of ours. */
const oneLine = (text: string): string => text.replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, " ");
