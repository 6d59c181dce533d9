import type { StorageAccessHeader } from "../../protocol/iframe-config.ts";
import { decodeHubCookie } from "../../protocol/hub-cookie.ts";
import { IS_FIREFOX } from "../iframe/browsers.ts";
import { canUseCookies, hubCookiePrefix, readCookie, writeCookie } from "../iframe/cookie-jar.ts";
import type { AccessStatus } from "../../protocol/access-status.ts";
import { writeSession } from "../iframe/write-session.ts";
import type { Finding } from "./finding.ts";

/** Whether cookies can be written and read back at all, in whatever jar. */
export function findCookies(tenant: string): Finding {
  const rung = "Cookies";
  return canUseCookies(hubCookiePrefix(tenant))
    ? { rung, verdict: "good", found: "The hub can write cookies here, and reads them back." }
    : {
        rung,
        verdict: "limited",
        found: "The browser takes no cookies from the hub on this site.",
        remedy: "Nothing on your side: links carry the chat, and the card asks the visitor.",
      };
}

/** Whose jar these cookies are in. Every browser has its own way to tell (client/iframe/storage-access.ts). */
export async function findPartitioning(header: StorageAccessHeader): Promise<Finding> {
  const rung = "Partitioning";
  const hasAccess = await document.hasStorageAccess?.().catch(() => false);
  const said = `hasStorageAccess() is ${hasAccess}, Sec-Fetch-Storage-Access ${header ?? "was not sent"}.`;
  if (hasAccess) return { rung, verdict: "good", found: `One jar for all your sites: ${said}` };
  if (header === "none" || (header === null && IS_FIREFOX)) {
    return {
      rung,
      verdict: "limited",
      found: `The cookies that your other sites share are kept from this one: ${said}`,
      remedy: "Nothing on your side: cookies that only this site sees are not used.",
    };
  }
  return { rung, verdict: "limited", found: `The browser promises nothing: ${said}` };
}

const NAME = "carryover-check";

/** Saves a session as the provider does, through the Worker, and takes it away again. */
export async function findSaving(tenant: string, { access, reason }: AccessStatus): Promise<Finding> {
  const rung = "Save and load";
  if (access !== "granted") {
    return {
      rung,
      verdict: "limited",
      found: reason,
      remedy: "See the rungs below: links, the prompt, the small window.",
    };
  }
  const cookieName = hubCookiePrefix(tenant) + NAME;
  const session = Math.random().toString(36).slice(2);
  try {
    await writeSession(NAME, session, "", false);
    const kept = decodeHubCookie(readCookie(cookieName));
    if (kept.kind === "session" && kept.session === session) {
      return { rung, verdict: "good", found: "The hub has set a session cookie, and read it back." };
    }
    return {
      rung,
      verdict: "bad",
      found: "The hub has set a session cookie, and the browser did not keep it.",
      remedy: "Look whether something between browser and hub, a proxy or an extension, takes Set-Cookie away.",
    };
  } catch (error) {
    return { rung, verdict: "bad", found: String(error), remedy: "The hub's operator finds the reason in the log." };
  } finally {
    writeCookie(cookieName, "", 0);
  }
}
