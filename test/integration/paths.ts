import { fileURLToPath } from "node:url";

export const WRANGLER_CONFIG = fileURLToPath(new URL("../../wrangler.toml", import.meta.url));
