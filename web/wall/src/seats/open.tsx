import "../css/page.css";
import "../css/desk.css";
import "../css/seats.css";

import { WallProvider } from "../context";
import { start } from "../desk/start";
import { Answer } from "../parts/Ask";
import { Door } from "../parts/Door";
import { Sprite } from "../parts/Glyph";
import type { Wall } from "../wall";
import { browser } from "../wire/socket";
import { t } from "../words";
import { SeatPage } from "./SeatPage";

export const open = (root: HTMLElement): void => start(root, Opened, browser);

function Opened({ wall }: { wall: Wall }) {
  return (
    <WallProvider value={wall}>
      <Sprite />
      <Shown wall={wall} />
      <Answer wall={wall} hasKeys={false} />
    </WallProvider>
  );
}

function Shown({ wall }: { wall: Wall }) {
  if (wall.live.link.value === "refused") return <Door onEnter={() => wall.live.connect()} />;
  if (wall.board.isPresent) return <SeatPage />;
  return (
    <p class="s-loading" role="status">
      {t("loading")}
    </p>
  );
}
