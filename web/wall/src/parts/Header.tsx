import { useWall } from "../context";
import { clock, date } from "../format/moment";
import { siteName } from "../names";
import type { Cell } from "../wire/cell";
import { type Key, lang, t } from "../words";
import { useDerived, useSteps } from "./hooks";

export function Header() {
  const wall = useWall();
  const name = siteName(wall.board);
  const steps = useSteps(3, `${name}${lang.value}`);
  return (
    <header class="w-head" ref={steps as never}>
      <h1 class="name">
        <bdi>{name}</bdi>
      </h1>
      <Mode />
      <Load />
      <Clock />
    </header>
  );
}

/** Live, a demonstration or a replay: nobody may take one for the other. */
function Mode() {
  const wall = useWall();
  const mode = wall.isLive.value ? modeOf(wall.board) : "lost";
  return (
    <span class={`mode ${mode}`}>
      <i aria-hidden="true" />
      {t(`mode.${mode}` as Key)}
    </span>
  );
}

function modeOf(board: Cell): "live" | "demo" | "replay" {
  const told = board.at("site", "mode").text;
  return told === "demo" || told === "replay" ? told : "live";
}

function Load() {
  const wall = useWall();
  const load = wall.board.at("floor", "load").number;
  if (load === undefined || load < 1 || load > 5) return <span class="load" />;
  const level = Math.round(load);
  const severity = level === 5 ? "breach" : level === 4 ? "warn" : "";
  return (
    <span class={`load ${wall.floorFreshness.value.kind === "live" ? severity : "stale"}`}>
      <span class="label">{t("load")}</span>
      <span class="bars" aria-hidden="true">
        {[1, 2, 3, 4, 5].map((bar) => (
          <i key={bar} class={bar <= level ? "on" : ""} />
        ))}
      </span>
      <b>{t(`load.${level}` as Key)}</b>
    </span>
  );
}

function Clock() {
  const wall = useWall();
  const { zone } = wall;
  const now = useDerived(() => (wall.second.value === undefined ? "" : clock(wall.second.value, zone)), [zone]);
  const today = useDerived(
    () => (wall.second.value === undefined ? "" : date(wall.second.value, zone, lang.value)),
    [zone],
  );
  return (
    <>
      <span class="date">{today}</span>
      <time class={`clock ${wall.isLive.value ? "" : "stale"}`}>{now}</time>
    </>
  );
}
