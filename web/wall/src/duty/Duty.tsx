import { useEffect } from "preact/hooks";

import { CasesPanel } from "../cases/Panel";
import { DeskPage } from "../desk/Page";
import { siteName } from "../names";
import { useDerived } from "../parts/hooks";
import type { Wall } from "../wall";
import { Help } from "./HelpLog";
import { Incidents } from "./Incidents";
import { Announcements, Faults, Handover, Recognition } from "./Notices";
import { Patrols } from "./Patrols";
import { say } from "./words";

/** Who has the floor today: what happens, who needs somebody, what was seen on the rounds, and what is told to all. */
export function Duty({ wall }: { wall: Wall }) {
  const name = useDerived(() => siteName(wall.board), []);
  return (
    <DeskPage wall={wall} current="duty" stem="du" title={say("title")} bar={{ title: <b><bdi>{name}</bdi></b> /* prettier-ignore */ }}>
      <Desk />
    </DeskPage>
  );
}

function Desk() {
  // Another page sends people to one incident here.
  useEffect(() => {
    if (location.hash.length > 1) document.getElementById(location.hash.slice(1))?.scrollIntoView();
  }, []);
  return (
    <>
      <div>
        <Incidents />
        <Help />
        <Faults />
        <CasesPanel />
      </div>
      <div>
        <Handover />
        <Patrols />
        <Announcements />
        <Recognition />
      </div>
    </>
  );
}
