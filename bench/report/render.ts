import type { Section, Table } from "./section.ts";

/** Markdown that can be read in a terminal as well: the columns are aligned. */
export function renderSection({ title, notes, tables }: Section): string {
  return [`## ${title}`, ...tables.map(renderTable), notes.map((note) => `- ${note}`).join("\n")].join("\n\n");
}

export function renderTable({ columns, rows }: Table): string {
  const lines = [columns, columns.map(() => ""), ...rows];
  const widths = columns.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line, index) => {
      const cells = widths.map((width, column) => {
        if (index === 1) return column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`;
        const cell = line[column] ?? "";
        return column === 0 ? cell.padEnd(width) : cell.padStart(width);
      });
      return `| ${cells.join(" | ")} |`;
    })
    .join("\n");
}
