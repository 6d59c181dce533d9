import { createHash, randomUUID } from "node:crypto";
import type { Random } from "../random.ts";
import { OWN_PAGE } from "../http-client.ts";
import { pause } from "./bad-day.ts";
import type { Soak } from "./soak.ts";
import type { Tenant } from "./tenants.ts";

/** Codes that are redeemed later are not judged: a busy machine may have used up their minute. */
const IN_TIME_MS = 45_000;

/** As often as a visitor might press reload. */
const MAX_ATTEMPTS = 20;

const OWN = Object.entries(OWN_PAGE);
const JSON_STRING = /^"[^"\\]*"$/;

type Code = { readonly code: string; readonly session: string; readonly mintedMs: number };

/** A visitor follows a link with a code: mostly as links are followed, sometimes late, to a wrong place, or not at all. */
export async function journey(soak: Soak, random: Random, tenant: Tenant): Promise<void> {
  if (!soak.mayMint()) return;
  const minted = await mint(soak, tenant);
  if (!minted) return;
  switch (random.pick(["straight", "straight", "straight", "straight", "evicted", "slow", "stray", "lost"])) {
    case "straight":
      return redeemTwice(soak, tenant, minted);
    case "evicted":
      await soak.hub.evictHandoff(createHash("sha256").update(minted.code).digest("hex"));
      soak.count("codes whose idle object was restarted");
      return redeemTwice(soak, tenant, minted);
    case "slow":
      return soak.later(pause(soak.slowPageMs).then(() => redeemTwice(soak, tenant, minted)));
    case "stray":
      return redeemAstray(soak, random, tenant, minted);
    case "lost":
      return soak.count("codes that nobody redeems");
  }
}

async function mint(soak: Soak, tenant: Tenant): Promise<Code | undefined> {
  const session = `session-${randomUUID()}`;
  const mintedMs = Date.now();
  const answer = await soak.ask("mint", tenant, {
    method: "POST",
    path: `/t/${tenant.id}/handoff`,
    headers: OWN,
    body: JSON.stringify({ name: "chat", session, from: tenant.shopA, to: tenant.shopB }),
  });
  if (!answer) return undefined;
  if (answer.status === 201 && /^"[\w-]{22}"$/.test(answer.text)) {
    soak.count("codes");
    return { code: JSON.parse(answer.text) as string, session, mintedMs };
  }
  soak.broken("a code is minted, but for documented failures", `${answer.status} ${answer.text}`);
  return undefined;
}

/** @returns what came: a session, `refused`, or `failed` for a documented failure, after which one may try again */
async function redeem(soak: Soak, tenant: Tenant, { code }: Code, name = "chat"): Promise<string> {
  const answer = await soak.ask("redeem", tenant, {
    method: "POST",
    path: `/t/${tenant.id}/handoff/redeem`,
    headers: OWN,
    body: JSON.stringify({ code, name, to: tenant.shopB, referrer: tenant.shopA }),
  });
  if (!answer) return "failed";
  if (answer.status === 200 && JSON_STRING.test(answer.text)) return JSON.parse(answer.text) as string;
  if (answer.status !== 403) soak.broken("a redeem gives a session or refuses", `${answer.status} ${answer.text}`);
  return "refused";
}

/** Two tabs bring the code at once, and each tries again after a failure: one has the session, and the other has nothing. */
async function redeemTwice(soak: Soak, tenant: Tenant, minted: Code): Promise<void> {
  const tabs = await Promise.all([redeemAtLast(soak, tenant, minted), redeemAtLast(soak, tenant, minted)]);
  const given = tabs.map(({ outcome }) => outcome).filter((outcome) => outcome !== "refused" && outcome !== "failed");
  if (given.length > 1) soak.broken("no code gives two sessions", `${given.length} times`);
  if (given.some((session) => session !== minted.session)) soak.broken("a code gives its own session", tenant.id);

  const hadFailures = tabs.some(({ failures }) => failures > 0);
  if (given.length === 1) soak.count(hadFailures ? "sessions that came after a 503" : "sessions that came at once");
  else if (hadFailures) soak.count("sessions taken by an answer that a restart has swallowed");
  else if (Date.now() - minted.mintedMs > IN_TIME_MS) soak.count("codes redeemed too late to judge");
  else soak.broken("a code that is redeemed in time gives its session", tenant.id);
}

async function redeemAtLast(soak: Soak, tenant: Tenant, minted: Code) {
  for (let failures = 0; failures < MAX_ATTEMPTS; failures++) {
    const outcome = await redeem(soak, tenant, minted);
    if (outcome !== "failed") return { outcome, failures };
    await soak.calm();
  }
  soak.broken("trying again helps", `${MAX_ATTEMPTS} failures in ${tenant.id}`);
  return { outcome: "failed", failures: MAX_ATTEMPTS };
}

/** A code is used up at another tenant's, and not by another cookie's name. */
async function redeemAstray(soak: Soak, random: Random, tenant: Tenant, minted: Code): Promise<void> {
  const isOtherName = random.oneIn(2);
  const other = soak.tenantFor(random);
  const astray = isOtherName
    ? await redeem(soak, tenant, minted, "other")
    : await redeem(soak, { ...other, shopA: tenant.shopA, shopB: tenant.shopB }, minted);
  if (astray !== "refused" && astray !== "failed" && other.id !== tenant.id) {
    soak.broken("no session goes to a wrong tenant or cookie", `${tenant.id}: ${astray}`);
  }
  soak.count("codes brought to a wrong place first");
  if (isOtherName && astray === "refused") return redeemTwice(soak, tenant, minted);
}
