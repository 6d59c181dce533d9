import * as v from "valibot";
import { ask } from "./ask.ts";
import { checkCertificate } from "./check-certificate.ts";
import { checkHubDomain } from "./check-hub-domain.ts";
import { checkHubFiles } from "./check-hub-files.ts";
import { type Finding, type Section, ok, problem, warning } from "./finding.ts";
import { parseJson } from "./parse-json.ts";
import { VERSION } from "./version.ts";

export type CheckedHub = {
  readonly section: Section;
  /** The release that runs there; none if the hub does not answer as one. */
  readonly version: string | undefined;
};

const health = v.object({ status: v.literal("ok"), version: v.pipe(v.string(), v.regex(/^[\w.+-]{1,64}$/)) });

/** Whether the hub is up, safe and whole. */
export async function checkHub(hub: URL, pages: readonly URL[]): Promise<CheckedHub> {
  const [certificate, { findings, version }] = await Promise.all([checkCertificate(hub), checkHealth(hub)]);
  const domain = checkHubDomain(hub, pages);
  const files = version === undefined ? [] : await checkHubFiles(hub, version);
  return {
    section: { about: "hub", subject: hub.origin, findings: [...findings, ...certificate, ...domain, ...files] },
    version,
  };
}

async function checkHealth(hub: URL): Promise<{ findings: Finding[]; version?: string }> {
  const url = new URL("/healthz", hub);
  const asked = await ask(url);
  if (!asked.ok) {
    const advice = "Check the hub's name and that it is deployed; nothing else of it can be looked at.";
    return { findings: [problem(asked.reason, advice)] };
  }
  const { status, headers, body } = asked.value;
  const location = headers.get("Location");
  if (location !== null && status >= 300 && status < 400) {
    const advice = "Give the address that it leads to: a hub does not redirect.";
    return { findings: [problem(`${url.href} redirects to ${location}.`, advice)] };
  }
  const answer = v.safeParse(health, parseJson(body.toString()));
  if (status !== 200 || !answer.success) {
    const advice = "Check that the name leads to the hub's Worker, and not to another server.";
    return { findings: [problem(`${url.href} answers ${status}, but not as a hub.`, advice)] };
  }
  const { version } = answer.output;
  const own = version === VERSION ? "as this checkout" : `this checkout is ${VERSION}`;
  return { findings: [ok(`Answers, version ${version} (${own}).`), ...checkTransport(hub, headers)], version };
}

function checkTransport(hub: URL, headers: Headers): Finding[] {
  if (hub.protocol === "http:") return [];
  const age = Number(/(?:^|;)\s*max-age="?(\d+)/i.exec(headers.get("Strict-Transport-Security") ?? "")?.[1] ?? 0);
  if (age > 0) return [ok("Strict-Transport-Security is sent.")];
  return [
    warning(
      "Strict-Transport-Security is missing.",
      "The Worker sends it: look what between it and the internet takes it out.",
    ),
  ];
}
