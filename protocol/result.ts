/** An expected outcome as a value: what was asked for, or the reason why not. */
export type Result<Value, Reason = string> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly reason: Reason };

export function success<Value>(value: Value): Result<Value, never> {
  return { ok: true, value };
}

export function failure<Reason>(reason: Reason): Result<never, Reason> {
  return { ok: false, reason };
}
