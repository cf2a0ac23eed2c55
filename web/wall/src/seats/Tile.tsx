import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import "../css/seats.css";

import { type Instead, TileFrame } from "../board/Frame";
import type { TileProps } from "../board/registry";
import { useWall } from "../context";
import { flag, text } from "../tiles/options";
import { useDerived } from "../parts/hooks";
import { lang, t } from "../words";
import { wallLevelOf } from "./detail";
import { Drawing, Names } from "./Drawing";
import { Floor } from "./floor";
import type { Plan } from "./plan";
import { Seat } from "./Seat";
import { usePlan } from "./usePlan";
import { fitted, NO_INSETS, type Size } from "./view";
import { say } from "./words";

/** The floor on a wall: all of it, in as much detail as can be read from there. Nobody's name, and nobody's trouble unless asked for. */
export function SeatTile({ tile, options }: TileProps) {
  const wall = useWall();
  const floor = useMemo(() => new Floor(wall), [wall]);
  const { isAsked, list, id } = usePlan(floor, text(options, "plan"));
  const plan = isAsked ? floor.plan.value : undefined;
  const title = list.plans.find((entry) => entry.id === id)?.name[lang.value] ?? say("title");
  const present = useDerived(() => `${floor.totals.value.present}/${floor.totals.value.people}`, [floor]);
  const instead: Instead | undefined =
    plan !== undefined ? undefined : !isAsked ? { look: "loading", why: t("loading") } : { look: "empty", why: say("none.seats"), note: say("none.why") };
  return (
    <TileFrame tile={tile} title={title} brief={say("title")} class="seats-tile" freshness={wall.floorFreshness.value} instead={instead} aside={`${say("present")} ${present.value}`}>
      {plan !== undefined && <Fitted floor={floor} plan={plan} hasLimits={flag(options, "limits")} />}
    </TileFrame>
  );
}

function Fitted({ floor, plan, hasLimits }: { floor: Floor; plan: Plan; hasLimits: boolean }) {
  const frame = useRef<HTMLDivElement>(null);
  const [[room, least], setRoom] = useState<readonly [Size, number]>([{ w: 0, h: 0 }, 30]);
  const measure = () => {
    const element = frame.current;
    if (element === null || element.clientWidth === 0) return;
    const [w, h] = [element.clientWidth, element.clientHeight];
    const probe = Number.parseFloat(getComputedStyle(element).fontSize) || 30;
    floor.aspect.value = Math.round((w / h) * 5) / 5;
    setRoom((before) => (before[0].w === w && before[0].h === h && before[1] === probe ? before : [{ w, h }, probe]));
  };
  useLayoutEffect(measure, [plan]);
  useEffect(() => {
    const element = frame.current;
    if (element === null || typeof ResizeObserver === "undefined") return;
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const look = fitted({ w: plan.width, h: plan.height }, room, NO_INSETS);
  const level = wallLevelOf(look.z, least);
  // A zone's name has 52 units of height, and what it may be high is the near tier's.
  const hasNames = look.z * 52 >= least;
  return (
    <div class={`s-fitted l-${level}`} ref={frame} data-level={level}>
      {room.w > 0 && (
        <div class={`s-world ${hasNames ? "" : "nameless"}`} style={{ "--z": `${look.z}px`, "--pw": plan.width, "--ph": plan.height, transform: `translate(${look.x}px, ${look.y}px)` }}>
          <Drawing plan={plan} />
          <Names plan={plan} floor={floor} z={look.z} least={least} />
          <ul class="s-desks" aria-label={say("map")}>
            {plan.seats.map((seat) => (
              <Seat key={seat.id} floor={floor} seat={seat} level={level} isWall hasLimits={hasLimits} />
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}
