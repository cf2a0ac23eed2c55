import { effect, signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";

import { LateProblems, ZoneProvider } from "../acts/Act";
import { who } from "../acts/who";
import { AdviceReview } from "../alerts/Advice";
import { isDesk } from "../alerts/live";
import { hasAlerts } from "../alerts/model";
import { asked, isAsking, person } from "../ask";
import { WallProvider } from "../context";
import { Bar } from "../desk/Bar";
import { isForPage } from "../desk/keys";
import { nameOf } from "../names";
import { Answer } from "../parts/Ask";
import { Banner, hasBanner } from "../parts/Banner";
import { Door } from "../parts/Door";
import { Sprite } from "../parts/Glyph";
import { useDerived, useKeydown } from "../parts/hooks";
import { agoWords } from "../parts/Timer";
import type { Wall } from "../wall";
import { useTitle } from "../truth/title";
import { t } from "../words";
import { Cards } from "./Cards";
import { Column } from "./Column";
import { TeamProvider, useTeam } from "./context";
import { filters } from "./choice";
import { Grid } from "./Grid";
import { isPhone } from "./narrow";
import { TeamPage } from "./page";
import { Phone, tab } from "./Phone";
import { Strip } from "./Strip";
import { Toolbar } from "./Toolbar";
import { Totals } from "./Totals";
import { say } from "./words";

/** The lead's page: everybody of a team or of the floor, and the queues they serve. */
export function Team({ wall }: { wall: Wall }) {
  const page = useMemo(() => new TeamPage(wall), [wall]);
  useOwnTeam(page);
  useEffect(() => page.start(), [page]);
  return (
    <WallProvider value={wall}>
      <TeamProvider value={page}>
        <Sprite />
        {wall.live.link.value === "refused" ? <Door onEnter={() => wall.live.connect()} /> : <Page wall={wall} />}
        <Answer wall={wall} hasKeys={false} />
        <ZoneProvider value={wall.zone}>
          <AdviceReview />
        </ZoneProvider>
      </TeamProvider>
    </WallProvider>
  );
}

function Page({ wall }: { wall: Wall }) {
  const page = useTeam();
  const query = useMemo(() => signal(page.choice.peek().search), []);
  useEffect(
    () =>
      effect(() => {
        if (query.value !== page.choice.peek().search) page.choose({ search: query.value });
      }),
    [],
  );
  useEffect(() => effect(() => void (query.value = page.choice.value.search)), []);
  useWhy();
  const { team } = page.choice.value;
  const name = useDerived(() => (team === "" ? say("team.all") : nameOf(wall.board.at("teams", team), team)), [team]);
  useTitle(wall, name.value);
  // In the hand there is only something to search where the people are.
  const isSearched = useDerived(() => !isPhone.value || tab.value === "seats" || !isLead(wall), []);
  return (
    <div class={`dk-page ${wall.isLive.value ? "" : "not-live"}`} data-page="team">
      {isSearched.value ? <Bar current="team" title={<TeamChoice />} query={query} placeholder={say("search")} /> : <Bar current="team" title={<TeamChoice />} />}
      {wall.board.isPresent ? (
        <ZoneProvider value={wall.zone}>
          <Floor wall={wall} name={name.value} />
          <LateProblems />
        </ZoneProvider>
      ) : (
        <Waiting wall={wall} />
      )}
    </div>
  );
}

/** Whether what asks for a lead is for who is signed in, and known to this server. */
const isLead = (wall: Wall): boolean => isDesk() && hasAlerts(wall.board);

/** The people and their queues; for who leads them, with what asks for a lead. */
function Floor({ wall, name }: { wall: Wall; name: string }) {
  const banner = useDerived(() => hasBanner(wall), []);
  const isLeads = useDerived(() => isLead(wall), []).value;
  const people = (
    <>
      <Totals />
      <Cards />
      <Toolbar />
      <Body />
    </>
  );
  return (
    <main class={`tg ${isLeads ? (isPhone.value ? "hand" : "lead") : ""}`}>
      <h1 class="vh">{name}</h1>
      {banner.value && (
        <div class="dk-banners">
          <Banner />
        </div>
      )}
      {isLeads && isPhone.value ? (
        <Phone seats={people} />
      ) : isLeads ? (
        <>
          <Totals />
          <Cards />
          <div class="tg-left">
            <Toolbar />
            <Body />
            <Strip />
          </div>
          <Column />
        </>
      ) : (
        people
      )}
    </main>
  );
}

function TeamChoice() {
  const page = useTeam();
  const teams = page.wall.board.at("teams");
  const { team } = page.choice.value;
  const ids = [...teams.keys].sort();
  if (ids.length === 0 && team === "") return <b>{say("title")}</b>;
  return (
    <label class="dk-choice title">
      <span class="vh">{say("team")}</span>
      <select value={team} onChange={(event) => page.choose({ team: event.currentTarget.value, states: [], queue: "" })}>
        <option value="">{say("team.all")}</option>
        {ids.map((id) => (
          <option key={id} value={id}>
            {nameOf(teams.at(id), id)}
          </option>
        ))}
        {team !== "" && !ids.includes(team) && <option value={team}>{team}</option>}
      </select>
    </label>
  );
}

function Body() {
  const page = useTeam();
  const choice = page.choice.value;
  const isEmpty = useDerived(() => page.shown.value.every(({ ids }) => ids.length === 0), []);
  if (!isEmpty.value) return <Grid />;
  if (choice.team !== "" && !page.wall.board.at("teams").keys.includes(choice.team) && page.counts.peek().people === 0)
    return <Nothing what={say("noTeam", { team: choice.team })} why={say("noTeam.why")} onClear={() => page.choose({ team: "" })} />;
  if (page.people.ids.value.length === 0) return <Nothing what={say("nobody")} why={say("nobody.why")} />;
  const isNarrow = filters(choice) > 0;
  return <Nothing what={say("none")} why={say("none.why")} {...(isNarrow && { onClear: () => page.choose({ queue: "", states: [], attention: false, search: "" }) })} />;
}

function Nothing({ what, why, onClear }: { what: string; why: string; onClear?: () => void }) {
  return (
    <div class="tg-none" role="status">
      <h2>{what}</h2>
      <p>{why}</p>
      {onClear !== undefined && (
        <button type="button" class="dk-chip" onClick={onClear}>
          {say("clear")}
        </button>
      )}
    </div>
  );
}

/** The shape of the page before the first word: still blocks, and after a second, words. */
function Waiting({ wall }: { wall: Wall }) {
  const words = useDerived(() => {
    const seconds = wall.uptime.value;
    return seconds < 1 ? "" : seconds < 3 ? t("loading") : t("loading.for", { age: agoWords(seconds) });
  }, []);
  return (
    <main class="tg waiting" aria-busy="true">
      <div class="tg-totals blocks" />
      <p role="status">{words}</p>
      <div class="tg-blocks" aria-hidden="true">
        {Array.from({ length: 12 }, (_, i) => (
          <i key={i} />
        ))}
      </div>
    </main>
  );
}

/** `?` explains what is in focus or under the pointer: a person, or a number. */
function useWhy(): void {
  useKeydown((event) => {
    if (event.key !== "?" || !isForPage(event) || isAsking()) return;
    const all = [...document.querySelectorAll<HTMLElement>("[data-person], [data-metric]")];
    const button = all.find((one) => one === document.activeElement) ?? all.find((one) => one.matches(":hover")) ?? all[0];
    if (button === undefined) return;
    event.preventDefault();
    const { person: id, metric, scope = "floor" } = button.dataset;
    if (id !== undefined) person.value = { id, button };
    else if (metric !== undefined) asked.value = { metric, scope, window: "today", button };
  });
}

/** Who leads one team sees that one at first; whoever chose, or came by an address that says which, keeps it. */
function useOwnTeam(page: TeamPage): void {
  const me = who();
  useEffect(
    () =>
      effect(() => {
        const teams = me.value?.teams;
        const [only] = teams ?? [];
        if (teams?.length === 1 && only !== undefined && page.choice.peek().team === "") page.choose({ team: only });
      }),
    [page],
  );
}
