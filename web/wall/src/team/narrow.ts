import { signal } from "@preact/signals";

const PHONE = "(max-width: 44em)";
const query = typeof matchMedia === "undefined" ? undefined : matchMedia(PHONE);

/** Whether the page is held in a hand: one column, one thumb. As css/*.css have it. */
export const isPhone = signal(query?.matches ?? false);
query?.addEventListener("change", ({ matches }) => (isPhone.value = matches));
