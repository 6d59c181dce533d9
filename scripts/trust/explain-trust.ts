import { isTrustedOrigin, partsOf, type TrustedOrigin, type TrustedParts } from "../../protocol/origins.ts";
import { type Result, failure, success } from "../../protocol/result.ts";
import { likelySpelling } from "./likely-spelling.ts";

export type AskedOrigin = {
  /** As a browser would send it. */
  readonly origin: string;
  /** Whether that is not what was typed. */
  readonly isAdapted: boolean;
};

/** The origin of what somebody typed: an origin, the address of a page, or a bare host. */
export function readOrigin(typed: string): Result<AskedOrigin> {
  const hasScheme = /^[a-z][a-z\d+.-]*:\/\//i.test(typed);
  let url: URL;
  try {
    url = new URL(hasScheme ? typed : `https://${typed}`);
  } catch {
    return failure(`"${typed}" is no origin: give one such as https://www.shop-a.com`);
  }
  if (url.origin === "null") {
    return failure(`"${typed}" has the origin null, which nobody can trust: give one such as https://www.shop-a.com`);
  }
  return success({ origin: url.origin, isAdapted: url.origin !== typed });
}

/** The entry by which an origin is trusted. */
export function trustedBy(origin: string, trusted: readonly TrustedOrigin[]): string | undefined {
  return trusted.find((one) => isTrustedOrigin(origin, [one]));
}

/** What an origin that is not trusted just missed: the nearest entry, and the difference. */
export function explainDistrust(origin: string, trusted: readonly TrustedOrigin[]): string {
  if (trusted.length === 0) return "the tenant trusts nobody";
  for (const explain of [explainScheme, explainPort, explainApex, explainWww, explainSpelling]) {
    for (const entry of trusted) {
      const reason = explain(new URL(origin), partsOf(entry));
      if (reason !== undefined) return `${entry} ${reason}`;
    }
  }
  return trusted.length === 1
    ? `${trusted.join("")} is the only domain`
    : `none of the ${trusted.length} domains is near it`;
}

function explainScheme(asked: URL, entry: TrustedParts): string | undefined {
  const { protocol } = new URL(entry.origin);
  if (asked.protocol === protocol || !coversHost(asked.hostname, entry)) return undefined;
  return `is ${protocol}// and not ${asked.protocol}//: the scheme is part of an origin`;
}

function explainPort(asked: URL, entry: TrustedParts): string | undefined {
  const { port, protocol } = new URL(entry.origin);
  if (asked.protocol !== protocol || asked.port === port || !coversHost(asked.hostname, entry)) return undefined;
  return `has ${port ? `port ${port}` : "no port"}, and not ${asked.port || "none"}: the port is part of an origin`;
}

function explainApex(asked: URL, { origin, subdomains }: TrustedParts): string | undefined {
  if (!subdomains || new URL(origin).hostname !== asked.hostname) return undefined;
  return `covers the names below ${asked.hostname}, and not ${asked.hostname} itself: it needs an entry of its own`;
}

function explainWww(asked: URL, { origin, subdomains }: TrustedParts): string | undefined {
  const { hostname } = new URL(origin);
  if (subdomains || (asked.hostname !== `www.${hostname}` && hostname !== `www.${asked.hostname}`)) return undefined;
  return `is another host: with and without www. are two origins`;
}

function explainSpelling(asked: URL, { origin }: TrustedParts): string | undefined {
  const { hostname } = new URL(origin);
  return hostname !== asked.hostname && likelySpelling(asked.hostname, [hostname])
    ? `is the nearest in spelling`
    : undefined;
}

/** Whether the host, scheme and port aside, is one that the entry means. */
function coversHost(hostname: string, { origin, subdomains }: TrustedParts): boolean {
  const { hostname: own } = new URL(origin);
  return subdomains ? hostname.endsWith(`.${own}`) : hostname === own;
}
