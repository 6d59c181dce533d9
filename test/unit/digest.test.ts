import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DIGEST_LENGTH, digestOf, splitDigests } from "../../protocol/digest.ts";
import { anyText } from "./any-text.ts";

describe("the digest of a session", () => {
  /** https://datatracker.ietf.org/doc/html/draft-eastlake-fnv, appendix C */
  test.each([
    ["", 0x811c9dc5],
    ["a", 0xe40c292c],
    ["b", 0xe70c2de5],
    ["foobar", 0xbf9cf968],
  ])("of %j is the FNV-1a of 32 bits that the specification lists", (text, hash) => {
    expect(digestOf(text)).toBe(hash.toString(36).padStart(7, "0"));
  });

  test("is the same in each version: the cookies of visitors have it", () => {
    expect(["a", "b", "日本 🎉", "\u{1f389}"].map(digestOf)).toEqual(["1r9wi7g", "1s3vbad", "05ggie3", "0swncdy"]);
  });

  test("has seven characters of base 36, however small it is", () => {
    fc.assert(
      fc.property(anyText({ maxLength: 20 }), (text) => {
        expect(digestOf(text)).toMatch(/^[\da-z]{7}$/);
        expect(digestOf(text)).toHaveLength(DIGEST_LENGTH);
        expect(Number.parseInt(digestOf(text), 36)).toBeLessThan(2 ** 32);
      }),
    );
  });

  test("takes each character into account, and their order", () => {
    expect(new Set(["ab", "ba", "a", "b", "aa", "", "ab ", "a\u0162", "ab\u0100"].map(digestOf)).size).toBe(9);
  });
});

describe("digests with nothing between", () => {
  test("come back as they were put together", () => {
    fc.assert(
      fc.property(fc.array(fc.string().map(digestOf)), (digests) => {
        expect(splitDigests(digests.join(""))).toEqual(digests);
      }),
    );
  });

  test.each(["", "abcdef", "abcdefgh", "ABCDEFG", "abcdef.", "abcdefg,abcdef", "abcdefg ", "abcdefg\n", "äbcdefg"])(
    "are none in %j",
    (text) => {
      expect(splitDigests(text)).toEqual([]);
    },
  );
});
