/**
 * deep-chat renders messages as Markdown and follows links of every scheme, `javascript:` included. A chat shows what
 * strangers may have written, so this one knows bold, italics and line breaks, and nothing that can be clicked.
 *
 * `window.remarkable_plugins` is deep-chat's own hook; it is read when the component is created.
 */
const RULES = {
  components: {
    core: { rules: ["block", "inline"] },
    block: { rules: ["paragraph"] },
    inline: { rules: ["text", "newline", "escape", "emphasis"] },
  },
};

interface Markdown {
  configure(preset: typeof RULES): void;
}

export function allowPlainTextOnly(): void {
  const plugin = (markdown: Markdown): void => markdown.configure(RULES);
  Object.assign(window, { remarkable_plugins: [{ plugin }] });
}
