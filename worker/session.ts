import type { Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { BAD_COOKIE_NAME, findCookie, hubCookieName, isCookieName } from "../protocol/cookie-names.ts";
import { isSessionValue } from "../protocol/hub-cookie.ts";
import { MAX_COOKIE_BYTES } from "../protocol/limits.ts";
import { OLDER_HEADER } from "../protocol/routes.ts";
import { succeedHubCookie } from "../session/history.ts";
import { answerText } from "./answers.ts";
import type { Env } from "./env.ts";
import { setHubCookie } from "./hub-cookie.ts";
import { log } from "./log.ts";
import { answerTooManyRequests, isWithinRate } from "./rate-limit.ts";
import { isSameOrigin } from "./same-origin.ts";
import { securityHeaders } from "./security-headers.ts";
import { answerTenantFailure } from "./tenant-failures.ts";
import { findTenant } from "./tenant-store.ts";

type SessionContext = Context<{ Bindings: Env }>;

/** Refuses a body that no cookie could hold before it is read into memory. */
export const limitSessionBody = bodyLimit({
  maxSize: MAX_COOKIE_BYTES,
  onError: (c) => refuse(c, 413, `A session may have at most ${MAX_COOKIE_BYTES} bytes.`, "body too large"),
});

/** `PUT /t/<tenant>/session/<name>`: sets the hub cookie to the session in the request's body (UTF-8 text). */
export function putSession(c: SessionContext): Promise<Response> {
  return changeSession(c, async () => {
    const value = decodeText(await c.req.arrayBuffer());
    if (value !== undefined && isSessionValue(value)) return value;
    return refuse(
      c,
      400,
      "The session must be UTF-8 text that a cookie can hold: not empty, no semicolon, no control characters.",
      "bad value",
    );
  });
}

/** `DELETE /t/<tenant>/session/<name>`: puts a tombstone in the session's place, so that other sites forget the ended chat. */
export function deleteSession(c: SessionContext): Promise<Response> {
  return changeSession(c, () => null);
}

/** @param readSession what the cookie is to hold; `null` is the tombstone */
async function changeSession(
  c: SessionContext,
  readSession: () => null | Promise<string | Response>,
): Promise<Response> {
  if (!isSameOrigin(c)) return refuse(c, 403, "Only the hub's own pages may do this.", "not same-origin");
  const id = c.req.param("tenant") ?? "";
  const tenant = await findTenant(c, id);
  if (!tenant.ok) return answerTenantFailure(c, tenant.reason);
  if (!(await isWithinRate(c, c.env.SESSION_LIMIT, "session"))) return answerTooManyRequests(c, "session");
  const name = c.req.param("name");
  if (!isCookieName(name)) return refuse(c, 400, BAD_COOKIE_NAME, "bad cookie name");

  const cookieName = hubCookieName(c.req.url.startsWith("https:"), id, name);
  const session = await readSession();
  if (session instanceof Response) return session;
  const before = findCookie(c.req.header("Cookie") ?? "", cookieName);
  const older = c.req.header(OLDER_HEADER) ?? "";
  const nowSeconds = Date.now() / 1000;
  const value = succeedHubCookie({ hubCookieName: cookieName, before, session, older, nowSeconds });
  if (value === undefined)
    return refuse(
      c,
      413,
      `Name and percent-encoded session may have at most ${MAX_COOKIE_BYTES} bytes together.`,
      "value too large",
    );
  return new Response(null, {
    status: 204,
    headers: {
      ...securityHeaders(c.req.url),
      "Cache-Control": "no-store",
      ...setHubCookie(cookieName, value, tenant.value),
    },
  });
}

function decodeText(bytes: ArrayBuffer): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function refuse(c: Context, status: 400 | 403 | 413, text: string, reason: string): Response {
  log(c, { event: "refused", status, reason: `session: ${reason}` });
  return answerText(c, status, text);
}
