import { effect, signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";

import { DeskPage } from "../desk/Page";
import type { Wall } from "../wall";
import { Channels } from "./Channels";
import { Detail } from "./Detail";
import { AlertList } from "./List";
import { useLiveAlerts } from "./live";
import { useKeys } from "./Panel";
import { keepAddress, opened, type View, view, VIEWS, wanted } from "./page";
import { Rules } from "./Rules";
import { say } from "./words";

/** Another part of the page; what was open in the last one is not open here. */
function go(to: View): void {
  if (to === view.peek()) return;
  view.value = to;
  opened.value = "";
}

/** Every alert of now and of today, whole; the rules they come from, and the ways on which they go out. */
export function Page({ wall }: { wall: Wall }) {
  const query = useMemo(() => signal(wanted.peek().text), []);
  useEffect(() => effect(keepAddress), []);
  useEffect(
    () =>
      effect(() => {
        if (query.value !== wanted.peek().text) wanted.value = { ...wanted.peek(), text: query.value };
      }),
    [],
  );
  const isListed = view.value === "now" || view.value === "today";
  return (
    <DeskPage wall={wall} current="alerts" stem="ap" title={say("title")} {...(isListed && { bar: { query, placeholder: say("search") } })}>
      <nav class="ap-views" aria-label={say("views")}>
        {VIEWS.map((one) => (
          <button type="button" key={one} aria-current={one === view.value ? "page" : undefined} data-view={one} onClick={() => go(one)}>
            {say(`view.${one}`)}
          </button>
        ))}
      </nav>
      {isListed ? <Lists wall={wall} /> : view.value === "rules" ? <Rules /> : <Channels />}
    </DeskPage>
  );
}

function Lists({ wall }: { wall: Wall }) {
  const { all, desk } = useLiveAlerts(wall, () => "");
  useKeys(() => desk.peek());
  return (
    <div class={`ap-lists ${opened.value === "" ? "" : "open"}`}>
      <AlertList all={all} />
      <Detail all={all} />
    </div>
  );
}
