import type { Socket, World } from "./live";

/** Addresses are relative to the page, so ccwall may live under any path of a reverse proxy. */
export function address(path: string): URL {
  return new URL(path, document.baseURI);
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
