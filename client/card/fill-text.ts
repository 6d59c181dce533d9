/**
 * Turns one of texts.ts into what the card shows: its `[named|generic]` is decided, and the name isolated, so that a name in
 * another script does not turn the sentence around.
 */
export function fillText(text: string, name: string | undefined): (string | HTMLElement)[] {
  const [before = "", after] = text.replace(/\[(.*)\|(.*)\]/, name === undefined ? "$2" : "$1").split("%");
  if (name === undefined || after === undefined) return [before];
  const isolated = document.createElement("bdi");
  isolated.textContent = name;
  return [before, isolated, after];
}
