import { DurableObject } from "cloudflare:workers";
import { HANDOFF_LIFE_SECONDS } from "../../protocol/limits.ts";

/** Why nothing was taken. */
export type NotTaken = "nothing there" | "another cookie";

type Stored = {
  readonly sealed: Uint8Array;
  readonly nameTag: string;
  /** Of the page that came first, which may ask again. */
  readonly claim?: string;
};

/** How a code is brought. */
export type Taking = {
  /** None: whatever the name of the session cookie. */
  readonly nameTag?: string;
  /** The page's secret (protocol/handoff.ts). None: the handoff is forgotten as it is given away. */
  readonly claim?: string | undefined;
};

const KEY = "handoff";

/**
 * What one code stands for, until it is redeemed or its time is up. One object a code: it runs in one place and does one thing
 * at a time, so that of many who bring the code at once just one gets what it holds. That one may bring it again, with the same claim: its page may have
 * been left before the answer came.
 */
export class HandoffCode extends DurableObject {
  async put(sealed: Uint8Array, nameTag: string): Promise<void> {
    const { storage } = this.ctx;
    if (storage.kv.get(KEY) !== undefined) throw new Error("The code is taken.");
    storage.kv.put<Stored>(KEY, { sealed, nameTag });
    await storage.setAlarm(Date.now() + HANDOFF_LIFE_SECONDS * 1000);
  }

  /** Gives the handoff to the first who brings the code; not for another cookie's name, for which it stays. */
  async take({ nameTag, claim }: Taking): Promise<Uint8Array | NotTaken> {
    const { storage } = this.ctx;
    const stored = storage.kv.get<Stored>(KEY);
    if (stored === undefined) return "nothing there";
    if (nameTag !== undefined && stored.nameTag !== nameTag) return "another cookie";
    if (stored.claim !== undefined && stored.claim !== claim) return "nothing there";
    // No other call runs before the handoff is claimed, or deleted: nothing was waited for since it was read.
    if (claim === undefined) {
      storage.kv.delete(KEY);
      await this.forget();
    } else if (stored.claim === undefined) {
      storage.kv.put<Stored>(KEY, { ...stored, claim });
    }
    return stored.sealed;
  }

  override async alarm(): Promise<void> {
    await this.forget();
  }

  private async forget(): Promise<void> {
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
  }
}
