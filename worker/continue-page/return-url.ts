import { type TrustedOrigin, isTrustedOrigin } from "../../protocol/origins.ts";
import { type Result, failure, success } from "../../protocol/result.ts";

export type BadReturn = "repeated" | "too long" | "malformed" | "untrusted";

const MAX_RETURN_URL_LENGTH = 2048;

/**
 * Scheme, host and port as `location.href` spells them, and nothing else before the path: no credentials, no backslash, no
 * percent-escape, no letter that only looks like one of ASCII.
 */
const ORDINARY = /^https?:\/\/[\w.:[\]-]+(?:[/?#]|$)/i;

// oxlint-disable-next-line no-control-regex -- controls are what it looks for
const CONTROLS = /[\0-\x1f\x7f]/;

/**
 * Finds where the page may send the visitor back to: one absolute URL, given once, of an origin that the tenant trusts.
 *
 * @param given every value of the `return` parameter
 * @returns the URL as the parser writes it, `undefined` with none given
 */
export function parseReturnUrl(
  given: readonly string[],
  trusted: readonly TrustedOrigin[],
): Result<URL | undefined, BadReturn> {
  const [text] = given;
  if (text === undefined) return success(undefined);
  if (given.length > 1) return failure("repeated");
  if (text.length > MAX_RETURN_URL_LENGTH) return failure("too long");
  if (!ORDINARY.test(text) || CONTROLS.test(text)) return failure("malformed");
  const url = URL.parse(text);
  if (!url || url.username || url.password) return failure("malformed");
  if (!isTrustedOrigin(url.origin, trusted)) return failure("untrusted");
  if (carriesHandoff(url.hash)) url.hash = "";
  return success(url);
}

/**
 * Whether a fragment has a handoff code. Whoever wrote the link chose it, and the visitor will arrive from the hub, which
 * pages believe: the link could seat the visitor in a stranger's chat.
 */
function carriesHandoff(hash: string): boolean {
  try {
    return /carryover/i.test(decodeURIComponent(hash));
  } catch {
    return true; // Nobody can tell what another parser would read in it.
  }
}
