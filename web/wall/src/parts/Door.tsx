import { useState } from "preact/hooks";

import { logIn } from "../wire/socket";
import { type Key, t } from "../words";
import { Glyph } from "./Glyph";

/** What a screen sees that the server does not know: why, and the way in. */
export function Door({ onEnter, title = "door.title", text = "door.text" }: { onEnter: () => void; title?: Key; text?: Key }) {
  const [trouble, setTrouble] = useState<Key>();
  const [isBusy, setBusy] = useState(false);
  const enter = async (event: SubmitEvent) => {
    event.preventDefault();
    const token = new FormData(event.currentTarget as HTMLFormElement).get("token");
    if (typeof token !== "string" || token.trim() === "") return;
    setBusy(true);
    setTrouble(undefined);
    try {
      if (await logIn(token.trim())) onEnter();
      else setTrouble("door.wrong");
    } catch {
      setTrouble("door.away");
    } finally {
      setBusy(false);
    }
  };
  return (
    <main class="door">
      <form class="tile" onSubmit={enter}>
        <h1>{t(title)}</h1>
        <p>{t(text)}</p>
        <label>
          <span>{t("door.field")}</span>
          <input name="token" type="password" autocomplete="current-password" autofocus required />
        </label>
        <p class="trouble" role="alert">
          {trouble && (
            <>
              <Glyph name="lost" />
              {t(trouble)}
            </>
          )}
        </p>
        <button type="submit" disabled={isBusy}>
          {t("door.enter")}
        </button>
      </form>
    </main>
  );
}
