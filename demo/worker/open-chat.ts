import { isSessionId, SESSION_COOKIE_NAME } from "../protocol/session-id.ts";
import type { Env } from "./env.ts";
import type { Shop } from "./shops.ts";

/**
 * Connects a shop page to its visitor's chat.
 *
 * The session id comes in the cookie, never in the URL, where logs would keep it. Browsers send cookies with any
 * site's WebSocket request and let the answer be read, so `Origin` must be this shop's own.
 */
export function openChat(request: Request, url: URL, shop: Shop, env: Env): Promise<Response> | Response {
  if (request.headers.get("Upgrade")?.toLowerCase() !== "websocket") {
    return new Response("A WebSocket was expected.\n", { status: 426, headers: { Upgrade: "websocket" } });
  }
  if (request.headers.get("Origin") !== url.origin) return new Response("Wrong origin.\n", { status: 403 });
  const session = readCookie(request.headers.get("Cookie"), SESSION_COOKIE_NAME);
  if (!isSessionId(session)) return new Response("No chat session.\n", { status: 400 });

  const headers = new Headers({ Upgrade: "websocket", "X-Demo-Shop": shop.id });
  return env.CHAT_SESSIONS.getByName(session).fetch("https://chat.internal/", { headers });
}

function readCookie(header: string | null, name: string): string | undefined {
  for (const pair of (header ?? "").split(";")) {
    const [key, value] = pair.split("=", 2);
    if (key?.trim() === name) return value?.trim();
  }
  return undefined;
}
