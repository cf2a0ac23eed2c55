import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { ciede2000, contrast, distance, EYES } from "./colour";

const CSS = join(import.meta.dirname, "../src/css");
const TEXT = readFileSync(join(CSS, "tokens.css"), "utf-8");
const THEMES = ["dark", "light", "hc"] as const;
type Theme = (typeof THEMES)[number];

/** The block of one theme, and its colours. */
function block(theme: Theme): string {
  const [, rest = ""] = TEXT.split(`[data-theme="${theme}"] {`);
  return rest.slice(0, rest.indexOf("\n}"));
}
const colours = (theme: Theme): Readonly<Record<string, string>> => Object.fromEntries([...block(theme).matchAll(/--([\w-]+):\s+(#[0-9A-Fa-f]{6});/g)].map(([, name = "", hex = ""]) => [name, hex]));

test("the arithmetic agrees with what others measured", () => {
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 9);
  expect(contrast("#777777", "#ffffff")).toBeCloseTo(4.478, 3);
  // Sharma, Wu and Dalal 2005.
  expect(ciede2000([50, 2.6772, -79.7751], [50, 0, -82.7485])).toBeCloseTo(2.0425, 4);
  expect(ciede2000([50, 2.5, 0], [73, 25, -18])).toBeCloseTo(27.1492, 4);
  expect(ciede2000([60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387])).toBeCloseTo(1.2644, 4);
  expect(ciede2000([2.0776, 0.0795, -1.135], [0.9033, -0.0636, -0.5514])).toBeCloseTo(0.9082, 4);
});

test.each(THEMES)("%s: every ratio in a comment is what its colours give", (theme) => {
  const values = colours(theme);
  const said = [...block(theme).matchAll(/--([\w-]+):\s+(#[0-9A-Fa-f]{6});\s+\/\* (?:([\d.]+) on ([\w-]+)|([\w-]+) on it: ([\d.]+)) \*\//g)];
  expect(said.length).toBeGreaterThan(20);
  for (const [, name = "", hex = "", on, under, other, it] of said) expect(contrast(hex, values[(under ?? other) as string] as string), `--${name}`).toBeCloseTo(Number(on ?? it), 1.99);
});

test.each(THEMES)("%s: words at 4.5:1 and shapes at 3:1 on whatever they stand on; in high contrast 7 and 4.5", (theme) => {
  const of = colours(theme);
  const [text, shape] = theme === "hc" ? [7, 4.5] : [4.5, 3];
  const least = (name: string, on: string, floor: number) => expect(contrast(of[name] as string, of[on] as string), `${name} on ${on}`).toBeGreaterThanOrEqual(floor);
  for (const paper of ["surface", "bg", "raised"]) for (const ink of ["ink", "ink-2", "stale-ink"]) least(ink, paper, text);
  for (const ink of ["ink-3", "warn-ink", "breach-ink", "accent"]) least(ink, "surface", text);
  for (const [ink, paper] of [["on-warn", "warn-fill"], ["on-breach", "breach-fill"], ["on-accent", "accent"], ["warn-ink", "warn-soft"], ["breach-ink", "breach-soft"]] as const) least(ink, paper, text);
  for (const name of ["line-strong", "warn", "breach", "st-ready", "st-ringing", "st-talking", "st-wrap", "st-away", "st-off", "st-unknown"]) least(name, "surface", shape);
});

/** One of each family that may stand side by side; `warn` and its mark are one. */
const FAMILIES = ["st-ready", "st-ringing", "st-talking", "st-wrap", "st-away", "st-off", "warn", "warn-fill", "breach"] as const;

test.each(THEMES.flatMap((theme) => Object.keys(EYES).map((eye) => [theme, eye] as const)))("%s, %s: no two families of states and severities are near each other", (theme, eye) => {
  const of = colours(theme);
  for (const [i, one] of FAMILIES.entries())
    for (const other of FAMILIES.slice(i + 1))
      if (!(one === "warn" && other === "warn-fill")) expect(distance(of[one] as string, of[other] as string, eye), `${one} / ${other}`).toBeGreaterThanOrEqual(14);
});

/** All style sheets, each as its lines without comments. */
const SHEETS = readdirSync(CSS, { recursive: true, encoding: "utf-8" })
  .filter((name) => name.endsWith(".css"))
  .map((name) => [name, readFileSync(join(CSS, name), "utf-8").replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, " "))] as const);

/** Where left means left: what is measured from a pointer or from a drawing, whichever way the words run. */
const PHYSICAL_FOR_A_REASON: readonly (readonly [RegExp, string])[] = [
  [/^seats\.css:\d+ left$/, "a floor plan is a drawing of a room: its left is the room's left in any language"],
];

test("styles say start and end, never left and right: the page may run the other way", () => {
  const physical = /(?:^|[;{\s])((?:margin|padding|border)-(?:left|right)(?:-\w+)?|left|right|border-(?:top|bottom)-(?:left|right)-radius|(?:text-align|float|clear):\s*(?:left|right))\b\s*:?/g;
  const found = SHEETS.flatMap(([name, text]) =>
    text.split("\n").flatMap((line, i) => [...line.matchAll(physical)].map(([, what]) => `${name}:${i + 1} ${what}`).filter((where) => !PHYSICAL_FOR_A_REASON.some(([pattern]) => pattern.test(where)))),
  );
  expect(found).toEqual([]);
});

test("colours come from the tokens alone", () => {
  const found = SHEETS.filter(([name]) => name !== "tokens.css").flatMap(([name, text]) => text.split("\n").flatMap((line, i) => [...line.matchAll(/#[0-9A-Fa-f]{3,8}\b(?![^{]*\{)|\b(?:rgba?|hsla?)\(/g)].map(([what]) => `${name}:${i + 1} ${what}`)));
  expect(found).toEqual([]);
});
