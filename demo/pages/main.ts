import { Chat } from "./chat.ts";
import { connectHub } from "./hub.ts";
import { requireElement } from "./require-element.ts";
import { StatusStrip } from "./status-strip.ts";

/** Wires hub, chat and strip on a shop's page, the way an integrator would. */
function startShop(): void {
  const { iframeUrl = "", greeting = "Hello!" } = requireElement("body", HTMLBodyElement).dataset;
  const strip = new StatusStrip();

  const hub = connectHub(iframeUrl, {
    onStatus: (status) => strip.setStatus(status),
    onSession: () => {
      strip.setEvent("session arrived");
      chat.resume();
    },
    onSaved: () => strip.setEvent("session saved"),
    onThirdPartyCookies: (isEnabled) => strip.setThirdPartyCookies(isEnabled),
  });

  const loaded = load();
  const chat = new Chat(greeting, loaded, {
    onSession: (session) => strip.setSession(session),
    onStarted: () => void save(),
    onEnded: () => void clear(),
  });

  // The chat starts only now: before, it could have begun a second session beside the one on its way.
  void loaded.then(() => chat.resume());

  // Back and forward show a page as it was; the session may have ended or changed meanwhile.
  addEventListener("pageshow", (event) => {
    if (event.persisted) void load().then(() => chat.resume());
  });

  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-ask]")) {
    button.addEventListener("click", () => void chat.ask(button.dataset["ask"] ?? ""));
  }

  async function load(): Promise<void> {
    await hub.loadCookie();
    strip.setStatus(hub.status);
    strip.setEvent("loaded");
  }

  async function save(): Promise<void> {
    const isSaved = await hub.saveCookie();
    strip.setStatus(hub.status);
    strip.setEvent(isSaved ? "session saved" : "not saved to the hub");
  }

  async function clear(): Promise<void> {
    const isCleared = await hub.clearCookie();
    strip.setEvent(isCleared ? "chat ended, session cleared" : "chat ended on this shop");
  }
}

startShop();
