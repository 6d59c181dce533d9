/** Two shops and their chat on one Worker, told apart by host name. */
import type { Env } from "./env.ts";
import { openChat } from "./open-chat.ts";
import { renderShop } from "./render-shop.ts";
import { shopForHostname } from "./shops.ts";

export { ChatSession } from "./chat-session.ts";

export default {
  async fetch(request, env): Promise<Response> {
    const url = new URL(request.url);
    const shop = shopForHostname(url.hostname);
    if (shop === undefined) return new Response("No shop lives on this host name.\n", { status: 404 });
    if (url.pathname === "/chat") return openChat(request, url, shop, env);
    if (request.method !== "GET" && request.method !== "HEAD") {
      return new Response("Method not allowed.\n", { status: 405, headers: { Allow: "GET, HEAD" } });
    }
    if (url.pathname === "/") return renderShop(shop, url, env);
    return new Response("Nothing here.\n", { status: 404 });
  },
} satisfies ExportedHandler<Env>;
