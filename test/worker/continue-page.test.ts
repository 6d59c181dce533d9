import { exports } from "cloudflare:workers";
import { afterEach, describe, expect, test, vi } from "vitest";
import { VERSION } from "../../dist/iframe-script.ts";
import { MIN_TEXT_CONTRAST, contrastBetween, readableOn, textOn } from "../../protocol/contrast.ts";
import { STRINGS } from "../../worker/continue-page/strings.ts";
import { HUB, ask, askWithoutKv, captureLog, expectStrictHeaders, putTenant } from "./hub.ts";

const DOMAINS = ["https://shop-a.test", "https://*.shop-b.test", "http://shop.localhost:3000"];

afterEach(() => {
  vi.restoreAllMocks();
});

function directive(response: Response, name: string): string | undefined {
  return new RegExp(`(?:^|; )${name} ([^;]*)`).exec(response.headers.get("Content-Security-Policy") ?? "")?.[1];
}

async function hashSource(text: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return `'sha256-${btoa(String.fromCharCode(...new Uint8Array(hash)))}'`;
}

/** What the links of a page lead to, as a browser would read the attribute. */
function links(html: string): string[] {
  return [...html.matchAll(/<a\b[^>]*?\shref="([^"]*)"/g)].map(([, href = ""]) => href.replaceAll("&amp;", "&"));
}

function styleOf(html: string): string {
  return /<style>(.*?)<\/style>/s.exec(html)?.[1] ?? "";
}

function withReturn(id: string, url: string): string {
  return `/t/${id}/continue?return=${encodeURIComponent(url)}`;
}

describe("the continue page", () => {
  test("is nobody's to frame, nobody's to keep, and in the visitor's language", async () => {
    const response = await ask(`/t/${await putTenant(DOMAINS)}/continue`);
    expect(response.status).toBe(200);
    expectStrictHeaders(response);
    expect(response.headers.get("Content-Type")).toBe("text/html; charset=utf-8");
    expect(response.headers.get("Cache-Control")).toBe("no-store");
    expect(response.headers.get("Content-Language")).toBe("en");
    expect(response.headers.get("Vary")).toContain("Accept-Language");
    expect(directive(response, "frame-ancestors")).toBe("'none'");
  });

  test.each([
    ["the hub's own iframe", { "Sec-Fetch-Site": "same-origin" }, true],
    ["a trusted site's link", { "Sec-Fetch-Site": "cross-site" }, false],
    ["a host beside the hub", { "Sec-Fetch-Site": "same-site" }, false],
    ["a typed or mailed address", { "Sec-Fetch-Site": "none" }, false],
    ["a browser that does not say", {}, false],
  ] as const)("sends sessions back, for a visitor who comes by %s: %j %s", async (_, headers, carries) => {
    const path = withReturn(await putTenant(DOMAINS), "https://shop-a.test/redirect?to=https://evil.test");
    const html = await (await ask(path, { headers })).text();
    expect(html).toContain(`"handoff":${carries},`);
  });

  test("runs this release's script and no other, has its own style alone, and talks to the hub alone", async () => {
    const response = await ask(`/t/${await putTenant(DOMAINS)}/continue`);
    const html = await response.text();
    expect(directive(response, "script-src")).toBe(`${HUB}/v/${VERSION}/continue.mjs`);
    expect(directive(response, "style-src")).toBe(await hashSource(styleOf(html)));
    expect(directive(response, "connect-src")).toBe("'self'");
    expect(directive(response, "form-action")).toBe("'none'");
    expect(directive(response, "base-uri")).toBe("'none'");
    expect(response.headers.get("Content-Security-Policy")).not.toContain("img-src");

    const scripts = [...html.matchAll(/<script\b([^>]*)>/g)].map(([, attributes]) => attributes?.trim());
    expect(scripts).toEqual([
      'type="application/json" id="carryover-config"',
      `type="module" src="/v/${VERSION}/continue.mjs"`,
    ]);
    expect(html).not.toMatch(/\sstyle=|\son\w+=|javascript:/i);
  });

  test("tells its script the tenant and what to say", async () => {
    const id = await putTenant(DOMAINS);
    const html = await (await ask(`/t/${id}/continue`)).text();
    const config: unknown = JSON.parse(/id="carryover-config">(.*?)<\/script>/s.exec(html)?.[1] ?? "");
    expect(config).toMatchObject({ tenant: id, says: { done: "Done.", failed: expect.any(String) } });
  });

  test("shows brand, participating domains and the privacy notice", async () => {
    const id = await putTenant({
      TRUSTED_DOMAINS: [...DOMAINS, "shop-c.test:8443"],
      displayName: "Acme & Söhne",
      privacyUrl: "https://shop-a.test/privacy?a=1&b=2",
    });
    const html = await (await ask(`/t/${id}/continue`)).text();
    expect(html).toContain("<title>Continue your chat – Acme &amp; Söhne</title>");
    expect([...html.matchAll(/<li><bdi dir="ltr">(.*?)<\/bdi>/g)].map(([, name]) => name)).toEqual([
      "shop-a.test",
      "*.shop-b.test",
      "shop.localhost:3000",
      "shop-c.test:8443",
    ]);
    expect(links(html)).toEqual(["https://shop-a.test/privacy?a=1&b=2"]);
    expect(html).not.toContain("<details");
  });

  test("of a bare list of domains has a neutral title, and no link that leads nowhere", async () => {
    const html = await (await ask(`/t/${await putTenant(DOMAINS)}/continue`)).text();
    expect(html).toContain("<title>Continue your chat</title>");
    expect(links(html)).toEqual([]);
  });

  test("folds a long list of domains away", async () => {
    const id = await putTenant(Array.from({ length: 500 }, (_, n) => `https://shop-${n}.test`));
    const html = await (await ask(`/t/${id}/continue`)).text();
    expect(html).toMatch(/<details class="sites">\s*<summary>Participating sites \(500\)<\/summary>/);
    expect(html.match(/<li>/g)).toHaveLength(500);
  });

  test("of a tenant that trusts nobody lists nobody", async () => {
    const html = await (await ask(`/t/${await putTenant([])}/continue`)).text();
    expect(html).not.toMatch(/<ul|<details/);
  });

  test("explains itself where scripts do not run", async () => {
    const html = await (await ask(withReturn(await putTenant(DOMAINS), "https://shop-a.test/"))).text();
    expect(html).toMatch(/<noscript>\s*<p class="no-script">\s*JavaScript is switched off/);
    // What needs the script is not offered without it; the way back is a link.
    expect([...html.matchAll(/<button\b[^>]*class="([^"]*)"/g)].map(([, names]) => names)).toEqual([
      "action forget needs-script",
    ]);
    expect(links(html)).toEqual(["https://shop-a.test/"]);
  });

  test("answers HEAD, and 405 to other methods", async () => {
    const id = await putTenant(DOMAINS);
    const head = await ask(`/t/${id}/continue`, { method: "HEAD" });
    expect(head.status).toBe(200);
    expect(await head.text()).toBe("");
    for (const method of ["POST", "PUT", "DELETE"]) {
      const response = await ask(`/t/${id}/continue`, { method });
      expect(response.status).toBe(405);
      expect(response.headers.get("Allow")).toBe("GET, HEAD");
      expectStrictHeaders(response);
    }
  });
});

describe("the way back", () => {
  test.each([
    ["https://shop-a.test", "https://shop-a.test/"],
    ["https://shop-a.test/cart?item=1&size=%22XL%22#reviews", "https://shop-a.test/cart?item=1&size=%22XL%22#reviews"],
    ["HTTPS://SHOP-A.TEST:443/", "https://shop-a.test/"],
    ["https://www.shop-b.test/a/../b", "https://www.shop-b.test/b"],
    ["https://shop-a.test/?next=https://evil.test/", "https://shop-a.test/?next=https://evil.test/"],
    ["https://shop-a.test/ä", "https://shop-a.test/%C3%A4"],
    ["https://shop-a.test/a@b", "https://shop-a.test/a@b"],
    ["https://shop-a.test/#discount=100%25&r=a%2526b", "https://shop-a.test/#discount=100%25&r=a%2526b"],
    ["http://shop.localhost:3000/", "http://shop.localhost:3000/"],
  ])("to %s is a plain link, which tells the site the hub's origin and no more", async (url, href) => {
    const response = await ask(withReturn(await putTenant(DOMAINS), url));
    expect(response.status).toBe(200);
    expectStrictHeaders(response);
    const html = await response.text();
    expect(links(html)).toEqual([href]);
    expect(html).toMatch(/<a\b[^>]*referrerpolicy="strict-origin"/);
    expect(html).toContain(`<bdi dir="ltr">${new URL(href).host}</bdi>`);
    expect(html).not.toMatch(/<button\b[^>]*id="continue"/);
  });

  test.each([
    "https://shop-a.test/#carryover=abc",
    "https://shop-a.test/#a=1&carryover=abc",
    "https://shop-a.test/#%63arryover=abc",
    "https://shop-a.test/#CarryOver=abc",
    "https://shop-a.test/#%E0%A4%A",
    // A page that decodes its fragment on the way to where it leads takes a level off.
    "https://shop-a.test/#%2563arryover=abc",
    "https://shop-a.test/#a=1%2526%252563arryover=abc",
    `https://shop-a.test/#%${"25".repeat(9)}63arryover=abc`,
    `https://shop-a.test/#%${"25".repeat(30)}63arryover=abc`,
    // What cannot be decoded as a whole must not hide the rest.
    "https://shop-a.test/#%25zz%26%2563arryover=abc",
    "https://shop-a.test/#%25E0%2563arryover=abc",
  ])("to %s loses its fragment: nobody may be seated in a stranger's chat by a link", async (url) => {
    expect(links(await (await ask(withReturn(await putTenant(DOMAINS), url))).text())).toEqual([
      "https://shop-a.test/",
    ]);
  });

  test.each([
    ["", "malformed"],
    ["shop-a.test", "malformed"],
    ["/relative", "malformed"],
    ["//evil.test", "malformed"],
    ["//shop-a.test", "malformed"],
    ["https:shop-a.test", "malformed"],
    ["https:/shop-a.test", "malformed"],
    ["https:///shop-a.test", "malformed"],
    ["https:\\\\shop-a.test", "malformed"],
    ["https://shop-a.test\\@evil.test", "malformed"],
    ["https://shop-a.test\\.evil.test", "malformed"],
    ["https://shop-a.test@evil.test", "malformed"],
    ["https://user@shop-a.test", "malformed"],
    ["https://user:secret@shop-a.test/", "malformed"],
    ["https://:@shop-a.test/", "malformed"],
    ["https://evil.test%2f@shop-a.test/", "malformed"],
    ["https://shop-a%2etest", "malformed"],
    ["https://shop-a.test%00.evil.test", "malformed"],
    ["https://shop-a.test:443:443/", "malformed"],
    ["https://shop-a.test:99999/", "malformed"],
    [" https://shop-a.test", "malformed"],
    ["\u0000https://shop-a.test", "malformed"],
    ["https://shop-a.test\r\nLocation: https://evil.test", "malformed"],
    ["https://shop-a.test/\r\nSet-Cookie: a=b", "malformed"],
    ["https://shop-a.test/\tx", "malformed"],
    ["https://shop-\na.test/", "malformed"],
    ["https://shop-a.test/\u007f", "malformed"],
    ["java\nscript:alert(1)", "malformed"],
    ["javascript:alert(1)", "malformed"],
    ["javascript://shop-a.test/%0aalert(1)", "malformed"],
    ["JaVaScRiPt:alert(1)//https://shop-a.test", "malformed"],
    ["data:text/html,<script>alert(1)</script>", "malformed"],
    ["blob:https://shop-a.test/0", "malformed"],
    ["ftp://shop-a.test/", "malformed"],
    ["wss://shop-a.test/", "malformed"],
    ["view-source:https://shop-a.test/", "malformed"],
    // Cyrillic s, fullwidth s, ideographic full stop, division slash, soft hyphen.
    ["https://\u0455hop-a.test", "malformed"],
    ["https://\uff53hop-a.test", "malformed"],
    ["https://shop-a\u3002test", "malformed"],
    ["https://shop-a.test\u2215.evil.test", "malformed"],
    ["https://shop\u00ad-a.test", "malformed"],
    ["https://xn--hop-a-2ye.test", "untrusted"],
    ["http://shop-a.test/", "untrusted"],
    ["https://shop-a.test.evil.test", "untrusted"],
    ["https://shop-a.test./", "untrusted"],
    ["https://shop-a.test:8443/", "untrusted"],
    ["https://evilshop-a.test", "untrusted"],
    ["https://www.shop-a.test", "untrusted"],
    ["https://shop-b.test", "untrusted"],
    ["https://a.shop-b.test.evil.test", "untrusted"],
    ["https://evil.test/https://shop-a.test", "untrusted"],
    ["https://evil.test?https://shop-a.test", "untrusted"],
    ["https://evil.test#https://shop-a.test", "untrusted"],
    ["https://shop.localhost:3000/", "untrusted"],
    ["http://[::1]:3000/", "untrusted"],
    [HUB, "untrusted"],
    ["__proto__", "malformed"],
    ["https://__proto__", "untrusted"],
    ["https://constructor/", "untrusted"],
    [`https://shop-a.test/${"a".repeat(2048)}`, "too long"],
  ])("to %j is refused in words, without a link, and never logged", async (url, reason) => {
    const log = captureLog();
    const id = await putTenant({ TRUSTED_DOMAINS: DOMAINS, privacyUrl: "https://shop-a.test/privacy" });
    const response = await ask(withReturn(id, url));
    expect(response.status).toBe(400);
    expectStrictHeaders(response);
    expect(response.headers.get("Cache-Control")).toBe("no-store");
    expect(directive(response, "frame-ancestors")).toBe("'none'");
    const html = await response.text();
    expect(html).toContain("This link does not work");
    expect(html).not.toMatch(/<a\b|<script|<button|<meta http-equiv|evil|href=/);
    expect(log.entries).toEqual([
      {
        event: "refused",
        tenant: id,
        status: 400,
        reason: `continue: return URL ${reason}`,
        request: expect.any(String),
      },
    ]);
  });

  test.each([
    "?return=https://shop-a.test/&return=https://shop-a.test/",
    "?return=https://shop-a.test/&return=https://evil.test/",
    "?return=https://evil.test/&return=https://shop-a.test/",
    "?return=https://shop-a.test/&return=",
    "?return=https://shop-a.test/&%72eturn=https://evil.test/",
  ])("%s is refused: it says two things", async (query) => {
    captureLog();
    const response = await ask(`/t/${await putTenant(DOMAINS)}/continue${query}`);
    expect(response.status).toBe(400);
    expect(links(await response.text())).toEqual([]);
  });

  test.each([
    "?__proto__=https://evil.test",
    "?Return=https://evil.test",
    "?return[]=https://evil.test",
    "?next=//evil",
  ])("is none with %s", async (query) => {
    const response = await ask(`/t/${await putTenant(DOMAINS)}/continue${query}`);
    expect(response.status).toBe(200);
    expect(await response.text()).not.toContain("evil");
  });

  test("is not logged when it is good, either", async () => {
    const log = captureLog();
    await ask(withReturn(await putTenant(DOMAINS), "https://shop-a.test/secret"));
    expect(log.entries).toEqual([]);
  });
});

describe("a link from one tenant's continue page to another's", () => {
  /** What `evil` would have the visitor click: it leads to a redirect of acme's site, with acme's codes. */
  const ATTACK = `${HUB}/t/acme/continue?return=${encodeURIComponent("https://shop-a.test/redirect?to=//evil.test")}`;

  test.each([ATTACK, `${HUB}:443/t/acme/continue`, `https://x@hub.test/`, "https://HUB.test/", "https://hub\t.test/"])(
    "is not made by a privacyUrl on the hub itself: %j",
    async (privacyUrl) => {
      const log = captureLog();
      const id = await putTenant({ TRUSTED_DOMAINS: DOMAINS, privacyUrl });
      expect(links(await (await ask(`/t/${id}/continue`)).text())).toEqual([]);
      expect(await (await ask(`/t/${id}/iframe.html`)).text()).not.toContain("privacyUrl");
      expect(await (await ask(`/t/${id}/check`)).text()).not.toContain("privacy");
      expect(log.entries).toEqual([]);
    },
  );

  test.each(["https://privacy.hub.test/", "https://hub.test:8443/", "https://hub.test.example/"])(
    "cannot be had from another origin, whose privacyUrl stays: %s",
    async (privacyUrl) => {
      const id = await putTenant({ TRUSTED_DOMAINS: DOMAINS, privacyUrl });
      expect(links(await (await ask(`/t/${id}/continue`)).text())).toEqual([privacyUrl]);
      expect(await (await ask(`/t/${id}/iframe.html`)).text()).toContain(`"privacyUrl":"${privacyUrl}"`);
    },
  );

  test("is not made by a return URL on the hub itself, though the tenant trusts it", async () => {
    const log = captureLog();
    const response = await ask(withReturn(await putTenant([HUB]), ATTACK));
    expect(response.status).toBe(400);
    expect(links(await response.text())).toEqual([]);
    expect(log.entries).toEqual([expect.objectContaining({ reason: "continue: return URL untrusted" })]);
  });

  test("is not made where a wildcard covers the hub", async () => {
    captureLog();
    const id = await putTenant(["https://*.acme.test"]);
    const url = encodeURIComponent("https://chat.acme.test/t/other/continue");
    const response = await exports.default.fetch(`https://chat.acme.test/t/${id}/continue?return=${url}`);
    expect(response.status).toBe(400);
  });
});

describe("a tenant's own words", () => {
  const HOSTILE = [
    "<script>alert(1)</script>",
    `"><img src=x onerror=alert(1)>`,
    `' onfocus='alert(1)' autofocus='`,
    "</title></style></script><!--",
    "\u2028{{x}}${x}`",
  ];

  test.each(HOSTILE)("cannot leave their place: %j", async (displayName) => {
    const id = await putTenant({ TRUSTED_DOMAINS: DOMAINS, displayName });
    const log = captureLog();
    for (const path of [`/t/${id}/continue`, withReturn(id, "https://shop-a.test/"), withReturn(id, "//evil")]) {
      const html = await (await ask(path)).text();
      // Name, title and nothing else: the page has as many elements as with a harmless name.
      const plain = await putTenant({ TRUSTED_DOMAINS: DOMAINS, displayName: "Acme" });
      const harmless = await (await ask(path.replace(id, plain))).text();
      expect(html.match(/<[a-z!/]/gi)?.length).toBe(harmless.match(/<[a-z!/]/gi)?.length);
      expect(html).toContain(`<span dir="auto">${escaped(displayName)}</span>`);
    }
    expect(log.entries).toHaveLength(2);
  });

  test("cannot leave an attribute", async () => {
    const id = await putTenant({
      TRUSTED_DOMAINS: DOMAINS,
      privacyUrl: `https://shop-a.test/"onclick="alert(1)`,
    });
    const html = await (await ask(`/t/${id}/continue`)).text();
    expect(html).toContain(`href="https://shop-a.test/&quot;onclick=&quot;alert(1)"`);

    const quoted = await (await ask(withReturn(id, `https://shop-a.test/?"'><script>alert(1)</script>`))).text();
    expect(quoted).not.toContain("<script>alert");
    expect(quoted.match(/alert/g)).toHaveLength(2);
  });

  test("cannot leave the style sheet", async () => {
    captureLog();
    const id = await putTenant({ TRUSTED_DOMAINS: DOMAINS, accentColor: "#123456}</style><script>alert(1)</script>" });
    expect((await ask(`/t/${id}/continue`)).status).toBe(500);
  });

  function escaped(text: string): string {
    const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
    return text.replace(/[&<>"']/g, (character) => entities[character] ?? "");
  }
});

describe("the language", () => {
  test.each([
    [undefined, "en", "ltr"],
    ["", "en", "ltr"],
    ["de-AT,de;q=0.9,en;q=0.8", "de", "ltr"],
    ["fr-CA", "fr", "ltr"],
    ["es-419, es;q=0.5", "es", "ltr"],
    ["it", "it", "ltr"],
    ["pt-BR", "pt", "ltr"],
    ["NL", "nl", "ltr"],
    ["pl", "pl", "ltr"],
    ["ja-JP", "ja", "ltr"],
    ["ar-EG", "ar", "rtl"],
    ["sv, fi;q=0.9, ja;q=0.3, de;q=0.7", "de", "ltr"],
    ["de;q=0, fr;q=0.1", "fr", "ltr"],
    ["en;q=0.5,de;q=0.5", "en", "ltr"],
    ["*", "en", "ltr"],
    ["sv", "en", "ltr"],
    ["__proto__, constructor, toString;q=0.9", "en", "ltr"],
    ["de;q=nonsense, it;q=0.1", "it", "ltr"],
    ["<script>alert(1)</script>", "en", "ltr"],
  ])("of %j is %s, %s", async (accepted, language, direction) => {
    const headers: Record<string, string> = accepted === undefined ? {} : { "Accept-Language": accepted };
    const id = await putTenant(DOMAINS);
    for (const [path, title] of [
      [`/t/${id}/continue`, "title"],
      [withReturn(id, "https://evil.test"), "refusedTitle"],
    ] as const) {
      captureLog();
      const response = await ask(path, { headers });
      expect(response.headers.get("Content-Language")).toBe(language);
      expect(response.headers.get("Vary")).toContain("Accept-Language");
      const html = await response.text();
      expect(html).toContain(`<html lang="${language}" dir="${direction}">`);
      expect(html).toContain(`<h1>${STRINGS[language as keyof typeof STRINGS][title]}</h1>`);
      expect(html).not.toContain("alert(1)");
    }
  });

  test("is one of ten, and each says everything", () => {
    expect(Object.keys(STRINGS)).toEqual(["en", "de", "fr", "es", "it", "pt", "nl", "pl", "ja", "ar"]);
    for (const strings of Object.values(STRINGS)) {
      expect(Object.keys(strings)).toEqual(Object.keys(STRINGS.en));
      expect(strings.returnsTo.split("{site}")).toHaveLength(2);
    }
  });
});

describe("the tenant's colour", () => {
  const COLORS = ["#0a7d55", "#ffffff", "#000000", "#808080", "#ffee00", "#757575", "#ff0000", "#00ffff", "#12345f"];

  test.each(COLORS)("%s can be read on, and as text, in light and dark", async (accentColor) => {
    const response = await ask(`/t/${await putTenant({ TRUSTED_DOMAINS: DOMAINS, accentColor })}/continue`);
    const style = styleOf(await response.text());
    expect(directive(response, "style-src")).toBe(await hashSource(style));
    const [light = "", dark = ""] = style.split("prefers-color-scheme:dark");
    const color = (css: string, name: string) => new RegExp(`--${name}:(#[\\da-f]{6})`).exec(css)?.[1] ?? "";
    expect(color(light, "accent")).toBe(accentColor);
    expect(contrastBetween(accentColor, color(light, "on-accent"))).toBeGreaterThanOrEqual(MIN_TEXT_CONTRAST);
    for (const scheme of [light, dark]) {
      for (const name of ["link", "ink", "soft"]) {
        expect(contrastBetween(color(scheme, "card"), color(scheme, name)), name).toBeGreaterThanOrEqual(
          MIN_TEXT_CONTRAST,
        );
      }
    }
  });

  test("is measured as WCAG measures", () => {
    expect(contrastBetween("#000000", "#ffffff")).toBeCloseTo(21, 5);
    expect(contrastBetween("#777777", "#ffffff")).toBeCloseTo(4.48, 2);
    expect(contrastBetween("#123456", "#123456")).toBe(1);
  });

  test("always has a readable text on it, and stays itself where it can be read", () => {
    for (let n = 0; n < 4096; n++) {
      const color = `#${[n >> 8, (n >> 4) & 15, n & 15].map((digit) => digit.toString(16).repeat(2)).join("")}`;
      expect(contrastBetween(color, textOn(color))).toBeGreaterThanOrEqual(MIN_TEXT_CONTRAST);
      const readable = readableOn("#ffffff", color);
      expect(contrastBetween("#ffffff", readable)).toBeGreaterThanOrEqual(MIN_TEXT_CONTRAST);
      expect(readable === color, color).toBe(contrastBetween("#ffffff", color) >= MIN_TEXT_CONTRAST);
    }
  });
});

describe("without a tenant", () => {
  test.each([
    "/t/nobody/continue",
    "/t/nobody/continue?return=https://shop-a.test/",
    "/t/__proto__/continue",
    "/t/constructor/continue",
    "/t/Acme/continue",
    "/t/1acme/continue",
    `/t/a${"b".repeat(63)}/continue`,
    "/t/acme%2f..%2fother/continue",
    "/t/acme%00/continue",
    "/t//continue",
    "/t/acme/continue/",
    "/t/acme/Continue",
  ])("%s is 404, in words", async (path) => {
    const response = await ask(path);
    expect(response.status).toBe(404);
    expect(response.headers.get("Content-Type")).toContain("text/plain");
    expectStrictHeaders(response);
  });

  test("a malformed one is 500, an unreachable KV 503, with the reasons in the log alone", async () => {
    const log = captureLog();
    expect((await ask(`/t/${await putTenant("{")}/continue`)).status).toBe(500);
    const unavailable = await askWithoutKv("/t/never-seen-here/continue?return=https://shop-a.test/secret");
    expect(unavailable.status).toBe(503);
    expectStrictHeaders(unavailable);
    expect(log.text()).not.toContain("secret");
  });
});
