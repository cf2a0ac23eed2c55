import { STATES } from "../states";
import { type Key, t } from "../words";
import { type Key as Said, isKey, say } from "./words";

/** What a device says in our words, a switch's state in its own; an unknown word as it came. */
export function said(says: string): string {
  if (isKey(`says.${says}`)) return say(`says.${says}` as Said);
  return (STATES as readonly string[]).includes(says) ? t(`state.${says}` as Key) : says;
}
