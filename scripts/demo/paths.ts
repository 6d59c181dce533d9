import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));
export const DEMO = fileURLToPath(new URL("../../demo/", import.meta.url));
