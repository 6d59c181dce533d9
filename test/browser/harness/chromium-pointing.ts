import type { WaitOptions } from "./browser.ts";
import type { FrameTree } from "./chromium-frames.ts";
import { poll } from "./poll.ts";

export interface Point {
  x: number;
  y: number;
}

/** Where in the page's viewport the middle of an element is, once a mouse would hit it there. */
export async function pointOf(
  frames: FrameTree,
  frameId: string,
  selector: string,
  options: WaitOptions,
): Promise<Point> {
  let previous: Point | undefined;
  return poll(
    async () => {
      let point = await frames.evaluate<Point>(frameId, `(${middleOf.toString()})(${JSON.stringify(selector)})`);
      for (let id = frameId; ;) {
        const parentId = frames.parentOf(id);
        if (parentId === undefined) break;
        point = await inParent(frames, id, parentId, point);
        id = parentId;
      }
      const still = previous?.x === point.x && previous.y === point.y;
      previous = point;
      return still && point;
    },
    { ...options, what: `${selector} to be visible and uncovered` },
  );
}

/** A frame's point, in its parent's viewport. */
async function inParent(frames: FrameTree, frameId: string, parentId: string, point: Point): Promise<Point> {
  const { session } = await frames.contextOf(parentId);
  const { backendNodeId } = await session.send("DOM.getFrameOwner", { frameId });
  const { object } = await session.send("DOM.resolveNode", { backendNodeId });
  if (object.objectId === undefined) throw new Error("The frame's element is gone.");
  const { result, exceptionDetails } = await session.send("Runtime.callFunctionOn", {
    objectId: object.objectId,
    functionDeclaration: throughFrameElement.toString(),
    arguments: [{ value: point }],
    returnByValue: true,
  });
  if (exceptionDetails !== undefined) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  return result.value as Point;
}

// The two below run in the page.

function middleOf(selector: string): Point {
  const [first = "", ...rest] = selector.split(">>>").map((part) => part.trim());
  let element = document.querySelector(first);
  for (const part of rest) element = element?.shadowRoot?.querySelector(part) ?? null;
  if (element === null) throw new Error(`There is no ${selector}.`);
  element.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
  const box = element.getBoundingClientRect();
  const point = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const hit = (element.getRootNode() as Document | ShadowRoot).elementFromPoint(point.x, point.y);
  if (hit === null || !(element.contains(hit) || (hit instanceof HTMLLabelElement && hit.control === element))) {
    throw new Error(
      `${selector} is ${box.width} × ${box.height} and ${hit === null ? "out of view" : `covered by <${hit.localName}>`}.`,
    );
  }
  return point;
}

function throughFrameElement(this: HTMLIFrameElement, point: Point): Point {
  const box = this.getBoundingClientRect();
  const style = getComputedStyle(this);
  const x = point.x + box.x + this.clientLeft + parseFloat(style.paddingLeft);
  const y = point.y + box.y + this.clientTop + parseFloat(style.paddingTop);
  if ((this.getRootNode() as Document | ShadowRoot).elementFromPoint(x, y) !== this)
    throw new Error(`The frame is hidden or covered at ${x}, ${y}.`);
  return { x, y };
}
