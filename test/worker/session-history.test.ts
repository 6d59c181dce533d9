/** What the hub cookie has held before goes on in the one that takes its place. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { digestOf } from "../../protocol/digest.ts";
import { OLDER_HEADER } from "../../protocol/routes.ts";
import { OWN_PAGE, ask, captureLog, putTenant } from "./hub.ts";

const [A = "", B = "", C = "", D = ""] = ["a", "b", "c", "d"].map(digestOf);

let id: string;
let log: ReturnType<typeof captureLog>;

beforeEach(async () => {
  log = captureLog();
  id = await putTenant(["https://www.shop-a.com"]);
});

afterEach(() => {
  vi.restoreAllMocks();
});

type Write = {
  /** `null` for a DELETE. */
  readonly session: string | null;
  /** The value of the hub cookie, as the browser has it. */
  readonly before?: string | undefined;
  readonly older?: string;
  readonly headers?: Record<string, string>;
};

async function send({ session, before, older, headers }: Write): Promise<Response> {
  return ask(`/t/${id}/session/chat`, {
    ...(session === null ? { method: "DELETE" } : { method: "PUT", body: session }),
    headers: {
      ...OWN_PAGE,
      ...(before === undefined ? {} : { Cookie: `__Host-${id}.chat=${before}` }),
      ...(older === undefined ? {} : { [OLDER_HEADER]: older }),
      ...headers,
    },
  });
}

/** The value of the hub cookie that comes of it, a tombstone's with the time taken out. */
async function write(one: Write): Promise<string> {
  const response = await send(one);
  expect(response.status).toBe(204);
  const [, value = ""] = /^__Host-[^=]*\.chat=([^;]*);/.exec(response.headers.get("Set-Cookie") ?? "") ?? [];
  return value;
}

describe("the first write", () => {
  test("of a session is exactly the session, percent-encoded", async () => {
    expect(await write({ session: "ä:b" })).toBe("%C3%A4%3Ab");
  });

  test("of a tombstone is exactly its time", async () => {
    expect(await write({ session: null })).toMatch(/^:\d{10}$/);
  });

  test("has what the page knows to be older", async () => {
    expect(await write({ session: "a", older: B + C })).toBe(`a:${B}${C}`);
    expect(await write({ session: null, older: B + C })).toMatch(new RegExp(`^:\\d{10}:${B}${C}$`));
  });
});

describe("a further write", () => {
  test("has what the cookie held, from write to write", async () => {
    const first = await write({ session: "a" });
    const second = await write({ session: "b", before: first });
    expect(second).toBe(`b:${A}`);
    const third = await write({ session: null, before: second });
    expect(third).toMatch(new RegExp(`^:\\d{10}:${B}${A}$`));
    const fourth = await write({ session: "c", before: third });
    expect(fourth).toBe(`c:${B}${A}`);
    // Begun again: that it was over shows.
    expect(await write({ session: "a", before: fourth })).toBe(`a:${C}${B}${A}`);
  });

  test("of the same session keeps the history", async () => {
    expect(await write({ session: "a", before: `a:${B}${C}` })).toBe(`a:${B}${C}`);
    expect(await write({ session: "a", before: "a" })).toBe("a");
  });

  test("of a tombstone over a tombstone keeps the history", async () => {
    expect(await write({ session: null, before: `:1600000000:${A}${B}` })).toMatch(new RegExp(`:${A}${B}$`));
  });

  test("has what it held, then what the page knows, then what it had", async () => {
    expect(await write({ session: "a", before: `b:${D}`, older: C })).toBe(`a:${B}${C}${D}`);
  });

  test("has sixteen at most", async () => {
    const many = Array.from({ length: 20 }, (_, index) => `digest${String.fromCharCode(97 + index)}`).join("");
    expect(await write({ session: "a", before: `b:${many}` })).toBe(`a:${B}${many.slice(0, 15 * 7)}`);
    expect(await write({ session: "a", older: many })).toBe(`a:${many.slice(0, 16 * 7)}`);
  });

  test.each([
    ["other cookies", (name: string) => `x=1; ${name}=b; y=2`],
    ["one whose name is longer", (name: string) => `${name}2=d; ${name}=b`],
    ["one whose name ends in the same", (name: string) => `x${name}=d; ${name}=b`],
  ])("finds the hub cookie among %s", async (_, cookies) => {
    expect(await write({ session: "a", headers: { Cookie: cookies(`__Host-${id}.chat`) } })).toBe(`a:${B}`);
  });

  test("knows nothing of the cookies of others", async () => {
    const Cookie = `__Host-${id}.other=b; __Host-another.chat=c; ${id}.chat=d`;
    expect(await write({ session: "a", headers: { Cookie } })).toBe("a");
  });

  test.each(["%zz", ":", "b:", "", "%20b", ":x"])(
    "takes nothing from a cookie of %j, which was never the hub's",
    async (before) => {
      expect(await write({ session: "a", before })).toBe("a");
    },
  );

  test.each(["short", "ABCDEFG", `${C}.`, `${C}:${D}`, `${C}, ${D}`])(
    "takes nothing from a history of %j",
    async (history) => {
      expect(await write({ session: "a", before: `b:${history}` })).toBe(`a:${B}`);
    },
  );
});

describe(`the header ${OLDER_HEADER}`, () => {
  test.each([
    ["nothing", ""],
    ["no digest", "short"],
    ["digests that are not all of them digests", `${C}${D}x`],
    ["digests with something between", `${C},${D}`],
    ["capitals", C.toUpperCase()],
    ["what would be another cookie", `${C}; Domain=evil.test`],
    ["what is the page's base", `${C}.${D}!`],
  ])("is as good as none with %s", async (_, older) => {
    expect(await write({ session: "a", before: "b", older })).toBe(`a:${B}`);
  });

  test("that says what is held, or is to be held, adds nothing", async () => {
    expect(await write({ session: "a", before: "b", older: A + B + C })).toBe(`a:${B}${C}`);
  });

  test("sent twice is as good as none: no list of it is", async () => {
    const headers = new Headers(OWN_PAGE);
    headers.append(OLDER_HEADER, C);
    headers.append(OLDER_HEADER, D);
    const response = await ask(`/t/${id}/session/chat`, { method: "PUT", body: "a", headers });
    expect(response.headers.get("Set-Cookie")).toContain(".chat=a;");
  });

  test("gets nobody past what a write needs", async () => {
    expect((await send({ session: "a", older: C, headers: { "Sec-Fetch-Site": "cross-site" } })).status).toBe(403);
    expect((await send({ session: "a;b", older: C })).status).toBe(400);
  });
});

describe("a history never makes the cookie too large", () => {
  const [name, many] = ["chat", "digest0".repeat(1) + "digest1digest2digest3"];

  test.each([0, 1, 7, 8, 14, 15, 21, 22, 28, 29, 40])("with %d bytes left beside the session", async (left) => {
    const room = 4096 - `__Host-${id}.${name}`.length;
    const session = "v".repeat(room - left);
    const value = await write({ session, before: "b", older: many });
    const count = Math.max(0, Math.min(5, Math.floor((left - 1) / 7)));
    const history = (B + many).slice(0, count * 7);
    expect(value).toBe(history ? `${session}:${history}` : session);
    expect(value.length).toBeLessThanOrEqual(room);
  });

  test("and one byte more of a session is refused, as without", async () => {
    const room = 4096 - `__Host-${id}.${name}`.length;
    expect((await send({ session: "v".repeat(room + 1), before: "b", older: many })).status).toBe(413);
  });
});

test("neither cookie nor header gets into the log", async () => {
  await send({ session: "a;b", before: "secret-session", older: "secret-older" });
  await send({ session: "a", before: "secret-session", headers: { "Sec-Fetch-Site": "cross-site" } });
  expect(log.entries).toHaveLength(2);
  expect(log.text()).not.toContain("secret");
});
