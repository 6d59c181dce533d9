/** Ways in which a page takes away what is in its body, or its frames, and brings new ones. Each runs in the page. */
import type { Page } from "../harness/index.ts";

/** A frame of the page's own, which shares the fate of Carryover's. */
const FOREIGN_FRAME = `<iframe id="foreign" title="foreign" srcdoc="A frame"></iframe>`;

declare global {
  /** The page is not done with it yet. */
  var isReplacing: boolean | undefined;
}

type Replacement = readonly [what: string, replace: () => void];

/** Those that come first are tried in every engine. */
export const REPLACEMENTS: readonly Replacement[] = [
  ["the body's innerHTML is emptied", () => void (document.body.innerHTML = "")],
  ["the body is replaced", () => document.body.replaceWith(document.createElement("body"))],
  [
    "a clean-up script removes each frame, once",
    () => {
      for (const frame of document.querySelectorAll("iframe")) frame.remove();
    },
  ],
  [
    "the document's element is replaced",
    () => {
      const html = document.createElement("html");
      html.append(document.createElement("head"), document.createElement("body"));
      document.documentElement.replaceWith(html);
    },
  ],
  [
    "the body is removed, and a new one comes later",
    () => {
      isReplacing = true;
      document.body.remove();
      setTimeout(() => {
        document.documentElement.append(document.createElement("body"));
        isReplacing = false;
      }, 100);
    },
  ],
  [
    "the body is taken away, and put back",
    () => {
      const { body } = document;
      isReplacing = true;
      body.replaceWith(document.createElement("body"));
      setTimeout(() => {
        document.body.replaceWith(body);
        isReplacing = false;
      }, 100);
    },
  ],
  [
    "the document's element is replaced by document.replaceChild",
    () => {
      const html = document.createElement("html");
      html.append(document.createElement("head"), document.createElement("body"));
      document.replaceChild(html, document.documentElement);
    },
  ],
  [
    "everything is moved into an element of its own, and every frame loaded anew by it",
    () => {
      const wrapper = document.createElement("div");
      wrapper.append(...document.body.childNodes);
      document.body.append(wrapper);
    },
  ],
];

/** Replaces what is there, and resolves with whether the page's own frame went, or was loaded anew: that it has happened. */
export async function replaceIn(page: Page, replace: () => void): Promise<boolean> {
  await page.eval((html) => {
    document.body.insertAdjacentHTML("beforeend", html);
    const foreign = document.querySelector<HTMLIFrameElement>("#foreign");
    Object.assign(window, { foreign, foreignWindow: foreign?.contentWindow });
  }, FOREIGN_FRAME);
  await page.eval(replace);
  const isGone = () => {
    const { foreign, foreignWindow } = window as unknown as { foreign: HTMLIFrameElement; foreignWindow: Window };
    return foreign.contentWindow !== foreignWindow;
  };
  await page.waitFor(() => !!document.body);
  return page.eval(isGone);
}
