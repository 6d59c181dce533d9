/** Over the explorer's cookie jar, which is as strict as a browser. What browsers themselves do is in browser/cookie-scope. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createBaseCookie } from "../../client/provider/base-cookie.ts";
import { createPageCookie } from "../../client/provider/page-cookie.ts";
import { digestOf } from "../../protocol/digest.ts";
import { createCookieJar } from "../explore/world/cookie-jar.ts";

const HUB = "https://hub.test/t/acme/iframe.html";
const HOST = "; Path=/; Secure";
const DOMAIN = "; Path=/; Domain=shop-a.test; Secure";

beforeEach(() => {
  let now = 1;
  const jar = createCookieJar(
    () => now++,
    () => {},
  );
  const scope = { host: "www.shop-a.test", path: "/shop/page", partition: "", isCrossSite: false };
  vi.stubGlobal("location", { hostname: scope.host, pathname: scope.path, protocol: "https:" });
  vi.stubGlobal("document", {
    get cookie() {
      return jar
        .read(scope)
        .map(({ name, value }) => `${name}=${value}`)
        .join("; ");
    },
    set cookie(text: string) {
      jar.write(scope, text);
    },
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
});

function createCookies() {
  const [, , learn, newestOf] = createBaseCookie(new URL(HUB), "chat");
  const [read] = createPageCookie("chat", {}, newestOf);
  return { learn, read };
}

test("on a page with cookies of its own, a wider one that another host has planted does not take the place of the page's", async () => {
  const [, , learn, newestOf] = createBaseCookie(new URL(HUB), "chat");
  const [read, , refuseWider] = createPageCookie("chat", { domain: "host" }, newestOf);
  document.cookie = `chat=own${HOST}`;
  learn("own", ".");
  document.cookie = `chat=planted${DOMAIN}`;
  // As anything may that happens between: it must not decide for the planted one.
  read();
  vi.stubGlobal("cookieStore", {
    getAll: () =>
      Promise.resolve([
        { domain: null, path: "/" },
        { domain: "shop-a.test", path: "/" },
      ]),
  });
  await refuseWider();
  expect(read()).toBe("own");
});

describe("of several cookies of one name", () => {
  test.each([
    ["the host's, listed first", HOST, DOMAIN],
    ["the domain's, listed first", DOMAIN, HOST],
  ])("an empty one counts as none beside a live one: %s", (_, empty, live) => {
    document.cookie = `chat=${empty}`;
    document.cookie = `chat=live${live}`;
    expect(createCookies().read()).toBe("live");
  });

  test.each([
    ["host", HOST, DOMAIN],
    ["domain", DOMAIN, HOST],
  ])("the one that the site does not know stays, and alone: the known one is the %s's", (_, old, late) => {
    const { learn, read } = createCookies();
    document.cookie = `chat=old${old}`;
    learn("old", ".");
    document.cookie = `chat=new${late}`;
    expect(read()).toBe("new");
    expect(document.cookie.match(/chat=\w+/g)).toEqual(["chat=new"]);
  });

  test.each([
    ["host", HOST, DOMAIN],
    ["domain", DOMAIN, HOST],
  ])("the later of two that the site does not know stays: the earlier one is the %s's", (_, earlier, later) => {
    document.cookie = `chat=earlier${earlier}`;
    document.cookie = `chat=later${later}`;
    expect(createCookies().read()).toBe("later");
  });

  test("one that has ended gives way to any other", () => {
    const { learn, read } = createCookies();
    document.cookie = `chat=shared${HOST}`;
    learn("shared", ".");
    document.cookie = `chat=ended${DOMAIN}`;
    learn("ended", "!");
    expect(read()).toBe("shared");
  });
});

describe("the base's cookie", () => {
  test("is one for hub addresses that differ in the query or the fragment only", () => {
    createCookies().learn("a", "!");
    for (const more of ["?v=2", "#now"])
      expect(createBaseCookie(new URL(HUB + more), "chat")[0]()).toBe(`${digestOf("a")}!`);
  });

  test.each([
    ["another tenant", HUB.replace("acme", "other"), "chat"],
    ["another hub", HUB.replace("hub.test", "hub2.test"), "chat"],
    ["another session cookie", HUB, "chat2"],
  ])("is not the one for %s", (_, hub, name) => {
    createCookies().learn("a", "!");
    expect(createBaseCookie(new URL(hub), name)[0]()).toBe("");
  });
});
