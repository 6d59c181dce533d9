import { describe, expect, test } from "vitest";
import { type Evidence, judgeAccess } from "../../client/iframe/storage-access.ts";

const none: Evidence = {
  hasStorageAccess: false,
  cookieReadBack: false,
  header: null,
  isFirefox: false,
  permission: "prompt",
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
    ["blocked", "Chromium, the visitor said no", { header: "none", permission: "denied" }],
    [
      "granted",
      "Chromium, granted earlier and taken up",
      { hasStorageAccess: true, cookieReadBack: true, header: "inactive", permission: "granted" },
    ],
    ["promptable", "Firefox 147+, a partitioned jar", { cookieReadBack: true, header: "none", isFirefox: true }],
    ["promptable", "Firefox before 147, a partitioned jar", { cookieReadBack: true, isFirefox: true }],
    ["granted", "Firefox, granted", { hasStorageAccess: true, cookieReadBack: true, header: "none", isFirefox: true }],
    [
      "granted",
      "WebKit, third-party cookies allowed, hub never visited",
      { cookieReadBack: true, permission: undefined },
    ],
    [
      "promptable",
      "WebKit, the flag says yes and no cookie is readable",
      { hasStorageAccess: true, permission: undefined },
    ],
    ["promptable", "WebKit with tracking prevention", { permission: undefined }],
    ["blocked", "a browser without the Storage Access API", { permission: undefined, canRequest: false }],
  ])("%s in %s", (access, _, evidence) => {
    const standing = judgeAccess({ ...none, ...evidence });
    expect(standing.access).toBe(access);
    expect(standing.reason).toMatch(/^[A-Z].*\.$/);
  });
});
