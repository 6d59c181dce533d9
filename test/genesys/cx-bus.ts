/**
 * A double of CXBus, the message bus of Genesys Widgets, for tests in browsers and in Node.
 *
 * Written from the public documentation, never from Genesys code. Each behaviour names the page it comes from
 * (the letters are resolved in README.md) or says "inferred". Where the documentation is silent the double takes the
 * stricter reading: an extension that works here must not depend on a kindness of ours.
 */

/** jQuery's promise, as far as bus commands need it: https://api.jquery.com/category/deferred-object/ */
export interface JQueryPromise {
  done(...callbacks: ((value: unknown) => void)[]): JQueryPromise;
  fail(...callbacks: ((reason: unknown) => void)[]): JQueryPromise;
  always(...callbacks: ((outcome: unknown) => void)[]): JQueryPromise;
  /** Asynchronous and chaining, as in jQuery 3; so a bus command can be awaited. */
  then(
    onResolved?: ((value: unknown) => unknown) | null,
    onRejected?: ((reason: unknown) => unknown) | null,
  ): JQueryPromise;
  state(): "pending" | "resolved" | "rejected";
}

export interface JQueryDeferred extends JQueryPromise {
  resolve(value?: unknown): JQueryDeferred;
  reject(reason?: unknown): JQueryDeferred;
  /** The same outcome without the power to settle it. */
  promise(): JQueryPromise;
}

/** What an extension gets as `$`. Only `Deferred` is doubled: ours uses nothing else. */
export interface JQueryDouble {
  Deferred(): JQueryDeferred;
}

export const jQueryDouble: JQueryDouble = { Deferred: createDeferred };

/** What a subscriber receives. `data` is documented (B); `event` and `publisher` are inferred. */
export interface BusEvent {
  event: string;
  publisher: string;
  data: unknown;
}

/** What a command's handler receives (B: the bus tells a command who called it and when). */
export interface CommandCall {
  commander: string;
  command: string;
  deferred: JQueryDeferred;
  data: Record<string, unknown>;
  /** Milliseconds since the epoch. */
  time: number;
}

/** Options in, options out to go on; anything falsy cancels the command. */
export type BeforeHook = (options: Record<string, unknown>) => unknown;

export interface BusPlugin {
  namespace(): string;
  registerCommand(name: string, handler: (call: CommandCall) => unknown): void;
  registerEvents(names: string[]): void;
  subscribe(event: string, handler: (event: BusEvent) => unknown): void;
  publish(event: string, data?: unknown): void;
  republish(event: string, data?: unknown): void;
  command(command: string, options?: Record<string, unknown>): JQueryPromise;
  before(command: string, hook: BeforeHook): void;
  ready(): void;
}

/** What an extension gets as `CXBus`. */
export interface Bus {
  registerPlugin(name: string): BusPlugin;
  command(command: string, options?: Record<string, unknown>): JQueryPromise;
  subscribe(event: string, handler: (event: BusEvent) => unknown): void;
  /** Ours, for assertions: every event in the order of publication. */
  published: BusEvent[];
  /** Ours, for assertions: names of the plugins that called `ready()`. */
  readyPlugins: string[];
}

/**
 * jQuery's Deferred: `done`, `fail` and `always` run in the settling call itself, in order of registration, and at once
 * when already settled; `then` is asynchronous and adopts what its handler returns. Settling twice does nothing.
 * https://api.jquery.com/jQuery.Deferred/
 */
export function createDeferred(): JQueryDeferred {
  let state: "pending" | "resolved" | "rejected" = "pending";
  let outcome: unknown;
  let waiting: (() => void)[] = [];

  function whenSettled(callback: () => void): void {
    if (state === "pending") waiting.push(callback);
    else callback();
  }

  function settle(to: "resolved" | "rejected", value: unknown): void {
    if (state !== "pending") return;
    state = to;
    outcome = value;
    const callbacks = waiting;
    waiting = [];
    for (const callback of callbacks) callback();
  }

  function onOutcome(wanted: "resolved" | "rejected" | "either", callbacks: ((value: unknown) => void)[]): void {
    for (const callback of callbacks) {
      whenSettled(() => {
        if (wanted === "either" || wanted === state) callback(outcome);
      });
    }
  }

  function follow(next: JQueryDeferred, handler: ((value: unknown) => unknown) | null | undefined): void {
    if (!handler) {
      if (state === "resolved") next.resolve(outcome);
      else next.reject(outcome);
      return;
    }
    try {
      const result = handler(outcome);
      if (!isThenable(result)) {
        next.resolve(result);
        return;
      }
      // Braces, so that these return nothing: `next` is a thenable itself and would be followed for ever.
      result.then(
        (value) => {
          next.resolve(value);
        },
        (reason) => {
          next.reject(reason);
        },
      );
    } catch (error) {
      next.reject(error);
    }
  }

  const promise: JQueryPromise = {
    done(...callbacks) {
      onOutcome("resolved", callbacks);
      return this;
    },
    fail(...callbacks) {
      onOutcome("rejected", callbacks);
      return this;
    },
    always(...callbacks) {
      onOutcome("either", callbacks);
      return this;
    },
    // eslint-disable-next-line unicorn/no-thenable -- it doubles a thenable
    then(onResolved, onRejected) {
      const next = createDeferred();
      whenSettled(() => queueMicrotask(() => follow(next, state === "resolved" ? onResolved : onRejected)));
      return next.promise();
    },
    state: () => state,
  };

  return {
    ...promise,
    resolve(value) {
      settle("resolved", value);
      return this;
    },
    reject(reason) {
      settle("rejected", reason);
      return this;
    },
    promise: () => promise,
  };
}

export function createBus(): Bus {
  const plugins = new Set<string>();
  const commands = new Map<string, (call: CommandCall) => unknown>();
  const hooks = new Map<string, BeforeHook[]>();
  const subscribers = new Map<string, ((event: BusEvent) => unknown)[]>();
  const sticky = new Map<string, BusEvent>();
  const published: BusEvent[] = [];
  const readyPlugins: string[] = [];

  // B: "Publications and subscriptions are loosely bound": one may subscribe before the publisher exists.
  // B lists no way to unsubscribe, so there is none here.
  function subscribe(event: string, handler: (event: BusEvent) => unknown): void {
    subscribers.set(event, [...(subscribers.get(event) ?? []), handler]);
    const missed = sticky.get(event);
    if (missed) deliver(handler, missed);
  }

  // B: events run asynchronously. Inferred: who had not subscribed at the moment of publishing gets nothing.
  function publish(event: BusEvent): void {
    published.push(event);
    for (const handler of subscribers.get(event.event) ?? []) deliver(handler, event);
  }

  // B: commands run asynchronously and answer with a promise. Inferred: a command that nobody has registered by then
  // is rejected (the real bus may load the missing plugin instead).
  function command(commander: string, name: string, options: Record<string, unknown> = {}): JQueryPromise {
    const deferred = createDeferred();
    setTimeout(() => {
      const handler = commands.get(name);
      if (!handler) {
        deferred.reject(`No such command: ${name}`);
        return;
      }
      // P: a `before` hook may change the options and must hand them back; inferred: falsy cancels. Nothing says that a
      // hook may wait, so a promise is refused here instead of being awaited.
      let data: unknown = options;
      for (const hook of hooks.get(name) ?? []) {
        data = hook(data as Record<string, unknown>);
        if (isThenable(data)) {
          deferred.reject(`The before hook of ${name} returned a promise`);
          return;
        }
        if (!data) {
          deferred.reject(`${name} was cancelled by a before hook`);
          return;
        }
      }
      // Inferred: nothing rescues a handler that throws; the error surfaces as an uncaught one.
      handler({
        commander,
        command: name,
        deferred,
        data: data as Record<string, unknown>,
        time: Date.now(),
      });
    }, 0);
    return deferred.promise();
  }

  function registerPlugin(name: string): BusPlugin {
    // Inferred: names are unique. A second plugin of a name is a mistake worth hearing about.
    if (plugins.has(name)) throw new Error(`A plugin named ${name} is registered already`);
    plugins.add(name);
    // E: events and commands are named after their plugin; `republish("ready")` publishes `<plugin>.ready`.
    const qualify = (short: string): string => `${name}.${short}`;
    return {
      namespace: () => name,
      registerCommand(short, handler) {
        commands.set(qualify(short), handler);
      },
      // Documented (B), but only the bus's own listing uses it.
      registerEvents() {},
      subscribe,
      publish(short, data) {
        publish({ event: qualify(short), publisher: name, data });
      },
      // E uses it for `ready`. Inferred: later subscribers receive the event too, once each, the latest one.
      republish(short, data) {
        const event = { event: qualify(short), publisher: name, data };
        sticky.set(event.event, event);
        publish(event);
      },
      command: (called, options) => command(name, called, options),
      before(called, hook) {
        hooks.set(called, [...(hooks.get(called) ?? []), hook]);
      },
      // E: every extension ends with it. P: required since 9.0.004.03. Inferred: it tells the framework, not the
      // other plugins, so it publishes nothing.
      ready() {
        readyPlugins.push(name);
      },
    };
  }

  return {
    registerPlugin,
    command: (called, options) => command("CXBus", called, options),
    subscribe,
    published,
    readyPlugins,
  };
}

/** A task of its own for each delivery, so that one failing subscriber is seen and stops nobody else. */
function deliver(handler: (event: BusEvent) => unknown, event: BusEvent): void {
  setTimeout(() => handler(event), 0);
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    (typeof value === "object" || typeof value === "function") &&
    value !== null &&
    "then" in value &&
    typeof value.then === "function"
  );
}
