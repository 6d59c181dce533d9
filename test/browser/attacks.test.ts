/** Pages and hubs that mean harm: nothing is stored, nothing leaks, and the chat is not held up. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import {
  type Browser,
  HUB_ORIGIN,
  type Page,
  SHOP_A,
  SHOP_B,
  type World,
  shopPage,
  startWorld,
} from "./harness/index.ts";
import {
  IFRAME_URL,
  closeTabs,
  load,
  openShop,
  save,
  serveShops,
  shopUrl,
  startChat,
  status,
  uniqueName,
  visibleSessions,
} from "./shop.ts";

/** A hub that anybody can embed: here the script's own checks stand alone, without `frame-ancestors` in front of them. */
const STATIC_URL = "https://static-hub.test/iframe.html";
const LOOK_ALIKES = [
  "https://shop-a.test.evil.test",
  "https://evilshop-a.test",
  "https://sub.shop-a.test",
  "https://shop-a.test:8443",
  "https://shop-a.test.",
  "http://shop-a.test",
  "https://xn--shp-a-0ta.test",
  "https://shop-c.test",
  "https://a.shop-c.test.evil.test",
];

let world: World;
let browser: Browser;

beforeAll(async () => {
  const domains = [SHOP_A, SHOP_B, "https://*.shop-c.test"];
  world = await startWorld({ tenants: { acme: JSON.stringify(domains) } });
  serveShops(world, ["shop-a.test", "shop-b.test"]);
  world.sites.serve("static-hub.test", "/iframe.html", {
    body: `<!doctype html><title>Hub</title><script>const TRUSTED_DOMAINS = ${JSON.stringify(domains)};</script><script src="iframe.min.js"></script>`,
  });
  world.sites.serve("static-hub.test", "/iframe.min.js", {
    headers: { "content-type": "text/javascript" },
    body: readFileSync(path.join(import.meta.dirname, "../../dist/assets/iframe.min.js"), "utf8"),
  });
  for (const origin of LOOK_ALIKES) {
    const { hostname } = new URL(origin);
    if (hostname !== "shop-a.test") world.sites.serve(hostname, "/attacker", shopPage());
  }
  world.sites.serve("shop-a.test", "/attacker", shopPage());
  world.sites.serve("shop-b.test", "/attacker", shopPage());
  browser = await world.launch({ policy: "allow" });
  await victim().goto(shopUrl(SHOP_A, { name: uniqueName() }));
});

afterAll(() => world?.close());

afterEach(() => closeTabs(browser));

/** A trusted shop, in the tab that stays. */
function victim(): Page {
  return browser.pages()[0] as Page;
}

/** The session of a visitor on a trusted shop, as the attackers would like to have it. */
async function plantSession(iframeUrl = IFRAME_URL): Promise<string> {
  const name = uniqueName();
  await startChat(victim(), name, "secret-session");
  const isSaved = await victim().eval(
    async (name, iframeUrl) => {
      const provider = new CookieProvider(name, iframeUrl);
      const isSaved = await provider.saveCookie();
      provider.destroy();
      return isSaved;
    },
    name,
    iframeUrl,
  );
  expect(isSaved).toBe(true);
  return name;
}

async function hubCookie(name: string): Promise<string | undefined> {
  return (await browser.cookies()).find((cookie) => cookie.name.endsWith(`.${name}`))?.value;
}

/**
 * Embeds a hub by hand and speaks the protocol without the provider's manners. Resolves with all that came back in 400 ms.
 */
function speak(
  page: Page,
  iframeUrl: string,
  sandbox: string | null,
  messages: unknown[],
  requests: unknown[],
): Promise<unknown[]> {
  return page.eval(
    async (iframeUrl, sandbox, messages, requests) => {
      const heard: unknown[] = [];
      addEventListener("message", ({ data }) => heard.push(data));
      const iframe = document.createElement("iframe");
      if (sandbox !== null) iframe.setAttribute("sandbox", sandbox);
      iframe.src = iframeUrl;
      const loaded = new Promise((resolve) => (iframe.onload = resolve));
      document.body.append(iframe);
      await loaded;
      for (const message of messages) {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = ({ data }) => heard.push(data);
        iframe.contentWindow?.postMessage(message, "*", [port2]);
        for (const request of requests) port1.postMessage(request);
      }
      await new Promise((resolve) => setTimeout(resolve, 400));
      return heard;
    },
    iframeUrl,
    sandbox,
    messages,
    requests,
  );
}

const HELLO = { type: "carryover:hello" };
const EMPTY = { session: "", base: "" };
const LOAD = { type: "load", id: 1, ...EMPTY, codes: "" };
const SAVE = { type: "save", id: 2, session: "planted", base: "" };
const CLEAR = { type: "clear", id: 3, ...EMPTY };

function connect(name: string) {
  return { type: "carryover:connect", name, card: "off", locale: "", url: "", referrer: "" };
}

describe("a page of a look-alike origin", () => {
  test.each(LOOK_ALIKES)("%s cannot embed the hub", async (origin) => {
    const name = await plantSession();
    const page = await browser.open(`${origin}/attacker`);
    const heard = await speak(page, IFRAME_URL, null, [connect(name)], [LOAD, SAVE, CLEAR]);
    expect(heard).toEqual([]);
    expect(await hubCookie(name)).toBe("secret-session");
  });

  test.each(LOOK_ALIKES)("%s is refused by the script itself, where it can embed it", async (origin) => {
    const name = await plantSession(STATIC_URL);
    const page = await browser.open(`${origin}/attacker`);
    const heard = await speak(page, STATIC_URL, null, [connect(name)], [LOAD, SAVE, CLEAR]);
    expect(heard).toEqual([HELLO, expect.objectContaining({ type: "refused", id: 0, access: "untrusted" })]);
    expect(JSON.stringify(heard)).not.toContain("secret");
    expect(await hubCookie(name)).toBe("secret-session");
  });
});

describe("a trusted page", () => {
  test("is heard: the attacks above fail for their origin, not for a mistake of the test", async () => {
    const name = await plantSession();
    const page = await browser.open(`${SHOP_B}/attacker`);
    const heard = await speak(page, IFRAME_URL, null, [connect(name)], [LOAD]);
    expect(heard).toEqual([HELLO, expect.objectContaining({ id: 1, session: "secret-session" })]);
  });

  test("in the sandbox of another site has the origin null, and is refused", async () => {
    const name = await plantSession(STATIC_URL);
    const page = await browser.open(`${SHOP_B}/attacker`);
    const heard = await page.eval(
      async (iframeUrl, name, load) => {
        const sandboxed = document.createElement("iframe");
        sandboxed.setAttribute("sandbox", "allow-scripts");
        sandboxed.srcdoc = `<iframe src="${iframeUrl}"></iframe><script>
          addEventListener("message", ({ data }) => parent.postMessage({ heard: data }, "*"));
          document.querySelector("iframe").onload = ({ target }) => {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = ({ data }) => parent.postMessage({ heard: data }, "*");
            target.contentWindow.postMessage({ type: "carryover:connect", name: ${JSON.stringify(name)}, card: "off", locale: "", url: "", referrer: "" }, "*", [port2]);
            port1.postMessage(${JSON.stringify(load)});
          };
        </script>`;
        const heard: unknown[] = [];
        const answered = new Promise<void>((resolve) =>
          addEventListener("message", ({ data }) => heard.push(data.heard) === 2 && resolve()),
        );
        document.body.append(sandboxed);
        await answered;
        return heard;
      },
      STATIC_URL,
      name,
      LOAD,
    );
    expect(JSON.stringify(heard)).toContain("does not trust null");
    expect(JSON.stringify(heard)).not.toContain("secret");
  });

  test("that embeds the hub in a sandbox without its origin gets no session", async () => {
    const name = await plantSession();
    const page = await browser.open(`${SHOP_B}/attacker`);
    const heard = await speak(page, IFRAME_URL, "allow-scripts", [connect(name)], [LOAD]);
    expect(JSON.stringify(heard)).not.toContain("secret");
  });

  test("connects once: a second connect is not answered", async () => {
    const name = await plantSession();
    const other = await plantSession();
    const page = await browser.open(`${SHOP_B}/attacker`);
    const heard = await speak(page, IFRAME_URL, null, [connect(name), connect(other), connect(name)], [LOAD]);
    expect(heard.filter((message) => message !== null)).toHaveLength(2);
  });

  test("is not answered when its messages have a wrong shape", async () => {
    const name = uniqueName();
    const page = await browser.open(`${SHOP_B}/attacker`);
    const wrong = [
      null,
      7,
      "carryover:connect",
      {},
      [],
      { type: "carryover:connect" },
      connect("a;b"),
      connect("__proto__;"),
      connect(""),
    ];
    expect(await speak(page, IFRAME_URL, null, wrong, [LOAD])).toEqual([HELLO]);
    const requests = [
      null,
      "load",
      { type: "load", id: 1 },
      { ...LOAD, id: "1" },
      { ...LOAD, id: 2 ** 53 },
      { ...LOAD, id: 0.5 },
      // No base: too long, other letters, cut off, and what another page's script could make of it.
      ...["digest0.".repeat(9), "DIGEST0.", "digest0", "digest0?", "digest0.;", "[object Object]"].flatMap((base) => [
        { ...LOAD, base },
        { ...SAVE, base },
        { ...CLEAR, base },
      ]),
      ...["a; Domain=hub.test", "a\nb", " a", { toString: 1 }, 7, null].flatMap((session) => [
        { ...LOAD, session },
        { ...SAVE, session },
        { ...CLEAR, session },
      ]),
      { ...SAVE, session: "" },
      { ...SAVE, type: "mint" },
      { ...SAVE, type: "card" },
      { ...LOAD, type: "loaded", saved: true, pending: true },
      { ...LOAD, type: "report" },
      { ...LOAD, type: "constructor" },
      { ...LOAD, type: "__proto__" },
    ];
    expect(await speak(page, IFRAME_URL, null, [connect(name)], requests)).toEqual([HELLO]);
    expect(await hubCookie(name)).toBeUndefined();
  });

  test("cannot speak for a popup that the frame has not opened", async () => {
    const name = uniqueName();
    const page = await browser.open(`${SHOP_B}/attacker`);
    const subject = { tenant: "acme", name, nonce: "guessed" };
    const forged = [
      connect(name),
      { type: "carryover:popup-ready", ...subject },
      { type: "carryover:popup-done", ...subject, hubCookie: "planted" },
      { type: "carryover:popup-task", ...subject, session: "planted" },
    ];
    const heard = await speak(page, IFRAME_URL, null, forged, [LOAD]);
    // A window's messages and a port's have no order.
    expect(heard).toHaveLength(2);
    expect(heard).toEqual(
      expect.arrayContaining([HELLO, expect.objectContaining({ id: 1, session: "", saved: false })]),
    );
    expect(await hubCookie(name)).toBeUndefined();
  });

  test("is safe with a cookie named __proto__", async () => {
    const shop = await openShop(browser, SHOP_A, { name: "__proto__" });
    await startChat(shop, "__proto__", "v");
    expect(await save(shop)).toBe(true);
    expect(await load(await openShop(browser, SHOP_B, { name: "__proto__" }))).toBe("v");
  });
});

describe("a window that is not the parent", () => {
  test("cannot connect to the frame, even from a trusted origin", async () => {
    const name = await plantSession(STATIC_URL);
    const page = await browser.open(`${SHOP_B}/attacker`);
    const heard = await page.eval(
      async (iframeUrl, name, load) => {
        const hub = document.createElement("iframe");
        hub.name = "hub";
        hub.src = iframeUrl;
        document.body.append(hub);
        await new Promise((resolve) => (hub.onload = resolve));
        const sibling = document.createElement("iframe");
        sibling.srcdoc = `<script>
          heard = [];
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = ({ data }) => heard.push(data);
          parent.frames.hub.postMessage({ type: "carryover:connect", name: ${JSON.stringify(name)}, card: "off", locale: "", url: "", referrer: "" }, "*", [port2]);
          port1.postMessage(${JSON.stringify(load)});
        </script>`;
        document.body.append(sibling);
        await new Promise((resolve) => setTimeout(resolve, 500));
        return (sibling.contentWindow as unknown as { heard: unknown[] }).heard;
      },
      STATIC_URL,
      name,
      LOAD,
    );
    expect(heard).toEqual([]);
  });

  test("cannot pass for the hub", async () => {
    const name = uniqueName();
    const page = await openShop(browser, SHOP_A, { name, iframeUrl: `${IFRAME_URL}?never-cached-${name}` });
    await load(page);
    // The page itself, a stranger's frame, and a frame of the hub's own origin that the provider did not make.
    const ports = await page.eval(async (hubUrl) => {
      let ports = 0;
      addEventListener("message", (event) => (ports += event.ports.length));
      postMessage({ type: "carryover:hello" }, "*");
      const foreign = document.createElement("iframe");
      foreign.srcdoc = "<script>parent.postMessage({ type: 'carryover:hello' }, '*')</script>";
      const second = document.createElement("iframe");
      second.src = hubUrl;
      document.body.append(foreign, second);
      await new Promise((resolve) => setTimeout(resolve, 800));
      return ports;
    }, IFRAME_URL);
    expect(ports).toBe(0);
    expect((await status(page)).access).toBe("granted");
  });
});

describe("a hub that misbehaves", () => {
  /** A page at the hub's address whose answers the test writes. */
  async function openWithFakeHub(name: string, onRequest: string): Promise<Page> {
    world.sites.serve("fake-hub.test", "/iframe.html", {
      body: `<!doctype html><title>Fake</title><script>
        addEventListener("message", ({ data, ports: [port] }) => {
          if (data.type !== "carryover:connect") return;
          port.onmessage = ({ data: request }) => {
            const answer = {
              type: "loaded", id: request.id, access: "granted", reason: "Fake.", links: "", scope: "-",
              session: "fake", base: "digest0.", saved: false, pending: false,
            };
            ${onRequest}
          };
        });
        parent.postMessage({ type: "carryover:hello" }, "*");
      </script>`,
    });
    return openShop(browser, SHOP_A, {
      name,
      iframeUrl: "https://fake-hub.test/iframe.html",
      options: { timeoutMs: 1000 },
    });
  }

  test("by answering twice changes nothing the second time", async () => {
    const name = uniqueName();
    const page = await openWithFakeHub(
      name,
      `port.postMessage(answer); port.postMessage({ ...answer, session: "twice" });`,
    );
    expect(await load(page)).toBe("fake");
    await page.eval(() => new Promise((resolve) => setTimeout(resolve, 200)));
    expect(await visibleSessions(page, name)).toEqual(["fake"]);
  });

  test("by never answering costs timeoutMs", async () => {
    const name = uniqueName();
    const page = await openWithFakeHub(name, "");
    await startChat(page, name, "own");
    expect(await load(page)).toBe("own");
    expect(await save(page)).toBe(false);
  });

  test.each([
    ["answers to nobody's request", `port.postMessage({ ...answer, id: 99 });`],
    ["an answer of a type that it does not know", `port.postMessage({ ...answer, type: "report" });`],
    ["an answer without a base", `port.postMessage({ ...answer, base: undefined });`],
    ["a value that no cookie can hold", `port.postMessage({ ...answer, session: "a\\nb" });`],
    ["a value with cookie attributes", `port.postMessage({ ...answer, session: "v; Domain=shop-a.test" });`],
    ["a value that is no text", `port.postMessage({ ...answer, session: { toString() { return "v" } + "" } });`],
    ["an access that is no text", `port.postMessage({ ...answer, access: ["granted"] });`],
    [
      "another shape",
      `port.postMessage(null); port.postMessage("fake"); port.postMessage([answer]); port.postMessage({ id: request.id });`,
    ],
  ])("by sending %s is not believed", async (_, onRequest) => {
    const name = uniqueName();
    const page = await openWithFakeHub(name, onRequest);
    await startChat(page, name, "own");
    expect(await load(page)).toBe("own");
    expect(await visibleSessions(page, name)).toEqual(["own"]);
  });

  test("by moving its frame to another origin is cut off", async () => {
    const name = uniqueName();
    world.sites.serve("fake-hub.test", "/moved.html", {
      body: `<!doctype html><script>location = "https://elsewhere.test/iframe.html"</script>`,
    });
    world.sites.serve("elsewhere.test", "/iframe.html", {
      body: `<!doctype html><script>
        heard = [];
        addEventListener("message", ({ data, ports }) => heard.push(data, ports.length));
        parent.postMessage({ type: "carryover:hello" }, "*");
      </script>`,
    });
    const page = await openShop(browser, SHOP_A, {
      name,
      iframeUrl: "https://fake-hub.test/moved.html",
      options: { timeoutMs: 1000 },
    });
    expect(await load(page)).toBeNull();
    const moved = await page.frame("https://elsewhere.test/iframe.html");
    expect(await moved.eval("heard")).toEqual([]);
  });
});

test("a stranger's page cannot write to the hub with the visitor's cookies", async () => {
  const name = await plantSession();
  const page = await browser.open(`https://evilshop-a.test/attacker`);
  const outcome = await page.eval(async (url) => {
    const form = new FormData();
    form.set("v", "planted");
    return Promise.allSettled([
      fetch(url, { method: "PUT", body: "planted", credentials: "include", mode: "cors" }),
      fetch(url, { method: "DELETE", credentials: "include" }),
      fetch(url, { method: "POST", body: form, credentials: "include", mode: "no-cors" }),
    ]).then((results) => results.map(({ status }) => status));
  }, `${HUB_ORIGIN}/t/acme/session/${name}`);
  expect(outcome.slice(0, 2)).toEqual(["rejected", "rejected"]);
  expect(await hubCookie(name)).toBe("secret-session");
});
