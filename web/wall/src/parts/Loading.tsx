import { useWall } from "../context";
import { t } from "../words";
import { useDerived } from "./hooks";
import { agoWords } from "./Timer";

/** The shape of the page before the first number: still blocks, and after a second, words. */
export function Loading() {
  const wall = useWall();
  const words = useDerived(() => {
    const seconds = wall.uptime.value;
    return seconds < 1 ? "" : seconds < 3 ? t("loading") : t("loading.for", { age: agoWords(seconds) });
  }, []);
  return (
    <main class="wall loading" aria-busy="true">
      <header class="w-head">
        <i class="block" />
        <span class="words" role="status">
          {words}
        </span>
      </header>
      {["lead", "", "", "", ""].map((kind, i) => (
        <section key={i} class={`hero tile ${kind}`}>
          <i class="block" />
          <i class="block big" />
          <i class="block" />
        </section>
      ))}
      <section class="queues tile">
        {Array.from({ length: 5 }, (_, i) => (
          <i key={i} class="block" />
        ))}
      </section>
      <section class="curve tile" />
      <section class="sources tile" />
      <section class="agents">
        <div class="totals tile" />
        <ul class="grid l" style={{ "--columns": 6, "--rows": 2 }}>
          {Array.from({ length: 12 }, (_, i) => (
            <li key={i} class="agent" />
          ))}
        </ul>
      </section>
    </main>
  );
}
