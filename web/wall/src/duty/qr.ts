/** QR codes (ISO/IEC 18004) of short texts: bytes, error correction M, versions 1 to 20. */

/** Error-correction words of a block, and blocks, of level M by version. */
const WORDS_EACH = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26];
const BLOCKS = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16];

const EXP = new Uint8Array(512);
const LOG = new Uint8Array(256);
for (let i = 0, x = 1; i < 255; i++) {
  EXP[i] = EXP[i + 255] = x;
  LOG[x] = i;
  x = (x << 1) ^ (x & 0x80 ? 0x11d : 0);
}
const times = (a: number, b: number): number => (a === 0 || b === 0 ? 0 : (EXP[(LOG[a] ?? 0) + (LOG[b] ?? 0)] ?? 0));

/** The error-correction words of a block: the rest of dividing by the generator polynomial. */
export function correction(data: readonly number[], degree: number): readonly number[] {
  let generator = [1];
  for (let i = 0; i < degree; i++) {
    const next = [...generator, 0];
    generator.forEach((value, at) => (next[at + 1] = (next[at + 1] ?? 0) ^ times(value, EXP[i] ?? 0)));
    generator = next;
  }
  const rest = [...data, ...Array<number>(degree).fill(0)];
  for (let i = 0; i < data.length; i++) {
    const factor = rest[i] ?? 0;
    generator.forEach((value, at) => (rest[i + at] = (rest[i + at] ?? 0) ^ times(value, factor)));
  }
  return rest.slice(data.length);
}

const sizeOf = (version: number): number => 17 + 4 * version;

/** Modules that carry data, as bits. */
function roomOf(version: number): number {
  const aligned = version === 1 ? 0 : Math.floor(version / 7) + 2;
  const patterns = aligned === 0 ? 0 : (25 * aligned - 10) * aligned - 55;
  return (16 * version + 128) * version + 64 - patterns - (version >= 7 ? 36 : 0);
}

function dataWords(version: number): number {
  return Math.floor(roomOf(version) / 8) - (WORDS_EACH[version - 1] ?? 0) * (BLOCKS[version - 1] ?? 0);
}

/** All words in the order in which they are drawn. */
function wordsOf(bytes: Uint8Array, version: number): readonly number[] {
  const bits: number[] = [];
  const put = (value: number, length: number) => {
    for (let i = length - 1; i >= 0; i--) bits.push((value >>> i) & 1);
  };
  put(4, 4);
  put(bytes.length, version < 10 ? 8 : 16);
  for (const byte of bytes) put(byte, 8);
  const room = dataWords(version) * 8;
  put(0, Math.min(4, room - bits.length));
  while (bits.length % 8 > 0) bits.push(0);
  const words = Array.from({ length: bits.length / 8 }, (_, i) => bits.slice(8 * i, 8 * i + 8).reduce((word, bit) => 2 * word + bit, 0));
  for (let i = 0; words.length < dataWords(version); i++) words.push(i % 2 === 0 ? 0xec : 0x11);
  const [blocks, degree] = [BLOCKS[version - 1] ?? 1, WORDS_EACH[version - 1] ?? 10];
  const short = Math.floor(words.length / blocks);
  const long = words.length % blocks;
  const parts: (readonly number[])[] = [];
  for (let i = 0, at = 0; i < blocks; i++) {
    const length = short + (i >= blocks - long ? 1 : 0);
    parts.push(words.slice(at, at + length));
    at += length;
  }
  const checks = parts.map((part) => correction(part, degree));
  const across = (from: readonly (readonly number[])[], length: number) => Array.from({ length }, (_, i) => from.flatMap((part) => (i < part.length ? [part[i] ?? 0] : []))).flat();
  return [...across(parts, short + 1), ...across(checks, degree)];
}

/** A drawing under way: what is dark, and which modules are not for data. */
class Canvas {
  readonly dark: boolean[][];
  readonly fixed: boolean[][];
  constructor(readonly size: number) {
    this.dark = Array.from({ length: size }, () => Array<boolean>(size).fill(false));
    this.fixed = Array.from({ length: size }, () => Array<boolean>(size).fill(false));
  }
  set(x: number, y: number, isDark: boolean): void {
    const [row, kept] = [this.dark[y], this.fixed[y]];
    if (row === undefined || kept === undefined || x < 0 || x >= this.size) return;
    row[x] = isDark;
    kept[x] = true;
  }
}

function alignments(version: number): readonly number[] {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const step = Math.ceil((4 * version + 4) / (2 * count - 2)) * 2;
  const last = sizeOf(version) - 7;
  return [6, ...Array.from({ length: count - 1 }, (_, i) => last - step * (count - 2 - i))];
}

function patterns(canvas: Canvas, version: number): void {
  const { size } = canvas;
  for (let i = 0; i < size; i++) {
    canvas.set(6, i, i % 2 === 0);
    canvas.set(i, 6, i % 2 === 0);
  }
  for (const [cx, cy] of [[3, 3], [size - 4, 3], [3, size - 4]] as const)
    for (let dy = -4; dy <= 4; dy++)
      for (let dx = -4; dx <= 4; dx++) {
        const ring = Math.max(Math.abs(dx), Math.abs(dy));
        canvas.set(cx + dx, cy + dy, ring !== 2 && ring !== 4);
      }
  const places = alignments(version);
  const last = places.length - 1;
  places.forEach((cy, j) =>
    places.forEach((cx, i) => {
      if ((i === 0 && j === 0) || (i === last && j === 0) || (i === 0 && j === last)) return;
      for (let dy = -2; dy <= 2; dy++) for (let dx = -2; dx <= 2; dx++) canvas.set(cx + dx, cy + dy, Math.max(Math.abs(dx), Math.abs(dy)) !== 1);
    }),
  );
  if (version >= 7) {
    let rest = version;
    for (let i = 0; i < 12; i++) rest = (rest << 1) ^ ((rest >>> 11) * 0x1f25);
    const bits = (version << 12) | rest;
    for (let i = 0; i < 18; i++) {
      const [a, b] = [size - 11 + (i % 3), Math.floor(i / 3)];
      canvas.set(a, b, ((bits >>> i) & 1) === 1);
      canvas.set(b, a, ((bits >>> i) & 1) === 1);
    }
  }
}

/** Level M and the mask, twice. */
function format(canvas: Canvas, mask: number): void {
  const { size } = canvas;
  let rest = mask;
  for (let i = 0; i < 10; i++) rest = (rest << 1) ^ ((rest >>> 9) * 0x537);
  const bits = ((mask << 10) | rest) ^ 0x5412;
  const bit = (i: number) => ((bits >>> i) & 1) === 1;
  for (let i = 0; i <= 5; i++) canvas.set(8, i, bit(i));
  canvas.set(8, 7, bit(6));
  canvas.set(8, 8, bit(7));
  canvas.set(7, 8, bit(8));
  for (let i = 9; i < 15; i++) canvas.set(14 - i, 8, bit(i));
  for (let i = 0; i < 8; i++) canvas.set(size - 1 - i, 8, bit(i));
  for (let i = 8; i < 15; i++) canvas.set(8, size - 15 + i, bit(i));
  canvas.set(8, size - 8, true);
}

const MASK = (x: number, y: number): boolean => (x + y) % 2 === 0;

/** Upwards and downwards in pairs of columns from the right, masked. */
function fill(canvas: Canvas, words: readonly number[]): void {
  const { size } = canvas;
  let at = 0;
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step++)
      for (const x of [right, right - 1]) {
        const isUp = ((right + 1) & 2) === 0;
        const y = isUp ? size - 1 - step : step;
        const row = canvas.dark[y];
        if (row === undefined || canvas.fixed[y]?.[x] === true) continue;
        const bit = ((words[at >>> 3] ?? 0) >>> (7 - (at & 7))) & 1;
        at += 1;
        row[x] = (bit === 1) !== MASK(x, y);
      }
  }
}

/** Which modules are dark, by row. Throws for what does not fit. */
export function modules(text: string): readonly (readonly boolean[])[] {
  const bytes = new TextEncoder().encode(text);
  const version = BLOCKS.findIndex((_, i) => 4 + (i + 1 < 10 ? 8 : 16) + 8 * bytes.length <= 8 * dataWords(i + 1)) + 1;
  if (version === 0) throw new Error(`${bytes.length} bytes are too many for a code`);
  const canvas = new Canvas(sizeOf(version));
  patterns(canvas, version);
  format(canvas, 0);
  fill(canvas, wordsOf(bytes, version));
  return canvas.dark;
}

/** The dark modules as one path, one unit each. */
export function drawing(text: string): { readonly size: number; readonly path: string } {
  const rows = modules(text);
  const path = rows.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : []))).join("");
  return { size: rows.length, path };
}
