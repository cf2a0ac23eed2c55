import { address } from "../wire/socket";

/** The worker that shows the page while its server restarts; where there is none, the browser's own error page does. */
export function keepShell(): void {
  if (!("serviceWorker" in navigator) || !isSecureContext) return;
  const register = async () => {
    try {
      await navigator.serviceWorker.register(address("sw.js"), { scope: address("./").pathname, updateViaCache: "none" });
      // Parts that came later than the page, before there was a worker to see them: tiles, the language of the sound, this file.
      const { active } = await navigator.serviceWorker.ready;
      active?.postMessage({ keep: performance.getEntriesByType("resource").map(({ name }) => name) });
    } catch {
      // not allowed here: then a server that is away shows the browser's own error
    }
  };
  if (document.readyState === "complete") setTimeout(() => void register(), 3000);
  else addEventListener("load", () => setTimeout(() => void register(), 3000), { once: true });
}
