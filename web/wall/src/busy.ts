import { isAsking } from "./ask";

/** What somebody typed and did not save yet; the editors put it on their page. */
const UNSAVED = "[data-unsaved]";
const FIELDS = "input:not([type=checkbox], [type=radio], [type=button], [type=range]), textarea, select, [contenteditable=true]";

/** Whether a reload now would take something out of somebody's hands. */
export function isBusy(): boolean {
  if (isAsking() || document.querySelector(`${UNSAVED}, dialog[open], [role=dialog]`) !== null) return true;
  return document.activeElement?.matches(FIELDS) === true;
}

/** Whether a reload would lose what cannot be typed again in a moment. */
export const isUnsaved = (): boolean => document.querySelector(UNSAVED) !== null;
