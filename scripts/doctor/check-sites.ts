import { type Section, ok, warning } from "./finding.ts";
import { siteOf } from "./site.ts";

/** Whether the pages need a hub at all: within one site one cookie would do. */
export function checkSites(pages: readonly URL[]): Section | undefined {
  if (pages.length < 2) return undefined;
  const origins = new Set(pages.map(({ origin }) => origin));
  const sites = new Set(pages.map(siteOf));
  const subject = [...origins].join(", ");
  if (sites.size > 1) return { about: "pages", subject, findings: [ok(`The pages are on ${sites.size} sites.`)] };
  const title =
    origins.size > 1
      ? "The pages are on one site: a cookie of their common domain would do without a hub."
      : "The pages are on one origin: one cookie does without a hub.";
  return { about: "pages", subject, findings: [warning(title, "Give a page of another domain, too.")] };
}
