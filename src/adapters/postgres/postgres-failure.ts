import { DatabaseError } from "pg";
import { Failure, type FailureKind } from "../../core/shared/failure.ts";

/** What a SQLSTATE means to the engine. */
interface Meaning {
  readonly kind: FailureKind;
  readonly code: string;
  readonly message: string;
}

const serialization: Meaning = {
  kind: "conflict",
  code: "store.serialization",
  message: "Another command got in between. Decide again on fresh rows.",
};
const outsideScope: Meaning = {
  kind: "bug",
  code: "store.outside-scope",
  message: "A row outside the scope of the transaction was to be written. Check which project the command belongs to.",
};
const textInvalid: Meaning = {
  kind: "invalid",
  code: "store.text-invalid",
  message: "A text holds characters that cannot be stored (U+0000 or half of a surrogate pair). Remove them.",
};
const versionConflict: Meaning = {
  kind: "conflict",
  code: "store.version-conflict",
  message: "Another command wrote the same row or event first. Read it again and decide on what it is now.",
};

const meanings: ReadonlyMap<string, Meaning> = new Map([
  ["40001", serialization],
  ["40P01", serialization],
  ["42501", outsideScope],
  ["XV003", outsideScope],
  ["22P05", textInvalid],
  ["22P02", textInvalid],
  ["22021", textInvalid],
]);

/** Unique constraints that mean "somebody else was first with this very row, event or key". */
const firstComeConstraints = /_pkey$|^event_number$|^command_key$|^history_version$/;

/** SQLSTATE classes after which the server or the way to it is the reason, not the statement. */
const unavailableCodes = /^(08|53|55|57|58|25P0)/;

/** What a failed statement means to the engine, decided by SQLSTATE alone. A `Failure` passes as it is. */
export function storeFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (!(error instanceof DatabaseError) || error.code === undefined) return unavailable(error, "the connection was lost");
  const { code, constraint = "" } = error;
  const meaning = code === "23505" ? duplicate(constraint) : meanings.get(code);
  if (meaning !== undefined) return failure(meaning, error, constraint);
  if (unavailableCodes.test(code)) return unavailable(error, `the database answered ${code}`);
  const message = `The database refused a statement (${code}). This is a fault of the program: report it with the request id.`;
  return failure({ kind: "bug", code: "store.statement-refused", message }, error, constraint);
}

/** A COMMIT whose answer never came: nobody knows but the database, under the command's key. */
export function commitFailure(error: unknown): Failure {
  const code = error instanceof DatabaseError ? error.code : undefined;
  // An answer that names a reason says that nothing was stored, unless the server ended in the middle of it.
  if (code !== undefined && !/^(08|57|58|XX)/.test(code)) return storeFailure(error);
  const message =
    "The connection was lost while committing, so it is unknown whether the command took effect. Send it again with the same key.";
  return failure({ kind: "unavailable", code: "store.commit-unknown", message }, error, "");
}

function duplicate(constraint: string): Meaning {
  if (firstComeConstraints.test(constraint)) return versionConflict;
  const message = `A row with this key exists (${constraint}). Choose another key, or change the row that has it.`;
  return { kind: "conflict", code: "store.duplicate", message };
}

function unavailable(error: unknown, why: string): Failure {
  const message = `The database cannot be reached or is overloaded (${why}). Try again; if it stays, run "xvc doctor".`;
  return failure({ kind: "unavailable", code: "store.unavailable", message }, error, "");
}

/** The database's own text stays in `cause`: it may quote values, and details are shown to people. */
function failure({ kind, code, message }: Meaning, cause: unknown, constraint: string): Failure {
  return new Failure(kind, code, constraint === "" ? { message } : { message, constraint }, { cause });
}
