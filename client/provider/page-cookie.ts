import type { SessionCookieOptions } from "../cookie-provider.d.ts";

/** The session cookie of the page: what `document.cookie` shows of it, byte for byte. */
export class PageCookie {
  readonly #name: string;
  readonly #attributes: string;
  readonly #domain: string;
  #registrableDomain: string | undefined;

  constructor(name: string, { domain = "auto", path = "/", maxAgeSeconds, sameSite = "Lax" }: SessionCookieOptions = {}) {
    this.#name = name;
    this.#domain = domain;
    this.#attributes = `; Path=${path}; SameSite=${sameSite}${maxAgeSeconds === undefined ? "" : `; Max-Age=${maxAgeSeconds}`}`;
  }

  /** The visible value; of several cookies of the name, the one that servers and widgets see first. Empty counts as none. */
  read(): string | null {
    return visible(this.#name)[0] || null;
  }

  /** Makes the value the only visible one of its name. */
  write(value: string): void {
    if (this.#shows(value)) return;
    const put = () => {
      write(`${this.#name}=${value}${this.#attributes}${this.#domainAttribute()}`);
      return this.#shows(value);
    };
    if (put()) return;
    // An older cookie of another scope is in the way.
    this.remove();
    put();
  }

  /** Removes every cookie of the name that this page can see, whatever domain and path it has. */
  remove(): void {
    const { pathname } = location;
    const paths = [...pathname.matchAll(/\/|$/g)].flatMap(({ index }) => [pathname.slice(0, index), pathname.slice(0, index + 1)]);
    for (const domain of ["", ...parentDomains()]) {
      for (const path of new Set(paths)) {
        if (!visible(this.#name).length) return;
        write(`${this.#name}=; Max-Age=0; Path=${path}${domain && `; Domain=${domain}`}`);
      }
    }
  }

  #shows(value: string): boolean {
    const values = visible(this.#name);
    return values.length === 1 && values[0] === value;
  }

  #domainAttribute(): string {
    if (this.#domain === "host") return "";
    const domain = this.#domain === "auto" ? (this.#registrableDomain ??= this.#findRegistrableDomain()) : this.#domain;
    return domain && `; Domain=${domain}`;
  }

  /**
   * Browsers refuse cookies for public suffixes: the shortest domain that takes one is the registrable domain. The probe has
   * the session cookie's own prefix, so that a `__Host-` name finds none, as it must.
   */
  #findRegistrableDomain(): string {
    const probe = `${this.#name}-probe`;
    return (
      parentDomains()
        .reverse()
        .find((domain) => {
          write(`${probe}=1; Path=/; Domain=${domain}`);
          const taken = visible(probe).length > 0;
          write(`${probe}=; Path=/; Max-Age=0; Domain=${domain}`);
          return taken;
        }) ?? ""
    );
  }
}

/** The values that `document.cookie` shows under a name. */
function visible(name: string): string[] {
  return cookies()
    .split("; ")
    .filter((cookie) => cookie.startsWith(`${name}=`))
    .map((cookie) => cookie.slice(name.length + 1));
}

function cookies(): string {
  try {
    return document.cookie;
  } catch {
    return ""; // A sandboxed page has no cookies, and throws.
  }
}

function write(cookie: string): void {
  try {
    document.cookie = cookie + (location.protocol === "https:" ? "; Secure" : "");
  } catch {
    // As above: such a page keeps its chat without us.
  }
}

/** `www.shop.example` → `www.shop.example`, `shop.example`, `example`. */
function parentDomains(): string[] {
  const labels = location.hostname.split(".");
  return labels.map((_, index) => labels.slice(index).join("."));
}
