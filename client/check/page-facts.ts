import { fieldsOf } from "../../protocol/messages.ts";
import { type TrustedOrigin, isTrustedOrigin } from "../../protocol/origins.ts";
import { PAGE_FACTS } from "../../protocol/routes.ts";
import { IS_FIREFOX } from "../iframe/browsers.ts";
import type { Finding } from "./finding.ts";
import type { Where } from "./where.ts";

/** What the line that is pasted into a page's console has found there (worker/check-page/snippet.ts). */
export type PageFacts = {
  /** Scripts of the provider. */
  readonly copies: number;
  /** Origins to which links lead that have `noreferrer`, or a referrer policy of their own. */
  readonly silent: readonly string[];
  /** Properties of `document` that elements hide. */
  readonly hidden: readonly string[];
  /** Libraries that replace the body. */
  readonly replacers: readonly string[];
  /** Whether a service worker answers for the page. */
  readonly worker: boolean;
};

/** The facts in the fragment of this page, if it was embedded by that line. */
export function readPageFacts(hash: string): PageFacts | undefined {
  if (!hash.startsWith(PAGE_FACTS)) return undefined;
  try {
    const facts: unknown = JSON.parse(decodeURIComponent(hash.slice(PAGE_FACTS.length)));
    return isPageFacts(facts) ? facts : undefined;
  } catch {
    return undefined;
  }
}

function isPageFacts(value: unknown): value is PageFacts {
  const { copies, silent, hidden, replacers, worker } = fieldsOf(value);
  const isTexts = (list: unknown) => Array.isArray(list) && list.every((one) => typeof one === "string");
  return (
    typeof copies === "number" &&
    isTexts(silent) &&
    isTexts(hidden) &&
    isTexts(replacers) &&
    typeof worker === "boolean"
  );
}

/** What makes a difference to other scripts of this kind, and whether it does to this one. */
export function findPage(
  { copies, silent, hidden, replacers, worker }: PageFacts,
  { site }: Where,
  trusted: readonly TrustedOrigin[],
): Finding {
  const rung = "This page";
  const links = silent.filter((origin) => origin !== site && isTrustedOrigin(origin, trusted)).length;
  const found = [
    copies === 0
      ? "The script is not there yet."
      : copies > 1
        ? `The script is there ${copies} times: once is enough.`
        : "",
    links > 0
      ? `Links to your other sites that hide where they come from: ${links}. They carry the chat, and tell this site's origin.`
      : "",
    hidden.length > 0 ? `Elements hide properties of document (${hidden.join(", ")}): not from Carryover.` : "",
    replacers.length > 0 ? `${replacers.join(" and ")} may replace the body: the hub's frame stays.` : "",
    worker ? "A service worker may answer for it." : "",
  ].filter(Boolean);
  if (worker && IS_FIREFOX) {
    return {
      rung,
      verdict: "limited",
      found: found.join(" "),
      remedy:
        "Firefox gives no referrer to pages that a service worker has answered, and links to them arrive without the chat: let the worker leave navigations alone.",
    };
  }
  if (copies === 0) return { rung, verdict: "limited", found: found.join(" "), remedy: "Include it in <head>." };
  return { rung, verdict: "good", found: found.join(" ") || "Nothing in the way." };
}
