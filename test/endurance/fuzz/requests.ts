import fc from "fast-check";
import { type Asked, HUB, OWN_PAGE } from "../http-client.ts";
import { CANARY, mostly, nasty } from "./nasty.ts";
import { SHOP_A, SHOP_B, TENANTS } from "./tenants.ts";

/** Stands in a body for a code that the batch has minted. */
export const LIVE_CODE = "<live code>";

const COOKIE_NAMES = [`${CANARY}-chat`, `${CANARY}!#$%&'*+.^`, "chat", "__proto__"];
const SESSIONS = [`${CANARY}-session`, `{"${CANARY}":"Zoë, 日本"}`, `${CANARY} %25 100%`];
const METHODS = ["GET", "PUT", "DELETE", "POST", "HEAD", "OPTIONS", "PATCH", "PROPFIND", "PURGE", "LOCK"];
const RETURNS = [
  `${SHOP_A}/cart`,
  `${SHOP_A}/#carryover=x`,
  `${SHOP_A}/"><b onclick="alert(1)">`,
  "https://x.shop-c.test/?a=<b>",
  "https://evil.test/",
];

const tenant = mostly(fc.constantFrom(...Object.keys(TENANTS)), nasty.map(encodeURIComponentOf));
const cookieName = mostly(fc.constantFrom(...COOKIE_NAMES), nasty);
const session = mostly(fc.constantFrom(...SESSIONS), nasty);
const origin = mostly(fc.constantFrom(SHOP_A, SHOP_B, HUB, "https://x.shop-c.test"), nasty);

const query = fc
  .array(fc.tuple(mostly(fc.constant("return"), nasty), mostly(fc.constantFrom(...RETURNS), nasty)), { maxLength: 2 })
  .map((pairs) => {
    const text = pairs.map(([name, value]) => `${encodeURIComponentOf(name)}=${encodeURIComponentOf(value)}`).join("&");
    return text && `?${text}`;
  });

const header = fc.oneof(
  named("Origin", fc.constantFrom("null", "http://hub.test", "https://hub.test.evil.test", SHOP_A)),
  named("Sec-Fetch-Site", fc.constantFrom("cross-site", "same-site", "none", "same-origin")),
  named("Sec-Fetch-Mode", fc.constantFrom("cors", "no-cors", "navigate")),
  named("Sec-Fetch-Dest", fc.constantFrom("empty", "iframe")),
  named("Sec-Fetch-Storage-Access", fc.constantFrom("none", "inactive", "active")),
  named("If-None-Match", fc.constantFrom("*", 'W/"x"', '""')),
  named("Accept-Language", fc.constantFrom("de-AT, en;q=0.5", "ar", "constructor", "en;q=2")),
  named("User-Agent", fc.constantFrom("Browser/2", `${CANARY} Browser`)),
  named("CF-Connecting-IP", fc.constantFrom("2001:db8::1", "::", "1.2.3.4", ":::", "fe80::1%eth0")),
  named("Content-Type", fc.constantFrom("application/json", "text/plain; charset=utf-16", "multipart/form-data")),
  named("Content-Encoding", fc.constantFrom("gzip", "br")),
  named(
    "Cookie",
    fc.constantFrom(
      `__Host-acme.chat=${CANARY}`,
      `a=b; __Host-acme.chat=v:digest0digest1`,
      `__Host-acme.chat=:1700000000:${"digest0".repeat(20)}`,
      "a=b; a=c",
    ),
  ),
  named("Carryover-Older", fc.constantFrom("", "digest0", "digest1digest2", `digest1,${CANARY}`)),
  named("X-Forwarded-Host", fc.constantFrom("evil.test")),
  named("X-HTTP-Method-Override", fc.constantFrom("DELETE")),
  named("Range", fc.constantFrom("bytes=0-1")),
);

function named(name: string, values: fc.Arbitrary<string>): fc.Arbitrary<readonly [string, string]> {
  return mostly(values, nasty).map((value) => [name, headerText(value)]);
}

/** As a page of a shop asks for its session. */
const SHOP_PAGE = {
  Origin: SHOP_A,
  "Sec-Fetch-Site": "cross-site",
  "Sec-Fetch-Mode": "cors",
  "Sec-Fetch-Storage-Access": "active",
} as const;

const NOBODY: Readonly<Record<string, string>> = {};

/** Beside what the hub's own page, or a shop's, sends, which most requests need to get anywhere. */
const headers = fc
  .tuple(
    mostly(fc.constantFrom<typeof NOBODY>(OWN_PAGE, OWN_PAGE, SHOP_PAGE), fc.constant(NOBODY)),
    fc.array(header, { maxLength: 4 }),
  )
  .map(([page, more]) => {
    const names = new Set(more.map(([name]) => name));
    const base = Object.entries(page).filter(([name]) => !names.has(name));
    return [...base, ...more];
  });

const code = mostly(fc.constantFrom(LIVE_CODE, `${CANARY}AbCdEfGhIjKlMn-_`), nasty);
const minting = fc.record({ name: cookieName, session, from: origin, to: origin });
const redeeming = fc.record({ code, name: cookieName, to: origin, referrer: origin });

/** What redeems the batch's code: most others fail for one field or another. */
const rightRedeeming = fc.constant({ code: LIVE_CODE, name: "chat", to: SHOP_B, referrer: SHOP_A });

const anyBody: fc.Arbitrary<Asked["body"]> = fc.oneof(
  session,
  fc.tuple(minting, nasty, nasty).map(([fields, name, value]) => JSON.stringify({ ...fields, [name]: value })),
  fc.json(),
  fc.uint8Array({ maxLength: 64 }),
  fc.constantFrom(4096, 4097, 32_768, 32_769, 200_000).map((length) => "s".repeat(length)),
);

const nothing = fc.constant(undefined);

/** An address below a tenant's, and what its page or script would send there. */
type Route = { readonly rest: string; readonly method: string; readonly body: Asked["body"] };

const route: fc.Arbitrary<Route> = fc.oneof(
  routeOf(fc.constant("iframe.html"), "GET", nothing),
  routeOf(
    query.map((text) => `continue${text}`),
    "GET",
    nothing,
  ),
  routeOf(sessionAddress(), "PUT", session),
  routeOf(sessionAddress(), "DELETE", nothing),
  routeOf(sessionAddress(), "GET", nothing),
  routeOf(
    sessionAddress(),
    "POST",
    fc
      .tuple(session, mostly(fc.constantFrom("", "digest0-", "digest0.digest1!"), nasty))
      .map(([session, base]) => JSON.stringify({ session, base })),
  ),
  routeOf(
    fc.constant("handoff"),
    "POST",
    minting.map((fields) => JSON.stringify(fields)),
  ),
  routeOf(
    fc.constant("handoff/redeem"),
    "POST",
    fc.oneof(redeeming, rightRedeeming).map((fields) => JSON.stringify(fields)),
  ),
  routeOf(fc.constant("outcome"), "POST", fc.constantFrom("granted", "popup")),
);

function routeOf(rest: fc.Arbitrary<string>, method: string, body: fc.Arbitrary<Asked["body"]>): fc.Arbitrary<Route> {
  const methods = mostly(fc.constant(method), fc.constantFrom(...METHODS));
  return fc.record({ rest, method: methods, body: mostly(body, anyBody) });
}

function sessionAddress(): fc.Arbitrary<string> {
  return cookieName.map((name) => `session/${encodeURIComponentOf(name)}`);
}

const known = fc
  .tuple(tenant, route, mostly(fc.constant(""), nasty))
  .map(([id, { rest, method, body }, more]) => ({ method, path: `/t/${id}/${rest}${more}`, body }));

const unknown = fc.record({
  method: fc.constantFrom(...METHODS),
  path: fc.oneof(
    fc.tuple(tenant, nasty).map(([id, rest]) => `/t/${id}${rest}`),
    fc.constantFrom("/", "/healthz", "//healthz", "/t", "/t/", "/T/acme/iframe.html", "*"),
    nasty.map((text) => `/${text}`),
  ),
  body: anyBody,
});

/** One request, of whatever kind. */
export const request: fc.Arbitrary<Asked> = fc
  .tuple(mostly(known, unknown), headers)
  .map(([asked, headers]) => ({ ...asked, path: pathText(asked.path), headers }));

/** Percent-escapes everything, lone surrogates as their replacement. */
function encodeURIComponentOf(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

/** What may stand in a request line: what workerd would not let through is escaped, as browsers do. Bad escapes stay as they are. */
function pathText(text: string): string {
  return text.toWellFormed().replaceAll(/[^\x21-\x7e]|["<>^`{|}]/gu, (character) => encodeURIComponent(character));
}

/** What may stand in a header: bytes but controls. */
function headerText(text: string): string {
  return text.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, "?").trim();
}
