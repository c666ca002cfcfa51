import type { Json } from "./json.ts";

/** The seven ways a call can end badly. HTTP status, CLI exit code and retry rule follow from the kind alone. */
export type FailureKind = "invalid" | "not-found" | "conflict" | "forbidden" | "exhausted" | "unavailable" | "bug";

/**
 * The one error class outside `core`. `code` is stable (`request.draft-invalid`) and listed in
 * `docs/reference/failures.md`; `details` is JSON and says what, why and the next step.
 */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly kind: FailureKind;
  readonly code: string;
  readonly details: Json;

  // oxlint-disable-next-line max-params -- every call names kind, code and details; the cause is the platform's own last argument
  constructor(kind: FailureKind, code: string, details: Json = {}, options: { readonly cause?: unknown } = {}) {
    super(messageOf(code, details), options);
    this.kind = kind;
    this.code = code;
    this.details = details;
  }
}

/** Stops on our own bug. Never for input of others. @throws {Failure} `bug.invariant` */
export function invariant(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Failure("bug", "bug.invariant", { message: what });
}

function messageOf(code: string, details: Json): string {
  if (details !== null && typeof details === "object" && !Array.isArray(details)) {
    const message = (details as { readonly [key: string]: Json })["message"];
    if (typeof message === "string") return message;
  }
  return code;
}
