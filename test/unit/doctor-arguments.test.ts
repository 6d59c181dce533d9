import { describe, expect, test } from "vitest";
import { parseArguments } from "../../scripts/doctor/arguments.ts";

const GOOD = ["https://chat-hub.example", "acme", "https://www.shop-a.com/sale?x=1#top"];

test("hub, tenant and pages are taken, options anywhere, without the page's fragment", () => {
  const parsed = parseArguments(["--json", ...GOOD, "http://localhost:8788", "--strict"]);
  expect(parsed.ok && parsed.value).toEqual({
    hub: new URL("https://chat-hub.example"),
    tenant: "acme",
    pages: [new URL("https://www.shop-a.com/sale?x=1"), new URL("http://localhost:8788/")],
    json: true,
    strict: true,
  });
});

test.each(["https://chat-hub.example/", "https://chat-hub.example:8443", "http://hub.localhost:8787"])(
  "%s is a hub",
  (hub) => {
    expect(parseArguments([hub, "acme", "https://www.shop-a.com"]).ok).toBe(true);
  },
);

test("help is given with no other argument", () => {
  expect(parseArguments(["-h"])).toEqual({ ok: true, value: "help" });
});

describe("is refused, with the reason:", () => {
  const [hub = "", tenant = "", page = ""] = GOOD;

  test.each<[string[], string]>([
    [[], "The hub is missing."],
    [[hub], "The tenant is missing."],
    [[hub, tenant], "A page is missing."],
    [["chat-hub.example", tenant, page], "must be an origin such as https://chat-hub.example"],
    [
      [`${hub}/t/acme/iframe.html`, tenant, page],
      "must be a domain alone: no path, query, credentials or spaces. Try https://chat-hub.example.",
    ],
    [[`${hub}?x`, tenant, page], "must be a domain alone"],
    [["https://user:secret@chat-hub.example", tenant, page], "must be a domain alone"],
    [["http://chat-hub.example", tenant, page], "must be https://"],
    [["https://*.hubs.example", tenant, page], "must be one host"],
    [[hub, "Acme", page], 'not "Acme"'],
    [[hub, page, tenant], "The tenant must be"],
    [[hub, tenant, "www.shop-a.com"], 'not "www.shop-a.com"'],
    [[hub, tenant, "ftp://www.shop-a.com"], "A page must be a URL such as"],
    [[hub, tenant, "https://user:secret@www.shop-a.com"], "must not hold a user name or password"],
    [["--jason", ...GOOD], "'--jason'"],
  ])("%j", (argv, reason) => {
    expect(parseArguments(argv)).toEqual({ ok: false, reason: expect.stringContaining(reason) as string });
  });

  test("a password is not repeated", () => {
    const parsed = parseArguments([hub, tenant, "https://user:secret@www.shop-a.com"]);
    expect(JSON.stringify(parsed)).not.toContain("secret");
  });
});
