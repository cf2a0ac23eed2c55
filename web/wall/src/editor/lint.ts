/** What an eye would object to on a drawn board, measured in its own document. */
export interface Complaint {
  readonly kind: "cut" | "over" | "small" | "faint" | "caption" | "off";
  readonly tile: string;
  readonly words: string;
  /** `small` and `caption`: px of 1920 as they are and as they should be; `faint`: the contrast and 4.5. */
  readonly is?: number;
  readonly least?: number;
}

type Colour = readonly [r: number, g: number, b: number, a: number];
type Rect = Pick<DOMRect, "left" | "right" | "top" | "bottom">;
interface Text {
  readonly element: Element;
  readonly words: string;
  readonly size: number;
  readonly box: DOMRect;
  readonly lines: readonly DOMRect[];
  readonly tile: string;
}

const MOST = 24;
const CONTRAST = 4.5;

/** The complaints about what is drawn now, the worst kinds first; of each tile and kind one. */
export function complaints(root: HTMLElement): readonly Complaint[] {
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 10;
  const isStacked = document.documentElement.classList.contains("stack");
  const scale = isStacked ? 0 : 1920 / innerWidth;
  const texts = [...root.querySelectorAll<HTMLElement>("[data-cell]")].flatMap((cell) => textsIn(cell));
  const near = tier(root, "near") ?? 3 * rem;
  const found: Complaint[] = [];
  for (const text of texts) {
    const own = scale === 0 ? [] : [sizeOf(text, near, scale)];
    found.push(...[cut(text, isStacked), ...own, faint(text)].filter((one) => one !== undefined));
  }
  found.push(...over(texts));
  if (!isStacked) found.push(...captions(root, tier(root, "mid") ?? 1.5 * near));
  const seen = new Set<string>();
  return found.filter(({ tile, kind }) => !seen.has(`${tile} ${kind}`) && seen.add(`${tile} ${kind}`)).slice(0, MOST);
}

function textsIn(cell: HTMLElement): readonly Text[] {
  const tile = cell.dataset["cell"] ?? "";
  const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
  const found: Text[] = [];
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const element = node.parentElement;
    const words = node.textContent?.trim() ?? "";
    if (element === null || words === "" || element.closest(".vh, script, style, symbol, button.ask") !== null || !element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    if (style.visibility === "hidden" || style.clipPath !== "none") continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (box.width > 1) found.push({ element, words: words.slice(0, 40), size: sizeIn(element, style), box, lines: [...range.getClientRects()], tile });
  }
  return found;
}

function sizeIn(element: Element, style: CSSStyleDeclaration): number {
  const size = Number.parseFloat(style.fontSize);
  const svg = element.closest("svg");
  return svg?.viewBox.baseVal?.width ? (size * svg.getBoundingClientRect().width) / svg.viewBox.baseVal.width : size;
}

/** The least size of a tier, in px of this document: of what is read from there at all, and of titles. */
function tier(root: HTMLElement, which: "near" | "mid"): number | undefined {
  const probe = document.createElement("i");
  probe.style.fontSize = `var(--t-${which})`;
  root.append(probe);
  const size = Number.parseFloat(getComputedStyle(probe).fontSize);
  probe.remove();
  return Number.isFinite(size) && size > 0 ? size : undefined;
}

function sizeOf({ element, words, size, tile }: Text, near: number, scale: number): Complaint | undefined {
  // A unit beside its figure is read with it; the tiles of a crowded floor are the one thing that may be smaller.
  const isUnit = element.matches(".u, small") && element.closest("td, .num, .for") !== null;
  const least = element.closest(".agent") !== null ? near * 0.73 : isUnit ? near * 0.6 : near;
  if (size >= least - 0.5) return undefined;
  return { kind: "small", tile, words, is: Math.round(size * scale), least: Math.round(least * scale) };
}

function cut({ element, words, size, box, tile }: Text, isStacked: boolean): Complaint | undefined {
  const slack = Math.max(2.5, size * 0.3);
  for (let e: Element | null = element; e !== null && e !== document.body; e = e.parentElement) {
    const style = getComputedStyle(e);
    const edge = e.getBoundingClientRect();
    if (style.textOverflow === "ellipsis") {
      // A person's name may end in an ellipsis; a queue's, a number or a word may not.
      if (e.scrollWidth > e.clientWidth + 1 && e.closest(".agent") === null) return { kind: "cut", tile, words };
      return undefined;
    }
    const clips = style.overflow !== "visible" || e.matches(".tile, td, th, li");
    if (!clips || edge.width === 0) continue;
    if (box.right > edge.right + 1.5 || box.left < edge.left - 1.5 || box.bottom > edge.bottom + slack || box.top < edge.top - slack) return { kind: "cut", tile, words };
  }
  return box.left < -1 || box.right > innerWidth + 1 || (!isStacked && box.bottom > innerHeight + slack) ? { kind: "off", tile, words } : undefined;
}

function faint({ element, words, tile }: Text): Complaint | undefined {
  const svg = element.closest("svg");
  const paper = behind(svg?.parentElement ?? element);
  const style = getComputedStyle(element);
  const ratio = contrast(mix(parse(svg === null ? style.color : style.fill), paper), paper);
  return ratio >= CONTRAST ? undefined : { kind: "faint", tile, words, is: Math.floor(ratio * 10) / 10, least: CONTRAST };
}

/** Two texts may not share ink; lines of one text, and one after another, may touch. */
function over(texts: readonly Text[]): readonly Complaint[] {
  const boxes = texts.flatMap((text) => text.lines.map((line) => ({ text, line: trimmed(text.element, line) })));
  const found: Complaint[] = [];
  boxes.forEach(({ text, line }, i) => {
    for (const other of boxes.slice(i + 1))
      if (other.text.element !== text.element && share(line, other.line)) found.push({ kind: "over", tile: text.tile, words: `${text.words} × ${other.text.words}` });
  });
  return found;
}

const share = (a: Rect, b: Rect): boolean => a.left < b.right - 2 && b.left < a.right - 2 && a.top < b.bottom - 1 && b.top < a.bottom - 1;

function trimmed(element: Element, line: Rect): Rect {
  let { left, right, top, bottom } = line;
  for (let e: Element | null = element; e !== null; e = e.parentElement) {
    if (getComputedStyle(e).overflow === "visible") continue;
    const edge = e.getBoundingClientRect();
    [left, right, top, bottom] = [Math.max(left, edge.left), Math.min(right, edge.right), Math.max(top, edge.top), Math.min(bottom, edge.bottom)];
  }
  const trim = (bottom - top) * 0.18;
  return { left, right, top: top + trim, bottom: bottom - trim };
}

/** A caption is at least a third of its number, else nobody knows what the number is. */
function captions(root: HTMLElement, mid: number): readonly Complaint[] {
  return [...root.querySelectorAll<HTMLElement>("[data-cell]")].flatMap((cell): readonly Complaint[] => {
    const [caption, figure] = [cell.querySelector<HTMLElement>("h2:not(.vh)"), cell.querySelector<HTMLElement>(".num")];
    if (caption === null || figure === null) return [];
    const [is, number] = [Number.parseFloat(getComputedStyle(caption).fontSize), Number.parseFloat(getComputedStyle(figure).fontSize)];
    const scale = 1920 / innerWidth;
    // What is as large as a title must be is read from wherever the number is, however large that is.
    if (is >= number / 3 - 0.5 || is >= mid - 0.5) return [];
    return [{ kind: "caption", tile: cell.dataset["cell"] ?? "", words: caption.innerText.trim().slice(0, 40), is: Math.round(is * scale), least: Math.round(Math.min(mid, number / 3) * scale) }];
  });
}

function parse(text: string): Colour {
  const [r = 0, g = 0, b = 0, a = 1] = (/rgba?\(([^)]+)\)/.exec(text)?.[1] ?? "0 0 0 0").split(/[ ,/]+/).map(Number);
  return [r, g, b, a];
}

function mix(top: Colour, below: Colour): Colour {
  const [of, rest] = [top[3], 1 - top[3]];
  return [top[0] * of + below[0] * rest, top[1] * of + below[1] * rest, top[2] * of + below[2] * rest, 1];
}

function behind(element: Element | null): Colour {
  const layers: Colour[] = [];
  for (let e = element; e !== null; e = e.parentElement) {
    const colour = parse(getComputedStyle(e).backgroundColor);
    if (colour[3] > 0) layers.push(colour);
    if (colour[3] === 1) break;
  }
  return layers.reduceRight((below, layer) => mix(layer, below), [255, 255, 255, 1] as Colour);
}

export function contrast(one: Colour, other: Colour): number {
  const luminance = ([r, g, b]: Colour) => {
    const [x, y, z] = [r, g, b].map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4)) as [number, number, number];
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}
