import { useRef } from "preact/hooks";

import { clock } from "../format/moment";
import { nameOf } from "../names";
import { Glyph, type GlyphName } from "../parts/Glyph";
import { agoWords } from "../parts/Timer";
import type { Desk } from "../pages/desk";
import type { Wall } from "../wall";
import { t } from "../words";
import { Agreement, isEqual, type Line, lines, type Pair, type Verdict, verdict } from "./compare";
import type { Thing } from "./things";

const MARKS: Readonly<Record<Exclude<Verdict, "none">, GlyphName>> = { equal: "ok", moving: "slow", admits: "clock", differs: "conflict" };

/** The floor's own numbers beside the wall's, and whether the wall is honest about the difference. */
export function Truth({ desk, wall, chosen }: { desk: Desk; wall: Wall; chosen: Thing }) {
  const agreement = useRef(new Agreement());
  // Looked at again whenever either side says something, and each second for the ages.
  void desk.second.value;
  const now = performance.now();
  const isSource = wall.board.at("sources", chosen.id).isPresent;
  const rows = lines(chosen.gauges, wall.board.at("queues"), isSource ? chosen.id : "");
  const floor = isSource ? wall.freshnessOf(chosen.id) : wall.floorFreshness.value;
  const hasWall = wall.board.isPresent;
  const isOld = hasWall && floor.kind !== "live";
  const equal = rows.every(isEqual);
  const [same, old] = [agreement.current.note("same", equal, now), agreement.current.note("old", isOld, now)];
  const lasted = now - (isOld ? old : Math.max(same, old));
  const told: Verdict = hasWall ? verdict(equal, lasted, isOld) : "none";
  return (
    <section class="tile card truth" aria-labelledby="truth" data-card="truth">
      <h2 id="truth">{t("practice.truth")}</h2>
      <p class="why">{t("practice.truthWhy")}</p>
      {rows.length === 0 ? (
        <p class="says none">{t("practice.noTruth")}</p>
      ) : told === "none" ? (
        <p class="says none">{t("practice.noWall")}</p>
      ) : (
        <p class={`says ${told}`} data-verdict={told} role="status">
          <Glyph name={MARKS[told]} />
          <b>
            {told === "admits"
              ? t("practice.admits", { t: floor.kind === "live" || floor.asOf === undefined ? "–" : clock(floor.asOf, wall.zone) })
              : t(`practice.${told}`)}
          </b>
          <span class="age" aria-hidden="true">
            {t("practice.for.age", { age: agoWords(lasted / 1000) })}
          </span>
        </p>
      )}
      {rows.length > 0 && <Numbers rows={rows} wall={wall} isOld={isOld} />}
    </section>
  );
}

function Numbers({ rows, wall, isOld }: { rows: readonly Line[]; wall: Wall; isOld: boolean }) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col" rowSpan={2} class="q">
            {t("practice.queue")}
          </th>
          <th scope="colgroup" colSpan={2}>
            {t("practice.waiting")}
          </th>
          <th scope="colgroup" colSpan={2}>
            {t("practice.talking")}
          </th>
        </tr>
        <tr>
          {["waiting", "talking"].map((of) => [
            <th key={`${of} truth`} scope="col">
              {t("practice.isTruth")}
            </th>,
            <th key={`${of} wall`} scope="col">
              {t("practice.isWall")}
            </th>,
          ])}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row key={row.queue} row={row} wall={wall} />
        ))}
        <tr class="sum">
          <th scope="row">Σ</th>
          <Pairs of={sum(rows, "waiting")} isOld={isOld} />
          <Pairs of={sum(rows, "talking")} isOld={isOld} />
        </tr>
      </tbody>
    </table>
  );
}

function Row({ row, wall }: { row: Line; wall: Wall }) {
  const queue = row.key === undefined ? undefined : wall.board.at("queues", row.key);
  const isOld = queue !== undefined && wall.freshnessOf(queue.at("source").text).kind !== "live";
  return (
    <tr data-truth={row.queue}>
      <th scope="row">
        <bdi>{queue === undefined ? row.queue : nameOf(queue, row.queue)}</bdi>
      </th>
      <Pairs of={row.waiting} isOld={isOld} />
      <Pairs of={row.talking} isOld={isOld} />
    </tr>
  );
}

function Pairs({ of: { truth, wall }, isOld }: { of: Pair; isOld: boolean }) {
  const differs = wall !== undefined && truth !== wall;
  return (
    <>
      <td class="known">{truth}</td>
      <td class={`shown ${isOld ? "stale" : ""} ${differs ? "differs" : ""}`}>
        {differs && <span aria-hidden="true">≠ </span>}
        {wall ?? "–"}
      </td>
    </>
  );
}

function sum(rows: readonly Line[], of: "waiting" | "talking"): Pair {
  const walls = rows.map((row) => row[of].wall).filter((wall) => wall !== undefined);
  return {
    truth: rows.reduce((total, row) => total + row[of].truth, 0),
    wall: walls.length === 0 ? undefined : walls.reduce((total, wall) => total + wall, 0),
  };
}
