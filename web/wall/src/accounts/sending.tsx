import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";

import { Glyph } from "../parts/Glyph";
import { ask, type Told } from "./ask";
import { say, whyNot } from "./words";

/** Sends it, and says what came of it beside the button. */
export function useSending(onDone: (told: Told) => void, wrong: string) {
  const [trouble, setTrouble] = useState("");
  const [isBusy, setBusy] = useState(false);
  const send = async (path: string, body: unknown, method = "POST") => {
    setBusy(true);
    setTrouble("");
    const told = await ask(path, method, body);
    setBusy(false);
    if (told.isDone) onDone(told);
    else setTrouble(troubleOf(told, wrong));
    return told;
  };
  return { trouble, setTrouble, isBusy, send };
}

export function troubleOf(told: Told, wrong: string): string {
  if (told.status === 0) return say("in.away");
  if (told.status === 429) return say("in.wait", { n: told.wait });
  if (told.status === 401) return wrong;
  return whyNot(told.code, told.detail);
}

export function Trouble({ children }: { children: ComponentChildren }) {
  return (
    <p class="trouble ed-trouble" role="alert">
      {children !== "" && (
        <>
          <Glyph name="lost" />
          <span>{children}</span>
        </>
      )}
    </p>
  );
}
