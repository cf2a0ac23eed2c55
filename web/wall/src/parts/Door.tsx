import { useEffect, useState } from "preact/hooks";

import type { Offer } from "../accounts/SignIn";
import { whole } from "../later";
import { logIn } from "../wire/socket";
import { type Key, t } from "../words";
import { Glyph } from "./Glyph";

interface Props {
  readonly onEnter: () => void;
  readonly title?: Key;
  readonly text?: Key;
}

/** What a screen sees that the server does not know: why, and the way in. */
export function Door({ onEnter, title = "door.title", text = "door.text" }: Props) {
  const [offer, setOffer] = useState<Offer | "token">();
  useEffect(() => {
    const asked = whole(() => import("../accounts/SignIn")).then(({ offered }) => offered());
    void asked.catch(() => undefined).then((found) => setOffer(found ?? "token"));
  }, []);
  if (offer === undefined) return <main class="door" aria-busy="true" />;
  if (offer === "token") return <WithToken onEnter={onEnter} title={title} text={text} />;
  return <offer.SignIn offer={offer} onEnter={onEnter} why={title === "door.title" ? undefined : { title: t(title), text: t(text) }} />;
}

/** Of a server without accounts, and of one that does not say what it has. */
function WithToken({ onEnter, title, text }: Required<Props>) {
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
        <button type="submit" class="main" disabled={isBusy}>
          {t("door.enter")}
        </button>
      </form>
    </main>
  );
}
