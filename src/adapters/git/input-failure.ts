import { Failure } from "../../core/shared/failure.ts";
import type { FailureKind } from "../../core/shared/failure.ts";

/** A refusal of an input; the message says what, why and the next step. */
export const inputFailure = (kind: FailureKind, code: string, message: string): Failure => new Failure(kind, code, { message });
