/**
 * A fragment and the handoff codes in front of it; the form is described in handoff.ts. The codes are joined by dots, `""` with none; the
 * hash is the fragment as it was without them: `""`, or beginning with `#`.
 */
export type Fragment = readonly [codes: string, hash: string];

/** Takes the codes off, the first of them, and any that stand behind. Whatever follows is left as it is, to the letter. */
export function takeCodes(hash: string): Fragment {
  const [, codes = "", rest] = /^#carryover=([\w.-]*)&?(?:carryover=[\w.-]*&?)*(.*)/.exec(hash) ?? [];
  return [codes, rest === undefined ? hash : rest && `#${rest}`];
}

/** Puts codes in front, in place of any that are there. */
export function putCodes(hash: string, codes: string): string {
  const rest = takeCodes(hash)[1].slice(1);
  return codes ? `#carryover=${codes}${rest && `&${rest}`}` : rest && `#${rest}`;
}
