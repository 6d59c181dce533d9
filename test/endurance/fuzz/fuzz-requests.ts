import fc from "fast-check";
import { type Answer, type Asked, type Client, OWN_PAGE } from "../http-client.ts";
import { createLogLedger } from "../log-ledger.ts";
import { type Promises, createPromises } from "../promises.ts";
import { pause } from "../soak/bad-day.ts";
import type { LogLine } from "../start-hub.ts";
import { type Count, type FuzzTime, runProperty } from "./property.ts";
import { linksOf, shapeOf } from "./html-shape.ts";
import { CANARY } from "./nasty.ts";
import { LIVE_SESSION, type References, objectionTo } from "./request-oracle.ts";
import { LIVE_CODE, request } from "./requests.ts";
import { SHOP_A, SHOP_B, TENANTS } from "./tenants.ts";

const BATCH = 20;
const LOG_PATIENCE_MS = 5000;

/** Characters of a request that are told of. */
const MAX_TOLD = 300;

/** Requests of every kind: each answer is as documented, and the log tells nothing. */
export function createRequestFuzz(client: Client, count: Count) {
  const found = createPromises();
  const ledger = createLogLedger(found, new RegExp(`${CANARY}|/session/|carryover=`));
  let requests = 0;

  function ask(asked: Asked): Promise<Answer> {
    const id = `fuzz-${++requests}`;
    const address = asked.headers?.some(([name]) => name === "CF-Connecting-IP")
      ? []
      : [["CF-Connecting-IP", `10.${(requests >> 16) & 255}.${(requests >> 8) & 255}.${requests & 255}`] as const];
    const headers = [["CF-Ray", id], ...address, ...(asked.headers ?? [])] as const;
    return client.ask({ ...asked, headers }).then((answer) => {
      if (!isOfRuntime(answer)) ledger.answered(id, answer.status);
      return answer;
    });
  }

  async function collectReferences(): Promise<References> {
    const iframePages = new Set<string>();
    const continueShapes = new Set<string>();
    const links = new Set<string>();
    for (const id of Object.keys(TENANTS)) {
      for (const value of ["none", "inactive", "active", ""]) {
        const headers = value === "" ? [] : [["Sec-Fetch-Storage-Access", value] as const];
        iframePages.add((await ask({ path: `/t/${id}/iframe.html`, headers })).text);
      }
      for (const query of ["", `?return=${SHOP_A}/`, "?return=bad"]) {
        const { text } = await ask({ path: `/t/${id}/continue${query}` });
        continueShapes.add(shapeOf(text));
        if (query === "") for (const link of linksOf(text)) links.add(link);
      }
    }
    return { iframePages, continueShapes, links };
  }

  async function mintCode(): Promise<string> {
    const body = JSON.stringify({ name: "chat", session: LIVE_SESSION, from: SHOP_A, to: SHOP_B });
    const { text } = await ask({ method: "POST", path: "/t/acme/handoff", headers: Object.entries(OWN_PAGE), body });
    return JSON.parse(text) as string;
  }

  /** All at once, and throws what is wrong with the answers or the log. */
  async function tryBatch(batch: readonly Asked[], references: References): Promise<void> {
    const code = await mintCode();
    let given = 0;
    const answers = await Promise.all(
      batch.map(async (asked) => {
        const body = typeof asked.body === "string" ? asked.body.replace(LIVE_CODE, code) : asked.body;
        const answer = await ask({ ...asked, body });
        count("requests");
        if (isOfRuntime(answer)) {
          count("requests that workerd keeps from the hub");
          return [];
        }
        count(`answers: ${answer.status}`);
        if (answer.text === JSON.stringify(LIVE_SESSION)) given++;
        const objection = objectionTo({ ...asked, body }, answer, references);
        return objection === undefined
          ? []
          : [
              `${objection} (${answer.status} ${answer.text.slice(0, 60)}) for ${fc.stringify(asked).slice(0, MAX_TOLD)}`,
            ];
      }),
    );
    const objections = answers.flat();
    if (given > 0) count("codes redeemed");
    if (given > 1) objections.push("a code gave two sessions");
    const patienceEndsMs = Date.now() + LOG_PATIENCE_MS;
    while (ledger.isWaiting() && Date.now() < patienceEndsMs) await pause(2);
    if (ledger.isWaiting()) ledger.settle();
    objections.push(...found.drain());
    if (objections.length > 0) throw new Error(objections.join("; "));
  }

  return {
    onLine: (line: LogLine) => ledger.line(line),
    async run(time: FuzzTime, promises: Promises): Promise<void> {
      const references = await collectReferences();
      const batches = fc.array(request, { minLength: 1, maxLength: BATCH });
      const property = fc.asyncProperty(batches, (batch) => tryBatch(batch, references));
      await runProperty("every request is answered as documented", property, time, promises);
    },
  };
}

/** An address that workerd cannot read, or finds too long, never reaches the hub. */
function isOfRuntime({ status, headers, text }: Answer): boolean {
  if (headers["content-security-policy"] !== undefined) return false;
  // Without its text to HEAD.
  return (
    (status === 400 && ["", "invalid URI"].includes(text)) || (status === 414 && ["", "URI too long"].includes(text))
  );
}
