import { isAsking } from "./ask";
import { Screen } from "./board/Screen";
import { WallProvider } from "./context";
import { Answer } from "./parts/Ask";
import { Door } from "./parts/Door";
import { Sprite } from "./parts/Glyph";
import { Language } from "./parts/Language";
import { useDerived, useKeydown } from "./parts/hooks";
import { SoundTest } from "./sound/Sign";
import { SkewNote } from "./truth/SkewNote";
import type { Wall } from "./wall";
import { pageAddress } from "./wire/socket";
import { t } from "./words";

/** Opens the panel to break things with, on a demonstration only. */
const PRACTICE_KEY = "b";
/** A screen that anybody can reach with a mouse: nothing on it leads away from its board. */
const isKiosk = new URLSearchParams(location.search).get("kiosk") === "1";

export function App({ wall }: { wall: Wall }) {
  const isDemo = useDerived(() => wall.board.at("site", "mode").text === "demo", []);
  useKeydown((event) => {
    if (isAsking() || event.ctrlKey || event.altKey || event.metaKey || event.target instanceof HTMLInputElement) return;
    if (!isKiosk && isDemo.peek() && event.key.toLowerCase() === PRACTICE_KEY) location.assign(pageAddress("practice"));
  });
  return (
    <WallProvider value={wall}>
      <Sprite />
      <Page wall={wall} />
      <Language>
        <SoundTest />
        <SkewNote />
        {!isKiosk && <a href={pageAddress("health")}>{t("health.title")}</a>}
        {!isKiosk && isDemo.value && (
          <a href={pageAddress("practice")} data-link="practice">
            {t("practice.title")} <kbd>{PRACTICE_KEY}</kbd>
          </a>
        )}
      </Language>
      <Answer wall={wall} />
    </WallProvider>
  );
}

function Page({ wall }: { wall: Wall }) {
  return wall.live.link.value === "refused" ? <Door onEnter={() => wall.live.connect()} /> : <Screen />;
}
