import { type Finding, VERDICT_WORDS } from "./finding.ts";

/** What a rung's button does. Called within the click itself. */
export type Trial = { readonly label: string; readonly run: () => Promise<Finding> };

/** Shows a rung in the list, in place of what was found of it before. */
export function showFinding(list: HTMLElement, finding: Finding, trial?: Trial): void {
  const { rung, verdict, found, remedy } = finding;
  const item = document.createElement("li");
  item.dataset["rung"] = rung;
  item.dataset["verdict"] = verdict;
  item.append(element("h2", rung), element("p", VERDICT_WORDS[verdict], "verdict"), element("p", found));
  if (remedy !== undefined) item.append(element("p", remedy, "remedy"));
  if (trial) item.append(createButton(trial));
  const present = list.querySelector(`[data-rung="${rung}"]`);
  if (present) present.replaceWith(item);
  else list.append(item);
}

function createButton({ label, run }: Trial): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = label;
  button.addEventListener("click", () => {
    const running = run();
    button.disabled = true;
    void running;
  });
  return button;
}

function element(name: string, text: string, className = ""): HTMLElement {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}
