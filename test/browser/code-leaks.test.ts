/** Where a handoff code might get out of the address or the link that carries it, and does not. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { whyNoEngine } from "../../scripts/browsers/ensure-engine.ts";
import { type Browser, HUB_ORIGIN, type Page, SHOP_A, SHOP_B, type World, startWorld } from "./harness/index.ts";
import { BLOCKED, arrived, linkedShop, putHtml, serveLinkedShops, startOnA } from "./linked-shops.ts";

/** The mark of a code in a fragment. */
const MARK = "carryover=";

declare global {
  /** The page's address as its first script sees it, before Carryover's. */
  var addressAtFirst: string;
  /** Everything the page itself is told of violations, as JSON. */
  var violations: string[];
  /** What a link gives away while it is dragged or copied. */
  var taken: Record<string, string>;
}

/** Two policies, because Chromium ignores `report-uri` beside `report-to`. Both are violated by each script and image. */
const REPORT_ONLY = {
  "content-security-policy-report-only": [
    "img-src 'none'; script-src 'none' 'report-sample'; frame-src 'none'; report-uri /csp-reports",
    "img-src 'none'; script-src 'none' 'report-sample'; frame-src 'none'; report-to csp",
  ].join(", "),
  "reporting-endpoints": `csp="${SHOP_B}/csp-reports?by=report-to"`,
};

/** A script before Carryover's and one after it. The first has an image at the page's own address, code and all. */
const WATCHED = `<script>
    addressAtFirst = location.href;
    violations = [];
    const fieldsOf = (object) => JSON.stringify(Object.fromEntries(Object.keys(Object.getPrototypeOf(object)).concat(Object.keys(object)).map((key) => [key, String(object[key])])));
    document.addEventListener("securitypolicyviolation", (event) => violations.push(fieldsOf(event)));
    // Only the bodies: in Chromium the report's own url has the fragment, for the page's scripts alone (SECURITY.md, Accepted).
    if (window.ReportingObserver)
      new ReportingObserver((reports) => violations.push(...reports.map(({ body }) => JSON.stringify(body))), { buffered: true }).observe();
    new Image().src = "/before.png";
    new Image().src = location.href;
  </script>
  <script src="${HUB_ORIGIN}/cookie-provider.min.js"></script>
  <script>new Image().src = "/after.png";</script>`;

let world: World;
let reports: string[];

beforeAll(async () => {
  world = await startWorld({ tenants: { acme: JSON.stringify([SHOP_A, SHOP_B]) } });
  serveLinkedShops(world, ["shop-a.test"]);
  serveLinkedShops(world, ["shop-b.test"], REPORT_ONLY, WATCHED);
  world.sites.serve("shop-b.test", "/csp-reports", ({ url, body, headers }) => {
    reports.push(JSON.stringify({ by: url.search, headers, body }));
    return { status: 204 };
  });
});

beforeEach(() => {
  reports = [];
});

afterAll(() => world?.close());

describe.each(["chromium", "firefox", "webkit"] as const)("in %s", (engine) => {
  const why = whyNoEngine(engine);
  describe.skipIf(why !== undefined)(`a page with a policy that reports (${why ?? "available"})`, () => {
    let browser: Browser;
    let page: Page;

    beforeAll(async () => {
      browser = await world.launch(BLOCKED[engine]);
    });

    afterAll(() => browser?.close());

    afterEach(() => page?.close());

    test("reports no handoff code, neither before Carryover's script has run nor after", async () => {
      const { page: shop, name } = await startOnA(browser, "from-a");
      page = shop;
      const decorated = await page.eval((url) => provider.decorate(url), linkedShop(SHOP_B, { name }));
      await page.eval((url) => location.assign(url), decorated);
      expect(await arrived(page, SHOP_B)).toBe("from-a");
      // Otherwise there was nothing to report.
      expect(await page.eval(() => addressAtFirst)).toContain(MARK);

      await expect.poll(() => reports.filter((one) => one.includes("before.png")).length).toBeGreaterThan(0);
      await expect.poll(() => reports.filter((one) => one.includes("after.png")).length).toBeGreaterThan(0);
      await expect.poll(() => reports.filter((one) => one.includes("by=report-to")).length).toBeGreaterThan(0);
      const told = await page.eval(() => violations);
      expect(told.length).toBeGreaterThan(0);
      const [, code = "none"] = (await page.eval(() => addressAtFirst)).split(MARK);
      for (const one of [...reports, ...told]) {
        expect(one).not.toMatch(/#carryover|carryover%3D/);
        expect(one).not.toContain(code);
      }
    });
  });
});

describe("a link to another trusted site", () => {
  let browser: Browser;
  let page: Page;
  let name: string;

  beforeAll(async () => {
    browser = await world.launch(BLOCKED.chromium);
  });

  afterAll(() => browser?.close());

  beforeEach(async () => {
    ({ page, name } = await startOnA(browser, "from-a"));
    await putHtml(page, `<p><a id="over" href="${SHOP_B}/?name=${name}">Our other shop, with a long name</a></p>`);
    await page.eval(() => {
      taken = {};
      // The page stays, to be looked at.
      document.getElementById("over")!.addEventListener("click", (event) => event.preventDefault());
      addEventListener("dragstart", (event) => {
        const { dataTransfer } = event;
        for (const type of dataTransfer?.types ?? []) taken[type] = dataTransfer?.getData(type) ?? "";
        // The browser would go on to drag, and there is no desktop to drop the link on.
        event.preventDefault();
      });
    });
  });

  afterEach(() => page?.close());

  function minted(): number {
    return page.requests.filter(({ url, status }) => url.endsWith("/handoff") && status === 201).length;
  }

  test("carries no code when it is dragged, although the press has made one", async () => {
    const before = minted();
    await page.click("#over", { holdMs: 1000, dragPx: 60 });
    await page.waitFor(() => Object.keys(taken).length > 0);
    expect(minted()).toBe(before + 1);
    const data = await page.eval(() => taken);
    expect(data["text/uri-list"]).toBe(`${SHOP_B}/?name=${name}`);
    expect(JSON.stringify(data)).not.toContain(MARK);
  });

  test("carries no code when it is copied while it is pressed", async () => {
    const before = minted();
    await page.eval(() => {
      const over = document.getElementById("over")!;
      addEventListener("copy", () => {
        const range = getSelection()?.getRangeAt(0);
        const holder = document.createElement("div");
        if (range) holder.append(range.cloneContents());
        taken["copied"] = holder.innerHTML;
        taken["address"] = (over as HTMLAnchorElement).href;
      });
      over.addEventListener("pointerdown", () =>
        setTimeout(() => {
          getSelection()?.selectAllChildren(over.parentElement!);
          document.execCommand("copy");
        }, 700),
      );
    });
    await page.click("#over", { holdMs: 1000 });
    await page.waitFor(() => "copied" in taken);
    expect(minted()).toBe(before + 1);
    expect(await page.eval(() => taken)).toEqual({
      copied: `<a id="over" href="${SHOP_B}/?name=${name}">Our other shop, with a long name</a>`,
      address: `${SHOP_B}/?name=${name}`,
    });
  });
});
