import { type Area, DESK, type Plan, type PlanSeat, SIDE } from "./plan";

/** Who has which seat: all that a floor without a plan is drawn of. */
export interface Known {
  readonly seat: string;
  /** Empty: of no team. */
  readonly team: string;
}

const [GAP, HEIGHT, AISLE, LABEL, MARGIN] = [6, 58, 40, 62, 30];
/** Desks in a row before there is an aisle. */
const ROW = 6;
const PAIR = 2 * (SIDE + HEIGHT) + GAP;

interface Block extends Area {
  readonly seats: readonly string[];
  readonly row: number;
}

/** A team's desks: rows of six or a few times six, two and two face to face; larger teams take wider rows. */
function blockOf(name: string, seats: readonly string[]): Block {
  const groups = Math.max(1, Math.round(Math.sqrt(seats.length / 24)));
  const row = Math.min(ROW * groups, Math.max(seats.length, 1));
  const pairs = Math.ceil(seats.length / row / 2);
  const aisles = Math.ceil(row / ROW) - 1;
  const isHalf = pairs === 1 && seats.length <= row;
  const height = LABEL + (isHalf ? SIDE + HEIGHT : pairs * PAIR + (pairs - 1) * AISLE);
  return { name, seats, row, x: 0, y: 0, w: Math.max(row * (DESK + GAP) - GAP + aisles * AISLE, 4 * (DESK + GAP)), h: height };
}

/** The same floor always looks the same: teams by name, seats as a person would count them. */
export function derived(known: readonly Known[], aspect: number): Plan | undefined {
  if (known.length === 0) return undefined;
  const order = new Intl.Collator("en", { numeric: true }).compare;
  const teams = new Map<string, Set<string>>();
  for (const { seat, team } of known) teams.set(team, (teams.get(team) ?? new Set()).add(seat));
  const blocks = [...teams].sort(([a], [b]) => Number(a === "") - Number(b === "") || order(a, b)).map(([team, seats]) => blockOf(team, [...seats].sort(order)));
  const { places, width, height } = arranged(blocks, aspect);
  const seats: PlanSeat[] = [];
  const zones: Area[] = [];
  blocks.forEach((block, zone) => {
    const [left, top] = places[zone] as readonly [number, number];
    zones.push({ name: block.name, x: left, y: top, w: block.w, h: LABEL });
    block.seats.forEach((id, i) => {
      const [row, column] = [Math.floor(i / block.row), i % block.row];
      const isFar = row % 2 === 1;
      const x = left + column * (DESK + GAP) + Math.floor(column / ROW) * AISLE;
      const y = top + LABEL + Math.floor(row / 2) * (PAIR + AISLE) + SIDE + (isFar ? HEIGHT + GAP : 0);
      seats.push({ id, x, y, w: DESK, h: HEIGHT, facing: isFar ? "down" : "up", zone });
    });
  });
  return { width, height, seats, zones, rooms: [], walls: [], windows: [], strokes: [], captions: [], left_out: [], isDerived: true };
}

/** In rows of so many blocks that desks become as large as the shape of the room allows. */
function arranged(blocks: readonly Block[], aspect: number): { places: readonly (readonly [number, number])[]; width: number; height: number } {
  let best: ReturnType<typeof inRows> | undefined;
  for (let across = 1; across <= blocks.length; across++) {
    const tried = inRows(blocks, across);
    const scale = (one: typeof tried) => Math.min(aspect / one.width, 1 / one.height);
    if (best === undefined || scale(tried) > scale(best)) best = tried;
  }
  return best ?? inRows(blocks, 1);
}

function inRows(blocks: readonly Block[], across: number) {
  const places: (readonly [number, number])[] = [];
  const columns: number[] = [];
  blocks.forEach((block, i) => (columns[i % across] = Math.max(columns[i % across] ?? 0, block.w)));
  let [top, width] = [MARGIN, 0];
  for (let i = 0; i < blocks.length; i += across) {
    const row = blocks.slice(i, i + across);
    let left = MARGIN;
    row.forEach((_, k) => {
      places.push([left, top]);
      left += (columns[k] ?? 0) + AISLE * 1.5;
    });
    width = Math.max(width, left - AISLE * 1.5);
    top += Math.max(...row.map((block) => block.h)) + AISLE;
  }
  return { places, width: width + MARGIN, height: top - AISLE + MARGIN };
}
