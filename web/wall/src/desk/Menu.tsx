import type { ComponentChildren } from "preact";

import { choose, LANGUAGES, lang } from "../words";
import { Account, whose } from "./Account";
import { MenuSign } from "./drawings";
import { keys, switchKeys } from "./keys";
import { useOpening } from "./popover";
import { chooseTheme, THEMES, theme } from "./theme";
import { say } from "./words";

/** How the page looks and speaks; on a narrow screen also where else to go. */
export function Menu({ children }: { children: ComponentChildren }) {
  const { isOpen, setOpen, frame, button } = useOpening();
  return (
    <div class="dk-menu" ref={frame}>
      <button ref={button} type="button" class="dk-icon" aria-expanded={isOpen} aria-label={[say("menu"), whose()].filter((words) => words !== "").join(" · ")} onClick={() => setOpen(!isOpen)}>
        {whose() !== "" && <bdi class="dk-whose">{whose()}</bdi>}
        <MenuSign />
      </button>
      {isOpen && (
        <div class="dk-drop">
          <Account onLeave={() => (setOpen(false), button.current)} />
          <nav class="dk-pages" aria-label={say("menu.pages")}>
            {children}
          </nav>
          <fieldset>
            <legend>{say("menu.theme")}</legend>
            {THEMES.map((one) => (
              <button type="button" key={one} aria-pressed={theme.value === one} onClick={() => chooseTheme(one)}>
                {say(`theme.${one}`)}
              </button>
            ))}
          </fieldset>
          <fieldset>
            <legend>{say("menu.keys")}</legend>
            {([true, false] as const).map((isOn) => (
              <button type="button" key={String(isOn)} aria-pressed={keys.value === isOn} onClick={() => switchKeys(isOn)}>
                {say(isOn ? "keys.on" : "keys.off")}
              </button>
            ))}
          </fieldset>
          <fieldset>
            <legend>{say("menu.language")}</legend>
            {LANGUAGES.map(([code, name]) => (
              <button type="button" key={code} lang={code} aria-pressed={lang.value === code} onClick={() => choose(code)}>
                {name}
              </button>
            ))}
          </fieldset>
        </div>
      )}
    </div>
  );
}
