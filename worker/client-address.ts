/**
 * What a client is counted by: its IPv4 address, or the /64 of its IPv6 address, of which every household has 2^64.
 *
 * @see https://developers.cloudflare.com/fundamentals/reference/http-headers/#cf-connecting-ip
 */
export function clientAddress(connectingIp: string | undefined): string {
  // Cloudflare sets it on every request; without it there is no telling clients apart.
  if (connectingIp === undefined) return "unknown";
  if (!connectingIp.includes(":")) return connectingIp;
  const [head = "", tail] = connectingIp.split("::");
  const before = head ? head.split(":") : [];
  const after = tail ? tail.split(":") : [];
  // Cloudflare sends no address with too many groups; one would throw here otherwise, and go uncounted.
  const zeros = Array<string>(Math.max(0, 8 - before.length - after.length)).fill("0");
  const groups = tail === undefined ? before : [...before, ...zeros, ...after];
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":");
}
