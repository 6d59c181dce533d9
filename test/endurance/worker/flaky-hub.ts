/** The hub on a bad day, for the soak: one read of KV in ten fails, and Durable Objects are restarted when the soak says so. */
import type { Env } from "../../../worker/env.ts";
import hub, { HandoffCode as SteadyHandoffCode } from "../../../worker/index.ts";
import { asHttps } from "./as-https.ts";
import { tellUnhandled } from "./tell-unhandled.ts";

const KV_FAILURE_RATE = 0.1;

/** Answers with what the hub has had to bear. `?restarting=true` and `false` begin and end a time of restarts. */
const BAD_DAY_PATH = "/~bad-day";

tellUnhandled();

let isRestarting = false;
const borne = { kvReads: 0, kvFailures: 0, restartsBefore: 0, restartsAfter: 0 };

/** Restarted with what it is doing, as by a deploy or a move: before it has done anything, or after, when nobody hears of it. */
export class HandoffCode extends SteadyHandoffCode {
  override put(...handoff: Parameters<SteadyHandoffCode["put"]>): ReturnType<SteadyHandoffCode["put"]> {
    return this.#restartedAround(() => super.put(...handoff));
  }

  override take(...taking: Parameters<SteadyHandoffCode["take"]>): ReturnType<SteadyHandoffCode["take"]> {
    return this.#restartedAround(() => super.take(...taking));
  }

  async #restartedAround<Done>(run: () => Promise<Done>): Promise<Done> {
    const when = isRestarting ? Math.random() : 1;
    if (when < 0.4) {
      borne.restartsBefore++;
      this.ctx.abort("restarted by the soak");
    }
    const done = await run();
    if (when < 0.8) {
      borne.restartsAfter++;
      // What was written is on the disk; only the answer is lost.
      await this.ctx.storage.sync();
      this.ctx.abort("restarted by the soak");
    }
    return done;
  }
}

function failing(TENANTS: KVNamespace): KVNamespace {
  const get = (...asked: Parameters<KVNamespace["get"]>) => {
    borne.kvReads++;
    if (Math.random() >= KV_FAILURE_RATE) return TENANTS.get(...asked);
    borne.kvFailures++;
    return Promise.reject(new Error("KV GET failed: 500"));
  };
  return { get } as unknown as KVNamespace;
}

export default {
  fetch(request, env, context) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === BAD_DAY_PATH) {
      isRestarting = searchParams.get("restarting") === "true";
      return Response.json(borne);
    }
    return hub.fetch(asHttps(request), { ...env, TENANTS: failing(env.TENANTS) }, context);
  },
} satisfies ExportedHandler<Env>;
