/**
 * Which addresses a source list of a Content-Security-Policy lets through, as browsers decide it.
 *
 * @see https://www.w3.org/TR/CSP3/#match-url-to-source-list
 */

/** What a `<script>` or an `import()` brings along. */
export type ScriptRequest = {
  readonly nonce?: string | undefined;
  /** The `integrity` attribute. */
  readonly integrity?: string | undefined;
  /** Written in the page's HTML: `'strict-dynamic'` believes only what trusted scripts add. */
  readonly isParserInserted: boolean;
};

type HostSource = { scheme?: string | undefined; host: string; port?: string | undefined; path?: string | undefined };

const DEFAULT_PORTS: Readonly<Record<string, string>> = { http: "80", https: "443", ws: "80", wss: "443" };

const SCHEME_SOURCE = /^([a-z][a-z\d+.-]*):$/i;

const HOST_SOURCE =
  /^(?:(?<scheme>[a-z][a-z\d+.-]*):\/\/)?(?<host>\*|(?:\*\.)?[\w-]+(?:\.[\w-]+)*\.?)(?::(?<port>\d+|\*))?(?<path>\/[^?#]*)?$/i;

const HASH_SOURCE = /^'(sha(?:256|384|512))-([\w+/=-]+)'$/i;

/** Whether a script may be loaded: by nonce, by hash, by descent, else by its address. */
export function allowsScript(sources: readonly string[], url: URL, page: URL, request: ScriptRequest): boolean {
  const { nonce, integrity, isParserInserted } = request;
  if (nonce && sources.some((source) => /^'nonce-/i.test(source) && source.slice(7, -1) === nonce)) return true;
  if (integrity && matchesHashes(sources, integrity)) return true;
  if (hasKeyword(sources, "'strict-dynamic'")) return !isParserInserted;
  return matchesSourceList(sources, url, page);
}

export function hasKeyword(sources: readonly string[], keyword: string): boolean {
  return sources.some((source) => source.toLowerCase() === keyword);
}

/** @param page whose policy it is: the meaning of `'self'`, and the scheme of sources that name none */
export function matchesSourceList(sources: readonly string[], url: URL, page: URL): boolean {
  return sources.some((source) => matchesSource(source, url, page));
}

/** Every hash of the attribute must be a source; what the file really is, the browser checks by the attribute. */
function matchesHashes(sources: readonly string[], integrity: string): boolean {
  const allowed = new Set(sources.map(readHashSource));
  const hashes = integrity
    .trim()
    .split(/\s+/)
    .map((hash) => readHashSource(`'${hash.replace(/\?.*$/, "")}'`))
    .filter((hash) => hash !== undefined);
  return hashes.length > 0 && hashes.every((hash) => allowed.has(hash));
}

/** Base64 comes in two alphabets. */
function readHashSource(source: string): string | undefined {
  const [, algorithm = "", value = ""] = HASH_SOURCE.exec(source) ?? [];
  return algorithm ? `${algorithm.toLowerCase()} ${value.replaceAll("-", "+").replaceAll("_", "/")}` : undefined;
}

function matchesSource(source: string, url: URL, page: URL): boolean {
  const urlScheme = url.protocol.slice(0, -1);
  const pageScheme = page.protocol.slice(0, -1);
  if (source === "*") return urlScheme in DEFAULT_PORTS || urlScheme === pageScheme;
  if (source.toLowerCase() === "'self'") return matchesSelf(url, page);
  const [, scheme] = SCHEME_SOURCE.exec(source) ?? [];
  if (scheme !== undefined) return matchesScheme(scheme, urlScheme);
  const parts = HOST_SOURCE.exec(source)?.groups as HostSource | undefined;
  return (
    parts !== undefined &&
    matchesScheme(parts.scheme ?? pageScheme, urlScheme) &&
    matchesHost(parts.host, url.hostname) &&
    matchesPort(parts.port, url) &&
    matchesPath(parts.path, url.pathname)
  );
}

function matchesSelf(url: URL, page: URL): boolean {
  if (url.origin === page.origin) return true;
  const isUpgrade = /^(?:https|wss):$/.test(url.protocol) || (page.protocol === "http:" && url.protocol === "ws:");
  return url.hostname === page.hostname && isUpgrade && (url.port === page.port || (!url.port && !page.port));
}

/** A source of a plain scheme lets its secure sister through. */
function matchesScheme(source: string, scheme: string): boolean {
  const named = source.toLowerCase();
  return (
    named === scheme ||
    (named === "http" && scheme === "https") ||
    (named === "ws" && /^(?:wss|https?)$/.test(scheme)) ||
    (named === "wss" && scheme === "https")
  );
}

function matchesHost(source: string, hostname: string): boolean {
  const named = source.toLowerCase();
  if (named === "*") return true;
  return named.startsWith("*.") ? hostname.endsWith(named.slice(1)) : hostname === named;
}

function matchesPort(source: string | undefined, url: URL): boolean {
  const ownDefault = DEFAULT_PORTS[url.protocol.slice(0, -1)];
  const port = url.port || ownDefault;
  return source === "*" || (source === undefined ? port === ownDefault : Number(source) === Number(port));
}

/** A path with a slash at its end means all below it; another means itself. */
function matchesPath(source: string | undefined, pathname: string): boolean {
  if (source === undefined) return true;
  const isFolder = source.endsWith("/");
  const wanted = source.split("/").slice(0, isFolder ? -1 : undefined);
  const actual = pathname.split("/");
  if (isFolder ? actual.length <= wanted.length : actual.length !== wanted.length) return false;
  return wanted.every((piece, index) => decode(piece) === decode(actual[index] ?? ""));
}

function decode(piece: string): string {
  try {
    return decodeURIComponent(piece);
  } catch {
    return piece;
  }
}
