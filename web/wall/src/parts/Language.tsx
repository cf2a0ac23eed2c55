import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";

import { choose, LANGUAGES, lang, t } from "../words";

const AWAKE = 4000;

/** Walls have no mouse: the switch is there when somebody moves one, or comes to it by keyboard. */
export function Language({ children }: { children?: ComponentChildren }) {
  const awake = useAwake();
  return (
    <nav class={`language ${awake ? "awake" : ""}`} aria-label={t("language")}>
      <Choices />
      {children}
    </nav>
  );
}

/** One button a language, for a page that has room for them. */
export function Choices() {
  return LANGUAGES.map(([code, name]) => (
    <button type="button" key={code} lang={code} aria-pressed={lang.value === code} onClick={() => choose(code)}>
      {name}
    </button>
  ));
}

function useAwake(): boolean {
  const [awake, setAwake] = useState(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const wake = () => {
      setAwake(true);
      clearTimeout(timer);
      timer = setTimeout(() => setAwake(false), AWAKE);
    };
    addEventListener("pointermove", wake);
    addEventListener("pointerdown", wake);
    return () => {
      removeEventListener("pointermove", wake);
      removeEventListener("pointerdown", wake);
      clearTimeout(timer);
    };
  }, []);
  useEffect(() => {
    document.documentElement.classList.toggle("asleep", !awake);
  }, [awake]);
  return awake;
}
