import { readdirSync } from "node:fs";
import path from "node:path";
import { type Command, TENANT_ID_RULE, isTenantId } from "./arguments.ts";
import { FAILED, REFUSED } from "./exit-codes.ts";
import { userPath } from "./place.ts";
import { readDocument } from "./read-document.ts";
import type { TenantStore } from "./tenant-store.ts";
import { type NamedDocument, writeDocuments } from "./write-documents.ts";

/** `put <folder>`: every `<tenant>.json` in it, or none if one is bad. */
export async function putFolder(
  { folder, place, ...options }: Extract<Command, { name: "put-folder" }>,
  store: TenantStore,
): Promise<number> {
  const files = listFiles(userPath(folder));
  if (files === undefined) {
    console.error(`${folder} is no folder that can be read. To put one file: npm run tenant -- put <tenant> ${folder}`);
    return REFUSED;
  }
  const documents: NamedDocument[] = [];
  let refused = files.length === 0 ? [`${folder}: there is no .json file in it`] : [];
  for (const file of files) {
    const id = path.basename(file, ".json");
    const shownAs = path.join(folder, file);
    if (!isTenantId(id)) refused.push(`${shownAs}: "${id}" ${TENANT_ID_RULE}`);
    const { document, errors, warnings } = readDocument(path.join(userPath(folder), file), shownAs, place);
    for (const line of warnings) console.error(line);
    refused = refused.concat(errors);
    if (document !== undefined) documents.push({ id, document });
  }
  if (refused.length > 0) {
    console.error([...refused, "Nothing is written, of any tenant."].join("\n"));
    return REFUSED;
  }
  const stored = await store.list();
  if (!stored.ok) {
    console.error(stored.reason);
    return FAILED;
  }
  const withoutFile = stored.value.filter((id) => !documents.some((one) => one.id === id));
  if (withoutFile.length > 0) console.log(`Not touched, having no file in ${folder}: ${withoutFile.join(", ")}`);
  return writeDocuments(documents, store, options);
}

function listFiles(folder: string): string[] | undefined {
  try {
    return readdirSync(folder)
      .filter((file) => file.endsWith(".json"))
      .toSorted();
  } catch {
    return undefined;
  }
}
