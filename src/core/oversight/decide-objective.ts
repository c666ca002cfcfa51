import type { DecideContext } from "../shared/decide-context.ts";
import { type Decided, type Refusal, beginStep, refuse } from "../shared/transition.ts";
import { isActive } from "./authority.ts";
import { type KeyResult, type Objective, objectiveKind, objectiveLabel, objectiveLimits } from "./objective.ts";
import type { Person } from "./person.ts";

export interface CreateObjective {
  readonly kind: "create-objective";
  readonly title: string;
  /** Null: whoever creates it. */
  readonly ownerId: string | null;
  readonly dueAtMs: number | null;
  readonly keyResults: readonly Pick<KeyResult, "statement" | "unit" | "startValue" | "targetValue">[];
}

/** Puts a new value on a key result, with the reason. */
export interface RecordKeyResult {
  readonly kind: "record-key-result";
  readonly objectiveId: string;
  readonly keyResultId: string;
  readonly value: number;
  readonly reason: string;
}

export interface SettleObjective {
  readonly kind: "settle-objective";
  readonly objectiveId: string;
  readonly outcome: "reached" | "missed" | "withdrawn";
  readonly reason: string;
}

export interface NewObjectiveSlice {
  readonly person: Person | undefined;
  readonly owner: Person | undefined;
  readonly open: number;
  readonly nextNumber: number;
}

export interface ObjectiveSlice {
  readonly objective: Objective;
  readonly person: Person | undefined;
}

/** Sets a goal with how one sees that it is reached. */
export function decideNewObjective(slice: NewObjectiveSlice, command: CreateObjective, context: DecideContext): Decided {
  if (!leads(slice.person)) return refuse("forbidden", "objective.wrong-role", "Objectives are set by an administrator, director or lead.");
  if (!isActive(slice.owner)) return refuse("not-found", "person.not-found", "The owner is no active member; name another one.");
  if (slice.open >= objectiveLimits.open)
    return refuse("exhausted", "objective.too-many", `${objectiveLimits.open} objectives are open, which is the most; settle one first.`);
  const problem = goalProblem(command);
  if (problem !== null) return refuse("invalid", "objective.invalid", problem);
  const { draft } = beginStep(context);
  const objective = draft.create(objectiveKind, {
    id: context.newId(),
    number: slice.nextNumber,
    state: "open",
    title: command.title.trim(),
    ownerId: slice.owner.id,
    dueAtMs: command.dueAtMs,
    keyResults: command.keyResults.map(({ statement, unit, startValue, targetValue }, at) => ({
      id: `kr${at + 1}`,
      statement: statement.trim(),
      unit: unit.trim(),
      startValue,
      targetValue,
      currentValue: startValue,
    })),
  });
  const { number, title } = objective;
  draft.record(objectiveKind, objective, "objective.created", { number, title, ownerId: slice.owner.id, by: context.actor.id });
  return draft.accept({ id: objective.id, label: objectiveLabel(number), state: "open" });
}

/** Records where a key result stands. By the owner or those who lead; values before stay in the events. */
export function decideKeyResult(slice: ObjectiveSlice, command: RecordKeyResult, context: DecideContext): Decided {
  const { objective } = slice;
  const problem = keeperProblem(slice) ?? openProblem(objective);
  if (problem !== null) return problem;
  const known = objective.keyResults.find((one) => one.id === command.keyResultId);
  if (known === undefined)
    return refuse(
      "not-found",
      "objective.no-such-key-result",
      `${objectiveLabel(objective.number)} has no key result ${command.keyResultId.slice(0, 40)}.`,
    );
  if (!isMeasure(command.value)) return refuse("invalid", "objective.bad-value", "A value is a number of at most a quadrillion.");
  if (command.reason.trim() === "")
    return refuse("invalid", "objective.reason-missing", "Say where the value comes from; it is kept with it.");
  const { draft } = beginStep(context);
  draft.change(objectiveKind, objective, {
    keyResults: objective.keyResults.map((one) => (one === known ? { ...one, currentValue: command.value } : one)),
  });
  draft.record(objectiveKind, objective, "objective.progressed", {
    keyResultId: known.id,
    from: known.currentValue,
    to: command.value,
    reason: command.reason.trim(),
    by: context.actor.id,
  });
  return draft.accept({ id: objective.id, state: objective.state, label: objectiveLabel(objective.number) });
}

/** Ends an objective: reached, missed or not wanted any more. */
export function decideObjectiveEnd(slice: ObjectiveSlice, command: SettleObjective, context: DecideContext): Decided {
  const { objective } = slice;
  const problem = keeperProblem(slice) ?? openProblem(objective);
  if (problem !== null) return problem;
  if (command.reason.trim() === "") return refuse("invalid", "objective.reason-missing", "Say why it ends like this; it is kept with it.");
  const { draft } = beginStep(context);
  draft.change(objectiveKind, objective, { state: command.outcome });
  draft.record(objectiveKind, objective, "objective.settled", {
    outcome: command.outcome,
    number: objective.number,
    reason: command.reason.trim(),
    by: context.actor.id,
  });
  return draft.accept({ id: objective.id, state: command.outcome, label: objectiveLabel(objective.number) });
}

const leads = (person: Person | undefined): boolean =>
  isActive(person) && person.roles.some((role) => role === "administrator" || role === "director" || role === "lead");

const keeperProblem = ({ person, objective }: ObjectiveSlice): Refusal | null =>
  isActive(person) && (leads(person) || person.id === objective.ownerId)
    ? null
    : refuse("forbidden", "objective.not-yours", "Only its owner, or an administrator, director or lead, changes an objective.");

const openProblem = ({ state, number }: Objective): Refusal | null =>
  state === "open"
    ? null
    : refuse("conflict", "objective.not-open", `${objectiveLabel(number)} is ${state}; only an open objective changes.`);

const maxMeasure = 1e15;
const isMeasure = (value: number): boolean => Number.isFinite(value) && Math.abs(value) <= maxMeasure;

function goalProblem({ title, keyResults, dueAtMs }: CreateObjective): string | null {
  const { titleLength } = objectiveLimits;
  if (title.trim() === "" || title.length > titleLength) return `An objective is a sentence of at most ${titleLength} characters.`;
  if (dueAtMs !== null && !Number.isSafeInteger(dueAtMs)) return "The date of an objective is no date.";
  if (keyResults.length > objectiveLimits.keyResults) return `An objective has at most ${objectiveLimits.keyResults} key results.`;
  return keyResults.map(measureProblem).find((problem) => problem !== null) ?? null;
}

function measureProblem({ statement, unit, startValue, targetValue }: CreateObjective["keyResults"][number]): string | null {
  const { statementLength, unitLength } = objectiveLimits;
  if (statement.trim() === "" || statement.length > statementLength || unit.length > unitLength)
    return `A key result says in at most ${statementLength} characters what is measured, and its unit in ${unitLength}.`;
  return isMeasure(startValue) && isMeasure(targetValue) && startValue !== targetValue
    ? null
    : `The key result "${statement.slice(0, 80)}" needs a start and another value as its target.`;
}
