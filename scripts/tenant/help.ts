/** What `--help` prints; after a wrong command line only the first part. */
export const USAGE = `npm run tenant -- put <tenant> <file.json>   checks the file, shows what changes, writes it
npm run tenant -- put <folder>               the same for each <tenant>.json in the folder
npm run -s tenant -- get <tenant>            prints the document alone; -s keeps npm's own lines out of a file
npm run tenant -- list                       prints the tenants, one a line
npm run tenant -- remove <tenant>            shows what goes, and removes it
npm run tenant -- check <tenant> <origin>    tells whether the tenant trusts the origin, and why not`;

export const HELP = `${USAGE}

  --local              KV of this machine, which wrangler dev uses (the default)
  --remote             KV of the deployed hub
  --env <name>         an environment of wrangler.toml
  --persist-to <dir>   folder of the local KV; default: .wrangler/state
  --dry-run            put, remove: shows only
  --yes                put, remove: does not ask. Without a terminal, put never asks, and remove needs it
  --help

Exit code: 0 done, or trusted; 1 refused, not found, declined, or not trusted; 2 wrong command line, or wrangler failed.
docs/tenants.md tells more.`;
