import type { BiDi } from "./bidi.ts";
import type { ContextInfo } from "./bidi-events.ts";
import { type RemoteValue, valueOf } from "./bidi-values.ts";
import type { Cookie, Key, WaitOptions } from "./browser.ts";
import { poll } from "./poll.ts";
import { sourceOf } from "./script-source.ts";

/**
 * Runs a function in Firefox's own window (`--remote-allow-system-access`), where its services are: for what BiDi has no
 * command for. The function sees nothing but its arguments and that window's globals.
 */
export async function inChrome<T, Args extends unknown[]>(
  bidi: BiDi,
  script: (...args: Args) => T,
  ...args: Args
): Promise<T> {
  const { contexts } = await bidi.send<{ contexts: ContextInfo[] }>("browsingContext.getTree", {
    "moz:scope": "chrome",
    maxDepth: 0,
  });
  const window = contexts.find(({ url }) => url.endsWith("/browser.xhtml"));
  if (window === undefined) throw new Error("Firefox has no window.");
  const answer = await bidi.send<{ result: RemoteValue } | { exceptionDetails: { text: string } }>("script.evaluate", {
    expression: sourceOf(script, args),
    target: { context: window.context },
    awaitPromise: true,
  });
  if ("exceptionDetails" in answer) throw new Error(answer.exceptionDetails.text);
  return valueOf(answer.result) as T;
}

interface ChromeCookie {
  name: string;
  value: string;
  host: string;
  path: string;
  /** Milliseconds since 1970. */
  expiry: number;
  isSession: boolean;
  isHttpOnly: boolean;
  isSecure: boolean;
  sameSite: number;
  originAttributes: { partitionKey: string };
}

interface ChromeWindow extends Window {
  gBrowser: { selectedBrowser: HTMLElement };
  PopupNotifications: { panel: Panel };
  KeyboardEvent: typeof KeyboardEvent;
}

interface TextInputProcessor {
  beginInputTransactionForTests(window: ChromeWindow): boolean;
  keydown(event: KeyboardEvent): unknown;
  keyup(event: KeyboardEvent): unknown;
}

declare const Cc: Readonly<Record<string, { createInstance(type: unknown): TextInputProcessor }>>;
declare const Ci: { nsITextInputProcessor: unknown };
declare const Services: {
  cookies: { cookies: Iterable<ChromeCookie> };
  prefs: { setIntPref(name: string, value: number): void };
  wm: { getEnumerator(type: string): Iterable<ChromeWindow>; getMostRecentWindow(type: string): ChromeWindow };
};

interface Panel {
  state: string;
  firstElementChild: { id: string; button: HTMLElement; secondaryButton: HTMLElement } | null;
}

/** Every cookie of every site and partition, which `storage.getCookies` would have to be asked for one by one. */
export async function chromeCookies(bidi: BiDi): Promise<Cookie[]> {
  const cookies = await inChrome(bidi, () =>
    Array.from(Services.cookies.cookies, (cookie) => ({
      name: cookie.name,
      value: cookie.value,
      domain: cookie.host,
      path: cookie.path,
      expires: cookie.isSession ? -1 : cookie.expiry / 1000,
      httpOnly: cookie.isHttpOnly,
      secure: cookie.isSecure,
      sameSite: cookie.sameSite,
      partitionKey: cookie.originAttributes.partitionKey,
    })),
  );
  return cookies.map(({ sameSite, partitionKey, ...cookie }) => ({
    ...cookie,
    sameSite: SAME_SITE[sameSite],
    // "(https,shop-a.test)", with more behind the site for frames within frames.
    partition: partitionKey === "" ? undefined : partitionKey.replace(/^\(([^,]+),([^,)]+).*$/, "$1://$2"),
  }));
}

/** nsICookie's numbers. */
const SAME_SITE: Readonly<Record<number, Cookie["sameSite"]>> = { 0: "None", 1: "Lax", 2: "Strict" };

export async function setChromePreference(bidi: BiDi, name: string, value: number): Promise<void> {
  await inChrome(bidi, (name: string, value: number) => Services.prefs.setIntPref(name, value), name, value);
}

/**
 * Presses a key where the focus is, in whichever process that may be: BiDi's own keys stay in the process of the page.
 * Goes to the window and tab that were activated last.
 */
export async function pressInChrome(bidi: BiDi, key: Key): Promise<void> {
  await inChrome(
    bidi,
    (key: string, code: string, keyCode: number) => {
      const window = Services.wm.getMostRecentWindow("navigator:browser");
      // Not the address bar.
      window.gBrowser.selectedBrowser.focus();
      const keyboard = Cc["@mozilla.org/text-input-processor;1"]?.createInstance(Ci.nsITextInputProcessor);
      if (keyboard?.beginInputTransactionForTests(window) !== true) throw new Error("Firefox takes no keys now.");
      keyboard.keydown(new window.KeyboardEvent("", { key, code, keyCode }));
      keyboard.keyup(new window.KeyboardEvent("", { key, code, keyCode }));
    },
    ...KEYS[key],
  );
}

const KEYS: Readonly<Record<Key, [key: string, code: string, keyCode: number]>> = {
  Tab: ["Tab", "Tab", 9],
  Enter: ["Enter", "Enter", 13],
  Space: [" ", "Space", 32],
  Escape: ["Escape", "Escape", 27],
};

/** Buttons of a prompt ignore clicks at first, so that nobody hits them by chance. */
const PROMPT_DELAY_MS = 600;

/** Waits for the storage access prompt, and clicks a button of it. */
export async function clickDoorhanger(bidi: BiDi, answer: "allow" | "deny", options: WaitOptions): Promise<void> {
  await poll(() => inChrome(bidi, pressDoorhanger, ""), { ...options, what: "Firefox's storage access prompt" });
  await new Promise((resolve) => setTimeout(resolve, PROMPT_DELAY_MS));
  await inChrome(bidi, pressDoorhanger, answer);
  await poll(async () => !(await inChrome(bidi, pressDoorhanger, "")), { ...options, what: "the prompt to go" });
}

/** Runs in Firefox's window. Whether there is a prompt; presses the button of `answer`, if that is one. */
function pressDoorhanger(answer: string): boolean {
  for (const { PopupNotifications } of Services.wm.getEnumerator("navigator:browser")) {
    const { state, firstElementChild: notification } = PopupNotifications.panel;
    if (state !== "open" || notification?.id !== "storage-access-notification") continue;
    if (answer === "allow") notification.button.click();
    if (answer === "deny") notification.secondaryButton.click();
    return true;
  }
  return false;
}
