import { expect, test } from "vitest";

import en from "../src/locales/en.json";
import zhCN from "../src/locales/zh-CN.json";
import zhTW from "../src/locales/zh-TW.json";
import panelEn from "../src/explain/locales/en.json";
import panelCN from "../src/explain/locales/zh-CN.json";
import panelTW from "../src/explain/locales/zh-TW.json";
import tilesEn from "../src/tiles/locales/en.json";
import tilesCN from "../src/tiles/locales/zh-CN.json";
import tilesTW from "../src/tiles/locales/zh-TW.json";
import soundEn from "../src/sound/locales/en.json";
import soundCN from "../src/sound/locales/zh-CN.json";
import soundTW from "../src/sound/locales/zh-TW.json";
import truthEn from "../src/truth/locales/en.json";
import truthCN from "../src/truth/locales/zh-CN.json";
import truthTW from "../src/truth/locales/zh-TW.json";
import casesEn from "../src/cases/locales/en.json";
import casesCN from "../src/cases/locales/zh-CN.json";
import casesTW from "../src/cases/locales/zh-TW.json";
import rotaEn from "../src/rota/locales/en.json";
import rotaCN from "../src/rota/locales/zh-CN.json";
import rotaTW from "../src/rota/locales/zh-TW.json";
import seatsEn from "../src/seats/locales/en.json";
import seatsCN from "../src/seats/locales/zh-CN.json";
import seatsTW from "../src/seats/locales/zh-TW.json";
import screensEn from "../src/health/locales/en.json";
import screensCN from "../src/health/locales/zh-CN.json";
import screensTW from "../src/health/locales/zh-TW.json";
import teamEn from "../src/team/locales/en.json";
import teamCN from "../src/team/locales/zh-CN.json";
import teamTW from "../src/team/locales/zh-TW.json";
import deskEn from "../src/desk/locales/en.json";
import deskCN from "../src/desk/locales/zh-CN.json";
import deskTW from "../src/desk/locales/zh-TW.json";
import detailEn from "../src/detail/locales/en.json";
import detailCN from "../src/detail/locales/zh-CN.json";
import detailTW from "../src/detail/locales/zh-TW.json";
import editorEn from "../src/editor/locales/en.json";
import editorCN from "../src/editor/locales/zh-CN.json";
import editorTW from "../src/editor/locales/zh-TW.json";
import dutyEn from "../src/duty/locales/en.json";
import dutyCN from "../src/duty/locales/zh-CN.json";
import dutyTW from "../src/duty/locales/zh-TW.json";
import incidentEn from "../src/incident/locales/en.json";
import incidentCN from "../src/incident/locales/zh-CN.json";
import incidentTW from "../src/incident/locales/zh-TW.json";
import actsEn from "../src/acts/locales/en.json";
import actsCN from "../src/acts/locales/zh-CN.json";
import actsTW from "../src/acts/locales/zh-TW.json";
import boardsEn from "../src/boards/locales/en.json";
import boardsCN from "../src/boards/locales/zh-CN.json";
import boardsTW from "../src/boards/locales/zh-TW.json";
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
  "the lead's zh-TW": [teamTW, teamCN],
  "the lead's en": [teamEn, teamCN],
  "the desk's zh-TW": [deskTW, deskCN],
  "the duty desk's zh-CN": [dutyCN, dutyCN],
  "the duty desk's zh-TW": [dutyTW, dutyCN],
  "the duty desk's en": [dutyEn, dutyCN],
  "the incidents' zh-TW": [incidentTW, incidentCN],
  "the incidents' en": [incidentEn, incidentCN],
  "the acts' zh-TW": [actsTW, actsCN],
  "the acts' en": [actsEn, actsCN],
  "the desk's en": [deskEn, deskCN],
  "the details' zh-TW": [detailTW, detailCN],
  "the details' en": [detailEn, detailCN],
  "the rota's zh-CN": [rotaCN, rotaCN],
  "the rota's zh-TW": [rotaTW, rotaCN],
  "the rota's en": [rotaEn, rotaCN],
  "the register's zh-CN": [casesCN, casesCN],
  "the register's zh-TW": [casesTW, casesCN],
  "the register's en": [casesEn, casesCN],
  "the seat map's zh-CN": [seatsCN, seatsCN],
  "the seat map's zh-TW": [seatsTW, seatsCN],
  "the seat map's en": [seatsEn, seatsCN],
  "sound's zh-CN": [soundCN, soundCN],
  "sound's zh-TW": [soundTW, soundCN],
  "sound's en": [soundEn, soundCN],
  "the screens' zh-CN": [screensCN, screensCN],
  "the screens' zh-TW": [screensTW, screensCN],
  "the screens' en": [screensEn, screensCN],
  "truth's zh-CN": [truthCN, truthCN],
  "truth's zh-TW": [truthTW, truthCN],
  "truth's en": [truthEn, truthCN],
  "the editor's zh-CN": [editorCN, editorCN],
  "the editor's zh-TW": [editorTW, editorCN],
  "the editor's en": [editorEn, editorCN],
  "the boards' zh-CN": [boardsCN, boardsCN],
  "the boards' zh-TW": [boardsTW, boardsCN],
  "the boards' en": [boardsEn, boardsCN],
  "the tiles' zh-CN": [tilesCN, tilesCN],
  "the tiles' zh-TW": [tilesTW, tilesCN],
  "the tiles' en": [tilesEn, tilesCN],
};
const TAIWAN = [...Object.values(teamTW), ...Object.values(deskTW), ...Object.values(detailTW), ...Object.values(zhTW), ...Object.values(panelTW), ...Object.values(seatsTW), ...Object.values(rotaTW), ...Object.values(casesTW), ...Object.values(screensTW), ...Object.values(soundTW), ...Object.values(truthTW), ...Object.values(tilesTW), ...Object.values(editorTW), ...Object.values(boardsTW)].join("");
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
