import { AdvicePanel } from "../alerts/Advice";
import { AlertsPanel } from "../alerts/Panel";
import { BreakPanel } from "../breaks/Panel";
import { HelpPanel, IncidentStrip, PatrolPanel } from "../duty/panels";
import { useTeam } from "./context";
import { say } from "./words";

/** Beside the people: what asks the lead, what is advised, and who wants something. */
export function Column() {
  const page = useTeam();
  const { team } = page.choice.value;
  return (
    <aside class="dk-column" aria-label={say("desk")}>
      <IncidentStrip />
      <AlertsPanel team={() => page.choice.value.team} />
      <AdvicePanel />
      <HelpPanel />
      <BreakPanel team={() => page.choice.value.team} />
      <PatrolPanel {...(team !== "" && { team })} />
    </aside>
  );
}
