import { styleText, stripVTControlCharacters } from "node:util";
import type { Finding, Level, Section } from "./finding.ts";
import { VERSION } from "./version.ts";

export type Totals = Readonly<Record<Level, number>>;

const MARKS = { ok: "✓ ok", warning: "! warning", problem: "✗ problem" } as const;
const COLOURS = { ok: "green", warning: "yellow", problem: "red" } as const;
const NAMES = { hub: "Hub", tenant: "Tenant", page: "Page", pages: "Pages" } as const;

/** Servers choose what is quoted here, such as their policies. */
const MAX_LENGTH = 500;

const MARK_WIDTH = 11;

export function countLevels(sections: readonly Section[]): Totals {
  const totals = { ok: 0, warning: 0, problem: 0 };
  for (const { level } of sections.flatMap(({ findings }) => findings)) totals[level]++;
  return totals;
}

/** The report for people. Colour only repeats what the words say. */
export function formatText(sections: readonly Section[], isColoured: boolean): string {
  const parts = sections.map(({ about, subject, findings }) =>
    [`${NAMES[about]} ${clean(subject)}`, ...findings.map((finding) => formatFinding(finding, isColoured))].join("\n"),
  );
  return [...parts, formatTotals(countLevels(sections))].join("\n\n");
}

/** The report for programs. */
export function formatJson(sections: readonly Section[]): string {
  return JSON.stringify({ version: VERSION, sections, totals: countLevels(sections) }, null, 2);
}

function formatFinding({ level, title, advice }: Finding, isColoured: boolean): string {
  const padded = MARKS[level].padEnd(MARK_WIDTH);
  const mark = isColoured ? styleText(COLOURS[level], padded, { validateStream: false }) : padded;
  const lines = [`  ${mark}${clean(title)}`];
  if (advice !== undefined) lines.push(`${" ".repeat(MARK_WIDTH + 2)}→ ${clean(advice)}`);
  return lines.join("\n");
}

function formatTotals({ ok, warning, problem }: Totals): string {
  return `${ok} ok, ${count(warning, "warning")}, ${count(problem, "problem")}`;
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** One line that does nothing to a terminal. */
function clean(text: string): string {
  const line = stripVTControlCharacters(text).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ");
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH)}…` : line;
}
