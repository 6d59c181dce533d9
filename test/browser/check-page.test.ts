/** The check page, as an integrator puts it into a shop: what it says is what the browser does. */
import axe from "axe-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { whyNoEngine } from "../../scripts/browsers/ensure-engine.ts";
import {
  type Browser,
  HUB_ORIGIN,
  type Page,
  SHOP_A,
  SHOP_B,
  type Wish,
  type World,
  shopPage,
  startWorld,
} from "./harness/index.ts";
import { snippetFor } from "../../worker/check-page/snippet.ts";
import { closeTabs } from "./shop.ts";

const CHECK = `${HUB_ORIGIN}/t/acme/check`;

let world: World;
let browser: Browser;

beforeAll(async () => {
  world = await startWorld({ tenants: { acme: JSON.stringify([SHOP_A, SHOP_B]) } });
  const embedding = (headers: Record<string, string> = {}) =>
    shopPage({
      title: "A shop",
      body: `<iframe src="${CHECK}" allow="storage-access; clipboard-write" width="700" height="1400"></iframe>`,
      headers,
    });
  for (const host of ["shop-a.test", "evil.test"]) world.sites.serve(host, "/", embedding());
  world.sites.serve("shop-a.test", "/coop", embedding({ "cross-origin-opener-policy": "same-origin" }));
  world.sites.serve("shop-a.test", "/silent", embedding({ "referrer-policy": "no-referrer" }));
  world.sites.serve("shop-a.test", "/closed", embedding({ "permissions-policy": "storage-access=()" }));
  world.sites.serve(
    "shop-a.test",
    "/odd",
    shopPage({
      head: `<script src="${HUB_ORIGIN}/cookie-provider.min.js"></script>`.repeat(2) + `<script>Turbo = {};</script>`,
      body: `<form name="cookie"></form><form name="search"></form><a rel="noopener noreferrer" href="${SHOP_B}/">B</a><a referrerpolicy="no-referrer" href="${SHOP_B}/sale">B</a><a rel="noreferrer" href="/own">A</a><a rel="noreferrer" href="https://evil.test/">E</a><a href="${SHOP_B}/">B</a>`,
    }),
  );
  world.sites.serve(
    "shop-a.test",
    "/link",
    shopPage({ title: "A shop", body: `<a id="check" href="${CHECK}">Check</a>` }),
  );
});

afterAll(() => world?.close());

type Frame = Awaited<ReturnType<Page["frame"]>>;

/** All rungs have been gone down when the last is there. */
async function checked(page: Page): Promise<Frame> {
  const frame = await page.frame();
  await frame.waitFor(`document.querySelector('[data-rung="Small window"]') !== null`);
  return frame;
}

function verdicts(frame: Pick<Frame, "eval">): Promise<Record<string, string | undefined>> {
  return frame.eval(() =>
    Object.fromEntries(
      [...document.querySelectorAll<HTMLElement>("#rungs li")].map(({ dataset }) => [
        dataset["rung"],
        dataset["verdict"],
      ]),
    ),
  );
}

function wordsOf(frame: Pick<Frame, "eval">, rung: string): Promise<string> {
  return frame.eval((rung) => document.querySelector(`[data-rung="${rung}"]`)?.textContent ?? "", rung);
}

function summaryOf(frame: Pick<Frame, "eval">): Promise<string> {
  return frame.eval(() => document.querySelector("#summary")?.textContent ?? "");
}

/** Presses the button of a rung. */
async function attempt(frame: Frame, rung: string): Promise<void> {
  await frame.eval((rung) => void (document.querySelector(`[data-rung="${rung}"] button`)!.id = "trial"), rung);
  await frame.click("#trial");
  await frame.waitFor(`document.querySelector("#trial") === null`);
}

const WISHES: readonly (readonly [string, Wish, Record<string, string>, string])[] = [
  [
    "chromium, third-party cookies allowed",
    { engine: "chromium", policy: "allow" },
    { Cookies: "good", "Storage access": "good", "Save and load": "good", Prompt: "good" },
    "at once",
  ],
  [
    "chromium, blocked",
    { engine: "chromium", policy: "block" },
    {
      Cookies: "limited",
      Partitioning: "limited",
      "Storage access": "limited",
      "Save and load": "limited",
      Prompt: "open",
    },
    "links between your sites",
  ],
  [
    "firefox, partitioned",
    { engine: "firefox", policy: "block" },
    {
      Cookies: "good",
      Partitioning: "limited",
      "Storage access": "limited",
      "Save and load": "limited",
      Prompt: "open",
    },
    "links between your sites",
  ],
  [
    "webkit, tracking prevention",
    { engine: "webkit", policy: "block" },
    { "Storage access": "limited", "Save and load": "limited", Prompt: "open" },
    "links between your sites",
  ],
];

describe.each(WISHES)("embedded in a trusted site, in %s", (_, wish, expected, summary) => {
  const why = whyNoEngine(wish.engine ?? "chromium");

  test.skipIf(why !== undefined)(`finds each rung as it is (${why ?? "had here"})`, async () => {
    browser = await world.launch(wish);
    const page = await browser.open(`${SHOP_A}/`);
    const frame = await checked(page);
    expect(await verdicts(frame)).toMatchObject({
      "This site": "good",
      Links: "good",
      "Small window": "open",
      ...expected,
    });
    expect(await summaryOf(frame)).toContain(summary);
    expect(await frame.eval(() => document.cookie)).not.toContain("carryover-check=");
    await browser.close();
  });
});

describe("in a Chromium that blocks third-party cookies", () => {
  beforeAll(async () => {
    browser = await world.launch({ engine: "chromium", policy: "block" });
  });

  afterEach(() => closeTabs(browser));

  afterAll(() => browser?.close());

  test("the prompt is refused, with what to do; the small window is heard", async () => {
    const frame = await checked(await browser.open(`${SHOP_A}/`));
    await attempt(frame, "Prompt");
    expect(await verdicts(frame)).toMatchObject({ Prompt: "limited" });
    expect(await wordsOf(frame, "Prompt")).toMatch(
      /Refused \(NotAllowedError\).*Chrome asks only for sites that the visitor has been to/,
    );
    await attempt(frame, "Small window");
    await frame.waitFor(`document.querySelector('[data-rung="Small window"]').dataset.verdict === "good"`);
    await expect.poll(() => browser.pages().filter((one) => one.url().includes("#window")).length).toBe(0);
  });

  test("a site that cuts its windows off is told which header does it", async () => {
    const frame = await checked(await browser.open(`${SHOP_A}/coop`));
    await attempt(frame, "Small window");
    expect(await verdicts(frame)).not.toMatchObject({ "Small window": "good" });
    expect(await wordsOf(frame, "Small window")).toContain("Cross-Origin-Opener-Policy same-origin-allow-popups");
  });

  test("a site without a referrer is told what that costs", async () => {
    const frame = await checked(await browser.open(`${SHOP_A}/silent`));
    expect(await verdicts(frame)).toMatchObject({ Links: "limited" });
    expect(await wordsOf(frame, "Links")).toMatch(
      /gave the session back.*forms arrive without the chat.*Referrer-Policy/,
    );
    expect(await summaryOf(frame)).toContain("links between your sites");
  });

  test("a site whose policy forbids storage access is told so", async () => {
    const frame = await checked(await browser.open(`${SHOP_A}/closed`));
    expect(await verdicts(frame)).toMatchObject({ "Storage access": "bad" });
    expect(await wordsOf(frame, "Storage access")).toContain("Permissions-Policy");
  });

  test("a site that is not trusted reads in the frame what to add, and nothing else is tried", async () => {
    const page = await browser.open("https://evil.test/");
    const frame = await page.frame();
    await frame.waitFor(`document.querySelector("#summary") !== null`);
    expect(await frame.eval(() => document.querySelectorAll("#rungs li").length)).toBe(1);
    expect(await frame.eval(() => document.body.textContent)).toContain('Add "https://evil.test" to TRUSTED_DOMAINS');
    expect(page.requests.filter(({ url }) => /handoff|session|check\.mjs/.test(url))).toEqual([]);
  });

  test("opened by a link it says that the site is trusted, and how to look from within", async () => {
    const page = await browser.open(`${SHOP_A}/link`);
    await page.click("#check");
    await page.waitFor(() => document.querySelectorAll("#rungs li").length === 2);
    expect(await verdicts(page)).toEqual({ "This site": "good", Cookies: "good" });
    // What it says to paste does what it says.
    const snippet = await page.eval(() => document.querySelector("#snippet")?.textContent ?? "");
    await page.goto(`${SHOP_A}/link`);
    await page.eval(snippet);
    const frame = await checked(page);
    expect(await verdicts(frame)).toMatchObject({ "This site": "good", "This page": "limited", Links: "good" });
    expect(await wordsOf(frame, "This page")).toContain("The script is not there yet.");
  });

  test("what is on a page that others would mind is said", async () => {
    const page = await browser.open(`${SHOP_A}/odd`);
    await page.eval(snippetFor(HUB_ORIGIN, "acme"));
    const frame = await checked(page);
    expect(await verdicts(frame)).toMatchObject({ "This page": "good" });
    expect(await wordsOf(frame, "This page")).toBe(
      "This pageworksThe script is there 2 times: once is enough. Links to your other sites that hide where they come from: 2. They carry the chat, and tell this site's origin. Elements hide properties of document (cookie): not from Carryover. Turbo may replace the body: the hub's frame stays.",
    );
  });

  test.each([
    "{",
    "null",
    '{"copies":1}',
    JSON.stringify({ copies: "1", silent: [], hidden: [], replacers: [], worker: false }),
  ])("facts that are none are passed over: %s", async (facts) => {
    const page = await browser.open(`${SHOP_A}/link`);
    await page.eval((src) => {
      document.body.append(Object.assign(document.createElement("iframe"), { src }));
    }, `${CHECK}#page=${facts}`);
    expect(Object.keys(await verdicts(await checked(page)))).not.toContain("This page");
  });

  test("the report can be copied, or taken by hand", async () => {
    const frame = await checked(await browser.open(`${SHOP_A}/`));
    const text = await frame.eval(() => document.querySelector("textarea")?.value ?? "");
    expect(text).toContain(`hub      ${HUB_ORIGIN}, version`);
    expect(text).toContain(`site     ${SHOP_A}, embedded`);
    expect(text).toContain("Links: works.");
    await frame.click("#copy");
    await frame.waitFor(`/^(Copied|Selected)/.test(document.querySelector("#copy").textContent)`);
  });

  test("everybody can read and use it", async () => {
    for (const colorScheme of ["light", "dark"] as const) {
      const page = await browser.open(`${SHOP_A}/`);
      await page.emulate({ colorScheme });
      const frame = await checked(page);
      await frame.eval(axe.source);
      const { violations } = await frame.eval<{ violations: { id: string }[] }, []>("axe.run()");
      expect(violations.map(({ id }) => id)).toEqual([]);
      await page.close();
    }
  });
});
