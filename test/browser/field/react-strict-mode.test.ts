/** React's StrictMode, which mounts each component, unmounts it and mounts it again, where a link has just arrived. */
import { build } from "esbuild";
import { beforeAll, expect, test } from "vitest";
import { type Page, SHOP_A } from "../harness/index.ts";
import { BLOCKED, SCRIPT, addressOf, chatOnPage, follow, inEngines, linkedPage, useField } from "./field.ts";
import { LIBRARY_FOLDER } from "./library.ts";

declare global {
  /** What the component's effect has done. */
  var effects: string[];
}

/** A component that keeps the session as one would: its effect makes the provider, and its clean-up destroys it. */
const APP = `
  import { StrictMode, createElement, useEffect } from "react";
  import { createRoot } from "react-dom/client";
  globalThis.effects = [];
  function Chat() {
    useEffect(() => {
      effects.push("made");
      let isMounted = true;
      const mine = startProvider();
      mine.loadCookie().then((session) => { if (isMounted) carried = session; });
      return () => {
        effects.push("destroyed");
        isMounted = false;
        mine.destroy();
      };
    }, []);
    return createElement("p", null, "A chat");
  }
  addEventListener("DOMContentLoaded", () => {
    const chat = createElement(Chat);
    const isStrict = location.pathname === "/strict";
    createRoot(document.querySelector("main")).render(isStrict ? createElement(StrictMode, null, chat) : chat);
  });`;

const field = useField();
let app: string;

beforeAll(async () => {
  const { outputFiles } = await build({
    stdin: { contents: APP, resolveDir: import.meta.dirname },
    nodePaths: [LIBRARY_FOLDER],
    bundle: true,
    write: false,
    format: "iife",
    // Effects run twice in development alone.
    define: { "process.env.NODE_ENV": `"development"` },
  });
  app = outputFiles[0]?.text ?? "";
});

inEngines(field, BLOCKED, (browser) => {
  async function arrive(path: string, session: string): Promise<Page> {
    const to = field.freshShop();
    const { host } = new URL(to);
    field.world.sites.serve(host, "/app.js", { headers: { "content-type": "text/javascript" }, body: app });
    field.world.sites.serve(host, path, linkedPage({ head: `${SCRIPT}<script src="/app.js"></script>` }));
    const { page, name } = await chatOnPage(browser(), `${SHOP_A}/`, session);
    expect(await follow(page, addressOf(to + path, { name }))).toBe(session);
    return page;
  }

  test("without StrictMode, the component has the session that a link brought", async () => {
    const page = await arrive("/once", "once");
    expect(await page.eval(() => effects)).toEqual(["made"]);
  });

  test("in StrictMode, too", async () => {
    const page = await arrive("/strict", "twice");
    expect(await page.eval(() => effects)).toEqual(["made", "destroyed", "made"]);
    expect(await page.eval(() => errors)).toEqual([]);
  });
});
