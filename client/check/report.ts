import type { CheckConfig } from "../../protocol/check-config.ts";
import { type Finding, VERDICT_WORDS } from "./finding.ts";
import type { Where } from "./where.ts";

/** All of it as plain text, for a ticket or a mail. */
export function writeReport({ tenant, version }: CheckConfig, where: Where, findings: readonly Finding[]): string {
  return [
    `Carryover check, ${new Date().toISOString()}`,
    `hub      ${location.origin}, version ${version}, tenant ${tenant}`,
    `site     ${where.site || "not told"}${where.isEmbedded ? ", embedded" : ", not embedded"}`,
    `browser  ${navigator.userAgent}`,
    "",
    ...findings.map(({ rung, verdict, found, remedy }) =>
      [`${rung}: ${VERDICT_WORDS[verdict]}. ${found}`, ...(remedy === undefined ? [] : [`  → ${remedy}`])].join("\n"),
    ),
  ].join("\n");
}

/** The whole in a sentence. */
export function summarise({ handoff }: CheckConfig, { isEmbedded }: Where, findings: readonly Finding[]): string {
  const isGood = (rung: string) => findings.some((one) => one.rung === rung && one.verdict === "good");
  if (!isEmbedded)
    return "This page is not embedded in a site. To check one of your sites, paste the lines below into its console.";
  if (isGood("Save and load")) return "In this browser the chat follows from and to this site at once.";
  if (handoff && findings.some(({ rung, verdict }) => rung === "Links" && verdict !== "bad")) {
    return "In this browser links between your sites carry the chat. For other ways, such as a typed address, the card asks the visitor.";
  }
  return "In this browser the chat stays on this site until the visitor presses Continue in the card.";
}
