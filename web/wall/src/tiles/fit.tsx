import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

import { useShow } from "../board/show";
import { useSteps } from "../parts/hooks";

interface FitProps {
  readonly long: ComponentChildren;
  readonly short?: ComponentChildren | undefined;
  /** What is written, to measure it again when that changes. */
  readonly of: unknown;
  readonly class?: string;
}

/** One line that takes its short form, then a smaller size, where there is little room; see `.one` of css/tiles/parts.css. */
export function Fit({ long, short = long, of, class: own = "" }: FitProps) {
  const steps = useSteps(3, of);
  return (
    <span class={`one ${own}`} ref={steps as never}>
      {short === long ? (
        <span>{long}</span>
      ) : (
        <>
          <span class="long">{long}</span>
          <span class="short" aria-hidden="true">
            {short}
          </span>
        </>
      )}
    </span>
  );
}

/** The smallest step at which an element's content fits its width and its height. */
export function useBoxSteps(last: number, content: unknown) {
  const ref = useRef<HTMLDivElement>(null);
  const measure = () => {
    const element = ref.current;
    if (element === null) return;
    for (let step = 0; step <= last; step++) {
      element.dataset["step"] = String(step);
      if (element.scrollWidth <= element.clientWidth + 1 && element.scrollHeight <= element.clientHeight + 1) return;
    }
  };
  useLayoutEffect(measure, [content, last]);
  useEffect(() => (ref.current === null ? undefined : watched(ref.current, measure)), []);
  return ref;
}

/** Width and height of an element, and the size of its type, in tenths of a rem: a drawing that scales with the wall. */
export interface Canvas {
  readonly width: number;
  readonly height: number;
  readonly text: number;
}
export function useCanvas(again: unknown = "") {
  // A state and no ref: the element may come later than the tile, when there is something to draw.
  const [element, setElement] = useState<HTMLElement | null>(null);
  const [canvas, setCanvas] = useState<Canvas>({ width: 0, height: 0, text: 30 });
  const measure = () => {
    if (element === null) return;
    const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 10;
    const [width = 0, height = 0, text = 30] = [element.clientWidth, element.clientHeight, Number.parseFloat(getComputedStyle(element).fontSize)].map((length) => Math.round((length / rem) * 10));
    setCanvas((before) => (before.width === width && before.height === height && before.text === text ? before : { width, height, text }));
  };
  useLayoutEffect(measure, [element, again]);
  useEffect(() => (element === null ? undefined : watched(element, measure)), [element]);
  return [setElement, canvas] as const;
}

/** A finger's breadth, in tenths of a rem of a board that is one column. */
const FINGER = 88;

/** How many rows of `em` times an element's own type find room in it; measured again when `again`, which may change that type, does. */
export function useRows(em: number, again: unknown = "") {
  const isStacked = useShow()?.isStacked.value === true;
  const [ref, { height, text }] = useCanvas(again);
  const row = Math.max(text * em, isStacked ? FINGER : 0);
  return [ref, height === 0 ? 0 : Math.max(1, Math.floor(height / row + 0.05))] as const;
}

/** Calls `measure` when an element's room or the fonts change, until what it returns is called. */
function watched(element: HTMLElement, measure: () => void): (() => void) | undefined {
  if (typeof ResizeObserver === "undefined") return undefined;
  const observer = new ResizeObserver(measure);
  observer.observe(element);
  void document.fonts?.ready.then(measure);
  return () => observer.disconnect();
}
