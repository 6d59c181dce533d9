import type { Command } from "./arguments.ts";
import { REFUSED } from "./exit-codes.ts";
import { userPath } from "./place.ts";
import { readDocument } from "./read-document.ts";
import type { TenantStore } from "./tenant-store.ts";
import { writeDocuments } from "./write-documents.ts";

/** `put <tenant> <file>` */
export async function putFile(command: Extract<Command, { name: "put" }>, store: TenantStore): Promise<number> {
  const { document, errors, warnings } = readDocument(userPath(command.file), command.file, command.place);
  for (const line of [...errors, ...warnings]) console.error(line);
  if (document === undefined) {
    console.error("Nothing is written: the document is refused.");
    return REFUSED;
  }
  return writeDocuments([{ id: command.tenant, document }], store, command);
}
