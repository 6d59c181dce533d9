import { describe, expect, test } from "vitest";
import { chooseSession, digestOf } from "../../client/iframe/choose-session.ts";
import type { HubCookie } from "../../protocol/hub-cookie.ts";
import type { PageState } from "../../protocol/messages.ts";

const OLD = await digestOf("old");
const NEW = await digestOf("new");
const nothing: PageState = { session: null, lastDigest: null, ended: false };
const tombstone: HubCookie = { kind: "ended", atSeconds: 1_700_000_000 };

function session(value: string): HubCookie {
  return { kind: "session", value };
}

describe("which session wins", () => {
  test.each<[string, PageState, HubCookie | undefined, Awaited<ReturnType<typeof chooseSession>>]>([
    ["nothing anywhere", nothing, undefined, { session: null, digest: null, owed: null }],
    ["the hub's, where the page has none", nothing, session("new"), { session: "new", digest: NEW, owed: null }],
    [
      "the hub's, over one that the hub has seen",
      { session: "old", lastDigest: OLD, ended: false },
      session("new"),
      { session: "new", digest: NEW, owed: null },
    ],
    [
      "the page's live chat, over the hub's",
      { session: "new", lastDigest: OLD, ended: false },
      session("old"),
      { session: "new", digest: OLD, owed: "save" },
    ],
    [
      "the page's live chat, where nothing was ever exchanged",
      { session: "new", lastDigest: null, ended: false },
      session("old"),
      { session: "new", digest: null, owed: "save" },
    ],
    [
      "the page's live chat, over a tombstone",
      { session: "new", lastDigest: OLD, ended: false },
      tombstone,
      { session: "new", digest: OLD, owed: "save" },
    ],
    [
      "both, being one",
      { session: "new", lastDigest: null, ended: false },
      session("new"),
      { session: "new", digest: NEW, owed: null },
    ],
    [
      "a tombstone, over what the hub has seen",
      { session: "old", lastDigest: OLD, ended: false },
      tombstone,
      { session: null, digest: null, owed: null },
    ],
    [
      "the page's, where the hub has nothing",
      { session: "old", lastDigest: OLD, ended: false },
      undefined,
      { session: "old", digest: OLD, owed: null },
    ],
    [
      "nobody, where the page ended the chat that the hub still has",
      { session: null, lastDigest: OLD, ended: true },
      session("old"),
      { session: null, digest: OLD, owed: "clear" },
    ],
    [
      "the hub's newer chat, although the page ended an older one",
      { session: null, lastDigest: OLD, ended: true },
      session("new"),
      { session: "new", digest: NEW, owed: null },
    ],
    [
      "the page's new chat, begun after the old one was ended unheard",
      { session: "new", lastDigest: OLD, ended: true },
      session("old"),
      { session: "new", digest: OLD, owed: "save" },
    ],
    [
      "the word of an end, kept until the hub can hear it",
      { session: null, lastDigest: OLD, ended: true },
      undefined,
      { session: null, digest: OLD, owed: null },
    ],
  ])("%s", async (_, page, hub, choice) => {
    expect(await chooseSession(page, hub)).toEqual(choice);
  });
});
