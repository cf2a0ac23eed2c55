import { useState } from "preact/hooks";

import { ask } from "../accounts/ask";
import { myself, type Persona, way } from "../accounts/me";
import { roleName, say } from "../accounts/words";
import { whole } from "../later";
import { pageAddress } from "../wire/socket";

/** Everything on a page is of who is signed in: somebody else begins with a new one. */
const anew = (): void => location.reload();

/** Who is signed in, at the head of the menu: name, role, password, out. */
export function Account({ onLeave }: { onLeave: () => HTMLElement | null }) {
  const me = myself().value;
  const personas = way().value?.personas ?? [];
  if (me === undefined) return null;
  const out = async () => {
    await ask("api/v1/session", "DELETE");
    anew();
  };
  const [isAway, setAway] = useState(false);
  const change = () =>
    whole(() => import("../accounts/PasswordSheet")).then(
      ({ openPasswordSheet }) => openPasswordSheet(onLeave()),
      () => setAway(true),
    );
  const mayManage = me.may.has("accounts") || me.may.has("reset");
  return (
    <section class="dk-me" aria-label={say("me")}>
      <p>
        <b>
          <bdi>{me.name}</bdi>
        </b>
        <span>
          {roleName(me.role)}
          {me.teams !== undefined && ` · ${say("me.teams", { teams: me.teams.join(", ") })}`}
        </span>
      </p>
      <div>
        {mayManage && (
          <a class="dk-act" href={pageAddress("people")}>
            {say("me.people")}
          </a>
        )}
        {me.isAccount && (
          <button type="button" class="dk-act" onClick={() => void change()}>
            {say("me.change")}
          </button>
        )}
        {(me.isAccount || personas.length === 0) && (
          <button type="button" class="dk-act" data-act="out" onClick={() => void out()}>
            {say("me.out")}
          </button>
        )}
      </div>
      {isAway && <p role="alert">{say("away")}</p>}
      {personas.length > 0 && <Practise all={personas.filter(({ id }) => id !== me.id)} />}
    </section>
  );
}

function Practise({ all }: { all: readonly Persona[] }) {
  const become = async (persona: string) => {
    if ((await ask("api/v1/session", "POST", { persona })).isDone) anew();
  };
  return (
    <fieldset>
      <legend>{say("me.practise")}</legend>
      {all.map(({ id, name, role }) => (
        <button type="button" key={id} onClick={() => void become(id)}>
          <bdi>{name}</bdi> · {roleName(role)}
        </button>
      ))}
    </fieldset>
  );
}

/** On the button of the menu, where there is room: whose desk this is; empty where it is nobody's. */
export function whose(): string {
  const me = myself().value;
  return me?.isAccount === true ? me.name : "";
}
