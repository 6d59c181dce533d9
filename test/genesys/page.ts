/** The doubles and the real js-cookie as one script, in place of the Widgets package on a test page. */
import Cookies from "js-cookie";
import { jQueryDouble } from "./cx-bus.ts";
import { createMemoryServer, type SessionData, startWidgets, type WidgetsDependencies } from "./web-chat.ts";

/** What a test asks of the page, in the fragment of its address. */
export interface PageSettings {
  /** Of the session cookie. */
  name: string;
  /** Of the next chat, in place of one with random ids. */
  session?: SessionData;
  restoreFrom?: NonNullable<WidgetsDependencies["restoreFrom"]>;
  /** Widgets before 9.0.004.03: plugins have no `ready()`. */
  withoutReady?: boolean;
  /** The visitor begins as soon as there is a chat to begin. */
  chatAtOnce?: boolean;
}

declare global {
  var settings: PageSettings;
  var widgets: ReturnType<typeof startWidgets>;
  var jQuery: typeof jQueryDouble;
}

const { session, restoreFrom = "either", chatAtOnce = false } = globalThis.settings;
const server = createMemoryServer();
globalThis.jQuery = jQueryDouble;
globalThis.widgets = startWidgets(globalThis.window, {
  Cookie: Cookies,
  restoreFrom,
  server: { ...server, start: (options) => session ?? server.start(options) },
});
if (chatAtOnce) void globalThis.widgets.startChat();
