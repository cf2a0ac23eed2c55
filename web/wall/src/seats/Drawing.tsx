import { useWall } from "../context";
import { nameOf } from "../names";
import { useDerived } from "../parts/hooks";
import type { Floor } from "./floor";
import type { Area, Plan } from "./plan";
import { say } from "./words";

/** What does not move: walls, windows, rooms, and whatever else was drawn. */
export function Drawing({ plan }: { plan: Plan }) {
  return (
    <svg class="s-plan" viewBox={`0 0 ${plan.width} ${plan.height}`} aria-hidden="true">
      {plan.rooms.map((room, i) => (
        <rect key={i} class="room" x={room.x} y={room.y} width={room.w} height={room.h} rx="3" />
      ))}
      {plan.strokes.map((stroke, i) => (
        <path key={i} class={stroke.fill ? "area" : "stroke"} d={stroke.d} />
      ))}
      {plan.walls.map((wall, i) => (
        <line key={i} class="wall" {...wall} />
      ))}
      {plan.windows.map((window, i) => (
        <g key={i}>
          <line class="window" {...window} />
          <line class="pane" {...window} />
        </g>
      ))}
    </svg>
  );
}

const place = ({ x, y, w, h }: Area) => ({ "--x": x, "--y": y, "--w": w, "--h": h });

interface NamesProps {
  readonly plan: Plan;
  readonly floor: Floor;
  /** Pixels a plan unit is large, and the smallest letters are high. */
  readonly z: number;
  readonly least: number;
  readonly hasCounts?: boolean;
}

/** The names on the floor, where there is room for them: of rooms, of zones with who is there, and other words. */
export function Names({ plan, floor, z, least, hasCounts = false }: NamesProps) {
  const isRoomy = (room: Area) => {
    const size = Math.max(least, 17 * z);
    return Math.ceil((breadth(room.name) * size) / Math.max(1, room.w * z - 2)) * size * 1.1 <= room.h * z;
  };
  return (
    <>
      {plan.rooms.filter(isRoomy).map((room, i) => (
        <span key={`r${i}`} class="s-room" style={place(room)}>
          <bdi>{room.name}</bdi>
        </span>
      ))}
      {plan.captions.map((caption, i) => (
        <span key={`c${i}`} class="s-caption" style={{ "--x": caption.x, "--y": caption.y, "--size": caption.size }}>
          <bdi>{caption.text}</bdi>
        </span>
      ))}
      {plan.zones.map((zone, i) => (
        <Zone key={`z${i}`} zone={zone} index={i} floor={floor} z={z} hasCount={hasCounts} room={roomOf(plan, i)} />
      ))}
    </>
  );
}

/** How wide a zone's heading may be: as its desks are. */
function roomOf(plan: Plan, index: number): number {
  const zone = plan.zones[index];
  const right = Math.max(0, ...plan.seats.filter((seat) => seat.zone === index).map((seat) => seat.x + seat.w));
  return zone === undefined ? 0 : Math.max(zone.w, right - zone.x);
}

/** Short names are a team's sign: they need a word beside them. */
const SIGN = 3;
const GAP = 12;
/** Plan units: a zone no higher than this is its name; in a larger one the name stands at the top. */
const [LABEL, INSIDE] = [62, 34];

/** Roughly: a Chinese character is one em wide, any other a bit over half of that. */
const breadth = (words: string): number => [...words].reduce((ems, sign) => ems + (sign >= "\u2e80" ? 1.05 : 0.6), 0);

function Zone({ zone, index, floor, z, hasCount, room }: { zone: Area; index: number; floor: Floor; z: number; hasCount: boolean; room: number }) {
  const wall = useWall();
  const name = useDerived(() => {
    if (zone.name === "") return say("zone.none");
    const team = wall.board.at("teams", zone.name);
    const known = nameOf(team, zone.name);
    return known === zone.name && zone.name.length <= SIGN ? say("zone.team", { team: zone.name }) : known;
  }, [zone.name]);
  const count = useDerived(() => floor.zone(index).join("/"), [floor, index]);
  const rem = useDerived(() => Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 10, []).value;
  const [big, small] = [Math.min(Math.max(1.4 * rem, 25 * z), 4 * rem), Math.min(Math.max(1.2 * rem, 16 * z), 2.4 * rem)];
  const [present = "0", seats = "0"] = count.value.split("/");
  const long = say("zone.present", { n: present, all: seats });
  const left = room * z - breadth(name.value) * big - GAP;
  const shown = !hasCount || seats === "0" ? "" : breadth(long) * small < left ? long : breadth(count.value) * small < left ? count.value : "";
  return (
    <span class="s-zone" style={{ ...place(zone), "--w": room, "--h": zone.h > LABEL ? INSIDE : zone.h }}>
      <bdi>{name}</bdi>
      {shown !== "" && <small>{shown}</small>}
    </span>
  );
}
