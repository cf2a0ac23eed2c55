import { useComputed } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";

import { clock } from "../format/moment";
import { Door } from "../parts/Door";
import { Glyph, Sprite } from "../parts/Glyph";
import { Choices } from "../parts/Language";
import { agoWords } from "../parts/Timer";
import { pageAddress } from "../wire/socket";
import { fill, type Key, t } from "../words";
import type { Desk } from "./desk";

interface Props {
  readonly desk: Desk;
  /** Names the page's own words in the catalogues. */
  readonly name: "health" | "practice";
  readonly links: readonly (readonly [path: string, label: Key])[];
  readonly aside?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** What the pages beside the wall have in common: a head, a door, and the truth about their own age. */
export function Frame(props: Props) {
  const { desk, name } = props;
  useEffect(() => {
    document.title = `${t(`${name}.title`)} · ccwall`;
  });
  return (
    <>
      <Sprite />
      {desk.poll.state.value === "door" ? (
        <Door onEnter={desk.poll.ask} title={`${name}.door`} text={`${name}.doorText`} />
      ) : (
        <Sheet {...props} />
      )}
    </>
  );
}

function Sheet({ desk, name, links, aside, children }: Props) {
  const state = desk.poll.state.value;
  return (
    <main class={`page ${state === "old" ? "old" : ""}`} data-page={name}>
      <header class="p-head">
        <h1>{t(`${name}.title`)}</h1>
        {aside}
        <Clock desk={desk} />
        <nav class="links">
          {links.map(([path, label]) => (
            <a key={path} href={pageAddress(path)}>
              {t(label)}
            </a>
          ))}
        </nav>
        <nav class="choices" aria-label={t("language")}>
          <Choices />
        </nav>
      </header>
      {state === "old" && <Old desk={desk} />}
      {state === "asking" && (
        <p class="tile p-none" role="status">
          {t("loading")}
        </p>
      )}
      {state === "absent" && (
        <section class="tile p-none">
          <h2>{t(`${name}.absent`)}</h2>
          <p>{t(`${name}.absentWhy`)}</p>
        </section>
      )}
      {(state === "fresh" || state === "old") && children}
    </main>
  );
}

function Clock({ desk }: { desk: Desk }) {
  const now = useComputed(() => (desk.second.value === undefined ? "" : clock(desk.second.value, desk.zone.value)));
  return <time class="clock">{now}</time>;
}

/** The page's own staleness: everything below is striped, and this says as of when. */
function Old({ desk }: { desk: Desk }) {
  const age = useComputed(() => agoWords(desk.silence.value));
  const since = desk.second.value;
  return (
    <p class="p-banner" role="alert">
      <Glyph name="unplug" />
      <span>
        {fill("banner.lost", { age: <b aria-hidden="true">{age}</b>, t: <b>{since === undefined ? "–" : clock(since, desk.zone.value)}</b> })}
      </span>
      <span class="end">{t("banner.retry")}</span>
    </p>
  );
}
