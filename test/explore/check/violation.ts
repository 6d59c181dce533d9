/** The promises that are checked; README.md says precisely what each means. */
export const INVARIANTS = {
  I1: "a live chat is never lost, nor overwritten by an older one",
  I2: "an ended chat never comes back",
  I3: "every call answers within its time",
  I4: "nobody outside the tenant sees a session",
  I5: "at rest, with access, all sites agree with the hub",
  I6: "no script throws, and no promise rejects unhandled",
  I7: "saved means that the hub holds it, and a load leaves one cookie",
  I8: "the scripts come to rest",
} as const;

export type Invariant = keyof typeof INVARIANTS;

export type Violation = { readonly invariant: Invariant; readonly what: string };
