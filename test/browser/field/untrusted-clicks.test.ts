/** A page whose listeners drop what no visitor has done. */
import { describe } from "vitest";
import { expectEachWay } from "./ways-out.ts";

/** Before Carryover's script, at each node that an event passes; and by whatever page scripts call to click a link. */
const HEAD = `<script>
  dropped = 0;
  const drop = (event) => {
    if (event.isTrusted) return;
    dropped++;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  for (const type of ["click", "submit", "pointerdown", "mousedown"]) {
    for (const node of [window, document, document.documentElement]) node.addEventListener(type, drop, true);
  }
</script>`;

describe("on a page that drops untrusted events", () => {
  expectEachWay({ head: HEAD }, () => {
    const link = document.body.appendChild(document.createElement("a"));
    link.href = "#dropped";
    link.click();
    return location.hash === "" && Reflect.get(window, "dropped") === 1;
  });
});
