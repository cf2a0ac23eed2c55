import type { ComponentChildren } from "preact";

import { useWall } from "../context";
import { count } from "../format/count";
import { percent, targetPercent } from "../format/percent";
import { levelName } from "../level-name";
import { nameOf } from "../names";
import { ofLimit, ofRate, type Severity } from "../severity";
import { timeOf } from "../stale";
import { tiles } from "../tiles/words";
import type { Wall } from "../wall";
import type { Cell } from "../wire/cell";
import { fill, lang, t } from "../words";
import { Ask } from "./Ask";
import { Glyph } from "./Glyph";
import { useDerived, useSteps, useVerdict } from "./hooks";
import { Mark, missedIn, unseenIn, useLack } from "./Mark";
import { Timer } from "./Timer";

/** What a row may tell beside its name and its level. */
export type Column = "bar" | "waiting" | "longest" | "ready" | "staff" | "of" | "gone";

/** The number a queue is judged by: the service level, or of outbound work how many were reached. */
export interface Judged {
  readonly metric: "service_level" | "connect_rate";
  readonly level: number | undefined;
  readonly target: number | undefined;
}

export function judgedOf(wall: Wall, queue: Cell): Judged {
  const line = wall.board.at("lines", queue.at("line").text);
  const isOut = line.at("direction").text === "out" || (queue.at("service_level").number === undefined && queue.at("connect_rate").number !== undefined);
  if (!isOut) return { metric: "service_level", level: queue.at("service_level").number, target: queue.at("target", "service_level").number };
  return { metric: "connect_rate", level: queue.at("connect_rate").number, target: queue.at("target", "connect_rate").number ?? line.at("target", "connect_rate").number };
}

export function QueueRow({ id, queue, columns }: { id: string; queue: Cell; columns: ReadonlySet<Column> }) {
  const wall = useWall();
  const freshness = wall.freshnessOf(queue.at("source").text);
  const old = freshness.kind !== "live";
  const { metric, level, target } = judgedOf(wall, queue);
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
  const ask = (asked: string, what: string) => <Ask metric={asked} scope={`queue:${id}`} what={`${name} ${what}`} />;
  const label = (words: string) => (
    <span class="label" aria-hidden="true">
      {words}
    </span>
  );
  return (
    <tr class={`${onLevel} ${old ? "stale" : ""}`} data-queue={id}>
      <th scope="row">
        <span class="q" ref={steps as never}>
          <bdi>{name}</bdi>
        </span>
      </th>
      <td class="v">
        <Marked severity={onLevel}>{level === undefined ? NIL : <Whole value={percent(level, target)} unit="%" />}</Marked>
        {!columns.has("bar") && level !== undefined && <Mark of={queue} />}
        {ask(metric, metric === "service_level" ? t("hero.sl") : tiles.t("metric.connect_rate"))}
      </td>
      {columns.has("bar") && (
        <td class="bar">
          <Bar queue={queue} metric={metric} level={level} target={target} />
        </td>
      )}
      <td>
        {label(t("queue.waiting"))}
        <Marked severity={onWaiting}>{quiet(waiting)}</Marked>
        {ask("waiting", t("queue.waiting"))}
      </td>
      <td>
        {label(t("queue.longest"))}
        <Marked severity={onWait}>{since === undefined ? NIL : <Timer since={since} freshness={freshness} />}</Marked>
        {ask("longest_since", t("queue.longest"))}
      </td>
      <td>
        {label(t("queue.ready"))}
        {quiet(queue.at("ready").number)}
        {ask("ready", t("queue.ready"))}
      </td>
      {columns.has("staff") && (
        <td class="staff">
          {label(t("queue.gap"))}
          <Gap gap={queue.at("outlook", "gap").number} isOld={old} />
          {ask("gap", t("queue.gap"))}
        </td>
      )}
      {columns.has("of") && <Handled queue={queue} ask={ask("answered", t("queue.answered"))} />}
      {columns.has("gone") && (
        <td class="gone">
          {quiet(queue.at("abandoned").number)}
          {missedIn(queue) !== undefined && <Mark of={queue} />}
          {ask("abandoned", t("queue.abandoned"))}
        </td>
      )}
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

function Marked({ severity, children }: { severity: Severity; children: ComponentChildren }) {
  const bad = severity === "warn" || severity === "breach";
  return (
    <span class={`cx ${bad ? severity : ""}`}>
      {bad && <Glyph name={severity} class={`m-${severity}`} />}
      {bad && <span class="vh">{t(`severity.${severity}`)}</span>}
      {children}
    </span>
  );
}

/** The level against its own target, whose figure is written over the line. */
function Bar({ queue, metric, level, target }: { queue: Cell } & Judged) {
  const at = (fraction: number) => `${Math.min(100, Math.max(0, fraction * 100))}%`;
  const aim = target === undefined ? t("target.none") : metric === "connect_rate" ? tiles.t("look.connect", { n: targetPercent(target) }) : tiles.t("look.aim", { n: targetPercent(target) });
  const steps = useSteps(1, `${aim}${lang.value}${level === undefined}${useLack(queue) === ""}`);
  return (
    <span class="line">
      <span class="aim" ref={steps as never}>
        <span class="words">{aim}</span>
        {target !== undefined && <span class="figure" aria-hidden="true">{targetPercent(target)}</span>}
        {level !== undefined && <Mark of={queue} />}
      </span>
      <span class="trk" aria-hidden="true">
        {level !== undefined && <i style={{ inlineSize: at(level) }} />}
        {target !== undefined && <u style={{ insetInlineStart: at(target) }} />}
      </span>
    </span>
  );
}

/** By which formula and limit the levels below are counted. */
export function LevelHead({ keys }: { keys: readonly string[] }) {
  const wall = useWall();
  const { title, threshold, variant, brief } = levelName(wall.board);
  const name = title === t("hero.sl") ? t("queue.level") : title;
  const hasOut = useDerived(() => keys.some((key) => judgedOf(wall, wall.board.at("queues", key)).metric === "connect_rate"), [keys]).value;
  const steps = useSteps(4, `${name}${threshold}${variant}${hasOut}${lang.value}`);
  return (
    <span class="fit" ref={steps as never}>
      <span class="long">{name}</span>
      <span class="short" aria-hidden="true">
        {title === t("hero.sl") ? tiles.t("metric.short.service_level") : title}
      </span>{" "}
      {threshold}
      {variant !== "" && <span class="variant"> {variant}</span>}
      {brief !== "" && <span class="brief"> {brief}</span>}
      {hasOut && <span class="out"> / {tiles.t("metric.short.connect_rate")}</span>}
    </span>
  );
}
