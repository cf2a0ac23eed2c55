import { Glyph } from "../parts/Glyph";
import type { Desk } from "../pages/desk";
import { Frame } from "../pages/Frame";
import type { Wall } from "../wall";
import { t } from "../words";
import { Faults } from "./Faults";
import { Truth } from "./Truth";

/** A simulated exchange to break, and what the wall makes of it beside the truth. */
export function Practice({ desk, wall }: { desk: Desk; wall: Wall }) {
  // Beside a simulator that somebody else's wall looks at there is neither.
  const hasWall = wall.board.isPresent || desk.poll.state.value === "absent";
  return (
    <Frame
      desk={desk}
      name="practice"
      links={hasWall ? [["./", "page.wall"], ["health", "page.health"]] : []}
      aside={<Product desk={desk} />}
    >
      <div class="practice">
        <Faults desk={desk} />
        <Truth desk={desk} wall={wall} />
      </div>
    </Frame>
  );
}

function Product({ desk }: { desk: Desk }) {
  const { answer, poll } = desk;
  if (poll.state.value !== "fresh") return null;
  const isUp = answer.at("up").leaf.value !== false;
  return (
    <p class="product">
      <Glyph name={isUp ? "live" : "unplug"} />
      <b>
        <bdi>{answer.at("product").text}</bdi>
      </b>
      <span>{t(isUp ? "practice.up" : "practice.down")}</span>
      <span>{t("practice.scenario", { name: answer.at("scenario").text, seed: answer.at("seed").number ?? "–" })}</span>
      <span>{t("practice.speed", { n: answer.at("speed").number ?? 1 })}</span>
    </p>
  );
}
