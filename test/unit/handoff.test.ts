import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { putCodes, takeCodes } from "../../protocol/fragment.ts";
import { isHandoffCode, isMintRequest, isRedeemRequest } from "../../protocol/handoff.ts";
import { clientAddress } from "../../worker/client-address.ts";

const CODE = "AbCdEfGhIjKlMnOpQrSt-_";

describe("a fragment", () => {
  const codes = fc
    .array(fc.stringMatching(/^[\w-]{22}$/), { minLength: 1, maxLength: 3 })
    .map((list) => list.join("."));
  const fragment = fc
    .string()
    .map((text) => new URL(`https://shop.test/#${text}`).hash)
    .filter((hash) => String(takeCodes(hash)) === `,${hash}`);

  test("and the codes before it come back to the letter", () => {
    fc.assert(
      fc.property(codes, fragment, (codes, hash) => {
        expect(takeCodes(putCodes(hash, codes))).toEqual([codes, hash]);
      }),
    );
  });

  test("has its codes replaced, not stacked, and taken away for none", () => {
    fc.assert(
      fc.property(codes, codes, fragment, (old, codes, hash) => {
        const crafted = putCodes(hash, old);
        expect(putCodes(crafted, codes)).toBe(putCodes(hash, codes));
        expect(putCodes(crafted, "")).toBe(hash);
      }),
    );
  });

  test.each([
    ["", "", ""],
    ["#section", "", "#section"],
    ["#/route?a=b&c#d", "", "#/route?a=b&c#d"],
    [`#carryover=${CODE}`, CODE, ""],
    [`#carryover=${CODE}&section`, CODE, "#section"],
    [`#carryover=${CODE}&a=b&c`, CODE, "#a=b&c"],
    ["#carryover=", "", ""],
    ["#carryovers=1", "", "#carryovers=1"],
    [`#section&carryover=${CODE}`, "", `#section&carryover=${CODE}`],
  ])("%j has the codes %j and is otherwise %j", (hash, codes, rest) => {
    expect(takeCodes(hash)).toEqual([codes, rest]);
  });
});

describe("a request of the hub's pages", () => {
  const mint = { name: "chat", session: "v", from: "https://a.test", to: "https://b.test" };
  const redeem = { code: CODE, name: "chat", to: "https://b.test", referrer: "" };

  test("passes in its shape", () => {
    expect([isMintRequest(mint), isRedeemRequest(redeem), isHandoffCode(CODE)]).toEqual([true, true, true]);
  });

  test("redeems with a claim, or, as older scripts do, without", () => {
    const claimed = (claim: unknown) => isRedeemRequest({ ...redeem, claim });
    expect(["0f3b8f0e-6a55-4d0e-9b8e-2f1c57a3c9d4", undefined].map(claimed)).toEqual([true, true]);
    expect(["", "short", null, 7, "0".repeat(37), {}].map(claimed)).toEqual(Array<boolean>(6).fill(false));
  });

  test.each([
    ...Object.keys(mint).map((field) => ({ ...mint, [field]: undefined })),
    { ...mint, session: "" },
    { ...mint, session: "a;b" },
    { ...mint, name: "a b" },
    null,
  ])("to mint fails: %j", (request) => {
    expect(isMintRequest(request)).toBe(false);
  });

  test.each([
    ...Object.keys(redeem).map((field) => ({ ...redeem, [field]: undefined })),
    { ...redeem, code: `${CODE}x` },
    { ...redeem, code: `${CODE.slice(1)}.` },
    { ...redeem, name: "" },
    "text",
  ])("to redeem fails: %j", (request) => {
    expect(isRedeemRequest(request)).toBe(false);
  });
});

test.each([
  [undefined, "unknown"],
  ["203.0.113.9", "203.0.113.9"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
  ["2001:0DB8:0001:0002::9", "2001:db8:1:2"],
  ["2001:db8::1", "2001:db8:0:0"],
  ["::1", "0:0:0:0"],
  ["1:2:3:4:5:6:7:8:9::1", "1:2:3:4"],
])("the client at %s is counted as %s", (address, counted) => {
  expect(clientAddress(address)).toBe(counted);
});
