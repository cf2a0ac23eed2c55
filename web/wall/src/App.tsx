import { useEffect } from "preact/hooks";

import { asked, person } from "./ask";
import { WallProvider } from "./context";
import { siteName } from "./names";
import { Agents } from "./parts/Agents";
import { Answer } from "./parts/Ask";
import { Banner, hasBanner } from "./parts/Banner";
import { Curve } from "./parts/Curve";
import { Door } from "./parts/Door";
import { Sprite } from "./parts/Glyph";
import { Header } from "./parts/Header";
import { Heroes } from "./parts/Heroes";
import { Language } from "./parts/Language";
import { Loading } from "./parts/Loading";
import { Queues } from "./parts/Queues";
import { Sources } from "./parts/Sources";
import { useDerived } from "./parts/hooks";
import type { Wall } from "./wall";
import { pageAddress } from "./wire/socket";
import { t } from "./words";

/** Opens the panel to break things with, on a demonstration only. */
const PRACTICE_KEY = "b";

export function App({ wall }: { wall: Wall }) {
  const isDemo = useDerived(() => wall.board.at("site", "mode").text === "demo", []);
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (asked.peek() !== undefined || person.peek() !== undefined || event.ctrlKey || event.altKey || event.metaKey || event.target instanceof HTMLInputElement) return;
      if (isDemo.peek() && event.key.toLowerCase() === PRACTICE_KEY) location.assign(pageAddress("practice"));
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, []);
  return (
    <WallProvider value={wall}>
      <Sprite />
      <Page wall={wall} />
      <Language>
        <a href={pageAddress("health")}>{t("health.title")}</a>
        {isDemo.value && (
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
  const link = wall.live.link.value;
  if (link === "refused") return <Door onEnter={() => wall.live.connect()} />;
  return wall.board.isPresent ? <Floor wall={wall} /> : <Loading />;
}

/** Above this many agents their tiles need the room that a banner would take from them. */
const CROWD = 30;

function Floor({ wall }: { wall: Wall }) {
  const banner = useDerived(() => hasBanner(wall), []);
  const crowd = useDerived(() => wall.board.at("agents").keys.length > CROWD, []);
  const name = useDerived(() => siteName(wall.board), []);
  useEffect(() => {
    document.title = `${name.value} · ccwall`;
  }, [name.value]);
  return (
    <main class={`wall ${banner.value ? "banners-1" : ""} ${crowd.value ? "crowd" : ""}`} data-board="floor">
      <Header />
      {banner.value && <Banner />}
      <Heroes />
      <Queues />
      <Curve />
      <Sources />
      <Agents />
    </main>
  );
}
