/** Makes up worlds. */
import { ENGINES, type EngineName } from "../world/engines.ts";
import type { Random } from "../world/random.ts";
import { siteOf } from "../world/sites.ts";
import { HOSTS, STRANGER, type Spec } from "./spec.ts";

const ENGINE_NAMES = Object.keys(ENGINES) as EngineName[];

/** The word as often as visitors do it. */
const VERBS = [
  ["open", 5],
  ["follow", 4],
  ["start", 5],
  ["rotate", 4],
  ["end", 4],
  ["write", 1],
  ["load", 1],
  ["reload", 2],
  ["reload frame", 1],
  ["grant", 1],
  ["remove frames", 1],
  ["focus", 1],
  ["wait", 1],
  ["close", 1],
  ["wipe storage", 1],
  ["wipe cookies", 1],
  ["outage", 1],
] as const;

const WEIGHTED = VERBS.flatMap(([verb, weight]) => Array<string>(weight).fill(verb));

const MAX_TABS = 3;

export function generateSpec(random: Random): Spec {
  // Few hosts, so that what happens on them meets.
  const hosts = HOSTS.filter(() => random.next() < 0.6);
  const reached = hosts.length > 0 ? hosts : HOSTS.slice(0, 1);
  const all = random.next() < 0.1 ? [...reached, STRANGER] : reached;
  const trust = random.next() < 0.5 ? "hosts" : "wildcard";
  // A site's chat always writes its cookie in the same way: of two new ones in two scopes, nobody could say which is the newer. Nor could
  // anybody where each host has a chat of its own, and our script writes for all of them.
  const scopeOf = (site: string) =>
    trust === "wildcard" && site === siteOf(HOSTS[0]) ? "domain" : random.pick(["domain", "domain", "host", "page"]);
  const scopes = Object.fromEntries(all.map((host) => [siteOf(host), scopeOf(siteOf(host))]));
  const tabs = generateTabs(random, all);
  return {
    engine: random.next() < 0.4 ? "chromium-allowed" : random.pick(ENGINE_NAMES),
    trust,
    hasBrokenStorage: random.next() < 0.05,
    loadsTwice: random.next() < 0.05,
    hasOwnScript: random.next() < 0.2,
    hasSecondCookie: random.next() < 0.03,
    ignoresFrameAncestors: all.includes(STRANGER),
    faults: random.next() < 0.3 ? 1 + random.below(2) : 0,
    scopes,
    tabs,
  };
}

/** A few tabs with much going on, or two for each site, with less. */
function generateTabs(random: Random, hosts: readonly string[]): string[][] {
  if (random.next() < 0.8) {
    return Array.from({ length: 1 + random.below(MAX_TABS) }, () =>
      generateActions(random, random.pick(hosts), hosts, 6),
    );
  }
  return [...hosts, ...hosts].map((host) => generateActions(random, host, hosts, 3));
}

function generateActions(random: Random, first: string, hosts: readonly string[], most: number): string[] {
  return [`open ${first}`, ...Array.from({ length: 1 + random.below(most) }, () => generateAction(random, hosts))];
}

function generateAction(random: Random, hosts: readonly string[]): string {
  const verb = random.pick(WEIGHTED);
  switch (verb) {
    case "open":
    case "follow":
      return `${verb} ${random.pick(hosts)}`;
    case "wipe storage":
    case "wipe cookies":
      return `${verb} ${siteOf(random.pick(hosts))}`;
    case "wait":
      return `wait ${random.pick([1, 6, 20])}`;
    case "outage":
      return random.pick(["kv down", "kv up", "handoffs down", "handoffs up"]);
    default:
      return verb;
  }
}
