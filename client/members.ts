/**
 * What browsers have built in, on pages that hide or replace it. A form's fields hide its properties (`<input name="action">`),
 * elements with names hide those of the document, and libraries replace globals before this module is there.
 */

/** A member as the prototype has it, which no element's name hides. A method is to be called on its object. */
export function member<T extends object, K extends keyof T>(object: T, key: K): T[K] {
  return Reflect.get(Object.getPrototypeOf(object), key, object);
}

export function attributeOf(element: Element, name: string): string | null {
  return member(element, "getAttribute").call(element, name);
}

export function setAttribute(element: Element, name: string, value: string | null): void {
  if (value === null) member(element, "removeAttribute").call(element, name);
  else member(element, "setAttribute").call(element, name, value);
}

export function createElement<K extends keyof HTMLElementTagNameMap>(
  name: K,
  owner = document,
): HTMLElementTagNameMap[K] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `call` does not know overloads
  return member(owner, "createElement").call(owner, name) as HTMLElementTagNameMap[K];
}
