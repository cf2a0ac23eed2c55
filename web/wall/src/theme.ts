import type { BoardDocument, Theme } from "./board/model";
import { accentFor } from "./board/accent";

const THEMES: readonly Theme[] = ["dark", "light", "hc"];

/** The theme somebody asked for in the address, else the board's. */
export function themeOf(asked: string | null, board: Pick<BoardDocument, "theme"> | undefined): Theme {
  return THEMES.find((theme) => theme === asked) ?? THEMES.find((theme) => theme === board?.theme) ?? "dark";
}

/** Puts the board's theme, accent and room on the page: every colour and every size of type follows from these. */
export function dress(root: HTMLElement, board: BoardDocument, asked: string | null): void {
  const theme = themeOf(asked, board);
  root.dataset["theme"] = theme;
  document.querySelector('meta[name="color-scheme"]')?.setAttribute("content", theme === "light" ? "light" : "dark");
  const style = root.style;
  style.setProperty("--read-distance", String(board.distance));
  style.setProperty("--screen-diagonal", String(board.diagonal));
  const accent = board.accent === undefined ? undefined : accentFor(board.accent, theme);
  for (const [name, colour] of [
    ["--accent", accent?.accent],
    ["--on-accent", accent?.on],
    ["--accent-soft", accent?.soft],
  ] as const) {
    if (colour === undefined) style.removeProperty(name);
    else style.setProperty(name, colour);
  }
}
