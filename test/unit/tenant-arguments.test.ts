import { describe, expect, test } from "vitest";
import { parseArguments } from "../../scripts/tenant/arguments.ts";

const HERE = { remote: false, env: undefined, persistTo: undefined };
const ASKS = { dryRun: false, yes: false };

function parse(line: string) {
  return parseArguments(line.split(" ").filter((word) => word !== ""));
}

describe("a command line", () => {
  test.each([
    ["put acme acme.json", { name: "put", tenant: "acme", file: "acme.json", place: HERE, ...ASKS }],
    ["put tenants", { name: "put-folder", folder: "tenants", place: HERE, ...ASKS }],
    ["put tenants --dry-run --local", { name: "put-folder", folder: "tenants", place: HERE, dryRun: true, yes: false }],
    [
      "--remote remove --yes acme",
      { name: "remove", tenant: "acme", place: { ...HERE, remote: true }, dryRun: false, yes: true },
    ],
    ["get acme --env staging", { name: "get", tenant: "acme", place: { ...HERE, env: "staging" } }],
    ["list --persist-to state", { name: "list", place: { ...HERE, persistTo: "state" } }],
    ["check acme https://a.example", { name: "check", tenant: "acme", origin: "https://a.example", place: HERE }],
    ["--help", { name: "help" }],
    ["put --help", { name: "help" }],
  ])("%s is understood", (line, command) => {
    expect(parse(line)).toEqual({ ok: true, value: command });
  });

  test.each([
    ["", "A command is missing."],
    ["puts acme acme.json", '"puts" is no command.'],
    ["put", "put takes a tenant and a file, or a folder."],
    ["put acme a.json b.json", "put takes a tenant and a file, or a folder."],
    ["get", "get takes a tenant."],
    ["remove a b", "remove takes a tenant."],
    ["list acme", "list takes no tenant: it shows all."],
    ["check acme", "check takes a tenant and an origin."],
    ["list --remote --local", "--local and --remote exclude each other."],
    ["list --remote --persist-to x", "--persist-to is a folder of the local KV: it does not go with --remote."],
    ["get acme --yes", "--dry-run and --yes are for put and remove; get writes nothing."],
    ["list --env=", "--env and --persist-to need a value."],
    ["list --everything", "Unknown option '--everything'"],
    ["list --env", "Option '--env <value>' argument missing"],
  ])("%j is refused: %s", (line, why) => {
    expect(parse(line)).toEqual({ ok: false, reason: expect.stringContaining(why) });
  });

  test.each(["Acme", "1acme", "-acme", "ac_me", "ac.me", "a/b", "a".repeat(64)])(
    "with %s for a tenant is refused, with the grammar",
    (id) => {
      expect(parseArguments(["get", "--", id])).toEqual({
        ok: false,
        reason: `"${id}" is no tenant id: a lower-case letter, then up to 62 lower-case letters, digits and hyphens.`,
      });
    },
  );

  test("takes the longest tenant id", () => {
    expect(parseArguments(["get", "a".repeat(63)]).ok).toBe(true);
  });
});
