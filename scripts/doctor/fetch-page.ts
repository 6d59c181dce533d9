import { type Result, failure, success } from "../../protocol/result.ts";
import { type Answer, ask } from "./ask.ts";

export type FetchedPage = {
  /** What the last address answered. */
  readonly answer: Answer;
  /** The addresses on the way, without the first. */
  readonly redirects: readonly URL[];
};

const MAX_REDIRECTS = 5;

/** Loads a page as a visitor's browser does. The reason of a failure is a sentence. */
export async function fetchPage(first: URL): Promise<Result<FetchedPage>> {
  const redirects: URL[] = [];
  let url = first;
  for (;;) {
    const asked = await ask(url);
    if (!asked.ok) return asked;
    const answer = asked.value;
    const location = answer.headers.get("Location");
    if (![301, 302, 303, 307, 308].includes(answer.status) || location === null) return success({ answer, redirects });
    if (redirects.length === MAX_REDIRECTS) return failure(`${first.href} redirects more than ${MAX_REDIRECTS} times.`);
    if (!URL.canParse(location, url.href))
      return failure(`${url.href} redirects to ${JSON.stringify(location)}, which is no URL.`);
    url = new URL(location, url);
    if (!/^https?:$/.test(url.protocol))
      return failure(`${first.href} redirects to ${url.href}, which is no web page.`);
    redirects.push(url);
  }
}
