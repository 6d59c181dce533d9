export type * from "./browser.ts";
export { certificate, type Certificate } from "./certificate.ts";
export { launchChromium } from "./chromium.ts";
export { startHub, type Hub, type HubLogLine, type HubOptions } from "./hub.ts";
export { poll, within, type PollOptions } from "./poll.ts";
export { startProxy, type Proxy, type Route } from "./proxy.ts";
export { shopPage, type ShopPageOptions } from "./shop-page.ts";
export { startSites, type Answer, type Handler, type LoggedRequest, type SiteRequest, type Sites } from "./sites.ts";
export { HUB_ORIGIN, SHOP_A, SHOP_B, startSmallWorld, startWorld, type SmallWorld, type World } from "./world.ts";
