import { matchesSourceList } from "./source-list.ts";

/** The last one counts, as in every structured header that is a dictionary. */
const STORAGE_ACCESS = /(?:^|,)\s*storage-access\s*=\s*(\([^)]*\)|"[^"]*"|[^\s,;]+)/g;

/**
 * Whether a `Permissions-Policy` header leaves `storage-access` to the hub's frames.
 *
 * @see https://www.w3.org/TR/permissions-policy/#permissions-policy-http-header-field
 */
export function allowsStorageAccess(header: string | null, hub: URL, page: URL): boolean {
  const value = [...(header ?? "").matchAll(STORAGE_ACCESS)].at(-1)?.[1];
  if (value === undefined) return true;
  const members = value.replace(/^\(|\)$/g, "").split(/\s+/);
  const origins = members.filter((member) => /^".*"$/.test(member)).map((member) => member.slice(1, -1));
  return members.includes("*") || matchesSourceList(origins, hub, page);
}
