import { signal } from "@preact/signals";
import { useMemo, useState } from "preact/hooks";

import { may, who } from "../acts/who";
import { keys, useKey } from "../desk/keys";
import { DeskPage } from "../desk/Page";
import { Glyph } from "../parts/Glyph";
import { useDerived } from "../parts/hooks";
import type { Wall } from "../wall";
import { byDue, type Case, countsOf, EVERYTHING, type Filters, fits, KINDS, LEVELS } from "./facts";
import { List } from "./List";
import { namesOf } from "./names";
import { NewCase } from "./NewCase";
import { useCases } from "./register";
import { Sheet } from "./Sheet";
import { many, say, wordOf } from "./words";

/** What was promised to customers and by when: complaints, callbacks, answers. */
export function Page({ wall }: { wall: Wall }) {
  const query = useMemo(() => signal(""), []);
  return (
    <DeskPage wall={wall} current="cases" stem="cs" title={say("title")} heading={say("subtitle")} bar={{ query, placeholder: say("search") }}>
      <Whole wall={wall} query={query.value} onClear={() => (query.value = "")} />
    </DeskPage>
  );
}

type Open = { readonly kind: "none" | "new" } | { readonly kind: "case"; readonly id: string };

function Whole({ wall, query, onClear }: { wall: Wall; query: string; onClear: () => void }) {
  const [isClosed, setClosed] = useState(false);
  const [filters, setFilters] = useState<Filters>(EVERYTHING);
  const [open, setOpen] = useState<Open>({ kind: "none" });
  const asked = useCases(wall, isClosed);
  const me = who().value;
  const all = asked.told?.cases ?? [];
  const wanted = { ...filters, query };
  const names = namesOf(wall);
  const shown = all.filter((one) => fits(one, wanted, me?.id ?? "", [wordOf("kind", one.kind), names.agent(one.agent), names.queue(one.queue)])).toSorted(byDue);
  const isFiltered = filters.kind !== "" || filters.level !== 0 || filters.isMine || query.trim() !== "";
  const clear = () => (setFilters(EVERYTHING), onClear());
  useKey("n", may("case.open") && open.kind === "none", () => setOpen({ kind: "new" }));
  return (
    <>
      <header class="cs-head">
        <div class="chips" role="group" aria-label={say("state")}>
          {([false, true] as const).map((one) => (
            <button key={String(one)} type="button" class="dk-chip" aria-pressed={isClosed === one} onClick={() => setClosed(one)}>
              {say(one ? "state.closed" : "state.open")}
              {isClosed === one && asked.told !== undefined && <b>{asked.told.count}</b>}
            </button>
          ))}
        </div>
        <div class="chips" role="group" aria-label={say("kind")}>
          {KINDS.map((kind) => (
            <button key={kind} type="button" class="dk-chip" data-kind={kind} aria-pressed={filters.kind === kind} onClick={() => setFilters({ ...filters, kind: filters.kind === kind ? "" : kind })}>
              {say(`kind.${kind}`)}
              <b>{all.filter((one) => one.kind === kind).length}</b>
            </button>
          ))}
        </div>
        <div class="chips" role="group" aria-label={say("level")}>
          {LEVELS.map((level) => (
            <button key={level} type="button" class="dk-chip" data-level={level} aria-pressed={filters.level === level} onClick={() => setFilters({ ...filters, level: filters.level === level ? 0 : level })}>
              {say(`level.short.${level}`)}
              <b>{all.filter((one) => one.level === level).length}</b>
            </button>
          ))}
        </div>
        {may("case.change") && (
          <button type="button" class="dk-chip" data-do="mine" aria-pressed={filters.isMine} onClick={() => setFilters({ ...filters, isMine: !filters.isMine })}>
            {say("mine")}
            <b>{all.filter((one) => one.owner !== "" && one.owner === me?.id).length}</b>
          </button>
        )}
        {may("case.open") && (
          <button type="button" class="act-button primary new" data-do="new" onClick={() => setOpen({ kind: "new" })}>
            {say("new")}
            {keys.value && <kbd aria-hidden="true">N</kbd>}
          </button>
        )}
      </header>
      {!isClosed && all.length > 0 && <Counts wall={wall} cases={all} />}
      {asked.trouble !== "" && (
        <p class="cs-trouble" role="alert">
          <Glyph name="unplug" />
          {asked.trouble}
        </p>
      )}
      {asked.told === undefined ? (
        asked.trouble === "" && (
          <p class="cs-none" role="status">
            {say("loading")}
          </p>
        )
      ) : shown.length === 0 ? (
        <section class="cs-none">
          <h2>{say(isFiltered && all.length > 0 ? "none.match" : isClosed ? "none.closed" : "none")}</h2>
          {isFiltered && all.length > 0 && (
            <button type="button" class="act-button" onClick={clear}>
              {say("none.clear")}
            </button>
          )}
        </section>
      ) : (
        <List wall={wall} cases={shown} isClosed={isClosed} me={me?.id ?? ""} onOpen={(one: Case) => setOpen({ kind: "case", id: one.id })} />
      )}
      {asked.told !== undefined && asked.told.count > all.length && <p class="cs-more">{many("more", asked.told.count - all.length)}</p>}
      {open.kind === "new" && <NewCase wall={wall} onClose={() => setOpen({ kind: "none" })} onDone={asked.again} onShow={(id) => setOpen({ kind: "case", id })} />}
      {open.kind === "case" && <Sheet key={open.id} wall={wall} id={open.id} onClose={() => setOpen({ kind: "none" })} onDone={asked.again} />}
    </>
  );
}

/** In figures: how many promises are broken or about to be, and how many nobody looks after. */
function Counts({ wall, cases }: { wall: Wall; cases: readonly Case[] }) {
  const told = useDerived(() => JSON.stringify(countsOf(cases, wall.second.value ?? 0)), [cases]).value;
  const { over, near, free } = JSON.parse(told) as ReturnType<typeof countsOf>;
  return (
    <ul class="cs-counts" aria-label={say("counts")}>
      {over > 0 && (
        <li class="bad">
          <Glyph name="breach" class="m-breach" />
          <b>{over}</b> {say("counts.over")}
        </li>
      )}
      {near > 0 && (
        <li>
          <Glyph name="warn" class="m-warn" />
          <b>{near}</b> {say("counts.near")}
        </li>
      )}
      {free > 0 && (
        <li>
          <b>{free}</b> {say("counts.free")}
        </li>
      )}
    </ul>
  );
}
