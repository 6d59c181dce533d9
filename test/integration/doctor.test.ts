import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { createServer } from "node:https";
import path from "node:path";
import { generate } from "selfsigned";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { certificate } from "../browser/harness/certificate.ts";
import { type Hub, startHub } from "../browser/harness/hub.ts";
import { listen } from "../browser/harness/listen.ts";
import { type Answer, type Sites, startSites } from "../browser/harness/sites.ts";
import { type TemporaryFolder, temporaryFolder } from "../browser/harness/temporary-folder.ts";
import { type Answer as HubAnswer, startHubFront } from "./doctor/hub-front.ts";
import { type Ran, type Report, findingsOf, runDoctor } from "./doctor/run-doctor.ts";

const { version } = packageJson;

let folder: TemporaryFolder;
let certificatePath: string;
let sites: Sites;
let hub: Hub;
let hubOrigin: string;
let shopA: string;
let shopB: string;

beforeAll(async () => {
  folder = temporaryFolder("carryover-doctor-");
  certificatePath = path.join(folder.path, "certificate.pem");
  const tls = await certificate();
  writeFileSync(certificatePath, tls.cert);
  sites = await startSites(tls);
  shopA = `http://shop-a.localhost:${sites.httpPort}`;
  shopB = `http://shop-b.localhost:${sites.httpPort}`;
  const trusted = [shopA, shopB];
  hub = await startHub(tls, {
    tenants: {
      acme: JSON.stringify(trusted),
      quiet: JSON.stringify({ TRUSTED_DOMAINS: trusted, handoff: false }),
      nobody: "[]",
      malformed: '["http://shop-a.com"]',
    },
  });
  hubOrigin = `https://127.0.0.1:${hub.port}`;
});

beforeEach(() => sites.reset());

afterAll(async () => {
  await hub?.stop();
  await sites?.close();
  folder.remove();
});

function doctor(...args: string[]): Promise<Ran> {
  return runDoctor(args, certificatePath);
}

/** What an integrator writes. */
function goodPage(tag = `<script src="${hubOrigin}/cookie-provider.min.js"></script>`): string {
  return `<!doctype html><head>${tag}</head><body><script>
    const provider = new CookieProvider("chat", "${hubOrigin}/t/acme/iframe.html");
  </script></body>`;
}

function serve(page: string, answer: Answer = {}): void {
  const { host, pathname } = new URL(page);
  sites.serve(host, pathname, { body: goodPage(), ...answer });
}

function pinned(integrity: string, attributes: string, address = `/v/${version}/cookie-provider.min.js`): string {
  return `<script src="${hubOrigin}${address}" integrity="${integrity}" ${attributes}></script>`;
}

async function integrityOfScript(): Promise<string> {
  const front = await startHubFront(hub.port, () => {});
  const response = await fetch(`http://127.0.0.1:${front.port}/cookie-provider.min.js`);
  const content = Buffer.from(await response.arrayBuffer());
  await front.close();
  return `sha384-${createHash("sha384").update(content).digest("base64")}`;
}

describe("a hub and two shops in order", () => {
  test("have no finding, group by group, and exit with 0", async () => {
    serve(`${shopA}/`);
    serve(`${shopB}/sale`, {
      headers: {
        "content-security-policy": `default-src 'none'; script-src 'nonce-r4nd0m'; frame-src ${hubOrigin}; connect-src ${hubOrigin}`,
        "cross-origin-embedder-policy": "require-corp",
      },
      body: goodPage(`<script nonce="r4nd0m" src="${hubOrigin}/cookie-provider.min.js"></script>`),
    });
    const { exitCode, stdout } = await doctor("--strict", hubOrigin, "acme", `${shopA}/`, `${shopB}/sale`);
    expect(stdout.match(/^(Hub|Tenant|Pages?) .*$/gm)).toEqual([
      `Hub ${hubOrigin}`,
      "Tenant acme",
      `Page ${shopA}/`,
      `Page ${shopB}/sale`,
      `Pages ${shopA}, ${shopB}`,
    ]);
    expect(stdout).toContain(`✓ ok       Answers, version ${version} (as this checkout).`);
    expect(stdout).toMatch(/ok {7}All \d+ files of .* are as the manifest says\./);
    expect(stdout).toContain(`${shopB} is trusted, by ${shopB}.`);
    expect(stdout.trimEnd().split("\n").at(-1)).toMatch(/^\d+ ok, 0 warnings, 0 problems$/);
    expect(stdout).not.toContain("\u001b");
    expect(exitCode).toBe(0);
  });

  test.each([
    ["/home", "with the session.", "ok"],
    ["SHOP_B/sale", "with the session.", "ok"],
    ["/home#", "without the session: the redirect to SHOP_A/home# has a fragment of its own.", "warning"],
    ["/home#top", "without the session: the redirect to SHOP_A/home#top has a fragment of its own.", "warning"],
    ["SHOP_A_ELSEWHERE/", "which the tenant does not trust.", "warning"],
  ])("may have a front page that redirects to %s: links end there %s", async (location, rest, level) => {
    const elsewhere = shopA.replace("shop-a", "elsewhere");
    const write = (text: string) =>
      text.replace("SHOP_A_ELSEWHERE", elsewhere).replace("SHOP_A", shopA).replace("SHOP_B", shopB);
    serve(`${shopA}/`, { status: 302, headers: { location: write(location) } });
    for (const url of [`${shopA}/home`, `${shopB}/sale`, `${elsewhere}/`]) serve(url);
    const ran = await doctor("--json", hubOrigin, "acme", `${shopB}/sale`);
    const finding = findingsOf(ran, "acme").find((one) => one.includes("Links to")) ?? "";
    expect(finding.startsWith(`${level}: Links to ${shopA}/ end on http`)).toBe(true);
    expect(finding.endsWith(write(rest))).toBe(true);
  });

  test("have front pages that nobody asks for where links carry nothing", async () => {
    serve(`${shopB}/sale`);
    await doctor(hubOrigin, "quiet", `${shopB}/sale`);
    expect(sites.log(new URL(shopA).host)).toEqual([]);
  });

  test("are told to programs as JSON", async () => {
    serve(`${shopA}/`);
    const { exitCode, stdout } = await doctor("--json", hubOrigin, "acme", `${shopA}/`);
    const { sections, totals } = JSON.parse(stdout) as Report;
    expect(sections.map(({ about, subject }) => [about, subject])).toEqual([
      ["hub", hubOrigin],
      ["tenant", "acme"],
      ["page", `${shopA}/`],
    ]);
    expect(totals).toMatchObject({ warning: 0, problem: 0 });
    expect(exitCode).toBe(0);
  });

  test("are asked without cookies or any other secret, by name", async () => {
    serve(`${shopA}/`);
    await doctor(hubOrigin, "acme", `${shopA}/`);
    // The page, and the front page of the trusted domain.
    const asked = { "user-agent": `carryover-doctor/${version}` };
    expect(sites.log(new URL(shopA).host).map(({ headers }) => headers)).toEqual([asked, asked]);
  });

  test("may pin the script", async () => {
    serve(`${shopA}/`, { body: goodPage(pinned(await integrityOfScript(), 'crossorigin="anonymous"')) });
    const ran = await doctor("--json", "--strict", hubOrigin, "acme", `${shopA}/`);
    expect(findingsOf(ran, shopA)).toContainEqual(expect.stringMatching(/^ok: Its integrity is that of the file/));
    expect(ran.exitCode).toBe(0);
  });
});

/** What a page answers, and what is to be found about it. */
type Fault = readonly [name: string, answer: () => Answer, title: string];

/** Looks at a page with each fault, in one run for the sake of time. */
async function runFaults(faults: readonly Fault[], ...options: string[]): Promise<Ran> {
  const pages = faults.map((_, index) => `${shopA}/${index}/`);
  for (const [index, page] of pages.entries()) serve(page, faults[index]?.[1]());
  return doctor("--json", ...options, hubOrigin, "acme", ...pages);
}

describe("a page's problem is named, and fails the run:", () => {
  const WRONG = "sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC";
  const PROBLEMS: readonly Fault[] = [
    ["a status", () => ({ status: 401 }), "The page answers 401."],
    [
      "no HTML",
      () => ({ headers: { "content-type": "application/json" } }),
      "The page is no HTML, but application/json.",
    ],
    [
      "script-src",
      () => ({ headers: { "content-security-policy": `script-src 'self'; frame-src ${hubOrigin}` } }),
      "The Content-Security-Policy keeps the hub's script out: script-src 'self'.",
    ],
    [
      "script-src in <meta>",
      () => ({
        body: goodPage().replace(
          "<head>",
          `<head><meta http-equiv="Content-Security-Policy" content="script-src 'self'">`,
        ),
      }),
      "The Content-Security-Policy keeps the hub's script out: script-src 'self'.",
    ],
    [
      "'strict-dynamic' and no nonce",
      () => ({ headers: { "content-security-policy": `script-src ${hubOrigin} 'nonce-x' 'strict-dynamic'` } }),
      "The Content-Security-Policy keeps the hub's script out: script-src",
    ],
    [
      "frame-src, in the second policy",
      () => ({
        headers: { "content-security-policy": [`frame-src ${hubOrigin}`, "default-src 'self'; script-src *"] },
      }),
      "The Content-Security-Policy keeps the hub's frame out: default-src 'self'.",
    ],
    [
      "sandbox",
      () => ({ headers: { "content-security-policy": "sandbox allow-scripts" } }),
      "The policy's sandbox is without allow-same-origin: nothing can be shared.",
    ],
    [
      "Permissions-Policy",
      () => ({ headers: { "permissions-policy": "geolocation=(), storage-access=(self)" } }),
      "The Permissions-Policy takes storage-access from the hub.",
    ],
    [
      "a wrong integrity",
      () => ({ body: goodPage(pinned(WRONG, 'crossorigin="anonymous"')) }),
      "Its integrity is not that of the file: browsers refuse it.",
    ],
    [
      "integrity without crossorigin",
      () => ({ body: goodPage(pinned(WRONG, "")) }),
      "The script has integrity without crossorigin: browsers refuse it.",
    ],
    [
      "a version that the hub has lost",
      () => ({ body: goodPage(pinned(WRONG, "crossorigin", "/v/0.0.1/cookie-provider.min.js")) }),
      "/v/0.0.1/cookie-provider.min.js, which answers 404.",
    ],
  ];
  let ran: Ran;

  beforeAll(async () => {
    ran = await runFaults(PROBLEMS);
  });

  test.each(PROBLEMS.map(([name, , title], index) => [name, title, index] as const))("%s", (_, title, index) => {
    const problems = findingsOf(ran, `${shopA}/${index}/`).filter((finding) => finding.startsWith("problem: "));
    expect(problems.join("\n")).toContain(title);
    expect(ran.exitCode).toBe(1);
  });

  test("an origin that the tenant does not trust, after a redirect, with the nearest miss", async () => {
    const other = `http://www.shop-a.localhost:${sites.httpPort}`;
    serve(`${shopA}/`, { status: 302, headers: { location: `${other}/home` } });
    serve(`${other}/home`);
    const ran = await doctor("--json", hubOrigin, "acme", `${shopA}/`);
    expect(findingsOf(ran, shopA)).toContain(`ok: Redirects to ${other}/home.`);
    expect(findingsOf(ran, shopA)).toContain(
      `problem: ${other} is not trusted by the tenant: ${shopA} is another host: with and without www. are two origins.`,
    );
    expect(ran.exitCode).toBe(1);
  });

  test("a page that does not load, and why", async () => {
    const { host } = new URL(shopA);
    const nobody = await freeOrigin();
    sites.serve(host, "/circle", { status: 301, headers: { location: "/circle" } });
    sites.serve(host, "/astray", { status: 301, headers: { location: "ftp://shop-a.localhost/" } });
    sites.serve(host, "/endless", { body: "x".repeat(2_000_001) });
    sites.serve(host, "/silent", () => new Promise<Answer>(() => {}));
    const pages = ["/circle", "/astray", "/endless", "/silent"].map((path) => shopA + path);
    const ran = await doctor("--json", hubOrigin, "acme", ...pages, `${nobody}/`);
    expect([...pages, nobody].flatMap((page) => findingsOf(ran, page))).toEqual([
      `problem: ${shopA}/circle redirects more than 5 times.`,
      `problem: ${shopA}/astray redirects to ftp://shop-a.localhost/, which is no web page.`,
      `problem: ${shopA}/endless is larger than 2 MB.`,
      `problem: ${shopA}/silent did not answer within 10 s.`,
      `problem: ${nobody}/ cannot be reached: the connection is refused.`,
    ]);
    expect(ran.exitCode).toBe(1);
  });
});

describe("a page's weakness is a warning, which fails a strict run alone:", () => {
  const WARNINGS: readonly Fault[] = [
    ["no script", () => ({ body: "<p>Shop" }), "The hub's script is not in the static HTML."],
    [
      "another hub's script",
      () => ({ body: goodPage('<script src="https://other.example/cookie-provider.min.js"></script>') }),
      "which is not of this hub.",
    ],
    [
      "the script in <body>",
      () => ({ body: `<body>${goodPage().replaceAll(/<\/?head>/g, "")}` }),
      "The script is not in <head>",
    ],
    ["defer", () => ({ body: goodPage().replace("<script ", "<script defer ") }), "The script is loaded with defer"],
    ["another tenant", () => ({ body: goodPage().replace("/t/acme/", "/t/acne/") }), "/t/acne/iframe.html"],
    [
      "a pin at an address that moves",
      () => ({ body: goodPage(pinned("md5-unknown", "crossorigin", "/cookie-provider.min.js")) }),
      "the hub's next release breaks the page.",
    ],
    [
      "links.mjs kept out",
      () => ({ headers: { "content-security-policy": `script-src ${hubOrigin}/cookie-provider.min.js` } }),
      "keeps links.mjs out",
    ],
    [
      "connect-src",
      () => ({ headers: { "content-security-policy": "connect-src 'self'" } }),
      "keeps the page's own requests from the hub: connect-src 'self'.",
    ],
    [
      "Referrer-Policy",
      () => ({ headers: { "referrer-policy": "no-referrer" } }),
      "The Referrer-Policy is no-referrer",
    ],
    [
      "opener policy",
      () => ({ headers: { "cross-origin-opener-policy": "same-origin" } }),
      "cuts off the small window",
    ],
  ];
  let ran: Ran;

  beforeAll(async () => {
    ran = await runFaults(WARNINGS, "--strict");
  });

  test.each(WARNINGS.map(([name, , title], index) => [name, title, index] as const))("%s", (_, title, index) => {
    const findings = findingsOf(ran, `${shopA}/${index}/`).filter((finding) => !finding.startsWith("ok: "));
    expect(findings).toEqual([expect.stringContaining(title)]);
    expect(findings[0]).toMatch(/^warning: /);
    expect(ran.exitCode).toBe(1);
  });

  test("without --strict it does not", async () => {
    serve(`${shopA}/`, { body: "<p>Shop" });
    const { exitCode, stdout } = await doctor(hubOrigin, "acme", `${shopA}/`);
    expect(stdout).toContain("1 warning, 0 problems");
    expect(exitCode).toBe(0);
  });

  test("two pages of one site, which need no hub", async () => {
    serve(`${shopA}/`);
    serve(`${shopA}/sale`);
    const ran = await doctor("--strict", hubOrigin, "acme", `${shopA}/`, `${shopA}/sale`);
    expect(ran.stdout).toContain("! warning  The pages are on one origin: one cookie does without a hub.");
    expect(ran.exitCode).toBe(1);
  });
});

describe("the tenant", () => {
  test.each([
    ["stranger", 'problem: The hub has no tenant "stranger".'],
    ["malformed", "problem: The tenant's document is malformed: nobody is trusted."],
    ["nobody", "problem: Trusts no domain."],
  ])("%s fails the run", async (tenant, expected) => {
    serve(`${shopA}/`);
    const ran = await doctor("--json", hubOrigin, tenant, `${shopA}/`);
    expect(findingsOf(ran, tenant)).toContain(expected);
    expect(ran.exitCode).toBe(1);
  });

  test("without handoff may have its script anywhere", async () => {
    const body = `<body>${goodPage()
      .replaceAll(/<\/?head>/g, "")
      .replace("/t/acme/", "/t/quiet/")}`;
    serve(`${shopA}/`, { body });
    const ran = await doctor("--json", "--strict", hubOrigin, "quiet", `${shopA}/`);
    expect(findingsOf(ran, "quiet")).toContain("ok: Links do not carry the session (handoff is off).");
    expect(ran.exitCode).toBe(0);
  });
});

describe("the hub", () => {
  test("that is down is said once; its tenant is left out, and the pages are looked at", async () => {
    serve(`${shopA}/`, { status: 500 });
    const nobody = await freeOrigin();
    const ran = await doctor("--json", nobody, "acme", `${shopA}/`);
    expect(findingsOf(ran, nobody)[0]).toBe(`problem: ${nobody}/healthz cannot be reached: the connection is refused.`);
    expect(findingsOf(ran, "acme")).toEqual(["warning: The tenant was not looked at."]);
    expect(findingsOf(ran, shopA)).toContain("problem: The page answers 500.");
    expect(ran.exitCode).toBe(1);
    expect(ran.stderr).toBe("");
  });

  test("that is another server is told from a hub", async () => {
    serve(`${shopA}/`);
    const ran = await doctor("--json", shopB, "acme", `${shopA}/`);
    expect(findingsOf(ran, shopB)).toContain(`problem: ${shopB}/healthz answers 404, but not as a hub.`);
    expect(ran.exitCode).toBe(1);
  });

  test.each<[string, (path: string, answer: HubAnswer) => void, string]>([
    [
      "a file that is not the manifest's",
      (path, answer) => {
        if (path === `/v/${version}/links.mjs`) answer.body = Buffer.concat([answer.body, Buffer.from("\n")]);
      },
      "links.mjs is not the file of the manifest: pages that pin it refuse it.",
    ],
    [
      "no CORS",
      (_, { headers }) => delete headers["access-control-allow-origin"],
      "cookie-provider.min.js comes without Access-Control-Allow-Origin: *.",
    ],
    [
      "a manifest that is none",
      (path, answer) => {
        if (path.endsWith("/manifest.json")) answer.body = Buffer.from("<p>Not found");
      },
      "and no manifest.",
    ],
    [
      "X-Frame-Options",
      (_, { headers }) => (headers["x-frame-options"] = "SAMEORIGIN"),
      "The page comes with X-Frame-Options: browsers may keep it out of every page.",
    ],
    [
      "a lost Content-Security-Policy",
      (_, { headers }) => delete headers["content-security-policy"],
      "The page comes without frame-ancestors: everybody may embed it.",
    ],
    [
      "settings that were rewritten",
      (path, answer) => {
        if (path.endsWith("/iframe.html")) answer.body = Buffer.from("<p>Please log in");
      },
      "The page's settings cannot be read.",
    ],
  ])("behind a proxy that makes it %s", async (_, spoil, expected) => {
    serve(`${shopA}/`);
    const front = await startHubFront(hub.port, spoil);
    const ran = await doctor("--json", `http://127.0.0.1:${front.port}`, "acme", `${shopA}/`);
    await front.close();
    expect(ran.stdout).toContain(expected);
    expect(ran.exitCode).toBe(1);
  });

  test("behind a proxy that takes away what is useful is warned of", async () => {
    serve(`${shopA}/`);
    const spoil = (_: string, { headers }: HubAnswer) => {
      for (const name of ["strict-transport-security", "etag", "vary"]) delete headers[name];
      headers["cache-control"] = "public, max-age=86400";
    };
    const front = await startHubFront(hub.port, spoil, await certificate());
    const origin = `https://127.0.0.1:${front.port}`;
    const ran = await doctor("--json", origin, "acme", `${shopA}/`);
    await front.close();
    const warnings = [...findingsOf(ran, origin), ...findingsOf(ran, "acme")].filter((one) => !one.startsWith("ok: "));
    expect(warnings).toEqual([
      "warning: Strict-Transport-Security is missing.",
      "warning: cookie-provider.min.js is cached by “public, max-age=86400”: pages may keep an old one for long.",
      "warning: The page comes without Vary: Sec-Fetch-Storage-Access: caches may mix up browsers.",
      "warning: The page comes without ETag: browsers load it whole each time.",
    ]);
    expect(ran.exitCode).toBe(0);
  });

  test("that redirects is not the hub", async () => {
    const front = await startHubFront(hub.port, (_, answer) => {
      answer.status = 301;
      answer.headers = { location: hubOrigin };
    });
    const origin = `http://127.0.0.1:${front.port}`;
    const ran = await doctor("--json", origin, "acme", `${shopA}/`);
    await front.close();
    expect(findingsOf(ran, origin)).toContain(`problem: ${origin}/healthz redirects to ${hubOrigin}.`);
    expect(ran.exitCode).toBe(1);
  });

  test("on the site of a page is not third-party there", async () => {
    const page = `http://127.0.0.1:${sites.httpPort}`;
    serve(`${page}/`);
    const front = await startHubFront(hub.port, () => {});
    const origin = `http://127.0.0.1:${front.port}`;
    const ran = await doctor("--json", origin, "acme", `${page}/`);
    await front.close();
    expect(findingsOf(ran, origin)).toContainEqual(
      expect.stringContaining(`warning: The hub is on the same site as ${page}`),
    );
  });

  test("with a certificate for another host is not believed", async () => {
    const origin = `https://other.localhost:${hub.port}`;
    const ran = await doctor("--json", origin, "acme", `${shopA}/`);
    expect(findingsOf(ran, origin)).toContain("problem: The certificate is not valid: it is for another host.");
    expect(ran.exitCode).toBe(1);
  });

  test("with a certificate that nobody signed is not believed", async () => {
    const { private: key, cert } = await generate([{ name: "commonName", value: "localhost" }], {
      algorithm: "sha256",
    });
    const server = await listen(createServer({ key, cert }, (_, response) => response.end()));
    const origin = `https://localhost:${server.port}`;
    const ran = await doctor("--json", origin, "acme", `${shopA}/`);
    await server.close();
    expect(findingsOf(ran, origin)).toContainEqual(
      expect.stringContaining("problem: The certificate is not valid: it is signed by nobody that browsers know."),
    );
    expect(ran.exitCode).toBe(1);
  });
});

test("wrong arguments exit with 2, and say which and how they should be", async () => {
  const { exitCode, stdout, stderr } = await doctor(`${hubOrigin}/t/acme/iframe.html`, "acme", shopA);
  expect(stderr).toContain("must be a domain alone");
  expect(stderr).toContain("Usage: npm run doctor -- ");
  expect(stdout).toBe("");
  expect(exitCode).toBe(2);
});

/** Where nothing listens. */
async function freeOrigin(): Promise<string> {
  const { port, close } = await listen(createServer());
  await close();
  return `http://localhost:${port}`;
}
