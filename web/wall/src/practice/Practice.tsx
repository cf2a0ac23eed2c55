import { useState } from "preact/hooks";

import { Glyph } from "../parts/Glyph";
import type { Desk } from "../pages/desk";
import { Frame } from "../pages/Frame";
import type { Wall } from "../wall";
import { t } from "../words";
import { Callers } from "./Callers";
import { Faults } from "./Faults";
import { type Thing, thingsOf } from "./things";
import { Truth } from "./Truth";

/** A simulated exchange to break, and what the wall makes of it beside the truth. */
export function Practice({ desk, wall }: { desk: Desk; wall: Wall }) {
  // Beside a simulator that somebody else's wall looks at there is neither.
  const hasWall = wall.board.isPresent || desk.poll.state.value === "absent";
  const all = thingsOf(desk.answer);
  const callers = all.find(({ queues }) => queues.length > 0);
  const things = all.filter((thing) => thing !== callers);
  const [wanted, setWanted] = useState("");
  const chosen = things.find(({ id }) => id === wanted) ?? things[0];
  return (
    <Frame
      desk={desk}
      name="practice"
      links={hasWall ? [["./", "page.wall"], ["health", "page.health"]] : []}
      aside={chosen !== undefined && <Product desk={desk} chosen={chosen} />}
    >
      {chosen !== undefined && (
        <div class="practice">
          <div class="column">
            {callers !== undefined && <Callers desk={desk} thing={callers} hasWall={wall.board.isPresent} />}
            <Faults desk={desk} wall={wall} things={things} chosen={chosen} onChoose={setWanted} />
          </div>
          <Truth key={chosen.id} desk={desk} wall={wall} chosen={chosen} />
        </div>
      )}
    </Frame>
  );
}

function Product({ desk, chosen }: { desk: Desk; chosen: Thing }) {
  const { answer, poll } = desk;
  if (poll.state.value !== "fresh") return null;
  return (
    <p class="product">
      <Glyph name={chosen.isUp ? "live" : "unplug"} />
      <b>
        <bdi>{chosen.product}</bdi>
      </b>
      <span>{t(chosen.isUp ? "practice.up" : "practice.down")}</span>
      <span>{t("practice.scenario", { name: chosen.scenario || answer.at("scenario").text, seed: answer.at("seed").number ?? "–" })}</span>
      <span>{t("practice.speed", { n: answer.at("speed").number ?? 1 })}</span>
    </p>
  );
}
