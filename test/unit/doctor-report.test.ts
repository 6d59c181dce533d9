import { describe, expect, test } from "vitest";
import { formatText } from "../../scripts/doctor/report.ts";

describe("the report", () => {
  const sections = [
    {
      about: "hub",
      subject: "https://chat-hub.example",
      findings: [{ level: "problem", title: "A\u001b[2J\nB", advice: "C" }],
    },
  ] as const;

  test("says everything without colour, on a line each, and nothing that a server wrote moves the cursor", () => {
    expect(formatText(sections, false).split("\n")).toEqual([
      "Hub https://chat-hub.example",
      "  ✗ problem  A B",
      "             → C",
      "",
      "0 ok, 0 warnings, 1 problem",
    ]);
  });

  test("has colour where it is asked for", () => {
    expect(formatText(sections, true)).toContain("\u001b[31m✗ problem");
  });
});
