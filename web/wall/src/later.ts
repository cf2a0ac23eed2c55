/** Milliseconds between two tries. */
const AGAIN = 5000;

/** Addresses of style sheets that did not come. Vite's loader asks for each once in a page's life, and then takes it for there. */
const missing = new Set<string>();

export function watchStyles(): void {
  addEventListener(
    "error",
    ({ target }) => {
      if (!(target instanceof HTMLLinkElement) || target.rel !== "stylesheet") return;
      missing.add(target.href);
      target.remove();
    },
    true,
  );
}

function style(href: string): Promise<void> {
  return new Promise((come, fail) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
    link.addEventListener("load", () => {
      missing.delete(href);
      come();
    });
    link.addEventListener("error", () => fail(new Error(`${href} did not come`)));
    document.head.append(link);
  });
}

/** A part of the page with its styles, also after a try that failed; rejects while the server is away. */
export async function whole<T>(load: () => Promise<T>): Promise<T> {
  await Promise.all([...missing].map(style));
  return load();
}

/**
 * A part of the page that comes later, asked for until it is there: a wall stands for weeks, and its server may be away just then.
 * `meanwhile` is called each time it did not come. What a press asked for is asked for once, by `whole`, so that who pressed is told.
 */
export async function later<T>(load: () => Promise<T>, meanwhile: () => void = () => undefined): Promise<T> {
  for (;;) {
    try {
      return await whole(load);
    } catch (error) {
      meanwhile();
      console.warn("a part of the page did not come, it is asked for again:", error);
      await new Promise((wake) => setTimeout(wake, AGAIN));
    }
  }
}
