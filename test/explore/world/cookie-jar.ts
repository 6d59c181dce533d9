/**
 * The cookies of one browser, as RFC 6265bis stores and sorts them. All sites are https.
 *
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis
 */
import { domainMatches } from "./sites.ts";

export type Cookie = {
  readonly name: string;
  readonly value: string;
  readonly domain: string;
  readonly isHostOnly: boolean;
  readonly path: string;
  /** Top-level site of a partitioned cookie; `""` for an unpartitioned one. */
  readonly partition: string;
  readonly sameSite: string;
  readonly expiresMs: number;
  /** Kept when the cookie is overwritten: it decides the order in `document.cookie`. */
  readonly createdAt: number;
  /** Not part of the standard: tells the newest write from older ones. */
  readonly writtenAt: number;
};

/** Who reads or writes cookies. */
export type CookieScope = {
  readonly host: string;
  readonly path: string;
  readonly partition: string;
  /** In a frame of another site, only `SameSite=None` cookies are sent and set. */
  readonly isCrossSite: boolean;
};

export type CookieJar = {
  /** Grows with each change, so that readers can tell whether anything has happened. */
  readonly revision: () => number;
  readonly read: (scope: CookieScope) => Cookie[];
  /** Takes a `Set-Cookie` header or an assignment to `document.cookie`; drops silently what a browser drops. */
  readonly write: (scope: CookieScope, text: string) => void;
  /** Removes what a visitor removes when clearing the data of a site. */
  readonly wipe: (site: string) => void;
};

/** @param onChange told of each change that readers can see, and of the values before and after it; `undefined` for no cookie */
export function createCookieJar(
  now: () => number,
  onChange: (cookie: Cookie, before: string | undefined, after: string | undefined) => void,
): CookieJar {
  let cookies: Cookie[] = [];
  let revision = 0;

  function read(scope: CookieScope): Cookie[] {
    const found = cookies.filter((cookie) => isInScope(cookie, scope) && cookie.expiresMs > now());
    if (found.length < 2) return found;
    return found.toSorted((one, other) => other.path.length - one.path.length || one.createdAt - other.createdAt);
  }

  function write(scope: CookieScope, text: string): void {
    const cookie = parse(scope, text, now());
    if (!cookie) return;
    const index = cookies.findIndex((one) => isSameCookie(one, cookie));
    const isRemoved = cookie.expiresMs <= now();
    if (isRemoved && index < 0) return;
    revision++;
    const before = cookies[index];
    const stored = { ...cookie, createdAt: before?.createdAt ?? revision, writtenAt: revision };
    if (isRemoved) cookies = cookies.toSpliced(index, 1);
    else cookies = index < 0 ? [...cookies, stored] : cookies.with(index, stored);
    onChange(stored, before?.value, isRemoved ? undefined : stored.value);
  }

  function wipe(site: string): void {
    revision++;
    const isOf = ({ domain, partition }: Cookie) => domainMatches(domain, site) || partition === site;
    const removed = cookies.filter(isOf);
    cookies = cookies.filter((cookie) => !isOf(cookie));
    for (const cookie of removed) onChange(cookie, cookie.value, undefined);
  }

  return { revision: () => revision, read, write, wipe };
}

function isInScope(cookie: Cookie, { host, path, partition, isCrossSite }: CookieScope): boolean {
  return (
    cookie.partition === partition &&
    (cookie.isHostOnly ? host === cookie.domain : domainMatches(host, cookie.domain)) &&
    pathMatches(path, cookie.path) &&
    (!isCrossSite || cookie.sameSite === "none")
  );
}

function isSameCookie(one: Cookie, other: Cookie): boolean {
  return (
    one.name === other.name &&
    one.domain === other.domain &&
    one.isHostOnly === other.isHostOnly &&
    one.path === other.path &&
    one.partition === other.partition
  );
}

function pathMatches(path: string, cookiePath: string): boolean {
  return path === cookiePath || path.startsWith(cookiePath.endsWith("/") ? cookiePath : `${cookiePath}/`);
}

function parse(scope: CookieScope, text: string, nowMs: number): Cookie | undefined {
  const end = text.indexOf(";");
  const pair = end < 0 ? text : text.slice(0, end);
  const separator = pair.indexOf("=");
  const name = pair.slice(0, Math.max(separator, 0)).trim();
  const attributes = parseAttributes(end < 0 ? "" : text.slice(end + 1));
  const domain = (attributes.get("domain") ?? "").toLowerCase().replace(/^\./, "");
  const path = attributes.get("path") ?? "";
  const maxAge = attributes.get("max-age");
  const cookie: Cookie = {
    name,
    value: pair.slice(separator + 1).trim(),
    domain: domain || scope.host,
    isHostOnly: domain === "",
    path: path.startsWith("/") ? path : defaultPath(scope.path),
    partition: scope.partition,
    sameSite: attributes.get("samesite")?.toLowerCase() ?? "lax",
    expiresMs: maxAge === undefined ? Infinity : nowMs + Number(maxAge) * 1000,
    createdAt: 0,
    writtenAt: 0,
  };
  const isSecure = attributes.has("secure");
  const isPublicSuffix = !cookie.isHostOnly && !cookie.domain.includes(".");
  const breaksPrefix =
    (name.startsWith("__Host-") && !(isSecure && cookie.isHostOnly && path === "/")) ||
    (name.startsWith("__Secure-") && !isSecure);
  const isRefused =
    !domainMatches(scope.host, cookie.domain) ||
    isPublicSuffix ||
    breaksPrefix ||
    (scope.isCrossSite && !(cookie.sameSite === "none" && isSecure));
  return isRefused ? undefined : cookie;
}

const parsed = new Map<string, ReadonlyMap<string, string>>();

/** Kept: the scripts write few different ones, and many times. */
function parseAttributes(text: string): ReadonlyMap<string, string> {
  const attributes = parsed.get(text) ?? new Map(text.split(";").map(parseAttribute));
  parsed.set(text, attributes);
  return attributes;
}

function parseAttribute(text: string): [string, string] {
  const [name = "", value = ""] = text.split("=");
  return [name.trim().toLowerCase(), value.trim()];
}

function defaultPath(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf("/"), 1));
}
