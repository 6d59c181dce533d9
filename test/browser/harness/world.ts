import type { Browser, Surroundings, Wish } from "./browser.ts";
import { certificate } from "./certificate.ts";
import { launchChromium } from "./chromium.ts";
import { launchFirefox } from "./firefox.ts";
import { startHub, type Hub, type HubOptions } from "./hub.ts";
import { startProxy, type Proxy } from "./proxy.ts";
import { startSites, type Sites } from "./sites.ts";
import { launchWebKit } from "./webkit.ts";

export const HUB_ORIGIN = "https://hub.test";
export const SHOP_A = "https://shop-a.test";
export const SHOP_B = "https://shop-b.test";

/** Sites, a proxy that gives them names, and browsers that see nothing else. `https://hub.test` is a site like the others. */
export interface SmallWorld {
  sites: Sites;
  proxy: Proxy;
  /** Starts a browser in this world; it ends with it. */
  launch(wish: Wish): Promise<Browser>;
  close(): Promise<void>;
}

/** The same with the real hub at `https://hub.test`. */
export interface World extends SmallWorld {
  hub: Hub;
  /** Makes the hub dead, silent or slow, or well again. Connections it has are cut. */
  setHub(state: "up" | "refusing" | "silent" | { delayMs: number }): void;
}

export async function startSmallWorld(): Promise<SmallWorld> {
  const tls = await certificate();
  const sites = await startSites(tls);
  const proxy = await startProxy(sites);
  const browsers: Browser[] = [];
  return {
    sites,
    proxy,
    async launch(wish) {
      const browser = await launchEngine(wish, {
        proxyPort: proxy.port,
        hubOrigin: HUB_ORIGIN,
        publicKeyHash: tls.publicKeyHash,
      });
      browsers.push(browser);
      return browser;
    },
    async close() {
      await Promise.all(browsers.map((browser) => browser.close()));
      await Promise.all([proxy.close(), sites.close()]);
    },
  };
}

function launchEngine(wish: Wish, surroundings: Surroundings): Promise<Browser> {
  switch (wish.engine) {
    case "firefox":
      return launchFirefox({ ...surroundings, policy: wish.policy });
    case "webkit":
      return launchWebKit({ ...surroundings, policy: wish.policy });
    default:
      return launchChromium({ ...surroundings, ...wish });
  }
}

export async function startWorld(options: HubOptions): Promise<World> {
  const small = await startSmallWorld();
  try {
    const hub = await startHub(await certificate(), options);
    const setHub: World["setHub"] = (state) => {
      if (state === "refusing") small.proxy.route("hub.test", { to: "nowhere" });
      else if (state === "silent") small.proxy.route("hub.test", { to: "silence" });
      else
        small.proxy.route("hub.test", {
          to: "port",
          port: hub.port,
          delayMs: state === "up" ? 0 : state.delayMs,
        });
    };
    setHub("up");
    return {
      ...small,
      hub,
      setHub,
      async close() {
        await small.close();
        await hub.stop();
      },
    };
  } catch (error) {
    await small.close();
    throw error;
  }
}
