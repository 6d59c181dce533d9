import type { DeepChat } from "deep-chat";

/** Colours come from the shop's style sheet: custom properties reach into a shadow root, rules do not. */
export function dress(chat: DeepChat): void {
  // A font of its own keeps deep-chat from fetching one from Google.
  chat.style.fontFamily = "var(--chat-font)";
  chat.style.border = "0";
  chat.style.width = "100%";
  chat.style.height = "100%";
  chat.style.display = "block";
  chat.chatStyle = {
    width: "100%",
    height: "100%",
    border: "0",
    borderRadius: "0",
    backgroundColor: "var(--chat-surface)",
    fontFamily: "var(--chat-font)",
    fontSize: "1rem",
  };
  chat.inputAreaStyle = { backgroundColor: "var(--chat-surface)" };
  chat.textInput = {
    placeholder: { text: "Write a message", style: { color: "var(--chat-muted)" } },
    styles: {
      container: {
        backgroundColor: "var(--chat-field)",
        border: "1px solid var(--chat-line)",
        borderRadius: "var(--chat-radius)",
        boxShadow: "none",
        width: "calc(100% - 1.5rem)",
      },
      text: { color: "var(--chat-text)", padding: "0.7rem 2.9rem 0.7rem 0.9rem" },
    },
  };
  chat.submitButtonStyles = {
    position: "inside-end",
    submit: { container: { default: { bottom: "1rem", right: "1.25rem" } } },
  };
  const bubble = { borderRadius: "var(--chat-radius)", padding: "0.6rem 0.85rem", lineHeight: "1.45", maxWidth: "82%" };
  chat.messageStyles = {
    default: {
      shared: { bubble },
      ai: { bubble: { backgroundColor: "var(--chat-theirs)", color: "var(--chat-text)" } },
      user: { bubble: { backgroundColor: "var(--chat-mine)", color: "var(--chat-on-mine)" } },
    },
    error: { bubble: { backgroundColor: "var(--chat-theirs)", color: "var(--chat-text)" } },
    loading: {
      message: {
        styles: {
          bubble: {
            backgroundColor: "var(--chat-theirs)",
            color: "var(--chat-text)",
            // deep-chat draws the three dots around a middle one, so they need more room on the left.
            padding: "0.9rem 1.1rem 0.9rem 1.75rem",
          },
        },
      },
    },
  };
}

/** For what deep-chat has no option for: focus rings and the icon, which it tints with a fixed filter. */
export const AUXILIARY_STYLE = `
  #text-input-container:focus-within { outline: 2px solid var(--chat-focus); outline-offset: 1px; }
  .input-button:focus-visible, #messages:focus-visible { outline: 2px solid var(--chat-focus); outline-offset: -2px; }
  #submit-icon { filter: none !important; color: var(--chat-mine); }
  #submit-icon * { fill: currentColor; stroke: none; }
  #messages { scrollbar-color: var(--chat-line) transparent; scrollbar-width: thin; }
  .loading-message-dots, .loading-message-dots::before, .loading-message-dots::after {
    --loading-message-color: var(--chat-muted); --loading-message-color-fade: var(--chat-line);
  }
  @media (prefers-reduced-motion: reduce) { * { animation-duration: 0.01ms !important; } }
`;
