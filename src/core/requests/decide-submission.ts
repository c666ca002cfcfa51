import { isActive } from "../oversight/authority.ts";
import type { Person, Project } from "../oversight/person.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { asId } from "../shared/ids.ts";
import type { JsonObject } from "../shared/json.ts";
import { type Decided, type Refusal, type Step, beginStep, refuse } from "../shared/transition.ts";
import { moveRequest, startRequestJob } from "./move-request.ts";
import { type RequestInput, type WorkRequest, requestKind, requestLabel } from "./request.ts";

/** What somebody asks for. Amounts are micro-units of the organization's currency. */
export interface RequestDraft {
  readonly title: string;
  readonly text: string;
  readonly urgency: WorkRequest["urgency"];
  readonly budgetMicro: number | null;
  readonly deadlineAtMs: number | null;
  readonly playbook: string | null;
  readonly inputs: readonly RequestInput[];
  readonly approveBeforehand: boolean;
  /** Only in a rehearsal; refused elsewhere. */
  readonly script: JsonObject | null;
  /** The objective it serves; absent or null: none. */
  readonly objectiveId?: string | null;
  /** Part of the sample that an installation begins with. */
  readonly sample?: boolean;
}

export interface SubmitRequest {
  readonly kind: "submit-request";
  /** Null: a new id, which sorts by time like all ids; the same key gets the first one again. */
  readonly id: string | null;
  readonly draft: RequestDraft;
}

/** Upper bounds of a draft; what exceeds them is refused, never cut. */
export const draftLimits = { titleLength: 300, textLength: 100_000, inputs: 20 } as const;

/** Everything wrong with a draft, as sentences; empty when it can be opened. */
export const draftProblems = (draft: RequestDraft): readonly string[] =>
  draftRules.flatMap((rule) => (rule.broken(draft) ? [rule.message] : []));

const draftRules: readonly { readonly message: string; readonly broken: (draft: RequestDraft) => boolean }[] = [
  { message: "The request has no text; say in a sentence what should be done.", broken: (draft) => draft.text.trim() === "" },
  {
    message: `The title is longer than ${draftLimits.titleLength} characters.`,
    broken: (draft) => draft.title.length > draftLimits.titleLength,
  },
  {
    message: `The text is longer than ${draftLimits.textLength} characters; attach it as a file instead.`,
    broken: (draft) => draft.text.length > draftLimits.textLength,
  },
  {
    message: `More than ${draftLimits.inputs} inputs; put them into one folder.`,
    broken: (draft) => draft.inputs.length > draftLimits.inputs,
  },
  {
    message: "The budget must be zero or more.",
    broken: ({ budgetMicro }) => budgetMicro !== null && !(Number.isSafeInteger(budgetMicro) && budgetMicro >= 0),
  },
  { message: "The deadline is not a date.", broken: ({ deadlineAtMs }) => deadlineAtMs !== null && !Number.isSafeInteger(deadlineAtMs) },
  {
    message: "Two inputs have the same name.",
    broken: (draft) => new Set(draft.inputs.map((input) => input.name)).size !== draft.inputs.length,
  },
];

/** Who files what where. */
export interface Filing {
  readonly project: Project;
  readonly requester: Person | undefined;
  readonly number: number;
  /** The objective that the draft names, if there is one that is open. */
  readonly objectiveIsOpen?: boolean;
}

/** Why nothing can be filed, or null. */
export function filingProblem({ project, requester, objectiveIsOpen }: Filing, draft: RequestDraft): Refusal | null {
  if (!isActive(requester)) return refuse("forbidden", "request.not-a-member", "Only an active member can file a request.");
  if (project.state !== "active")
    return refuse("conflict", "project.archived", `Project ${project.key} is archived; choose another project.`);
  if (draft.script !== null && project.mode !== "rehearsal")
    return refuse("invalid", "request.script-in-real-project", "Scripts play in rehearsals only; this project is real.");
  if ((draft.objectiveId ?? null) !== null && objectiveIsOpen !== true)
    return refuse("conflict", "objective.not-open", "This objective is not open any more; choose another one, or none.");
  const problems = draftProblems(draft);
  return problems.length > 0 ? refuse("invalid", "request.draft-invalid", problems.join(" "), { problems }) : null;
}

/** Opens a request and starts its analysis. */
export function decideSubmission(slice: Filing, command: SubmitRequest, context: DecideContext): Decided {
  const { requester } = slice;
  const problem = filingProblem(slice, command.draft);
  if (problem !== null) return problem;
  if (requester === undefined) return refuse("forbidden", "request.not-a-member", "Only an active member can file a request.");
  const step = beginStep(context);
  const request = openRequest(step, { ...slice, requester }, command);
  const label = requestLabel(slice.project.key, slice.number);
  return step.draft.accept({ id: request.id, label, number: slice.number, state: request.state, openedAtMs: request.openedAtMs });
}

/** Files a draft that `filingProblem` let pass. */
export function openRequest(
  step: Step,
  { project, requester, number }: Filing & { readonly requester: Person },
  filed: Pick<SubmitRequest, "id" | "draft"> & { readonly recurrenceId?: string },
): WorkRequest {
  const { draft, context } = step;
  const created = draft.create(requestKind, {
    ...filed.draft,
    ...(filed.recurrenceId === undefined ? {} : { recurrenceId: filed.recurrenceId }),
    id: filed.id ?? context.newId(),
    number,
    projectId: asId(project.id),
    state: "submitted",
    pausedFrom: null,
    requesterId: asId<"person">(requester.id),
    rehearsal: project.mode === "rehearsal",
    brief: null,
    answers: {},
    planId: null,
    planCount: 0,
    epoch: 0,
    handOvers: 0,
    deliverableId: null,
    openedAtMs: context.nowMs,
    stateSinceMs: context.nowMs,
    deliveredAtMs: null,
  });
  draft.record(requestKind, created, "request.submitted", {
    requestId: created.id,
    label: requestLabel(project.key, number),
    title: created.title,
    requesterId: requester.id,
  });
  return startRequestJob(step, moveRequest(step, created, { to: "analysing" }));
}
