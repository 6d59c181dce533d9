import { getPublicSuffix } from "tldts";

/**
 * The public suffix at or right below a host: a name under which strangers register, such as `co.uk` or `github.io`.
 * A wildcard over such a host trusts them all.
 *
 * @see https://publicsuffix.org/list/
 */
export function publicSuffixUnder(host: string): string | undefined {
  // The list may call every name below a host a suffix, as in *.kawasaki.jp: so ask about a name below.
  const suffix = getPublicSuffix(`any.${host}`, { allowPrivateDomains: true });
  if (suffix === null || suffix.length < host.length) return undefined;
  return suffix === host ? suffix : `*.${host}`;
}
