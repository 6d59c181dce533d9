/** Open tabs on different sites: what happens to the session on one reaches the other, without polling. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Browser, SHOP_A, SHOP_B, type World, startWorld } from "./harness/index.ts";
import { clear, load, openShop, save, serveShops, startChat, uniqueName, visibleSessions } from "./shop.ts";

let world: World;
let browser: Browser;

beforeAll(async () => {
  world = await startWorld({ tenants: { acme: JSON.stringify([SHOP_A, SHOP_B]) } });
  serveShops(world, ["shop-a.test", "shop-b.test"]);
  browser = await world.launch({ policy: "allow" });
});

afterAll(() => world?.close());

test("a session saved on one site reaches another site's open tab, and so does its end", async () => {
  const name = uniqueName();
  const b = await openShop(browser, SHOP_B, { name });
  expect(await load(b)).toBeNull();
  const a = await openShop(browser, SHOP_A, { name });
  await load(a);

  await startChat(a, name, "from a");
  expect(await save(a)).toBe(true);
  await b.waitFor(() => events.some(({ type }) => type === "session"));
  expect(await visibleSessions(b, name)).toEqual(["from a"]);

  expect(await clear(a)).toBe(true);
  await b.waitFor(() => events.filter(({ type }) => type === "session").length === 2);
  expect(await visibleSessions(b, name)).toEqual([]);
  expect(await b.eval(() => events.filter(({ type }) => type === "session").map(({ detail }) => detail))).toEqual([
    { value: "from a" },
    { value: null },
  ]);
  // The tab that did it is not told of its own doing.
  expect(await a.eval(() => events.filter(({ type }) => type === "session"))).toEqual([]);
});

test("a live chat in the other tab is not touched, and wins", async () => {
  const name = uniqueName();
  const b = await openShop(browser, SHOP_B, { name });
  await load(b);
  const a = await openShop(browser, SHOP_A, { name });
  await load(a);
  await startChat(b, name, "live on b");
  await startChat(a, name, "from a");
  await save(a);
  await a.waitFor(() => events.some(({ type }) => type === "session"));
  expect(await visibleSessions(b, name)).toEqual(["live on b"]);
  expect(await visibleSessions(a, name)).toEqual(["live on b"]);
});
