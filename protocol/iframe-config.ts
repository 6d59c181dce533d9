/** What the Worker writes into the iframe page for the iframe's script: a JSON data block with this id. */
export const IFRAME_CONFIG_ELEMENT_ID = "carryover-config";

/**
 * The browser's own word on the iframe page's cookies, from the `Sec-Fetch-Storage-Access` request header; `null` where the
 * browser sent none (Safari, older browsers).
 *
 * @see https://privacycg.github.io/storage-access-headers/
 */
export type StorageAccessHeader = "none" | "inactive" | "active" | null;

export type IframeConfig = {
  readonly tenant: string;
  /** Canonical `TRUSTED_DOMAINS`. */
  readonly trustedDomains: readonly string[];
  readonly storageAccess: StorageAccessHeader;
  /** Whether links may carry the session. */
  readonly handoff: boolean;
  /** The share of page views whose outcomes are counted: 0 to 1. */
  readonly sampleRate: number;
  /** Address of the card's module, loaded only when the card is to be shown; `""` with none. */
  readonly cardUrl: string;
  /** Who asks, on the card. */
  readonly displayName?: string | undefined;
  readonly accentColor?: string | undefined;
  readonly privacyUrl?: string | undefined;
};

/** `FrameMessage.links` */
export function linksOf({ handoff, trustedDomains }: Pick<IframeConfig, "handoff" | "trustedDomains">): string {
  return handoff ? trustedDomains.join(" ") : "";
}

export function parseStorageAccessHeader(value: unknown): StorageAccessHeader {
  return value === "none" || value === "inactive" || value === "active" ? value : null;
}
