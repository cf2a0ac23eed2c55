export type Refusal = "none" | "address" | "https" | "host";

/**
 * Whether a page may be shown in a frame: `url` where it may, else why not. `hosts` are the configuration's, exact names
 * (`host` or `host:port`, or whole origins).
 */
export function embeddable(address: string, hosts: readonly string[]): { readonly url?: string; readonly host: string; readonly refusal?: Refusal } {
  if (address.trim() === "") return { host: "", refusal: "none" };
  let url: URL;
  try {
    url = new URL(address.trim());
  } catch {
    return { host: "", refusal: "address" };
  }
  const { host, hostname, username, password } = url;
  if (username !== "" || password !== "" || hostname === "") return { host, refusal: "address" };
  if (url.protocol !== "https:") return { host, refusal: "https" };
  if (!hosts.some((allowed) => [host, url.origin].includes(allowed.toLowerCase().replace(/\/$/, "")))) return { host, refusal: "host" };
  return { host, url: url.href };
}
