import type { TileProps } from "../board/registry";
import { TileFrame } from "../board/Frame";
import { inOrder, lasting, placeName, scopeOf } from "../board/scope";
import { useShow } from "../board/show";
import { useWall } from "../context";
import { count } from "../format/count";
import { nameOf } from "../names";
import { Glyph } from "../parts/Glyph";
import { useDerived, useRoom, useVerdict } from "../parts/hooks";
import { Timer } from "../parts/Timer";
import { ofLimit } from "../severity";
import type { Cell } from "../wire/cell";
import { lang, t } from "../words";
import { text } from "./options";
import { tiles } from "./words";

/** Tenths of a rem a row takes at least. */
const ROW = 58;

/** Who waits, queue by queue: how many, and how long the first of them has. Nobody's number is on a wall. */
export function Waiting({ tile, options }: TileProps) {
  const wall = useWall();
  const show = useShow();
  const place = scopeOf(wall, text(options, "scope"));
  const keys = useDerived(() => waitingIn(wall.board.at("queues"), place.kind === "queue" ? [place.id] : place.kind === "line" ? place.cell.at("queues").list.map(String) : undefined), [place.scope]);
  const title = place.kind === "floor" ? tiles.t("tile.waiting") : tiles.t("look.waitingIn", { name: placeName(wall, place) });
  const [ref, [, height]] = useRoom();
  const room = show?.isStacked.value || height === 0 ? 12 : Math.max(1, Math.floor(height / ROW));
  const shown = keys.value.length > room ? keys.value.slice(0, Math.max(1, room - 1)) : keys.value;
  const total = place.cell.at("waiting").number;
  const empty = keys.value.length === 0 ? { instead: { look: "empty" as const, why: place.isPresent ? tiles.t("look.nobodyWaits") : tiles.t("look.noPlace") } } : {};
  return (
    <TileFrame tile={tile} title={title} brief={tiles.t("tile.waiting")} freshness={place.freshness} aside={total === undefined ? "" : count(total, lang.value)} {...empty}>
      <div class="room" ref={ref}>
        <ol class="waits">
          {shown.map((key) => (
            <Wait key={key} id={key} queue={wall.board.at("queues", key)} />
          ))}
          {shown.length < keys.value.length && <li class="rest">{tiles.t("look.moreQueues", { n: keys.value.length - shown.length })}</li>}
        </ol>
      </div>
    </TileFrame>
  );
}

/** Those in which somebody waits, the longest wait first. */
function waitingIn(queues: Cell, among: readonly string[] | undefined): readonly string[] {
  const since = (key: string): number => queues.at(key, "longest_since").number ?? Number.MAX_VALUE;
  return (among ?? inOrder(queues)).filter((key) => (queues.at(key, "waiting").number ?? 0) > 0).sort((a, b) => since(a) - since(b));
}

function Wait({ id, queue }: { id: string; queue: Cell }) {
  const wall = useWall();
  const freshness = wall.freshnessOf(queue.at("source").text);
  const since = queue.at("longest_since").number;
  const limit = queue.at("target", "longest_wait").number;
  const raw = useDerived(() => ofLimit(lasting(since, freshness, wall.second.value), limit), [since, limit, freshness.kind]);
  const verdict = useVerdict(raw.value, freshness);
  const bad = verdict === "warn" || verdict === "breach";
  return (
    <li class={`${freshness.kind === "live" ? "" : "stale"} ${bad ? verdict : ""}`}>
      <bdi class="name">{nameOf(queue, id)}</bdi>
      <b class="many">{count(queue.at("waiting").number ?? 0, lang.value)}</b>
      <span class="for">
        {bad && <Glyph name={verdict} class={`m-${verdict}`} />}
        {bad && <span class="vh">{t(`severity.${verdict}`)}</span>}
        <b>
          <Timer since={since} freshness={freshness} />
        </b>
      </span>
    </li>
  );
}
