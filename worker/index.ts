import { Hono } from "hono";
import { VERSION } from "../dist/iframe-script.ts";
import { ARRIVAL_PATH, TENANT_ID_PATTERN } from "../protocol/routes.ts";
import { answerGet, answerJson, answerMethodNotAllowed, answerText } from "./answers.ts";
import { serveCheckPage } from "./check-page.ts";
import { serveContinuePage } from "./continue-page.ts";
import { answerEarly, limitLaneBody } from "./early-lane.ts";
import type { Env } from "./env.ts";
import { redeemArrival } from "./handoff/arrive.ts";
import { limitHandoffBody } from "./handoff/admit.ts";
import { mintHandoff } from "./handoff/mint.ts";
import { redeemHandoff } from "./handoff/redeem.ts";
import { serveIframePage } from "./iframe-page.ts";
import { log } from "./log.ts";
import { limitOutcomeBody, receiveOutcome } from "./outcomes/receive.ts";
import { deleteSession, limitSessionBody, putSession } from "./session.ts";

const TENANT = `/t/:tenant{${TENANT_ID_PATTERN}}` as const;
const IFRAME_PAGE = `${TENANT}/iframe.html` as const;
const CONTINUE_PAGE = `${TENANT}/continue` as const;
const CHECK_PAGE = `${TENANT}/check` as const;
const SESSION = `${TENANT}/session/:name` as const;

const HANDOFF = `${TENANT}/handoff` as const;
const REDEEM = `${HANDOFF}/redeem` as const;
const OUTCOME = `${TENANT}/outcome` as const;

const app = new Hono<{ Bindings: Env }>();

app.all(IFRAME_PAGE, answerGet(serveIframePage));

app.all(CONTINUE_PAGE, answerGet(serveContinuePage));

app.all(CHECK_PAGE, answerGet(serveCheckPage));

app
  .get(SESSION, answerEarly)
  .post(SESSION, limitLaneBody, answerEarly)
  .put(SESSION, limitSessionBody, putSession)
  .delete(SESSION, deleteSession)
  .all(SESSION, answerMethodNotAllowed("GET, POST, PUT, DELETE"));

app.post(HANDOFF, limitHandoffBody, mintHandoff).all(HANDOFF, answerMethodNotAllowed("POST"));

app.post(REDEEM, limitHandoffBody, redeemHandoff).all(REDEEM, answerMethodNotAllowed("POST"));

app.post(ARRIVAL_PATH, limitHandoffBody, redeemArrival).all(ARRIVAL_PATH, answerMethodNotAllowed("POST"));

app.post(OUTCOME, limitOutcomeBody, receiveOutcome).all(OUTCOME, answerMethodNotAllowed("POST"));

app.all(
  "/healthz",
  answerGet((c) => answerJson(c, 200, { status: "ok", version: VERSION })),
);

app.notFound((c) => {
  log(c, { event: "refused", status: 404, reason: "no such address" });
  return answerText(c, 404, "There is nothing at this address of the hub.");
});

app.onError((error, c) => {
  log(c, { event: "failed", status: 500, reason: `${error.name}: ${error.message}` });
  return answerText(c, 500, "The hub failed to answer. Its operator finds the reason in the log.");
});

export { HandoffCode } from "./handoff/handoff-code.ts";
export default app;
