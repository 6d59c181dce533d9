import {
  type Directive,
  type Load,
  type Policy,
  blockingDirective,
  parsePolicies,
  parsePolicy,
} from "./content-security-policy.ts";
import type { Html } from "./read-html.ts";

/** The policies that a page is under. */
export type PagePolicies = {
  /** `index`: the place in the page from where it governs; a header does from the start. */
  readonly enforced: readonly { readonly policy: Policy; readonly index: number }[];
  /** Policies that only report. */
  readonly reportOnly: number;
  /** Of those that come by header: a `<meta>` cannot say it. */
  readonly sandboxes: readonly (readonly string[])[];
};

export function collectPolicies(headers: Headers, html: Html): PagePolicies {
  const fromHeader = parsePolicies(headers.get("Content-Security-Policy"));
  const fromMeta = html.policies.map(({ content, index }) => ({ policy: parsePolicy(content), index }));
  return {
    enforced: [...fromHeader.map((policy) => ({ policy, index: 0 })), ...fromMeta],
    reportOnly: parsePolicies(headers.get("Content-Security-Policy-Report-Only")).length,
    sandboxes: fromHeader.map((policy) => policy.get("sandbox")).filter((flags) => flags !== undefined),
  };
}

/**
 * The first directive that forbids to load this: all policies must allow it.
 *
 * @param index the place of what loads it; policies that come later in the page do not reach back
 */
export function findBlocking(
  { enforced }: PagePolicies,
  load: Load,
  page: URL,
  index = Infinity,
): Directive | undefined {
  const blocking = enforced.map((one) => (one.index < index ? blockingDirective(one.policy, load, page) : undefined));
  return blocking.find((directive) => directive !== undefined);
}
