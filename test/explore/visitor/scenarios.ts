/** Worlds worth trying in every order: each is a short story in which somebody could lose a chat, or meet an ended one again. */
import type { Spec } from "./spec.ts";

const CALM = { engine: "chromium-allowed", trust: "wildcard", faults: 0 } as const;

export const SCENARIOS = {
  "a chat is carried on": {
    ...CALM,
    tabs: [["open www.shop-a.test", "start domain", "open shop-b.test", "rotate domain"]],
  },
  "a chat is ended on another site": {
    ...CALM,
    tabs: [["open www.shop-a.test", "start domain", "open shop-b.test", "end", "open www.shop-a.test"]],
  },
  "a chat is ended as soon as it has begun": { ...CALM, tabs: [["open shop-b.test", "start domain", "end", "reload"]] },
  "two tabs of one site": {
    ...CALM,
    tabs: [
      ["open shop-b.test", "start domain", "end"],
      ["open shop-b.test", "rotate domain"],
    ],
  },
  "two sites at once": {
    ...CALM,
    tabs: [
      ["open shop-b.test", "start domain", "rotate domain"],
      ["open shop-c.test", "start domain", "end"],
    ],
  },
  "a second subdomain": {
    ...CALM,
    tabs: [["open www.shop-a.test", "start domain", "open shop-b.test", "rotate domain", "open help.shop-a.test"]],
  },
  "a second subdomain after the end": {
    ...CALM,
    tabs: [["open www.shop-a.test", "start domain", "open shop-b.test", "end", "open help.shop-a.test"]],
  },
  "the storage of a site is lost": {
    ...CALM,
    tabs: [
      [
        "open shop-c.test",
        "start domain",
        "open shop-b.test",
        "rotate domain",
        "wipe storage shop-c.test",
        "open shop-c.test",
      ],
    ],
  },
  "a page writes its cookie in its own way": {
    ...CALM,
    tabs: [["open www.shop-a.test", "start domain", "open shop-b.test", "rotate host", "reload"]],
  },
  "a link to a site that blocks cookies": {
    ...CALM,
    engine: "chromium-blocked",
    tabs: [["open www.shop-a.test", "start domain", "follow shop-b.test", "rotate domain", "follow www.shop-a.test"]],
  },
  "a chat that came by a link is ended": {
    ...CALM,
    tabs: [["open www.shop-a.test", "start domain", "follow shop-b.test", "end", "reload"]],
  },
  "a chat that came by a link is ended, and then access is granted": {
    ...CALM,
    engine: "chromium-blocked",
    tabs: [["open www.shop-a.test", "grant", "start domain", "follow shop-b.test", "end", "grant", "load"]],
  },
  "a link that is older than the chat where it leads": {
    ...CALM,
    engine: "webkit-allowed",
    tabs: [
      ["open shop-b.test", "start domain", "follow shop-c.test"],
      ["open shop-c.test", "start domain"],
    ],
  },
  "a link that is followed twice": {
    ...CALM,
    tabs: [["open shop-b.test", "start domain", "follow shop-c.test", "end", "open shop-b.test", "follow shop-c.test"]],
  },
  "a lost answer": {
    ...CALM,
    faults: 1,
    tabs: [["open shop-b.test", "start domain", "open shop-c.test", "rotate domain", "open shop-b.test"]],
  },
  "an end that gets lost": { ...CALM, faults: 1, tabs: [["open shop-b.test", "start domain", "end", "reload"]] },
  "the hub is down for a while": {
    ...CALM,
    tabs: [["open shop-b.test", "start domain", "kv down", "end", "reload", "kv up", "reload"]],
  },
  "access that was granted earlier": {
    ...CALM,
    engine: "chromium-granted",
    tabs: [["open shop-b.test", "start domain", "open shop-c.test", "end", "open shop-b.test"]],
  },
  "a frame that reloads itself": {
    ...CALM,
    tabs: [["open shop-b.test", "start domain", "reload frame", "rotate domain"]],
  },
  "access that is granted on the page": {
    ...CALM,
    engine: "chromium-blocked",
    tabs: [
      ["open shop-b.test", "grant", "start domain"],
      ["open shop-c.test", "wait 1", "grant"],
    ],
  },
  "a page that replaces its body": { ...CALM, tabs: [["open shop-b.test", "replace body", "start domain", "reload"]] },
  "a slow cookie store": {
    ...CALM,
    engine: "webkit-late",
    tabs: [["open shop-b.test", "start domain", "open shop-c.test", "rotate domain"]],
  },
  "a stranger": {
    ...CALM,
    ignoresFrameAncestors: true,
    tabs: [
      ["open shop-b.test", "start domain"],
      ["open evil.test", "start domain", "reload", "end"],
    ],
  },
} as const satisfies Record<string, Spec>;
