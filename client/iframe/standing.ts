import type { Report } from "../../protocol/messages.ts";

/** Where storage access stands, as part of every report. */
export type Standing = Pick<Report, "access" | "reason">;
