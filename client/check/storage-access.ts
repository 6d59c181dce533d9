import type { AccessStatus } from "../../protocol/access-status.ts";
import type { Finding } from "./finding.ts";

/** A prompt that nobody answers leaves its promise pending for ever. */
const PROMPT_PATIENCE_MS = 15_000;

declare global {
  interface Document {
    /** Chromium alone tells what a document may ask for. */
    readonly featurePolicy?: { allowsFeature(name: string): boolean };
  }
}

/** Where storage access stands before anybody is asked. */
export function findStorageAccess({ access, reason }: AccessStatus): Finding {
  const rung = "Storage access";
  if (access === "granted") return { rung, verdict: "good", found: reason };
  if (document.featurePolicy?.allowsFeature("storage-access") === false) {
    return {
      rung,
      verdict: "bad",
      found: "The site does not let the hub ask for it.",
      remedy:
        'Name the hub in the Permissions-Policy directive storage-access, and in allow="storage-access" of the iframe.',
    };
  }
  return access === "promptable"
    ? {
        rung,
        verdict: "limited",
        found: reason,
        remedy: "The card asks the visitor for one click. Nothing on your side.",
      }
    : { rung, verdict: "bad", found: reason, remedy: "A setting of this browser. Links and the small window remain." };
}

export const PROMPT = "Prompt";

/** Before the click. */
export function offerPrompt({ access }: AccessStatus): Finding {
  return access === "granted"
    ? { rung: PROMPT, verdict: "good", found: "Not needed: the hub has its cookies." }
    : { rung: PROMPT, verdict: "open", found: "Asks this browser for storage access, as the card's button does." };
}

/** Asks, as the first thing that a click does: anything before it could cost the click in Safari. */
export async function tryPrompt(findAgain: () => Promise<AccessStatus>): Promise<Finding> {
  const patience = new Promise<"pending">((resolve) => setTimeout(resolve, PROMPT_PATIENCE_MS, "pending"));
  try {
    const answer = await Promise.race([document.requestStorageAccess(), patience]);
    if (answer === "pending") {
      return { rung: PROMPT, verdict: "limited", found: "The browser's question was not answered within 15 s." };
    }
  } catch (error) {
    return {
      rung: PROMPT,
      verdict: "limited",
      found: `Refused (${error instanceof Error ? error.name : String(error)}), by the browser itself if it has shown no question.`,
      remedy:
        "Chrome asks only for sites that the visitor has been to: open the small window below, press its button, and try again. Where a refusal is remembered, the site's settings in the address bar take it back.",
    };
  }
  const { access, reason } = await findAgain();
  return access === "granted"
    ? { rung: PROMPT, verdict: "good", found: `Granted. ${reason}` }
    : {
        rung: PROMPT,
        verdict: "limited",
        found: `Granted, and yet: ${reason}`,
        remedy: "The small window carries the chat.",
      };
}
