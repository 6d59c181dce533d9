/** A burst of codes on the built Worker with real Durable Objects. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Hub, HUB, startHub } from "./hub.ts";

const BURST = 1000;
const PART = 250;
const AT_ONCE = 25;
const SHOP_A = "https://www.shop-a.com";
const SHOP_B = "https://www.shop-b.com";

let hub: Hub;
let id: string;

beforeAll(async () => {
  hub = await startHub();
  id = await hub.putTenant([SHOP_A, SHOP_B]);
});

afterAll(() => hub?.close());

/** Everybody has an address of his own: the rate limit counts by it. */
function post(path: string, body: object, visitor: number) {
  return hub.askWorker(`${HUB}/t/${id}/${path}`, {
    method: "POST",
    headers: {
      Origin: HUB,
      "Sec-Fetch-Site": "same-origin",
      "User-Agent": "Browser/1",
      "CF-Connecting-IP": `10.0.${visitor >> 8}.${visitor & 255}`,
    },
    body: JSON.stringify(body),
  });
}

async function mint(visitor: number): Promise<string> {
  const request = { name: "chat", session: `session-of-${visitor}`, from: SHOP_A, to: SHOP_B };
  const response = await post("handoff", request, visitor);
  return response.status === 201 ? String(await response.json()) : `refused: ${response.status}`;
}

async function redeem(code: string, visitor: number): Promise<string> {
  const response = await post("handoff/redeem", { code, name: "chat", to: SHOP_B, referrer: SHOP_A }, visitor);
  return response.status === 200 ? String(await response.json()) : `refused: ${response.status}`;
}

async function inParallel<Result>(count: number, run: (index: number) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const index = next++;
      results[index] = await run(index);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}

test(`a burst of ${BURST} codes: each is new, none is lost, none is redeemed twice`, async () => {
  const codes: string[] = [];
  const given: string[] = [];
  // In parts, so that a slow machine redeems each code within its life.
  for (let first = 0; first < BURST; first += PART) {
    const part = await inParallel(PART, (index) => mint(first + index));
    codes.push(...part);
    const twice = await inParallel(PART * 2, (index) => redeem(part[index % PART] ?? "", first + (index % PART)));
    given.push(...twice.filter((session) => !session.startsWith("refused")));
  }
  expect(codes.filter((code) => !/^[\w-]{22}$/.test(code))).toEqual([]);
  expect(new Set(codes).size).toBe(BURST);
  expect(given.toSorted()).toEqual(Array.from({ length: BURST }, (_, visitor) => `session-of-${visitor}`).toSorted());
}, 240_000);

test("codes that nobody redeems are gone when their time is up", async () => {
  const codes = await inParallel(200, mint);
  expect(codes.filter((code) => !/^[\w-]{22}$/.test(code))).toEqual([]);
  await new Promise((resolve) => setTimeout(resolve, 62_000));
  const outcome = await inParallel(codes.length, (index) => redeem(codes[index] ?? "", index));
  expect(new Set(outcome)).toEqual(new Set(["refused: 403"]));
  // Not found, and not merely too old: the alarms have emptied the objects.
  const reasons = hub
    .logs()
    .filter((line) => line.includes("handoff: "))
    .slice(-codes.length);
  expect(reasons).toHaveLength(codes.length);
  for (const line of reasons) expect(line).toContain("code unknown, used or expired");
  expect(reasons.join()).not.toContain("session-of");
}, 120_000);
