import type { Json } from "../wire/messages";
import { saidIn, WordsFields } from "./Field";
import { DownSign, PlusSign, TrashSign, UpSign } from "./signs";
import { say } from "./words";

interface Notice {
  readonly text: Json;
  readonly from?: string;
  readonly until?: string;
}

interface Props {
  readonly label: string;
  readonly value: Json | undefined;
  readonly most: number;
  readonly onChange: (value: Json) => void;
  readonly wrong?: string | undefined;
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;

function noticesIn(value: Json | undefined): readonly Notice[] {
  if (!Array.isArray(value)) return [];
  return (value as readonly Json[]).flatMap((one): readonly Notice[] => {
    if (typeof one !== "object" || one === null || Array.isArray(one)) return [];
    const { text, from, until } = one as { readonly [key: string]: Json };
    return [{ text: text ?? {}, ...(typeof from === "string" ? { from } : {}), ...(typeof until === "string" ? { until } : {}) }];
  });
}

/** Several words, each from when until when it is shown, in the order they come. */
export function Notices({ label, value, most, onChange, wrong }: Props) {
  const all = noticesIn(value);
  const put = (next: readonly Notice[]) => onChange(next as unknown as Json);
  const change = (at: number, to: Notice) => put(all.map((one, i) => (i === at ? to : one)));
  const swap = (at: number, by: number) => {
    const next = [...all];
    const [one, other] = [next[at], next[at + by]];
    if (one === undefined || other === undefined) return;
    [next[at], next[at + by]] = [other, one];
    put(next);
  };
  return (
    <fieldset class="ed-notices">
      <legend>{label}</legend>
      {all.map((notice, i) => (
        <div key={i} class="ed-notice">
          <WordsFields label={say("notice", { n: i + 1 })} value={saidIn(notice.text)} onChange={(text) => change(i, { ...notice, text: (text ?? {}) as Json })} />
          <When label={say("notice.from")} value={notice.from} onChange={(from) => change(i, without(notice, "from", from))} />
          <When label={say("notice.until")} value={notice.until} onChange={(until) => change(i, without(notice, "until", until))} />
          <div class="ed-row">
            <button type="button" class="dk-icon" disabled={i === 0} aria-label={say("up")} onClick={() => swap(i, -1)}>
              <UpSign />
            </button>
            <button type="button" class="dk-icon" disabled={i === all.length - 1} aria-label={say("down")} onClick={() => swap(i, 1)}>
              <DownSign />
            </button>
            <button type="button" class="dk-icon" aria-label={say("notice.remove", { n: i + 1 })} onClick={() => put(all.filter((_, at) => at !== i))}>
              <TrashSign />
            </button>
          </div>
        </div>
      ))}
      {wrong !== undefined && (
        <p class="ed-wrong" lang="en">
          {wrong}
        </p>
      )}
      <button type="button" class="ed-btn" disabled={all.length >= most} onClick={() => put([...all, { text: {} }])}>
        <PlusSign />
        {say("notice.add")}
      </button>
    </fieldset>
  );
}

function without(notice: Notice, key: "from" | "until", value: string): Notice {
  const { [key]: _, ...rest } = notice;
  return TIME.test(value) ? { ...rest, [key]: value.slice(0, 16) } : rest;
}

function When({ label, value, onChange }: { label: string; value: string | undefined; onChange: (value: string) => void }) {
  return (
    <label class="ed-when">
      <span>{label}</span>
      <input type="datetime-local" value={value ?? ""} onInput={(event) => onChange(event.currentTarget.value)} />
    </label>
  );
}
