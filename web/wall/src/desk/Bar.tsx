import type { Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";

import { who } from "../acts/who";
import { isAsking } from "../ask";
import { useWall } from "../context";
import { clock } from "../format/moment";
import { Glyph } from "../parts/Glyph";
import { useDerived, useKeydown } from "../parts/hooks";
import { pageAddress } from "../wire/socket";
import { Brand, SearchSign } from "./drawings";
import { isForPage, keys } from "./keys";
import { Menu } from "./Menu";
import { Summary } from "./Summary";
import { say } from "./words";

/** Where else to go, in the order of the bar. */
export const PLACES = [
  ["team", "nav.team"],
  ["seats", "nav.seats"],
  ["breaks", "nav.breaks"],
  ["duty", "nav.duty"],
  ["cases", "nav.cases"],
  ["alerts", "nav.alerts"],
  ["rota", "nav.rota"],
  ["./", "nav.wall"],
  ["boards", "nav.boards"],
  ["health", "nav.health"],
  ["me", "nav.me"],
] as const;
export type PlaceName = (typeof PLACES)[number][0];

/** What somebody has who keeps the register, and no floor. */
const OF_KEEPERS: ReadonlySet<PlaceName> = new Set(["cases", "alerts", "./"]);

interface Props {
  readonly current: PlaceName | "people";
  /** What the page is about: a name, or a choice of names. */
  readonly title: ComponentChildren;
  /** What is searched for; without it there is no field. */
  readonly query?: Signal<string>;
  readonly placeholder?: string;
}

/** On top of every page that is read from a chair: where one is, where else to go, how old everything is. */
export function Bar({ current, title, query, placeholder }: Props) {
  return (
    <header class="dk-bar">
      <a class="dk-brand" href={pageAddress("./")}>
        <Brand />
        <b>ccwall</b>
      </a>
      <div class="dk-title">{title}</div>
      <nav class="dk-nav" aria-label={say("nav")}>
        <Links current={current} />
      </nav>
      {query !== undefined && <Search query={query} placeholder={placeholder ?? ""} />}
      <Summary />
      <Clock />
      <Menu>
        <Links current={current} />
      </Menu>
    </header>
  );
}

function Links({ current }: { current: PlaceName | "people" }) {
  const me = who().value;
  const isAgent = me?.role === "agent";
  const isKeeper = me?.role === "complaints";
  // One's own page is for those who take calls; who only does that has no other, but that customers complain to them too.
  // Leads come to the register from the duty desk: the bar is full.
  const places = PLACES.filter(([path]) => {
    if (path === "cases") return current === "cases" || ((isAgent || isKeeper) && me.acts.has("case.open"));
    if (path === "me") return me?.agent !== undefined;
    return !isAgent && (!isKeeper || OF_KEEPERS.has(path));
  });
  return places.map(([path, label]) => (
    <a key={path} href={pageAddress(path)} aria-current={path === current ? "page" : undefined}>
      {say(label)}
    </a>
  ));
}

/** `/` from anywhere on the page goes here; Esc empties it, then leaves it. */
function Search({ query, placeholder }: { query: Signal<string>; placeholder: string }) {
  const field = useRef<HTMLInputElement>(null);
  useKeydown((event) => {
    if (event.key !== "/" || !isForPage(event) || isAsking()) return;
    event.preventDefault();
    field.current?.focus();
    field.current?.select();
  });
  const left = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    if (query.peek() === "") field.current?.blur();
    else query.value = "";
  };
  return (
    <search class="dk-search">
      <SearchSign />
      <input
        ref={field}
        type="search"
        value={query.value}
        placeholder={placeholder}
        aria-label={placeholder}
        autocomplete="off"
        spellcheck={false}
        maxLength={80}
        onInput={(event) => (query.value = event.currentTarget.value)}
        onKeyDown={left}
      />
      {query.value === "" ? (
        keys.value && <kbd aria-hidden="true">/</kbd>
      ) : (
        <button type="button" aria-label={say("search.clear")} onClick={() => ((query.value = ""), field.current?.focus())}>
          <Glyph name="lost" />
        </button>
      )}
    </search>
  );
}

function Clock() {
  const wall = useWall();
  const now = useDerived(() => (wall.second.value === undefined ? "" : clock(wall.second.value, wall.zone)), []);
  return <time class={`dk-clock ${wall.isLive.value ? "" : "stale"}`}>{now}</time>;
}
