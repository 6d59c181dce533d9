import { afterEach, describe, expect, test, vi } from "vitest";
import { canUseCookies } from "../../client/iframe/cookie-jar.ts";

const PREFIX = "__Host-acme.";

afterEach(() => {
  vi.unstubAllGlobals();
});

/** @returns what was written */
function useCookies(visible: string, keeps = true): string[] {
  const written: string[] = [];
  const pairs = visible ? [visible] : [];
  vi.stubGlobal("document", {
    get cookie() {
      return pairs.join("; ");
    },
    set cookie(cookie: string) {
      written.push(cookie);
      if (keeps) pairs.push(cookie.split(";")[0] ?? "");
    },
  });
  return written;
}

describe("canUseCookies", () => {
  test("is content with a session that can be read", () => {
    const written = useCookies("__Host-acme.chat=one");
    expect(canUseCookies(PREFIX)).toBe(true);
    expect(written).toEqual([]);
  });

  test("writes a probe that is nobody's session, and is gone after five seconds", () => {
    const written = useCookies("__Host-other.chat=one");
    expect(canUseCookies(PREFIX)).toBe(true);
    expect(written).toEqual(["__Host-acme.=1; Secure; Path=/; SameSite=None; Max-Age=5"]);
  });

  test("leaves the probe to the page's other frames", () => {
    const written = useCookies("");
    expect([canUseCookies(PREFIX), canUseCookies(PREFIX)]).toEqual([true, true]);
    expect(written).toHaveLength(1);
  });

  test("says no where the browser keeps nothing, and where it throws", () => {
    useCookies("", false);
    expect(canUseCookies(PREFIX)).toBe(false);
    vi.stubGlobal("document", {
      get cookie(): string {
        throw new DOMException("sandboxed", "SecurityError");
      },
    });
    expect(canUseCookies(PREFIX)).toBe(false);
  });
});
