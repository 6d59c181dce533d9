import { describe, expect, test } from "vitest";
import { judgeCertificate } from "../../scripts/doctor/check-certificate.ts";

describe("the certificate", () => {
  const now = new Date("2030-01-01T00:00:00Z");
  const inDays = (days: number) => new Date(now.getTime() + days * 86_400_000);

  test.each([
    ["ok", 90, undefined],
    ["ok", 21, undefined],
    ["warning", 20, undefined],
    ["warning", 7, undefined],
    ["problem", 6, undefined],
    ["problem", 90, "ERR_TLS_CERT_ALTNAME_INVALID"],
  ])("is %s with %i days left and the objection %s", (level, days, error) => {
    expect(judgeCertificate(inDays(days), error, now).level).toBe(level);
  });
});
