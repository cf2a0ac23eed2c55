import { expect, test } from "vitest";

import { ServerClock } from "../src/wire/clock";
import { type Answer, Poll } from "../src/wire/poll";

/** A server that answers when told to, and a clock that moves when told to. */
function staged() {
  const pending: { resolve: (answer: Answer) => void; reject: () => void }[] = [];
  const planned: { at: number; action: () => void }[] = [];
  let now = 1000;
  const clock = new ServerClock(() => now);
  const poll = new Poll("api/health", 1000, clock, {
    ask: () => new Promise((resolve, reject) => pending.push({ resolve, reject: () => reject(new Error("away")) })),
    monotonic: () => now,
    after(wait, action) {
      const plan = { at: now + wait, action };
      planned.push(plan);
      return () => planned.splice(planned.indexOf(plan), planned.includes(plan) ? 1 : 0);
    },
    random: () => 1,
  });
  return {
    poll,
    clock,
    pending,
    planned,
    pass(milliseconds: number): void {
      now += milliseconds;
      for (const plan of [...planned].filter(({ at }) => at <= now)) {
        planned.splice(planned.indexOf(plan), 1);
        plan.action();
      }
      poll.watch();
    },
    async answer(status: number, body?: Answer["body"]): Promise<void> {
      pending.shift()?.resolve({ status, body });
      for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    },
    async fail(): Promise<void> {
      pending.shift()?.reject();
      for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    },
  };
}

test("an answer is shown, and asked for again a second later", async () => {
  const { poll, clock, pending, pass, answer } = staged();
  poll.ask();
  expect(poll.state.value).toBe("asking");
  await answer(200, { now: 5000, rate: 20, screens: 3 });
  expect(poll.state.value).toBe("fresh");
  expect(poll.answer.at("screens").number).toBe(3);
  pass(500);
  expect(clock.now).toBe(5010);
  expect(pending).toHaveLength(0);
  pass(500);
  expect(pending).toHaveLength(1);
});

test("a server that stops answering makes it old within three seconds, and its clock stand", async () => {
  const { poll, clock, pass, answer, fail } = staged();
  poll.ask();
  await answer(200, { now: 5000 });
  pass(1000);
  await fail();
  pass(1900);
  expect(poll.state.value).toBe("fresh");
  pass(100);
  expect(poll.state.value).toBe("old");
  expect(poll.silentSince.value).toBe(1000);
  const stood = clock.now;
  pass(5000);
  expect(clock.now).toBe(stood);
  await answer(200, { now: 5008 });
  expect(poll.state.value).toBe("fresh");
});

test("a server in trouble is asked less and less often", async () => {
  const { poll, planned, pass, fail } = staged();
  poll.ask();
  const waits: number[] = [];
  for (let attempt = 0; attempt < 7; attempt++) {
    await fail();
    const [plan] = planned;
    waits.push((plan?.at ?? 0) - 1000 - waits.reduce((sum, wait) => sum + wait, 0));
    pass(waits.at(-1) ?? 0);
  }
  expect(waits).toEqual([1500, 2000, 3000, 5000, 9000, 11_000, 11_000]);
});

test.each([
  [401, "door"],
  [403, "door"],
  [404, "absent"],
  [500, "asking"],
])("the answer %i means %s", async (status, state) => {
  const { poll, answer } = staged();
  poll.ask();
  await answer(status, { type: "about:blank", status, detail: "no" });
  expect(poll.state.value).toBe(state);
});

test("an answer to a question that was given up changes nothing", async () => {
  const { poll, answer } = staged();
  poll.ask();
  poll.ask();
  await answer(404);
  expect(poll.state.value).toBe("asking");
  await answer(200, { now: 1 });
  expect(poll.state.value).toBe("fresh");
});
