import type { ComponentChildren } from "preact";

import { AsOf, TileFrame } from "../board/Frame";
import { metricOf } from "../board/metrics";
import type { Page, Tile } from "../board/model";
import { placeName, scopeOf } from "../board/scope";
import { useShow } from "../board/show";
import { optionsOf, type TileProps } from "../board/registry";
import { useWall } from "../context";
import { count } from "../format/count";
import { exactSpan, wallSpan } from "../format/duration";
import { percent, targetPercent } from "../format/percent";
import { levelOf } from "../level-name";
import { Ask } from "../parts/Ask";
import { Glyph } from "../parts/Glyph";
import { useDerived, useSteps, useVerdict } from "../parts/hooks";
import { Legend, Mark, useLack } from "../parts/Mark";
import { Timer } from "../parts/Timer";
import type { Severity } from "../severity";
import type { Wall } from "../wall";
import type { Cell } from "../wire/cell";
import { lang, t } from "../words";
import { type Asked, askedBy, ENOUGH_RATINGS, ratingsOf, severityOf } from "./hero-number";
import { flag, text, words } from "./options";
import { Trend } from "./Trend";
import { type TileKey, tiles } from "./words";

const NONE = <span class="none">–</span>;

/** A number that is read from the back of the room. */
export function Hero({ tile, options }: TileProps) {
  const wall = useWall();
  const asked = askedBy(wall, options);
  if (asked === undefined)
    return <TileFrame tile={tile} title={tiles.t("tile.hero")} instead={{ look: "error", why: tiles.t("look.unknownMetric", { id: String(options["metric"]).slice(0, 40) }) }} />;
  if (!asked.place.isPresent)
    return <TileFrame tile={tile} title={tiles.t(`metric.${asked.id}`)} instead={{ look: "empty", why: tiles.t("look.noPlace"), note: asked.place.id }} />;
  return <Shown tile={tile} options={options} asked={asked} />;
}

function Shown({ tile, options, asked }: TileProps & { asked: Asked }) {
  const wall = useWall();
  const show = useShow();
  const { id, metric, place, value, target, own } = asked;
  const freshness = place.freshness;
  const isOld = freshness.kind !== "live";
  const raw = useDerived<Severity>(() => severityOf(asked, metric.kind === "since" ? wall.second.value : undefined), [id, place.scope, asked.window, value, target, own.kind, own.kind === "live" ? 0 : own.asOf]).value;
  // "Nobody" is a statement, and false as soon as there is somebody: it is not held back like the others.
  const held = useVerdict(raw, own);
  const verdict = id === "ready" ? raw : held;
  const name = titleOf(asked, words(options, "title", lang.value), wall.board.at("queues"));
  const figure = useFigure(asked);
  const look = isOld ? `stale ${freshness.kind}` : verdict;
  const page = show?.board.pages[show.page.value];
  const where = place.kind === "floor" || isNamedBy(page, text(options, "scope")) ? "" : placeName(wall, place);
  const window = asked.metric.isCounted ? tiles.t(`choice.window.${asked.window}` as TileKey) : "";
  const heading = useSteps(6, `${name.title}${name.small}${name.brief}${window}${where}${look}${lang.value}`);
  const hasTrend = flag(options, "trend") && metric.trend !== undefined && isTrending(place.cell.at("trend"), metric.trend) && (show?.reduced ?? 0) < 2;
  // Numbers side by side stand on one line: who has no trend keeps its room beside one who has.
  const isBeside = useDerived(() => hasTrendBeside(wall, page, tile), [page, tile]).value;
  const isLacking = useLack(asked.numbers) !== "" && id === "service_level";
  const row = useSteps(4, `${figure.shape}${figure.ems}${hasTrend}${isLacking}${look}${lang.value}${tile.w}`);
  return (
    <section class={`hero tile ${hasTrend || (isBeside && (show?.reduced ?? 0) < 2) ? "trended" : ""} ${look}`} data-tile={tile.id} aria-labelledby={`hero-${tile.id}`} style={{ "--ems": figure.ems }}>
      <h2 id={`hero-${tile.id}`} ref={heading as never}>
        <span class="long">{where === "" ? name.title : where}</span>
        <span class="short" aria-hidden="true">
          {where === "" ? name.short : where}
        </span>
        {(name.small !== "" || where !== "") && (
          <small>
            {where !== "" && <span>{name.short} </span>}
            <span class="long">{name.small}</span>
            <span class="short">{name.brief}</span>
          </small>
        )}
        {window !== "" && <small class="win">{window}</small>}
        {isOld && (verdict === "warn" || verdict === "breach") && <Glyph name={verdict} class="was" />}
        {metric.isCounted && value !== undefined && id !== "service_level" && <Mark of={asked.numbers} />}
      </h2>
      <div class="row" ref={row as never}>
        <p class="num">{figure.number}</p>
        {hasTrend && !isLacking && <span class="hint">{tiles.t("look.back", { n: 2 })}</span>}
        {isLacking && value !== undefined && (
          <div class="aside">
            <Legend of={asked.numbers} />
          </div>
        )}
      </div>
      {hasTrend ? <Trend asked={asked} isOld={isOld} /> : isBeside && <i class="trend" />}
      {metric.asked !== undefined && <Ask metric={metric.asked} scope={place.scope} window={asked.window} what={name.title} first={show === undefined || isFirst(show.board.pages, tile.id)} />}
      <div class="foot">{isOld ? <AsOf freshness={freshness} /> : <Foot asked={asked} raw={raw} verdict={verdict} />}</div>
    </section>
  );
}

/** Whether the page's header already says whose numbers these are. */
function isNamedBy(page: Page | undefined, scope: string): boolean {
  const header = page?.tiles.find(({ kind }) => kind === "header");
  return header !== undefined && header.options["scope"] === scope;
}

/** Two points are no trend yet. */
const isTrending = (trend: Cell, metric: string): boolean => trend.at(metric).list.length > 2;

function hasTrendBeside(wall: Wall, page: Page | undefined, tile: Tile): boolean {
  const row = page?.tiles.filter((other) => other.kind === "hero" && other.y === tile.y && other.h === tile.h) ?? [];
  return row.some((other) => {
    const options = optionsOf(other);
    const metric = metricOf(text(options, "metric"));
    return metric?.trend !== undefined && flag(options, "trend") && isTrending(scopeOf(wall, text(options, "scope")).cell.at("trend"), metric.trend);
  });
}

/** The one number of the page that the Tab key reaches. */
const isFirst = (pages: readonly { readonly tiles: readonly { readonly id: string; readonly kind: string }[] }[], id: string): boolean =>
  pages.some((page) => page.tiles.find(({ kind }) => kind === "hero")?.id === id);

interface Name {
  readonly title: string;
  readonly short: string;
  readonly small: string;
  readonly brief: string;
}

function titleOf({ id, place }: Asked, own: string, queues: Cell): Name {
  if (own !== "") return { title: own, short: own, small: "", brief: "" };
  if (id === "ready") return { title: t("hero.ready"), short: t("hero.ready"), small: t("hero.staffed"), brief: t("hero.staffed") };
  const plain = { title: tiles.t(`metric.${id}`), short: tiles.t(`metric.short.${id}`), small: "", brief: "" };
  if (id !== "service_level") return plain;
  const among = place.kind === "floor" ? queues.keys : place.kind === "line" ? place.cell.at("queues").list.map(String) : [];
  const name = levelOf(place.cell.at("formula"), queues, among);
  return { title: name.title, short: name.title === t("hero.sl") ? t("hero.slShort") : name.title, small: `${name.threshold} ${name.variant}`.trim(), brief: `${name.threshold} ${name.brief}`.trim() };
}

interface Figure {
  readonly number: ComponentChildren;
  /** What it looks like, to measure it again when that changes. */
  readonly shape: string;
  /** About how many ems wide it is, from which its size follows. */
  readonly ems: number;
}

/** A bold digit is 0.6 em wide, a colon or point half of that; a unit is set at 0.46. */
export function emsOf(figure: string, unit = ""): number {
  const wide = (what: string): number => [...what].reduce((sum, sign) => sum + (/[\d\-−+–]/.test(sign) ? 0.6 : /[.:,/ ]/.test(sign) ? 0.3 : (sign.codePointAt(0) ?? 0) >= 0x2e80 ? 1 : 0.75), 0);
  return wide(figure) + 0.46 * (wide(unit) + (unit === "" ? 0 : 0.15));
}

function useFigure(asked: Asked): Figure {
  const wall = useWall();
  const { id, metric, place, value, target, own } = asked;
  const span = useDerived(
    () => (metric.kind !== "since" || value === undefined ? undefined : wallSpan((own.kind === "stale" ? (own.asOf ?? wall.second.value ?? value) : (wall.second.value ?? value)) - value)),
    [metric, value, own.kind, own.kind === "live" ? 0 : own.asOf],
  );
  const shape = useDerived(() => `${span.value?.figure.replace(/\d/g, "0")}${span.value?.unit}`, [span]).value;
  if (value === undefined) return { number: NONE, shape: "–", ems: 0.6 };
  const unit = (figure: string, small: string): Figure => ({ number: <>{figure}{small !== "" && <span class="u">{small}</span>}</>, shape: `${figure}${small}`, ems: emsOf(figure, small) });
  switch (metric.kind) {
    case "percent":
      return unit(String(percent(value, target)), "%");
    case "since": {
      const told = span.peek();
      const words = told?.unit ? t(`unit.${told.unit}`) : "";
      return { number: <Timer since={value} freshness={own} />, shape, ems: emsOf(told?.figure ?? "0:00", words) };
    }
    case "span": {
      const told = wallSpan(value);
      return unit(told.figure, told.unit === "" ? "" : ` ${t(`unit.${told.unit}`)}`);
    }
    case "number":
      return unit(signed(value), "");
    case "people":
    case "count": {
      const staffed = id === "ready" ? place.cell.at("staffed").number : undefined;
      return unit(count(value, lang.value), staffed === undefined ? "" : `/${count(staffed, lang.value)}`);
    }
  }
}

/** In whole ones: half a person too few is one too few. */
export function signed(value: number): string {
  const whole = Math.floor(value + 1e-6);
  return whole === 0 ? "0" : whole < 0 ? `−${-whole}` : `+${whole}`;
}

function Foot({ asked, raw, verdict }: { asked: Asked; raw: Severity; verdict: Severity }) {
  const content = <FootText asked={asked} isShort={asked.id === "ready" && verdict === "warn"} />;
  const steps = useSteps(3, `${asked.id}${asked.value === undefined}${asked.target}${asked.place.cell.at("interval", asked.metric.path[0] ?? "").number}${asked.place.cell.at("busy").number}${asked.place.cell.at("not_ready").number}${asked.id === "satisfaction" ? ratingsOf(asked.numbers) : ""}${verdict}${lang.value}`);
  return (
    <>
      <span class="what" ref={steps as never}>
        {content}
      </span>
      {verdict === "ok" && (
        <span class="verdict">
          <Glyph name="ok" />
          <span class="vh">{t("severity.ok")}</span>
        </span>
      )}
      {(verdict === "warn" || verdict === "breach") && (
        <span class="verdict">
          <Glyph name={verdict} class={`m-${verdict}`} />
          {verdictWord(asked, raw, verdict)}
        </span>
      )}
    </>
  );
}

/** "Eased" while a verdict waits to get milder; a rate is below its target, a wait is over its limit. */
export function verdictWord({ id, metric }: Asked, raw: Severity, verdict: Severity): string {
  if (id === "ready") return t("severity.nobody");
  if (id === "gap") return tiles.t("look.short");
  if (raw === "ok" && verdict !== "ok") return t("severity.settling");
  if (metric.better === "up") return t("severity.missed");
  return t(verdict === "breach" ? "severity.breach" : "severity.warn");
}

function FootText({ asked, isShort }: { asked: Asked; isShort: boolean }): ComponentChildren {
  const { id, metric, place, value, target } = asked;
  if (id === "ready") {
    const [busy, away] = [place.cell.at("busy").number, place.cell.at("not_ready").number];
    return (
      <>
        {value === undefined && t("hero.noAgents")}
        {busy !== undefined && !isShort && <span>{t("hero.busy", { n: busy })}</span>}
        {away !== undefined && !isShort && <span class="win">{t("hero.away", { n: away })}</span>}
      </>
    );
  }
  if (id === "satisfaction") return <Rated asked={asked} />;
  if (value === undefined && metric.isCounted) return <span>{OUT.has(id) ? tiles.t("look.noDials") : t(place.cell.at("offered").number ? (id !== "service_level" ? "hero.noneOver" : place.cell.at("answered").number ? "hero.noWaits" : "hero.noneYet") : "hero.noCalls")}</span>;
  const interval = id === "service_level" && asked.window === "today" ? place.cell.at("interval", "service_level").number : undefined;
  return (
    <>
      <Aim asked={asked} />
      {interval !== undefined && (
        <span class="win">
          {t("hero.interval", { n: percent(interval, target) })}
          <Mark of={place.cell.at("interval")} />
        </span>
      )}
    </>
  );
}

/** How many said so: a hundred percent of two is not much. */
function Rated({ asked }: { asked: Asked }) {
  const n = ratingsOf(asked.numbers);
  if (asked.value === undefined || n === 0) return <span>{tiles.t("look.unrated")}</span>;
  if (n < ENOUGH_RATINGS) return <span>{tiles.t("look.ratedFew", { n: count(n, lang.value) })}</span>;
  return (
    <>
      <span>{tiles.t("look.rated", { n: count(n, lang.value) })}</span>
      <span class="win">
        <Aim asked={asked} />
      </span>
    </>
  );
}

/** Numbers of calls that we make. */
const OUT: ReadonlySet<string> = new Set(["dialled", "connected", "completed", "connect_rate", "completion_rate"]);

function Aim({ asked: { id, metric, target, place } }: { asked: Asked }) {
  if (id === "gap") {
    const need = place.cell.at("outlook", "need").number;
    return <span>{need === undefined ? tiles.t("look.noLoad") : tiles.t("look.need", { n: Math.ceil(need - 1e-6) })}</span>;
  }
  if (target === undefined) return <span>{metric.better === "neither" ? "" : t("target.none")}</span>;
  const n = metric.kind === "percent" ? targetPercent(target) : metric.kind === "span" || metric.kind === "since" ? exactSpan(target) : count(target, lang.value);
  const sign = metric.kind === "percent" ? "%" : "";
  if (metric.better === "down")
    return (
      <>
        <span class="long">{t("target.limit", { n: `${n}${sign}` })}</span>
        <span class="short" aria-hidden="true">
          ≤ {n}
          {sign}
        </span>
      </>
    );
  return (
    <>
      <span class="long">{metric.kind === "percent" ? t("target", { n }) : tiles.t("look.aim", { n })}</span>
      <span class="short" aria-hidden="true">
        ≥ {n}
        {sign}
      </span>
    </>
  );
}
