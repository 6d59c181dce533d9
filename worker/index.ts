import { Hono } from "hono";
import { VERSION } from "../dist/iframe-script.ts";
import { TENANT_ID_PATTERN } from "../protocol/routes.ts";
import { answerMethodNotAllowed, answerText } from "./answers.ts";
import { serveContinuePage } from "./continue-page.ts";
import type { Env } from "./env.ts";
import { serveIframePage } from "./iframe-page.ts";
import { log } from "./log.ts";
import { securityHeaders } from "./security-headers.ts";
import { deleteSession, limitSessionBody, putSession } from "./session.ts";

const TENANT = `/t/:tenant{${TENANT_ID_PATTERN}}` as const;
const IFRAME_PAGE = `${TENANT}/iframe.html` as const;
const CONTINUE_PAGE = `${TENANT}/continue` as const;
const SESSION = `${TENANT}/session/:name` as const;

const app = new Hono<{ Bindings: Env }>();

app.get(IFRAME_PAGE, serveIframePage).all(IFRAME_PAGE, answerMethodNotAllowed("GET, HEAD"));

app.get(CONTINUE_PAGE, serveContinuePage).all(CONTINUE_PAGE, answerMethodNotAllowed("GET, HEAD"));

app
  .put(SESSION, limitSessionBody, putSession)
  .delete(SESSION, deleteSession)
  .all(SESSION, answerMethodNotAllowed("PUT, DELETE"));

app
  .get("/healthz", (c) =>
    c.json({ status: "ok", version: VERSION }, 200, { ...securityHeaders(c.req.url), "Cache-Control": "no-store" }),
  )
  .all("/healthz", answerMethodNotAllowed("GET, HEAD"));

app.notFound((c) => answerText(c, 404, "There is nothing at this address of the hub."));

app.onError((error, c) => {
  log({ event: "failed", tenant: c.req.param("tenant") ?? "", status: 500, reason: `${error.name}: ${error.message}` });
  return answerText(c, 500, "The hub failed to answer. Its operator finds the reason in the log.");
});

export default app;
