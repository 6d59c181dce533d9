/**
 * The JSON Schema of tenant documents, for editors: made from the schema that the Worker checks by, at build time.
 * Its texts are here and not there, because the Worker has no use for them.
 */
import { type ConversionConfig, toJsonSchema } from "@valibot/to-json-schema";
import { tenantDocument } from "./tenant-document.ts";

type TenantKey = keyof typeof tenantDocument.entries;
type JsonSchema = ReturnType<typeof toJsonSchema>;

/** A new key of the document without a text here does not compile. */
const DESCRIPTIONS: Readonly<Record<TenantKey, string>> = {
  TRUSTED_DOMAINS: "The domains that share the chat session. At most 500; an empty list trusts nobody.",
  displayName: "Who asks, on the card and the continue page. Default: nobody is named.",
  accentColor: 'Colour of the main button, such as "#0a7d55". Default: a neutral one.',
  privacyUrl: "Address of the privacy notice. Default: no link.",
  sessionMaxAgeSeconds: "How long the hub keeps a session after its last save, in seconds. Default: 604800 (7 days).",
  handoff: "Whether links between the domains carry the session. Default: true.",
};

/** `http://` before a name whose last label is neither a number nor localhost: never a loopback host. */
const PLAIN_HTTP =
  "[Hh][Tt][Tt][Pp]://(?:\\*\\.)?(?:[A-Za-z0-9-]+\\.)+(?![Ll][Oo][Cc][Aa][Ll][Hh][Oo][Ss][Tt](?::|$))[A-Za-z]+(?::[0-9]*)?$";

/** What can be said of an entry by pattern. It refuses nothing that `parseTrustedDomain` takes. */
const TRUSTED_DOMAIN: JsonSchema & { readonly patternErrorMessage: string } = {
  type: "string",
  description:
    "https://www.shop-a.com, or www.shop-a.com for the same. https://*.shop-b.com is every sub-domain, not shop-b.com itself. " +
    "No path, not even a slash at the end. http:// is for loopback hosts only.",
  pattern: `^(?!${PLAIN_HTTP})(?:[Hh][Tt][Tt][Pp][Ss]?://)?(?:\\*\\.)?[^*/?#\\\\@\\s]+$`,
  // Visual Studio Code says this instead of the pattern; others pass over it.
  patternErrorMessage: "Must be https:// and a host, with no path. A * may be the whole first label only.",
  examples: ["https://www.shop-a.com", "https://*.shop-b.com"],
};

const config: ConversionConfig = {
  target: "draft-07",
  typeMode: "input",
  overrideSchema: ({ valibotSchema, jsonSchema }) =>
    // An entry is the one thing that valibot takes as it comes, for parseTrustedDomain to judge.
    valibotSchema.type === "unknown" ? TRUSTED_DOMAIN : jsonSchema,
  overrideAction: ({ valibotAction, jsonSchema }) => {
    switch (valibotAction.type) {
      // JSON Schema's patterns have no flags.
      case "regex":
        return { ...jsonSchema, pattern: "^#[0-9A-Fa-f]{6}$" };
      // Its "uri" is stricter than what browsers, and the Worker, take for one.
      case "url": {
        const { format: _, ...withoutFormat } = jsonSchema;
        return withoutFormat;
      }
      default:
        return undefined;
    }
  },
};

/** For both forms of a document, the object and the bare array: each keyword speaks of one type only. */
export function tenantSchema(): JsonSchema {
  const { properties = {}, required = [] } = toJsonSchema(tenantDocument, config);
  const { TRUSTED_DOMAINS } = properties;
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Tenant of a Carryover hub",
    description: "One organisation and its trusted domains: an object, or just an array of the domains.",
    type: ["object", "array"],
    ...(typeof TRUSTED_DOMAINS === "object"
      ? { items: TRUSTED_DOMAINS.items, maxItems: TRUSTED_DOMAINS.maxItems }
      : {}),
    properties: {
      $schema: { type: "string", description: "Where this schema is, for editors. Not stored." },
      ...Object.fromEntries(
        Object.entries(DESCRIPTIONS).map(([key, description]) => {
          const schema = properties[key];
          return [key, typeof schema === "object" ? { ...schema, description } : { description }];
        }),
      ),
    },
    required,
    // The Worker lets keys of later versions pass; who writes one today has mistyped it.
    additionalProperties: false,
  };
}
