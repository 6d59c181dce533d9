import { describe, expect, test } from "vitest";
import { tellingOrigin } from "../../client/links/leave.ts";

describe("a link that carries a code", () => {
  test.each([
    ["", ""],
    ["noreferrer", "noopener"],
    ["noopener noreferrer", "noopener noopener"],
    ["NoReferrer nofollow", "noopener nofollow"],
    ["opener", "opener"],
  ])("has for rel=%j %j", (rel, expected) => {
    expect(tellingOrigin({ target: "", rel, referrerpolicy: "" }).rel).toBe(expected);
  });

  test.each(["", "no-referrer", "same-origin", "No-Referrer"])(
    "with referrerpolicy=%j tells its origin",
    (referrerpolicy) => {
      expect(tellingOrigin({ target: "", rel: "", referrerpolicy }).referrerpolicy).toBe("strict-origin");
    },
  );

  test.each(["origin", "strict-origin", "unsafe-url", "strict-origin-when-cross-origin"])(
    "keeps referrerpolicy=%j, which tells it anyway",
    (referrerpolicy) => {
      expect(tellingOrigin({ target: "", rel: "", referrerpolicy }).referrerpolicy).toBe(referrerpolicy);
    },
  );
});
