/** What the Worker writes into the continue page for its script: a JSON data block with this id. */
export const CONTINUE_CONFIG_ELEMENT_ID = "carryover-config";

/** The elements of the continue page that its script works with, by id. */
export const CONTINUE_ELEMENT_IDS = { proceed: "continue", forget: "forget", status: "status" } as const;

export type ContinueConfig = {
  readonly tenant: string;
  /** Whether the way back may carry the session. */
  readonly handoff: boolean;
  /** What the page may have to say, in the visitor's language. */
  readonly says: {
    readonly working: string;
    readonly done: string;
    readonly closable: string;
    readonly forgotten: string;
    readonly failed: string;
  };
};
