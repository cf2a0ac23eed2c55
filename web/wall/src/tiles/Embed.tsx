import { useEffect, useState } from "preact/hooks";

import { TileFrame } from "../board/Frame";
import type { TileProps } from "../board/registry";
import { embeddable } from "./hosts";
import { text } from "./options";
import { tiles } from "./words";

/** Seconds before somebody is told that a page does not come. */
const PATIENCE = 20_000;
const AGAIN = 15_000;

/** The hosts that the configuration allows; asked again until the server answers. `undefined`: not known yet. */
function useHosts(): readonly string[] | undefined {
  const [hosts, setHosts] = useState<readonly string[]>();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isGone = false;
    const ask = () =>
      fetch("api/v1/boards", { headers: { accept: "application/json" } })
        .then((answer) => (answer.ok ? (answer.json() as Promise<{ embed?: unknown }>) : Promise.reject(new Error(String(answer.status)))))
        .then(
          ({ embed }) => isGone || setHosts(Array.isArray(embed) ? embed.filter((host) => typeof host === "string").slice(0, 200) : []),
          () => {
            if (!isGone) timer = setTimeout(() => void ask(), AGAIN);
          },
        );
    void ask();
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
  }, []);
  return hosts;
}

/** A long name breaks after its dots. */
const broken = (host: string): string => host.replaceAll(".", ".\u200b");

/**
 * A page of an allowed host, with the least rights it can live with: its own scripts and its own origin, no forms, windows,
 * devices or way out of the frame; nobody can click into it, so that it never takes the keyboard from the wall.
 */
export function EmbedTile({ tile, options }: TileProps) {
  const hosts = useHosts();
  const address = text(options, "address");
  const { url, host, refusal } = embeddable(address, hosts ?? []);
  const [state, setState] = useState<"loading" | "shown" | "slow">("loading");
  const isAllowed = hosts !== undefined && url !== undefined;
  useEffect(() => {
    if (!isAllowed || state !== "loading") return;
    const timer = setTimeout(() => setState("slow"), PATIENCE);
    return () => clearTimeout(timer);
  }, [isAllowed, state]);
  const frame = { tile, title: host || tiles.t("tile.embed"), isBare: true, class: "t-embed" };
  if (refusal === "none") return <TileFrame {...frame} instead={{ look: "empty", why: tiles.t("embed.none") }} />;
  if (refusal === "address" || refusal === "https") return <TileFrame {...frame} instead={{ look: "error", why: tiles.t(`embed.refused.${refusal}`), note: tiles.t(`embed.next.${refusal}`) }} />;
  if (hosts === undefined) return <TileFrame {...frame} instead={{ look: "loading", why: tiles.t("embed.loading", { host: broken(host) }) }} />;
  if (url === undefined) return <TileFrame {...frame} instead={{ look: "error", why: tiles.t("embed.refused.host", { host: broken(host) }), note: tiles.t("embed.next.host") }} />;
  // Of the wall's own origin a script with its origin could take the sandbox off.
  const rights = new URL(url).origin === location.origin ? "allow-scripts" : "allow-scripts allow-same-origin";
  return (
    <TileFrame {...frame}>
      {state !== "shown" && (
        <p class="coming" role="status">
          {tiles.t(state === "slow" ? "embed.slow" : "embed.loading", { host: broken(host) })}
        </p>
      )}
      <iframe src={url} title={host} sandbox={rights} allow="" referrerpolicy="no-referrer" tabIndex={-1} inert onLoad={() => setState("shown")} />
    </TileFrame>
  );
}
