import type { FailureKind } from "../../core/shared/failure.ts";

/** The one map from the kind of a failure to the exit code of the command. */
export const exitOfKind: { readonly [kind in FailureKind]: number } = {
  invalid: 2,
  "not-found": 3,
  conflict: 4,
  forbidden: 5,
  exhausted: 6,
  unavailable: 7,
  bug: 70,
};

export const exitCodes = {
  ok: 0,
  /** The work itself failed: rejected, cancelled, a plan with errors, a check that did not hold. */
  workFailed: 1,
  usage: 2,
  /** A person has to act before it can go on. */
  waitsForPerson: 8,
  configuration: 78,
  interrupted: 130,
} as const;

/** What a person can do next, by kind, when the message itself does not say. */
export const nextStep: { readonly [kind in FailureKind]: string } = {
  invalid: "correct the input; --help shows the form and examples",
  "not-found": "look at what there is with the list command of the same group",
  conflict: "look at it again with the show command, then decide anew",
  forbidden: "ask somebody who has the authority, or sign in again with xvc login",
  exhausted: "wait, or ask somebody who can raise the limit",
  unavailable: "see xvc status and xvc doctor, then try again",
  bug: "see xvc logs, and report it with the instance shown there",
};
