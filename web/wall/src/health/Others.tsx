import { grouped } from "../format/amount";
import { clock } from "../format/moment";
import { Glyph } from "../parts/Glyph";
import type { Desk } from "../pages/desk";
import { type Key, t } from "../words";
import { Fact } from "./Fact";

const KNOWN = new Set(["live", "connecting", "down", "refused", "failed"]);

/** Where ccwall tells others what it knows. */
export function Outlets({ desk }: { desk: Desk }) {
  const outlets = desk.answer.at("outlets");
  return (
    <>
      {outlets.keys.map((name) => {
        const outlet = outlets.at(name);
        const state = outlet.at("state").text;
        const isLive = state === "live";
        const since = outlet.at("since").number;
        return (
          <section key={name} class={`tile card ${isLive ? "" : "down"}`} data-outlet={name}>
            <h2>
              <Glyph name={isLive ? "live" : "unplug"} />
              <bdi class="name">{name}</bdi>
              <small>{t("outlets")}</small>
              <b class="state">{t(`health.state.${KNOWN.has(state) ? state : "unknown"}` as Key)}</b>
              {since !== undefined && <small class="since">{t("health.since", { t: clock(since, desk.zone.value) })}</small>}
            </h2>
            {outlet.at("detail").text !== "" && <p class="next">{outlet.at("detail").text}</p>}
            <dl class="facts">
              <Fact name={t("outlets.sent")} value={grouped(outlet.at("sent").number ?? 0)} />
              <Fact name={t("outlets.dropped")} value={grouped(outlet.at("dropped").number ?? 0)} isBad={(outlet.at("dropped").number ?? 0) > 0} />
            </dl>
          </section>
        );
      })}
    </>
  );
}

const SORTS = ["devices", "seats", "agents"] as const;

/** Who and what was seen and belongs to nobody. */
export function Strangers({ desk }: { desk: Desk }) {
  const strangers = desk.answer.at("strangers");
  const named = (sort: (typeof SORTS)[number]) =>
    sort === "agents" ? strangers.at(sort).list.map(String) : [...strangers.at(sort).keys];
  if (SORTS.every((sort) => named(sort).length === 0)) return null;
  return (
    <section class="tile card" data-card="strangers" aria-labelledby="strangers">
      <h2 id="strangers">
        <Glyph name="unknown" />
        {t("strangers")}
      </h2>
      <p class="next">{t("strangers.why")}</p>
      <dl class="strange">
        {SORTS.map((sort) => {
          const names = named(sort);
          return (
            names.length > 0 && (
              <div key={sort}>
                <dt>{t(`strangers.${sort}`)}</dt>
                <dd>
                  {names.map((name) => (
                    <bdi key={name}>{name}</bdi>
                  ))}
                </dd>
              </div>
            )
          );
        })}
      </dl>
    </section>
  );
}
