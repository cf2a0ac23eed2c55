import { effect } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { isCutOff } from "../parts/Banner";
import type { Wall } from "../wall";
import { truth } from "./words";

/** Drawn here and not fetched: it is wanted when there is no server to fetch it from. A pulled plug, in the striped frame of the banner. */
const LOST =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="#fff"/><rect x="2" y="2" width="28" height="28" rx="4" fill="#10161c"/><path d="M8 24 24 8" stroke="#fff" stroke-width="4" stroke-linecap="round"/><circle cx="16" cy="16" r="9" fill="none" stroke="#fff" stroke-width="4"/></svg>';
const ICON = `data:image/svg+xml,${encodeURIComponent(LOST)}`;

/** The tab's title, which says first whether what is behind it is live; so does its icon. */
export const titled = (name: string, isLive: boolean): string => `${isLive ? "" : `⚠ ${truth.t("notLive")} · `}${name} · ccwall`;

export function useTitle(wall: Wall, name: string): void {
  useEffect(
    () =>
      effect(() => {
        const isLive = !isCutOff(wall);
        document.title = titled(name, isLive);
        showIcon(isLive);
      }),
    [wall, name],
  );
}

let usual: string | undefined;

function showIcon(isLive: boolean): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  if (link === null) return;
  usual ??= link.href;
  const wanted = isLive ? usual : ICON;
  if (link.href !== wanted) link.href = wanted;
}
