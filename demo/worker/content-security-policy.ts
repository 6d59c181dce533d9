/**
 * The policy of a shop page, and what the hub needs in it: its script and its frame, and to be asked why it is silent.
 * `style-src 'unsafe-inline'` is deep-chat's wish: it puts its style sheet into its shadow root.
 */
export function contentSecurityPolicy(url: URL, hub: string): string {
  const socket = `${url.protocol === "https:" ? "wss:" : "ws:"}//${url.host}`;
  return [
    "default-src 'none'",
    `script-src 'self' ${hub}`,
    `frame-src ${hub}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    `connect-src 'self' ${socket} ${hub}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}
