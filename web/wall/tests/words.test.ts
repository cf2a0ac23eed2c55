import { expect, test } from "vitest";

import en from "../src/locales/en.json";
import zhCN from "../src/locales/zh-CN.json";
import zhTW from "../src/locales/zh-TW.json";
import { STATES } from "../src/states";
import { understood } from "../src/words";

const CATALOGUES = { "zh-CN": zhCN, "zh-TW": zhTW, en } as const;
const holes = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();

test.each(Object.entries(CATALOGUES))("%s says everything, and nothing else", (_, catalogue) => {
  expect(Object.keys(catalogue)).toEqual(Object.keys(zhCN));
});

test.each(Object.entries(CATALOGUES))("%s has no empty words and the same holes to fill", (_, catalogue) => {
  for (const [key, text] of Object.entries(catalogue)) {
    expect(text.trim(), key).not.toBe("");
    expect(holes(text), key).toEqual(holes(zhCN[key as keyof typeof zhCN]));
  }
});

test("every state has a long word and a short one", () => {
  for (const state of STATES) for (const form of ["state", "short"]) expect(zhCN).toHaveProperty([`${form}.${state}`]);
});

test("Taiwan has its own words, not the mainland's characters", () => {
  expect([...Object.values(zhTW).join("")].filter((c) => "务实时数据断线们设备统级队列频见误这".includes(c) && !"列見".includes(c))).toEqual([]);
});

test("a language tag finds the catalogue that is understood", () => {
  const tags = ["zh", "zh-CN", "zh-Hans-SG", "zh-TW", "zh-Hant", "zh-HK", "en-GB", "de", "", null];
  expect(tags.map(understood)).toEqual(["zh-CN", "zh-CN", "zh-CN", "zh-TW", "zh-TW", "zh-TW", "en", undefined, undefined, undefined]);
});
