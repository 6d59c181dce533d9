import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { checkConditions } from "../../scripts/doctor/check-conditions.ts";
import { checkPageHeaders } from "../../scripts/doctor/check-page-headers.ts";
import { findIframeUrls, findScripts } from "../../scripts/doctor/find-script.ts";
import { matchesIntegrity } from "../../scripts/doctor/integrity.ts";
import { allowsStorageAccess } from "../../scripts/doctor/permissions-policy.ts";
import { readHtml } from "../../scripts/doctor/read-html.ts";

const HUB = new URL("https://chat-hub.example");
const PAGE = new URL("https://www.shop-a.com/sale/");

describe("the hub's script is found", () => {
  const find = (html: string) => findScripts(readHtml(html), PAGE, HUB);

  test.each([
    ['<head><script src="https://chat-hub.example/cookie-provider.min.js"></script>', undefined, true],
    ['<body><script src="//chat-hub.example/cookie-provider.min.js"></script>', undefined, false],
    [
      '<head><base href="https://chat-hub.example/v/0.1.0/"><script src="cookie-provider.min.js"></script>',
      "0.1.0",
      true,
    ],
    ['<script type="module" src="https://chat-hub.example/v/1.2.3/cookie-provider.mjs"></script>', "1.2.3", true],
    [
      '<p><script type="module">import { CookieProvider } from "https://chat-hub.example/cookie-provider.mjs";</script>',
      undefined,
      false,
    ],
  ])("in %s", (html, version, isInHead) => {
    const { fromHub } = find(html);
    expect(fromHub.map(({ version, element }) => [version, element.isInHead])).toEqual([[version, isInHead]]);
  });

  test.each([
    '<template><script src="https://chat-hub.example/cookie-provider.min.js"></script></template>',
    '<noscript><script src="https://chat-hub.example/cookie-provider.min.js"></script></noscript>',
    '<!-- <script src="https://chat-hub.example/cookie-provider.min.js"></script> -->',
    '<script type="text/plain" src="https://chat-hub.example/cookie-provider.min.js"></script>',
    '<script src="https://chat-hub.example/links.mjs"></script>',
    '<script src="http://chat-hub.example:x/cookie-provider.min.js"></script>',
  ])("not in %s", (html) => {
    expect(find(html)).toEqual({ fromHub: [], fromElsewhere: [] });
  });

  test("and one of another origin is told apart", () => {
    const { fromHub, fromElsewhere } = find('<script src="/js/cookie-provider.min.js"></script>');
    expect(fromHub).toEqual([]);
    expect(fromElsewhere.map(({ href }) => href)).toEqual(["https://www.shop-a.com/js/cookie-provider.min.js"]);
  });
});

test("the hub pages that inline scripts name are found where they are written out", () => {
  const html = readHtml(`<script>
    new CookieProvider(NAME, "https://a.example/t/acme/iframe.html");
    initCookieProviderExtension("chat",
      'https://b.example/t/acme/iframe.html', notify);
    new CookieProvider("chat", IFRAME_URL);
  </script><script type="application/json">CookieProvider("x", "https://c.example")</script>`);
  expect(findIframeUrls(html)).toEqual([
    "https://a.example/t/acme/iframe.html",
    "https://b.example/t/acme/iframe.html",
  ]);
});

describe("Permissions-Policy", () => {
  test.each([
    [null],
    ["geolocation=()"],
    ["storage-access=*"],
    ["storage-access=(*)"],
    ['storage-access=(self "https://chat-hub.example")'],
    ['geolocation=(), storage-access=("https://chat-hub.example"), camera=()'],
    ['storage-access=(), storage-access=("https://chat-hub.example")'],
  ])("%s leaves storage access to the hub", (header) => {
    expect(allowsStorageAccess(header, HUB, PAGE)).toBe(true);
  });

  test.each([
    ["storage-access=()"],
    ["storage-access=self"],
    ["storage-access=(self)"],
    ['storage-access=(self "https://other.example")'],
    ["geolocation=*, storage-access=()"],
    ["storage-access=(https://chat-hub.example)"],
  ])("%s takes it", (header) => {
    expect(allowsStorageAccess(header, HUB, PAGE)).toBe(false);
  });
});

describe("the page's referrer policy", () => {
  const warnings = (header: string | undefined, html = "") =>
    checkPageHeaders(
      new Headers(header === undefined ? {} : { "Referrer-Policy": header }),
      readHtml(html),
      PAGE,
      HUB,
    ).filter(({ level }) => level === "warning").length;

  test.each([
    [undefined, ""],
    ["strict-origin", ""],
    ["no-referrer, strict-origin-when-cross-origin", ""],
    ["no-referrer", '<meta name="referrer" content="origin">'],
  ])("%s %s lets links say where they come from", (header, html) => {
    expect(warnings(header, html)).toBe(0);
  });

  test.each([
    ["no-referrer", ""],
    ["same-origin", ""],
    ["strict-origin, no-referrer", ""],
    ["no-referrer, brand-new-policy", ""],
    ["origin", '<meta name="Referrer" content="NO-REFERRER">'],
    [undefined, '<meta name="referrer" content="never">'],
  ])("%s %s does not", (header, html) => {
    expect(warnings(header, html)).toBe(1);
  });
});

describe("integrity", () => {
  const hash = (algorithm: string, text = "content") =>
    `${algorithm}-${createHash(algorithm).update(text).digest("base64")}`;

  test.each([
    hash("sha256"),
    hash("sha384"),
    `${hash("sha512")}?option`,
    `${hash("sha384", "another")} ${hash("sha384")}`,
    `${hash("sha256", "another")} ${hash("sha384")}`,
    "md5-unknown",
    "",
  ])("%s lets the file run", (integrity) => {
    expect(matchesIntegrity(integrity, Buffer.from("content"))).toBe(true);
  });

  test.each([hash("sha384", "another"), `${hash("sha256")} ${hash("sha384", "another")}`])(
    "%s does not",
    (integrity) => {
      expect(matchesIntegrity(integrity, Buffer.from("content"))).toBe(false);
    },
  );
});

describe("what makes a difference to scripts is told, and is no fault", () => {
  const conditionsOf = (text: string, handoff = true) => {
    const html = readHtml(text);
    const settings = { trusted: ["https://www.shop-b.com", "https://*.shop-c.com"], handoff, frameAncestors: [] };
    const target = { hub: HUB, iframeUrl: new URL("/t/acme/iframe.html", HUB), hubVersion: "0.1.0", settings };
    const findings = checkConditions(html, PAGE, findScripts(html, PAGE, HUB), target);
    expect(findings.filter(({ level }) => level !== "ok")).toEqual([]);
    return findings.map(({ title }) => title);
  };

  test("nothing of a plain page", () => {
    expect(
      conditionsOf(`<head><script src="https://chat-hub.example/cookie-provider.min.js"></script><script src="/turbocharged.js"></script>
        <form name="search"></form><p name="cookie"></p><a href="https://www.shop-b.com/">B</a><a rel="noreferrer" href="/terms">T</a>
        <a rel="noreferrer" href="https://www.elsewhere.com/">E</a><a rel="noreferrer" name="top">Top</a>`),
    ).toEqual([]);
  });

  test("links to trusted domains that hide where they come from", () => {
    const links = `<base href="https://www.shop-b.com/">
      <a rel="noopener NoReferrer" href="https://a.shop-c.com/">C</a>
      <a referrerpolicy="no-referrer" href="/sale">B</a>
      <map><area referrerpolicy="Same-Origin" href="//www.shop-b.com/"></map>
      <svg><a rel="noreferrer" href="https://www.shop-b.com/">B</a></svg>`;
    expect(conditionsOf(links)).toEqual([
      "4 links to trusted domains with noreferrer or a referrer policy: they carry the session, and tell the next site https://www.shop-a.com.",
    ]);
    expect(conditionsOf(links, false)).toEqual([]);
  });

  test.each([
    ['<script src="/js/turbo.es2017-umd.js"></script>', "Turbo"],
    ['<script type="module" src="https://cdn.example/turbo.min.js?v=8"></script>', "Turbo"],
    ['<meta name="turbo-cache-control" content="no-cache">', "Turbo"],
    ['<script src="turbolinks.js"></script>', "Turbolinks"],
    ['<script src="https://unpkg.example/htmx.min.js"></script>', "htmx"],
    ['<meta name="astro-view-transitions-enabled" content="true">', "Astro's view transitions"],
  ])("what replaces the body: %s", (html, name) => {
    expect(conditionsOf(html)).toEqual([`${name} may replace the body: the hub's frame is beside it, and stays.`]);
  });

  test("elements that hide properties of document", () => {
    expect(conditionsOf('<form name="cookie"></form><img name="body" alt=""><iframe name="cookie"></iframe>')).toEqual([
      'An element named "cookie" hides document.cookie: from the page\'s scripts, not from Carryover.',
      'An element named "body" hides document.body: from the page\'s scripts, not from Carryover.',
    ]);
  });

  test("two copies of the script, one of them elsewhere", () => {
    expect(
      conditionsOf(
        '<script src="/js/cookie-provider.min.js"></script><script src="https://chat-hub.example/cookie-provider.min.js"></script>',
      ),
    ).toEqual([
      "Copies of the script share what links bring: https://chat-hub.example/cookie-provider.min.js, https://www.shop-a.com/js/cookie-provider.min.js.",
    ]);
  });
});
