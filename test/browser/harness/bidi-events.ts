import type { RemoteValue } from "./bidi-values.ts";

/** What is used of BiDi's events: https://w3c.github.io/webdriver-bidi/ */
export interface BiDiEvents {
  "browsingContext.contextCreated": ContextInfo;
  "browsingContext.contextDestroyed": ContextInfo;
  "browsingContext.navigationCommitted": NavigationInfo;
  "browsingContext.fragmentNavigated": NavigationInfo;
  "browsingContext.historyUpdated": NavigationInfo;
  "browsingContext.domContentLoaded": NavigationInfo;
  "browsingContext.load": NavigationInfo;
  "log.entryAdded": LogEntry;
  "network.beforeRequestSent": NetworkEvent;
  "network.responseStarted": NetworkEvent;
  "network.responseCompleted": NetworkEvent;
  "network.fetchError": NetworkEvent;
}

/** A window, tab or frame. */
export interface ContextInfo {
  context: string;
  url: string;
  parent?: string | null;
}

interface NavigationInfo {
  context: string;
  url: string;
}

interface LogEntry {
  /** `console`, `javascript`, … */
  type: string;
  level: string;
  /** Of `console`: the method that was called. */
  method?: string;
  text: string | null;
  args?: RemoteValue[];
  source: { context?: string };
}

export interface NetworkEvent {
  context: string | null;
  redirectCount: number;
  request: { request: string; url: string; method: string; destination?: string; initiatorType?: string | null };
  response?: { status: number; fromCache: boolean };
  errorText?: string;
}
