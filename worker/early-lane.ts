import type { Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { BAD_COOKIE_NAME, findCookie, hubCookieName, isCookieName } from "../protocol/cookie-names.ts";
import { decodeHubCookie, isStorable } from "../protocol/hub-cookie.ts";
import { type ArrivalRequest, isArrivalRequest } from "../protocol/handoff.ts";
import { linksOf } from "../protocol/iframe-config.ts";
import {
  type FrameContent,
  type FrameMessage,
  NO_SCOPE,
  type PageState,
  UNASKED,
  fieldsOf,
} from "../protocol/messages.ts";
import { isTrustedOrigin, trustedScope } from "../protocol/origins.ts";
import { MAX_CODES_PER_LINK } from "../protocol/limits.ts";
import { BLOCKED, GRANTED } from "../protocol/access-status.ts";
import { type Result, failure, success } from "../protocol/result.ts";
import { isBase } from "../session/base.ts";
import { INITIAL_STATE, type Effect, step } from "../session/frame.ts";
import { succeedHubCookie } from "../session/history.ts";
import type { Remote } from "../session/reconcile.ts";
import type { Tenant } from "../tenants/tenant-document.ts";
import { answerJson, answerText } from "./answers.ts";
import type { Env } from "./env.ts";
import { fail, logRefusal } from "./handoff/admit.ts";
import { redeemCode } from "./handoff/redeem.ts";
import { setHubCookie } from "./hub-cookie.ts";
import { MAX_LANE_BODY_BYTES } from "./limits.ts";
import { log } from "./log.ts";
import { countIfSampled } from "./outcomes/count.ts";
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

/** What a page asks with: what it has, and what its link has brought, if anything. */
type EarlyRequest = PageState & Partial<ArrivalRequest>;

/**
 * `GET` and `POST /t/<tenant>/session/<name>`: the early lane. A trusted page asks for its session itself, before there is a frame,
 * and is answered what the hub's iframe would say to a first `load`, and to the `repair` that may follow (protocol/messages.ts). With
 * `GET` it has nothing of its own; with `POST` the body is its `PageState`, and the handoff codes of its link.
 *
 * The hub's cookies are believed, and set, only where the browser says that they are the unpartitioned ones: `active`, in a header that
 * no page can write. All else is positive evidence, too: an exact `Origin`, a `cors` request. What is missing is never taken for granted.
 * Where the browser says that there are none, a link's session is all that there is.
 *
 * @see https://privacycg.github.io/storage-access-headers/
 */
export async function answerEarly(c: LaneContext): Promise<Response> {
  const origin = c.req.header("Origin") ?? "";
  const id = c.req.param("tenant") ?? "";
  const tenant = await findTenant(c, id);
  if (!tenant.ok) {
    const failed = answerTenantFailure(c, tenant.reason, readableBy(origin));
    return tenant.reason === "unavailable" ? failed : asMessage(failed, "unreachable");
  }
  if (!isTrustedOrigin(origin, tenant.value.trustedOrigins)) {
    countIfSampled(c.env, id, "untrusted");
    const text = "The hub does not trust this page: add its origin to TRUSTED_DOMAINS.";
    return asMessage(refuse(c, 403, text, "origin not trusted"), "untrusted");
  }
  if (c.req.header("Sec-Fetch-Mode") !== "cors") {
    return refuse(c, 403, "Only a fetch with mode cors is answered.", "not a cors request");
  }
  const name = c.req.param("name");
  if (!isCookieName(name)) return refuse(c, 400, BAD_COOKIE_NAME, "bad cookie name");

  let request: EarlyRequest = NOTHING;
  if (c.req.method === "POST") {
    if (!(await isWithinRate(c, c.env.SESSION_LIMIT, "early")))
      return answerTooManyRequests(c, "early", readableBy(origin));
    const state = await c.req.json<unknown>().catch(() => undefined);
    if (!isEarlyRequest(state)) return refuse(c, 400, "The body must be the page's state.", "malformed state");
    request = state;
    // The page has its code redeemed in another way, by another limit.
    if (request.codes && !(await isWithinRate(c, c.env.HANDOFF_LIMIT, "handoff")))
      return answerTooManyRequests(c, "handoff", readableBy(origin));
  }
  const storageAccess = c.req.header("Sec-Fetch-Storage-Access");
  if (storageAccess === "active" || (storageAccess === "none" && request.codes)) {
    const brought = await redeem(c, tenant.value, origin, name, request);
    return brought.ok
      ? merge(c, tenant.value, origin, name, request, brought.value, storageAccess === "active")
      : fail(c, brought.reason, readableBy(origin));
  }
  const activate = { "Activate-Storage-Access": `retry; allowed-origin="${origin}"` };
  const headers = { ...readableBy(origin), ...(storageAccess === "inactive" && activate) };
  return answerJson(c, 200, { reason: NOT_ACTIVE }, headers);
}

/** The session that the page's link has brought for this cookie: `""` with none. Fails if the way to a code is down. */
async function redeem(
  c: LaneContext,
  tenant: Tenant,
  to: string,
  name: string,
  { codes = "", referrer = "", claim }: EarlyRequest,
): Promise<Result<string, Error>> {
  if (!codes) return success("");
  const redeemed = await Promise.all(
    codes
      .split(".")
      .slice(0, MAX_CODES_PER_LINK)
      .map((code) => redeemCode(c, tenant, { code, name, to, referrer, claim })),
  );
  for (const one of redeemed) if (one.ok) return one;
  for (const one of redeemed) {
    if (one.ok) continue;
    if (one.reason instanceof Error) return failure(one.reason);
    logRefusal(c, one.reason, 200);
  }
  return success("");
}

/** Goes through the steps of the iframe: a load, and the repair of what the hub lacks. */
function merge(
  c: LaneContext,
  tenant: Tenant,
  origin: string,
  name: string,
  { session: own, base: known }: PageState,
  brought: string,
  hasAccess: boolean,
): Response {
  const id = c.req.param("tenant") ?? "";
  const cookieName = hubCookieName(c.req.url.startsWith("https:"), id, name);
  const before = findCookie(c.req.header("Cookie") ?? "", cookieName);
  const evidence: Remote = hasAccess ? decodeHubCookie(before) : { kind: "unknown" };
  const request = { session: own, base: known, type: "load", id: UNASKED, codes: "", arrived: "" } as const;
  const [state, loading] = step(INITIAL_STATE, { type: "load", request, brought, evidence });
  if (loading.some(({ type }) => type === "adopted")) countIfSampled(c.env, id, "handoff");
  const loaded = contentOf(loading, "loaded");
  if (!loaded) throw new Error("A load was not answered.");
  const { session, base } = loaded;
  const answer = (content: typeof loaded, headers: Record<string, string> = {}) =>
    answerJson(
      c,
      200,
      {
        ...content,
        ...(brought && { redeemed: true }),
        id: UNASKED,
        ...(hasAccess ? GRANTED : BLOCKED),
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
  const { saved = false, base: agreed = base } = contentOf(done, "answered") ?? {};
  return answer({ ...loaded, base: agreed, saved, pending: false }, setHubCookie(cookieName, value, tenant));
}

/** What is final, as a message: the page has its status at once, and asks no frame. */
async function asMessage(refusal: Response, access: "untrusted" | "unreachable"): Promise<Response> {
  const message = { type: "refused", id: UNASKED, access, reason: await refusal.text(), links: "", scope: NO_SCOPE };
  const answer = Response.json(message, refusal);
  answer.headers.set("Content-Type", "application/json");
  return answer;
}

function contentOf<Type extends FrameContent["type"]>(effects: readonly Effect[], type: Type) {
  return effects
    .flatMap((effect) => (effect.type === "send" ? [effect.content] : []))
    .find((content): content is FrameContent & { readonly type: Type } => content.type === type);
}

function isEarlyRequest(data: unknown): data is EarlyRequest {
  const { session, base, codes } = fieldsOf(data);
  const isState = typeof session === "string" && isStorable(session) && typeof base === "string" && isBase(base);
  return isState && (!codes || isArrivalRequest(data));
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
