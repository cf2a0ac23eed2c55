import { useSignal } from "@preact/signals";

import { who } from "../acts/who";
import { useWall } from "../context";
import { DeskPage } from "../desk/Page";
import { nameOf } from "../names";
import { Glyph } from "../parts/Glyph";
import { useDerived } from "../parts/hooks";
import type { Wall } from "../wall";
import { Absence } from "./Away";
import { Budget } from "./Budget";
import { useEffects } from "./effects";
import { History } from "./History";
import { Limits } from "./Limits";
import { breaksOf, courseOf, hasBreaks, isIn, scopesOf } from "./model";
import { Moves } from "./Moves";
import { ordered, useBreakKeys } from "./Panel";
import { Plan } from "./Plan";
import { scopeName, Wish } from "./Wish";
import { say } from "./words";

/** The break desk whole: who asks and what it would cost, who is away, what is planned, what everybody has left. */
export function Page({ wall }: { wall: Wall }) {
  const asked = new URLSearchParams(location.search);
  const chosen = useSignal(asked.has("team") ? `team:${asked.get("team") ?? ""}` : asked.has("line") ? `line:${asked.get("line") ?? ""}` : "");
  // Who leads one team looks at its breaks against its cap: of the floor's they see only a part.
  const [own, ...others] = who().value?.teams ?? [];
  const scope = chosen.value || (own !== undefined && others.length === 0 ? `team:${own}` : "floor");
  return (
    <DeskPage wall={wall} current="breaks" stem="bk" title={say("title")} bar={{ title: <ScopeChoice scope={scope} onChoose={(key) => (chosen.value = key)} wall={wall} /> }}>
      {hasBreaks(wall.board) ? (
        <Desk scope={scope} />
      ) : (
        <p class="bk-none" role="status">
          {say("absent")}
        </p>
      )}
    </DeskPage>
  );
}

function ScopeChoice({ scope, onChoose, wall }: { scope: string; onChoose: (key: string) => void; wall: Wall }) {
  const { board } = wall;
  const teams = [...board.at("teams").keys].sort();
  // Who leads teams sees the lines too, and the caps of some of them may stand against their people.
  const lines = scopesOf(board).filter(({ kind }) => kind === "line");
  if (teams.length === 0 && lines.length === 0) return <b>{say("title")}</b>;
  return (
    <>
      <b>{say("title")}</b>
      <label class="dk-choice title">
        <span class="vh">{say("limits.scope")}</span>
        <select value={scope} onChange={(event) => onChoose(event.currentTarget.value)}>
          <option value="floor">{say("floor")}</option>
          {teams.map((id) => (
            <option key={`team:${id}`} value={`team:${id}`}>
              {nameOf(board.at("teams", id), id)}
            </option>
          ))}
          {lines.map(({ key }) => (
            <option key={key} value={key}>
              {scopeName(board, key)}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}

function Desk({ scope }: { scope: string }) {
  const wall = useWall();
  const { board } = wall;
  const items = useDerived(() => breaksOf(board).filter(({ agent }) => isIn(board, agent, scope)), [scope]);
  const effects = useEffects(wall);
  useBreakKeys(() => ordered(items.peek())[0]);
  const waiting = ordered(items.value);
  // Who is over their time comes first, and comes there when it happens: once a second, not with every change.
  const order = useDerived(() => {
    const rank = { late: 0, over: 1, near: 2, "": 3 };
    const gone = items.value.filter(({ state }) => state === "running" || state === "granted");
    const of = gone.map((one) => ({ id: one.id, rank: one.state === "granted" ? 4 : rank[courseOf(one, wall.second.value)], due: one.due ?? one.begins ?? 0 }));
    return of.sort((a, b) => a.rank - b.rank || a.due - b.due).map(({ id }) => id).join(" ");
  }, [scope]);
  const gone = order.value.split(" ").flatMap((id) => items.value.find((one) => one.id === id) ?? []);
  return (
    <div class="bk-cols">
      <section class="dk-panel bk-panel" aria-labelledby="bk-requests" data-panel="breaks" tabIndex={-1}>
        <header class="h">
          <h2 id="bk-requests">{say("requests")}</h2>
          <span class="n">{waiting.length}</span>
        </header>
        {waiting.length === 0 ? (
          <p class="bk-calm">
            <Glyph name="ok" />
            {say("none")}
          </p>
        ) : (
          <ul class="bk-list whole">
            {waiting.map((item, i) => (
              <Wish key={item.id} item={item} effect={effects.value.breaks.get(item.id)} isWhole={item.state !== "postponed"} hasKeys={i === 0} />
            ))}
          </ul>
        )}
      </section>
      <section class="dk-panel bk-gone" aria-labelledby="bk-gone">
        <header class="h">
          <h2 id="bk-gone">{say("gone")}</h2>
          <span class="n">{gone.length}</span>
        </header>
        {gone.length === 0 && <p class="bk-calm">{say("gone.none")}</p>}
        <ul class="bk-list">
          {gone.map((item) => (
            <Absence key={item.id} item={item} />
          ))}
        </ul>
      </section>
      <div class="bk-side">
        <Plan items={items.value} scope={scope} rooms={effects.value.rooms} />
        <Limits scope={scope} rooms={effects.value.rooms} />
        <Budget scope={scope} items={items.value} />
        <Moves />
        <History scope={scope} items={items.value} />
      </div>
    </div>
  );
}
