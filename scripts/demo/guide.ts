import { type DemoUrls, TENANT } from "./urls.ts";

/** What the reader sees once everything runs. */
export function guide({ hub, shopA, shopB }: DemoUrls): string {
  return `
  Carryover is running, on three sites that share nothing:

    shop A   ${shopA}
    shop B   ${shopB}
    hub      ${hub}

  Try this
    1. Open shop A in Chrome, Edge or Firefox, and ask about a kettle.
    2. Follow the link to shop B: the chat is there, on an unrelated domain.
    3. Open both side by side: what you write in one shows up in the other.
    4. Press "End chat": the transcript and both shops' cookies are gone.
    5. Block third-party cookies in the browser and begin anew: a card at the bottom left
       asks whether the chat may come along. Continue, and the button after it, if any.
    6. Stop trusting shop B, wait two minutes, and reload it:
       npx wrangler kv key put --local --binding TENANTS ${TENANT} '["${shopA}"]'

  The strip on top of each shop says what the hub reports. If the browser keeps the
  shops apart, it also says what to do about it.

  Ctrl-C stops everything.
`;
}
