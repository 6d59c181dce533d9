/** Reads one cookie of the hub as `document.cookie` shows it. */
export function readCookie(name: string): string | undefined {
  const prefix = `${name}=`;
  return document.cookie
    .split("; ")
    .find((cookie) => cookie.startsWith(prefix))
    ?.slice(prefix.length);
}

/** Writes a cookie that frames on other sites can read. */
export function writeCookie(name: string, value: string, maxAgeSeconds: number): void {
  document.cookie = `${name}=${value}; Secure; Path=/; SameSite=None; Max-Age=${maxAgeSeconds}`;
}

/** Whether a cookie can be written and read back, in whatever jar this frame has been given. */
export function probeCookies(prefix: string): boolean {
  const name = `${prefix}~probe`;
  const value = Math.random().toString(36).slice(2);
  try {
    writeCookie(name, value, 60);
    const readBack = readCookie(name) === value;
    writeCookie(name, "", 0);
    return readBack;
  } catch {
    return false; // A sandboxed frame has no cookies, and throws.
  }
}
