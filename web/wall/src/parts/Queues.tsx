import type { Tile } from "../board/model";
import type { TileProps } from "../board/registry";
import { inOrder, scopeOf } from "../board/scope";
import { farType, useShow } from "../board/show";
import { useWall } from "../context";
import { nameOf } from "../names";
import { ofRate } from "../severity";
import { text } from "../tiles/options";
import type { Wall } from "../wall";
import { t } from "../words";
import { Empty } from "./Empty";
import { useDerived, useRoom } from "./hooks";
import { useSettled } from "./moves";
import { type Column, LevelHead, QueueRow } from "./QueueRow";

/** All queues, or those of a line; more than find room come page by page. */
export function Queues({ tile, options }: TileProps) {
  const wall = useWall();
  const [scope, sort] = [text(options, "scope"), text(options, "sort")];
  const keys = useDerived(() => sorted(wall, scope, sort), [scope, sort]);
  const shown = useSettled(keys.value);
  if (shown.length === 0)
    return (
      <section class="queues tile" data-tile={tile.id} aria-label={t("queue")}>
        <Empty what={t("queue.none")} why={t("queue.noneWhy")} />
      </section>
    );
  return <QueueTable tile={tile} keys={shown} />;
}

/** As configured, or by what the tile says: the worst first, most waiting first, by name. */
export function sorted(wall: Wall, scope: string, sort: string): readonly string[] {
  const queues = wall.board.at("queues");
  const place = scopeOf(wall, scope);
  const known = new Set(queues.keys);
  const keys = place.kind === "line" ? place.cell.at("queues").list.map(String).filter((key) => known.has(key)) : inOrder(queues);
  if (sort === "order" || sort === "") return keys;
  const by = {
    waiting: (key: string) => -(queues.at(key, "waiting").number ?? 0),
    worst: (key: string) => badness(queues.at(key, "service_level").number, queues.at(key, "target", "service_level").number),
    name: () => 0,
  }[sort];
  if (by === undefined) return keys;
  const named = sort === "name" ? [...keys].sort((a, b) => nameOf(queues.at(a), a).localeCompare(nameOf(queues.at(b), b))) : [...keys];
  return named.sort((a, b) => by(a) - by(b));
}

/** The smaller, the worse: how far a level is over its target; those without a number last. */
function badness(level: number | undefined, target: number | undefined): number {
  if (level === undefined) return 2;
  return ofRate(level, target) === "none" ? 1 : level - (target ?? 0);
}

/** Seconds a page of rows stays. */
const DWELL = 12;
/** Tenths of a rem: the least height of a row that stays readable from afar, and what the heads take. */
const ROW = 54;
const HEADS = 58;
/** In lower rows the target stands beside its bar and not over it. */
const LOW = 68;

/** How many rows find room in a height of tenths of a rem. */
export const rowsIn = (height: number): number => Math.max(1, Math.floor((height - HEADS) / ROW));

/** Which columns find room in a width of tenths of a rem: what is done about now first, what is counted of today after. */
export function columnsIn(width: number, hasGap: boolean): ReadonlySet<Column> {
  const columns: Column[] = ["waiting", "longest", "ready"];
  if (hasGap) columns.push("staff");
  if (width >= 900 || width === 0) columns.push("bar");
  if (width >= (hasGap ? 1330 : 1200)) columns.push("of", "gone");
  return new Set(columns);
}

/** Rows of queues under their heads. */
export function QueueTable({ tile, keys }: { readonly tile: Tile; readonly keys: readonly string[] }) {
  const wall = useWall();
  const show = useShow();
  const queues = wall.board.at("queues");
  const isStacked = show?.isStacked.value === true;
  const [ref, [width, height]] = useRoom();
  // Bigger type needs more room for the same words.
  const scale = show === undefined ? 1 : Math.max(1, farType(show.board.distance, show.board.diagonal) / 90);
  const room = isStacked || height === 0 ? Math.max(1, keys.length) : rowsIn(height / scale);
  const pages = Math.max(1, Math.ceil(keys.length / room));
  const page = useDerived(() => (pages === 1 ? 0 : Math.floor(wall.uptime.value / DWELL) % pages), [pages]).value;
  const rows = keys.slice(page * room, (page + 1) * room);
  const hasGap = useDerived(() => keys.some((key) => queues.at(key, "outlook", "gap").number !== undefined), [keys]).value;
  const columns = columnsIn(isStacked ? 0 : width / scale, hasGap);
  // Rows of one page are as high as those of the next.
  const drawn = pages > 1 ? room : Math.max(rows.length, Math.min(room, keys.length === 1 ? 1 : 5));
  const isLow = !isStacked && height > 0 && (height - HEADS) / drawn < LOW;
  return (
    <section class={`queues tile ${isStacked ? "cards" : ""} ${isLow ? "low" : ""} ${hasGap ? "gaps" : ""} ${columns.has("of") ? "wide" : ""} ${columns.has("bar") ? "" : "plain"} ${keys.length === 1 ? "single" : ""}`} data-tile={tile.id} aria-label={t("queue")} style={{ "--shown": drawn }}>
      <div class="room" ref={ref}>
        <table>
          <colgroup>
            {["name", "level", ...(columns.has("bar") ? ["bar"] : []), "waiting", "longest", "ready", ...[...columns].filter((column) => column === "staff" || column === "of" || column === "gone")].map((column) => (
              <col key={column} class={`c-${column}`} />
            ))}
          </colgroup>
          <thead>
            <tr>
              <th scope="col" class="q-name">
                {t("queue")}
                {pages > 1 && (
                  <span class="pages" aria-label={`${page + 1} / ${pages}`}>
                    {Array.from({ length: pages }, (_, i) => (
                      <i key={i} class={i === page ? "on" : ""} />
                    ))}
                  </span>
                )}
              </th>
              <th scope="colgroup" colSpan={columns.has("bar") ? 2 : 1} class="kpi">
                <LevelHead keys={keys} />
              </th>
              <th scope="col">{t("queue.waiting")}</th>
              <th scope="col">{t("queue.longest")}</th>
              <th scope="col">{t("queue.ready")}</th>
              {columns.has("staff") && <th scope="col">{t("queue.gap")}</th>}
              {columns.has("of") && <th scope="col">{t("queue.answered")}</th>}
              {columns.has("gone") && <th scope="col">{t("queue.abandoned")}</th>}
            </tr>
          </thead>
          <tbody>
            {rows.map((key) => (
              <QueueRow key={key} id={key} queue={queues.at(key)} columns={columns} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
