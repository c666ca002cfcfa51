import { Failure } from "../../core/shared/failure.ts";

/**
 * Whether a command was refused because the work has moved on: somebody was faster, ended it or took it over. A
 * failure of the store itself (`store.*`) is never that, whatever its kind: the caller has to fail and be run again.
 */
export const hasMovedOn = (error: unknown): error is Failure =>
  error instanceof Failure && error.kind === "conflict" && !error.code.startsWith("store.");
