import { grouped } from "../format/amount";
import { Glyph } from "../parts/Glyph";
import type { Cell } from "../wire/cell";
import { t } from "../words";

const UNKNOWN = "unknown:";

/** Messages by kind, those nobody translates first: what a report of a gap in the adapter needs. */
export function Counters({ counts, unknown }: { counts: Cell; unknown: number }) {
  const kinds = counts.keys;
  if (kinds.length === 0) return null;
  const number = (kind: string) => counts.at(kind).number ?? 0;
  const most = (a: string, b: string) => number(b) - number(a) || (a < b ? -1 : 1);
  const foreign = kinds.filter((kind) => kind.startsWith(UNKNOWN)).sort(most);
  const known = kinds.filter((kind) => !kind.startsWith(UNKNOWN)).sort(most);
  return (
    <details class="counters">
      <summary>
        {t("health.counters", { n: kinds.length })}
        {unknown > 0 && (
          <span class="unknown">
            <Glyph name="info" />
            {t("health.unknown", { n: grouped(unknown), kinds: foreign.length })}
          </span>
        )}
      </summary>
      {foreign.length > 0 && <Table title={t("health.unknownKinds")} kinds={foreign} number={number} />}
      <Table title={t("health.knownKinds")} kinds={known} number={number} />
    </details>
  );
}

function Table({ title, kinds, number }: { title: string; kinds: readonly string[]; number: (kind: string) => number }) {
  return (
    <table>
      <caption>{title}</caption>
      <tbody>
        {kinds.map((kind) => (
          <tr key={kind}>
            <th scope="row" dir="ltr">
              {kind.startsWith(UNKNOWN) ? kind.slice(UNKNOWN.length) : kind}
            </th>
            <td>{grouped(number(kind))}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
