/** Prerendering by speculation rules. */
import { expect } from "vitest";
import { type Browser, type Page, type World, poll } from "../harness/index.ts";
import { type FieldPage, SCRIPT, START } from "./field.ts";

declare global {
  /** What the page has sent, or written into cookies, before it was activated. */
  var early: string[];
  /** When the page was activated, in milliseconds after it was begun; 0, if it was not prerendered. */
  var activated: number;
}

/** A page that notes what is done in it before it is activated. */
export const EARLY: FieldPage = {
  head: `<script>
    early = [];
    const note = (what) => document.prerendering && early.push(what);
    const original = window.fetch;
    window.fetch = (url, init) => {
      if (/POST|PUT|DELETE/.test(init?.method)) note(init.method + " " + url);
      return original(url, init);
    };
    const { sendBeacon } = navigator;
    navigator.sendBeacon = (...sent) => {
      note("beacon " + sent[0]);
      return sendBeacon.apply(navigator, sent);
    };
    const { get, set } = Object.getOwnPropertyDescriptor(Document.prototype, "cookie");
    Object.defineProperty(document, "cookie", {
      get: () => get.call(document),
      set(cookie) {
        note("cookie " + cookie);
        set.call(document, cookie);
      },
    });
    Object.defineProperty(window, "activated", { get: () => performance.getEntriesByType("navigation")[0].activationStart });
  </script>${SCRIPT}${START}`,
};

/** Has the browser prerender the address, and resolves with what shows it: a click on a link, which gives the shown page. */
export async function prerender(world: World, page: Page, href: string): Promise<(browser: Browser) => Promise<Page>> {
  const { host, pathname, search } = new URL(href);
  world.sites.clearLog();
  await page.eval((href) => {
    const rules = { prerender: [{ source: "list", urls: [href], eagerness: "immediate" }] };
    const script = Object.assign(document.createElement("script"), {
      type: "speculationrules",
      textContent: JSON.stringify(rules),
    });
    document.body.prepend(Object.assign(document.createElement("a"), { id: "next", href, textContent: "Next" }));
    document.head.append(script);
  }, href);
  await poll(() => world.sites.log(host).some(({ path }) => path === pathname + search), {
    what: "the page to be prerendered",
  });
  return async (browser) => {
    await page.click("#next");
    // The browser may show it in place of the tab that there was.
    const shown = await poll(
      async () => {
        for (const one of browser.pages()) if (await isShown(one, pathname)) return one;
        return undefined;
      },
      { what: "the prerendered page to be shown" },
    );
    expect(await shown.eval(() => activated)).toBeGreaterThan(0);
    expect(world.sites.log(host).filter(({ path }) => path === pathname + search)).toHaveLength(1);
    return shown;
  };
}

function isShown(page: Page, pathname: string): Promise<boolean> {
  return page
    .eval(
      (pathname) => location.pathname === pathname && !("prerendering" in document && document.prerendering),
      pathname,
    )
    .catch(() => false);
}
