import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface TemporaryFolder {
  path: string;
  remove(): void;
}

/**
 * A folder that goes with the process, if nobody removes it before.
 *
 * @param parent where it is made; default the system's folder for temporary files
 */
export function temporaryFolder(prefix: string, parent = tmpdir()): TemporaryFolder {
  const path = mkdtempSync(join(parent, prefix));
  // A browser that has just ended may still hold a file for a moment.
  const removeIt = (): void => rmSync(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  process.once("exit", removeIt);
  return {
    path,
    remove() {
      process.off("exit", removeIt);
      removeIt();
    },
  };
}
