import type { Theme } from "./model";

/** A house's colour made fit for a theme: a line, a ring, a word or a button in it can be seen and read. */
export interface Accent {
  readonly accent: string;
  /** Text on a fill of it. */
  readonly on: string;
  /** A quiet paper of it. */
  readonly soft: string;
}

type Rgb = readonly [number, number, number];

/** Surfaces and inks of css/tokens.css, and the least contrast a text of the theme has to them. */
const PAPERS: Readonly<Record<Theme, { readonly paper: Rgb; readonly towards: Rgb; readonly least: number }>> = {
  dark: { paper: [0x1c, 0x25, 0x2f], towards: [255, 255, 255], least: 4.5 },
  light: { paper: [0xee, 0xf1, 0xf4], towards: [0, 0, 0], least: 4.5 },
  hc: { paper: [0x12, 0x16, 0x1a], towards: [255, 255, 255], least: 7 },
};

const STEP = 0.02;

/**
 * The colour itself where it is plain enough on the theme's papers; else moved towards white or black until it is.
 * `undefined` when it is no `#rrggbb`.
 */
export function accentFor(colour: string, theme: Theme): Accent | undefined {
  const own = parse(colour);
  if (own === undefined) return undefined;
  const { paper, towards, least } = PAPERS[theme];
  let accent = own;
  for (let way = STEP; contrast(accent, paper) < least && way <= 1; way += STEP) accent = mix(own, towards, way);
  const [dark, light]: readonly [Rgb, Rgb] = [mix([0, 0, 0], accent, 0.12), [255, 255, 255]];
  const on = contrast(dark, accent) >= contrast(light, accent) ? dark : light;
  return { accent: hex(accent), on: hex(contrast(on, accent) >= least ? on : on === light ? light : [0, 0, 0]), soft: hex(mix(paper, accent, theme === "light" ? 0.14 : 0.2)) };
}

export function parse(colour: string): Rgb | undefined {
  const found = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour);
  return found === null ? undefined : [Number.parseInt(found[1] ?? "", 16), Number.parseInt(found[2] ?? "", 16), Number.parseInt(found[3] ?? "", 16)];
}

/** WCAG 2.2: 1 to 21. */
export function contrast(one: Rgb, other: Rgb): number {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4)) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

const mix = (from: Rgb, to: Rgb, way: number): Rgb => from.map((part, i) => Math.round(part + ((to[i] ?? 0) - part) * Math.min(1, way))) as unknown as Rgb;
const hex = (colour: Rgb): string => `#${colour.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
