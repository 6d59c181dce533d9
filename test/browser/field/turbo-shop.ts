/** A shop with the real Turbo, whose links replace the body and keep the document. */
import { expect } from "vitest";
import type { Browser, Page, World } from "../harness/index.ts";
import { SHOP_A } from "../harness/index.ts";
import { WAIT_LONGER } from "../linked-shops.ts";
import { SCRIPT, START, chatOnPage, fieldPage } from "./field.ts";
import { libraryFile } from "./library.ts";

declare global {
  /** Pages that Turbo has shown. */
  var visits: number;
}

/** Where the page has Carryover's script, and how it makes its provider. */
export const ARRANGEMENTS = {
  "the script in head, one provider for all": { head: SCRIPT + START, body: "" },
  "the script in body, a new provider at each visit": { head: "", body: SCRIPT + START },
  "the script in head, a new provider at each visit": { head: SCRIPT, body: START },
  "the script in body, one provider for all": {
    head: "",
    body: (SCRIPT + START).replaceAll("<script", `<script data-turbo-eval="false"`),
  },
};

type Arrangement = (typeof ARRANGEMENTS)[keyof typeof ARRANGEMENTS];

export function serveTurbo({ sites }: World, { head, body }: Arrangement): void {
  const turbo = libraryFile("@hotwired/turbo", "dist/turbo.es2017-umd.js");
  sites.serve("shop-a.test", "/turbo.js", { headers: { "content-type": "text/javascript" }, body: turbo });
  const before = `${WAIT_LONGER}<script src="/turbo.js"></script>
    <script>visits = 0; document.addEventListener("turbo:load", () => visits++);</script>`;
  sites.serve("shop-a.test", "/turbo/*", ({ url }) =>
    fieldPage({
      head: before + head,
      body: `<a id="next" href="/turbo/${Number(url.pathname.split("/")[2]) + 1}${url.search.replaceAll("&", "&amp;")}">Next</a>${body}`,
    }),
  );
}

/** A chat on the first page. */
export async function chatWithTurbo(browser: Browser, session: string): Promise<{ page: Page; name: string }> {
  const chat = await chatOnPage(browser, `${SHOP_A}/turbo/1`, session);
  await chat.page.waitFor(() => visits === 1);
  return chat;
}

/** Clicks on to the next page, and makes sure that it is a new body in the old document. */
export async function visitNext(page: Page): Promise<void> {
  const seen = await page.eval(() => {
    Object.assign(window, { oldBody: document.body });
    return { visits, pathname: location.pathname, made: performance.timeOrigin };
  });
  await page.click("#next");
  await page.waitFor(`visits === ${seen.visits + 1}`);
  expect(
    await page.eval(() => ({
      isNewBody: document.body !== (window as unknown as { oldBody: Element }).oldBody,
      made: performance.timeOrigin,
    })),
  ).toEqual({ isNewBody: true, made: seen.made });
  expect(await page.eval(() => location.pathname)).not.toBe(seen.pathname);
}
