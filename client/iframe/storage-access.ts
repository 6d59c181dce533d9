import type { StorageAccessHeader } from "../../protocol/iframe-config.ts";
import { IS_FIREFOX } from "./browsers.ts";
import { canUseCookies } from "./cookie-jar.ts";
import type { AccessStatus } from "./access-status.ts";

/** A prompt that nobody answers leaves `requestStorageAccess` pending for ever; nothing may wait on that. */
const REQUEST_TIMEOUT_MS = 1000;

/** WebKit does not always read back at once what it was given (seen in 2.50). A probe that fails once is no verdict. */
const PROBE_AGAIN_MS = [10, 30, 60];

/** What the browser says, and what a cookie written and read back shows. */
export type Evidence = {
  readonly hasStorageAccess: boolean;
  /** A cookie was read: one that was there, or one written for the purpose. */
  readonly cookieReadBack: boolean;
  readonly header: StorageAccessHeader;
  readonly isFirefox: boolean;
  readonly permission: PermissionState | undefined;
  readonly canRequest: boolean;
};

export const GRANTED: AccessStatus = { access: "granted", reason: "The hub can use its cookies on this page." };

/**
 * Judges whether the hub's unpartitioned cookies can be used.
 *
 * Neither sign is enough alone. Firefox lets cookies of a partitioned jar be written and read back, which no other site
 * sees; it then says `Sec-Fetch-Storage-Access: none` (147 and later), or nothing before. WebKit can say
 * `hasStorageAccess` with no cookie readable, and deny it where third-party cookies are simply allowed.
 */
export function judgeAccess(evidence: Evidence): AccessStatus {
  const { hasStorageAccess, cookieReadBack, header, isFirefox, permission, canRequest } = evidence;
  const partitioned = !hasStorageAccess && (header === "none" || (header === null && isFirefox));
  if (cookieReadBack && !partitioned) return GRANTED;
  if (canRequest && permission !== "denied") {
    return {
      access: "promptable",
      reason: "This browser keeps the hub's cookies from this page until the visitor grants storage access.",
    };
  }
  return { access: "blocked", reason: "This browser blocks the hub's third-party cookies on this page." };
}

/**
 * Finds out where storage access stands, and takes it up, without any prompt, where the visitor has granted it already.
 *
 * @param prefix of the names of the tenant's hub cookies
 * @see https://privacycg.github.io/storage-access/
 */
export async function findAccess(header: StorageAccessHeader, prefix: string): Promise<AccessStatus> {
  let hasStorageAccess = await hasAccess();
  const permission = hasStorageAccess ? "granted" : await queryPermission();
  if (!hasStorageAccess && permission === "granted") {
    await requestGranted();
    hasStorageAccess = await hasAccess();
  }
  let cookieReadBack = canUseCookies(prefix);
  for (const ms of hasStorageAccess ? PROBE_AGAIN_MS : []) {
    if (cookieReadBack) break;
    await new Promise((resolve) => setTimeout(resolve, ms));
    cookieReadBack = canUseCookies(prefix);
  }
  return judgeAccess({
    hasStorageAccess,
    cookieReadBack,
    header,
    isFirefox: IS_FIREFOX,
    permission,
    canRequest: "requestStorageAccess" in document,
  });
}

async function hasAccess(): Promise<boolean> {
  try {
    return await document.hasStorageAccess();
  } catch {
    return false; // Not every browser has it, and a detached document rejects.
  }
}

async function queryPermission(): Promise<PermissionState | undefined> {
  try {
    return (await navigator.permissions.query({ name: "storage-access" })).state;
  } catch {
    return undefined; // Safari before 26.2 knows no such permission.
  }
}

async function requestGranted(): Promise<void> {
  const timeout = new Promise<void>((resolve) => setTimeout(resolve, REQUEST_TIMEOUT_MS));
  await Promise.race([document.requestStorageAccess().catch(() => {}), timeout]);
}
