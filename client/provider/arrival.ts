import { takeCodes } from "../../protocol/fragment.ts";

/**
 * The handoff codes that the page's address came with, joined by dots. They are taken off as this script runs: scripts after it,
 * such as analytics, see the address as the link's author wrote it.
 */
export const arrivedCodes = takeFromAddress();

function takeFromAddress(): string {
  const { codes, hash } = takeCodes(location.hash);
  if (hash !== location.hash) {
    history.replaceState(history.state, "", location.href.split("#")[0] + hash);
    // A fragment that history has put there is none that `:target` and the browser's scrolling know of.
    if (hash) location.replace(location.href);
  }
  return codes;
}
