/** `cookie-provider.min.js`: the module's exports as globals, for a plain `<script>`. */
import { CookieProvider, initCookieProviderExtension } from "./index.ts";

Object.assign(window, { CookieProvider, initCookieProviderExtension });
