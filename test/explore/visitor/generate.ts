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
  ["replace body", 1],
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
  // Most sites always write their cookie in the same way.
  const scopes = random.pick([["domain"], ["domain"], ["host"], ["page"], ["domain", "host", "page"]]);
  const tabs = Array.from({ length: 1 + random.below(MAX_TABS) }, () => generateActions(random, all, scopes));
  return {
    engine: random.next() < 0.4 ? "chromium-allowed" : random.pick(ENGINE_NAMES),
    trust: random.next() < 0.5 ? "hosts" : "wildcard",
    hasBrokenStorage: random.next() < 0.05,
    ignoresFrameAncestors: all.includes(STRANGER),
    faults: random.next() < 0.3 ? 1 + random.below(2) : 0,
    tabs,
  };
}

function generateActions(random: Random, hosts: readonly string[], scopes: readonly string[]): string[] {
  const first = `open ${random.pick(hosts)}`;
  return [first, ...Array.from({ length: 1 + random.below(6) }, () => generateAction(random, hosts, scopes))];
}

function generateAction(random: Random, hosts: readonly string[], scopes: readonly string[]): string {
  const verb = random.pick(WEIGHTED);
  switch (verb) {
    case "open":
    case "follow":
      return `${verb} ${random.pick(hosts)}`;
    case "start":
    case "rotate":
    case "write":
      return `${verb} ${random.pick(scopes)}`;
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
