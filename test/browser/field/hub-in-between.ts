import { request as httpsRequest } from "node:https";
import type { Answer, SiteRequest, World } from "../harness/index.ts";

/** A redeem that has reached the hub's door. */
export type Held = {
  readonly path: string;
  /** Lets it go on. */
  readonly release: () => void;
};

export type HubInBetween = {
  /** Resolves with the next redeem, which is held up: before the hub hears of it, or before its answer gets out. */
  holdNextRedeem(before: "hub" | "answer"): Promise<Held>;
  /** Paths of all redeems so far, in their order. */
  readonly redeems: readonly string[];
};

/** Puts itself between the browsers and the hub, so that a test decides what happens while a redeem is under way. */
export function standInBetween(world: World): HubInBetween {
  const redeems: string[] = [];
  let holding: { readonly before: "hub" | "answer"; readonly tell: (held: Held) => void } | undefined;

  world.sites.serve("hub.test", "/*", async (request) => {
    const { pathname } = request.url;
    if (request.method !== "POST" || !isRedeem(request)) return forward(world.hub.port, request);
    redeems.push(pathname);
    const hold = holding;
    holding = undefined;
    const answer = hold?.before === "hub" ? undefined : await forward(world.hub.port, request);
    await new Promise<void>((release) => (hold ? hold.tell({ path: pathname, release }) : release()));
    return answer ?? forward(world.hub.port, request);
  });
  world.proxy.route("hub.test", { to: "port", port: world.sites.port });

  return {
    redeems,
    holdNextRedeem: (before) => new Promise((tell) => (holding = { before, tell })),
  };
}

/** A page's own, its iframe's, or one that asks for the session along with it. */
function isRedeem({ url: { pathname }, body }: SiteRequest): boolean {
  return pathname.endsWith("/redeem") || (pathname.includes("/session/") && body.includes('"codes"'));
}

function forward(port: number, { method, url, headers, body }: SiteRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = httpsRequest(
      { host: "127.0.0.1", port, method, path: url.pathname + url.search, headers, rejectUnauthorized: false },
      (incoming) => {
        const parts: Buffer[] = [];
        incoming.on("data", (part: Buffer) => parts.push(part));
        incoming.on("error", reject);
        incoming.on("end", () => {
          const { connection: _, "transfer-encoding": __, ...kept } = incoming.headers;
          resolve({
            status: incoming.statusCode ?? 502,
            headers: kept as Record<string, string | string[]>,
            body: Buffer.concat(parts),
          });
        });
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}
