import { effect, signal } from "@preact/signals";

import type { Theme } from "../board/model";

export const THEMES: readonly Theme[] = ["dark", "light", "hc"];

const KEPT = "ccwall.theme";

const isTheme = (word: string | null): word is Theme => THEMES.some((theme) => theme === word);

/** What the address says, else what was chosen here, else what the system around the browser asks for. */
function first(): Theme {
  const asked = new URLSearchParams(location.search).get("theme");
  if (isTheme(asked)) return asked;
  const before = kept();
  if (isTheme(before)) return before;
  const asks = (query: string) => typeof matchMedia === "function" && matchMedia(query).matches;
  if (asks("(prefers-contrast: more)")) return "hc";
  return asks("(prefers-color-scheme: light)") ? "light" : "dark";
}

function kept(): string | null {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null; // a browser that keeps nothing
  }
}

/** The looks of a page that is read from a chair. */
export const theme = signal<Theme>("dark");

/** Called once by each page that has this choice; a wall has its board's theme. */
export function wearTheme(): void {
  theme.value = first();
  effect(() => {
    document.documentElement.dataset["theme"] = theme.value;
  });
}

/** Holds for this browser, against what the address says too. */
export function chooseTheme(chosen: Theme): void {
  theme.value = chosen;
  try {
    localStorage.setItem(KEPT, chosen);
  } catch {
    // then it holds until the page is closed
  }
  const url = new URL(location.href);
  if (!url.searchParams.has("theme")) return;
  url.searchParams.set("theme", chosen);
  history.replaceState(null, "", url);
}
