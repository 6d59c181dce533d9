import { describe, expect, test, vi } from "vitest";
import { chooseSession, takeHanded } from "../../client/iframe/choose-session.ts";
import { digestOf } from "../../client/iframe/page-memory.ts";
import type { HubCookie } from "../../protocol/hub-cookie.ts";
import type { PageState } from "../../protocol/messages.ts";

const OLD = await digestOf("old");
const NEW = await digestOf("new");
const nothing: PageState = { session: "", memory: "" };
const tombstone: HubCookie = { kind: "ended", atSeconds: 1_700_000_000 };

function session(value: string): HubCookie {
  return { kind: "session", value };
}

describe("which session wins", () => {
  test.each<[string, PageState, HubCookie | undefined, Awaited<ReturnType<typeof chooseSession>>]>([
    ["nothing anywhere", nothing, undefined, { session: "", memory: "", owed: "" }],
    ["the hub's, where the page has none", nothing, session("new"), { session: "new", memory: NEW, owed: "" }],
    [
      "the hub's, over one that the hub has seen",
      { session: "old", memory: OLD },
      session("new"),
      { session: "new", memory: NEW, owed: "" },
    ],
    [
      "the page's live chat, over the hub's",
      { session: "new", memory: OLD },
      session("old"),
      { session: "new", memory: OLD, owed: "save" },
    ],
    [
      "the page's live chat, where nothing was ever exchanged",
      { session: "new", memory: "" },
      session("old"),
      { session: "new", memory: "", owed: "save" },
    ],
    [
      "the page's live chat, over a tombstone",
      { session: "new", memory: OLD },
      tombstone,
      { session: "new", memory: OLD, owed: "save" },
    ],
    ["both, being one", { session: "new", memory: "" }, session("new"), { session: "new", memory: NEW, owed: "" }],
    [
      "a tombstone, over what the hub has seen",
      { session: "old", memory: OLD },
      tombstone,
      { session: "", memory: "-", owed: "" },
    ],
    [
      "the page's, where the hub has nothing",
      { session: "old", memory: OLD },
      undefined,
      { session: "old", memory: OLD, owed: "" },
    ],
    [
      "nobody, where the page ended the chat that the hub still has",
      { session: "", memory: `-${OLD}` },
      session("old"),
      { session: "", memory: `-${OLD}`, owed: "clear" },
    ],
    [
      "nobody, where the page ended a chat that a link had brought, and the hub has it",
      { session: "", memory: `-~${OLD}` },
      session("old"),
      { session: "", memory: `-~${OLD}`, owed: "clear" },
    ],
    [
      "the hub's newer chat, although the page ended an older one",
      { session: "", memory: `-${OLD}` },
      session("new"),
      { session: "new", memory: NEW, owed: "" },
    ],
    [
      "the page's new chat, begun after the old one was ended unheard",
      { session: "new", memory: `-${OLD}` },
      session("old"),
      { session: "new", memory: `-${OLD}`, owed: "save" },
    ],
    [
      "the word of an end, kept until the hub can hear it",
      { session: "", memory: `-${OLD}` },
      undefined,
      { session: "", memory: `-${OLD}`, owed: "" },
    ],
  ])("%s", async (_, page, hub, choice) => {
    expect(await chooseSession(page, hub)).toEqual(choice);
  });
});

describe("a session that a link brought", () => {
  const brought = () => Promise.resolve("new");

  test.each<[string, PageState, PageState]>([
    ["is taken where the page has none", nothing, { session: "new", memory: `~${NEW}` }],
    [
      "is taken over one that the hub cookie has had",
      { session: "old", memory: OLD },
      { session: "new", memory: `${OLD}~${NEW}` },
    ],
    [
      "is taken over one that came or went by a link before",
      { session: "old", memory: `x~${OLD}` },
      { session: "new", memory: `x~${NEW}` },
    ],
    [
      "is taken where an older chat was ended",
      { session: "", memory: `-${OLD}` },
      { session: "new", memory: `${OLD}~${NEW}` },
    ],
    [
      "does not bring back its chat, if that was ended here",
      { session: "", memory: `-x~${NEW}` },
      { session: "", memory: `-x~${NEW}` },
    ],
  ])("%s", async (_, page, taken) => {
    expect(await takeHanded(page, brought)).toEqual(taken);
  });

  test("is not even asked for over a live chat that the hub has never seen", async () => {
    const page = { session: "live", memory: `${OLD}~${NEW}` };
    const redeem = vi.fn(brought);
    expect(await takeHanded(page, redeem)).toEqual(page);
    expect(redeem).not.toHaveBeenCalled();
  });

  test("that cannot be had changes nothing", async () => {
    const page = { session: "old", memory: OLD };
    expect(await takeHanded(page, () => Promise.resolve(""))).toEqual(page);
  });

  test("is saved on the hub at the next chance, and wins over an older one there until then", async () => {
    const taken = await takeHanded({ session: "old", memory: OLD }, brought);
    expect(await chooseSession(taken, session("old"))).toEqual({ ...taken, owed: "save" });
    expect(await chooseSession(taken, undefined)).toEqual({ ...taken, owed: "save" });
  });
});
