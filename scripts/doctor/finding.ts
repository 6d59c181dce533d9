export type Level = "ok" | "warning" | "problem";

/** One thing that was looked at. */
export type Finding = {
  readonly level: Level;
  readonly title: string;
  /** What to do; none where all is well. */
  readonly advice?: string;
};

/** What was found out about the hub, the tenant, a page, or the pages together. */
export type Section = {
  readonly about: "hub" | "tenant" | "page" | "pages";
  /** Which one. */
  readonly subject: string;
  readonly findings: readonly Finding[];
};

export function ok(title: string): Finding {
  return { level: "ok", title };
}

/** Something works less well than it could, or could not be seen from here. */
export function warning(title: string, advice: string): Finding {
  return { level: "warning", title, advice };
}

/** Something does not work. */
export function problem(title: string, advice: string): Finding {
  return { level: "problem", title, advice };
}
