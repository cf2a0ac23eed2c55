import { useEffect } from "preact/hooks";

import type { View } from "./view";

/** Pixels a pointer may stray and still be a click. */
const STRAY = 5;
const WHEEL = 0.0016;

/** Dragging moves the plan, two fingers or the wheel zoom it; a press that does not move stays a click. */
export function useGestures(ref: { readonly current: HTMLElement | null }, view: View): void {
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const fingers = new Map<number, readonly [number, number]>();
    let hasMoved = false;
    let from: readonly [number, number] = [0, 0];
    const at = (event: MouseEvent): readonly [number, number] => {
      const { left, top } = element.getBoundingClientRect();
      return [event.clientX - left, event.clientY - top];
    };
    const down = (event: PointerEvent) => {
      if (event.button !== 0 || (event.target instanceof Element && event.target.closest("[data-over]"))) return;
      if (fingers.size === 0) [hasMoved, from] = [false, at(event)];
      fingers.set(event.pointerId, at(event));
      view.isHeld = true;
    };
    const move = (event: PointerEvent) => {
      const before = fingers.get(event.pointerId);
      if (before === undefined) return;
      const now = at(event);
      if (!hasMoved && fingers.size === 1 && Math.hypot(now[0] - from[0], now[1] - from[1]) < STRAY) return;
      if (!hasMoved) element.setPointerCapture(event.pointerId);
      hasMoved = true;
      const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
      fingers.set(event.pointerId, now);
      if (other === undefined) return view.pan(now[0] - before[0], now[1] - before[1]);
      const gap = (point: readonly [number, number]) => Math.max(1, Math.hypot(point[0] - other[0], point[1] - other[1]));
      view.pan((now[0] - before[0]) / 2, (now[1] - before[1]) / 2);
      view.zoom(gap(now) / gap(before), (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
    };
    const up = (event: PointerEvent) => {
      if (!fingers.delete(event.pointerId) || fingers.size > 0) return;
      view.isHeld = false;
      if (hasMoved) view.settle();
    };
    // The click at the end of a drag is for no seat.
    const click = (event: MouseEvent) => {
      if (!hasMoved) return;
      hasMoved = false;
      event.stopPropagation();
      event.preventDefault();
    };
    const wheel = (event: WheelEvent) => {
      if (event.target instanceof Element && event.target.closest("[data-over]")) return;
      event.preventDefault();
      const pixels = event.deltaMode === 1 ? 16 : 1;
      if (event.shiftKey) return view.pan(-(event.deltaX || event.deltaY) * pixels, 0);
      view.zoom(Math.exp(-event.deltaY * pixels * (event.ctrlKey ? 6 : 1) * WHEEL), ...at(event));
    };
    element.addEventListener("pointerdown", down);
    element.addEventListener("pointermove", move);
    element.addEventListener("pointerup", up);
    element.addEventListener("pointercancel", up);
    element.addEventListener("click", click, true);
    element.addEventListener("wheel", wheel, { passive: false });
    return () => {
      element.removeEventListener("pointerdown", down);
      element.removeEventListener("pointermove", move);
      element.removeEventListener("pointerup", up);
      element.removeEventListener("pointercancel", up);
      element.removeEventListener("click", click, true);
      element.removeEventListener("wheel", wheel);
    };
  }, [view]);
}
