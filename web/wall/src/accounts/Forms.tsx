import { useState } from "preact/hooks";

import { Dialog } from "../boards/Dialog";
import { useWall } from "../context";
import { nameOf } from "../names";
import { LANGUAGES, lang } from "../words";
import { text, type Thing, type Told } from "./ask";
import { myself } from "./me";
import type { Account, Register } from "./people";
import { Trouble, troubleOf } from "./sending";
import { roleName, say } from "./words";

interface Props {
  readonly register: Register;
  readonly onClose: () => void;
}
/** What a dialog sends, and what it says where that did not work. */
function useWish(onDone: (told: Told) => void) {
  const [trouble, setTrouble] = useState("");
  const [isBusy, setBusy] = useState(false);
  const send = async (wish: Promise<Told>) => {
    setBusy(true);
    const told = await wish;
    setBusy(false);
    if (told.isDone) onDone(told);
    else setTrouble(troubleOf(told, say("why.not_allowed")));
  };
  return { trouble, isBusy, send };
}

type Scope = readonly string[] | undefined;

/** All of them, or some by name: those the floor has now, and those that were chosen before. */
function ScopeField({ what, known, value, onChange }: { what: "teams" | "queues"; known: readonly (readonly [string, string])[]; value: Scope; onChange: (scope: Scope) => void }) {
  const names = new Map(known);
  for (const id of value ?? []) if (!names.has(id)) names.set(id, id);
  const turn = (id: string) => onChange((value ?? []).includes(id) ? (value ?? []).filter((one) => one !== id) : [...(value ?? []), id]);
  return (
    <fieldset class="pp-scope">
      <legend>{say(`form.${what}`)}</legend>
      <button type="button" class="dk-chip" aria-pressed={value === undefined} onClick={() => onChange(value === undefined ? [] : undefined)}>
        {say(`form.${what}.all`)}
      </button>
      {[...names].map(([id, name]) => (
        <button type="button" class="dk-chip" key={id} aria-pressed={value?.includes(id) ?? false} onClick={() => turn(id)}>
          <bdi>{name}</bdi>
        </button>
      ))}
    </fieldset>
  );
}

/** What the floor has, by name. */
function useFloor() {
  const wall = useWall();
  const named = (part: "queues" | "agents") => {
    const all = wall.board.at(part);
    return all.keys.map((id) => [id, nameOf(all.at(id), id)] as const).sort((a, b) => a[1].localeCompare(b[1]));
  };
  const teams = [...wall.board.at("teams").keys].filter((id) => id !== "").sort();
  return { teams: teams.map((id) => [id, id] as const), queues: named("queues"), agents: named("agents") };
}

const kept = (scope: Scope): readonly string[] | null => scope ?? null;

/** A new account, or another role and scope of one. `isFirst`: there is nobody yet, and it is the reader's own. */
export function AccountForm({ register, account, isFirst = false, onClose, onMade }: Props & { account?: Account; isFirst?: boolean; onMade: (told: Told) => void }) {
  const floor = useFloor();
  const roles = register.everybody.value?.roles ?? [];
  const isOwn = account !== undefined && account.id === myself().value?.id;
  const [id, setId] = useState(account?.id ?? "");
  const [name, setName] = useState(account?.name ?? "");
  const [role, setRole] = useState(account?.role ?? (isFirst ? "manager" : "lead"));
  const [teams, setTeams] = useState<Scope>(account?.teams);
  const [queues, setQueues] = useState<Scope>(account?.queues);
  const [agent, setAgent] = useState(account?.agent ?? "");
  const [language, setLanguage] = useState(account?.language ?? "");
  const { trouble, isBusy, send } = useWish(onMade);
  const isAgent = role === "agent";
  const agents = floor.agents.some(([one]) => one === agent) || agent === "" ? floor.agents : [[agent, agent] as const, ...floor.agents];
  const save = (event: SubmitEvent) => {
    event.preventDefault();
    const password = new FormData(event.currentTarget as HTMLFormElement).get("password");
    const words: Thing = { name: name.trim(), language };
    const scope: Thing = { role, teams: isAgent ? null : kept(teams), queues: isAgent ? null : kept(queues), agent: agent === "" ? null : agent };
    if (account !== undefined) return void send(register.change(account.id, isOwn ? words : { ...words, ...scope }));
    void send(register.add({ id, ...words, ...scope, ...(typeof password === "string" ? { password } : {}) }));
  };
  const fields = (
    <form class="bd-form" onSubmit={save}>
      {isFirst && <p class="muted">{say("first.make")}</p>}
      {account === undefined && (
        <label class="bd-label">
          <span>{say("form.id")}</span>
          <input value={id} autocomplete="username" autocapitalize="none" spellcheck={false} maxLength={40} autofocus required aria-describedby="id-hint" onInput={(event) => setId(event.currentTarget.value)} />
          <small id="id-hint" class="muted">
            {say("form.id.hint")}
          </small>
        </label>
      )}
      <label class="bd-label">
        <span>{say("form.name")}</span>
        <input value={name} maxLength={80} autocomplete="name" required onInput={(event) => setName(event.currentTarget.value)} />
      </label>
      {isFirst ? (
        <label class="bd-label">
          <span>{say("form.password")}</span>
          <input name="password" type="password" autocomplete="new-password" minLength={10} maxLength={256} required aria-describedby="password-hint" />
          <small id="password-hint" class="muted">
            {say("change.hint")}
          </small>
        </label>
      ) : isOwn ? (
        <p class="muted">{say("form.own")}</p>
      ) : (
        <>
          <label class="bd-label">
            <span>{say("form.role")}</span>
            <select value={role} onChange={(event) => setRole(event.currentTarget.value)}>
              {roles.map((one) => (
                <option key={one} value={one}>
                  {roleName(one)}
                </option>
              ))}
            </select>
          </label>
          {!isAgent && <ScopeField what="teams" known={floor.teams} value={teams} onChange={setTeams} />}
          {!isAgent && <ScopeField what="queues" known={floor.queues} value={queues} onChange={setQueues} />}
          <label class="bd-label">
            <span>{say("form.agent")}</span>
            <select value={agent} required={isAgent} onChange={(event) => setAgent(event.currentTarget.value)}>
              <option value="">{isAgent ? "" : say("form.agent.none")}</option>
              {agents.map(([one, words]) => (
                <option key={one} value={one}>
                  {words === one ? one : `${words} · ${one}`}
                </option>
              ))}
            </select>
          </label>
        </>
      )}
      <label class="bd-label">
        <span>{say("form.language")}</span>
        <select value={language} onChange={(event) => setLanguage(event.currentTarget.value)}>
          <option value="">{say("form.language.any")}</option>
          {LANGUAGES.map(([code, words]) => (
            <option key={code} value={code} lang={code}>
              {words}
            </option>
          ))}
        </select>
      </label>
      {account !== undefined && !isOwn && <p class="muted">{say("form.holds")}</p>}
      <Trouble>{trouble}</Trouble>
      <footer>
        {!isFirst && (
          <button type="button" class="ed-btn" onClick={onClose}>
            {say("cancel")}
          </button>
        )}
        <button type="submit" class="ed-btn main" disabled={isBusy}>
          {say(account === undefined ? (isFirst ? "form.first" : "add") : "save")}
        </button>
      </footer>
    </form>
  );
  if (isFirst) return fields;
  return (
    <Dialog title={account === undefined ? say("form.add") : say("form.edit", { name: account.name })} onClose={onClose}>
      {fields}
    </Dialog>
  );
}

/** A way in for one screen. */
export function LinkForm({ register, onClose, onMade }: Props & { onMade: (told: Told) => void }) {
  const floor = useFloor();
  const [name, setName] = useState("");
  const [board, setBoard] = useState("");
  const [teams, setTeams] = useState<Scope>(undefined);
  const [queues, setQueues] = useState<Scope>(undefined);
  const { trouble, isBusy, send } = useWish(onMade);
  const save = (event: SubmitEvent) => {
    event.preventDefault();
    void send(register.link({ name: name.trim(), board, teams: kept(teams), queues: kept(queues) }));
  };
  return (
    <Dialog title={say("links.new")} onClose={onClose}>
      <form class="bd-form" onSubmit={save}>
        <label class="bd-label">
          <span>{say("link.name")}</span>
          <input value={name} maxLength={80} autofocus required onInput={(event) => setName(event.currentTarget.value)} />
        </label>
        <label class="bd-label">
          <span>{say("link.board")}</span>
          <select value={board} onChange={(event) => setBoard(event.currentTarget.value)}>
            <option value="">{say("link.board.standard")}</option>
            {register.boards.value.map(([id, names]) => (
              <option key={id} value={id}>
                {names[lang.value] ?? Object.values(names)[0] ?? id}
              </option>
            ))}
          </select>
        </label>
        <ScopeField what="teams" known={floor.teams} value={teams} onChange={setTeams} />
        <ScopeField what="queues" known={floor.queues} value={queues} onChange={setQueues} />
        <Trouble>{trouble}</Trouble>
        <footer>
          <button type="button" class="ed-btn" onClick={onClose}>
            {say("cancel")}
          </button>
          <button type="submit" class="ed-btn main" disabled={isBusy}>
            {say("link.make")}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

/** A secret that is shown here and never again. */
export function Once({ title, words, secret, onClose }: { title: string; words: string; secret: string; onClose: () => void }) {
  const [news, setNews] = useState("");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(secret);
      setNews(say("copied"));
    } catch {
      setNews(say("copy.failed"));
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <div class="bd-form">
        <p>{words}</p>
        <p class="pp-secret">
          <code>{secret}</code>
          <button type="button" class="ed-btn" onClick={() => void copy()}>
            {say("copy")}
          </button>
        </p>
        <p role="status" class="muted">
          {news}
        </p>
        <footer>
          <button type="button" class="ed-btn main" onClick={onClose}>
            {say("done")}
          </button>
        </footer>
      </div>
    </Dialog>
  );
}

/** Asked once more before somebody is cut off. */
export function Sure({ title, words, button, wish, onClose, onDone }: { title: string; words: string; button: string; wish: () => Promise<Told>; onClose: () => void; onDone: (told: Told) => void }) {
  const { trouble, isBusy, send } = useWish(onDone);
  return (
    <Dialog
      title={title}
      onClose={onClose}
      foot={
        <>
          <button type="button" class="ed-btn" onClick={onClose}>
            {say("cancel")}
          </button>
          <button type="button" class="ed-btn main" disabled={isBusy} onClick={() => void send(wish())}>
            {button}
          </button>
        </>
      }
    >
      <p>{words}</p>
      <Trouble>{trouble}</Trouble>
    </Dialog>
  );
}

export const passwordOf = (told: Told): string => text(told.body["password"]);
export const tokenOf = (told: Told): string => text(told.body["token"]);
