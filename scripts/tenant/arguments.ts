import { parseArgs } from "node:util";
import { TENANT_ID_PATTERN } from "../../protocol/routes.ts";
import { type Result, failure, success } from "../../protocol/result.ts";

/** Where the documents are, in wrangler's own terms. */
export type Place = {
  /** The deployed hub's KV, instead of the one on this machine. */
  readonly remote: boolean;
  /** Environment of wrangler.toml. */
  readonly env?: string | undefined;
  /** Folder of the local KV. Default: wrangler's own, `.wrangler/state`. */
  readonly persistTo?: string | undefined;
};

export type WriteOptions = { readonly dryRun: boolean; readonly yes: boolean };

export type Command =
  | ({ readonly name: "put"; readonly tenant: string; readonly file: string; readonly place: Place } & WriteOptions)
  | ({ readonly name: "put-folder"; readonly folder: string; readonly place: Place } & WriteOptions)
  | ({ readonly name: "remove"; readonly tenant: string; readonly place: Place } & WriteOptions)
  | { readonly name: "get"; readonly tenant: string; readonly place: Place }
  | { readonly name: "list"; readonly place: Place }
  | { readonly name: "check"; readonly tenant: string; readonly origin: string; readonly place: Place }
  | { readonly name: "help" };

const options = {
  local: { type: "boolean", default: false },
  remote: { type: "boolean", default: false },
  env: { type: "string" },
  "persist-to": { type: "string" },
  "dry-run": { type: "boolean", default: false },
  yes: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

/** Reads a command line. The reason of a refusal is a sentence for the person who typed it. */
export function parseArguments(args: readonly string[]): Result<Command> {
  const parsed = parseOptions(args);
  if (!parsed.ok) return parsed;
  const { values, positionals } = parsed.value;
  const [name, ...operands] = positionals;
  if (values.help) return success({ name: "help" });
  if (name === undefined) return failure("A command is missing.");
  if (values.local && values.remote) return failure("--local and --remote exclude each other.");
  if (values.remote && values["persist-to"] !== undefined) {
    return failure("--persist-to is a folder of the local KV: it does not go with --remote.");
  }
  if (values.env === "" || values["persist-to"] === "") return failure("--env and --persist-to need a value.");

  const place: Place = { remote: values.remote, env: values.env, persistTo: values["persist-to"] };
  const write: WriteOptions = { dryRun: values["dry-run"], yes: values.yes };
  if (name !== "put" && name !== "remove" && (write.dryRun || write.yes)) {
    return failure(`--dry-run and --yes are for put and remove; ${name} writes nothing.`);
  }
  const [first, second] = operands;
  switch (name) {
    case "put":
      if (first === undefined || operands.length > 2) return failure("put takes a tenant and a file, or a folder.");
      if (second === undefined) return success({ name: "put-folder", folder: first, place, ...write });
      return forTenant(first, (tenant) => ({ name, tenant, file: second, place, ...write }));
    case "get":
    case "remove":
      if (first === undefined || operands.length > 1) return failure(`${name} takes a tenant.`);
      return forTenant(first, (tenant) =>
        name === "get" ? { name, tenant, place } : { name, tenant, place, ...write },
      );
    case "list":
      return operands.length > 0 ? failure("list takes no tenant: it shows all.") : success({ name, place });
    case "check":
      if (first === undefined || second === undefined || operands.length > 2) {
        return failure("check takes a tenant and an origin.");
      }
      return forTenant(first, (tenant) => ({ name, tenant, origin: second, place }));
    default:
      return failure(`"${name}" is no command.`);
  }
}

function parseOptions(args: readonly string[]) {
  try {
    return success(parseArgs({ args: [...args], options, allowPositionals: true }));
  } catch (error) {
    // Node's own sentence names the option: "Unknown option '--foo' …".
    return failure(error instanceof Error ? error.message : String(error));
  }
}

function forTenant(id: string, command: (tenant: string) => Command): Result<Command> {
  return isTenantId(id) ? success(command(id)) : failure(`"${id}" ${TENANT_ID_RULE}`);
}

/** Whether the hub would ever look a key up. */
export function isTenantId(key: string): boolean {
  return new RegExp(`^${TENANT_ID_PATTERN}$`).test(key);
}

/** Follows the quoted name. */
export const TENANT_ID_RULE =
  "is no tenant id: a lower-case letter, then up to 62 lower-case letters, digits and hyphens.";
