import type { ComponentChildren } from "preact";
import { useId, useState } from "preact/hooks";

import type { Json } from "../wire/messages";
import { LANGUAGES, type Lang } from "../words";
import { say } from "./words";

interface FieldProps {
  readonly label: string;
  /** What the server said about it. */
  readonly wrong?: string | undefined;
  readonly note?: ComponentChildren;
  readonly children: (id: string, described: string | undefined) => ComponentChildren;
}

/** A label, what is set, and what is wrong with it. */
export function Field({ label, wrong, note, children }: FieldProps) {
  const id = useId();
  const told = wrong !== undefined || note !== undefined ? `${id}-told` : undefined;
  return (
    <div class={`ed-field ${wrong === undefined ? "" : "wrong"}`}>
      <label for={id}>{label}</label>
      {children(id, told)}
      {told !== undefined && (
        <p id={told} class={wrong === undefined ? "muted" : "ed-wrong"}>
          {wrong === undefined ? note : <span lang="en">{wrong}</span>}
        </p>
      )}
    </div>
  );
}

export interface Choice {
  readonly value: string;
  readonly name: string;
  readonly group?: string;
}

/** One of many. What is set and no longer among them stays to be seen. */
export function Select({ label, value, choices, onChange, wrong, note }: { label: string; value: string; choices: readonly Choice[]; onChange: (value: string) => void } & Pick<FieldProps, "wrong" | "note">) {
  const groups = [...new Set(choices.map(({ group }) => group))];
  const option = ({ value: one, name }: Choice) => (
    <option key={one} value={one}>
      {name}
    </option>
  );
  return (
    <Field label={label} wrong={wrong} note={note}>
      {(id, told) => (
        <span class="ed-select">
          <select id={id} value={value} aria-describedby={told} aria-invalid={wrong !== undefined} onChange={(event) => onChange(event.currentTarget.value)}>
            {groups.map((group) => {
              const of = choices.filter((one) => one.group === group);
              return group === undefined || groups.length === 1 ? of.map(option) : (
                <optgroup key={group} label={group}>
                  {of.map(option)}
                </optgroup>
              );
            })}
          </select>
        </span>
      )}
    </Field>
  );
}

interface NumberProps {
  readonly label: string;
  /** `undefined`: nothing is set, `usual` holds. */
  readonly value: number | undefined;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly unit?: string;
  readonly usual?: string;
  readonly onChange: (value: number | undefined) => void;
  readonly wrong?: string | undefined;
  readonly mayBeEmpty?: boolean;
}

/** A number with its unit; what is typed counts as soon as it is one that may be, and is put right when the field is left. */
export function NumberField({ label, value, min, max, step, unit = "", usual = "", onChange, wrong, mayBeEmpty = false }: NumberProps) {
  const [typed, setTyped] = useState<string>();
  const take = (text: string) => {
    setTyped(text);
    const number = Number(text);
    if (text.trim() === "") return mayBeEmpty ? onChange(undefined) : undefined;
    return Number.isFinite(number) && number >= min && number <= max ? onChange(number) : undefined;
  };
  const isOff = typed !== undefined && typed.trim() !== "" && !(Number(typed) >= min && Number(typed) <= max);
  return (
    <Field label={label} wrong={wrong ?? (isOff ? say("number.range", { min, max }) : undefined)}>
      {(id, told) => (
        <span class="ed-number">
          <input
            id={id}
            type="number"
            inputMode="decimal"
            value={typed ?? (value === undefined ? "" : String(value))}
            min={min}
            max={max}
            step={step}
            placeholder={usual}
            aria-describedby={told}
            aria-invalid={wrong !== undefined || isOff}
            onInput={(event) => take(event.currentTarget.value)}
            onBlur={() => setTyped(undefined)}
          />
          {unit !== "" && <i>{unit}</i>}
        </span>
      )}
    </Field>
  );
}

export function Toggle({ label, value, onChange }: { label: string; value: boolean; onChange: (value: boolean) => void }) {
  return (
    <label class="ed-toggle">
      <span>{label}</span>
      <input type="checkbox" role="switch" checked={value} onChange={(event) => onChange(event.currentTarget.checked)} />
      <i aria-hidden="true" />
    </label>
  );
}

const SHORT: Readonly<Record<Lang, string>> = { "zh-CN": "简", "zh-TW": "繁", en: "EN" };
export type Said = Readonly<Partial<Record<Lang, string>>>;
export const saidIn = (value: Json | undefined): Said => (typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Said) : {});

/** Words in the languages somebody writes them in; where one is empty, the wall shows the nearest. */
export function WordsFields({ label, value, long = false, onChange, wrong, placeholder = "" }: { label: string; value: Said; long?: boolean; onChange: (value: Said | undefined) => void; wrong?: string | undefined; placeholder?: string }) {
  const id = useId();
  const set = (lang: Lang, text: string) => {
    const { [lang]: _, ...rest } = value;
    const next = text === "" ? rest : { ...rest, [lang]: text };
    onChange(Object.keys(next).length === 0 ? undefined : next);
  };
  return (
    <fieldset class={`ed-words ${wrong === undefined ? "" : "wrong"}`}>
      <legend>{label}</legend>
      {LANGUAGES.map(([lang, name]) => {
        const common = {
          id: `${id}${lang}`,
          lang,
          value: value[lang] ?? "",
          placeholder: Object.values(value).find((one) => one !== "") ?? placeholder,
          "aria-label": `${label}, ${name}`,
          "aria-invalid": wrong !== undefined,
          maxLength: long ? 2000 : 120,
        };
        return (
          <div key={lang}>
            <label for={common.id} lang={lang} aria-hidden="true" title={name}>
              {SHORT[lang]}
            </label>
            {long ? <textarea rows={2} {...common} onInput={(event) => set(lang, event.currentTarget.value)} /> : <input {...common} autocomplete="off" onInput={(event) => set(lang, event.currentTarget.value)} />}
          </div>
        );
      })}
      {wrong !== undefined && (
        <p class="ed-wrong" lang="en">
          {wrong}
        </p>
      )}
    </fieldset>
  );
}
