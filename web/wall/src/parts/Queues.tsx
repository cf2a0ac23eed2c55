import type { ComponentChildren } from "preact";

import { useWall } from "../context";
import { count } from "../format/count";
import { percent, targetPercent } from "../format/percent";
import { nameOf } from "../names";
import { ofLimit, ofRate, type Severity } from "../severity";
import { timeOf } from "../stale";
import type { Cell } from "../wire/cell";
import { lang, t } from "../words";
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
  const threshold = wall.board.at("floor", "formula", "threshold").number;
  if (all.length === 0)
    return (
      <section class="queues tile" data-tile="queues" aria-label={t("queue")}>
        <Empty what={t("queue.none")} why={t("queue.noneWhy")} />
      </section>
    );
  return (
    <section class={`queues tile rows-${Math.max(5, Math.min(all.length, ROWS))}`} data-tile="queues" aria-label={t("queue")}>
      <table>
        <colgroup>
          {["name", "level", "bar", "waiting", "longest", "ready", "of", "gone"].map((column) => (
            <col key={column} class={`c-${column}`} />
          ))}
        </colgroup>
        <thead>
          <tr>
            <th scope="col" class="q-name">
              {t("queue")}
            </th>
            <th scope="colgroup" colSpan={2} class="kpi">
              {threshold === undefined ? t("queue.slAny") : t("queue.sl", { n: threshold })}
            </th>
            <th scope="col">{t("queue.waiting")}</th>
            <th scope="col">{t("queue.longest")}</th>
            <th scope="col">{t("queue.ready")}</th>
            <th scope="col">{t("queue.answered")}</th>
            <th scope="col">{t("queue.abandoned")}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((key) => (
            <Row key={key} id={key} queue={queues.at(key)} />
          ))}
          {shown.length < all.length && (
            <tr class="more">
              <td colSpan={8}>{t("queue.more", { n: all.length - shown.length })}</td>
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

function Row({ id, queue }: { id: string; queue: Cell }) {
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
  return (
    <tr class={`${onLevel} ${old ? "stale" : ""}`} data-queue={id}>
      <th scope="row">
        <span class="q" ref={steps as never}>
          <bdi>{name}</bdi>
        </span>
      </th>
      <td class="v">
        <Judged severity={onLevel}>{level === undefined ? NIL : <Whole value={percent(level, target)} unit="%" />}</Judged>
      </td>
      <td class="bar">
        <Bar queue={queue} level={level} target={target} />
      </td>
      <td>
        <Judged severity={onWaiting}>{quiet(waiting)}</Judged>
      </td>
      <td>
        <Judged severity={onWait}>{since === undefined ? NIL : <Timer since={since} freshness={freshness} />}</Judged>
      </td>
      <td>{quiet(queue.at("ready").number)}</td>
      <Handled queue={queue} />
      <td class="gone">
        {quiet(queue.at("abandoned").number)}
        {missedIn(queue) !== undefined && <Mark of={queue} />}
      </td>
    </tr>
  );
}

/** Answered of offered, and how many more the source counted than anybody saw. */
function Handled({ queue }: { queue: Cell }) {
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
    </td>
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
