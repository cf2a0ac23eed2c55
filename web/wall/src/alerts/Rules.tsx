import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { lang, t } from "../words";
import { rule as chosen } from "./page";
import { type Rule, type Rules as All, rules } from "./requests";
import { RuleForm } from "./RuleForm";
import { limitWords, type Unit } from "./say";
import { levelWord, metricName } from "./tell";
import { fieldOf, testOf, textsOf } from "./words-of-rule";
import { many, say } from "./words";

const NEW: Rule = { id: "", origin: "own", isChanged: false, words: { metric: "longest_waiting", scope: "queue", at_least: "60s", for: "30s", severity: "warn" } };

/** All rules that are watched: those that came with ccwall, those of the configuration, and one's own. */
export function Rules() {
  const all = useSignal<All | undefined>(undefined);
  const state = useSignal<"asking" | "there" | "absent" | "away">("asking");
  const isNew = useSignal(false);
  const look = async () => {
    try {
      const found = await rules();
      all.value = found ?? all.peek();
      state.value = found === undefined ? "absent" : "there";
    } catch {
      state.value = "away";
    }
  };
  useEffect(() => void look(), []);
  if (all.value === undefined) return <p class="ap-none">{state.value === "asking" ? t("loading") : say(state.value === "absent" ? "rules.absent" : "away")}</p>;
  const told = all.value;
  const open = isNew.value ? NEW : told.rules.find(({ id }) => id === chosen.value);
  const done = (id: string) => {
    isNew.value = false;
    chosen.value = id;
    void look();
  };
  return (
    <div class={`ap-lists rules ${open === undefined ? "" : "open"}`}>
      <section class="ap-list" aria-label={say("view.rules")}>
        <header class="ap-bar">
          <p class="ap-count">{many("rules", told.rules.length)}</p>
          {told.mayEdit && (
            <button type="button" class="al-button" data-new onClick={() => ((isNew.value = true), (chosen.value = ""))}>
              {say("rules.new")}
            </button>
          )}
        </header>
        <ul>
          {told.rules.map((rule) => (
            <Line key={rule.id} rule={rule} unit={told.metrics[String(rule.words["metric"])]?.unit ?? "none"} isOpen={rule.id === open?.id} onOpen={() => ((isNew.value = false), (chosen.value = rule.id))} />
          ))}
        </ul>
      </section>
      {open === undefined ? (
        <p class="ap-detail none">{say("rules.pick")}</p>
      ) : (
        <RuleForm key={open.id} rule={open} all={told} isNew={isNew.value} onDone={done} onBack={() => ((isNew.value = false), (chosen.value = ""))} />
      )}
    </div>
  );
}

/** A rule's name as it is written, else its number. */
export const ruleName = ({ id, words }: Pick<Rule, "id" | "words">): string => {
  const names = textsOf(words["name"]);
  return names[lang.value] ?? names["en"] ?? Object.values(names)[0] ?? (id || metricName(String(words["metric"] ?? "")));
};

/** `≥ 1:00`, `< 80%`, `70–85%` */
export function conditionWords(words: Rule["words"], unit: string): string {
  const test = testOf(words);
  const value = words[test];
  if (test === "outside" && Array.isArray(value)) return say("test.outside.short", { low: limitWords(Number(value[0]), unit as Unit), high: limitWords(Number(value[1]), unit as Unit) });
  if (typeof value === "string" && value.includes(".")) return `${say(`test.${test}.short`)} ${say("target")}`;
  const field = fieldOf(value, unit).replace("-", "−");
  return `${say(`test.${test}.short`)} ${field}${unit === "percent" ? "%" : ""}`;
}

function Line({ rule, unit, isOpen, onOpen }: { rule: Rule; unit: string; isOpen: boolean; onOpen: () => void }) {
  const isOn = rule.words["enabled"] !== false;
  return (
    <li class={`ap-line ${isOn ? "" : "off"}`}>
      <button type="button" aria-current={isOpen ? "true" : undefined} data-rule={rule.id} onClick={onOpen}>
        <span class="what">
          <b>
            <bdi>{ruleName(rule)}</bdi>
          </b>
          <span>
            {metricName(String(rule.words["metric"] ?? ""))} <i>{conditionWords(rule.words, unit)}</i>
          </span>
        </span>
        <span class="how">
          <b>{isOn ? levelWord((rule.words["severity"] as "warn" | undefined) ?? "warn") : say("rules.off")}</b>
          <span>{say(rule.isChanged ? "origin.changed" : `origin.${rule.origin}`)}</span>
        </span>
      </button>
    </li>
  );
}
