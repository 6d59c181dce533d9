/**
 * deep-chat leaves its log without a role or a name, and its send button without a name. Both sit in an open shadow
 * root, so the page can add what is missing, again whenever deep-chat has drawn them anew.
 */
export function describeForAssistiveTechnology(chat: HTMLElement): void {
  const root = chat.shadowRoot;
  if (root === null) return;
  describe(root);
  // Only children are watched, so that the attributes set here do not wake it.
  new MutationObserver(() => describe(root)).observe(root, { childList: true, subtree: true });
}

function describe(root: ShadowRoot): void {
  setAttributes(root.querySelector("#messages"), { role: "log", "aria-label": "Conversation", tabindex: "0" });
  setAttributes(root.querySelector("#text-input"), { "aria-multiline": "true" });
  setAttributes(root.querySelector('.input-button[role="button"]'), { "aria-label": "Send message" });
}

function setAttributes(element: Element | null, attributes: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (element !== null && element.getAttribute(name) !== value) element.setAttribute(name, value);
  }
}
