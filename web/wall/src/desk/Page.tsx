import type { ComponentChildren, ComponentProps } from "preact";

import { LateProblems, ZoneProvider } from "../acts/Act";
import { WallProvider } from "../context";
import { Answer } from "../parts/Ask";
import { Banner, hasBanner } from "../parts/Banner";
import { Door } from "../parts/Door";
import { Sprite } from "../parts/Glyph";
import { useDerived } from "../parts/hooks";
import { useTitle } from "../truth/title";
import type { Wall } from "../wall";
import { t } from "../words";
import { Bar } from "./Bar";

interface Props {
  readonly wall: Wall;
  /** Which page: its place in the bar, and its `data-page`. */
  readonly current: ComponentProps<typeof Bar>["current"];
  /** What its own classes begin with: `<stem>-page`, `<stem>-main`, `<stem>-none`. */
  readonly stem: string;
  readonly title: string;
  /** What readers hear first, where that is more than the title. */
  readonly heading?: string;
  /** What else stands in the bar: a choice instead of the title, a search. */
  readonly bar?: Partial<Omit<ComponentProps<typeof Bar>, "current">>;
  /** Only asked for when the board is there. */
  readonly children: ComponentChildren;
}

/** What the pages that are read from a chair have in common: a door, the bar, banners, and a word until the board is there. */
export function DeskPage(props: Props) {
  const { wall } = props;
  return (
    <WallProvider value={wall}>
      <Sprite />
      {wall.live.link.value === "refused" ? <Door onEnter={() => wall.live.connect()} /> : <Body {...props} />}
      <Answer wall={wall} hasKeys={false} />
    </WallProvider>
  );
}

function Body({ wall, current, stem, title, heading = title, bar, children }: Props) {
  useTitle(wall, title);
  const banner = useDerived(() => wall.board.isPresent && hasBanner(wall), []);
  return (
    <div class={`dk-page ${stem}-page ${wall.isLive.value ? "" : "not-live"}`} data-page={current}>
      <Bar current={current} title={<b>{title}</b>} {...bar} />
      <ZoneProvider value={wall.zone}>
        <main class={`${stem}-main`}>
          <h1 class="vh">{heading}</h1>
          {banner.value && (
            <div class="dk-banners">
              <Banner />
            </div>
          )}
          {wall.board.isPresent ? (
            children
          ) : (
            <p class={`${stem}-none`} role="status">
              {t("loading")}
            </p>
          )}
        </main>
        <LateProblems />
      </ZoneProvider>
    </div>
  );
}
