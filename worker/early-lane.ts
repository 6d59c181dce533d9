import type { Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { BAD_COOKIE_NAME, findCookie, hubCookieName, isCookieName } from "../protocol/cookie-names.ts";
import { decodeHubCookie, isStorable } from "../protocol/hub-cookie.ts";
import { linksOf } from "../protocol/iframe-config.ts";
import { type FrameContent, type FrameMessage, type PageState, UNASKED, fieldsOf } from "../protocol/messages.ts";
import { isTrustedOrigin, trustedScope } from "../protocol/origins.ts";
import { isBase } from "../session/base.ts";
import { INITIAL_STATE, type Effect, step } from "../session/frame.ts";
import { succeedHubCookie } from "../session/history.ts";
import type { Tenant } from "../tenants/tenant-document.ts";
import { answerJson, answerText } from "./answers.ts";
import type { Env } from "./env.ts";
import { setHubCookie } from "./hub-cookie.ts";
import { MAX_LANE_BODY_BYTES } from "./limits.ts";
import { log } from "./log.ts";
import { answerTooManyRequests, isWithinRate } from "./rate-limit.ts";
import { answerTenantFailure } from "./tenant-failures.ts";
import { findTenant } from "./tenant-store.ts";

type LaneContext = Context<{ Bindings: Env }>;

const NOT_ACTIVE =
  "The hub's cookies cannot be told from others: the browser does not say Sec-Fetch-Storage-Access: active.";

const NOTHING: PageState = { session: "", base: "" };

/** Refuses a body that no page would send before it is read into memory. */
export const limitLaneBody = bodyLimit({
  maxSize: MAX_LANE_BODY_BYTES,
  onError: (c) => refuse(c, 413, `The page's state may have at most ${MAX_LANE_BODY_BYTES} bytes.`, "body too large"),
});

/**
 * `GET` and `POST /t/<tenant>/session/<name>`: the early lane. A trusted page asks for its session itself, before there is a frame,
 * and is answered what the hub's iframe would say to a first `load`, and to the `repair` that may follow (protocol/messages.ts). With
 * `GET` it has nothing of its own; with `POST` the body is its `PageState`.
 *
 * The hub's cookies are believed, and set, only where the browser says that they are the unpartitioned ones: `active`, in a header that
 * no page can write. All else is positive evidence, too: an exact `Origin`, a `cors` request. What is missing is never taken for granted.
 *
 * @see https://privacycg.github.io/storage-access-headers/
 */
export async function answerEarly(c: LaneContext): Promise<Response> {
  const origin = c.req.header("Origin") ?? "";
  const id = c.req.param("tenant") ?? "";
  const tenant = await findTenant(c, id);
  if (!tenant.ok) return answerTenantFailure(c, tenant.reason, readableBy(origin));
  if (!isTrustedOrigin(origin, tenant.value.trustedOrigins)) {
    return refuse(c, 403, "The hub does not trust this page: add its origin to TRUSTED_DOMAINS.", "origin not trusted");
  }
  if (c.req.header("Sec-Fetch-Mode") !== "cors") {
    return refuse(c, 403, "Only a fetch with mode cors is answered.", "not a cors request");
  }
  const name = c.req.param("name");
  if (!isCookieName(name)) return refuse(c, 400, BAD_COOKIE_NAME, "bad cookie name");

  const storageAccess = c.req.header("Sec-Fetch-Storage-Access");
  if (storageAccess !== "active") {
    return answerJson(
      c,
      200,
      { reason: NOT_ACTIVE },
      {
        ...readableBy(origin),
        ...(storageAccess === "inactive" && { "Activate-Storage-Access": `retry; allowed-origin="${origin}"` }),
      },
    );
  }
  if (c.req.method === "GET" || c.req.method === "HEAD") return merge(c, tenant.value, origin, name, NOTHING);
  if (!(await isWithinRate(c, c.env.SESSION_LIMIT, "early")))
    return answerTooManyRequests(c, "early", readableBy(origin));
  const state = await c.req.json<unknown>().catch(() => undefined);
  if (!isPageState(state)) return refuse(c, 400, "The body must be the page's state.", "malformed state");
  return merge(c, tenant.value, origin, name, state);
}

/** Goes through the steps of the iframe: a load, and the repair of what the hub lacks. */
function merge(c: LaneContext, tenant: Tenant, origin: string, name: string, page: PageState): Response {
  const cookieName = hubCookieName(c.req.url.startsWith("https:"), c.req.param("tenant") ?? "", name);
  const before = findCookie(c.req.header("Cookie") ?? "", cookieName);
  const evidence = decodeHubCookie(before);
  const request = { ...page, type: "load", id: UNASKED, codes: "", arrived: "" } as const;
  const [state, loading] = step(INITIAL_STATE, { type: "load", request, brought: "", evidence });
  const loaded = contentOf(loading, "loaded");
  if (!loaded) throw new Error("A load was not answered.");
  const { session, base } = loaded;
  const answer = (content: typeof loaded, headers: Record<string, string> = {}) =>
    answerJson(
      c,
      200,
      {
        ...content,
        id: UNASKED,
        access: "granted",
        reason: "The hub can use its cookies on this page.",
        links: linksOf({ handoff: tenant.handoff, trustedDomains: tenant.trustedOrigins }),
        scope: trustedScope(origin, tenant.trustedOrigins),
      } satisfies FrameMessage,
      { ...readableBy(origin), ...headers },
    );
  if (!loaded.pending) return answer(loaded);

  const repair = { type: "repair", id: UNASKED, session, base } as const;
  const [writing, effects] = step(state, { type: "asked", request: repair, evidence });
  const write = effects.find((effect) => effect.type === "write");
  const value =
    write &&
    succeedHubCookie({
      hubCookieName: cookieName,
      before,
      session: write.session || null,
      older: write.older,
      nowSeconds: Date.now() / 1000,
    });
  if (value === undefined) return answer(loaded);
  const [, done] = step(writing, { type: "written", evidence: decodeHubCookie(value), failure: undefined });
  const { saved = false, base: known = base } = contentOf(done, "answered") ?? {};
  return answer({ ...loaded, base: known, saved, pending: false }, setHubCookie(cookieName, value, tenant));
}

function contentOf<Type extends FrameContent["type"]>(effects: readonly Effect[], type: Type) {
  return effects
    .flatMap((effect) => (effect.type === "send" ? [effect.content] : []))
    .find((content): content is FrameContent & { readonly type: Type } => content.type === type);
}

function isPageState(data: unknown): data is PageState {
  const { session, base } = fieldsOf(data);
  return typeof session === "string" && isStorable(session) && typeof base === "string" && isBase(base);
}

/** By the page that asks, with its cookies, and by no other. */
function readableBy(origin: string): Record<string, string> {
  if (origin === "") return {};
  return {
    "Access-Control-Allow-Origin": origin,
    "Access-Control-Allow-Credentials": "true",
    Vary: "Origin, Sec-Fetch-Storage-Access",
  };
}

function refuse(c: Context, status: 400 | 403 | 413, text: string, reason: string): Response {
  log(c, { event: "refused", status, reason: `early: ${reason}` });
  return answerText(c, status, text, readableBy(c.req.header("Origin") ?? ""));
}
