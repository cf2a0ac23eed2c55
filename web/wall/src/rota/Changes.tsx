import { useState } from "preact/hooks";

import { date, minute } from "../format/moment";
import { lang } from "../words";
import type { Change } from "./facts";
import { many, say, wordOf } from "./words";

const FEW = 6;

/** Who changed what of the rota, the newest first. */
export function Changes({ changes, zone, nameOf }: { changes: readonly Change[]; zone: string; nameOf: (agent: string) => string }) {
  const [isAll, setAll] = useState(false);
  const shown = isAll ? changes : changes.slice(0, FEW);
  return (
    <section class="ro-card" aria-labelledby="ro-changes">
      <header>
        <h2 id="ro-changes">{say("changes")}</h2>
        {changes.length > FEW && (
          <button type="button" class="dk-act" aria-pressed={isAll} onClick={() => setAll(!isAll)}>
            {isAll ? say("changes.few") : say("changes.all")}
          </button>
        )}
      </header>
      {changes.length === 0 && <p class="quiet">{say("changes.none")}</p>}
      <ul class="log">
        {shown.map((one, n) => (
          <li key={`${one.at} ${n}`}>
            <time>
              {date(one.at, zone, lang.value)} {minute(one.at, zone)}
            </time>
            <span>
              {one.what === "planned" ? many("did.planned", one.shifts) : wordOf("did", one.what)}
              {one.agent !== "" && (
                <>
                  {" "}
                  <bdi>{nameOf(one.agent)}</bdi>
                </>
              )}
              {one.note !== "" && (
                <small>
                  <bdi>{one.note}</bdi>
                </small>
              )}
            </span>
            <bdi class="by">{one.by === "" ? say("changes.house") : one.by}</bdi>
          </li>
        ))}
      </ul>
    </section>
  );
}
