/**
 * A double of the WebChat and WebChatService plugins of Genesys Widgets, and of the start of the Widgets package.
 *
 * The letters name the public pages in README.md; "inferred" marks what they leave open. There is no chat server: a
 * session is whatever `ChatServer.start` returns, and the default server takes back any session it did not end.
 */

import { type Bus, type BusPlugin, createBus, type JQueryDouble, jQueryDouble, type JQueryPromise } from "./cx-bus.ts";

export type SessionData = Record<string, unknown>;

/** js-cookie's calls that pages make (https://github.com/js-cookie/js-cookie). Pass the real library. */
export interface CookieLibrary {
  get(name: string): string | undefined;
  set(name: string, value: string, attributes?: CookieOptions): unknown;
  remove(name: string, attributes?: CookieOptions): void;
}

/**
 * K: Widgets cookies carry the site's domain so that sub-domains share them, and live as long as the browser session
 * (no `expires`). Inferred: these are js-cookie attributes, with the path `/`.
 */
export interface CookieOptions {
  path: string;
  domain?: string;
}

/** C: `_genesys.widgets.webchat.async`. Both functions may answer later (D, inferred). */
export interface AsyncChatOptions {
  enabled?: boolean;
  getSessionData?: (sessionData: SessionData, Cookie: CookieLibrary, CookieOptions: CookieOptions) => unknown;
  setSessionData?: (Open: boolean, Cookie: CookieLibrary, CookieOptions: CookieOptions) => unknown;
}

export type Extension = ($: JQueryDouble, CXBus: Bus, Common: object) => void;

export interface WidgetsNamespace {
  main?: { debug?: boolean } & Record<string, unknown>;
  webchat?: { async?: AsyncChatOptions } & Record<string, unknown>;
  extensions?: Record<string, Extension>;
  onReady?: (bus: BusPlugin) => void;
  bus?: BusPlugin;
}

export interface WidgetsWindow {
  location: { hostname: string };
  _genesys?: { widgets?: WidgetsNamespace };
}

export interface ChatServer {
  start(options: Record<string, unknown>): SessionData | Promise<SessionData>;
  /** Is there still such a session? */
  restore(session: SessionData): boolean | Promise<boolean>;
  end(session: SessionData): void | Promise<void>;
}

export interface WidgetsDependencies {
  Cookie: CookieLibrary;
  $?: JQueryDouble;
  server?: ChatServer;
  /** Where `WebChatService.restore` finds a session. The documentation read does not say; test with each. */
  restoreFrom?: "options" | "page" | "either";
  /** Default: the last two labels of the host name; none on a bare host or an address. */
  cookieDomain?: string | null;
}

export interface Widgets {
  bus: Bus;
  /** Resolves once the restore of the page load is over, whether there was a session or not. */
  started: Promise<void>;
  session(): SessionData | null;
  /** What a visitor does: opens the widget and submits the form. */
  startChat(options?: Record<string, unknown>): Promise<unknown>;
  endChat(): Promise<unknown>;
  /** An agent joins; from here on an ended chat is "completed", before it "cancelled". */
  connectAgent(): void;
  /** The server renews the session's data, as with a new token. */
  renewSession(changes: SessionData): void;
}

const OPEN_STATE_COOKIE = "_genesys.widgets.webchat.state.open";

/**
 * Starts "Widgets" on a page.
 *
 * E: extensions are defined after the configuration and before the Widgets package; when Widgets initialises, it calls
 * each one with jQuery, CXBus and Common. Inferred: before the other plugins read their configuration.
 * B: afterwards `window._genesys.widgets.bus` is QuickBus, and `onReady` is called with it.
 * C: the asynchronous chat hands its session to `getSessionData` and asks `setSessionData` for one at page load.
 */
export function startWidgets(window: WidgetsWindow, dependencies: WidgetsDependencies): Widgets {
  const namespace = ((window._genesys ??= {}).widgets ??= {});
  const bus = createBus();

  for (const extension of Object.values(namespace.extensions ?? {})) {
    // Inferred: an extension that throws does not keep the chat from starting.
    try {
      extension(dependencies.$ ?? jQueryDouble, bus, {});
    } catch (error) {
      setTimeout(() => {
        throw error;
      }, 0);
    }
  }

  const app = bus.registerPlugin("App");
  const service = createWebChatService(window, bus, namespace.webchat?.async ?? {}, dependencies);
  createWebChat(bus, service, dependencies.Cookie, cookieOptions(window, dependencies));

  const quickBus = bus.registerPlugin("QuickBus");
  namespace.bus = quickBus;
  namespace.onReady?.(quickBus);
  // Public code subscribes to App.ready; where it stands among the others is inferred.
  app.republish("ready");

  return {
    bus,
    started: service.restoreAtPageLoad(),
    session: service.session,
    async startChat(options = {}) {
      await outcome(quickBus.command("WebChat.open", { form: { autoSubmit: false } })).catch(() => undefined);
      return outcome(quickBus.command("WebChatService.startChat", options));
    },
    endChat: () => outcome(quickBus.command("WebChatService.endChat")),
    connectAgent: service.connectAgent,
    renewSession: service.renewSession,
  };
}

interface WebChatService {
  session(): SessionData | null;
  hadAgent(): boolean;
  restoreAtPageLoad(): Promise<void>;
  connectAgent(): void;
  renewSession(changes: SessionData): void;
}

function createWebChatService(
  window: WidgetsWindow,
  bus: Bus,
  chat: AsyncChatOptions,
  dependencies: WidgetsDependencies,
): WebChatService {
  const { Cookie, server = createMemoryServer(), restoreFrom = "either" } = dependencies;
  const options = cookieOptions(window, dependencies);
  const plugin = bus.registerPlugin("WebChatService");
  let session: SessionData | null = null;
  let starting = false;
  let agent = false;

  // C: the page's own place for the session. Inferred: called on the start and on every change, not after a
  // restore, and never awaited.
  function give(current: SessionData): void {
    if (chat.enabled && chat.getSessionData) void chat.getSessionData({ ...current }, Cookie, options);
  }

  // C: what it returns is the session to restore, as it was stored: in the sample a JSON string.
  // Inferred: it may answer later (D), and `Open` tells whether the widget was open on the last page.
  async function ask(): Promise<unknown> {
    if (!chat.enabled || !chat.setSessionData) return null;
    return await chat.setSessionData(Cookie.get(OPEN_STATE_COOKIE) === "true", Cookie, options);
  }

  async function restore(found: unknown): Promise<void> {
    const wanted = parseSession(found);
    if (!wanted) throw new Error("Session cannot be found");
    if (session || starting) throw new Error("There is already an active chat session");
    const alive = await server.restore(wanted);
    if (!alive) throw new Error("Session cannot be found");
    if (session || starting) throw new Error("There is already an active chat session");
    session = wanted;
    agent = false;
    // S: carries {async}, telling whether the chat was restored in asynchronous mode.
    plugin.publish("restored", { async: chat.enabled === true });
  }

  // T: resolves with the server's answer; rejects while a chat is active, with these words.
  plugin.registerCommand("startChat", async ({ data, deferred }) => {
    if (session || starting) {
      deferred.reject("There is already an active chat session");
      return;
    }
    starting = true;
    try {
      session = await server.start(data);
    } catch (error) {
      // S: something went wrong between client and server.
      plugin.publish("error", error);
      deferred.reject(error);
      return;
    } finally {
      starting = false;
    }
    agent = false;
    give(session);
    // S: carries the server's answer with the session data.
    plugin.publish("started", { ...session });
    deferred.resolve({ ...session });
  });

  // T: rejects when no chat is active. Inferred: Widgets does not touch what the page stored.
  plugin.registerCommand("endChat", async ({ deferred }) => {
    if (!session) {
      deferred.reject("There is no active chat session");
      return;
    }
    const ended = session;
    session = null;
    await server.end(ended);
    // S: no data.
    plugin.publish("ended");
    deferred.resolve();
  });

  // L: a command of this name exists. Its options are not on the pages read: see README.md.
  plugin.registerCommand("restore", async ({ data, deferred }) => {
    try {
      const given = restoreFrom === "page" ? undefined : data["sessionData"];
      await restore(given ?? (restoreFrom === "options" ? null : await ask()));
      deferred.resolve();
    } catch (error) {
      // S: the session could not be restored.
      plugin.publish("restoreFailed");
      deferred.reject(error instanceof Error ? error.message : error);
    }
  });

  // L, P: resolves with the active session's data.
  plugin.registerCommand("getSessionData", ({ deferred }) => {
    if (session) deferred.resolve({ ...session });
    else deferred.reject("There is no active chat session");
  });

  // L, P: resolves with `{sessionActive}`.
  plugin.registerCommand("verifySession", ({ deferred }) => {
    deferred.resolve({ sessionActive: session !== null });
  });

  // L, P: takes `{message}`. S: every message is told as messageReceived, with the session's data.
  plugin.registerCommand("sendMessage", ({ data, deferred }) => {
    if (!session) {
      deferred.reject("There is no active chat session");
      return;
    }
    received([{ type: "Message", text: data["message"], from: { type: "Client" } }]);
    deferred.resolve();
  });

  function received(messages: unknown[]): void {
    plugin.publish("messageReceived", {
      originalMessages: {},
      messages,
      restoring: false,
      sessionData: { ...session },
    });
  }

  // S: initialised and ready to accept commands.
  plugin.republish("ready");

  return {
    session: () => session,
    hadAgent: () => agent,
    async restoreAtPageLoad() {
      let found: unknown;
      try {
        found = await ask();
      } catch {
        // Inferred: a page that cannot tell its session is told apart from a page that has none.
        plugin.publish("restoreFailed");
        return;
      }
      if (!found) return;
      try {
        await restore(found);
      } catch {
        plugin.publish("restoreFailed");
      }
    },
    connectAgent() {
      agent = true;
      // Recalled, not on the pages read.
      plugin.publish("agentConnected");
    },
    renewSession(changes) {
      if (!session) throw new Error("There is no active chat session");
      session = { ...session, ...changes };
      give(session);
      received([]);
    },
  };
}

function createWebChat(bus: Bus, service: WebChatService, Cookie: CookieLibrary, options: CookieOptions): void {
  const plugin = bus.registerPlugin("WebChat");
  let open = false;

  // W: these events carry "metadata"; its fields are not on the pages read, so it is empty here.
  const metadata = {};

  // K: the widget's open state is remembered in this cookie.
  function show(): void {
    open = true;
    Cookie.set(OPEN_STATE_COOKIE, "true", options);
    plugin.publish("opened", metadata);
  }

  // O: resolves when the widget is on screen, rejects with these words when it was; `form.autoSubmit` skips the form.
  plugin.registerCommand("open", ({ data, deferred }) => {
    if (open) {
      deferred.reject("already opened");
      return;
    }
    show();
    if (autoSubmits(data["form"])) {
      plugin.publish("submitted", metadata);
      // W: the chat did not start.
      plugin.command("WebChatService.startChat", data).fail(() => plugin.publish("rejected", metadata));
    }
    deferred.resolve();
  });

  // O: closes the widget. Inferred: an active chat ends with it.
  plugin.registerCommand("close", ({ deferred }) => {
    if (!open) {
      deferred.reject("already closed");
      return;
    }
    if (service.session()) plugin.command("WebChatService.endChat");
    open = false;
    Cookie.remove(OPEN_STATE_COOKIE, options);
    plugin.publish("closed", metadata);
    deferred.resolve();
  });

  // W: "started" follows a successful start. Inferred: not a restore, which shows the widget again.
  plugin.subscribe("WebChatService.started", () => plugin.publish("started", metadata));
  plugin.subscribe("WebChatService.restored", () => {
    if (!open) show();
  });
  // W: completed when an agent had been connected, else cancelled.
  plugin.subscribe("WebChatService.ended", () =>
    plugin.publish(service.hadAgent() ? "completed" : "cancelled", metadata),
  );

  // W: initialised and ready to accept commands.
  plugin.republish("ready");
}

/** Takes back every session that was not ended through it; so sessions of other pages restore as well. */
export function createMemoryServer(): ChatServer {
  const ended = new Set<unknown>();
  return {
    start: () => ({
      sessionId: globalThis.crypto.randomUUID(),
      token: globalThis.crypto.randomUUID(),
    }),
    restore: (session) => !ended.has(session["sessionId"]),
    end(session) {
      ended.add(session["sessionId"]);
    },
  };
}

function cookieOptions(window: WidgetsWindow, { cookieDomain }: WidgetsDependencies): CookieOptions {
  const domain = cookieDomain === undefined ? siteOf(window.location.hostname) : cookieDomain;
  return domain ? { path: "/", domain } : { path: "/" };
}

/** K: the domain is derived from the page's host. Inferred: without a list of public suffixes. */
function siteOf(hostname: string): string | null {
  const labels = hostname.split(".");
  const isAddress = hostname.includes(":") || labels.every((label) => /^\d+$/.test(label));
  return isAddress || labels.length < 2 ? null : labels.slice(-2).join(".");
}

function parseSession(found: unknown): SessionData | null {
  if (typeof found !== "string") return isSession(found) ? found : null;
  try {
    const parsed: unknown = JSON.parse(found);
    return isSession(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

function isSession(value: unknown): value is SessionData {
  return typeof value === "object" && value !== null && typeof (value as SessionData)["sessionId"] === "string";
}

function autoSubmits(form: unknown): boolean {
  return typeof form === "object" && form !== null && "autoSubmit" in form && form.autoSubmit === true;
}

/** A bus promise as a native one, which rejects where the command fails. */
async function outcome(promise: JQueryPromise): Promise<unknown> {
  return await promise;
}
