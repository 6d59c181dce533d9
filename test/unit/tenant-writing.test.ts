import { PassThrough } from "node:stream";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { failure, success } from "../../protocol/result.ts";
import { confirm } from "../../scripts/tenant/confirm.ts";
import { serialise } from "../../scripts/tenant/read-document.ts";
import type { TenantStore } from "../../scripts/tenant/tenant-store.ts";
import { type NamedDocument, writeDocuments } from "../../scripts/tenant/write-documents.ts";
import { checkTenantDocument } from "../../tenants/tenant-document.ts";
import { storeOf } from "./tenant-store-double.ts";

const OPTIONS = { dryRun: false, yes: true };

function named(id: string, json: unknown): NamedDocument {
  const checked = checkTenantDocument(json);
  if (!checked.ok) throw new Error("The test's document is bad.");
  return { id, document: { text: serialise(json), tenant: checked.value } };
}

const three = ["one", "three", "two"].map((id) => named(id, [`${id}.example`]));

let stdout: string[];
let stderr: string[];

beforeEach(() => {
  stdout = [];
  stderr = [];
  vi.spyOn(console, "log").mockImplementation((line: string) => void stdout.push(line));
  vi.spyOn(console, "error").mockImplementation((line: string) => void stderr.push(line));
});

afterEach(() => vi.restoreAllMocks());

describe("documents", () => {
  test("are written and read back in batches, each one told", async () => {
    const texts = new Map<string, string>();
    expect(await writeDocuments(three, storeOf(texts), OPTIONS)).toBe(0);
    expect([...texts]).toEqual(three.map(({ id, document }) => [id, document.text]));
    expect(stdout).toContain("2/3 written and read back: one … three");
    expect(stdout).toContain("3/3 written and read back: two");
  });

  test("that KV has already are not written", async () => {
    const texts = new Map(three.map(({ id, document }) => [id, document.text]));
    const write = vi.fn<TenantStore["write"]>();
    expect(await writeDocuments(three, storeOf(texts, { write }), OPTIONS)).toBe(0);
    expect(write).not.toHaveBeenCalled();
    expect(stdout).toEqual(["0 of 3 tenants change.", "Nothing is written: KV has it already."]);
  });

  test("in a dry run are shown and not written", async () => {
    const texts = new Map<string, string>();
    expect(await writeDocuments(three, storeOf(texts), { dryRun: true, yes: true })).toBe(0);
    expect(texts.size).toBe(0);
    expect(stdout[0]).toContain("one: new tenant");
    expect(stdout.at(-1)).toBe("Nothing is written: this is a dry run.");
  });

  test("that KV does not answer with afterwards are an error that names them", async () => {
    const write = async () => success(undefined);
    expect(await writeDocuments(three, storeOf(new Map(), { write }), OPTIONS)).toBe(2);
    expect(stderr.join("\n")).toMatch(/something else than was written for one, three\..*put again in a minute/);
  });

  test("whose writing fails half way are counted", async () => {
    const texts = new Map<string, string>();
    const good = storeOf(texts);
    const write: TenantStore["write"] = (batch) =>
      texts.size > 0 ? Promise.resolve(failure("wrangler kv bulk put failed")) : good.write(batch);
    expect(await writeDocuments(three, { ...good, write }, OPTIONS)).toBe(2);
    expect(stderr.join("\n")).toContain("2/3 tenants are written. Put again to go on.");
  });

  test("are not written if the present ones cannot be read", async () => {
    const write = vi.fn<TenantStore["write"]>();
    const read = async () => failure("wrangler kv bulk get failed");
    expect(await writeDocuments(three, storeOf(new Map(), { read, write }), OPTIONS)).toBe(2);
    expect(write).not.toHaveBeenCalled();
    expect(stderr).toEqual(["wrangler kv bulk get failed"]);
  });
});

describe("the question", () => {
  async function answer(typed: string | null) {
    const input = new PassThrough();
    const output = new PassThrough();
    const answered = confirm("Write this?", { input, output });
    if (typed === null) input.end();
    else input.write(`${typed}\n`);
    return { isYes: await answered, shown: String(output.read()) };
  }

  test.each(["y", "Y", "yes", " yes "])("is answered with yes by %j", async (typed) => {
    expect(await answer(typed)).toEqual({ isYes: true, shown: expect.stringContaining("Write this? [y/N] ") });
  });

  test.each(["", "n", "no", "yep", "ja", null])("is answered with no by %j", async (typed) => {
    expect((await answer(typed)).isYes).toBe(false);
  });
});
