/** The promises that are checked, and the rules by which each is. README.md says precisely what they mean. */
export const RULES = {
  I1a: "a live chat is removed from a page",
  I1b: "a session that the hub has not seen is replaced on its page",
  I1c: "a session is replaced by one that it was written in the place of",
  I1d: "a session is replaced by one that is older on the hub",
  I1e: "a session is saved over a newer one",
  I1f: "a late clear ends another chat, which is live",
  I2a: "an ended chat comes back to the site where it was ended",
  I2b: "an ended chat is saved over the tombstone",
  I3a: "a call does not answer within its time",
  I3b: "hello brings a page its session, and a call of loadCookie() goes on waiting",
  I3c: "a call is answered by nothing but its time, and nothing was in the way",
  I4a: "a message takes a session out of the tenant",
  I4b: "a page shows a session of another tenant",
  I4c: "a session gets into another cookie",
  I5a: "after another visit, with access, a site and the hub differ",
  I5b: "at rest, with access, an open page and the hub differ",
  I6: "a script throws, or a promise rejects and nobody catches it",
  I7a: "a session is called saved that the hub does not hold",
  I7b: "a load leaves two cookies of the name",
  I7c: "with access, and nothing on the hub, a session is not saved",
  I7d: "with access, a load does not bring the session that the hub holds",
  I7e: "with access, a page is told that there is none",
  I7f: "what a link has brought is not there, however often the page was loaded meanwhile",
  I8: "the scripts do not come to rest",
} as const;

export type Rule = keyof typeof RULES;

export type Violation = { readonly rule: Rule; readonly what: string };

/** @param names of rules, or of groups of them such as `I1` */
export function isAmong(rule: Rule, names: readonly string[]): boolean {
  return names.some((name) => rule.startsWith(name));
}
