import shopA from "../shops/shop-a.html";
import shopB from "../shops/shop-b.html";

export type ShopId = "shop-a" | "shop-b";

export interface Shop {
  readonly id: ShopId;
  readonly name: string;
  readonly html: string;
  readonly other: ShopId;
}

const SHOPS: Readonly<Record<ShopId, Shop>> = {
  "shop-a": { id: "shop-a", name: "Kettlewright", html: shopA, other: "shop-b" },
  "shop-b": { id: "shop-b", name: "Nightjar", html: shopB, other: "shop-a" },
};

/** The shop that lives on a host name. Any other name is not ours, which also stops DNS rebinding. */
export function shopForHostname(hostname: string): Shop | undefined {
  if (hostname === "shop-a.localhost") return SHOPS["shop-a"];
  if (hostname === "shop-b.localhost") return SHOPS["shop-b"];
  return undefined;
}

export function shopById(id: ShopId): Shop {
  return SHOPS[id];
}

/** The other shop's front page, on the port the visitor is using. */
export function otherShopUrl(shop: Shop, url: URL): string {
  const port = url.port === "" ? "" : `:${url.port}`;
  return `${url.protocol}//${shop.other}.localhost${port}/`;
}
