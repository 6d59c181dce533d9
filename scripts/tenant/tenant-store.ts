/** Tenant documents in Workers KV, by wrangler: it knows the account, the login and the local files. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Result, failure, success } from "../../protocol/result.ts";
import { type WranglerAnswer, askWrangler } from "../wrangler/ask-wrangler.ts";
import type { Place } from "./arguments.ts";
import { userPath } from "./place.ts";

const WRANGLER_CONFIG = path.join(import.meta.dirname, "../../wrangler.toml");

/** Cloudflare reads so many keys in one request. */
const REMOTE_BATCH_KEYS = 100;

/** Each wrangler takes seconds to start; the local KV has no limit. */
const LOCAL_BATCH_KEYS = 1000;

export type StoredText = { readonly id: string; readonly text: string };

/** The reason of every failure is in words for the reader. */
export type TenantStore = {
  /** How many documents to write at once at most. */
  readonly batchKeys: number;
  list(): Promise<Result<readonly string[]>>;
  /** One text for each id, in order; `null` where there is none. */
  read(ids: readonly string[]): Promise<Result<readonly (string | null)[]>>;
  write(documents: readonly StoredText[]): Promise<Result<void>>;
  remove(id: string): Promise<Result<void>>;
};

export function openTenantStore(place: Place): TenantStore {
  const batchKeys = place.remote ? REMOTE_BATCH_KEYS : LOCAL_BATCH_KEYS;
  return {
    batchKeys,
    async list() {
      const answer = await askKv(place, ["key", "list"]);
      return answer.ok ? parseKeys(answer.value.stdout) : answer;
    },
    async read(ids) {
      const texts: (string | null)[] = [];
      for (const batch of batchesOf(ids, batchKeys)) {
        const answer = await withFile(batch, (file) => askKv(place, ["bulk", "get", file]));
        const values = answer.ok ? parseValues(answer.value.stdout, batch) : answer;
        if (!values.ok) return values;
        texts.push(...values.value);
      }
      return success(texts);
    },
    async write(documents) {
      const pairs = documents.map(({ id, text }) => ({ key: id, value: text }));
      const answer = await withFile(pairs, (file) => askKv(place, ["bulk", "put", file]));
      return answer.ok ? success(undefined) : answer;
    },
    async remove(id) {
      const answer = await askKv(place, ["key", "delete", id]);
      return answer.ok ? success(undefined) : answer;
    },
  };
}

export function batchesOf<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, batch) =>
    items.slice(batch * size, (batch + 1) * size),
  );
}

async function askKv(place: Place, command: readonly string[]): Promise<Result<WranglerAnswer>> {
  const where = ["--config", WRANGLER_CONFIG, "--binding", "TENANTS", place.remote ? "--remote" : "--local"];
  if (place.env !== undefined) where.push("--env", place.env);
  if (place.persistTo !== undefined) where.push("--persist-to", userPath(place.persistTo));
  const answer = await askWrangler(["kv", ...command, ...where]);
  // A wrangler.toml without any environment would only be warned of, and wrangler go on with the top of the file.
  if ((answer.ok ? answer.value.stderr : answer.reason).includes("No environment found in configuration")) {
    return failure(
      `wrangler.toml has no environment "${place.env ?? process.env["CLOUDFLARE_ENV"]}": add [env.…], or leave out --env.`,
    );
  }
  if (!answer.ok) {
    const login = place.remote ? "\nIf you are not logged in: npx wrangler login" : "";
    return failure(`wrangler kv ${command.slice(0, 2).join(" ")} failed:\n${answer.reason}${login}`);
  }
  return answer;
}

/** wrangler takes many keys, and long values, from a file only. */
async function withFile<Answer>(content: unknown, use: (file: string) => Promise<Answer>): Promise<Answer> {
  const folder = await mkdtemp(path.join(tmpdir(), "carryover-tenants-"));
  try {
    const file = path.join(folder, "keys.json");
    await writeFile(file, JSON.stringify(content));
    return await use(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function parseKeys(stdout: string): Result<readonly string[]> {
  const json = parseJson(stdout);
  if (!Array.isArray(json)) return failure(`wrangler kv key list gave no list:\n${stdout}`);
  return success(json.map((key: unknown) => (isObject(key) ? String(key["name"]) : "")));
}

/** Locally each key has `{ "value": … }`, remotely the text itself; `null`, or nothing at all, where there is no document. */
function parseValues(stdout: string, ids: readonly string[]): Result<readonly (string | null)[]> {
  const json = parseJson(stdout);
  if (!isObject(json)) return failure(`wrangler kv bulk get gave no documents:\n${stdout}`);
  const texts: (string | null)[] = [];
  for (const id of ids) {
    const entry = json[id];
    const text = (isObject(entry) ? entry["value"] : entry) ?? null;
    if (text !== null && typeof text !== "string")
      return failure(`wrangler kv bulk get gave no text for ${id}:\n${stdout}`);
    texts.push(text);
  }
  return success(texts);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
