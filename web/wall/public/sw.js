// Keeps the shell of ccwall, never a number: a wall that is switched on while its server restarts shows itself, and says that
// it is not live. Pages are asked of the server first; what carries a hash in its name never changes; everything else passes.
const SHELL = "ccwall-shell-1";
const PATIENCE = 4000;
const MOST = 120;
const PAGE = new URL("./", self.registration?.scope ?? self.location.href).pathname;
const isAsset = (url) => url.pathname.startsWith(`${PAGE}assets/`);
// A sign of one page of ours; the one page is served under each of these names.
const isPage = (url) => /^(|alerts|boards|breaks|cases|duty|edit|health|me|patrol|people|practice|rota|seats|team)$/.test(url.pathname.slice(PAGE.length));

self.addEventListener("install", (event) => {
  event.waitUntil(keepPage().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name.startsWith("ccwall-shell-") && name !== SHELL).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (isAsset(url)) event.respondWith(asset(request));
  // A link with a token is for the server alone.
  else if (request.mode === "navigate" && isPage(url) && !url.searchParams.has("token")) event.respondWith(page(request));
});

// A page tells which of its parts it has: those that came before this worker did.
self.addEventListener("message", (event) => {
  const named = Array.isArray(event.data?.keep) ? event.data.keep.slice(0, MOST) : [];
  const urls = named.filter((url) => typeof url === "string" && url.startsWith(self.location.origin) && isAsset(new URL(url)));
  event.waitUntil(Promise.all(urls.map((url) => asset(new Request(url)).catch(() => undefined))));
});

// A browser whose disk is full, or that keeps nothing, still shows what the server gives: keeping is tried, never waited for in vain.
const found = (request) => caches.open(SHELL).then((shell) => shell.match(request, { ignoreVary: true })).catch(() => undefined);
const put = (request, answer) => caches.open(SHELL).then((shell) => shell.put(request, answer)).catch(() => undefined);

async function asset(request) {
  const kept = await found(request);
  if (kept !== undefined) return kept;
  const fresh = await fetch(request);
  if (fresh.ok && !fresh.redirected) await keep(request, fresh.clone());
  return fresh;
}

async function page(request) {
  let fresh;
  try {
    fresh = await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
  } catch (error) {
    const kept = await found(PAGE);
    if (kept === undefined) throw error;
    return kept;
  }
  if (isOurs(fresh)) await put(PAGE, fresh.clone());
  // A proxy in front says 502 while its server is away.
  if (fresh.status < 500) return fresh;
  return (await found(PAGE)) ?? fresh;
}

async function keepPage() {
  const fresh = await fetch(PAGE, { cache: "no-store" });
  if (!isOurs(fresh)) return;
  await put(PAGE, fresh.clone());
  const text = await fresh.text();
  const named = [...text.matchAll(/(?:src|href)="(\.\/assets\/[^"]+)"/g)].map(([, path]) => new URL(path, self.registration.scope).href);
  // Each on its own: one that does not come must not keep the others away.
  await Promise.all(named.map((url) => asset(new Request(url)).catch(() => undefined)));
}

const isOurs = (answer) => answer.status === 200 && !answer.redirected && (answer.headers.get("content-type") ?? "").startsWith("text/html");

async function keep(request, answer) {
  await put(request, answer);
  const shell = await caches.open(SHELL).catch(() => undefined);
  if (shell === undefined) return;
  const all = await shell.keys();
  const assets = all.filter((one) => isAsset(new URL(one.url)));
  for (const oldest of assets.slice(0, Math.max(0, assets.length - MOST))) await shell.delete(oldest);
}
