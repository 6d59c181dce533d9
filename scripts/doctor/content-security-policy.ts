import { type ScriptRequest, allowsScript, matchesSourceList } from "./source-list.ts";

/**
 * One policy: its directives by lower-case name. Of a directive that is repeated the first counts, as in browsers.
 *
 * @see https://www.w3.org/TR/CSP3/#parse-serialized-policy
 */
export type Policy = ReadonlyMap<string, readonly string[]>;

/** The directive that decides, and its sources. */
export type Directive = { readonly name: string; readonly sources: readonly string[] };

/** What a page wants to load. */
export type Load =
  | { readonly kind: "script"; readonly url: URL; readonly script: ScriptRequest }
  | { readonly kind: "frame" | "connect"; readonly url: URL };

/** Who decides, and who does in its absence. */
const CHAINS = {
  script: ["script-src-elem", "script-src", "default-src"],
  frame: ["frame-src", "child-src", "default-src"],
  connect: ["connect-src", "default-src"],
} as const;

export function parsePolicy(text: string): Policy {
  const directives = new Map<string, readonly string[]>();
  for (const part of text.split(";")) {
    const [name = "", ...values] = part.split(/[\t\n\f\r ]+/).filter(Boolean);
    const key = name.toLowerCase();
    if (key && !directives.has(key)) directives.set(key, values);
  }
  return directives;
}

/** The policies of a header, which commas part: a server that sends several, or a proxy that adds one. */
export function parsePolicies(header: string | null): Policy[] {
  return (header ?? "")
    .split(",")
    .map(parsePolicy)
    .filter(({ size }) => size > 0);
}

/** The directive of the policy that forbids to load this on a page of that origin, if one does. */
export function blockingDirective(policy: Policy, load: Load, page: URL): Directive | undefined {
  const name = CHAINS[load.kind].find((name) => policy.has(name));
  const sources = name === undefined ? undefined : policy.get(name);
  if (name === undefined || sources === undefined) return undefined;
  const isAllowed =
    load.kind === "script"
      ? allowsScript(sources, load.url, page, load.script)
      : matchesSourceList(sources, load.url, page);
  return isAllowed ? undefined : { name, sources };
}
