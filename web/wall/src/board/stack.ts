import { type ReadonlySignal, signal } from "@preact/signals";
import { useEffect } from "preact/hooks";

/** A phone, a tablet upright, or a page zoomed until it is as small as one: one column, read from a hand. */
const NARROW = "(max-width: 999.9px), (max-height: 479.9px)";

const stacked = signal(false);

/** Whether the board is one column now; `html.stack` says so to the style sheets. */
export function useStacked(): ReadonlySignal<boolean> {
  useEffect(() => {
    const query = matchMedia(NARROW);
    const look = () => {
      stacked.value = query.matches;
      document.documentElement.classList.toggle("stack", query.matches);
    };
    look();
    query.addEventListener("change", look);
    return () => query.removeEventListener("change", look);
  }, []);
  return stacked;
}
