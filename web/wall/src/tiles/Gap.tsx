import { AsOf, TileFrame } from "../board/Frame";
import type { TileProps } from "../board/registry";
import { inOrder, scopeOf } from "../board/scope";
import { useWall } from "../context";
import { nameOf } from "../names";
import { Ask } from "../parts/Ask";
import { useDerived, useSteps } from "../parts/hooks";
import { useMoves, useSettled } from "../parts/moves";
import type { Freshness } from "../stale";
import type { Wall } from "../wall";
import { lang, t } from "../words";
import { Fit, useRows } from "./fit";
import { advice, byNeed, type Gap, whole } from "./gaps";
import { GapWord } from "./GapWord";
import { flag, text } from "./options";
import { tiles } from "./words";

const LIVE: Freshness = { kind: "live" };

/** The queues of a place with people at work and people needed, as the board has them now. */
export function gapsOf(wall: Wall, scope: string): readonly Gap[] {
  const place = scopeOf(wall, scope);
  const branch = wall.board.at("queues");
  const keys = place.kind === "queue" ? [place.id] : place.kind === "line" ? place.cell.at("queues").list.map(String) : inOrder(branch);
  return keys.map((id, order) => {
    const told = branch.at(id, "outlook");
    return { id, order, gap: told.at("gap").number, need: told.at("need").number, capacity: told.at("capacity").number };
  });
}

/** How many people each queue is short of, the worst first, and what would help most. */
export function GapTile({ tile, options }: TileProps) {
  const wall = useWall();
  const queues = wall.board.at("queues");
  const place = scopeOf(wall, text(options, "scope"));
  const gaps = useDerived(() => gapsOf(wall, text(options, "scope")), [options]).value;
  const sorted = useSettled([...gaps].sort(byNeed).map(({ id }) => id));
  const byId = new Map(gaps.map((one) => [one.id, one]));
  const [ref, room] = useRows(1.47);
  const list = useMoves(sorted.join("\n"), "data-gap");
  const shown = sorted.slice(0, Math.max(1, room));
  const most = Math.max(2, ...gaps.map(({ gap }) => Math.abs(gap ?? 0)));
  const steps = useSteps(2, `${sorted.join()}${JSON.stringify(gaps.map(({ gap }) => gap))}${lang.value}${room}`);
  const isKnown = gaps.some(({ gap }) => gap !== undefined);
  const isWhole = gaps.every(({ id }) => isFresh(wall, id));
  const todo = flag(options, "advice") && isKnown ? advice(gaps.filter(({ id }) => isFresh(wall, id))) : undefined;
  // Each row says of itself whether it is old.
  const isPart = place.freshness.kind === "part";
  const rest = sorted.length - shown.length;
  const legend = rest > 0 && room > 0 ? tiles.t("gap.more", { n: rest }) : `${tiles.t("gap.have")} / ${tiles.t("gap.need")}`;
  const name = (id: string) => nameOf(queues.at(id), id);
  return (
    <TileFrame
      tile={tile}
      title={`${place.name} ${tiles.t("tile.gap")}`.trim()}
      freshness={isPart ? LIVE : place.freshness}
      class="t-gap"
      aside={isPart ? <AsOf freshness={place.freshness} /> : legend}
      written={isPart ? "part" : legend}
      instead={gaps.length === 0 ? { look: "empty", why: tiles.t("gap.none"), note: t("queue.noneWhy") } : undefined}
    >
      <div class="room" ref={ref}>
        <ul
          ref={(element) => {
            list.current = element;
            steps.current = element;
          }}
        >
          {shown.map((id) => {
            const one = byId.get(id);
            return one === undefined ? null : <Row key={id} one={one} name={name(id)} most={most} isOld={!isFresh(wall, id)} />;
          })}
        </ul>
      </div>
      {flag(options, "advice") && (
        <p class="advice">
          <Fit
            of={JSON.stringify([todo, isWhole, isKnown, tiles.t("gap.fine")])}
            short={isKnown || !isWhole ? undefined : tiles.t("outlook.fewShort")}
            long={todo === undefined ? tiles.t(!isWhole ? "gap.stopped" : isKnown ? "gap.fine" : "outlook.few") : <Told todo={{ ...todo, to: name(todo.to), ...(todo.from === undefined ? {} : { from: name(todo.from) }) }} />}
          />
        </p>
      )}
    </TileFrame>
  );
}

const isFresh = (wall: Wall, id: string): boolean => wall.freshnessOf(wall.board.at("queues", id, "source").text).kind !== "stale";

function Told({ todo: { from, to, n } }: { todo: { readonly from?: string; readonly to: string; readonly n: number } }) {
  const names = { to: <bdi>{to}</bdi>, n: <b>{n}</b> };
  return <>{from === undefined ? tiles.fill("gap.call", names) : tiles.fill("gap.spare", { ...names, from: <bdi>{from}</bdi> })}</>;
}

function Row({ one, name, most, isOld }: { one: Gap; name: string; most: number; isOld: boolean }) {
  const people = one.gap === undefined ? undefined : whole(one.gap);
  const part = people === undefined ? 0 : Math.min(50, (50 * Math.abs(people)) / most);
  return (
    <li data-gap={one.id} class={isOld ? "stale" : ""}>
      <Fit class="name" of={name} long={<bdi>{name}</bdi>} />
      <span class="axis" aria-hidden="true">
        {people !== undefined && people !== 0 && <i class={people < 0 ? "short" : "over"} style={people < 0 ? { insetInlineEnd: "50%", width: `${part}%` } : { insetInlineStart: "50%", width: `${part}%` }} />}
      </span>
      <span class="of">{one.need === undefined || one.capacity === undefined ? "" : `${Math.floor(one.capacity + 1e-9)} / ${Math.ceil(one.need - 1e-9)}`}</span>
      <span class="what">{one.gap === undefined ? <Fit class="few" of={tiles.t("gap.unknown")} long={tiles.t("gap.unknown")} short="–" /> : <GapWord gap={one.gap} isOld={isOld} />}</span>
      <Ask metric="gap" scope={`queue:${one.id}`} what={`${name} ${tiles.t("tile.gap")}`} />
    </li>
  );
}
