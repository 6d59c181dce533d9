import type { SessionCookieOptions } from "../cookie-provider.d.ts";

/** The session cookie of the page: what `document.cookie` shows of it, byte for byte. */
export type PageCookie = {
  /** The visible value, `""` with none. Of several cookies of the name only the newest stays: what the page has written beside ours. */
  read(): string;
  /**
   * Makes the value the only visible one of its name; `""` removes every one.
   *
   * @param scope the domain that may share the cookie with its subdomains, as far as the hub trusts it; `""` with none
   */
  show(value: string, scope?: string): void;
  /** On a page whose session cookies are the host's own, removes a wider one of the name, where the browser tells its domain. */
  refuseWider(): Promise<void>;
};

export function createPageCookie(
  name: string,
  { domain = "auto", path = "/", maxAgeSeconds, sameSite = "Lax" }: SessionCookieOptions = {},
): PageCookie {
  const attributes = `; Path=${path}; SameSite=${sameSite}${maxAgeSeconds === undefined ? "" : `; Max-Age=${maxAgeSeconds}`}`;

  // Browsers refuse cookies for public suffixes, as the last label always is: the shortest domain that takes one is the registrable
  // domain. Where none does (an IP address, a `__Host-` name, a `domain` that is not this page's), the cookie is this host's only.
  function domains(scope: string): string[] {
    const isWithin = (one: string) => scope && `.${one}`.endsWith(`.${scope}`);
    return domain === "auto" ? parentDomains().reverse().slice(1).filter(isWithin) : domain === "host" ? [] : [domain];
  }

  /** What we have written last. */
  let ours: string | undefined;

  function put(value: string, scope: string): boolean {
    return [...domains(scope), ""].some((one) => {
      write(name, value, attributes, one);
      return isShown(value);
    });
  }

  function isShown(value: string): boolean {
    const values = visible(name);
    return values.length === 1 && values[0] === value;
  }

  function replaceAll(value: string, scope: string): void {
    removeAll(name);
    put(value, scope);
  }

  return {
    read() {
      const values = visible(name);
      const newest = values.find((value) => value !== ours) ?? values[0] ?? "";
      if (values.length > 1) {
        // Ours, unless the hub trusts wider ones: the page's own stays as wide as it is.
        write(name, "", `${attributes}; Max-Age=0`, "");
        if (!isShown(newest)) replaceAll(newest, "");
      }
      return newest;
    },
    show(value, scope = "") {
      ours = value;
      if (!value) removeAll(name);
      else if (!isShown(value) && !put(value, scope)) {
        // An older cookie of another scope is in the way.
        replaceAll(value, scope);
      }
    },
    async refuseWider() {
      if (domain !== "host") return;
      // Another subdomain's. Chromium and Safari give the domain of those that have one.
      for (const { domain, path } of await list(name)) {
        if (domain) write(name, "", `; Max-Age=0; Path=${path}`, domain);
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

/** As `cookieStore` has them; none where there is no such thing, or the page has no cookies. */
async function list(name: string): Promise<readonly (CookieListItem & { domain?: string | null; path?: string })[]> {
  try {
    return await window.cookieStore.getAll(name);
  } catch {
    return [];
  }
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
