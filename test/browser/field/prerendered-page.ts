/**
 * A page that says of itself that it is being prerendered, until `activate()`. No browser prerenders what a debugger is attached to, as
 * tests are: this is what a script can see of it.
 *
 * @see https://wicg.github.io/nav-speculation/prerendering.html
 */
import { type FieldPage, SCRIPT, START } from "./field.ts";

declare global {
  /** What the page has sent, or written into cookies, before it was activated. */
  var early: string[];
  /** The visitor goes there. */
  function activate(): void;
}

export const PRERENDERED: FieldPage = {
  head: `<script>
    early = [];
    let prerendering = true;
    Object.defineProperty(Document.prototype, "prerendering", { get: () => prerendering });
    function activate() {
      prerendering = false;
      document.dispatchEvent(new Event("prerenderingchange"));
    }
    const note = (what) => prerendering && early.push(what);
    const original = window.fetch;
    window.fetch = (url, init) => {
      note((init?.method ?? "GET") + " " + url);
      return original(url, init);
    };
    const { get, set } = Object.getOwnPropertyDescriptor(Document.prototype, "cookie");
    Object.defineProperty(document, "cookie", {
      get: () => get.call(document),
      set(cookie) {
        note("cookie " + cookie);
        set.call(document, cookie);
      },
    });
  </script>${SCRIPT}${START}`,
};
