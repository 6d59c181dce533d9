import type { Random } from "../random.ts";
import { type Answer, OWN_PAGE } from "../http-client.ts";
import { journey } from "./handoff-journey.ts";
import type { Soak } from "./soak.ts";
import { type Tenant, isCurrent, versionOf } from "./tenants.ts";

/** What visitors do, and how many of a hundred do it. As on most days, they mostly view pages. */
const DOINGS = [
  [42, viewPage],
  [16, save],
  [8, clear],
  [12, journey],
  [8, viewContinuePage],
  [6, tellOutcome],
  [8, goWrong],
] as const satisfies readonly (readonly [number, Doing])[];

type Doing = (soak: Soak, random: Random, tenant: Tenant) => Promise<void>;

const OWN = Object.entries(OWN_PAGE);

/** A visitor does one thing after the other, at a tenant's, until time is up. */
export async function visit(soak: Soak, random: Random): Promise<void> {
  while (!soak.isOver()) {
    let share = random.below(100);
    const [, doing] = DOINGS.find(([percent]) => (share -= percent) < 0) ?? DOINGS[0];
    await doing(soak, random, soak.tenantFor(random));
  }
}

async function viewPage(soak: Soak, random: Random, tenant: Tenant): Promise<void> {
  const storageAccess = random.pick([undefined, "none", "inactive", "active"]);
  // Each way of storage access has a page of its own; browsers keep one.
  const kept = storageAccess === undefined && random.oneIn(2) ? tenant.kept : undefined;
  const askedMs = Date.now();
  const headers = [
    ...(storageAccess === undefined ? [] : [["Sec-Fetch-Storage-Access", storageAccess] as const]),
    ...(kept ? [["If-None-Match", kept.etag] as const] : []),
  ];
  const answer = await soak.ask("page", tenant, { path: `/t/${tenant.id}/iframe.html`, headers });
  if (!answer) return;
  const etag = answer.headers.etag ?? "";
  if (answer.status === 304) {
    if (etag !== kept?.etag || answer.text !== "") soak.broken("a 304 is of the page that the browser has", tenant.id);
  } else if (!answer.text.includes(`"tenant":"${tenant.id}"`)) {
    soak.broken("a page is of the tenant that was asked for", `${tenant.id}: ${answer.status} ${answer.text}`);
  }
  const version = versionOf(tenant, answer.headers["content-security-policy"]?.toString() ?? "");
  if (version === undefined) return soak.broken("a page trusts the tenant's domains, and no others", tenant.id);
  if (!isCurrent(tenant, version, askedMs)) soak.oldPage(answer.request, `${tenant.id}: version ${version}`);
  if (storageAccess === undefined) tenant.kept = { etag, version };
}

async function save(soak: Soak, random: Random, tenant: Tenant): Promise<void> {
  const session = `session-${random.below(2 ** 31)} ä"%`;
  const answer = await soak.ask("save", tenant, {
    method: "PUT",
    path: `/t/${tenant.id}/session/chat`,
    headers: OWN,
    body: session,
  });
  if (answer) expectCookie(soak, answer, `__Host-${tenant.id}.chat=${encodeURIComponent(session)};`);
}

async function clear(soak: Soak, _: Random, tenant: Tenant): Promise<void> {
  const path = `/t/${tenant.id}/session/chat`;
  const answer = await soak.ask("clear", tenant, { method: "DELETE", path, headers: OWN });
  if (answer) expectCookie(soak, answer, `__Host-${tenant.id}.chat=:`);
}

function expectCookie(soak: Soak, { status, headers }: Answer, start: string): void {
  const [cookie = "", ...more] = headers["set-cookie"] ?? [];
  if (status !== 204 || !cookie.startsWith(start) || more.length > 0) {
    soak.broken("a save or clear is answered with its cookie", `${status} ${cookie} instead of ${start}`);
  }
}

async function viewContinuePage(soak: Soak, random: Random, tenant: Tenant): Promise<void> {
  const back = random.oneIn(2) ? `?return=${encodeURIComponent(`${tenant.shopA}/cart`)}` : "";
  const answer = await soak.ask("continue", tenant, { path: `/t/${tenant.id}/continue${back}` });
  if (!answer) return;
  if (answer.status !== 200 || answer.text.includes(`href="${tenant.shopA}/cart"`) !== (back !== "")) {
    soak.broken("the continue page leads back", `${tenant.id}: ${answer.status}`);
  }
}

async function tellOutcome(soak: Soak, random: Random, tenant: Tenant): Promise<void> {
  const body = random.pick(["granted", "withheld", "handoff"]);
  const answer = await soak.ask("outcome", tenant, {
    method: "POST",
    path: `/t/${tenant.id}/outcome`,
    headers: OWN,
    body,
  });
  if (answer && answer.status !== 204) soak.broken("an outcome is taken", `${answer.status} ${answer.text}`);
}

/** Addresses, methods and origins that the hub refuses. */
async function goWrong(soak: Soak, random: Random, { id }: Tenant): Promise<void> {
  const foreign = [["Origin", "https://elsewhere.test"]] as const;
  const [status, asked] = random.pick([
    [404, { path: `/t/nobody-${random.below(1000)}/iframe.html` }],
    [404, { path: "/t/" }],
    [405, { method: "POST", path: `/t/${id}/iframe.html` }],
    [403, { method: "PUT", path: `/t/${id}/session/chat`, headers: foreign, body: "v" }],
    [403, { method: "POST", path: `/t/${id}/handoff`, headers: OWN, body: "{}" }],
  ]);
  // Of unknown tenants the hub has no copy before it has read that there are none.
  const answer = await soak.ask("wrong", undefined, asked);
  if (answer && answer.status !== status) {
    soak.broken("what is wrong is refused", `${asked.path}: ${answer.status} instead of ${status}`);
  }
}
