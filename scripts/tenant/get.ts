import { parseTenantDocument } from "../../tenants/tenant-document.ts";
import type { Command } from "./arguments.ts";
import { DONE } from "./exit-codes.ts";
import { readOne } from "./read-one.ts";
import type { TenantStore } from "./tenant-store.ts";

/** `get <tenant>`: the document alone on stdout, so that it can be piped into a file and put again. */
export async function get({ tenant }: Extract<Command, { name: "get" }>, store: TenantStore): Promise<number> {
  return readOne(tenant, store, (text) => {
    console.log(indent(text));
    const parsed = parseTenantDocument(text);
    if (!parsed.ok) {
      console.error("This document is invalid, and the hub trusts nobody by it:");
      for (const { path, message } of parsed.reason) console.error(`  ${`${path} ${message}`.trim()}`);
    }
    return DONE;
  });
}

/** Something that is no JSON is shown as it is. */
function indent(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
