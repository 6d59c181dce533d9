/** `cookie-provider.mjs`. */
export { CookieProvider } from "./cookie-provider.ts";
