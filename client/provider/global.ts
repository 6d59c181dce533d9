/** `cookie-provider.min.js`: the module's exports as globals, for a plain `<script>`. */
import * as exports from "./index.ts";

Object.assign(window, exports);
