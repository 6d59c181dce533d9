import { isIP } from "node:net";
import { type PeerCertificate, connect } from "node:tls";
import { TIMEOUT_MS, lookup } from "./ask.ts";
import { type Finding, ok, problem, warning } from "./finding.ts";

type Seen = { readonly certificate: PeerCertificate; readonly error: string | undefined };

const MS_PER_DAY = 86_400_000;

/** Cloudflare and most others renew 30 days ahead: fewer mean that something is stuck. */
const WARN_DAYS = 21;
const FAIL_DAYS = 7;

/** What Node calls it, and what it means; other names are told as they are. */
const OBJECTIONS: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "it has expired",
  DEPTH_ZERO_SELF_SIGNED_CERT: "it is signed by nobody that browsers know",
  ERR_TLS_CERT_ALTNAME_INVALID: "it is for another host",
  SELF_SIGNED_CERT_IN_CHAIN: "it is signed by nobody that browsers know",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "the certificate of its issuer is missing",
};

const RENEW = "Renew it; on Cloudflare, look at SSL/TLS, Edge Certificates.";

/** No finding of its own about a hub that cannot be reached: other requests tell. */
export async function checkCertificate(hub: URL): Promise<Finding[]> {
  if (hub.protocol === "http:") return [ok("Plain http on a loopback host: there is no certificate to look at.")];
  const seen = await fetchCertificate(hub);
  return seen ? [judgeCertificate(new Date(seen.certificate.valid_to), seen.error, new Date())] : [];
}

/** @param error Node's name for what is wrong with it, if anything is */
export function judgeCertificate(validTo: Date, error: string | undefined, now: Date): Finding {
  const days = Math.floor((validTo.getTime() - now.getTime()) / MS_PER_DAY);
  if (error !== undefined) return problem(`The certificate is not valid: ${OBJECTIONS[error] ?? error}.`, RENEW);
  const title = `The certificate is valid for ${days} more days.`;
  if (days < FAIL_DAYS) return problem(title, RENEW);
  return days < WARN_DAYS ? warning(title, RENEW) : ok(title);
}

/** Looks at any certificate, valid or not. */
function fetchCertificate(hub: URL): Promise<Seen | undefined> {
  return new Promise((resolve) => {
    const host = hub.hostname.replace(/^\[|\]$/g, "");
    const socket = connect({
      host,
      port: Number(hub.port || 443),
      ...(isIP(host) === 0 && { servername: host }),
      rejectUnauthorized: false,
      lookup,
    });
    const finish = (seen?: Seen) => {
      socket.destroy();
      resolve(seen);
    };
    AbortSignal.timeout(TIMEOUT_MS).addEventListener("abort", () => finish());
    socket.once("error", () => finish());
    socket.once("secureConnect", () => {
      const { authorized, authorizationError } = socket;
      const error = authorized ? undefined : String(authorizationError);
      finish({ certificate: socket.getPeerCertificate(), error });
    });
  });
}
