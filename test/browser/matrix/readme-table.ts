import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const README = path.join(import.meta.dirname, "../../../README.md");
const BEGIN = "<!-- browser table: written by `UPDATE_README=1 npm test -- matrix` -->\n\n";
const END = "\n<!-- end of browser table -->";

export const COLUMNS = ["link", "load", "save", "clear", "cookieTest", "card", "popup"] as const;
export type Row = Record<(typeof COLUMNS)[number], string>;

export function formatTable(rows: ReadonlyMap<string, Row>): string {
  const lines = [...rows].map(([state, row]) => `| ${[state, ...COLUMNS.map((column) => row[column])].join(" | ")} |`);
  return [`| browser | ${COLUMNS.join(" | ")} |`, `|---${"|---".repeat(COLUMNS.length)}|`, ...lines, ""].join("\n");
}

/** The table that the README shows; written anew first, if `UPDATE_README` is set. */
export function readmeTable(table: string): string {
  const readme = readFileSync(README, "utf8");
  const start = readme.indexOf(BEGIN) + BEGIN.length;
  const end = readme.indexOf(END);
  if (start < BEGIN.length || end < 0) throw new Error(`README.md has no ${BEGIN.trim()} … ${END}`);
  if (process.env["UPDATE_README"]) writeFileSync(README, readme.slice(0, start) + table + readme.slice(end));
  return readFileSync(README, "utf8").slice(start, readFileSync(README, "utf8").indexOf(END));
}
