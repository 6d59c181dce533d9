export interface FrameInfo {
  id: string;
  parentId: string | undefined;
  url: string;
}

/** The frames of one page or of several, oldest first. */
export class FrameList {
  readonly #frames = new Map<string, FrameInfo>();

  note(frame: FrameInfo): void {
    this.#frames.set(frame.id, frame);
  }

  /** Forgets a frame and those inside it. */
  forget(id: string): void {
    for (const { id: inside } of this.below(id)) this.#frames.delete(inside);
    this.#frames.delete(id);
  }

  has(id: string): boolean {
    return this.#frames.has(id);
  }

  url(id: string): string {
    return this.#frames.get(id)?.url ?? "";
  }

  parentOf(id: string): string | undefined {
    return this.#frames.get(id)?.parentId;
  }

  /** The page that a frame is in, or is. */
  topOf(id: string): string {
    const parentId = this.parentOf(id);
    return parentId === undefined ? id : this.topOf(parentId);
  }

  /** Every frame inside a frame. */
  below(id: string): FrameInfo[] {
    return [...this.#frames.values()].filter((frame) => frame.id !== id && this.#isInside(frame.id, id));
  }

  #isInside(id: string, ancestorId: string): boolean {
    const parentId = this.parentOf(id);
    return parentId !== undefined && (parentId === ancestorId || this.#isInside(parentId, ancestorId));
  }
}
