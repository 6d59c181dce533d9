import type { Mutant } from "./mutant.ts";

export const MUTANTS: readonly Mutant[] = [
  {
    name: "the frame serves whoever embeds it",
    breaks: "I4",
    file: "client/iframe/serve-page.ts",
    find: "if (!isTrustedOrigin(origin, trustedOrigins)) {",
    replace: "if (origin === null) {",
  },
  {
    name: "a call waits for the hub for ever",
    breaks: "I3",
    file: "client/provider/hub-connection.ts",
    find: /resolve\(\);\n\s*\}, timeoutMs\);/,
    replace: "}, timeoutMs);",
  },
  {
    name: "a save is believed that was not read back",
    breaks: "I7",
    file: "client/iframe/answer-page.ts",
    find: "if (!says(decodeHubCookie(known), session)) {",
    replace: "if (id < 0) {",
  },
];
