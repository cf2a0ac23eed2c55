import { useState } from "preact/hooks";

import { exactSpan } from "../format/duration";
import { nameOf as calledBy } from "../names";
import { Glyph } from "../parts/Glyph";
import { useDerived } from "../parts/hooks";
import type { Desk } from "../pages/desk";
import type { Wall } from "../wall";
import { Cell } from "../wire/cell";
import type { Json } from "../wire/messages";
import { tell } from "../wire/socket";
import { type Key, t } from "../words";
import { useKeys } from "./keys";
import { type Fault, type Thing, thingsOf } from "./things";

const HEAL = "heal";
const HEAL_KEY = "0";
/** Real seconds to choose from; 0 is as long as each fault usually lasts. */
const SPANS = [0, 5, 15, 30, 60] as const;

/** Those with words of ours. */
export const FAULTS = [
  "cut", "reset", "half_open", "silence", "slow", "split", "garbage", "restart", "kill", "flood", "reload", "reset_statistics", "drop", "forget",
  "unregister", "unplug", "plug", "noise", "wrong_speed", "walk_away", "dock_ready", HEAL,
] as const; // prettier-ignore
const KINDS: ReadonlySet<string> = new Set(["link", "pbx", "server", "device", "people"]);
const KNOWN: ReadonlySet<string> = new Set(FAULTS);

/** A fault of a newer server has no words of ours: it goes by its own name. */
const nameOf = (fault: string): string => (KNOWN.has(fault) ? t(`fault.${fault}` as Key) : fault);
const expected = (fault: string, kind = ""): string => {
  // No calls are lost with a server that only tells of them.
  if (kind === "server" && (fault === "restart" || fault === "kill")) return t(`expect.server.${fault}`);
  return KNOWN.has(fault) ? t(`expect.${fault}` as Key) : "";
};

interface Props {
  readonly desk: Desk;
  readonly wall: Wall;
  readonly things: readonly Thing[];
  readonly chosen: Thing;
  readonly onChoose: (id: string) => void;
}

/** Everything that can be broken, by a click or its key. */
export function Faults({ desk, wall, things, chosen, onChoose }: Props) {
  const { faults } = chosen;
  const [span, setSpan] = useState<number>(0);
  const [said, setSaid] = useState("");
  const who = (about: string) => callees(about, wall);
  const doIt = async (name: string) => setSaid(await breakIt(desk, chosen.id, name, faults.find((fault) => fault.name === name), span, who));
  const keys = [...faults, { name: HEAL, key: HEAL_KEY }].map(({ key, name }) => [key, () => void doIt(name)] as const);
  const choices = things.map(({ id }, place) => [String(place + 1), () => onChoose(id)] as const);
  useKeys([...keys, ...(things.length > 1 ? choices : [])]);
  const kinds = [...new Set(faults.map((fault) => fault.kind))];
  return (
    <section class="faults" aria-labelledby="faults" data-card="faults">
      <div class="f-head">
        <h2 id="faults">{t("practice.break")}</h2>
        <fieldset class="spans">
          <legend>{t("practice.for")}</legend>
          {SPANS.map((seconds) => (
            <label key={seconds} class={span === seconds ? "chosen" : ""}>
              <input type="radio" name="span" value={seconds} checked={span === seconds} onChange={() => setSpan(seconds)} />
              {seconds === 0 ? t("practice.usual") : t("practice.seconds", { n: seconds })}
            </label>
          ))}
        </fieldset>
        <button type="button" class="heal" data-fault={HEAL} title={expected(HEAL)} onClick={() => void doIt(HEAL)}>
          {nameOf(HEAL)} <kbd>{HEAL_KEY}</kbd>
        </button>
      </div>
      {things.length > 1 && <Choice things={things} chosen={chosen} onChoose={onChoose} />}
      <p class="said" role="status">
        {said}
      </p>
      {kinds.map((kind) => (
        <div key={kind} class="kind">
          <h3>{KINDS.has(kind) ? t(`practice.${kind}` as Key) : kind}</h3>
          <ul>
            {faults
              .filter((fault) => fault.kind === kind)
              .map((fault) => (
                <li key={fault.name}>
                  <Button fault={fault} who={who(fault.about)} desk={desk} onBreak={() => void doIt(fault.name)} />
                </li>
              ))}
          </ul>
        </div>
      ))}
    </section>
  );
}

/** Which of several to break: with the pointer, the arrow keys, or its digit. */
function Choice({ things, chosen, onChoose }: Pick<Props, "things" | "chosen" | "onChoose">) {
  return (
    <fieldset class="things">
      <legend>{t("practice.product")}</legend>
      {things.map(({ id, title, isUp, faults }, place) => (
        <label key={id} class={id === chosen.id ? "chosen" : ""} data-thing={id}>
          <input type="radio" name="thing" value={id} checked={id === chosen.id} onChange={() => onChoose(id)} />
          <Glyph name={isUp ? (faults.some((fault) => fault.active) ? "slow" : "live") : "unplug"} />
          <bdi>{title}</bdi>
          {!isUp && <span class="vh">{t("practice.down")}</span>}
          <kbd>{place + 1}</kbd>
        </label>
      ))}
    </fieldset>
  );
}

/** The people and things hit, by the names the wall has for them. */
function callees(about: string, wall: Wall): string {
  const named = (id: string) => {
    const agent = wall.board.at("agents", id);
    const name = agent.isPresent ? calledBy(agent, id) : id;
    return name === id ? id : `${name} ${id}`;
  };
  return about === "" ? "" : about.split(", ").map(named).join(", ");
}

function Button({ fault, who, desk, onBreak }: { fault: Fault; who: string; desk: Desk; onBreak: () => void }) {
  const { until } = fault;
  const left = useDerived(() => {
    const now = desk.now;
    if (now === undefined || until === undefined) return "";
    return t("practice.left", { t: exactSpan(Math.max(0, Math.ceil((until - now) / (desk.clock.rate || 1)))) });
  }, [until]);
  return (
    <button type="button" class={`fault ${fault.active ? "active" : ""}`} data-fault={fault.name} aria-pressed={fault.active} onClick={onBreak}>
      <span class="name">
        <b>{nameOf(fault.name)}</b>
        {fault.active && until !== undefined && <span class="left">{left}</span>}
        {fault.key !== "" && <kbd>{fault.key}</kbd>}
      </span>
      {fault.active && who !== "" && (
        <b class="who">
          <bdi>{who}</bdi>
        </b>
      )}
      <span class="expect">{expected(fault.name, fault.kind)}</span>
    </button>
  );
}

/** Asks for it; what to say about how that went. */
async function breakIt(
  desk: Desk,
  product: string,
  name: string,
  fault: Fault | undefined,
  span: number,
  who: (about: string) => string,
): Promise<string> {
  const lasts = span > 0 && (fault?.seconds ?? 0) > 0;
  try {
    const wish = { name, ...(product === "" ? {} : { product }), ...(lasts ? { seconds: span } : {}) };
    const answer = await tell("api/practice/faults", wish);
    desk.poll.ask();
    if (answer.status >= 300) {
      const detail = (answer.body as { detail?: unknown } | undefined)?.detail;
      return t("practice.failed", { why: typeof detail === "string" ? detail : String(answer.status) });
    }
    if (name === HEAL) return expected(HEAL);
    const hit = who(aboutIn(answer.body, product, name));
    return hit === "" ? t("practice.done", { name: nameOf(name) }) : t("practice.doneTo", { name: nameOf(name), who: hit });
  } catch {
    return t("practice.failed", { why: t("practice.away") });
  }
}

/** Whom it hit, by the server's answer. */
function aboutIn(body: unknown, product: string, name: string): string {
  const answer = new Cell();
  answer.put((body ?? null) as Json);
  const thing = thingsOf(answer).find(({ id }) => id === product);
  return thing?.faults.find((fault) => fault.name === name)?.about ?? "";
}
