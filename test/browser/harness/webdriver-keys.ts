import type { Key } from "./browser.ts";

/** https://w3c.github.io/webdriver/#keyboard-actions */
export const WEBDRIVER_KEYS: Readonly<Record<Key, string>> = {
  Tab: "\uE004",
  Enter: "\uE007",
  Space: " ",
  Escape: "\uE00C",
};
