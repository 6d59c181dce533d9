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
  "a chat is ended while the page itself asks": {
    ...CALM,
    tabs: [["open shop-b.test", "write domain", "reload", "end", "reload"]],
  },
  "a chat begins while the page itself asks": {
    ...CALM,
    tabs: [["open shop-c.test", "start domain", "open shop-b.test", "write domain", "load"]],
  },
  "two tabs of one site": {
    ...CALM,
    tabs: [
      ["open shop-b.test", "start domain", "end"],
      ["open shop-b.test", "rotate domain"],
    ],
  },
  "two chats before the frame is there, of which another tab ends the last": {
    ...CALM,
    tabs: [
      ["open help.shop-a.test", "start", "end", "start", "rotate"],
      ["open help.shop-a.test", "end"],
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
  "a page that is loaded again while its link's code is redeemed": {
    ...CALM,
    engine: "chromium-blocked",
    tabs: [["open www.shop-a.test", "start domain", "follow shop-b.test", "reload"]],
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
  "a page that removes the frame": { ...CALM, tabs: [["open shop-b.test", "remove frames", "start domain", "reload"]] },
  "a slow cookie store": {
    ...CALM,
    engine: "webkit-late",
    tabs: [["open shop-b.test", "start domain", "open shop-c.test", "rotate domain"]],
  },
  "a frame with a session reloads itself": {
    ...CALM,
    engine: "webkit-allowed",
    tabs: [["open shop-b.test", "start domain", "reload frame", "rotate domain"]],
  },
  "an end that the hub does not hear of, and a second subdomain": {
    ...CALM,
    tabs: [["open www.shop-a.test", "start domain", "kv down", "end", "kv up", "open help.shop-a.test"]],
  },
  "two calls at once": {
    ...CALM,
    loadsTwice: true,
    tabs: [["open shop-b.test", "start domain", "open shop-c.test"]],
  },
  "a slow cookie store, and nothing on the hub": {
    ...CALM,
    engine: "webkit-late-granted",
    tabs: [["open shop-b.test", "start domain", "open shop-c.test"]],
  },
  "two tabs of one chat": {
    ...CALM,
    tabs: [
      ["open shop-b.test", "start domain"],
      ["open shop-b.test", "rotate domain"],
    ],
  },
  "a link over a chat that nobody else has seen": {
    ...CALM,
    engine: "chromium-blocked",
    tabs: [["open shop-c.test", "start domain", "open www.shop-a.test", "start domain", "follow shop-c.test"]],
  },
  "a link with a session that was left behind": {
    ...CALM,
    engine: "chromium-blocked",
    tabs: [
      [
        "open www.shop-a.test",
        "start domain",
        "follow shop-b.test",
        "rotate domain",
        "follow shop-c.test",
        "open www.shop-a.test",
        "follow shop-b.test",
      ],
    ],
  },
  "a chat that the hub has not seen, and another on the hub": {
    ...CALM,
    tabs: [["open shop-c.test", "write domain", "open shop-b.test", "start domain", "open shop-c.test"]],
  },
  "a chat that has gone on and has ended, where only a link has brought it": {
    ...CALM,
    engine: "chromium-blocked",
    tabs: [
      [
        "open www.shop-a.test",
        "grant",
        "start domain",
        "follow shop-b.test",
        "open www.shop-a.test",
        "grant",
        "rotate domain",
        "open shop-c.test",
        "grant",
        "rotate domain",
        "end",
        "open shop-b.test",
        "grant",
        "open shop-c.test",
        "grant",
      ],
    ],
  },
  "a link brings a chat that was ended where it leads": {
    ...CALM,
    engine: "chromium-blocked",
    tabs: [["open shop-b.test", "start domain", "follow shop-c.test", "end", "open shop-b.test", "follow shop-c.test"]],
  },
  "a chat is ended while it is saved": { ...CALM, tabs: [["open shop-b.test", "start domain", "end"]] },
  "a request that takes long": {
    ...CALM,
    tabs: [["open shop-b.test", "start domain", "reload", "rotate domain"]],
  },
  "a chat that a link has brought goes on there, and ends elsewhere": {
    ...CALM,
    engine: "chromium-blocked",
    tabs: [
      [
        "open www.shop-a.test",
        "start domain",
        "follow shop-b.test",
        "grant",
        "rotate domain",
        "open shop-c.test",
        "grant",
        "end",
        "open www.shop-a.test",
        "grant",
        "open shop-c.test",
        "grant",
      ],
    ],
  },
  "a link to a page with two cookies": {
    ...CALM,
    engine: "chromium-blocked",
    hasSecondCookie: true,
    tabs: [["open www.shop-a.test", "start domain", "follow shop-b.test"]],
  },
  "a partitioned cookie": {
    ...CALM,
    engine: "firefox-partitioned",
    tabs: [["open shop-b.test", "start domain", "reload"]],
  },
  "a session in two scopes": {
    ...CALM,
    tabs: [["open www.shop-a.test", "start domain", "rotate host", "load", "rotate page", "reload"]],
  },
  "a save that the hub misses": {
    ...CALM,
    tabs: [["open shop-b.test", "kv down", "start domain", "kv up", "reload"]],
  },
  "a chat is ended in another tab": {
    ...CALM,
    tabs: [
      ["open shop-b.test", "start domain", "open shop-b.test"],
      ["open shop-c.test", "end"],
    ],
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

export type ScenarioName = keyof typeof SCENARIOS;
