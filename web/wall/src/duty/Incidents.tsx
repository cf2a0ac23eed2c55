import { useState } from "preact/hooks";

import { ActProblem, useAct } from "../acts/Act";
import { may } from "../acts/who";
import { useWall } from "../context";
import { minute } from "../format/moment";
import { percent } from "../format/percent";
import { kindWords } from "../incident/words";
import { Glyph } from "../parts/Glyph";
import { useDerived } from "../parts/hooks";
import { lang } from "../words";
import { type Incident, incidentsOf, isOpen } from "./facts";
import { Choice, Fold, Form, None, type Texts, TextField, TextsField, written } from "./Fields";
import { span, useAge, Why } from "./panels";
import { say, wordOf } from "./words";
import { texted } from "./texts";

const KINDS = ["surge", "drops", "system", "power", "other"] as const;
const MOST_PAST = 20;

/** Events of the whole floor: proposed, told to everybody, and over with what they did. */
export function Incidents() {
  const wall = useWall();
  const all = useDerived(() => incidentsOf(wall.board), []).value;
  const open = all.filter(isOpen);
  const past = all.filter((one) => !isOpen(one)).slice(0, MOST_PAST);
  return (
    <section class="dk-panel" aria-labelledby="du-incidents" data-panel="incidents">
      <div class="h">
        <h2 id="du-incidents">{say("incidents")}</h2>
        {open.length > 0 && <span class="n">{open.length}</span>}
      </div>
      {open.length === 0 && <None>{say("incidents.none")}</None>}
      {open.map((one) => (
        <One key={one.id} incident={one} />
      ))}
      {may("incident.propose") && <Propose />}
      {past.length > 0 && (
        <Fold title={`${say("incidents.past")} ${past.length}`}>
          {past.map((one) => (
            <One key={one.id} incident={one} />
          ))}
        </Fold>
      )}
    </section>
  );
}

function One({ incident }: { incident: Incident }) {
  const wall = useWall();
  // Kept here: whoever confirms first takes away the form in which another was writing.
  const [draft, setDraft] = useState<Texts>({});
  const age = useAge(incident.began);
  const isOver = !isOpen(incident);
  const lasted = incident.ended === undefined ? age : incident.ended - incident.began;
  const words = texted(incident.texts, lang.value);
  return (
    <article class={`du-inc ${incident.state}`} id={`incident-${incident.id}`} data-incident={incident.id} data-state={incident.state}>
      <header>
        {!isOver && <Glyph name={incident.state === "confirmed" ? "breach" : "warn"} class={incident.state === "confirmed" ? "m-breach" : "m-warn"} />}
        <b>{kindWords(incident.kind)}</b>
        <span class="state">{wordOf("incident.state", incident.state)}</span>
        <time>
          {minute(incident.began, wall.zone)}
          {incident.ended !== undefined && `–${minute(incident.ended, wall.zone)}`} ({span(lasted)})
        </time>
      </header>
      {words !== "" && (
        <p>
          <bdi>{words}</bdi>
        </p>
      )}
      <p class="du-line">
        <Why incident={incident} />
        {incident.cause !== "" && (
          <span>
            {say("incident.cause")}: <bdi>{incident.cause}</bdi>
          </span>
        )}
      </p>
      {incident.state === "closed" && <Effect incident={incident} />}
      <p class="du-line history">
        {incident.history.map((deed) => (
          <span key={`${deed.what}${deed.at}`}>
            {wordOf("what", deed.what)} <b>{minute(deed.at, wall.zone)}</b> <bdi>{deed.by || say("incident.detector")}</bdi>
            {deed.note !== "" && deed.note !== incident.cause && deed.note !== "as_usual" && (
              <>
                {" "}
                <bdi>{deed.note}</bdi>
              </>
            )}
          </span>
        ))}
      </p>
      {incident.state === "proposed" && may("incident.confirm") && <Confirm incident={incident} draft={draft} onDraft={setDraft} />}
      {incident.state === "confirmed" && may("incident.close") && <Close incident={incident} draft={draft} onDraft={setDraft} />}
    </article>
  );
}

function Effect({ incident: { effect } }: { incident: Incident }) {
  const whole = new Intl.NumberFormat(lang.value, { maximumFractionDigits: 0 });
  const before = (value: number | undefined, write: (n: number) => string) => (value === undefined ? "" : say("effect.before", { v: write(value) }));
  const level = (value: number): string => `${percent(value)}%`;
  const count = (value: number): string => whole.format(value);
  const past = effect["yesterday_offered"];
  return (
    <dl class="du-effect" aria-label={say("incident.effect")}>
      {(["offered", "abandoned", "service_level"] as const).map((name) => {
        const value = effect[name];
        const write = name === "service_level" ? level : count;
        return (
          <div key={name} data-effect={name}>
            <dt>{say(name === "service_level" ? "effect.level" : `effect.${name}`)}</dt>
            <dd>
              <b>{value === undefined ? "–" : write(value)}</b>
              <small>
                {before(effect[`before_${name}`], write)} {name === "offered" && past !== undefined && say("effect.yesterday", { v: count(past) })}
              </small>
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

/** The words that hang in the room, in each language: made from the figures until somebody writes others. */
function proposedTexts(incident: Incident): Texts {
  if (Object.keys(incident.texts).length > 0) return incident.texts;
  return incident.text === "" ? {} : { [lang.value]: incident.text };
}

interface Written {
  readonly incident: Incident;
  /** What somebody has written here, and not yet said. */
  readonly draft: Texts;
  readonly onDraft: (draft: Texts) => void;
}

function Confirm({ incident, draft, onDraft }: Written) {
  const wall = useWall();
  const [isWriting, setWriting] = useState(incident.kind !== "surge" && incident.kind !== "drops");
  const [minutes, setMinutes] = useState("");
  const [reason, setReason] = useState("");
  const [isMissing, setMissing] = useState(false);
  const acting = useAct(() => onDraft({}), say("incident.confirm"));
  const dismissing = useAct(undefined, say("incident.dismiss"));
  const standard = standardTexts(incident);
  const texts: Texts = { ...(isWriting ? standard : {}), ...proposedTexts(incident), ...draft };
  const go = () => {
    const said = written(texts);
    const words = Object.keys(said).length > 0 ? said : standard;
    setMissing(Object.keys(words).length === 0);
    if (Object.keys(words).length === 0) return;
    const ends = Number(minutes) > 0 ? (wall.second.value ?? 0) + Number(minutes) * 60 : undefined;
    void acting.run("incident.confirm", { incident: incident.id, texts: words, expected_end: ends });
  };
  return (
    <Form
      acting={acting}
      does="incident.confirm"
      label={say("incident.confirm")}
      onGo={go}
      extra={
        <>
          {!isWriting && (
            <button type="button" class="act-button" onClick={() => setWriting(true)}>
              {say("incident.words", { lang: "…" })}
            </button>
          )}
          <button type="button" class="act-button quiet" data-act="incident.dismiss" aria-busy={dismissing.isBusy} onClick={() => void dismissing.run("incident.dismiss", { incident: incident.id, reason })}>
            {say("incident.dismiss")}
          </button>
          {isMissing && <span role="alert">{say("incident.text.needed")}</span>}
          <ActProblem problem={dismissing.problem} />
        </>
      }
    >
      {isWriting ? <TextsField label={(language) => say("incident.words", { lang: language })} value={texts} onInput={(told) => onDraft(changed(told, texts, draft))} /> : null}
      <TextField label={say("incident.expected")} type="number" value={minutes} max={4} onInput={setMinutes} />
      <TextField label={say("incident.dismiss.reason")} value={reason} onInput={setReason} />
    </Form>
  );
}

/** What a detector's own proposal is told as when nobody writes other words. */
function standardTexts({ kind, evidence }: Incident): Record<string, string> {
  const times = evidence["times"];
  if (kind === "surge" && times !== undefined) {
    const n = times.toFixed(1);
    return { "zh-CN": `来电为平常的 ${n} 倍`, "zh-TW": `來電為平常的 ${n} 倍`, en: `${n}× the usual calls` };
  }
  return kind === "drops" ? { "zh-CN": "通话异常中断，正在处理", "zh-TW": "通話異常中斷，正在處理", en: "Calls drop: being looked at" } : {};
}

/** Of what stands in the fields, what was written here: the rest is as everybody has it, and may be another in a moment. */
function changed(told: Texts, shown: Texts, draft: Texts): Texts {
  const now = Object.entries(told).filter(([code, text]) => text !== shown[code as keyof Texts]);
  return { ...draft, ...Object.fromEntries(now) };
}

function Close({ incident, draft, onDraft }: Written) {
  const wall = useWall();
  const [cause, setCause] = useState("");
  const [minutes, setMinutes] = useState("");
  const closing = useAct(undefined, say("incident.close"));
  const editing = useAct(() => (onDraft({}), setMinutes("")), say("incident.save"));
  const texts: Texts = { ...incident.texts, ...draft };
  const save = () => {
    const ends = Number(minutes) > 0 ? (wall.second.value ?? 0) + Number(minutes) * 60 : undefined;
    void editing.run("incident.edit", { incident: incident.id, texts: written(texts), expected_end: ends });
  };
  return (
    <>
      <Form acting={closing} does="incident.close" label={say("incident.close")} onGo={() => void closing.run("incident.close", { incident: incident.id, cause })}>
        <TextField label={say("incident.cause")} isWide value={cause} onInput={setCause} />
      </Form>
      <Fold title={say("what.edited")} isOpen={Object.keys(draft).length > 0}>
        <Form acting={editing} does="incident.edit" label={say("incident.save")} onGo={save}>
          <TextsField label={(language) => say("incident.words", { lang: language })} value={texts} onInput={(told) => onDraft(changed(told, texts, draft))} />
          <TextField label={say("incident.expected")} type="number" value={minutes} max={4} onInput={setMinutes} />
        </Form>
      </Fold>
    </>
  );
}

function Propose() {
  const [kind, setKind] = useState<string>("system");
  const [text, setText] = useState("");
  const acting = useAct(() => setText(""));
  return (
    <Fold title={say("incident.propose")}>
      <Form acting={acting} does="incident.propose" label={say("incident.propose")} onGo={() => void acting.run("incident.propose", { kind, text })}>
        <Choice label={say("incident.kind")} value={kind} among={KINDS.map((one) => [one, kindWords(one)])} onChange={setKind} />
        <TextField label={say("incident.text")} value={text} max={120} onInput={setText} />
      </Form>
    </Fold>
  );
}

