import { computed, type ReadonlySignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";

import { useWall } from "../context";
import { type Severity, Verdict } from "../severity";
import type { Freshness } from "../stale";

/** A computed signal whose function closes over props: made again when one of `inputs` changes. */
export function useDerived<T>(derive: () => T, inputs: readonly unknown[]): ReadonlySignal<T> {
  return useMemo(() => computed(derive), inputs);
}

/** The verdict to show for what the numbers say now, or said when they stopped; see `Verdict`. */
export function useVerdict(raw: Severity, freshness: Freshness): Severity {
  const wall = useWall();
  const verdict = useRef<Verdict>(null);
  verdict.current ??= new Verdict();
  if (freshness.kind === "stale") return verdict.current.stand(raw);
  const shown = verdict.current.at(wall.second.peek() ?? 0, raw);
  // Only a verdict that waits to get milder needs to look again every second.
  return shown === raw ? shown : verdict.current.at(wall.second.value ?? 0, raw);
}

/**
 * The smallest step at which an element's content fits its width, 0 the roomiest. The element says what a step means
 * in its CSS (`[data-step]`); it is measured again when `content` changes and when its room does.
 */
export function useSteps(last: number, content: unknown) {
  const ref = useRef<HTMLElement>(null);
  const measure = () => {
    const element = ref.current;
    if (element === null) return;
    for (let step = 0; step <= last; step++) {
      element.dataset.step = String(step);
      if (fits(element)) return;
    }
  };
  useLayoutEffect(measure, [content, last]);
  useEffect(() => {
    const element = ref.current;
    if (element === null || typeof ResizeObserver === "undefined") return;
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    void document.fonts?.ready.then(measure);
    return () => observer.disconnect();
  }, []);
  return ref;
}

/** To the fraction of a pixel where one element holds all the text: a hair too much already ends in an ellipsis. */
function fits(element: HTMLElement): boolean {
  const [only] = element.children;
  if (only === undefined || element.children.length > 1 || only.textContent !== element.textContent)
    return element.scrollWidth <= element.clientWidth + 1;
  const style = getComputedStyle(element);
  const padding = Number.parseFloat(style.paddingLeft) + Number.parseFloat(style.paddingRight);
  return only.getBoundingClientRect().width <= element.getBoundingClientRect().width - (padding || 0) + 0.01;
}

/** Width and height of an element in tenths of a rem, so that drawings scale with the wall. */
export function useRoom() {
  const ref = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState<readonly [number, number]>([0, 0]);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const measure = () => {
      const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 10;
      setRoom([Math.round((element.clientWidth / rem) * 10), Math.round((element.clientHeight / rem) * 10)]);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [ref, room] as const;
}

/** Keys are heard from the moment what they belong to can be seen: an effect would begin after the frame is drawn, on a busy machine long after. */
export function useKeydown(pressed: (event: KeyboardEvent) => void, isOn = true): void {
  const latest = useRef(pressed);
  latest.current = pressed;
  useLayoutEffect(() => {
    if (!isOn) return;
    const heard = (event: KeyboardEvent) => latest.current(event);
    addEventListener("keydown", heard);
    return () => removeEventListener("keydown", heard);
  }, [isOn]);
}
