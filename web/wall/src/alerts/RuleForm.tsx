import { useSignal } from "@preact/signals";

import type { Mistake } from "../boards/requests";
import { SEVERITIES } from "./model";
import { type Rule, type Rules, saveRule, undoRule, type Words } from "./requests";
import { Bound, Check, Condition, Days, Pick, Text, Texts } from "./RuleFields";
import { Now } from "./RuleNow";
import { levelWord, metricName } from "./tell";
import { changed, fieldOf, mistakeAt, otherMistakes, spanOf, tested, TESTS, type Test, testOf, WINDOWS } from "./words-of-rule";
import { has, say } from "./words";

interface Props {
  readonly rule: Rule;
  readonly all: Rules;
  readonly isNew: boolean;
  readonly onDone: (id: string) => void;
  readonly onBack: () => void;
}

const FIELDS: ReadonlySet<string> = new Set(["id", "metric", "scope", ...TESTS, "for", "clear", "clear_for", "window", "severity", "worse", "worse_severity", "quiet_hours", "hours", "days", "name", "todo", "only"]);
const scopeWord = (scope: string): string => (has(`kind.scope.${scope}`) ? say(`kind.scope.${scope}` as never) : scope);

/** One rule, its fields, and what it would say at this moment. */
export function RuleForm({ rule, all, isNew, onDone, onBack }: Props) {
  const words = useSignal<Words>(rule.words);
  const id = useSignal(rule.id);
  const mistakes = useSignal<readonly Mistake[]>([]);
  const problem = useSignal("");
  const isBusy = useSignal(false);
  const w = words.value;
  const metric = String(w["metric"] ?? "");
  const { unit = "none", scopes = [], isTimer = false, isWindowed = false } = all.metrics[metric] ?? {};
  const isDirty = isNew || JSON.stringify(w) !== JSON.stringify(rule.words);
  const put = (key: string, value: unknown) => (words.value = changed(words.peek(), key, value));
  const wrong = (...keys: readonly string[]) => mistakeAt(mistakes.value, ...keys);
  const take = (answer: Awaited<ReturnType<typeof saveRule>>) => {
    isBusy.value = false;
    mistakes.value = answer.kind === "mistakes" ? answer.mistakes : [];
    problem.value = answer.kind === "done" || answer.kind === "mistakes" ? "" : answer.kind === "told" ? answer.detail : say(answer.kind);
    if (answer.kind === "done") onDone(id.peek());
  };
  const save = async (event: Event) => {
    event.preventDefault();
    if (isBusy.peek() || !all.mayEdit) return;
    isBusy.value = true;
    take(await saveRule(id.peek(), { ...words.peek(), id: id.peek() }));
  };
  const undo = async () => {
    if (isBusy.peek()) return;
    isBusy.value = true;
    take(await undoRule(rule.id));
  };
  const pickMetric = (name: string) => {
    const next = all.metrics[name];
    const test: Test = next?.isTimer === true ? "at_least" : testOf(words.peek());
    const usual = next?.unit === "seconds" ? "60s" : next?.unit === "percent" ? 0.8 : 1;
    words.value = { ...tested(changed(changed(words.peek(), "clear", undefined), "window", undefined), test, test === "outside" ? [usual, usual] : usual), metric: name, scope: next?.scopes[0] ?? "queue" };
  };
  const others = otherMistakes(mistakes.value, FIELDS);
  return (
    <form class="ap-detail ap-form" onSubmit={(event) => void save(event)} aria-label={say("rules.form")} data-form={rule.id}>
      <button type="button" class="al-button ap-back" onClick={onBack}>
        {say("detail.back")}
      </button>
      <header class="ap-head">
        <h2>{isNew ? say("rules.new") : say("rules.edit")}</h2>
        <p class="muted">{isNew ? "" : say(`origin.${rule.origin}.long`)}</p>
      </header>
      {others.length > 0 && (
        <p class="need" role="alert">
          {others.join(" ")}
        </p>
      )}
      <Now id={id.value || "new"} words={{ ...w, id: id.value || "new" }} unit={unit} />
      <fieldset disabled={!all.mayEdit}>
        {isNew && <Text word={say("field.id")} hint={say("field.id.hint")} value={id.value} wrong={wrong("id")} onInput={(value) => (id.value = value)} />}
        <Pick word={say("field.metric")} value={metric} wrong={wrong("metric")} options={Object.keys(all.metrics).map((name) => [name, metricName(name)])} onChange={pickMetric} />
        <Pick word={say("field.scope")} value={String(w["scope"] ?? scopes[0] ?? "")} wrong={wrong("scope")} options={scopes.map((scope) => [scope, scopeWord(scope)])} onChange={(value) => put("scope", value)} />
        <Condition words={w} unit={unit} isTimer={isTimer} wrong={wrong(...TESTS)} onChange={(next) => (words.value = next)} />
        <Text word={say("field.for")} hint={say("field.span")} value={fieldOf(w["for"], "seconds")} wrong={wrong("for")} onInput={(value) => put("for", value === "" ? undefined : spanOf(value))} />
        {!isTimer && <Bound word={say("field.clear")} hint={say("field.clear.hint")} unit={unit} value={w["clear"]} wrong={wrong("clear")} onChange={(value) => put("clear", value)} />}
        <Text word={say("field.clear_for")} hint={say("field.span")} value={fieldOf(w["clear_for"], "seconds")} wrong={wrong("clear_for")} onInput={(value) => put("clear_for", value === "" ? undefined : spanOf(value))} />
        {isWindowed && <Pick word={say("field.window")} value={String(w["window"] ?? "today")} wrong={wrong("window")} options={WINDOWS.map((one) => [one, say(`window.${one.replace(" ", "_")}` as "window.now")])} onChange={(value) => put("window", value)} />}
        <Pick word={say("field.severity")} value={String(w["severity"] ?? "warn")} wrong={wrong("severity")} options={SEVERITIES.map((one) => [one, levelWord(one)])} onChange={(value) => put("severity", value)} />
        <Bound word={say("field.worse")} hint={say("field.worse.hint")} unit={unit} value={w["worse"]} wrong={wrong("worse")} onChange={(value) => put("worse", value)} />
        <Text word={say("field.quiet")} hint="22:00-07:00" value={list(w["quiet_hours"])} wrong={wrong("quiet_hours")} onInput={(value) => put("quiet_hours", parts(value))} />
        <Text word={say("field.hours")} hint="08:30-20:00" value={list(w["hours"])} wrong={wrong("hours")} onInput={(value) => put("hours", parts(value))} />
        <Days value={w["days"]} wrong={wrong("days")} onChange={(value) => put("days", value)} />
        <Texts word={say("field.name")} value={w["name"]} wrong={wrong("name")} longest={120} onChange={(value) => put("name", value)} />
        <Texts word={say("field.todo")} value={w["todo"]} wrong={wrong("todo")} longest={2000} isLong onChange={(value) => put("todo", value)} />
        <Check word={say("field.enabled")} isOn={w["enabled"] !== false} onChange={(isOn) => put("enabled", isOn ? undefined : false)} />
        <Check word={say("field.wall")} isOn={w["wall"] === true} onChange={(isOn) => put("wall", isOn ? true : undefined)} />
      </fieldset>
      {all.mayEdit && (
        <footer class="ap-foot">
          {problem.value !== "" && (
            <span class="act-problem" role="alert">
              {problem.value}
            </span>
          )}
          {!isNew && (rule.isChanged || rule.origin === "own") && (
            <button type="button" class="act-button" data-undo aria-busy={isBusy.value} onClick={() => void undo()}>
              {say(rule.origin === "own" ? "rules.delete" : "rules.undo")}
            </button>
          )}
          <button type="submit" class="act-button primary" aria-busy={isBusy.value} aria-disabled={!isDirty}>
            {say("rules.save")}
          </button>
        </footer>
      )}
    </form>
  );
}

const list = (value: unknown): string => (Array.isArray(value) ? value.join(", ") : typeof value === "string" ? value : "");
const parts = (text: string): readonly string[] => text.split(/[,，、;]\s*|\s+/).map((one) => one.trim().replace("–", "-")).filter((one) => one !== "");
