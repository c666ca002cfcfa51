import { type Authority, isActive } from "../oversight/authority.ts";
import { type Decision, decisionKind } from "../oversight/decision.ts";
import type { Person, Project } from "../oversight/person.ts";
import { basisEvidence } from "../oversight/policy-request.ts";
import type { WorkRequest } from "../requests/request.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { asId } from "../shared/ids.ts";
import { type Decided, type Refusal, type Step, beginStep, refuse } from "../shared/transition.ts";
import { dateProblem, draftProblem } from "./decision-draft.ts";
import { type SeenDecision, type Waiting, accepted, endWaiting, raceProblem, reviewProblem, setReviewClock } from "./decision-waits.ts";

/** Puts a decision on record: made, or only proposed when nobody has chosen yet. */
export interface RecordDecision {
  readonly kind: "record-decision";
  readonly requestId: string | null;
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly topic: string | null;
  readonly question: string;
  readonly options: Decision["options"];
  /** Null: proposed. */
  readonly choice: string | null;
  readonly rationale: string;
  readonly confidence: Decision["confidence"];
  readonly links: Decision["links"];
  readonly reviewAtMs: number | null;
  /** In force from; null: from now. */
  readonly validFromMs: number | null;
  /** The decision whose place it takes, as the caller saw it. */
  readonly supersedes: SeenDecision | null;
}

/** Makes a proposed decision. */
export interface MakeDecision extends SeenDecision {
  readonly kind: "make-decision";
  readonly choice: string;
  readonly rationale: string;
  readonly validFromMs: number | null;
}

export interface RecordSlice {
  readonly project: Project;
  readonly person: Person | undefined;
  readonly authority: Authority;
  /** The request it belongs to; undefined: to none. */
  readonly request: WorkRequest | undefined;
  /** The subject is a row that the actor may see. */
  readonly subjectIsThere: boolean;
  readonly superseded: Waiting | undefined;
}

export interface DecisionSlice extends Waiting {
  readonly project: Project;
  readonly authority: Authority;
  /** Whose place the decision takes when it is made. */
  readonly superseded: Waiting | undefined;
}

/** Records a decision in the actor's name. A proposal needs no authority; what takes another one's place closes that one's time in force. */
export function decideRecord(slice: RecordSlice, command: RecordDecision, context: DecideContext): Decided {
  const { person, authority } = slice;
  if (!isActive(person)) return refuse("forbidden", "authority.not-a-member", "Only an active member of the organization can decide this.");
  if (command.choice !== null && authority.kind === "denied") return refuse("forbidden", authority.code, authority.message);
  const problem = recordProblem(slice, command, context);
  if (problem !== null) return problem;
  const step = beginStep(context);
  const standing = command.choice === null || authority.kind === "denied" ? proposed : madeBy(context, { authority, ...command });
  const decision = step.draft.create(decisionKind, {
    ...writtenFields(slice, command),
    ...standing,
    id: context.newId(),
    validToMs: null,
    outcome: null,
    supersededById: null,
  });
  step.draft.record(decisionKind, decision, decision.state === "made" ? "decision.made" : "decision.proposed", told(decision));
  if (decision.state === "made") putInForce(step, decision, slice.superseded);
  return accepted(step, decision);
}

const writtenFields = ({ project, request, superseded }: RecordSlice, command: RecordDecision) => ({
  origin: "recorded" as const,
  projectId: asId<"project">(project.id),
  requestId: request === undefined ? null : asId<"request">(request.id),
  subjectKind: command.subjectKind,
  subjectId: command.subjectId,
  topic: command.topic?.trim() ?? null,
  question: command.question.trim(),
  options: command.options,
  choice: command.choice,
  rationale: command.rationale.trim(),
  confidence: command.confidence,
  links: command.links,
  reviewAtMs: command.reviewAtMs,
  supersedesId: superseded?.decision.id ?? null,
});

/** What a decision has of its maker. */
type Standing = Pick<Decision, "state" | "evidence" | "deciderId" | "authority" | "soloWaiver" | "madeAtMs" | "validFromMs">;

const proposed: Standing = {
  state: "proposed",
  evidence: {},
  deciderId: null,
  authority: "",
  soloWaiver: false,
  madeAtMs: null,
  validFromMs: null,
};

const madeBy = (
  { actor, nowMs }: DecideContext,
  { authority, validFromMs }: { readonly authority: Authority & { readonly kind: "granted" }; readonly validFromMs: number | null },
): Standing => ({
  state: "made",
  evidence: { policy: basisEvidence(authority.basis) },
  deciderId: actor.id,
  authority: authority.rule,
  soloWaiver: authority.soloWaiver,
  madeAtMs: nowMs,
  validFromMs: validFromMs ?? nowMs,
});

/** A made decision takes its predecessor's place and waits for its day. */
function putInForce(step: Step, decision: Decision, superseded: Waiting | undefined): void {
  takePlace(step, decision, superseded);
  setReviewClock(step, decision);
}

/** Makes a proposed decision in the actor's name. */
export function decideMaking(slice: DecisionSlice, command: MakeDecision, context: DecideContext): Decided {
  const { decision, authority } = slice;
  if (authority.kind === "denied") return refuse("forbidden", authority.code, authority.message);
  const stale = raceProblem(decision, command);
  if (stale !== null) return stale;
  if (decision.state !== "proposed")
    return refuse("conflict", "decision.not-proposed", `This decision is ${decision.state}; record another one that takes its place.`);
  const problem = draftProblem({ ...decision, ...command }) ?? dateProblem("in force from", command.validFromMs, context.nowMs) ?? null;
  if (problem !== null) return refuse("invalid", "decision.invalid", problem);
  if (slice.superseded !== undefined && slice.superseded.decision.state !== "made") return goneRefusal;
  const step = beginStep(context);
  const made = step.draft.change(decisionKind, decision, {
    ...madeBy(context, { authority, ...command }),
    choice: command.choice,
    rationale: command.rationale.trim(),
  });
  step.draft.record(decisionKind, decision, "decision.made", told(made));
  putInForce(step, made, slice.superseded);
  return accepted(step, decision);
}

/** Ends the time in force of the one before where the new one's begins, so that at every instant at most one of them holds. */
function takePlace(step: Step, decision: Decision, superseded: Waiting | undefined): void {
  if (superseded === undefined) return;
  const { decision: before } = superseded;
  const fromMs = decision.validFromMs ?? step.context.nowMs;
  endWaiting(step, superseded, "another decision took its place");
  const validToMs = Math.max(before.validFromMs ?? fromMs, fromMs);
  step.draft.change(decisionKind, before, { state: "superseded", supersededById: decision.id, validToMs, reviewAtMs: null });
  step.draft.record(decisionKind, before, "decision.superseded", {
    requestId: before.requestId,
    supersededById: decision.id,
    validToMs,
    by: step.context.actor.id,
  });
}

const told = (decision: Decision) => ({
  requestId: decision.requestId,
  subjectKind: decision.subjectKind,
  subjectId: decision.subjectId,
  question: decision.question,
  choice: decision.choice,
  authority: decision.authority,
  soloWaiver: decision.soloWaiver,
  validFromMs: decision.validFromMs,
  supersedesId: decision.supersedesId,
  evidence: decision.evidence,
});

const goneRefusal = refuse(
  "conflict",
  "decision.already-superseded",
  "The decision whose place this takes is not in force any more; take the place of the latest one.",
);

function recordProblem(slice: RecordSlice, command: RecordDecision, context: DecideContext): Refusal | null {
  if (!slice.subjectIsThere)
    return refuse("not-found", "decision.subject-missing", "What the decision is about is not there, or not yours to see.");
  const problem = draftProblem(command) ?? dateProblem("in force from", command.validFromMs, context.nowMs);
  if (problem !== null) return refuse("invalid", "decision.invalid", problem);
  const late = reviewProblem(slice.project, command, context.nowMs);
  if (late !== null || command.supersedes === null) return late;
  return supersedingProblem(slice.superseded, command.supersedes);
}

function supersedingProblem(superseded: Waiting | undefined, seen: SeenDecision): Refusal | null {
  if (superseded === undefined)
    return refuse(
      "not-found",
      "decision.not-found",
      "There is no such decision, or it is not yours to see. xvc memory decisions lists those that are.",
    );
  const { decision } = superseded;
  if (decision.origin === "flow")
    return refuse(
      "conflict",
      "decision.of-the-flow",
      "This was decided in the flow of the work; what comes after it there changes it: another plan, a patch or a reopening.",
    );
  return raceProblem(decision, seen) ?? (decision.state === "made" ? null : goneRefusal);
}
