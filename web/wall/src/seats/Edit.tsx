import { useEffect, useMemo, useRef, useState } from "preact/hooks";

import { useTrap } from "../explain/trap";
import { Glyph } from "../parts/Glyph";
import { lang } from "../words";
import { Drawing } from "./Drawing";
import type { Floor } from "./floor";
import { cellOf, type Plan } from "./plan";
import { look, type Looked, type Mistake, type PlanList, planOf, save } from "./plans";
import { many, say } from "./words";

/** Milliseconds after the last key before the text is looked at. */
const PAUSE = 350;
/** KiB; the server takes no more. */
const LARGEST = 512;
const NEW = "{Team A}\nA-01 A-02 A-03 A-04\nA-05 A-06 A-07 A-08\n";

interface Props {
  readonly floor: Floor;
  /** The plan shown now; empty: none. */
  readonly id: string;
  readonly list: PlanList;
  readonly onClose: () => void;
}

/** A floor plan's text beside what it becomes; mistakes stand at their line. */
export function Edit({ floor, id: first, list, onClose }: Props) {
  const dialog = useRef<HTMLElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const [which, setWhich] = useState(first);
  const [id, setId] = useState(first || "floor");
  const [name, setName] = useState("");
  const [names, setNames] = useState<Readonly<Record<string, string>>>({});
  const [text, setText] = useState(first === "" ? NEW : "");
  const [base, setBase] = useState<number | undefined>();
  const [told, setTold] = useState("");
  const [isSaving, setSaving] = useState(false);
  const [isDirty, setDirty] = useState(false);
  const looked = useLooked(text);
  const [refused, setRefused] = useState<readonly Mistake[]>([]);
  useEffect(() => {
    if (which === "") return;
    let isGone = false;
    planOf(which).then(
      (paper) => {
        if (isGone || paper === undefined) return;
        setId(paper.entry.id);
        setNames(paper.name);
        setText(paper.text);
        setBase(paper.entry.version);
        setName(paper.name[lang.value] ?? Object.values(paper.name)[0] ?? "");
        setDirty(false);
      },
      () => setTold(say("edit.away")),
    );
    return () => {
      isGone = true;
    };
  }, [which]);
  const close = () => {
    if (isDirty && told !== say("edit.leave")) return setTold(say("edit.leave"));
    onClose();
  };
  const latest = useRef(close);
  latest.current = close;
  useTrap(dialog, () => latest.current(), () => document.querySelector<HTMLElement>(".s-link") ?? undefined);
  const change = (next: string) => {
    setText(next);
    setDirty(true);
    setRefused([]);
    setTold("");
  };
  const blank = () => {
    setBase(undefined);
    setId(`floor-${list.plans.length + 1}`);
    setName("");
    setNames({});
    setText(NEW);
  };
  const take = async (file: File | undefined) => {
    if (file === undefined) return;
    if (file.size > LARGEST * 1024) return setTold(say("edit.large", { n: LARGEST }));
    change(await file.text());
  };
  const keep = async () => {
    setSaving(true);
    const answer = await save(id.trim(), { ...names, [lang.value]: name.trim() || id.trim() }, text, base);
    setSaving(false);
    switch (answer.kind) {
      case "saved":
        setBase(answer.version);
        setDirty(false);
        return setTold(say("edit.saved", { n: answer.version }));
      case "mistakes":
        setTold("");
        return setRefused(answer.mistakes);
      case "conflict":
        setBase(answer.version);
        return setTold(say("edit.conflict", { who: answer.by, n: answer.version }));
      case "taken":
        return setTold(say("edit.taken", { id: id.trim() }));
      default:
        return setTold(say(`edit.${answer.kind}`));
    }
  };
  const mistakes = refused.length > 0 ? refused : looked?.kind === "mistakes" ? looked.mistakes : [];
  return (
    <div class="s-edit" data-unsaved={isDirty ? "" : undefined}>
      <div class="s-scrim" onClick={close} />
      <section ref={dialog} class="s-sheet" role="dialog" aria-modal="true" aria-labelledby="s-edit-title" tabIndex={-1}>
        <header>
          <h1 id="s-edit-title">{say("edit.title")}</h1>
          <label>
            <span>{say("edit.which")}</span>
            <select
              value={which}
              onChange={(event) => {
                setWhich(event.currentTarget.value);
                if (event.currentTarget.value === "") blank();
              }}
            >
              {list.plans.map((entry) => (
                <option key={entry.id} value={entry.id}>
                  {entry.name[lang.value] ?? Object.values(entry.name)[0] ?? entry.id}
                </option>
              ))}
              <option value="">{say("edit.new")}</option>
            </select>
          </label>
          <label>
            <span>{say("edit.name")}</span>
            <input value={name} maxLength={60} onInput={(event) => (setName(event.currentTarget.value), setDirty(true))} />
          </label>
          {base === undefined && (
            <label>
              <span>{say("edit.id")}</span>
              <input value={id} maxLength={40} pattern="[a-z0-9][a-z0-9\-]*" onInput={(event) => setId(event.currentTarget.value.toLowerCase().replace(/[^a-z0-9-]/g, "-"))} />
            </label>
          )}
          <button type="button" class="s-x" aria-label={say("edit.close")} onClick={close}>
            <Glyph name="lost" />
          </button>
        </header>
        <div class="s-two">
          <div class="s-write">
            <Lines field={field} text={text} mistakes={mistakes} change={change} />
            <p class="s-help">{say("edit.help")}</p>
          </div>
          <Preview looked={looked} floor={floor} />
        </div>
        <div class="s-mistakes" role="status">
          {mistakes.length > 0 && <b>{many("edit.mistakes", mistakes.length)}</b>}
          <ul>
            {mistakes.map((mistake, i) => (
              <li key={i}>
                {mistake.line > 0 && (
                  <button type="button" class="s-link" onClick={() => jump(field.current, text, mistake)}>
                    {say("edit.line", { line: mistake.line, column: mistake.column })}
                  </button>
                )}
                <span lang="en">{mistake.text}</span>
              </li>
            ))}
          </ul>
        </div>
        <footer>
          <label class="s-btn file">
            {say("edit.open")}
            <input type="file" accept=".txt,.svg,text/plain,image/svg+xml" onChange={(event) => void take(event.currentTarget.files?.[0])} />
          </label>
          <button type="button" class="s-btn" onClick={() => download(id, text)}>
            {say("edit.export")}
          </button>
          <span class="s-told" role="status">
            {told}
          </span>
          <button type="button" class="s-btn main" disabled={isSaving || mistakes.length > 0 || text.trim() === "" || id.trim() === ""} onClick={() => void keep()}>
            {say(isSaving ? "edit.saving" : "edit.save")}
          </button>
        </footer>
      </section>
    </div>
  );
}

/** The text with its lines numbered, those with a mistake marked. */
function Lines({ field, text, mistakes, change }: { field: { current: HTMLTextAreaElement | null }; text: string; mistakes: readonly Mistake[]; change: (text: string) => void }) {
  const numbers = useRef<HTMLDivElement>(null);
  const count = text.split("\n").length;
  const wrong = new Set(mistakes.map(({ line }) => line));
  return (
    <div class="s-lines">
      <div class="s-numbers" ref={numbers} aria-hidden="true">
        {Array.from({ length: Math.min(count, 2000) }, (_, i) => (
          <i key={i} class={wrong.has(i + 1) ? "wrong" : ""}>
            {i + 1}
          </i>
        ))}
      </div>
      <textarea
        ref={field}
        value={text}
        aria-label={say("edit.text")}
        aria-invalid={mistakes.length > 0}
        spellcheck={false}
        wrap="off"
        dir="ltr"
        onInput={(event) => change(event.currentTarget.value)}
        onScroll={(event) => numbers.current?.style.setProperty("transform", `translateY(${-event.currentTarget.scrollTop}px)`)}
      />
    </div>
  );
}

/** What the text is now, looked at shortly after the last key. */
function useLooked(text: string): Looked | undefined {
  const [looked, setLooked] = useState<Looked>();
  useEffect(() => {
    if (text.trim() === "") return;
    let isGone = false;
    const timer = setTimeout(() => void look(text).then((found) => isGone || setLooked(found)), PAUSE);
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
  }, [text]);
  return looked;
}

function Preview({ looked, floor }: { looked: Looked | undefined; floor: Floor }) {
  const plan = looked?.kind === "plan" ? looked.plan : undefined;
  return (
    <section class="s-preview" aria-label={say("edit.preview")}>
      {plan === undefined ? <p class="s-none">{say("edit.noPreview")}</p> : <Small plan={plan} floor={floor} />}
    </section>
  );
}

function Small({ plan, floor }: { plan: Plan; floor: Floor }) {
  const owners = floor.owners.value;
  const unknown = useMemo(() => plan.seats.filter(({ id }) => !owners.has(id)), [plan, owners]);
  return (
    <>
      <div class="s-sketch">
        <Drawing plan={plan} />
        <svg viewBox={`0 0 ${plan.width} ${plan.height}`}>
          {plan.seats.map((seat) => {
            const cell = cellOf(seat);
            return (
              <g key={seat.id} class={owners.has(seat.id) ? "" : "unknown"}>
                <rect class="cell" x={cell.x} y={cell.y} width={cell.w} height={cell.h} rx="8" />
                <rect class="desk" x={seat.x} y={seat.y} width={seat.w} height={seat.h} rx="6" />
                <text x={seat.x + seat.w / 2} y={seat.y + seat.h / 2 + 7}>
                  {seat.id}
                </text>
              </g>
            );
          })}
          {[...plan.rooms, ...plan.zones].map((area, i) => (
            <text key={i} class="area-name" x={area.x + area.w / 2} y={area.y + area.h / 2 + 7}>
              {area.name}
            </text>
          ))}
        </svg>
      </div>
      <p class="s-help">
        {many("edit.seats", plan.seats.length)}
        {unknown.length > 0 && `, ${many("edit.unknown", unknown.length)}`}
        {plan.left_out.length > 0 && `. ${say("edit.leftOut", { list: plan.left_out.join(", ") })}`}
      </p>
    </>
  );
}

function jump(field: HTMLTextAreaElement | null, text: string, { line, column }: Mistake): void {
  if (field === null) return;
  const start = text.split("\n").slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  const end = text.indexOf("\n", start);
  const at = Math.min(start + Math.max(0, column - 1), end < 0 ? text.length : end);
  field.focus();
  field.setSelectionRange(at, Math.min(at + 1, text.length));
}

function download(id: string, text: string): void {
  const isSvg = text.trimStart().startsWith("<");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: isSvg ? "image/svg+xml" : "text/plain" }));
  link.download = `${id}.${isSvg ? "svg" : "txt"}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
