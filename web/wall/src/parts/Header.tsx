import type { TileProps } from "../board/registry";
import { scopeOf } from "../board/scope";
import { useShow } from "../board/show";
import { useWall } from "../context";
import { clock, date } from "../format/moment";
import { siteName } from "../names";
import { flag, text, words } from "../tiles/options";
import { tiles } from "../tiles/words";
import { isSlight, skew } from "../truth/skew";
import { SoundSign } from "../sound/Sign";
import { isBlocked } from "../sound/state";
import { SkewNote } from "../truth/SkewNote";
import type { Cell } from "../wire/cell";
import { address } from "../wire/socket";
import { type Key, lang, t } from "../words";
import { useDerived, useSteps } from "./hooks";

/** Who this is, whether it is live, how much is asked of the floor, and the time. */
export function Header({ tile, options }: TileProps) {
  const wall = useWall();
  const show = useShow();
  const page = show?.board.pages[show.page.value]?.name?.[lang.value] ?? "";
  const name = words(options, "title", lang.value) || siteName(wall.board);
  const place = scopeOf(wall, text(options, "scope"));
  const whose = place.kind === "floor" ? "" : place.name;
  const steps = useSteps(4, `${name}${page}${whose}${lang.value}${show?.pages}${isBlocked.value}${skew.value === undefined}`);
  const logo = show?.board.logo;
  return (
    <header class="w-head" ref={steps as never} data-tile={tile.id}>
      {logo !== undefined && <img class="logo" src={address(`api/v1/pictures/${encodeURIComponent(logo)}`).href} alt="" />}
      <h1 class="name">
        <bdi>{name}</bdi>
      </h1>
      {whose !== "" && <bdi class="whose">{whose}</bdi>}
      {page !== "" && <bdi class="of">{page}</bdi>}
      <Mode />
      {show !== undefined && show.pages > 1 && <Dots page={show.page.value} pages={show.pages} isHeld={show.isHeld.value} />}
      <span class="slot" data-slot="sound">
        <SoundSign />
        <SkewNote isShown={isSlight} />
      </span>
      {flag(options, "load") ? <Load /> : <span class="load" />}
      {(flag(options, "date") || flag(options, "clock")) && <Clock hasDate={flag(options, "date")} hasClock={flag(options, "clock")} />}
    </header>
  );
}

/** Which page of how many; two bars while they do not turn. */
function Dots({ page, pages, isHeld }: { page: number; pages: number; isHeld: boolean }) {
  return (
    <span class={`dots ${isHeld ? "held" : ""}`} role="img" aria-label={tiles.t(isHeld ? "look.pageHeld" : "look.page", { n: page + 1, all: pages })}>
      {Array.from({ length: pages }, (_, i) => (
        <i key={i} class={i === page ? "on" : ""} />
      ))}
    </span>
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

function Clock({ hasDate, hasClock }: { hasDate: boolean; hasClock: boolean }) {
  const wall = useWall();
  const { zone } = wall;
  const now = useDerived(() => (wall.second.value === undefined ? "" : clock(wall.second.value, zone)), [zone]);
  const today = useDerived(
    () => (wall.second.value === undefined ? "" : date(wall.second.value, zone, lang.value)),
    [zone],
  );
  return (
    <>
      {hasDate && <span class="date">{today}</span>}
      {hasClock && <time class={`clock ${wall.isLive.value ? "" : "stale"}`}>{now}</time>}
    </>
  );
}
