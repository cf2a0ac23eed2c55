import { expect, test } from "vitest";

import en from "../src/locales/en.json";
import zhCN from "../src/locales/zh-CN.json";
import zhTW from "../src/locales/zh-TW.json";
import panelEn from "../src/explain/locales/en.json";
import panelCN from "../src/explain/locales/zh-CN.json";
import panelTW from "../src/explain/locales/zh-TW.json";
import { CAUSES } from "../src/health/advice";
import { FAULTS } from "../src/practice/Faults";
import { STATES } from "../src/states";
import { understood } from "../src/words";

/** Every catalogue beside the mainland's of its kind. */
const CATALOGUES: Readonly<Record<string, readonly [Readonly<Record<string, string>>, Readonly<Record<string, string>>]>> = {
  "zh-CN": [zhCN, zhCN],
  "zh-TW": [zhTW, zhCN],
  en: [en, zhCN],
  "the panel's zh-CN": [panelCN, panelCN],
  "the panel's zh-TW": [panelTW, panelCN],
  "the panel's en": [panelEn, panelCN],
};
const TAIWAN = [...Object.values(zhTW), ...Object.values(panelTW)].join("");
const holes = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();

test.each(Object.entries(CATALOGUES))("%s says everything, and nothing else", (_, [catalogue, first]) => {
  expect(Object.keys(catalogue)).toEqual(Object.keys(first));
});

test.each(Object.entries(CATALOGUES))("%s has no empty words and the same holes to fill", (_, [catalogue, first]) => {
  for (const [key, text] of Object.entries(catalogue)) {
    expect(text.trim(), key).not.toBe("");
    expect(holes(text), key).toEqual(holes(first[key] ?? ""));
  }
});

test("every state has a long word and a short one", () => {
  for (const state of STATES) for (const form of ["state", "short"]) expect(zhCN).toHaveProperty([`${form}.${state}`]);
});

/** Every character of the mainland's catalogue that Big5 has not. */
const SIMPLIFIED = new Set(
  "业丢两个临为书乱亲从们会关内写况减刚别务动协发变号启员围场块墙声处备夹实对导岗应开弃归当录径态户报拟拥换数断无旧时显暂术杀权条来标样检没测浏溃满点状环现电监盘着码稳竖签类纹线练组细经结给络绝统继绪续编职腾节营览计认让训议记许设证识试话该语说请读调负败账贴转载较边达过运还这进连迟选释钟钥铃锁错键长闭问闲间队随隐静页须预题齐龄",
);

test("Taiwan has its own words, not the mainland's characters", () => {
  expect([...TAIWAN].filter((character) => SIMPLIFIED.has(character))).toEqual([]);
  for (const word of ["服务器", "数据", "网络", "屏幕", "程序", "用户", "令牌", "接通率", "队列"]) expect(TAIWAN).not.toContain(word);
});

test("every cause of a trouble says what happened and what to do next", () => {
  for (const cause of CAUSES) for (const form of ["cause", "next"]) expect(zhCN).toHaveProperty([`${form}.${cause}`]);
});

test("every fault says its name and what to expect", () => {
  for (const fault of FAULTS) for (const form of ["fault", "expect"]) expect(zhCN).toHaveProperty([`${form}.${fault}`]);
});

test("a language tag finds the catalogue that is understood", () => {
  const tags = ["zh", "zh-CN", "zh-Hans-SG", "zh-TW", "zh-Hant", "zh-HK", "en-GB", "de", "", null];
  expect(tags.map(understood)).toEqual(["zh-CN", "zh-CN", "zh-CN", "zh-TW", "zh-TW", "zh-TW", "en", undefined, undefined, undefined]);
});
