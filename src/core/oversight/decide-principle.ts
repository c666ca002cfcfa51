import type { DecideContext } from "../shared/decide-context.ts";
import { type Decided, type Refusal, type Step, beginStep, refuse } from "../shared/transition.ts";
import { isActive } from "./authority.ts";
import type { Person } from "./person.ts";
import { type Principle, principleKind, principleLimits } from "./principle.ts";

export interface AddPrinciple {
  readonly kind: "add-principle";
  readonly statement: string;
  readonly explanation: string;
}

/** Replaces a principle by a new wording; the old one stays on record. */
export interface RevisePrinciple {
  readonly kind: "revise-principle";
  readonly principleId: string;
  readonly statement: string;
  readonly explanation: string;
  readonly reason: string;
}

export interface WithdrawPrinciple {
  readonly kind: "withdraw-principle";
  readonly principleId: string;
  readonly reason: string;
}

export interface PrinciplesSlice {
  readonly person: Person | undefined;
  /** How many are in force. */
  readonly inForce: number;
  /** The number after the last one. */
  readonly nextNumber: number;
}

type Wording = Pick<AddPrinciple, "statement" | "explanation">;

/** Writes a principle. Only people who answer for the organization do; no persona and no part of the system ever. */
export function decideNewPrinciple(slice: PrinciplesSlice, command: AddPrinciple, context: DecideContext): Decided {
  const problem = writerProblem(slice.person, context) ?? wordingProblem(command);
  if (problem !== null) return problem;
  if (slice.inForce >= principleLimits.inForce)
    return refuse(
      "exhausted",
      "principle.too-many",
      `${principleLimits.inForce} principles are in force, which is the most; withdraw one that guides nobody.`,
    );
  const step = beginStep(context);
  const created = write(step, command, { number: slice.nextNumber, replacesId: null });
  return step.draft.accept({ id: created.id, state: created.state, number: created.number });
}

/** Puts a new wording in the place of a principle in force. */
export function decidePrincipleRevision(
  slice: PrinciplesSlice & { readonly principle: Principle },
  command: RevisePrinciple,
  context: DecideContext,
): Decided {
  const { principle } = slice;
  const problem = writerProblem(slice.person, context) ?? pastProblem(principle) ?? wordingProblem(command);
  if (problem !== null) return problem;
  const step = beginStep(context);
  step.draft.change(principleKind, principle, { state: "superseded" });
  step.draft.record(principleKind, principle, "principle.superseded", {
    number: principle.number,
    by: context.actor.id,
    reason: command.reason,
  });
  const created = write(step, command, { number: slice.nextNumber, replacesId: principle.id });
  return step.draft.accept({ id: created.id, state: created.state, number: created.number });
}

/** Takes a principle out of force; it stays on record. */
export function decidePrincipleWithdrawal(
  slice: { readonly person: Person | undefined; readonly principle: Principle },
  command: WithdrawPrinciple,
  context: DecideContext,
): Decided {
  const { principle } = slice;
  const problem = writerProblem(slice.person, context) ?? pastProblem(principle);
  if (problem !== null) return problem;
  const { draft } = beginStep(context);
  draft.change(principleKind, principle, { state: "withdrawn" });
  draft.record(principleKind, principle, "principle.withdrawn", { number: principle.number, by: context.actor.id, reason: command.reason });
  return draft.accept({ id: principle.id, state: "withdrawn" });
}

function writerProblem(person: Person | undefined, { actor }: DecideContext): Refusal | null {
  if (actor.kind === "person" && isActive(person) && person.roles.some((role) => role === "administrator" || role === "director"))
    return null;
  return refuse(
    "forbidden",
    "principle.people-only",
    "Principles are written by an administrator or director, never by a persona or the system.",
  );
}

const pastProblem = ({ state }: Principle): Refusal | null =>
  state === "in-force"
    ? null
    : refuse("conflict", "principle.not-in-force", `This principle is ${state}; only one that is in force changes.`);

function wordingProblem({ statement, explanation }: Wording): Refusal | null {
  const { statementLength, explanationLength } = principleLimits;
  if (statement.trim() === "") return refuse("invalid", "principle.empty", "A principle is a sentence; write it.");
  if (statement.length > statementLength || explanation.length > explanationLength)
    return refuse(
      "invalid",
      "principle.too-long",
      `A principle has at most ${statementLength} characters, its explanation ${explanationLength}.`,
    );
  return null;
}

function write(
  { draft, context }: Step,
  { statement, explanation }: Wording,
  place: { readonly number: number; readonly replacesId: string | null },
): Principle {
  const created = draft.create(principleKind, {
    ...place,
    id: context.newId(),
    state: "in-force",
    statement: statement.trim(),
    explanation: explanation.trim(),
    writtenBy: context.actor.id,
    writtenAtMs: context.nowMs,
  });
  return draft.record(principleKind, created, "principle.added", {
    number: created.number,
    by: context.actor.id,
    replacesId: place.replacesId,
  });
}
