import { useEffect, useRef, useState } from "preact/hooks";

import { exactSpan } from "../format/duration";
import { useDerived } from "../parts/hooks";
import type { Desk } from "../pages/desk";
import type { Cell } from "../wire/cell";
import type { Json } from "../wire/messages";
import { tell } from "../wire/socket";
import { type Key, t } from "../words";

const HEAL = "heal";
const HEAL_KEY = "0";
/** Real seconds to choose from; 0 is as long as each fault usually lasts. */
const SPANS = [0, 5, 15, 30, 60] as const;

/** Those with words of ours. */
export const FAULTS = [
  "cut", "reset", "half_open", "silence", "slow", "split", "garbage", "restart", "kill", "flood", "reload", "reset_statistics", HEAL,
] as const; // prettier-ignore
const KNOWN: ReadonlySet<string> = new Set(FAULTS);

/** A fault of a newer server has no words of ours: it goes by its own name. */
const nameOf = (fault: string): string => (KNOWN.has(fault) ? t(`fault.${fault}` as Key) : fault);
const expected = (fault: string): string => (KNOWN.has(fault) ? t(`expect.${fault}` as Key) : "");

interface Fault {
  readonly name: string;
  readonly key: string;
  readonly kind: string;
  readonly active: boolean;
  readonly until: number | undefined;
  readonly seconds: number;
}

function faultsOf(answer: Cell): readonly Fault[] {
  return answer.at("faults").list.flatMap((item) => {
    const fault = item as { readonly [key: string]: Json };
    if (typeof fault !== "object" || fault === null || typeof fault.name !== "string" || fault.name === HEAL) return [];
    const number = (value: Json | undefined) => (typeof value === "number" ? value : undefined);
    return [
      {
        name: fault.name,
        key: typeof fault.key === "string" ? fault.key : "",
        kind: typeof fault.kind === "string" ? fault.kind : "",
        active: fault.active === true,
        until: number(fault.until),
        seconds: number(fault.seconds) ?? 0,
      },
    ];
  });
}

/** Everything that can be broken, by a click or its key. */
export function Faults({ desk }: { desk: Desk }) {
  const faults = faultsOf(desk.answer);
  const [span, setSpan] = useState<number>(0);
  const [said, setSaid] = useState("");
  const doIt = async (name: string) => setSaid(await breakIt(desk, name, faults.find((fault) => fault.name === name), span));
  useKeys([...faults, { name: HEAL, key: HEAL_KEY }], doIt);
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
      <p class="said" role="status">
        {said}
      </p>
      {kinds.map((kind) => (
        <div key={kind} class="kind">
          <h3>{kind === "link" || kind === "pbx" ? t(`practice.${kind}`) : kind}</h3>
          <ul>
            {faults
              .filter((fault) => fault.kind === kind)
              .map((fault) => (
                <li key={fault.name}>
                  <Button fault={fault} desk={desk} onBreak={() => void doIt(fault.name)} />
                </li>
              ))}
          </ul>
        </div>
      ))}
    </section>
  );
}

function Button({ fault, desk, onBreak }: { fault: Fault; desk: Desk; onBreak: () => void }) {
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
      <span class="expect">{expected(fault.name)}</span>
    </button>
  );
}

/** Asks for it; what to say about how that went. */
async function breakIt(desk: Desk, name: string, fault: Fault | undefined, span: number): Promise<string> {
  const lasts = span > 0 && (fault?.seconds ?? 0) > 0;
  try {
    const answer = await tell("api/practice/faults", lasts ? { name, seconds: span } : { name });
    desk.poll.ask();
    if (answer.status < 300) return name === HEAL ? expected(HEAL) : t("practice.done", { name: nameOf(name) });
    const detail = (answer.body as { detail?: unknown } | undefined)?.detail;
    return t("practice.failed", { why: typeof detail === "string" ? detail : String(answer.status) });
  } catch {
    return t("practice.failed", { why: t("practice.away") });
  }
}

/** Single letters, only while nobody types somewhere and no modifier is down. */
function useKeys(faults: readonly { readonly name: string; readonly key: string }[], doIt: (name: string) => Promise<void>): void {
  const latest = useRef({ faults, doIt });
  latest.current = { faults, doIt };
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.target instanceof HTMLInputElement) return;
      const fault = latest.current.faults.find(({ key }) => key !== "" && key === event.key.toLowerCase());
      if (fault === undefined) return;
      event.preventDefault();
      void latest.current.doIt(fault.name);
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, []);
}
