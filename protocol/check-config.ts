import type { StorageAccessHeader } from "./iframe-config.ts";

/** What the Worker writes into the check page for its script: a JSON data block with this id. */
export const CHECK_CONFIG_ELEMENT_ID = "carryover-config";

/** The elements of the check page that its script fills, by id. */
export const CHECK_ELEMENT_IDS = {
  summary: "summary",
  rungs: "rungs",
  shop: "shop",
  snippet: "snippet",
  report: "report",
  copy: "copy",
} as const;

export type CheckConfig = {
  readonly tenant: string;
  readonly version: string;
  /** Canonical `TRUSTED_DOMAINS`. */
  readonly trustedDomains: readonly string[];
  readonly storageAccess: StorageAccessHeader;
  /** Whether links may carry the session. */
  readonly handoff: boolean;
};
