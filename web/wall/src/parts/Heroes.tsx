import { useWall } from "../context";
import { count } from "../format/count";
import { exactSpan, wallSpan } from "../format/duration";
import { percent, targetPercent } from "../format/percent";
import { ofLimit, ofRate, type Severity } from "../severity";
import { levelName } from "../level-name";
import { type Freshness, timeOf } from "../stale";
import type { Cell } from "../wire/cell";
import { lang, t } from "../words";
import { Hero } from "./Hero";
import { useDerived, useVerdict } from "./hooks";
import { Legend, Mark } from "./Mark";
import { Timer } from "./Timer";

export function Heroes() {
  return (
    <>
      <ServiceLevel />
      <AnswerRate />
      <Waiting />
      <LongestWait />
      <Ready />
    </>
  );
}

const NONE = <span class="none">–</span>;

function ServiceLevel() {
  const wall = useWall();
  const floor = wall.board.at("floor");
  const level = floor.at("service_level").number;
  const target = floor.at("target", "service_level").number;
  const name = levelName(wall.board);
  const raw = ofRate(level, target);
  const verdict = useVerdict(raw, wall.floorFreshness.value);
  const interval = floor.at("interval", "service_level").number;
  return (
    <Hero
      id="sl"
      metric="service_level"
      lead
      title={name.title}
      brief={name.title === t("hero.sl") ? t("hero.slShort") : name.title}
      small={
        <>
          {name.threshold} <span class="long">{name.variant}</span>
          <span class="short">{name.brief}</span>
        </>
      }
      window={t("hero.today")}
      verdict={verdict}
      word={raw === "ok" ? t("severity.settling") : t("severity.missed")}
      freshness={wall.floorFreshness.value}
      shape={String(level)}
      number={<Percent value={level} target={target} />}
      aside={<Legend of={floor} />}
      foot={
        level === undefined ? (
          t(floor.at("offered").number ? "hero.noneYet" : "hero.noCalls")
        ) : (
          <>
            <Target of={target} />
            {interval !== undefined && (
              <span class="win">
                {t("hero.interval", { n: percent(interval, target) })}
                <Mark of={floor.at("interval")} />
              </span>
            )}
          </>
        )
      }
    />
  );
}

function AnswerRate() {
  const wall = useWall();
  const floor = wall.board.at("floor");
  const rate = floor.at("answer_rate").number;
  const target = floor.at("target", "answer_rate").number;
  // Who still waits may yet be answered: that lowers the number, but nothing has gone wrong yet.
  const decided = (floor.at("offered").number ?? 0) - (floor.at("waiting").number ?? 0);
  const raw = decided > 0 ? ofRate((floor.at("answered").number ?? 0) / decided, target) : "none";
  const verdict = useVerdict(raw, wall.floorFreshness.value);
  return (
    <Hero
      id="answer"
      metric="answer_rate"
      title={t("hero.answer")}
      window={t("hero.today")}
      verdict={verdict}
      word={raw === "ok" ? t("severity.settling") : t("severity.missed")}
      freshness={wall.floorFreshness.value}
      shape={String(rate)}
      number={<Percent value={rate} target={target} />}
      mark={rate === undefined ? null : <Mark of={floor} />}
      foot={rate === undefined ? t("hero.noCalls") : <Target of={target} />}
    />
  );
}

function Waiting() {
  const wall = useWall();
  const floor = wall.board.at("floor");
  const waiting = floor.at("waiting").number;
  const limit = floor.at("target", "waiting").number;
  const raw = ofLimit(waiting, limit);
  const verdict = useVerdict(raw, wall.floorFreshness.value);
  const figure = waiting === undefined ? undefined : count(waiting, lang.value);
  return (
    <Hero
      id="waiting"
      metric="waiting"
      title={t("hero.waiting")}
      verdict={verdict}
      word={raw === "ok" ? t("severity.settling") : undefined}
      freshness={wall.floorFreshness.value}
      shape={figure ?? "–"}
      number={figure ?? NONE}
      foot={limit === undefined ? t("target.none") : t("target.limit", { n: count(limit, lang.value) })}
    />
  );
}

function LongestWait() {
  const wall = useWall();
  const floor = wall.board.at("floor");
  const since = floor.at("longest_since").number;
  const limit = floor.at("target", "longest_wait").number;
  const freshness = wall.floorFreshness.value;
  // A part-stale floor: the caller shown may wait in a queue that is still live, or in one nobody hears of.
  const own = freshness.kind === "part" ? ownerOf(wall.board, since, (id) => wall.freshnessOf(id)) : freshness;
  const wait = useDerived(() => {
    const now = timeOf(own, wall.second.value);
    return since === undefined || now === undefined ? undefined : now - since;
  }, [since, own.kind, own.kind === "live" ? 0 : own.asOf]);
  const raw = useDerived<Severity>(() => ofLimit(wait.value, limit), [wait, limit]);
  const length = useDerived(() => (wait.value === undefined ? 0 : wallSpan(wait.value).figure.length), [wait]);
  const verdict = useVerdict(raw.value, own);
  return (
    <Hero
      id="longest"
      metric="longest_since"
      title={t("hero.longest")}
      verdict={verdict}
      word={raw.value === "ok" ? t("severity.settling") : undefined}
      freshness={freshness}
      shape={`${since} ${length.value}`}
      number={since === undefined ? NONE : <Timer since={since} freshness={own} />}
      foot={limit === undefined ? t("target.none") : t("target.limit", { n: exactSpan(limit) })}
    />
  );
}

function ownerOf(board: Cell, since: number | undefined, freshnessOf: (source: string) => Freshness): Freshness {
  const queues = board.at("queues");
  const owner = queues.keys.find((id) => queues.at(id, "longest_since").number === since);
  return freshnessOf(owner === undefined ? "" : queues.at(owner, "source").text);
}

function Ready() {
  const wall = useWall();
  const floor = wall.board.at("floor");
  const ready = floor.at("ready").number;
  const staffed = floor.at("staffed").number;
  const isShort = ready === 0 && (floor.at("waiting").number ?? 0) > 0;
  // Not held back like the others: "nobody" is a statement, and false as soon as there is somebody.
  const verdict: Severity = isShort ? "warn" : ready ? "ok" : "none";
  const busy = floor.at("busy").number;
  const away = floor.at("not_ready").number;
  return (
    <Hero
      id="ready"
      metric="ready"
      title={t("hero.ready")}
      small={t("hero.staffed")}
      verdict={verdict}
      word={t("severity.nobody")}
      freshness={wall.floorFreshness.value}
      shape={`${ready}/${staffed}`}
      number={
        ready === undefined ? (
          NONE
        ) : (
          <>
            {count(ready, lang.value)}
            {staffed !== undefined && <span class="u">/{count(staffed, lang.value)}</span>}
          </>
        )
      }
      foot={
        <>
          {ready === undefined && t("hero.noAgents")}
          {busy !== undefined && !isShort && <span>{t("hero.busy", { n: busy })}</span>}
          {away !== undefined && !isShort && <span class="win">{t("hero.away", { n: away })}</span>}
        </>
      }
    />
  );
}

function Percent({ value, target }: { value: number | undefined; target: number | undefined }) {
  if (value === undefined) return NONE;
  return (
    <>
      {percent(value, target)}
      <span class="u">%</span>
    </>
  );
}

function Target({ of: target }: { of: number | undefined }) {
  if (target === undefined) return <span>{t("target.none")}</span>;
  const n = targetPercent(target);
  return (
    <>
      <span class="long">{t("target", { n })}</span>
      <span class="short" aria-hidden="true">
        ≥ {n}%
      </span>
    </>
  );
}
