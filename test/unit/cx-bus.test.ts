import Cookies from "js-cookie";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { type Bus, createBus, createDeferred } from "../genesys/cx-bus.ts";
import {
  type AsyncChatOptions,
  type Extension,
  startWidgets,
  type WidgetsDependencies,
  type WidgetsWindow,
} from "../genesys/web-chat.ts";

const SESSION_COOKIE = "customer-defined-session-cookie";

describe("the CXBus double", () => {
  it("delivers an event under its plugin's name, later, to those who had subscribed", async () => {
    const bus = createBus();
    const chat = bus.registerPlugin("WebChat");
    const heard: unknown[] = [];
    bus.subscribe("WebChat.opened", (event) => heard.push(event.data));

    chat.publish("opened", { by: "visitor" });
    bus.subscribe("WebChat.opened", () => heard.push("a late subscriber"));

    expect(heard).toEqual([]);
    await settled();
    expect(heard).toEqual([{ by: "visitor" }]);
  });

  it("gives a republished event to later subscribers too, once", async () => {
    const bus = createBus();
    bus.registerPlugin("CookieProvider").republish("ready", 1);
    await settled();
    const late = vi.fn();
    bus.subscribe("CookieProvider.ready", late);
    await settled();
    expect(late).toHaveBeenCalledTimes(1);
    expect(late.mock.calls[0]?.[0]).toMatchObject({ event: "CookieProvider.ready", data: 1 });
  });

  it("runs a command later and tells it who called, with what, and when", async () => {
    const bus = createBus();
    bus.registerPlugin("CookieProvider").registerCommand("load", ({ commander, command, data, deferred, time }) => {
      deferred.resolve({ commander, command, data, timed: time <= Date.now() });
    });
    const caller = bus.registerPlugin("Shop");
    const done = vi.fn();

    const promise = caller.command("CookieProvider.load", { fresh: true }).done(done);

    expect(promise.state()).toBe("pending");
    expect(await promise).toEqual({
      commander: "Shop",
      command: "CookieProvider.load",
      data: { fresh: true },
      timed: true,
    });
    expect(done).toHaveBeenCalledTimes(1);
  });

  it("rejects a command that nobody has registered", async () => {
    const fail = vi.fn();
    createBus().command("WebChat.open").fail(fail);
    await settled();
    expect(fail).toHaveBeenCalledWith("No such command: WebChat.open");
  });

  it("lets a before hook change the options, or cancel, but not wait", async () => {
    const bus = createBus();
    const plugin = bus.registerPlugin("WebChat");
    for (const name of ["open", "close", "hide"]) {
      plugin.registerCommand(name, ({ data, deferred }) => deferred.resolve(data));
    }
    const hooks = bus.registerPlugin("Hooks");
    hooks.before("WebChat.open", (options) => ({ ...options, form: "filled" }));
    hooks.before("WebChat.close", () => false);
    hooks.before("WebChat.hide", async (options) => options);

    expect(await bus.command("WebChat.open")).toEqual({ form: "filled" });
    await expect(native(bus, "WebChat.close")).rejects.toMatch(/cancelled/);
    await expect(native(bus, "WebChat.hide")).rejects.toMatch(/returned a promise/);
  });

  it("has jQuery's deferreds: done at once, then in a later turn, settled only once", async () => {
    const deferred = createDeferred();
    const order: unknown[] = [];
    deferred.then((value) => order.push(`then ${String(value)}`));
    deferred.done((value) => order.push(`done ${String(value)}`)).always(() => order.push("always"));
    deferred.fail(() => order.push("never"));

    deferred.resolve(1).resolve(2).reject(3);

    expect(order).toEqual(["done 1", "always"]);
    expect(await deferred.then((value) => createDeferred().resolve([value]).promise())).toEqual([1]);
    expect(order).toEqual(["done 1", "always", "then 1"]);
    await expect(Promise.resolve(deferred.then(() => Promise.reject(new Error("no"))))).rejects.toThrow("no");
  });
});

describe("the Widgets double", () => {
  beforeEach(() => {
    vi.stubGlobal("document", cookieJar());
  });
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it("runs extensions before WebChat exists, then QuickBus, then the ready events", async () => {
    const order: string[] = [];
    const window = page(storedInCookie(), {
      First: ($, CXBus, Common) => {
        order.push(`extension ${typeof $.Deferred} ${typeof Common} ${CXBus.published.length}`);
        CXBus.registerPlugin("First").subscribe("WebChat.ready", () => order.push("WebChat.ready"));
      },
    });
    window._genesys!.widgets!.onReady = (bus) => order.push(`onReady ${bus === window._genesys?.widgets?.bus}`);
    start(window);
    await settled();
    expect(order).toEqual(["extension function object 0", "onReady true", "WebChat.ready"]);
  });

  it("hands a started chat to getSessionData with js-cookie and the site's domain", async () => {
    const getSessionData = vi.fn();
    const widgets = start(page({ enabled: true, getSessionData }));
    await widgets.started;
    await widgets.startChat();
    await settled();

    expect(getSessionData).toHaveBeenCalledExactlyOnceWith(widgets.session(), Cookies, {
      path: "/",
      domain: "shop-a.example",
    });
    expect(names(widgets.bus)).toEqual(expect.arrayContaining(["WebChatService.started", "WebChat.started"]));
    await expect(widgets.startChat()).rejects.toBe("There is already an active chat session");
  });

  it.each([
    ["a value", (found: unknown) => found],
    ["a promise", async (found: unknown) => found],
    ["a jQuery deferred", (found: unknown) => createDeferred().resolve(found).promise()],
  ])("restores at page load what setSessionData returns as %s", async (_form, answer) => {
    const stored = JSON.stringify({ sessionId: "s-1", token: 'ü;"%' });
    Cookies.set(SESSION_COOKIE, stored);
    const widgets = start(
      page({
        enabled: true,
        setSessionData: (_open, Cookie) => answer(Cookie.get(SESSION_COOKIE)),
      }),
    );
    await widgets.started;
    await settled();
    expect(widgets.session()).toEqual(JSON.parse(stored));
    expect(widgets.bus.published).toContainEqual(
      expect.objectContaining({ event: "WebChatService.restored", data: { async: true } }),
    );
    expect(names(widgets.bus)).not.toContain("WebChat.started");
  });

  it.each(["options", "page", "either"] as const)("restores a late session found in %s", async (restoreFrom) => {
    const widgets = start(page(storedInCookie()), { restoreFrom });
    await widgets.started;
    expect(widgets.session()).toBeNull();
    const sessionData = JSON.stringify({ sessionId: "s-late" });
    Cookies.set(SESSION_COOKIE, sessionData);

    await widgets.bus.command("WebChatService.restore", { async: true, sessionData });
    expect(widgets.session()).toEqual({ sessionId: "s-late" });
  });

  it("tells a renewed session, and tells completed from cancelled", async () => {
    const widgets = start(page(storedInCookie()));
    await widgets.started;
    await widgets.startChat();
    widgets.renewSession({ token: "renewed" });
    expect(JSON.parse(Cookies.get(SESSION_COOKIE) ?? "")).toMatchObject({ token: "renewed" });
    await widgets.endChat();
    await settled();
    await widgets.startChat();
    widgets.connectAgent();
    await widgets.endChat();
    await settled();
    expect(names(widgets.bus).filter((name) => /received|ended|cancelled|completed/i.test(name))).toEqual([
      "WebChatService.messageReceived",
      "WebChatService.ended",
      "WebChat.cancelled",
      "WebChatService.ended",
      "WebChat.completed",
    ]);
    expect(Cookies.get(SESSION_COOKIE)).toBeDefined();
  });

  it("starts without a session when setSessionData fails or finds rubbish", async () => {
    for (const answer of [() => Promise.reject(new Error("no storage")), () => "{not json"]) {
      const widgets = start(page({ enabled: true, setSessionData: answer }));
      await widgets.started;
      expect(names(widgets.bus)).toContain("WebChatService.restoreFailed");
      await widgets.startChat();
      expect(widgets.session()).not.toBeNull();
    }
  });
});

function start(window: WidgetsWindow, more: Partial<WidgetsDependencies> = {}) {
  return startWidgets(window, { Cookie: Cookies, ...more });
}

function page(chat: AsyncChatOptions, extensions: Record<string, Extension> = {}): WidgetsWindow {
  return {
    location: { hostname: "www.shop-a.example" },
    _genesys: { widgets: { main: {}, webchat: { async: chat }, extensions } },
  };
}

/** The documented way: the session's JSON in a cookie of the page's choice. */
function storedInCookie(): AsyncChatOptions {
  return {
    enabled: true,
    getSessionData: (session, Cookie, options) => {
      Cookie.set(SESSION_COOKIE, JSON.stringify(session), options);
    },
    setSessionData: (_open, Cookie) => Cookie.get(SESSION_COOKIE),
  };
}

function names(bus: Bus): string[] {
  return bus.published.map((event) => event.event);
}

function native(bus: Bus, command: string): Promise<unknown> {
  return Promise.resolve(bus.command(command));
}

/** Long enough for an event that a handler publishes, and for the one that answers it. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 20);
  });
}

/** `document.cookie` of a single site, as far as js-cookie needs it. */
function cookieJar(): { cookie: string } {
  const jar = new Map<string, string>();
  return {
    get cookie() {
      return [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    },
    set cookie(line: string) {
      const [pair = "", ...attributes] = line.split("; ");
      const name = pair.slice(0, pair.indexOf("="));
      const expires = attributes.find((attribute) => attribute.startsWith("expires="));
      if (expires && Date.parse(expires.slice("expires=".length)) < Date.now()) jar.delete(name);
      else jar.set(name, pair.slice(name.length + 1));
    },
  };
}
