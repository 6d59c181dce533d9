import { type Answer, type Asked, HUB } from "../http-client.ts";
import { linksOf, shapeOf } from "./html-shape.ts";
import { CANARY } from "./nasty.ts";

/** The texts of docs/operators.md, by status. An answer says nothing else, and so repeats nothing of what was asked. */
const TEXTS: Readonly<Record<number, readonly string[]>> = {
  400: [
    "The cookie name must be an RFC 6265 token of at most 256 characters.",
    "The session must be UTF-8 text that a cookie can hold: not empty, no semicolon, no control characters.",
    "The body must be the page's state.",
    "This hub knows no such outcome.",
  ],
  403: [
    "Only the hub's own pages may do this.",
    "The hub does not trust this page: add its origin to TRUSTED_DOMAINS.",
    "Only a fetch with mode cors is answered.",
    "This session is not handed over.",
  ],
  404: [
    "This hub has no such tenant: check the tenant's name in the iframe URL.",
    "There is nothing at this address of the hub.",
  ],
  413: [
    "A session may have at most 4096 bytes.",
    "Name and percent-encoded session may have at most 4096 bytes together.",
    "The page's state may have at most 32768 bytes.",
    "An outcome is one word.",
  ],
  429: ["Too many requests from this address: try again in a minute."],
};

/** What the hub says to clean requests, by which others are judged. */
export type References = {
  /** Whole iframe pages: nothing of a request but one header's four values changes them. */
  readonly iframePages: ReadonlySet<string>;
  /** Elements and attributes of continue pages, without their texts and values. */
  readonly continueShapes: ReadonlySet<string>;
  /** Where the continue pages' links may lead to beside the way back. */
  readonly links: ReadonlySet<string>;
};

/** What is wrong with an answer; `undefined` if nothing is. */
export function objectionTo(asked: Asked, answer: Answer, references: References): string | undefined {
  return objectionToHeaders(answer) ?? objectionToWrite(asked, answer) ?? objectionToBody(asked, answer, references);
}

/** The same that test/worker/hub.ts (`expectStrictHeaders`) wants of every answer. */
export function objectionToHeaders({ headers }: Answer): string | undefined {
  const policy = String(headers["content-security-policy"] ?? "");
  for (const directive of ["default-src 'none'", "require-trusted-types-for 'script'", "frame-ancestors "]) {
    if (!policy.includes(directive)) return `its policy lacks ${directive}`;
  }
  if (/unsafe-inline|unsafe-eval|\*(?!\.)/.test(policy)) return "its policy is lax";
  if (headers["x-content-type-options"] !== "nosniff") return "no nosniff";
  if (headers["referrer-policy"] !== "no-referrer") return "a referrer policy that is not no-referrer";
  if (!/^max-age=\d{8}/.test(headers["strict-transport-security"] ?? "")) return "no Strict-Transport-Security";
  if (headers["x-frame-options"] !== undefined) return "X-Frame-Options would break framing";
  if (headers["cross-origin-opener-policy"] !== undefined) return "Cross-Origin-Opener-Policy would break popups";
  return undefined;
}

const SESSION_ADDRESS = /^\/t\/([a-z][a-z\d-]{0,62})\/session\/([^/?#]+)/;

/** Which pages a tenant of tenants.ts trusts, as its document has it. */
const TRUSTED: ReadonlyMap<string, RegExp> = new Map([
  ["acme", /^https:\/\/(www\.shop-[ab]|([a-z\d-]+\.)+shop-c)\.test$/],
  ["quiet", /^https:\/\/www\.shop-[ab]\.test$/],
  ["rich", /^https:\/\/(www\.shop-[ab]|shop-[0-7])\.test$/],
]);

/** By the early lane goes only a page of the tenant's, by fetch, and where the browser says whose cookies it sends. */
function mayUseLane(asked: Asked): boolean {
  const [, tenant = ""] = SESSION_ADDRESS.exec(addressOf(asked.path)) ?? [];
  return (
    ["GET", "HEAD", "POST"].includes(asked.method ?? "GET") &&
    TRUSTED.get(tenant)?.test(valueOf(asked, "Origin")) === true &&
    valueOf(asked, "Sec-Fetch-Mode") === "cors" &&
    valueOf(asked, "Sec-Fetch-Storage-Access") === "active"
  );
}

function valueOf({ headers = [] }: Asked, wanted: string): string {
  return headers
    .filter(([name]) => name === wanted)
    .map(([, value]) => value)
    .join();
}

const NOT_ACTIVE = JSON.stringify({
  reason: "The hub's cookies cannot be told from others: the browser does not say Sec-Fetch-Storage-Access: active.",
});

function isNotActive(text: string): boolean {
  return text === NOT_ACTIVE;
}

function objectionToWrite(asked: Asked, { status, ...answer }: Answer) {
  const { method = "GET", path, headers = [], body } = asked;
  const cookies = answer.headers["set-cookie"] ?? [];
  const [, tenant, encodedName = ""] = SESSION_ADDRESS.exec(addressOf(path)) ?? [];
  if (mayUseLane(asked)) return cookies.length > (method === "POST" ? 1 : 0) ? `${cookies.length} cookies` : undefined;
  const isSet = status === 204 && tenant !== undefined && (method === "PUT" || method === "DELETE");
  if (cookies.length !== (isSet ? 1 : 0)) return `${cookies.length} cookies`;
  const isUnheard = method === "POST" && tenant !== undefined && isNotActive(answer.text);
  if (status < 300 && ["PUT", "DELETE", "POST"].includes(method) && !isUnheard) {
    if (valueOf(asked, "Origin") !== HUB) return "a write for a page that is not the hub's own";
    if (!["", "same-origin"].includes(valueOf(asked, "Sec-Fetch-Site"))) return "a write for another site";
  }
  if (!isSet) return undefined;
  const [, name = "", value = ""] =
    /^([^=;\s]+)=([^;\s]*); Secure; Path=\/; SameSite=None; Max-Age=\d+$/.exec(cookies[0] ?? "") ?? [];
  if (!isCookieOf(tenant, encodedName, name)) return `the cookie ${cookies[0]}`;
  const [, said = "", history = ""] = /^(:\d+|[^:]+)((?::(?:[a-z\d]{7}){1,16})?)$/.exec(value) ?? [];
  if (history && !headers.some(([one]) => one === "Cookie" || one === "Carryover-Older"))
    return `the history ${history} from nowhere`;
  const isKept =
    method === "DELETE" ? said.startsWith(":") : decodeURIComponent(said) === Buffer.from(body ?? "").toString();
  return isKept ? undefined : `the cookie ${cookies[0]} for another session`;
}

/** As the Worker has it: without `..`, which the runtime has followed. */
function addressOf(path: string): string {
  return URL.parse(HUB + path)?.pathname ?? path;
}

function isCookieOf(tenant: string, encodedName: string, name: string): boolean {
  try {
    return name === `__Host-${tenant}.${decodeURIComponent(encodedName)}`;
  } catch {
    // Of a name with bad escapes only its grammar is known.
    return name.startsWith(`__Host-${tenant}.`) && /^[\w!#$%&'*+.^`|~-]+$/.test(name);
  }
}

function objectionToBody(asked: Asked, { status, headers, text }: Answer, references: References) {
  const { method = "GET" } = asked;
  if (method === "HEAD" || status === 204 || status === 304) return text === "" ? undefined : "a body";
  switch (headers["content-type"]?.toLowerCase().replace("; ", ";")) {
    case "text/plain;charset=utf-8": {
      const isTold =
        status === 405
          ? new RegExp(`^${method} is not spoken here\\. Allowed: [A-Z, ]+\\.$`).test(text)
          : TEXTS[status]?.includes(text);
      return isTold ? undefined : `a text that is not documented: ${status} ${text}`;
    }
    case "application/json":
      return isDocumentedJson(asked, status, text) ? undefined : `JSON that is not documented: ${status} ${text}`;
    case "text/html;charset=utf-8":
      return objectionToPage(status, text, references);
    default:
      return `the content type ${headers["content-type"]}`;
  }
}

function isDocumentedJson(asked: Asked, status: number, text: string): boolean {
  // A refusal of the early lane, for the page's script.
  const { type, reason } = Object(JSON.parse(text)) as Record<string, unknown>;
  if (type === "refused") return TEXTS[status]?.includes(String(reason)) === true;
  if (status === 200 && SESSION_ADDRESS.test(addressOf(asked.path)))
    return isNotActive(text) || (mayUseLane(asked) && isLoaded(asked, text));
  if (status === 200)
    return /^\{"status":"ok","version":"[\d.]+"\}$/.test(text) || text === JSON.stringify(LIVE_SESSION);
  return status === 201 && /^"[\w-]{22}"$/.test(text);
}

/** With no session but the visitor's own: the cookie's, or the page's. */
function isLoaded(asked: Asked, text: string): boolean {
  const { type, access, session } = JSON.parse(text) as Record<string, unknown>;
  if (type !== "loaded" || access !== "granted" || typeof session !== "string") return false;
  return (
    session === "" || valueOf(asked, "Cookie").includes(encodeURIComponent(session)) || isSessionOf(asked.body, session)
  );
}

function isSessionOf(body: Asked["body"], session: string): boolean {
  try {
    return (JSON.parse(Buffer.from(body ?? "").toString()) as { session?: unknown }).session === session;
  } catch {
    return false;
  }
}

/** The session of the batch's code: no other can be redeemed. */
export const LIVE_SESSION = `${CANARY} live session`;

function objectionToPage(status: number, text: string, { iframePages, continueShapes, links }: References) {
  if (iframePages.has(text)) return status === 200 ? undefined : "an iframe page";
  if (!continueShapes.has(shapeOf(text))) return "a page of another shape than with clean requests";
  const strays = linksOf(text).filter((link) => !links.has(link) && !leadsBack(link));
  return strays.length === 0 ? undefined : `a link to ${strays.join()}`;
}

/** To a shop, and without a handoff code. */
function leadsBack(link: string): boolean {
  const { protocol, hostname, port, hash } = new URL(link);
  const isShop = /^(?:www\.shop-[ab]|shop-\d|.+\.shop-c)\.test$/.test(hostname) && protocol === "https:" && port === "";
  return isShop && !/carryover/i.test(decodeURIComponent(hash));
}
