import type { ComponentChildren } from "preact";

import { ActProblem, type Acting } from "../acts/Act";
import { type Lang, LANGUAGES } from "../words";

/** A fold that opens to a form, and a form that does one act. */
export function Fold({ title, children, isOpen = false }: { title: string; children: ComponentChildren; isOpen?: boolean }) {
  return (
    <details class="du-fold" open={isOpen}>
      <summary>{title}</summary>
      {children}
    </details>
  );
}

interface FormProps {
  readonly acting: Acting;
  readonly does: string;
  readonly label: string;
  readonly onGo: () => void;
  readonly extra?: ComponentChildren;
  readonly children: ComponentChildren;
}

export function Form({ acting, does, label, onGo, extra, children }: FormProps) {
  return (
    <form
      class="du-form"
      data-form={does}
      onSubmit={(event) => {
        event.preventDefault();
        onGo();
      }}
    >
      {children}
      <p class="go">
        <button type="submit" class="act-button primary" aria-busy={acting.isBusy} aria-disabled={acting.isBusy} data-act={does}>
          {label}
        </button>
        {extra}
        <ActProblem problem={acting.problem} />
      </p>
    </form>
  );
}

interface TextProps {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly max?: number;
  readonly lang?: string;
  readonly type?: "text" | "number";
  readonly isWide?: boolean;
  readonly isLong?: boolean;
  readonly list?: string;
}

export function TextField({ label, value, onInput, max = 160, lang, type = "text", isWide, isLong, list }: TextProps) {
  const common = { value, maxLength: max, ...(lang === undefined ? {} : { lang }) };
  return (
    <label class={isWide ? "wide" : ""}>
      {label}
      {isLong ? (
        <textarea {...common} onInput={(event) => onInput(event.currentTarget.value)} />
      ) : (
        <input {...common} type={type} min={type === "number" ? 1 : undefined} autocomplete="off" {...(list === undefined ? {} : { list })} onInput={(event) => onInput(event.currentTarget.value)} />
      )}
    </label>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly among: readonly (readonly [value: string, words: string])[];
  readonly onChange: (value: string) => void;
}

export function Choice({ label, value, among, onChange }: ChoiceProps) {
  return (
    <label>
      {label}
      <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {among.map(([one, words]) => (
          <option key={one} value={one}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}

export type Texts = Readonly<Partial<Record<Lang, string>>>;

/** The same words in each of the languages; one of them is enough. */
export function TextsField({ label, value, onInput, max = 120 }: { label: (language: string) => string; value: Texts; onInput: (value: Texts) => void; max?: number }) {
  return LANGUAGES.map(([code, name]) => <TextField key={code} isWide label={label(name)} lang={code} value={value[code] ?? ""} max={max} onInput={(text) => onInput({ ...value, [code]: text })} />);
}

/** Those that were written. */
export const written = (value: Texts): Record<string, string> => Object.fromEntries(Object.entries(value).filter(([, text]) => text.trim() !== ""));

interface ChipsProps {
  readonly label: string;
  readonly among: readonly (readonly [value: string, words: string])[];
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
}

export function Chips({ label, among, chosen, onChange }: ChipsProps) {
  return (
    <fieldset class="wide">
      <legend>{label}</legend>
      <div class="du-chips">
        {among.map(([one, words]) => (
          <button key={one} type="button" class="dk-chip" aria-pressed={chosen.includes(one)} onClick={() => onChange(chosen.includes(one) ? chosen.filter((each) => each !== one) : [...chosen, one])}>
            {words}
          </button>
        ))}
      </div>
    </fieldset>
  );
}

export const None = ({ children }: { children: ComponentChildren }) => <p class="none">{children}</p>;
