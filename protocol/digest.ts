/** 32 bits of a session in base 36: enough to tell a site's few sessions apart, and too little to tell one. */
export type Digest = string;

/** In characters. */
export const DIGEST_LENGTH = 7;

const DIGESTS = /^(?:[\da-z]{7})+$/;

/**
 * FNV-1a of the UTF-16 code units. It can be had at once, which Web Crypto's digests cannot: the end of a chat has to be noted before
 * its page is gone. That it is no cryptographic hash tells nobody more than its 32 bits.
 *
 * @see https://datatracker.ietf.org/doc/html/draft-eastlake-fnv
 */
export function digestOf(session: string): Digest {
  let hash = 0x811c9dc5;
  for (let index = 0; index < session.length; index++) {
    hash = Math.imul(hash ^ session.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0).toString(36).padStart(DIGEST_LENGTH, "0");
}

/** Takes digests apart that were written with nothing between; anything else is none. */
export function splitDigests(text: string): readonly Digest[] {
  return DIGESTS.test(text) ? (text.match(/.{7}/g) ?? []) : [];
}
