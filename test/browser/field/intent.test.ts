/** Codes are made for what a visitor means to follow, and for nothing that is only passed by. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Browser, type Page, SHOP_B, type World, poll } from "../harness/index.ts";
import { BLOCKED, arrived, linkedShop, pause, putHtml, startOnA } from "../linked-shops.ts";
import { startField } from "./ways-out.ts";

let world: World;
let browser: Browser;

beforeAll(async () => {
  world = await startField();
  browser = await world.launch(BLOCKED.chromium);
});

afterAll(() => world?.close());

async function start(): Promise<{ page: Page; mints: () => number }> {
  const { page, name } = await startOnA(browser, "meant");
  const href = linkedShop(SHOP_B, { name }).replaceAll("&", "&amp;");
  await putHtml(
    page,
    `<a id="over" href="${href}"><b>Over</b></a> <a id="other" href="${href}">Other</a> <form action="${href}"><button id="send">Send</button></form>`,
  );
  const count = () => page.requests.filter(({ method, url }) => method === "POST" && url.endsWith("/handoff")).length;
  const before = count();
  return { page, mints: () => count() - before };
}

function send(page: Page, selector: string, ...types: string[]): Promise<void> {
  return page.eval(
    (selector, types) => {
      for (const type of types)
        document.querySelector(selector)?.dispatchEvent(new PointerEvent(type, { bubbles: true, composed: true }));
    },
    selector,
    types,
  );
}

test.each([
  ["a pointer that rests on a link", "#over b", "pointerover"],
  ["a pointer that is pressed", "#over", "pointerdown"],
  ["the focus on a link", "#over", "focusin"],
  ["a pointer that rests on a form's button", "#send", "pointerover"],
])("%s has one code made, which the click takes along", async (_, selector, type) => {
  const { page, mints } = await start();
  await send(page, selector, type);
  await poll(() => mints() === 1, { what: "a code" });
  await pause(page, 300);
  // The click moves the pointer there and presses it, too.
  await page.click("#over");
  expect(await arrived(page, SHOP_B)).toBe("meant");
  expect(mints()).toBe(1);
});

test("several links to one destination share a code", async () => {
  const { page, mints } = await start();
  for (const selector of ["#over", "#other", "#send"]) {
    await send(page, selector, "pointerover");
    await pause(page, 500);
    await send(page, selector, "pointerout");
  }
  expect(mints()).toBe(1);
});

test.each([
  ["a pointer that brushes a link", ["pointerover", "pointerout"]],
  ["the focus that passes a link by", ["focusin", "focusout"]],
])("%s has no code made", async (_, types) => {
  const { page, mints } = await start();
  for (const selector of ["#over", "#other", "#send"]) await send(page, selector, ...types);
  await pause(page, 800);
  expect(mints()).toBe(0);
});

test("a code is made anew when a click has used the last one", async () => {
  const { page, mints } = await start();
  await page.eval(() => document.getElementById("over")?.setAttribute("target", "_blank"));
  for (const clicks of [1, 2]) {
    const tab = await page.popup(() => page.click("#over"));
    expect(await arrived(tab, SHOP_B)).toBe("meant");
    expect(mints()).toBe(clicks);
    await tab.close();
  }
});
