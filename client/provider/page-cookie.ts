import { NO_SCOPE } from "../../protocol/messages.ts";
import type { SessionCookieOptions } from "../cookie-provider.d.ts";
import { ofDocument } from "../page-document.ts";

/**
 * The session cookie of the page: what `document.cookie` shows of it, byte for byte. Like other closures of the page's script it comes
 * in a tuple: names of properties would cost every visitor more bytes.
 */
export type PageCookie = readonly [
  /** The visible value, `""` with none. Of several cookies of the name, only the newest stays. */
  read: () => string,
  /**
   * Makes the value the only visible one of its name; `""` removes every one.
   *
   * @param scope what the cookie's domain must end in (`FrameMessage.scope`), from now on
   */
  show: (value: string, scope?: string) => void,
  /** On a page whose session cookies are the host's own, removes a wider one of the name, where the browser tells its domain. */
  refuseWider: () => Promise<void>,
];

declare global {
  /** Chromium gives the domain of a cookie that is not its host's only. Firefox and WebKit give no more than name and value. */
  interface CookieListItem {
    readonly domain?: string | null;
    readonly path?: string;
  }
}

export function createPageCookie(
  name: string,
  { domain = "auto", path = "/", maxAgeSeconds, sameSite = "Lax" }: SessionCookieOptions = {},
  /** Of several values, in the order in which browsers list them. Without it, a reader changes nothing, and takes the last. */
  newestOf?: (values: readonly string[]) => string,
): PageCookie {
  const life = maxAgeSeconds === undefined ? "" : `; Max-Age=${maxAgeSeconds}`;
  /** What the cookie's domain must end in. */
  let scope: string = NO_SCOPE;

  /** Writes the cookie for one domain and path after the other, until the value is the only visible one. `""` removes it. */
  function write(
    value: string,
    domains: readonly string[],
    paths: readonly (string | undefined)[] = value ? [path] : pathsHere(),
  ): boolean {
    return domains.some((one) =>
      paths.some((path) => {
        const secure = location.protocol === "https:" ? "; Secure" : "";
        const attributes = `; Path=${path}; SameSite=${sameSite}${value ? life : "; Max-Age=0"}${secure}`;
        jar(`${name}=${value}${one && `; Domain=${one}`}${attributes}`);
        return isShown(value);
      }),
    );
  }

  /** Where no domain takes it (an IP address, a `__Host-` name, a `domain` that is not this page's), it is this host's only. */
  function put(value: string): boolean {
    return write(value, domain === "auto" ? domainsIn(scope) : [domain === "host" ? "" : domain, ""]);
  }

  /** The values that `document.cookie` shows under the name. */
  function visible(): string[] {
    return jar()
      .split("; ")
      .flatMap((cookie) => (cookie.startsWith(`${name}=`) ? cookie.slice(name.length + 1) || [] : []));
  }

  function isShown(value: string): boolean {
    // No value has a semicolon.
    return visible().join(";") === value;
  }

  function show(value: string, wide = scope): void {
    scope = wide;
    if (isShown(value) || put(value)) return;
    // An older cookie of another scope is in the way.
    write("", domainsIn(""));
    put(value);
  }

  function read(): string {
    const values = visible();
    if (!newestOf || values[1] === undefined) return values.at(-1) ?? "";
    const newest = newestOf(values);
    // On a page with cookies of its own `refuseWider` knows which one that is, and a load shows what has won.
    if (domain !== "host") {
      // What is left may be a wider one with the same value.
      write("", [""]);
      show(newest);
    }
    return newest;
  }

  async function refuseWider(): Promise<void> {
    try {
      if (domain === "host")
        for (const { domain, path } of await cookieStore.getAll(name)) if (domain) write("", [domain], [path]);
    } catch {
      // No such store, or no cookies.
    }
  }

  return [read, show, refuseWider];
}

/**
 * The page's domain and those above it, as far as they end in the scope, the shortest first; and none, for a cookie that is this host's
 * only. Browsers refuse cookies for public suffixes: the shortest domain that takes one is the registrable domain.
 */
function domainsIn(scope: string): string[] {
  const labels = location.hostname.split(".");
  // Libraries have a `map` of their own on arrays, which passes no array.
  const domains = labels.map((_, index) => labels.slice(-1 - index).join("."));
  // The last label always is one: browsers would say so on the console.
  return [...domains.slice(1).filter((domain) => `.${domain}`.endsWith(scope)), ""];
}

/** The paths with which a cookie is visible here: `/`, `/shop`, `/shop/`, `/shop/cart`. */
function pathsHere(): string[] {
  const parts = location.pathname.split(/(\/)/);
  return parts.map((_, index) => parts.slice(0, 1 + index).join(""));
}

/**
 * Sets a cookie, if one is given, and tells those that are visible. As the page's consent tool has it, where `document.cookie` is still
 * a text.
 */
function jar(cookie?: string): string {
  try {
    const isHidden = typeof document.cookie !== "string";
    if (cookie) Reflect.set(isHidden ? Document.prototype : document, "cookie", cookie, document);
    return isHidden ? ofDocument("cookie") : document.cookie;
  } catch {
    return ""; // A sandboxed page has no cookies, and throws. It keeps its chat without us.
  }
}
