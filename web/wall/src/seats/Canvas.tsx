import { type Signal, useSignalEffect } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";

import { isAsking, nearest } from "../ask";
import { useKeydown } from "../parts/hooks";
import { levelOf } from "./detail";
import { Drawing, Names } from "./Drawing";
import type { Floor } from "./floor";
import { useGestures } from "./gestures";
import { cellOf, type Plan } from "./plan";
import { Seat } from "./Seat";
import { overlaps, seen, type View } from "./view";
import { say } from "./words";

/** Rooms around what is in sight that are drawn too: a short drag shows nothing empty. */
const MARGIN = 0.7;
/** So few desks are all drawn, wherever one looks. */
const FEW = 150;
const STEP = 1.35;

interface Props {
  readonly floor: Floor;
  readonly plan: Plan;
  readonly view: View;
  readonly chosen: Signal<string | undefined>;
  readonly hits: ReadonlySet<string>;
  /** Lies over the plan and does not move with it. */
  readonly children?: ComponentChildren;
}

/** How many of the smallest letters do not fit any more on a desk that has no room for a timer. */
const lettersOf = (z: number): number => (60 * z < 32 ? 0 : Math.floor((60 * z - 4) / 7.5) + 1);

const ARROWS: Readonly<Record<string, readonly [number, number]>> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const inField = (target: EventTarget | null): boolean => target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;

/** A plan one moves over. */
export function Canvas({ floor, plan, view, chosen, hits, children }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const world = useRef<HTMLDivElement>(null);
  const wanted = useRef<string | undefined>(undefined);
  useGestures(frame, view);
  useMeasured(frame, view, plan, floor);
  const drawn = view.drawn.value;
  const level = levelOf(drawn.z);
  useSignalEffect(() => {
    const { z, x, y } = view.now.value;
    const at = view.drawn.value;
    if (world.current === null) return;
    const isMoving = z !== at.z || x !== at.x || y !== at.y;
    world.current.classList.toggle("moving", isMoving);
    world.current.style.transform = z === at.z ? `translate3d(${x}px, ${y}px, 0)` : `translate3d(${x}px, ${y}px, 0) scale(${z / at.z})`;
  });
  const sight = seen(drawn, view.room, MARGIN);
  const seats = plan.seats.length <= FEW || level === "far" || level === "dots" ? plan.seats : plan.seats.filter((seat) => overlaps(cellOf(seat), sight));
  const picked = chosen.value;
  const first = picked ?? seats[0]?.id;
  const letters = level === "far" ? lettersOf(drawn.z) : 0;
  // Where only the place changed, the same elements stay: a thousand of them are not looked at again.
  const shown = useMemo(
    () => seats.map((seat) => <Seat key={seat.id} floor={floor} seat={seat} level={seat.id.length < letters ? "id" : level} isHit={hits.has(seat.id)} isChosen={picked === seat.id} isFirst={seat.id === first} />),
    [floor, seats === plan.seats ? plan : seats, level, letters, hits, picked, first],
  );
  useLayoutEffect(() => {
    if (wanted.current === undefined) return;
    const target = frame.current?.querySelector<HTMLElement>(`[data-seat="${CSS.escape(wanted.current)}"]`);
    wanted.current = undefined;
    target?.focus({ preventScroll: true });
  });
  const go = (id: string) => {
    const seat = floor.places.peek().get(id);
    if (seat === undefined) return;
    wanted.current = id;
    view.show(cellOf(seat));
    frame.current?.querySelector<HTMLElement>(`[data-seat="${CSS.escape(id)}"]`)?.focus({ preventScroll: true });
  };
  const pressed = (event: KeyboardEvent) => {
    const direction = ARROWS[event.key];
    const id = event.target instanceof HTMLElement ? event.target.dataset["seat"] : undefined;
    if (direction === undefined || id === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const boxes = plan.seats.map((seat) => ({ left: seat.x, top: seat.y, width: seat.w, height: seat.h, id: seat.id }));
    const from = boxes.find((box) => box.id === id);
    const next = from && nearest(from, boxes, direction);
    if (next !== undefined) go(next.id);
  };
  const clicked = (event: MouseEvent) => {
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest("[data-over]")) return;
    chosen.value = target?.closest<HTMLElement>("[data-seat]")?.dataset["seat"];
  };
  useKeys(view);
  return (
    <div class={`s-canvas l-${level}`} ref={frame} onKeyDown={pressed} onClick={clicked} data-level={level}>
      <div class="s-world" ref={world} role="group" aria-label={say("map")} style={{ "--z": `${drawn.z}px`, "--pw": plan.width, "--ph": plan.height }}>
        <Drawing plan={plan} />
        <Names plan={plan} floor={floor} z={drawn.z} least={12} hasCounts={level !== "dots"} />
        {shown}
      </div>
      {children}
    </div>
  );
}

function useMeasured(frame: { readonly current: HTMLElement | null }, view: View, plan: Plan, floor: Floor): void {
  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const measure = () => {
      const room = { w: element.clientWidth, h: element.clientHeight };
      if (room.w === 0 || room.h === 0) return;
      const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 10;
      const isSmall = room.w < 600;
      floor.aspect.value = Math.round((room.w / room.h) * 5) / 5;
      view.measure({ w: plan.width, h: plan.height }, room, { top: rem, right: rem, bottom: rem * (isSmall ? 6.4 : 7.6), left: rem });
    };
    measure();
    if (typeof ResizeObserver === "undefined") return;
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [view, plan]);
  useEffect(() => () => view.stop(), [view]);
}

/** `+`, `−` and `0`, wherever no field has the focus. */
function useKeys(view: View): void {
  useKeydown((event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || inField(event.target) || isAsking()) return;
    if (event.key === "+" || event.key === "=") view.zoom(STEP, undefined, undefined, true);
    else if (event.key === "-" || event.key === "−") view.zoom(1 / STEP, undefined, undefined, true);
    else if (event.key === "0") view.whole();
  });
}
