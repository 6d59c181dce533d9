import { NO_SCOPE } from "./messages.ts";
import { type Result, failure, success } from "./result.ts";

/**
 * One entry of `TRUSTED_DOMAINS`, parsed and written canonically: an origin as browsers serialise it, or one with `*.` before its host,
 * which means every subdomain of that. Also its form as a Content-Security-Policy source.
 */
export type TrustedOrigin = string;

export type TrustedParts = {
  /** With `subdomains`: whose subdomains are meant. */
  readonly origin: string;
  readonly subdomains: boolean;
};

/** Hosts whose traffic never leaves the machine: the only ones that may be trusted over plain http. */
export function isLoopback(hostname: string): boolean {
  return /^(?:(?:.+\.)?localhost|127\.0\.0\.1|\[::1\])$/.test(hostname);
}

/**
 * Parses one entry of `TRUSTED_DOMAINS`.
 *
 * Accepted are `https://host[:port]`, `host[:port]` (which means https), `http://` on loopback hosts, and `*.` before a
 * host of at least two labels, none of them empty. The reason of a refusal is a sentence for the person who wrote the entry.
 *
 * @see https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin
 */
export function parseTrustedDomain(entry: unknown): Result<TrustedOrigin> {
  if (typeof entry !== "string") return failure("is not a string");
  if (entry === "*") return failure("trusts every site; name the domains");
  const [, scheme = "https://", wildcard, rest = ""] = /^([a-z][a-z\d+.-]*:\/\/)?(\*\.)?(.*)$/is.exec(entry) ?? [];
  if (rest.includes("*")) return failure("may have a * only as the whole first label, as in *.shop.example");
  if (/[/?#\\@\s]/.test(rest)) return failure("must be a domain alone: no path, query, credentials or spaces");

  const url = parseUrl(scheme + rest);
  // URLs let hosts have characters that mean something in a Content-Security-Policy, such as `;` and `,`. No domain has them.
  if (!url || !/^[\w.:[\]-]+$/.test(url.hostname)) return failure("is not a domain");
  if (url.hostname.endsWith(".")) return failure("must not end in a dot");
  if (hasEmptyLabel(url.origin)) return failure("must not have an empty label, as in www..shop.example");
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url.hostname))) {
    return failure("must be https:// (http:// is for loopback hosts only)");
  }
  if (wildcard && !/^[^[]+\.[^.\d][^.]*$/.test(url.hostname)) {
    return failure("needs a host name of two labels or more after *.");
  }
  return success(wildcard ? url.origin.replace("://", "://*.") : url.origin);
}

/** Takes a trusted origin apart, for those who explain it. */
export function partsOf(trusted: TrustedOrigin): TrustedParts {
  const origin = trusted.replace("://*.", "://");
  return { origin, subdomains: origin !== trusted };
}

/**
 * Whether an origin, as a browser reports it (`event.origin`, `Origin`), is one of the trusted ones.
 *
 * Compares whole origins, never prefixes. `null` and everything that is not a serialised origin match nothing.
 */
export function isTrustedOrigin(origin: string, trusted: readonly TrustedOrigin[]): boolean {
  return trusted.some((one) => one === origin || isSubdomain(origin, one));
}

/**
 * What the domain of a session cookie must end in (`FrameMessage.scope`): the widest domain that is trusted with its subdomains, of
 * those that have the origin's host among them or are it. A wildcard for another port or scheme trusts other pages.
 */
export function trustedScope(origin: string, trusted: readonly TrustedOrigin[]): string {
  return trusted
    .filter((one) => one !== origin && (one.replace("*.", "") === origin || isSubdomain(origin, one)))
    .map((one) => /\*(\.[^:]+)/.exec(one)?.[1] ?? NO_SCOPE)
    .reduce((widest, domain) => (widest === NO_SCOPE || domain.length < widest.length ? domain : widest), NO_SCOPE);
}

/** @param of what follows its `*` has all that is to be equal: the domain from its first dot on, and the port */
function isSubdomain(origin: string, of: TrustedOrigin): boolean {
  const [scheme = "", domain] = of.split("*");
  return (
    domain !== undefined &&
    origin.startsWith(scheme) &&
    origin.endsWith(domain) &&
    originOf(origin) === origin &&
    !hasEmptyLabel(origin)
  );
}

/** URLs may have hosts such as `..shop.example`. DNS has no such names, so nobody can own one. */
function hasEmptyLabel(origin: string): boolean {
  return /[./]\./.test(origin);
}

/** As browsers serialise it; `""` for what is no address. */
export function originOf(url: string): string {
  try {
    return new URL(url).origin;
  } catch {
    return "";
  }
}

/** Browsers of 2022 have no `URL.canParse`. */
function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
