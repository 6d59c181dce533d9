import { type TrustedOrigin, isTrustedOrigin } from "../../protocol/origins.ts";
import { type Result, failure, success } from "../../protocol/result.ts";

export type BadReturn = "repeated" | "too long" | "malformed" | "untrusted";

const MAX_RETURN_URL_LENGTH = 2048;

/** Redirects through several sign-in pages stack up some. More are nobody's honest link. */
const MAX_ENCODINGS = 8;

/**
 * Scheme, host and port as `location.href` spells them, and nothing else before the path: no credentials, no backslash, no
 * percent-escape, no letter that only looks like one of ASCII.
 */
const ORDINARY = /^https?:\/\/[\w.:[\]-]+(?:[/?#]|$)/i;

// oxlint-disable-next-line no-control-regex -- controls are what it looks for
const CONTROLS = /[\0-\x1f\x7f]/;

/**
 * Finds where the page may send the visitor back to: one absolute URL, given once, of an origin that the tenant trusts. Never the
 * hub itself, though a wildcard may cover it: a click from one of its pages to another looks like the hub's own doing.
 *
 * @param given every value of the `return` parameter
 * @param hub the origin that the hub is asked under
 * @returns the URL as the parser writes it, `undefined` with none given
 */
export function parseReturnUrl(
  given: readonly string[],
  trusted: readonly TrustedOrigin[],
  hub: string,
): Result<URL | undefined, BadReturn> {
  const [text] = given;
  if (text === undefined) return success(undefined);
  if (given.length > 1) return failure("repeated");
  if (text.length > MAX_RETURN_URL_LENGTH) return failure("too long");
  if (!ORDINARY.test(text) || CONTROLS.test(text)) return failure("malformed");
  const url = URL.parse(text);
  if (!url || url.username || url.password) return failure("malformed");
  if (url.origin === hub || !isTrustedOrigin(url.origin, trusted)) return failure("untrusted");
  if (carriesHandoff(url.hash)) url.hash = "";
  return success(url);
}

/**
 * Whether a fragment names a handoff code, under any number of percent-encodings. Its author chose it, and the visitor arrives
 * from the hub, which pages believe: the link could put the visitor into a stranger's chat.
 */
function carriesHandoff(hash: string): boolean {
  if (!isDecodable(hash)) return true; // Parsers disagree about what it says.
  let text = hash;
  for (let level = 0; level <= MAX_ENCODINGS; level++) {
    if (/carryover/i.test(text)) return true;
    const decoded = decodeAscii(text);
    if (decoded === text) return false;
    text = decoded;
  }
  return true;
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * Takes one level of percent-encoding off the ASCII characters. Unlike `decodeURIComponent` it leaves alone what is no valid
 * escape, so `100%25` keeps its fragment, and `%25zz` cannot hide what follows it.
 */
function decodeAscii(text: string): string {
  return text.replaceAll(/%([0-7][\da-f])/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
