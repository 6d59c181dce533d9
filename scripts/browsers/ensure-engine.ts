import { canInstallPackages, installPackages, systemFacts } from "./debian-packages.ts";
import { ensureChromium } from "./find-chromium.ts";
import { FIREFOX_PACKAGES, findFirefox } from "./find-firefox.ts";
import { findWebKit, WEBKIT_PACKAGES } from "./find-webkit.ts";
import { isDebianItself, type SystemFacts } from "./install-advice.ts";

export type Engine = "chromium" | "firefox" | "webkit";

interface Installable {
  find: () => unknown;
  what: string;
  packages: readonly string[];
  /** Besides installing Debian's packages. */
  otherwise: string;
}

const INSTALLABLE: Readonly<Record<Exclude<Engine, "chromium">, Installable>> = {
  firefox: { find: findFirefox, what: "Firefox", packages: FIREFOX_PACKAGES, otherwise: ", or set FIREFOX_PATH" },
  webkit: {
    find: findWebKit,
    what: "WebKitGTK with WebKitWebDriver, MiniBrowser, Xvfb and xdotool",
    packages: WEBKIT_PACKAGES,
    otherwise: "",
  },
};

/**
 * Why this machine has no such engine; `undefined` when it has, or when Debian's packages could be installed now
 * (Debian, root, apt-get). Tests put the reason into the names of what they skip.
 *
 * @throws Error when `CHROME_PATH` or `FIREFOX_PATH` is wrong.
 */
export function whyNoEngine(engine: Engine): string | undefined {
  // Asked once: an installation that failed would fail again.
  let answer = answers.get(engine);
  if (answer === undefined) answers.set(engine, (answer = { reason: reasonAgainst(engine) }));
  return answer.reason;
}

const answers = new Map<Engine, { reason: string | undefined }>();

function reasonAgainst(engine: Engine): string | undefined {
  if (engine === "chromium") {
    // The tests as a whole need it: a machine without it is an error, which tells what to do.
    ensureChromium();
    return undefined;
  }
  const { find, what, packages } = INSTALLABLE[engine];
  if (find() !== undefined) return undefined;
  const system = systemFacts();
  if (!canInstallPackages(system)) return engineAdvice(engine, system);
  try {
    installPackages(packages);
  } catch (error) {
    return `no ${what}, and it cannot be installed: ${error instanceof Error ? error.message : String(error)}`;
  }
  return find() === undefined ? `no ${what}, even after apt-get install ${packages.join(" ")}` : undefined;
}

/** What somebody at this system should do to get an engine. */
export function engineAdvice(engine: keyof typeof INSTALLABLE, { osRelease }: SystemFacts): string {
  const { what, packages, otherwise } = INSTALLABLE[engine];
  const command = `apt-get install ${packages.join(" ")}`;
  return isDebianItself(osRelease)
    ? `no ${what}; as root: ${command}${otherwise}`
    : `no ${what}; on Debian: ${command}${otherwise}`;
}
