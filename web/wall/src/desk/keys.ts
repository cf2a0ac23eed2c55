import { signal } from "@preact/signals";

import { isAsking } from "../ask";
import { useKeydown } from "../parts/hooks";

const KEPT = "ccwall.keys";

function kept(): boolean {
  try {
    return localStorage.getItem(KEPT) !== "off";
  } catch {
    return true; // a browser that keeps nothing
  }
}

/** Whether single characters do something; who speaks to the browser may want them not to (WCAG 2.1.4). */
export const keys = signal(kept());

export function switchKeys(isOn: boolean): void {
  keys.value = isOn;
  try {
    localStorage.setItem(KEPT, isOn ? "on" : "off");
  } catch {
    // then it holds until the page is closed
  }
}

/** Whether a key was meant for the page: not while somebody writes, not with another key, not where they are switched off. */
export const isForPage = (event: KeyboardEvent): boolean =>
  keys.peek() &&
  !event.ctrlKey &&
  !event.altKey &&
  !event.metaKey &&
  !(event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement || event.target instanceof HTMLTextAreaElement);

/** A single key that does something, where such keys are wanted and nothing lies over the page. */
export function useKey(key: string, isOn: boolean, does: () => void): void {
  useKeydown((event) => {
    if (event.key.toLowerCase() !== key || event.repeat || event.shiftKey || !isForPage(event) || isAsking()) return;
    event.preventDefault();
    does();
  }, isOn);
}
