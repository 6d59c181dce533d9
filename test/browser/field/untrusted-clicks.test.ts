/** A page that drops what no visitor has done: a click that is held back must not depend on being made again. */
import { describe } from "vitest";
import { expectEachWay } from "./ways-out.ts";

/** Before Carryover's script, at each node that an event passes. */
const DROPPING = `<script>
  const drop = (event) => {
    if (event.isTrusted) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  for (const type of ["click", "submit", "pointerdown", "mousedown"]) {
    for (const node of [window, document, document.documentElement]) node.addEventListener(type, drop, true);
  }
</script>`;

/** By whatever scripts make clicks with. */
const MUTE = `<script>
  EventTarget.prototype.dispatchEvent = () => false;
  HTMLElement.prototype.click = () => {};
</script>`;

function clickNothing(): boolean {
  const link = document.body.appendChild(document.createElement("a"));
  link.href = "#clicked";
  link.click();
  return location.hash === "";
}

describe("on a page whose listeners drop untrusted events", () => {
  expectEachWay({ head: DROPPING }, clickNothing);
});

describe("on a page on which scripts can make no click", () => {
  expectEachWay({ head: MUTE }, clickNothing, ["a quick click", "Enter", "a click that opens a tab"]);
});
