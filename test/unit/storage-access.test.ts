import { describe, expect, test } from "vitest";
import { judgeAccess } from "../../client/iframe/storage-access.ts";
import type { StorageAccessHeader } from "../../protocol/iframe-config.ts";

type Evidence = {
  readonly hasStorageAccess: boolean;
  readonly cookieReadBack: boolean;
  readonly header: StorageAccessHeader;
  readonly isFirefox: boolean;
  readonly canRequest: boolean;
};

const none: Evidence = {
  hasStorageAccess: false,
  cookieReadBack: false,
  header: null,
  isFirefox: false,
  canRequest: true,
};

describe("storage access is", () => {
  test.each<[string, string, Partial<Evidence>]>([
    [
      "granted",
      "Chromium, third-party cookies allowed",
      { hasStorageAccess: true, cookieReadBack: true, header: "active" },
    ],
    ["promptable", "Chromium, third-party cookies blocked", { header: "none" }],
    ["blocked", "Chromium, the visitor said no", { header: "none", canRequest: false }],
    [
      "granted",
      "Chromium, granted earlier and taken up",
      { hasStorageAccess: true, cookieReadBack: true, header: "inactive" },
    ],
    ["promptable", "Firefox 147+, a partitioned jar", { cookieReadBack: true, header: "none", isFirefox: true }],
    ["promptable", "Firefox before 147, a partitioned jar", { cookieReadBack: true, isFirefox: true }],
    ["granted", "Firefox, granted", { hasStorageAccess: true, cookieReadBack: true, header: "none", isFirefox: true }],
    ["granted", "WebKit, third-party cookies allowed, hub never visited", { cookieReadBack: true }],
    ["promptable", "WebKit, the flag says yes and no cookie is readable", { hasStorageAccess: true }],
    ["promptable", "WebKit with tracking prevention", {}],
    ["blocked", "a browser without the Storage Access API", { canRequest: false }],
  ])("%s in %s", (access, _, evidence) => {
    const { hasStorageAccess, cookieReadBack, header, isFirefox, canRequest } = { ...none, ...evidence };
    const standing = judgeAccess(hasStorageAccess, cookieReadBack, header, isFirefox, canRequest);
    expect(standing.access).toBe(access);
    expect(standing.reason).toMatch(/^[A-Z].*\.$/);
  });
});
