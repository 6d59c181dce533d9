/** `localStorage` and `sessionStorage`, by origin and top-level site, as all browsers partition them. */
export type WebStorages = {
  readonly open: (key: string) => StorageDouble;
  /** Removes what a visitor removes when clearing the data of a site. */
  readonly wipe: (site: string) => void;
};

export type StorageDouble = {
  getItem(name: string): string | null;
  setItem(name: string, value: string): void;
  removeItem(name: string): void;
  clear(): void;
};

/** @param isBroken whether storage is switched off: each use throws then */
export function createWebStorages(isBroken: boolean): WebStorages {
  const values = new Map<string, Map<string, string>>();

  function open(key: string): StorageDouble {
    function items(): Map<string, string> {
      if (isBroken) throw new DOMException("Storage is switched off.", "SecurityError");
      const known = values.get(key) ?? new Map<string, string>();
      values.set(key, known);
      return known;
    }

    return {
      getItem: (name) => items().get(name) ?? null,
      setItem: (name, value) => void items().set(name, value),
      removeItem: (name) => void items().delete(name),
      clear: () => items().clear(),
    };
  }

  function wipe(site: string): void {
    for (const key of values.keys()) if (key.includes(site)) values.delete(key);
  }

  return { open, wipe };
}
