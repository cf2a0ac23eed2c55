import type { Socket, World } from "./live";
import type { Json } from "./messages";
import type { Asker, Answer } from "./poll";

/** Addresses are relative to the page, so ccwall may live under any path of a reverse proxy. */
export function address(path: string): URL {
  return new URL(path, document.baseURI);
}

/** Another page of ours, in the language this one was asked for. */
export function pageAddress(path: string): string {
  const url = address(path);
  const lang = new URLSearchParams(location.search).get("lang");
  if (lang !== null) url.searchParams.set("lang", lang);
  return url.href;
}

function socketAddress(): string {
  const url = address("api/v1/live");
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}

/** The browser, as the live connection needs it. */
export const browser: World = {
  open: () => new WebSocket(socketAddress()) as unknown as Socket,
  monotonic: () => performance.now(),
  date: () => Date.now(),
  after(milliseconds, action) {
    const timer = setTimeout(action, milliseconds);
    return () => clearTimeout(timer);
  },
  random: Math.random,
  async isRefused() {
    // A socket that is turned away before it opens says no reason; a plain request does.
    try {
      const answer = await fetch(address("api/v1/board"), { cache: "no-store", signal: AbortSignal.timeout(4000) });
      void answer.body?.cancel();
      return answer.status === 401 || answer.status === 403;
    } catch {
      return false;
    }
  },
};

/** Whether the server took the token; it then knows this browser by a cookie. */
export async function logIn(token: string): Promise<boolean> {
  const answer = await fetch(address("api/v1/session"), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ token }),
  });
  return answer.ok;
}

/** The browser, as a poll needs it. */
export const asker: Asker = {
  ask: (path) => answerOf(fetch(address(path), { cache: "no-store", signal: AbortSignal.timeout(4000) })),
  monotonic: browser.monotonic,
  after: browser.after,
  random: browser.random,
};

/** Tells the server something; what it says to that. */
export function tell(path: string, body: Json): Promise<Answer> {
  return answerOf(
    fetch(address(path), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(4000),
    }),
  );
}

async function answerOf(asked: Promise<Response>): Promise<Answer> {
  const answer = await asked;
  const isJson = /\bjson\b/.test(answer.headers.get("content-type") ?? "");
  return { status: answer.status, body: isJson ? ((await answer.json()) as Json) : undefined };
}
