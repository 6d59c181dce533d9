/** The hub as it is, for the fuzz. */
import type { Env } from "../../../worker/env.ts";
import hub from "../../../worker/index.ts";
import { asHttps } from "./as-https.ts";
import { tellUnhandled } from "./tell-unhandled.ts";

export { HandoffCode } from "../../../worker/index.ts";

tellUnhandled();

export default {
  fetch: (request, env, context) => hub.fetch(asHttps(request), env, context),
} satisfies ExportedHandler<Env>;
