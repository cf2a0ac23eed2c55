import { useWall } from "../context";
import { t } from "../words";
import { useDerived } from "./hooks";
import { agoWords } from "./Timer";

/** The page before its board came. */
export function Loading() {
  return (
    <main class="wall loading" aria-busy="true">
      <LoadingHead />
    </main>
  );
}

/** Still blocks, and after a second, words. */
export function LoadingHead() {
  const wall = useWall();
  const words = useDerived(() => {
    const seconds = wall.uptime.value;
    return seconds < 1 ? "" : seconds < 3 ? t("loading") : t("loading.for", { age: agoWords(seconds) });
  }, []);
  return (
    <header class="w-head is-loading">
      <i class="block" />
      <span class="words" role="status">
        {words}
      </span>
    </header>
  );
}
