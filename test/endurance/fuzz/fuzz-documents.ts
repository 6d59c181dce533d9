import fc from "fast-check";
import { type Client, OWN_PAGE } from "../http-client.ts";
import type { Promises } from "../promises.ts";
import type { Hub } from "../start-hub.ts";
import { isMeant, sourcesOf } from "./document-oracle.ts";
import { documentText } from "./documents.ts";
import { mostly } from "./nasty.ts";
import { type Count, type FuzzTime, runProperty } from "./property.ts";
import { objectionToHeaders } from "./request-oracle.ts";

const MALFORMED = "This tenant's settings cannot be read: the hub's operator finds the reason in the log.";

/** How many documents are written and asked for at once. */
const BATCH = 10;

const LOOK_ALIKES = [".evil.test", ":8443", ".", "@evil.test", "/", "evil"];

/** Picks a domain that the document trusts, or one that looks like it. */
const candidate = fc.record({ at: fc.nat(), more: mostly(fc.constant(""), fc.constantFrom(...LOOK_ALIKES)) });

type Candidate = { readonly at: number; readonly more: string };

/** Documents of every kind in KV: each is served as it says, or nobody is trusted. */
export async function fuzzDocuments(hub: Hub, client: Client, count: Count, time: FuzzTime, promises: Promises) {
  let documents = 0;

  async function tryDocument(text: string, candidates: readonly Candidate[]): Promise<void> {
    const id = `document-${++documents}`;
    await hub.putTenant(id, text);
    const expected = sourcesOf(text);
    const page = await client.ask({ path: `/t/${id}/iframe.html` });
    count("documents");
    count(expected ? "documents that are good" : "documents that are malformed");
    const objection = objectionToHeaders(page);
    if (objection !== undefined) throw new Error(objection);
    if (!expected) {
      if (page.status === 500 && page.text === MALFORMED) return;
      throw new Error(
        `a malformed document is answered with ${page.status} ${String(page.headers["content-security-policy"])}`,
      );
    }
    if (page.status !== 200) throw new Error(`a good document is answered with ${page.status} ${page.text}`);
    expectPage(id, expected, page.text, String(page.headers["content-security-policy"]));
    await expectHandoffs(id, expected, candidates, JSON.parse(text) as object);
  }

  /** Links lead to and from trusted origins only. */
  async function expectHandoffs(
    id: string,
    sources: readonly string[],
    candidates: readonly Candidate[],
    json: object,
  ) {
    const origins = [...sources.flatMap(subdomainsOf), "https://elsewhere.test"];
    const [from = "", to = ""] = candidates.map(({ at, more }) => `${origins[at % origins.length]}${more}`);
    const body = JSON.stringify({ name: "chat", session: "v", from, to });
    const headers = [
      ...Object.entries(OWN_PAGE),
      ["CF-Connecting-IP", `10.2.${documents >> 8}.${documents & 255}`] as const,
    ];
    const { status } = await client.ask({ method: "POST", path: `/t/${id}/handoff`, headers, body });
    const isOff = "handoff" in json && json.handoff === false;
    const isMinted = !isOff && from !== to && isMeant(from, sources) && isMeant(to, sources);
    if (isMinted) count("codes between the domains of a document");
    if (status !== (isMinted ? 201 : 403)) throw new Error(`a code from ${from} to ${to} is answered with ${status}`);
  }

  const cases = fc.tuple(documentText, fc.tuple(candidate, candidate));
  const property = fc.asyncProperty(fc.array(cases, { minLength: 1, maxLength: BATCH }), async (batch) => {
    await Promise.all(batch.map(([text, candidates]) => tryDocument(text, candidates)));
  });
  await runProperty("a document is served as it says, or trusts nobody", property, time, promises);
}

/** An origin that a source means, and where that is a wildcard its apex and a look-alike, which it does not mean. */
function subdomainsOf(source: string): string[] {
  return source.includes("*.") ? ["sub.", "", "evil"].map((start) => source.replace("*.", start)) : [source];
}

function expectPage(id: string, sources: readonly string[], html: string, policy: string): void {
  // Policies have no IPv6 addresses (docs/operators.md).
  const ancestors = sources.filter((source) => !source.includes("[")).join(" ") || "'none'";
  const [, found] = policy.split("frame-ancestors ");
  if (found !== ancestors) throw new Error(`frame-ancestors ${found} instead of ${ancestors}`);
  const [, json = ""] = /<script type="application\/json" id="carryover-config">([^<]*)<\/script>/.exec(html) ?? [];
  const config = JSON.parse(json) as { tenant: string; trustedDomains: string[] };
  if (config.tenant !== id || config.trustedDomains.join(" ") !== sources.join(" ")) {
    throw new Error(`the page trusts ${config.trustedDomains.join(" ")} instead of ${sources.join(" ")}`);
  }
}
