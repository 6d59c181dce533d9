/** `cookie-provider.mjs`: what cookie-provider.d.ts declares. */
export { initCookieProviderExtension } from "./extension/cookie-provider-extension.ts";
export { CookieProvider } from "./provider/cookie-provider.ts";
