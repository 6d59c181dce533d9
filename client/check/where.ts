import { type TrustedOrigin, isTrustedOrigin, originOf } from "../../protocol/origins.ts";
import type { Finding } from "./finding.ts";

export type Where = {
  readonly isEmbedded: boolean;
  /** Origin of the site that embeds this page, or that the visitor comes from; `""` where the browser does not tell. */
  readonly site: string;
};

/** Firefox, of the browsers that are in use, does not know `ancestorOrigins`, so that the referrer has to do. */
export function findWhere(): Where {
  const isEmbedded = parent !== window;
  const [ancestor] = "ancestorOrigins" in location ? location.ancestorOrigins : [];
  return { isEmbedded, site: (isEmbedded && ancestor) || originOf(document.referrer) };
}

/** Whether the site is one of the tenant's. The Worker sends this page to no other. */
export function findTrust({ isEmbedded, site }: Where, trusted: readonly TrustedOrigin[]): Finding {
  const rung = "This site";
  const by = trusted.find((one) => isTrustedOrigin(site, [one]));
  if (by !== undefined) {
    return {
      rung,
      verdict: "good",
      found: by === site ? `${site} is trusted.` : `${site} is trusted, as one of ${by}.`,
    };
  }
  if (isEmbedded) {
    return {
      rung,
      verdict: "limited",
      found: "It is trusted, for the browser shows this page in it, but keeps its name from the hub.",
      remedy: "Let the site send its origin: Referrer-Policy strict-origin-when-cross-origin, the browsers' default.",
    };
  }
  return {
    rung,
    verdict: "open",
    found: site === location.origin || !site ? "This is the hub itself." : `${site} is not trusted.`,
    remedy: "Open this page by a link on one of your sites, or paste the lines below into its console.",
  };
}
