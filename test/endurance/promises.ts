/** What was promised and not kept, with the first few cases of each. */
export type Promises = {
  /** @param detail a case, for whoever looks for the reason */
  broken(promise: string, detail: string): void;
  /** One line for each broken promise since this was last asked; none is what is hoped for. */
  drain(): string[];
};

const MAX_EXAMPLES = 3;
const MAX_EXAMPLE_LENGTH = 400;

export function createPromises(): Promises {
  const cases = new Map<string, { count: number; examples: string[] }>();
  return {
    broken(promise, detail) {
      const known = cases.get(promise) ?? { count: 0, examples: [] };
      cases.set(promise, known);
      known.count++;
      if (known.examples.length < MAX_EXAMPLES) known.examples.push(detail.slice(0, MAX_EXAMPLE_LENGTH));
    },
    drain() {
      const lines = [...cases].map(
        ([promise, { count, examples }]) => `${promise}: ${count} times, as ${examples.join(" | ")}`,
      );
      cases.clear();
      return lines;
    },
  };
}
