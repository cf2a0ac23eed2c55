import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

/** Milliseconds between two re-sortings: on a busy floor tiles would never stand still. */
const SETTLE = 2000;

/** An order of keys that changes at most every two seconds; who comes or goes does so at once. */
export function useSettled(wanted: readonly string[]): readonly string[] {
  const [shown, setShown] = useState(wanted);
  const latest = useRef(wanted);
  latest.current = wanted;
  const isSame = shown.length === wanted.length && shown.every((key, i) => key === wanted[i]);
  const areSamePeople = isSame || [...shown].sort().join("\n") === [...wanted].sort().join("\n");
  useEffect(() => {
    if (isSame) return;
    const timer = setTimeout(() => setShown(latest.current), areSamePeople ? SETTLE : 0);
    return () => clearTimeout(timer);
  }, [isSame, areSamePeople]);
  return areSamePeople ? shown : wanted;
}

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
