/** `structuredClone`, quick for the plain objects that messages are made of. */
export function cloneMessage(data: unknown): unknown {
  if (typeof data === "function" || typeof data === "symbol") throw new Error("DataCloneError: it cannot be cloned.");
  if (typeof data !== "object" || data === null) return data;
  if (Array.isArray(data)) return data.map(cloneMessage);
  if (Object.getPrototypeOf(data) !== Object.prototype) return structuredClone(data);
  const copy: Record<string, unknown> = {};
  for (const name in data) copy[name] = cloneMessage(Reflect.get(data, name));
  return copy;
}
