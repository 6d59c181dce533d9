/** How BiDi tells a script's value: https://w3c.github.io/webdriver-bidi/#type-script-RemoteValue */
export interface RemoteValue {
  type: string;
  value?: unknown;
}

/** The value as JSON would have it; what has no JSON (elements, functions, windows) becomes `{}`. */
export function valueOf({ type, value }: RemoteValue): unknown {
  switch (type) {
    case "undefined":
      return undefined;
    case "null":
      return null;
    case "string":
    case "boolean":
    case "date":
      return value;
    case "number":
      // "NaN", "-0", "Infinity" and "-Infinity" come as strings.
      return Number(value);
    case "bigint":
      return BigInt(value as string);
    case "array":
    case "set":
      return ((value ?? []) as RemoteValue[]).map(valueOf);
    case "object":
    case "map":
      return Object.fromEntries(
        ((value ?? []) as [string | RemoteValue, RemoteValue][]).map(([key, item]) => [
          typeof key === "string" ? key : String(valueOf(key)),
          valueOf(item),
        ]),
      );
    default:
      return {};
  }
}

/** As a console shows it. */
export function textOf(remote: RemoteValue): string {
  const value = valueOf(remote);
  if (typeof value === "string") return value;
  return JSON.stringify(value) ?? remote.type;
}
