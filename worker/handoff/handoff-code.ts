import { DurableObject } from "cloudflare:workers";
import { HANDOFF_LIFE_SECONDS } from "../limits.ts";

/** Why nothing was taken. */
export type NotTaken = "nothing there" | "another cookie";

type Stored = { readonly sealed: Uint8Array; readonly nameTag: string };

const KEY = "handoff";

/**
 * What one code stands for, until it is redeemed or its time is up. One object a code: it runs in one place and does one thing
 * at a time, so that of many who bring the code at once just one gets what it holds.
 */
export class HandoffCode extends DurableObject {
  async put(sealed: Uint8Array, nameTag: string): Promise<void> {
    const { storage } = this.ctx;
    if (storage.kv.get(KEY) !== undefined) throw new Error("The code is taken.");
    storage.kv.put<Stored>(KEY, { sealed, nameTag });
    await storage.setAlarm(Date.now() + HANDOFF_LIFE_SECONDS * 1000);
  }

  /** Gives the handoff away and forgets it; not for another cookie's name, for which it stays. @param nameTag none: for any name */
  async take(nameTag?: string): Promise<Uint8Array | NotTaken> {
    const { storage } = this.ctx;
    const stored = storage.kv.get<Stored>(KEY);
    if (stored === undefined) return "nothing there";
    if (nameTag !== undefined && stored.nameTag !== nameTag) return "another cookie";
    // No other call runs before this line: nothing was waited for since it was read.
    storage.kv.delete(KEY);
    await this.forget();
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
