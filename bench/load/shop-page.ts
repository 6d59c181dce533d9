import { type Answer, HUB_ORIGIN } from "../../test/browser/harness/index.ts";
import type { Contender } from "./contenders.ts";

/** The same page for all but for two script elements, where the body is there already: nobody has to wait for it. */
export function makeShopPage({ script, head = "", inline }: Contender): Answer {
  return {
    body: `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><title>Shop</title>${head}</head>
  <body>
    <h1>Shop</h1>
    <script>
      function arrived(session) {
        const timeMs = performance.now();
        window.arrival = { timeMs, arrivedAtMs: performance.timeOrigin + timeMs, session, cookie: document.cookie };
      }
    </script>
    <script src="${HUB_ORIGIN}${script}"></script>
    <script>${inline}</script>
  </body>
</html>`,
  };
}
