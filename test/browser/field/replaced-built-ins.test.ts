/** Pages whose scripts replace what browsers have built in, or add to it: each in its own way. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Browser, World } from "../harness/index.ts";
import { BLOCKED } from "../linked-shops.ts";
import { closeTabs } from "../shop.ts";
import { goBy, serveCondition, startField } from "./ways-out.ts";

const CONDITIONS = {
  "with Array.from, and a toJSON of arrays, of its own": `
    Array.from = (list) => Array.prototype.slice.call(list);
    Array.prototype.toJSON = () => "none";`,
  "that adds to the prototype of all objects": `
    Object.prototype.get = Object.prototype.set = Object.prototype.each = function () {};
    Object.prototype.detail = Object.prototype.button = Object.prototype.form = "added";`,
  "with other classes of the DOM's names": `
    for (const name of ["Event", "MouseEvent", "PointerEvent", "SubmitEvent", "Element", "HTMLElement", "HTMLFormElement"])
      window[name] = function () {};`,
  "with FormData and MouseEvent that throw": `
    FormData = MouseEvent = function () { throw new Error("Replaced."); };`,
  "with attributes that are read and written in another way": `
    const { getAttribute } = Element.prototype;
    Element.prototype.getAttribute = function (name) { return getAttribute.call(this, name) ?? null; };
    Array.prototype.map = function (run) { const all = []; for (let i = 0; i < this.length; i++) all.push(run(this[i], i)); return all; };`,
};

let world: World;
let browser: Browser;

beforeAll(async () => {
  world = await startField();
  browser = await world.launch(BLOCKED.chromium);
});

afterAll(() => world?.close());

afterEach(() => closeTabs(browser));

describe.each(Object.entries(CONDITIONS))("on a page %s", (_, script) => {
  const isSilent = script.includes("FormData");

  test.each(["a quick click", "Enter", "a click that opens a tab"])("%s arrives with the chat", async (way) => {
    serveCondition(world, { head: `<script>${script}</script>` });
    expect((await goBy(way, browser)).session).toBe("along");
  });

  test("a form by POST arrives", async () => {
    serveCondition(world, { head: `<script>${script}</script>` });
    const { page, session } = await goBy("a form by POST", browser);
    expect(session).toBe(isSilent ? null : "along");
    expect(await page.eval(() => document.title)).toContain("q=tea");
  });
});
