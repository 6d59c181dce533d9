import { NO_SCOPE } from "../../protocol/messages.ts";
import type { SessionCookieOptions } from "../cookie-provider.d.ts";

/** The session cookie of the page: what `document.cookie` shows of it, byte for byte. */
export type PageCookie = {
  /** The visible value, `""` with none. Of several cookies of the name, only the newest stays. */
  readonly read: () => string;
  /**
   * Makes the value the only visible one of its name; `""` removes every one.
   *
   * @param scope what the cookie's domain must end in (`FrameMessage.scope`), from now on
   */
  show(value: string, scope?: string): void;
  /** On a page whose session cookies are the host's own, removes a wider one of the name, where the browser tells its domain. */
  refuseWider(): Promise<void>;
};

/** Chromium gives the domain of a cookie that is not its host's only. Firefox and WebKit give no more than name and value. */
type CookieWithScope = CookieListItem & { readonly domain?: string | null; readonly path?: string };

export function createPageCookie(
  name: string,
  { domain = "auto", path = "/", maxAgeSeconds, sameSite = "Lax" }: SessionCookieOptions = {},
  /** The least for the newest of several values. Without it, a reader changes nothing, and takes what browsers list last. */
  ageOf?: (value: string) => number,
): PageCookie {
  const attributes = `; Path=${path}; SameSite=${sameSite}${maxAgeSeconds === undefined ? "" : `; Max-Age=${maxAgeSeconds}`}`;

  // Browsers refuse cookies for public suffixes, as the last label always is: the shortest domain that takes one is the registrable
  // domain. Where none does (an IP address, a `__Host-` name, a `domain` that is not this page's), the cookie is this host's only.
  function domains(): string[] {
    const isWithin = (one: string) => `.${one}`.endsWith(scope);
    return domain === "auto" ? parentDomains().reverse().slice(1).filter(isWithin) : domain === "host" ? [] : [domain];
  }

  /** What the cookie's domain must end in. */
  let scope: string = NO_SCOPE;

  function put(value: string): boolean {
    return [...domains(), ""].some((one) => {
      write(name, value, attributes, one);
      return isShown(value);
    });
  }

  function isShown(value: string): boolean {
    // No value has a semicolon.
    return visible(name).join(";") === value;
  }

  function show(value: string, wide = scope): void {
    scope = wide;
    if (!value) remove(name, allDomains());
    else if (!isShown(value) && !put(value)) {
      // An older cookie of another scope is in the way.
      remove(name, allDomains());
      put(value);
    }
  }

  return {
    read() {
      let values = visible(name);
      if (ageOf && values[1] !== undefined) {
        const ages = values.map(ageOf);
        // What is left may be a wider one with the same value.
        remove(name, [""]);
        // Of two that nobody knows, browsers list the later one last.
        show(values[ages.lastIndexOf(Math.min(...ages))] ?? "");
        values = visible(name);
      }
      return values.at(-1) ?? "";
    },
    show,
    async refuseWider() {
      try {
        const cookies: readonly CookieWithScope[] = domain === "host" ? await cookieStore.getAll(name) : [];
        for (const { domain, path } of cookies) if (domain) write(name, "", `; Max-Age=0; Path=${path}`, domain);
      } catch {
        // No such store, or no cookies.
      }
    },
  };
}

/** Removes every cookie of the name that this page can see with one of the domains, whatever path it has. */
function remove(name: string, domains: readonly string[]): void {
  let path = "";
  for (const part of location.pathname.split(/(\/)/)) {
    path += part;
    for (const domain of domains) write(name, "", `; Max-Age=0; Path=${path}`, domain);
  }
}

function allDomains(): string[] {
  return ["", ...parentDomains()];
}

/** `www.shop.example` → `www.shop.example`, `shop.example`, `example`. */
function parentDomains(): string[] {
  const labels = location.hostname.split(".");
  // Libraries have a `map` of their own on arrays, which passes no array.
  return labels.map((_, index) => labels.slice(index).join("."));
}

/** The values that `document.cookie` shows under a name. */
function visible(name: string): string[] {
  return jar()
    .split("; ")
    .flatMap((cookie) => (cookie.startsWith(`${name}=`) ? cookie.slice(name.length + 1) || [] : []));
}

function write(name: string, value: string, attributes: string, domain: string): void {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  jar(`${name}=${value}${attributes}${domain && `; Domain=${domain}`}${secure}`);
}

/** Sets a cookie, if one is given, and tells those that are visible. */
function jar(cookie?: string): string {
  try {
    if (cookie) document.cookie = cookie;
    return document.cookie;
  } catch {
    return ""; // A sandboxed page has no cookies, and throws. It keeps its chat without us.
  }
}
