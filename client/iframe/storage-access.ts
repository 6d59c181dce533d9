import { type AccessStatus, BLOCKED, GRANTED } from "../../protocol/access-status.ts";
import type { StorageAccessHeader } from "../../protocol/iframe-config.ts";
import { sleep } from "../sleep.ts";
import { IS_FIREFOX } from "./browsers.ts";
import { canUseCookies } from "./cookie-jar.ts";

/** A prompt that nobody answers leaves `requestStorageAccess` pending for ever; nothing may wait on that. */
const REQUEST_TIMEOUT_MS = 1000;

/** WebKit does not always read back at once what it was given (seen in 2.50). A probe that fails once is no verdict. */
const PROBE_AGAIN_MS = [10, 30, 60];

/**
 * Judges whether the hub's unpartitioned cookies can be used.
 *
 * Neither sign is enough alone. Firefox lets cookies of a partitioned jar be written and read back, which no other site
 * sees; it then says `Sec-Fetch-Storage-Access: none` (147 and later), or nothing before. WebKit can say
 * `hasStorageAccess` with no cookie readable, and deny it where third-party cookies are simply allowed.
 *
 * @param cookieReadBack a cookie was read: one that was there, or one written for the purpose
 * @param canRequest the browser takes a request for storage access, and the visitor has not denied it
 */
export function judgeAccess(
  hasStorageAccess: boolean,
  cookieReadBack: boolean,
  header: StorageAccessHeader,
  isFirefox: boolean,
  canRequest: boolean,
): AccessStatus {
  const partitioned = !hasStorageAccess && (header === "none" || (header === null && isFirefox));
  if (cookieReadBack && !partitioned) return GRANTED;
  if (canRequest) {
    return {
      access: "promptable",
      reason: "This browser blocks the hub's cookies on this page until the visitor grants storage access.",
    };
  }
  return BLOCKED;
}

/**
 * Finds out where storage access stands, and takes it up, without any prompt, where the visitor has granted it already.
 *
 * @param prefix of the names of the tenant's hub cookies
 * @see https://privacycg.github.io/storage-access/
 */
export async function findAccess(header: StorageAccessHeader, prefix: string): Promise<AccessStatus> {
  let hasStorageAccess = (await attempt(() => document.hasStorageAccess())) ?? false;
  const permission = hasStorageAccess
    ? undefined
    : (await attempt(() => navigator.permissions.query({ name: "storage-access" })))?.state;
  if (permission === "granted") {
    await Promise.race([attempt(() => document.requestStorageAccess()), sleep(REQUEST_TIMEOUT_MS)]);
    hasStorageAccess = (await attempt(() => document.hasStorageAccess())) ?? false;
  }
  let cookieReadBack = canUseCookies(prefix);
  for (const ms of hasStorageAccess ? PROBE_AGAIN_MS : []) {
    if (!cookieReadBack) {
      await sleep(ms);
      cookieReadBack = canUseCookies(prefix);
    }
  }
  return judgeAccess(
    hasStorageAccess,
    cookieReadBack,
    header,
    IS_FIREFOX,
    permission !== "denied" && "requestStorageAccess" in document,
  );
}

/** Not every browser has all of that, Safari before 26.2 knows no such permission, and detached documents reject. */
async function attempt<Answer>(ask: () => Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await ask();
  } catch {
    return undefined;
  }
}
