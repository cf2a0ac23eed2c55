/** A floor plan, as `GET /api/v1/plans/{id}` gives it beside its text (`parsed`); docs/seats.md. */

export type Facing = "up" | "down" | "left" | "right";

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}
/** One desk; `facing` is the side on which the person sits, without it the box is all there is. `zone` is an index. */
export interface PlanSeat extends Box {
  readonly id: string;
  readonly facing?: Facing;
  readonly zone?: number;
}
export interface Area extends Box {
  readonly name: string;
}
export interface Line {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}
export interface Plan {
  readonly width: number;
  readonly height: number;
  readonly seats: readonly PlanSeat[];
  readonly rooms: readonly Area[];
  readonly zones: readonly Area[];
  readonly walls: readonly Line[];
  readonly windows: readonly Line[];
  readonly strokes: readonly { readonly d: string; readonly fill?: boolean }[];
  readonly captions: readonly { readonly text: string; readonly x: number; readonly y: number; readonly size: number }[];
  readonly left_out: readonly string[];
  /** Nobody drew it: it was made of teams and seats' ids. */
  readonly isDerived?: boolean;
}

/** Beside a desk, where the person sits: plan units, as the server has them. */
export const SIDE = 54;
export const DESK = 60;

/** The desk and the place beside it. */
export function cellOf(seat: PlanSeat): Box {
  switch (seat.facing) {
    case "up":
      return { x: seat.x, y: seat.y - SIDE, w: seat.w, h: seat.h + SIDE };
    case "down":
      return { x: seat.x, y: seat.y, w: seat.w, h: seat.h + SIDE };
    case "left":
      return { x: seat.x - SIDE, y: seat.y, w: seat.w + SIDE, h: seat.h };
    case "right":
      return { x: seat.x, y: seat.y, w: seat.w + SIDE, h: seat.h };
    default:
      return seat;
  }
}

/** Path data as the server makes it, and nothing else. */
const PATH = /^[MLCZ0-9 .-]*$/;
const isThing = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
const list = (value: unknown): readonly Record<string, unknown>[] => (Array.isArray(value) ? value.filter(isThing) : []);
const areNumbers = (thing: Record<string, unknown>, ...keys: readonly string[]): boolean => keys.every((key) => Number.isFinite(thing[key]));

/** What the server says is a plan, as far as it is one; `undefined` when it has no seats. */
export function readPlan(told: unknown): Plan | undefined {
  if (!isThing(told) || !areNumbers(told, "width", "height")) return undefined;
  const areas = (key: string) => list(told[key]).filter((area) => typeof area["name"] === "string" && areNumbers(area, "x", "y", "w", "h")) as unknown as readonly Area[];
  const lines = (key: string) => list(told[key]).filter((line) => areNumbers(line, "x1", "y1", "x2", "y2")) as unknown as readonly Line[];
  const seats = list(told["seats"]).filter((seat) => typeof seat["id"] === "string" && areNumbers(seat, "x", "y", "w", "h"));
  if (seats.length === 0) return undefined;
  return {
    width: told["width"] as number,
    height: told["height"] as number,
    seats: seats as unknown as readonly PlanSeat[],
    rooms: areas("rooms"),
    zones: areas("zones"),
    walls: lines("walls"),
    windows: lines("windows"),
    strokes: list(told["strokes"]).filter((stroke) => typeof stroke["d"] === "string" && PATH.test(stroke["d"])) as unknown as Plan["strokes"],
    captions: list(told["captions"]).filter((caption) => typeof caption["text"] === "string" && areNumbers(caption, "x", "y", "size")) as unknown as Plan["captions"],
    left_out: Array.isArray(told["left_out"]) ? told["left_out"].filter((word) => typeof word === "string") : [],
  };
}
