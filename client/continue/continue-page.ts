/**
 * The script of `/t/<tenant>/continue`.
 *
 * The page is first-party: what it reads and writes are the hub's own cookies, in every browser, and the visitor's click in it
 * is what browsers remember. As a popup of the hub's iframe it does what the iframe cannot (protocol/popup-messages.ts). As a
 * full page its link to the way back needs no script.
 */
import {
  CONTINUE_CONFIG_ELEMENT_ID,
  CONTINUE_ELEMENT_IDS,
  type ContinueConfig,
} from "../../protocol/continue-config.ts";
import { digestOf } from "../../protocol/digest.ts";
import { decodeHubCookie } from "../../protocol/hub-cookie.ts";
import { type PopupTask, readPopupFragment } from "../../protocol/popup-messages.ts";
import { isBase, olderThan } from "../../session/base.ts";
import { reconcile } from "../../session/reconcile.ts";
import { sleep } from "../sleep.ts";
import { createHubCookies } from "./hub-cookies.ts";
import { connectOpener } from "./opener.ts";
import { watchSettling } from "./watch-settling.ts";
import { withSessions } from "./with-sessions.ts";

/** A message from a window that is gone may reach the iframe without a source, which it would not believe. */
const CLOSE_DELAY_MS = 50;

/** A window that may be closed by script is gone well before. */
const CLOSE_WAIT_MS = 300;

// Written by the Worker into this very document, with the same types: no guard could know better.
const { tenant, handoff, says }: ContinueConfig = JSON.parse(
  document.getElementById(CONTINUE_CONFIG_ELEMENT_ID)?.textContent ?? "",
);
const hub = createHubCookies(tenant);
const popup = readPopupFragment(location.hash);
// By name: `opener` is a property that anyone could set later.
const opener: Window | null = window.opener;
/** The hub's iframe, where it has opened this window. Any other opener gets nothing: it does not know the tenant's iframe's nonce. */
const iframe = popup && opener ? connectOpener(opener, { tenant, ...popup }) : undefined;
const proceed = document.getElementById(CONTINUE_ELEMENT_IDS.proceed);
const forget = document.getElementById(CONTINUE_ELEMENT_IDS.forget);

proceed?.addEventListener("click", (event) => {
  if (iframe?.task() || !(proceed instanceof HTMLAnchorElement)) {
    event.preventDefault();
    void work(carryOver);
  } else if (handoff && event.isTrusted) {
    event.preventDefault();
    void work(() => takeAlong(proceed, event));
  }
});
const isSettled = watchSettling();
forget?.addEventListener("click", () => isSettled() && void work(forgetChat));
document.documentElement.classList.add("scripted");
// Opened by an iframe from which the page's Cross-Origin-Opener-Policy has cut this window off: it can do nothing for it.
if (popup && !iframe) close();
// The visitor has said yes on the card already.
void iframe?.firstTask.then((task) => task && work(carryOver));

/** Sends the visitor back with what the hub's cookies hold, or without it. */
async function takeAlong(link: HTMLAnchorElement, click: MouseEvent): Promise<void> {
  const { href } = link;
  link.href = await withSessions(hub, href);
  // A click, and no new address: the link's referrer policy lets the site know whom the codes come from.
  link.dispatchEvent(new MouseEvent("click", click));
  link.href = href;
}

async function carryOver(): Promise<void> {
  const task = iframe?.task() ?? (await iframe?.firstTask);
  if (task) {
    await saveIfNewer(task);
    iframe?.done(hub.read(task.name) ?? null);
  }
  // Any other window is the visitor's own to close.
  if (iframe) {
    await sleep(CLOSE_DELAY_MS);
    close();
    await sleep(CLOSE_WAIT_MS);
  }
  conclude(says.done);
}

/** By the same rules as the iframe, which cannot see the hub cookie: that may have moved on. */
async function saveIfNewer({ name, session, base }: PopupTask): Promise<void> {
  if (session === null) return;
  const known = isBase(base) ? base : "";
  const digest = digestOf(session);
  const { winner } = reconcile(digest, known, decodeHubCookie(hub.read(name)));
  if (winner === "local") await hub.save(name, session, olderThan(known, digest));
}

async function forgetChat(): Promise<void> {
  const task = iframe?.task();
  // The iframe's chat may be one that the hub has not seen.
  await Promise.all(
    [...new Set([...hub.names(), ...(task ? [task.name] : [])])].map((name) =>
      hub.forget(name, name === task?.name && task.session ? digestOf(task.session) : ""),
    ),
  );
  if (task) iframe?.done(hub.read(task.name) ?? null);
  conclude(says.forgotten);
}

let working = false;

/** One thing at a time; what goes wrong can be tried again. */
async function work(step: () => Promise<void>): Promise<void> {
  if (working) return;
  working = true;
  document.body.ariaBusy = "true";
  say(says.working);
  try {
    await step();
  } catch (error) {
    console.error("Carryover:", error);
    say(says.failed);
  }
  document.body.ariaBusy = "false";
  working = false;
}

/** Says how it ended. Of what could be pressed only a link remains. */
function conclude(words: string): void {
  const leadsOn = proceed instanceof HTMLAnchorElement;
  if (forget) forget.hidden = true;
  if (proceed) proceed.hidden = !leadsOn;
  // The focus was on a button that is gone.
  say(leadsOn ? words : `${words} ${says.closable}`)?.focus();
}

function say(words: string): HTMLElement | null {
  const status = document.getElementById(CONTINUE_ELEMENT_IDS.status);
  if (status) status.textContent = words;
  return status;
}
