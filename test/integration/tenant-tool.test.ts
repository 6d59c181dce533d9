import { mkdirSync, rmSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { TOOL_TIMEOUT_MS, tenantTool } from "./tenant-tool.ts";

// Not at the same time: a wrangler keeps a core busy, and other tests have limits.
describe("npm run tenant", { timeout: TOOL_TIMEOUT_MS }, () => {
  test("puts a tenant, changes it, gives it back as it was, checks an origin and removes it", async () => {
    const tool = tenantTool("one");
    tool.file("acme.json", ["https://www.shop-a.com", "https://www.shop-b.com"]);
    const put = await tool.runHere("put", "acme", "acme.json");
    expect(put.exitCode, put.stderr).toBe(0);
    expect(put.stderr).toContain(`KV in ${tool.path("kv")} (--local); --remote is the deployed hub`);
    expect(put.stdout).toContain(
      "acme: new tenant, 2 domains\n  + https://www.shop-a.com\n  + https://www.shop-b.com\n  session cookies: each host's own\n",
    );
    expect(put.stdout).toContain("1/1 written and read back: acme");

    tool.file("acme.json", '{\n  "TRUSTED_DOMAINS": ["https://www.shop-a.com",\n    "https://*.github.io"]\n}');
    const bad = await tool.runHere("put", "acme", "acme.json");
    expect(bad.exitCode).toBe(1);
    expect(bad.stderr).toContain('acme.json:3: TRUSTED_DOMAINS[1] "https://*.github.io" would trust everybody');
    expect(bad.stderr).toContain("Nothing is written");

    const next = { TRUSTED_DOMAINS: ["https://www.shop-a.com", "https://*.shop-c.com"], displayName: "Acme & Söhne" };
    tool.file("acme.json", { $schema: "./tenant.schema.json", ...next });
    const changed = await tool.runHere("put", "acme", "acme.json");
    expect(changed.exitCode, changed.stderr).toBe(0);
    expect(changed.stdout).toContain(
      "acme: changes\n  + https://*.shop-c.com\n  - https://www.shop-b.com\n  shop-c.com and its subdomains share session cookies\n" +
        '  displayName: none → "Acme & Söhne"\n',
    );
    expect(changed.stderr).toContain(
      'acme.json:5: warning: TRUSTED_DOMAINS[1] "https://*.shop-c.com" shares session cookies with shop-c.com itself',
    );
    expect(changed.stdout).toContain("pages that are open keep their session");

    const got = await tool.runHere("get", "acme");
    expect(got.exitCode).toBe(0);
    expect(JSON.parse(got.stdout)).toEqual(next);
    tool.file("again.json", got.stdout);
    expect(await tool.runHere("put", "acme", "again.json")).toMatchObject({
      exitCode: 0,
      stdout: "acme: nothing changes\nNothing is written: KV has it already.\n",
    });

    const checked = await tool.runHere("check", "acme", "https://shop-c.com/cart");
    expect(checked.exitCode).toBe(1);
    expect(checked.stderr).toContain("https://shop-c.com/cart is taken as https://shop-c.com");
    expect(checked.stdout).toContain("not trusted: https://shop-c.com\n  https://*.shop-c.com covers the names below");

    const removed = await tool.runHere("remove", "acme", "--yes");
    expect(removed.exitCode, removed.stderr).toBe(0);
    expect(removed.stdout).toContain("acme: tenant to be removed, 2 domains\n  - https://www.shop-a.com\n");
    expect(await tool.runHere("get", "acme")).toMatchObject({
      exitCode: 1,
      stdout: "",
      stderr: expect.stringContaining('There is no tenant "acme"'),
    });
  });

  test("puts a folder of fifty: none if one is bad, then all; what has no file is left alone", async () => {
    const tool = tenantTool("folder");
    mkdirSync(tool.path("tenants"));
    const ids = Array.from({ length: 50 }, (_, index) => `tenant-${String(index).padStart(2, "0")}`);
    for (const id of ids) tool.file(`tenants/${id}.json`, { TRUSTED_DOMAINS: [`https://${id}.example`] });
    tool.file("tenants/README.md", "Not a tenant.");
    tool.file("tenants/tenant-07.json", ["http://tenant-07.example"]);
    tool.file("tenants/Tenant_51.json", ["https://tenant-51.example"]);
    const bad = await tool.runHere("put", "tenants");
    expect(bad.exitCode).toBe(1);
    expect(bad.stderr).toContain(
      'tenants/tenant-07.json:2: TRUSTED_DOMAINS[0] "http://tenant-07.example" must be https://',
    );
    expect(bad.stderr).toContain('tenants/Tenant_51.json: "Tenant_51" is no tenant id');
    expect(bad.stderr).toContain("Nothing is written, of any tenant.");

    tool.file("tenants/tenant-07.json", ["https://tenant-07.example"]);
    rmSync(tool.path("tenants/Tenant_51.json"));
    const good = await tool.runHere("put", "tenants");
    expect(good.exitCode, good.stderr).toBe(0);
    expect(good.stdout).toContain("tenant-49: new tenant, 1 domain\n  + https://tenant-49.example\n");
    // All are new: nothing of the first attempt was written.
    expect(good.stdout.match(/new tenant/g)).toHaveLength(50);
    expect(good.stdout).toContain("50/50 written and read back: tenant-00 … tenant-49");

    tool.file("tenants/tenant-03.json", ["https://tenant-03.example", "https://tenant-03.test"]);
    rmSync(tool.path("tenants/tenant-00.json"));
    const dryRun = await tool.runHere("put", "tenants", "--dry-run");
    expect(dryRun).toMatchObject({ exitCode: 0, stderr: expect.stringContaining("(--local)") });
    expect(dryRun.stdout).toBe(
      [
        "Not touched, having no file in tenants: tenant-00",
        "tenant-03: changes",
        "  + https://tenant-03.test",
        "  session cookies: each host's own",
        "1 of 49 tenants change.",
        "Nothing is written: this is a dry run.",
        "",
      ].join("\n"),
    );
  });

  test("does not take another environment for one that wrangler.toml lacks", async () => {
    const tool = tenantTool("environments");
    tool.file("acme.json", ["https://www.shop-a.com"]);
    const { exitCode, stdout, stderr } = await tool.runHere("put", "acme", "acme.json", "--env", "stagin");
    expect(exitCode).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain('wrangler.toml has no environment "stagin"');
  });

  test("refuses what it cannot understand or ask before it looks at KV", async () => {
    const tool = tenantTool("refusals");
    expect(await tool.runHere("remove", "acme")).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("--yes"),
    });
    expect(await tool.runHere("put", "Acme", "acme.json")).toMatchObject({
      exitCode: 2,
      stdout: "",
      stderr: expect.stringMatching(/"Acme" is no tenant id: .*\n\nnpm run tenant -- put <tenant> <file.json>/),
    });
    expect(await tool.runHere("put", "acme", "acme.json")).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("acme.json: there is no such file"),
    });
    expect(await tool.runHere("check", "acme", "file:///x.html")).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("origin null"),
    });
    expect(await tool.runHere("--help")).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("--dry-run") });
  });
});
