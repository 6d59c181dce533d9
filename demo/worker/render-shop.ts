import chat from "../shops/chat.html";
import strip from "../shops/strip.html";
import { contentSecurityPolicy } from "./content-security-policy.ts";
import type { Env } from "./env.ts";
import { otherShopUrl, type Shop } from "./shops.ts";

/** A shop's page. The hub's address and the other shop's are the only things that differ between two runs. */
export function renderShop(shop: Shop, url: URL, env: Env): Response {
  const hub = new URL(env.HUB_ORIGIN).origin;
  const values: Readonly<Record<string, string>> = {
    HUB: hub,
    IFRAME_URL: `${hub}/t/${env.TENANT}/iframe.html`,
    OTHER_SHOP: otherShopUrl(shop, url),
  };
  // Partials first: they hold placeholders of their own.
  const html = shop.html
    .replace("{{STRIP}}", () => strip)
    .replace("{{CHAT}}", () => chat)
    .replace(/\{\{([A-Z_]+)\}\}/g, (_placeholder, name: string) => escapeHtml(values[name] ?? ""));
  return new Response(html, {
    headers: {
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy": contentSecurityPolicy(url, hub),
      "Cache-Control": "no-cache",
      "X-Content-Type-Options": "nosniff",
      // The hub redeems a handoff only when it knows which shop the visitor comes from; the origin is enough.
      "Referrer-Policy": "strict-origin-when-cross-origin",
    },
  });
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
