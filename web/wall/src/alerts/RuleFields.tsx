import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

import { LANGUAGES } from "../words";
import { tested, testOf, TESTS, type Test, boundOf, DAYS, fieldOf, isPath, textsOf } from "./words-of-rule";
import type { Words } from "./requests";
import { say } from "./words";

function Field({ word, wrong, children, id, look = "" }: { word: string; wrong: string; children: ComponentChildren; id: string; look?: string }) {
  return (
    <div class={`fd ${wrong === "" ? "" : "bad"} ${look}`}>
      <label for={id}>{word}</label>
      {children}
      {wrong !== "" && (
        <p class="need" id={`${id}-wrong`}>
          {wrong}
        </p>
      )}
    </div>
  );
}

interface TextProps {
  readonly word: string;
  readonly value: string;
  readonly wrong: string;
  readonly hint?: string;
  readonly onInput: (value: string) => void;
}

/** A field keeps what is being written until it is left: half a number must not be put right under the hand. */
export function Text({ word, value, wrong, hint = "", onInput }: TextProps) {
  const id = useId();
  const draft = useSignal<string | undefined>(undefined);
  const typed = (text: string) => {
    draft.value = text;
    onInput(text);
  };
  return (
    <Field word={word} wrong={wrong} id={id}>
      <input id={id} value={draft.value ?? value} placeholder={hint} maxLength={200} aria-invalid={wrong !== ""} aria-describedby={wrong === "" ? undefined : `${id}-wrong`} onInput={(event) => typed(event.currentTarget.value)} onBlur={() => (draft.value = undefined)} />
    </Field>
  );
}

export function Bound({ word, unit, value, wrong, hint = "", onChange }: { word: string; unit: string; value: unknown; wrong: string; hint?: string; onChange: (value: unknown) => void }) {
  return <Text word={unit === "percent" ? `${word} (%)` : word} hint={hint} value={fieldOf(value, unit)} wrong={wrong} onInput={(text) => onChange(boundOf(text, unit))} />;
}

export function Pick({ word, value, options, wrong, onChange }: { word: string; value: string; options: readonly (readonly [string, string])[]; wrong: string; onChange: (value: string) => void }) {
  const id = useId();
  const all = options.some(([one]) => one === value) ? options : [[value, value] as const, ...options];
  return (
    <Field word={word} wrong={wrong} id={id}>
      <select id={id} value={value} aria-invalid={wrong !== ""} onChange={(event) => onChange(event.currentTarget.value)}>
        {all.map(([one, name]) => (
          <option key={one} value={one}>
            {name}
          </option>
        ))}
      </select>
    </Field>
  );
}

export function Condition({ words, unit, isTimer, wrong, onChange }: { words: Words; unit: string; isTimer: boolean; wrong: string; onChange: (words: Words) => void }) {
  const id = useId();
  const test = testOf(words);
  const value = words[test];
  const pair = Array.isArray(value) ? (value as readonly unknown[]) : [value, value];
  const draft = useSignal<readonly [number, string] | undefined>(undefined);
  const shown = (n: number, bound: unknown) => (draft.value?.[0] === n ? draft.value[1] : fieldOf(bound, unit));
  const typed = (n: number, text: string) => {
    draft.value = [n, text];
    const bound = boundOf(text, unit);
    if (test !== "outside") return onChange({ ...words, [test]: bound ?? "" });
    onChange({ ...words, outside: n === 0 ? [bound ?? "", pair[1]] : [pair[0], bound ?? ""] });
  };
  const field = (n: number, bound: unknown, word: string) => (
    <input key={n} id={n === 0 ? undefined : id} aria-label={word} value={shown(n, bound)} aria-invalid={wrong !== ""} onInput={(event) => typed(n, event.currentTarget.value)} onBlur={() => (draft.value = undefined)} />
  );
  return (
    <Field word={`${say("field.condition")}${unit === "percent" ? " (%)" : ""}`} wrong={wrong} id={id} look={typeof value === "string" && isPath(value) ? "two" : ""}>
      <div class="cond">
        <select aria-label={say("field.test")} value={test} onChange={(event) => onChange(tested(words, event.currentTarget.value as Test, event.currentTarget.value === "outside" ? [pair[0], pair[1]] : pair[1]))}>
          {TESTS.filter((one) => !isTimer || one === "at_least" || one === "above").map((one) => (
            <option key={one} value={one}>
              {say(`test.${one}`)}
            </option>
          ))}
        </select>
        {test === "outside" && field(0, pair[0], say("field.low"))}
        {field(1, test === "outside" ? pair[1] : value, say("field.threshold"))}
      </div>
    </Field>
  );
}

export function Days({ value, wrong, onChange }: { value: unknown; wrong: string; onChange: (value: readonly string[]) => void }) {
  const chosen = Array.isArray(value) ? (value as readonly string[]) : [];
  return (
    <div class={`fd wide ${wrong === "" ? "" : "bad"}`} role="group" aria-label={say("field.days")}>
      <span class="label">{say("field.days")}</span>
      <div class="days">
        {DAYS.map((day) => (
          <button type="button" key={day} class="al-button" aria-pressed={chosen.includes(day)} onClick={() => onChange(chosen.includes(day) ? chosen.filter((one) => one !== day) : [...chosen, day])}>
            {say(`day.${day}`)}
          </button>
        ))}
      </div>
      {wrong !== "" && <p class="need">{wrong}</p>}
    </div>
  );
}

export function Texts({ word, value, wrong, longest, isLong = false, onChange }: { word: string; value: unknown; wrong: string; longest: number; isLong?: boolean; onChange: (value: Readonly<Record<string, string>> | undefined) => void }) {
  const texts = textsOf(value);
  const typed = (code: string, text: string) => {
    const next = Object.fromEntries(Object.entries({ ...texts, [code]: text }).filter(([, one]) => one !== ""));
    onChange(Object.keys(next).length === 0 ? undefined : next);
  };
  return (
    <div class={`fd wide ${wrong === "" ? "" : "bad"}`} role="group" aria-label={word}>
      <span class="label">{word}</span>
      {LANGUAGES.map(([code, name]) => (
        <label key={code} class="said">
          <span lang={code}>{name}</span>
          {isLong ? (
            <textarea rows={2} lang={code} maxLength={longest} value={texts[code] ?? ""} onInput={(event) => typed(code, event.currentTarget.value)} />
          ) : (
            <input lang={code} maxLength={longest} value={texts[code] ?? ""} onInput={(event) => typed(code, event.currentTarget.value)} />
          )}
        </label>
      ))}
      {wrong !== "" && <p class="need">{wrong}</p>}
    </div>
  );
}

export function Check({ word, isOn, onChange }: { word: string; isOn: boolean; onChange: (isOn: boolean) => void }) {
  return (
    <label class="fd check">
      <input type="checkbox" checked={isOn} onChange={(event) => onChange(event.currentTarget.checked)} />
      <span>{word}</span>
    </label>
  );
}
