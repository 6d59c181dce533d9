import { hubCookieName } from "../../protocol/cookie-names.ts";
import { isMintRequest } from "../../protocol/handoff.ts";
import { encodeHubCookie } from "../../protocol/hub-cookie.ts";
import { HANDOFF_LIFE_SECONDS } from "../../protocol/limits.ts";
import { isTrustedOrigin } from "../../protocol/origins.ts";
import { answerJson } from "../answers.ts";
import { type HandoffContext, admit, fail, refuse, tenantId } from "./admit.ts";
import { clientNetwork } from "./client-network.ts";
import { createCode, nameTagOf, objectNameOf, seal } from "./sealed-handoff.ts";

/** `POST /t/<tenant>/handoff`: keeps a session for a minute under a new code, which it answers with. */
export async function mintHandoff(c: HandoffContext): Promise<Response> {
  const admitted = await admit(c, isMintRequest);
  if (!admitted.ok) return admitted.reason;
  const { tenant, request } = admitted.value;
  const { name, session, from, to } = request;

  const { origin, protocol } = new URL(c.req.url);
  if (!isTrustedOrigin(to, tenant.trustedOrigins)) return refuse(c, "destination not trusted");
  if (from !== origin && !isTrustedOrigin(from, tenant.trustedOrigins)) return refuse(c, "source not trusted");
  if (from === to) return refuse(c, "source is destination");
  const cookieName = hubCookieName(protocol === "https:", tenantId(c), name);
  if (encodeHubCookie(cookieName, session, [], 0) === undefined) {
    return refuse(c, "session too large");
  }

  const code = createCode();
  const expiresAtMs = Date.now() + HANDOFF_LIFE_SECONDS * 1000;
  const userAgent = c.req.header("User-Agent") ?? "";
  try {
    const [object, sealed, nameTag] = await Promise.all([
      objectNameOf(code),
      seal(code, { tenant: tenantId(c), name, session, from, userAgent, network: clientNetwork(c), expiresAtMs }),
      nameTagOf(code, name),
    ]);
    await c.env.HANDOFFS.getByName(object).put(sealed, nameTag);
  } catch (error) {
    return fail(c, error);
  }
  return answerJson(c, 201, code);
}
