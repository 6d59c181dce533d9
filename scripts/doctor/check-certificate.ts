import { isIP } from "node:net";
import { type PeerCertificate, connect } from "node:tls";
import { type Result, failure, success } from "../../protocol/result.ts";
import { TIMEOUT_MS, describeError, lookup } from "./ask.ts";
import { type Finding, ok, problem, warning } from "./finding.ts";

type Seen = { readonly certificate: PeerCertificate; readonly error: string | undefined };

const MS_PER_DAY = 86_400_000;

/** Cloudflare and most others renew 30 days ahead: fewer mean that something is stuck. */
const WARN_DAYS = 21;
const FAIL_DAYS = 7;

const RENEW = "Renew it; on Cloudflare, look at SSL/TLS, Edge Certificates.";

export async function checkCertificate(hub: URL): Promise<Finding> {
  if (hub.protocol === "http:") return ok("Plain http on a loopback host: there is no certificate to look at.");
  const seen = await fetchCertificate(hub);
  if (!seen.ok) return problem(`${hub.origin} ${seen.reason}.`, "Check the hub's name and that it is deployed.");
  const { certificate, error } = seen.value;
  return judgeCertificate(new Date(certificate.valid_to), error, new Date());
}

/** @param error why browsers would refuse it */
export function judgeCertificate(validTo: Date, error: string | undefined, now: Date): Finding {
  const days = Math.floor((validTo.getTime() - now.getTime()) / MS_PER_DAY);
  if (error !== undefined) return problem(`The certificate is not valid: ${error}.`, RENEW);
  const title = `The certificate is valid for ${days} more days.`;
  if (days < FAIL_DAYS) return problem(title, RENEW);
  return days < WARN_DAYS ? warning(title, RENEW) : ok(title);
}

/** Looks at any certificate, valid or not. */
function fetchCertificate(hub: URL): Promise<Result<Seen>> {
  return new Promise((resolve) => {
    const host = hub.hostname.replace(/^\[|\]$/g, "");
    const socket = connect({
      host,
      port: Number(hub.port || 443),
      ...(isIP(host) === 0 && { servername: host }),
      rejectUnauthorized: false,
      lookup,
    });
    const finish = (result: Result<Seen>) => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(TIMEOUT_MS, () => finish(failure(`did not answer within ${TIMEOUT_MS / 1000} s`)));
    socket.once("error", (error) => finish(failure(describeError(error))));
    socket.once("secureConnect", () => {
      const { authorized, authorizationError } = socket;
      const error = authorized ? undefined : String(authorizationError);
      finish(success({ certificate: socket.getPeerCertificate(), error }));
    });
  });
}
