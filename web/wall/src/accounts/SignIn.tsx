import type { FunctionComponent } from "preact";
import { useState } from "preact/hooks";

import { Glyph } from "../parts/Glyph";
import { choose, LANGUAGES, lang } from "../words";
import type { Told } from "./ask";
import { ChangePassword } from "./ChangePassword";
import { askMyself, askWay, entered, type Myself, type Persona, type Way } from "./me";
import { Trouble, useSending } from "./sending";
import { roleName, say } from "./words";

interface Props {
  readonly offer: Offer;
  readonly onEnter: () => void;
  readonly why: Why | undefined;
}
/** Why this page needs somebody else than most do. */
interface Why {
  readonly title: string;
  readonly text: string;
}
/** What the door has for who stands before it. */
export interface Offer {
  readonly SignIn: FunctionComponent<Props>;
  readonly way: Way;
  readonly me: Myself | undefined;
}

/** `undefined`: this server has no accounts, or does not say. */
export async function offered(): Promise<Offer | undefined> {
  const way = await askWay();
  return way === undefined ? undefined : { SignIn, way, me: await askMyself() };
}

/** Once a page: who is let in all the same was only asked again, because what they may see is another now. */
let hasTried = false;

export function SignIn({ offer: { way, me: found }, onEnter, why }: Props) {
  const [me, setMe] = useState(found);
  const isAccepted = me !== undefined && !me.mustChange && !hasTried && why === undefined;
  if (isAccepted) {
    hasTried = true;
    queueMicrotask(onEnter);
  }
  const enter = (told: Told) => {
    const next = entered(told.body);
    setMe(next);
    hasTried = true;
    if (!next.mustChange) onEnter();
  };
  return (
    <main class="door" aria-busy={isAccepted}>
      {!isAccepted && (
        <div class="tile">
          <p class="brand">
            <i aria-hidden="true">
              <b />
              <b />
              <b />
            </i>
            ccwall
          </p>
          {me?.mustChange === true ? <MustChange onDone={enter} /> : <Forms way={way} me={me} why={why} onDone={enter} />}
        </div>
      )}
      {!isAccepted && <Tongues />}
    </main>
  );
}

function MustChange({ onDone }: { onDone: (told: Told) => void }) {
  return (
    <>
      <h1>{say("change.title")}</h1>
      <p>{say("change.must")}</p>
      <ChangePassword onDone={onDone} />
    </>
  );
}

interface FormsProps {
  readonly way: Way;
  readonly me: Myself | undefined;
  readonly why: Why | undefined;
  readonly onDone: (told: Told) => void;
}

function Forms({ way, me, why, onDone }: FormsProps) {
  const [isToken, setToken] = useState(!way.hasAccounts);
  const isFirst = way.isFirst && isToken;
  const title = why !== undefined ? why.title : isFirst ? say("first.title") : isToken ? say("in.token.title") : say("in.title");
  const words = why !== undefined ? why.text : isFirst ? say("first.text") : isToken ? say("in.token.text") : undefined;
  return (
    <>
      <h1>{title}</h1>
      {me !== undefined && <p>{say("in.known", { name: me.name, role: roleName(me.role) })}</p>}
      {words !== undefined && <p>{words}</p>}
      {way.isProblem && (
        <p>
          <Glyph name="warn" class="m-warn" /> {say("in.problem")}
        </p>
      )}
      {isToken ? <TokenForm isFirst={isFirst} onDone={onDone} /> : <PasswordForm onDone={onDone} />}
      {(way.hasAccounts || !isToken) && (
        <button type="button" class="quiet" onClick={() => setToken(!isToken)}>
          {say(isToken ? "in.back" : "in.other")}
        </button>
      )}
      {way.personas.length > 0 && <Personas all={way.personas} onDone={onDone} />}
    </>
  );
}

const fieldOf = (event: SubmitEvent, name: string): string => {
  const value = new FormData(event.currentTarget as HTMLFormElement).get(name);
  return typeof value === "string" ? value : "";
};

function PasswordForm({ onDone }: { onDone: (told: Told) => void }) {
  const { trouble, isBusy, send } = useSending(onDone, say("in.wrong"));
  const enter = (event: SubmitEvent) => {
    event.preventDefault();
    void send("api/v1/session", { account: fieldOf(event, "username"), password: fieldOf(event, "password") });
  };
  return (
    <form onSubmit={enter}>
      <label>
        <span>{say("in.account")}</span>
        <input name="username" autocomplete="username" autocapitalize="none" spellcheck={false} maxLength={64} autofocus required />
      </label>
      <label>
        <span>{say("in.password")}</span>
        <input name="password" type="password" autocomplete="current-password" maxLength={256} required />
      </label>
      <Trouble>{trouble}</Trouble>
      <button type="submit" class="main" disabled={isBusy}>
        {say("in.enter")}
      </button>
      <p class="hint">{say("in.forgot")}</p>
    </form>
  );
}

function TokenForm({ isFirst, onDone }: { isFirst: boolean; onDone: (told: Told) => void }) {
  const { trouble, isBusy, send } = useSending(onDone, say("in.token.wrong"));
  const enter = (event: SubmitEvent) => {
    event.preventDefault();
    void send("api/v1/session", { token: fieldOf(event, "token").trim() });
  };
  return (
    <form onSubmit={enter}>
      <label>
        <span>{say(isFirst ? "first.code" : "in.token")}</span>
        {isFirst ? (
          <input name="token" autocomplete="off" spellcheck={false} maxLength={512} autofocus required />
        ) : (
          <input name="token" type="password" autocomplete="off" maxLength={512} autofocus required />
        )}
      </label>
      <Trouble>{trouble}</Trouble>
      <button type="submit" class="main" disabled={isBusy}>
        {say("in.token.enter")}
      </button>
    </form>
  );
}

function Personas({ all, onDone }: { all: readonly Persona[]; onDone: (told: Told) => void }) {
  const { trouble, isBusy, send } = useSending(onDone, say("in.wrong"));
  return (
    <section>
      <h2 id="personas">{say("in.practise")}</h2>
      <Trouble>{trouble}</Trouble>
      <ul class="personas" aria-labelledby="personas">
        {all.map(({ id, name, role }) => (
          <li key={id}>
            <button type="button" disabled={isBusy} onClick={() => void send("api/v1/session", { persona: id })}>
              <bdi>{name}</bdi>
              <small>{roleName(role)}</small>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Tongues() {
  return (
    <nav class="tongues" aria-label={say("form.language")}>
      {LANGUAGES.map(([code, name]) => (
        <button type="button" key={code} lang={code} aria-pressed={lang.value === code} onClick={() => choose(code)}>
          {name}
        </button>
      ))}
    </nav>
  );
}
