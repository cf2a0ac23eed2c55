import { afterEach, expect, test, vi } from "vitest";

import { act, problemOf, wordsOf } from "../src/acts/act";
import { meOf } from "../src/acts/who";
import en from "../src/acts/locales/en.json";
import zhCN from "../src/acts/locales/zh-CN.json";
import zhTW from "../src/acts/locales/zh-TW.json";
import { lang } from "../src/words";

const answer = (status: number, body: unknown) => new Response(JSON.stringify(body), { status, headers: { "content-type": status < 400 ? "application/json" : "application/problem+json" } });

afterEach(() => {
  vi.unstubAllGlobals();
  lang.value = "en";
});

test("an act is posted with its arguments, and what was left out is not sent", async () => {
  const fetched = vi.fn(async () => answer(200, { help: "h1" }));
  vi.stubGlobal("fetch", fetched);
  expect(await act("help.take", { help: "h1", note: undefined })).toEqual({ isDone: true, told: { help: "h1" } });
  const [url, options] = fetched.mock.calls[0] as unknown as [URL, RequestInit];
  expect(url.pathname).toMatch(/\/api\/v1\/acts\/help\.take$/);
  expect([options.method, options.body]).toEqual(["POST", '{"arguments":{"help":"h1"}}']);
});

test("somebody was faster: who, what and when, in each language", () => {
  const problem = problemOf(409, { detail: "This was taken by Song Jia.", done: "taken", by: "宋佳", at: 60 });
  expect(problem.why).toBe("faster");
  const at = () => "9:05";
  lang.value = "en";
  expect(wordsOf(problem, at)).toBe("宋佳 took it at 9:05");
  lang.value = "zh-CN";
  expect(wordsOf(problem, at)).toBe("宋佳已于 9:05 接手");
  lang.value = "zh-TW";
  expect(wordsOf(problem, at)).toBe("宋佳 已於 9:05 接手");
});

test.each([
  [401, "signed-out"],
  [403, "forbidden"],
  [404, "absent"],
  [409, "not-now"],
  [422, "mistaken"],
  [429, "often"],
  [503, "unrecorded"],
  [500, "other"],
  [0, "away"],
])("a status of %i is told as %s", (status, why) => {
  const problem = problemOf(status, {});
  expect(problem.why).toBe(why);
  for (const language of ["zh-CN", "zh-TW", "en"] as const) {
    lang.value = language;
    expect(wordsOf(problem, String)).not.toBe("");
  }
});

test("the field that is wrong is named as the page sent it", () => {
  const problem = problemOf(422, { detail: "body.arguments.text: x", mistakes: [{ where: "body.arguments.text", what: "is too long" }] });
  expect([problem.where, problem.detail]).toEqual(["text", "is too long"]);
});

test("nobody answers: a problem, no exception", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("away")));
  expect(await act("patrol.make")).toMatchObject({ isDone: false, problem: { why: "away" } });
});

test("who is signed in, and what their role may do", () => {
  const me = meOf({ id: "song", name: "", role: "lead", teams: ["north"] }, { acts: ["help.take"] });
  expect(me).toMatchObject({ id: "song", name: "song", role: "lead", teams: ["north"], queues: undefined, agent: undefined });
  expect(me?.acts.has("help.take")).toBe(true);
  expect(meOf(undefined, undefined)).toBeUndefined();
});

test("the three catalogues say the same things", () => {
  expect(Object.keys(zhTW)).toEqual(Object.keys(zhCN));
  expect(Object.keys(en)).toEqual(Object.keys(zhCN));
});
