import type { WriteOptions } from "./arguments.ts";
import { confirm, isInteractive } from "./confirm.ts";
import { DONE, FAILED, REFUSED } from "./exit-codes.ts";
import type { TenantDocument } from "./read-document.ts";
import { REVOCATION, showChanges } from "./show-changes.ts";
import { batchesOf, type StoredText, type TenantStore } from "./tenant-store.ts";

export type NamedDocument = { readonly id: string; readonly document: TenantDocument };

/** Shows what changes, asks, writes what does and reads it back. Resolves with the exit code. */
export async function writeDocuments(
  documents: readonly NamedDocument[],
  store: TenantStore,
  { dryRun, yes }: WriteOptions,
): Promise<number> {
  const present = await store.read(documents.map(({ id }) => id));
  if (!present.ok) return fail(present.reason);
  const all = documents.map(({ id, document }, index) => ({
    id,
    text: document.text,
    changes: showChanges(id, present.value[index] ?? null, document),
  }));
  const changed = all.filter(({ changes }) => changes.isChanged);
  for (const { changes } of documents.length === 1 ? all : changed) console.log(changes.lines.join("\n"));
  if (documents.length > 1) console.log(`${changed.length} of ${documents.length} tenants change.`);
  if (changed.length === 0) {
    console.log("Nothing is written: KV has it already.");
    return DONE;
  }
  if (changed.some(({ changes }) => changes.removesDomains)) console.log(REVOCATION);
  if (dryRun) {
    console.log("Nothing is written: this is a dry run.");
    return DONE;
  }
  if (!yes && isInteractive() && !(await confirm("Write this?"))) {
    console.error("Nothing is written.");
    return REFUSED;
  }
  return writeAndReadBack(changed, store);
}

async function writeAndReadBack(documents: readonly StoredText[], store: TenantStore): Promise<number> {
  let written = 0;
  for (const batch of batchesOf(documents, store.batchKeys)) {
    const wrote = await store.write(batch);
    if (!wrote.ok)
      return fail(`${wrote.reason}\n${written}/${documents.length} tenants are written. Put again to go on.`);
    const back = await store.read(batch.map(({ id }) => id));
    if (!back.ok) return fail(`${back.reason}\nWritten, but not read back. Put again to see whether anything is left.`);
    const wrong = batch.filter(({ text }, index) => back.value[index] !== text).map(({ id }) => id);
    if (wrong.length > 0) {
      return fail(
        `KV answers with something else than was written for ${wrong.join(", ")}. It can be slow to show a write, or ` +
          "somebody else writes, too: put again in a minute.",
      );
    }
    written += batch.length;
    console.log(`${written}/${documents.length} written and read back: ${nameBatch(batch)}`);
  }
  console.log("A running hub goes by it within two minutes.");
  return DONE;
}

function nameBatch(batch: readonly StoredText[]): string {
  const [first, last] = [batch[0]?.id, batch.at(-1)?.id];
  return first === last ? `${first}` : `${first} … ${last}`;
}

function fail(reason: string): number {
  console.error(reason);
  return FAILED;
}
