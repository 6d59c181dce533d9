import type { FrameTree } from "./chromium-frames.ts";
import { type FramesToPointInto, type Point, throughFrameElement } from "./pointing.ts";

export function chromiumPointing(frames: FrameTree): FramesToPointInto {
  return {
    evaluate: (frameId, expression) => frames.evaluate(frameId, expression),
    parentOf: (frameId) => frames.parentOf(frameId),
    async throughFrameElement(frameId, parentId, point) {
      const { session } = await frames.contextOf(parentId);
      const { backendNodeId } = await session.send("DOM.getFrameOwner", { frameId });
      const { object } = await session.send("DOM.resolveNode", { backendNodeId });
      if (object.objectId === undefined) throw new Error("The frame's element is gone.");
      const { result, exceptionDetails } = await session.send("Runtime.callFunctionOn", {
        objectId: object.objectId,
        functionDeclaration: throughFrameElement.toString(),
        arguments: [{ objectId: object.objectId }, { value: point }],
        returnByValue: true,
      });
      if (exceptionDetails !== undefined)
        throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
      return result.value as Point;
    },
  };
}
