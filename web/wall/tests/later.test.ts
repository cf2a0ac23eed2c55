import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { later } from "../src/later";

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(console, "warn").mockImplementation(() => undefined);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test("a part that does not come is asked for again until it does", async () => {
  const load = vi.fn().mockRejectedValueOnce(new TypeError("no server")).mockRejectedValueOnce(new TypeError("no server")).mockResolvedValue("here");
  let came: unknown;
  void later(load).then((part) => (came = part));
  await vi.advanceTimersByTimeAsync(5000);
  expect(came).toBeUndefined();
  await vi.advanceTimersByTimeAsync(5000);
  expect(came).toBe("here");
  await vi.advanceTimersByTimeAsync(60_000);
  expect(load).toHaveBeenCalledTimes(3);
});
