import * as v from "valibot";
import { ask } from "./ask.ts";
import { type Finding, ok, problem, warning } from "./finding.ts";
import { matchesIntegrity } from "./integrity.ts";
import { parseJson } from "./parse-json.ts";

const manifest = v.object({
  files: v.pipe(
    v.array(v.object({ file: v.pipe(v.string(), v.regex(/^[\w.-]+$/)), integrity: v.string() })),
    v.minLength(1),
    v.maxLength(100),
  ),
});

/** `cookie-provider.min.js` moves with each deploy: longer, and pages keep the old one. */
const MAX_MOVING_AGE_SECONDS = 3600;

const DEPLOY_AGAIN = "Deploy the hub again; do not let anything between it and the internet change files.";

/** Whether pages get the script, and every file of the release is what its manifest says. */
export async function checkHubFiles(hub: URL, version: string): Promise<Finding[]> {
  return (await Promise.all([checkScript(hub), checkRelease(hub, version)])).flat();
}

async function checkScript(hub: URL): Promise<Finding[]> {
  const url = new URL("/cookie-provider.min.js", hub);
  const asked = await ask(url);
  if (!asked.ok) return [problem(asked.reason, DEPLOY_AGAIN)];
  const { status, headers } = asked.value;
  if (status !== 200) return [problem(`${url.href} answers ${status}.`, DEPLOY_AGAIN)];

  const findings: Finding[] = [];
  const headersAdvice =
    "The hub sends this from client/_headers: deploy it again, and look what changes headers on the way.";
  const wanted = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
  };
  for (const [name, value] of Object.entries(wanted)) {
    if (headers.get(name)?.toLowerCase() !== value) {
      findings.push(problem(`cookie-provider.min.js comes without ${name}: ${value}.`, headersAdvice));
    }
  }
  const age = /(?:^|,)\s*max-age=(\d+)/i.exec(headers.get("Cache-Control") ?? "")?.[1];
  if (age === undefined || Number(age) > MAX_MOVING_AGE_SECONDS) {
    const said = headers.get("Cache-Control") ?? "no Cache-Control";
    findings.push(
      warning(`cookie-provider.min.js is cached by “${said}”: pages may keep an old one for long.`, headersAdvice),
    );
  }
  return findings.length > 0 ? findings : [ok("cookie-provider.min.js can be used on every page.")];
}

async function checkRelease(hub: URL, version: string): Promise<Finding[]> {
  const url = new URL(`/v/${version}/manifest.json`, hub);
  const asked = await ask(url);
  if (!asked.ok) return [problem(asked.reason, DEPLOY_AGAIN)];
  const parsed = v.safeParse(manifest, parseJson(asked.value.body.toString()));
  if (asked.value.status !== 200 || !parsed.success) {
    return [problem(`${url.href} answers ${asked.value.status}, and no manifest.`, DEPLOY_AGAIN)];
  }
  const { files } = parsed.output;
  const problems = await Promise.all(files.map(({ file, integrity }) => checkFile(new URL(file, url), integrity)));
  const found = problems.filter((one) => one !== undefined);
  return found.length > 0 ? found : [ok(`All ${files.length} files of ${version} are as the manifest says.`)];
}

async function checkFile(url: URL, integrity: string): Promise<Finding | undefined> {
  const asked = await ask(url);
  if (!asked.ok) return problem(asked.reason, DEPLOY_AGAIN);
  const { status, body } = asked.value;
  if (status !== 200) return problem(`${url.href} answers ${status}.`, DEPLOY_AGAIN);
  if (matchesIntegrity(integrity, body)) return undefined;
  return problem(`${url.href} is not the file of the manifest: pages that pin it refuse it.`, DEPLOY_AGAIN);
}
