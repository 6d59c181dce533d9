/** `npm run tenant`: checks tenant documents, and reads and writes them in Workers KV. */
import { type Command, parseArguments } from "./tenant/arguments.ts";
import { check } from "./tenant/check.ts";
import { DONE, FAILED } from "./tenant/exit-codes.ts";
import { get } from "./tenant/get.ts";
import { HELP, USAGE } from "./tenant/help.ts";
import { list } from "./tenant/list.ts";
import { describePlace } from "./tenant/place.ts";
import { putFile } from "./tenant/put-file.ts";
import { putFolder } from "./tenant/put-folder.ts";
import { remove } from "./tenant/remove.ts";
import { openTenantStore } from "./tenant/tenant-store.ts";

const EXIT_BY_SIGNAL = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

// wrangler leads a process group of its own, and ends with this process only if that exits properly.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => process.exit(EXIT_BY_SIGNAL[signal]));
}

async function run(command: Command): Promise<number> {
  if (command.name === "help") {
    console.log(HELP);
    return DONE;
  }
  // On stderr, as stdout may be piped into a file.
  console.error(describePlace(command.place));
  const store = openTenantStore(command.place);
  switch (command.name) {
    case "put":
      return putFile(command, store);
    case "put-folder":
      return putFolder(command, store);
    case "get":
      return get(command, store);
    case "list":
      return list(store);
    case "remove":
      return remove(command, store);
    case "check":
      return check(command, store);
  }
}

const command = parseArguments(process.argv.slice(2));
if (command.ok) {
  process.exitCode = await run(command.value);
} else {
  console.error(`${command.reason}\n\n${USAGE}`);
  process.exitCode = FAILED;
}
