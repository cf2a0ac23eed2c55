import type { ComponentChildren } from "preact";

import { useWall } from "../context";
import { count } from "../format/count";
import { percent, targetPercent } from "../format/percent";
import { levelName } from "../level-name";
import { nameOf } from "../names";
import { ofLimit, ofRate, type Severity } from "../severity";
import { timeOf } from "../stale";
import type { Cell } from "../wire/cell";
import { fill, lang, t } from "../words";
import { Ask } from "./Ask";
import { Empty } from "./Empty";
import { Glyph } from "./Glyph";
import { useDerived, useSteps, useVerdict } from "./hooks";
import { Mark, missedIn, unseenIn, useLack } from "./Mark";
import { Timer } from "./Timer";

/** Rows that stay readable from afar. */
const ROWS = 7;

export function Queues() {
  const wall = useWall();
  const queues = wall.board.at("queues");
  const keys = useDerived(() => inOrder(queues), []);
  const all = keys.value;
  const shown = all.length > ROWS ? all.slice(0, ROWS - 1) : all;
  const hasGap = useDerived(() => keys.value.some((key) => queues.at(key, "outlook", "gap").number !== undefined), [keys]).value;
  if (all.length === 0)
    return (
      <section class="queues tile" data-tile="queues" aria-label={t("queue")}>
        <Empty what={t("queue.none")} why={t("queue.noneWhy")} />
      </section>
    );
  return (
    <section class={`queues tile rows-${Math.max(5, Math.min(all.length, ROWS))} ${hasGap ? "gaps" : ""}`} data-tile="queues" aria-label={t("queue")}>
      <table>
        <colgroup>
          {["name", "level", "bar", "waiting", "longest", "ready", ...(hasGap ? ["staff"] : []), "of", "gone"].map((column) => (
            <col key={column} class={`c-${column}`} />
          ))}
        </colgroup>
        <thead>
          <tr>
            <th scope="col" class="q-name">
              {t("queue")}
            </th>
            <th scope="colgroup" colSpan={2} class="kpi">
              <LevelHead />
            </th>
            <th scope="col">{t("queue.waiting")}</th>
            <th scope="col">{t("queue.longest")}</th>
            <th scope="col">{t("queue.ready")}</th>
            {hasGap && <th scope="col">{t("queue.gap")}</th>}
            <th scope="col">{t("queue.answered")}</th>
            <th scope="col">{t("queue.abandoned")}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((key) => (
            <Row key={key} id={key} queue={queues.at(key)} hasGap={hasGap} />
          ))}
          {shown.length < all.length && (
            <tr class="more">
              <td colSpan={hasGap ? 9 : 8}>{t("queue.more", { n: all.length - shown.length })}</td>
            </tr>
          )}
        </tbody>
      </table>
    </section>
  );
}

function inOrder(queues: Cell): readonly string[] {
  const order = (key: string) => queues.at(key, "order").number ?? Number.MAX_SAFE_INTEGER;
  return [...queues.keys].sort((a, b) => order(a) - order(b) || (a < b ? -1 : 1));
}

function Row({ id, queue, hasGap }: { id: string; queue: Cell; hasGap: boolean }) {
  const wall = useWall();
  const freshness = wall.freshnessOf(queue.at("source").text);
  const old = freshness.kind !== "live";
  const level = queue.at("service_level").number;
  const target = queue.at("target", "service_level").number;
  const since = queue.at("longest_since").number;
  const limits = queue.at("target");
  const raw = useDerived<Severity>(() => {
    const now = timeOf(freshness, wall.second.value);
    const limit = limits.at("longest_wait").number;
    return ofLimit(since === undefined || now === undefined ? undefined : now - since, limit);
  }, [since, freshness.kind, old && freshness.asOf]);
  const onLevel = useVerdict(ofRate(level, target), freshness);
  const onWait = useVerdict(raw.value, freshness);
  const waiting = queue.at("waiting").number;
  const onWaiting = useVerdict(ofLimit(waiting, limits.at("waiting").number), freshness);
  const name = nameOf(queue, id);
  const steps = useSteps(2, `${name}${lang.value}`);
  const ask = (metric: string, what: string) => <Ask metric={metric} scope={`queue:${id}`} what={`${name} ${what}`} />;
  return (
    <tr class={`${onLevel} ${old ? "stale" : ""}`} data-queue={id}>
      <th scope="row">
        <span class="q" ref={steps as never}>
          <bdi>{name}</bdi>
        </span>
      </th>
      <td class="v">
        <Judged severity={onLevel}>{level === undefined ? NIL : <Whole value={percent(level, target)} unit="%" />}</Judged>
        {ask("service_level", t("hero.sl"))}
      </td>
      <td class="bar">
        <Bar queue={queue} level={level} target={target} />
      </td>
      <td>
        <Judged severity={onWaiting}>{quiet(waiting)}</Judged>
        {ask("waiting", t("queue.waiting"))}
      </td>
      <td>
        <Judged severity={onWait}>{since === undefined ? NIL : <Timer since={since} freshness={freshness} />}</Judged>
        {ask("longest_since", t("queue.longest"))}
      </td>
      <td>
        {quiet(queue.at("ready").number)}
        {ask("ready", t("queue.ready"))}
      </td>
      {hasGap && (
        <td class="staff">
          <Gap gap={queue.at("outlook", "gap").number} isOld={old} />
          {ask("gap", t("queue.gap"))}
        </td>
      )}
      <Handled queue={queue} ask={ask("answered", t("queue.answered"))} />
      <td class="gone">
        {quiet(queue.at("abandoned").number)}
        {missedIn(queue) !== undefined && <Mark of={queue} />}
        {ask("abandoned", t("queue.abandoned"))}
      </td>
    </tr>
  );
}

/** Answered of offered, and how many more the source counted than anybody saw. */
function Handled({ queue, ask }: { queue: Cell; ask: ComponentChildren }) {
  const [answered, offered, unseen] = [queue.at("answered").number, queue.at("offered").number, unseenIn(queue)];
  const why = useLack(queue);
  const steps = useSteps(2, `${answered} ${offered} ${unseen} ${why === ""} ${lang.value}`);
  return (
    <td class="of">
      <span class={`fit ${unseen > 0 ? "counted" : ""}`} ref={steps as never}>
        {quiet(answered)}
        <small>/{amount(offered)}</small>
        {unseen > 0 && (
          <small class="unseen" title={why}>
            +{amount(unseen)}
          </small>
        )}
        <Mark of={queue} />
      </span>
      {ask}
    </td>
  );
}

/** By which formula and limit the levels below are counted; the target's figure stands at the end of each bar. */
function LevelHead() {
  const wall = useWall();
  const { title, threshold, variant, brief } = levelName(wall.board);
  const name = title === t("hero.sl") ? t("queue.level") : title;
  const steps = useSteps(3, `${name}${threshold}${variant}${lang.value}`);
  return (
    <span class="fit" ref={steps as never}>
      {name} {threshold}
      {variant !== "" && <span class="variant"> {variant}</span>}
      {brief !== "" && <span class="brief"> {brief}</span>}
      <span class="aim"> / {t("queue.target")}</span>
    </span>
  );
}

/** How many people the queue lacks or could spare, in whole ones: half a person too few is one too few. */
function Gap({ gap, isOld }: { gap: number | undefined; isOld: boolean }) {
  if (gap === undefined) return NIL;
  const whole = Math.floor(gap + 1e-6);
  if (whole === 0) return <span class="nil">{t("gap.even")}</span>;
  const isShort = whole < 0;
  return (
    <span class={`cx ${isShort && !isOld ? "warn" : ""}`}>
      {isShort && <Glyph name="warn" class="m-warn" />}
      <small class="w">{fill(isShort ? "gap.short" : "gap.over", { n: <b>{count(Math.abs(whole), lang.value)}</b> })}</small>
    </span>
  );
}

const NIL = <span class="nil">–</span>;

const amount = (n: number | undefined): string => (n === undefined ? "–" : count(n, lang.value));

/** Nothing to see is quiet: zeros and absent values in weak ink. */
const quiet = (n: number | undefined): ComponentChildren => (n ? amount(n) : <span class="nil">{amount(n)}</span>);

const Whole = ({ value, unit }: { value: number; unit: string }) => (
  <>
    {value}
    <small>{unit}</small>
  </>
);

function Judged({ severity, children }: { severity: Severity; children: ComponentChildren }) {
  const bad = severity === "warn" || severity === "breach";
  return (
    <span class={`cx ${bad ? severity : ""}`}>
      {bad && <Glyph name={severity} class={`m-${severity}`} />}
      {bad && <span class="vh">{t(`severity.${severity}`)}</span>}
      {children}
    </span>
  );
}

/** The level against its own target, whose figure stands at the end of the line. */
function Bar({ queue, level, target }: { queue: Cell; level: number | undefined; target: number | undefined }) {
  const at = (fraction: number) => `${Math.min(100, Math.max(0, fraction * 100))}%`;
  return (
    <span class="line">
      {level !== undefined && <Mark of={queue} />}
      <span class="trk" aria-hidden="true">
        {level !== undefined && <i style={{ width: at(level) }} />}
        {target !== undefined && <u style={{ left: at(target) }} />}
      </span>
      {target === undefined ? <span class="aim none">–</span> : <span class="aim">{targetPercent(target)}</span>}
    </span>
  );
}
