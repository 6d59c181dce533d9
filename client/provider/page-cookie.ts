import type { SessionCookieOptions } from "../cookie-provider.d.ts";

/** The session cookie of the page: what `document.cookie` shows of it, byte for byte. */
export type PageCookie = {
  /** The visible value; of several cookies of the name, the one that servers and widgets see first. `""` with none. */
  read(): string;
  /** Makes the value the only visible one of its name; `""` removes every one. */
  show(value: string): void;
};

export function createPageCookie(
  name: string,
  { domain = "auto", path = "/", maxAgeSeconds, sameSite = "Lax" }: SessionCookieOptions = {},
): PageCookie {
  const attributes = `; Path=${path}; SameSite=${sameSite}${maxAgeSeconds === undefined ? "" : `; Max-Age=${maxAgeSeconds}`}`;
  // Browsers refuse cookies for public suffixes, as the last label always is: the shortest domain that takes one is the registrable
  // domain. Where none does (an IP address, a `__Host-` name, a `domain` that is not this page's), the cookie is this host's alone.
  const domains = domain === "auto" ? parentDomains().reverse().slice(1) : domain === "host" ? [] : [domain];

  function put(value: string): boolean {
    return [...domains, ""].some((one) => {
      write(name, value, attributes, one);
      return isShown(value);
    });
  }

  function isShown(value: string): boolean {
    const values = visible(name);
    return values.length === 1 && values[0] === value;
  }

  return {
    read: () => visible(name)[0] ?? "",
    show(value) {
      if (!value) removeAll(name);
      else if (!isShown(value) && !put(value)) {
        // An older cookie of another scope is in the way.
        removeAll(name);
        put(value);
      }
    },
  };
}

/** Removes every cookie of the name that this page can see, whatever domain and path it has. */
function removeAll(name: string): void {
  const { pathname } = location;
  for (const { index } of pathname.matchAll(/\/|$/g)) {
    for (const path of [pathname.slice(0, index), pathname.slice(0, index + 1)]) {
      for (const domain of ["", ...parentDomains()]) write(name, "", `; Max-Age=0; Path=${path}`, domain);
    }
  }
}

/** `www.shop.example` → `www.shop.example`, `shop.example`, `example`. */
function parentDomains(): string[] {
  const labels = location.hostname.split(".");
  return labels.map((_, index) => labels.slice(index).join("."));
}

/** The values that `document.cookie` shows under a name. */
function visible(name: string): string[] {
  const cookies = jar().split("; ");
  return cookies.filter((cookie) => cookie.startsWith(`${name}=`)).map((cookie) => cookie.slice(name.length + 1));
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
