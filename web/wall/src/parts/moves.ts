import { useLayoutEffect, useRef } from "preact/hooks";

/**
 * A tile whose place changed goes there in a moment rather than at once, so the eye can follow it.
 * Nothing moves when nothing changed place, nor for those who asked for less motion.
 */
export function useMoves(order: string, tile: string) {
  const ref = useRef<HTMLUListElement>(null);
  const before = useRef(new Map<string, readonly [number, number]>());
  useLayoutEffect(() => {
    const places = new Map<string, readonly [number, number]>();
    const isStill = typeof matchMedia === "function" && matchMedia("(prefers-reduced-motion: reduce)").matches;
    for (const element of ref.current?.querySelectorAll<HTMLElement>(`[${tile}]`) ?? []) {
      const key = element.getAttribute(tile) ?? "";
      const [left, top] = [element.offsetLeft, element.offsetTop];
      places.set(key, [left, top]);
      const old = before.current.get(key);
      if (old === undefined || isStill || (old[0] === left && old[1] === top)) continue;
      element.animate([{ transform: `translate(${old[0] - left}px, ${old[1] - top}px)` }, { transform: "none" }], {
        duration: 240,
        easing: "cubic-bezier(.2, 0, 0, 1)",
      });
    }
    before.current = places;
  }, [order, tile]);
  return ref;
}
