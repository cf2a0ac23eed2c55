import { h, render } from "preact";
import { act as settled } from "preact/test-utils";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { ActProblem, LateProblems, useAct, ZoneProvider } from "../src/acts/Act";
import { lang } from "../src/words";

const FASTER = { done: "acknowledged", by: "何平", at: 60, detail: "It was acknowledged by 何平 already." };
let answer: (told: Response) => void = () => {};
let root: HTMLElement;

function Press() {
  const acting = useAct(undefined, "Acknowledge: Caller waits too long");
  return h("p", null, h("button", { type: "button", onClick: () => void acting.run("alert.acknowledge") }), h(ActProblem, { problem: acting.problem }));
}
const show = (isThere: boolean) => settled(() => render(h(ZoneProvider, { value: "UTC", children: [isThere && h(Press, null), h(LateProblems, null)] }), root));
const press = () => settled(() => root.querySelector<HTMLButtonElement>("p button")?.click());
const answered = () =>
  settled(async () => {
    answer(new Response(JSON.stringify(FASTER), { status: 409, headers: { "content-type": "application/problem+json" } }));
    await vi.advanceTimersByTimeAsync(10);
  });
const late = (): string | undefined => root.querySelector<HTMLElement>("[data-late]")?.textContent ?? undefined;

beforeEach(async () => {
  vi.useFakeTimers();
  lang.value = "en";
  vi.stubGlobal("fetch", () => new Promise<Response>((resolve) => (answer = resolve)));
  root = document.createElement("div");
  await show(true);
  await press();
});
afterEach(async () => {
  await settled(() => void vi.advanceTimersByTime(60_000));
  render(null, root);
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("whoever was faster took the button away: it is told at the foot of the page, with what was pressed", async () => {
  await show(false);
  await answered();
  expect(late()).toMatch(/^Acknowledge: Caller waits too long何平 .+ at /);
  await settled(() => void vi.advanceTimersByTime(30_000));
  expect(late()).toBeUndefined();
});

test("told beside the button, and the button goes before anybody can have read it", async () => {
  await answered();
  expect(root.querySelector("p .act-problem")?.textContent).toContain("何平");
  expect(late()).toBeUndefined();
  await show(false);
  expect(late()).toContain("何平");
  await settled(() => root.querySelector<HTMLElement>("[data-late]")?.click());
  expect(late()).toBeUndefined();
});

test("what was read beside its button is not said again", async () => {
  await answered();
  await settled(() => void vi.advanceTimersByTime(10_000));
  await show(false);
  expect(late()).toBeUndefined();
});
