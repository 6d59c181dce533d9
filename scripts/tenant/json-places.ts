/** Where the values of a JSON text are, for messages about them. */
export type JsonPlaces = {
  /** Line (from 1) of the value at a path such as `TRUSTED_DOMAINS[3]`. */
  lineOf(path: string): number | undefined;
  /** Paths whose key its object has more than once: JSON.parse goes by the last, and says nothing. */
  readonly repeatedKeys: readonly string[];
};

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

type Container = {
  readonly path: string;
  readonly isArray: boolean;
  readonly keys: Set<string>;
  index: number;
  key: string;
};

/** Walks through a text that JSON.parse has accepted: its grammar is not checked again. */
export function findJsonPlaces(text: string): JsonPlaces {
  const lines = new Map<string, number>();
  const repeatedKeys: string[] = [];
  const containers: Container[] = [];
  let line = 1;
  let walked = 0;
  let isKey = false;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    line += text.slice(walked, index).split("\n").length - 1;
    walked = index;
    const inside = containers.at(-1);
    if (token === "}" || token === "]") {
      containers.pop();
      isKey = false;
    } else if (token === ",") {
      isKey = inside?.isArray === false;
      if (inside?.isArray) inside.index++;
    } else if (token === ":") {
      isKey = false;
    } else if (isKey && inside) {
      inside.key = JSON.parse(token) as string;
      if (inside.keys.has(inside.key)) repeatedKeys.push(pathIn(inside));
      inside.keys.add(inside.key);
    } else {
      const path = inside ? pathIn(inside) : "";
      lines.set(path, line);
      if (token === "{" || token === "[") {
        containers.push({ path, isArray: token === "[", keys: new Set(), index: 0, key: "" });
      }
      isKey = token === "{";
    }
  }
  return { lineOf: (path) => lines.get(path), repeatedKeys };
}

/** As the schema's complaints write it. */
function pathIn({ path, isArray, index, key }: Container): string {
  if (isArray) return `${path}[${index}]`;
  return path === "" ? key : `${path}.${key}`;
}
