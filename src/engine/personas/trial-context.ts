import type { Attempt } from "../../core/execution/attempt.ts";
import type { Task } from "../../core/execution/task.ts";
import type { Provider } from "../../core/gate/provider.ts";
import type { Persona } from "../../core/personas/persona.ts";
import type { Qualification } from "../../core/personas/qualification.ts";
import type { SuiteCase } from "../../core/personas/suite.ts";
import type { Criterion } from "../../core/planning/plan-document.ts";
import type { WorkRequest } from "../../core/requests/request.ts";
import { type ProjectId, asId } from "../../core/shared/ids.ts";
import type { AttemptContext } from "../ports/executor.ts";

/** One trial about to begin. */
export interface TrialSubject {
  readonly run: Qualification;
  readonly sample: SuiteCase;
  /** The version that is on trial. */
  readonly persona: Persona;
  readonly provider: Provider;
  readonly model: string;
  readonly projectId: ProjectId;
  readonly nowMs: number;
}

/** The checks of a case as a task has them. */
const criteriaOf = ({ checks }: SuiteCase): readonly Criterion[] =>
  checks.map(({ id, statement, check }) => ({ id, statement, check: check as unknown as Criterion["check"] })); // looked through when the suite was read

/**
 * A case as work: executors are given what they are given for a task, and nothing of it is a row. The trial's epoch stands for the
 * attempt's, so that a worker that comes late hands nothing in.
 */
export function trialContext({ run, sample, persona, projectId, nowMs }: TrialSubject): AttemptContext {
  const [requestId, taskId, attemptId] = [asId<"request">(run.id), asId<"task">(run.id), asId<"attempt">(run.id)];
  const by = { performer: { kind: "persona", id: persona.key }, executor: run.executor } as const;
  const row = { version: 1, eventCount: 0 } as const;
  const nothingYet = { reworkPoints: [], outputs: [], costMicro: 0 } as const;
  const task: Task = {
    ...row,
    ...by,
    ...nothingYet,
    id: taskId,
    requestId,
    planId: asId(run.id),
    key: sample.id,
    ordinal: 1,
    title: sample.title,
    state: "running",
    stateSinceMs: nowMs,
    spec: specOf(run, sample, persona),
    dependsOn: [],
    dependents: [],
    waitingOn: 0,
    blockedBy: null,
    blockers: [],
    assignment: null,
    attemptId,
    attemptNumber: 1,
    attemptCount: 0,
    round: 0,
    answers: [],
    excludedPerformers: [],
    readyAtMs: nowMs,
    startedAtMs: nowMs,
    acceptedAtMs: null,
  };
  const attempt: Attempt = {
    ...row,
    ...by,
    ...nothingYet,
    id: attemptId,
    taskId,
    requestId,
    number: run.epoch,
    state: "running",
    epoch: run.epoch,
    handOvers: 0,
    startedAtMs: nowMs,
    endedAtMs: null,
    interpretation: "",
    pointAnswers: {},
    checks: [],
    failure: null,
    notes: [],
    provisional: true,
    personaVersion: run.personaVersion,
  };
  return { request: requestOf({ run, sample, projectId, nowMs }), task, attempt, inputs: [], upstream: [], nowMs };
}

const specOf = (run: Qualification, sample: SuiteCase, persona: Persona): Task["spec"] => ({
  task: sample.taskType,
  title: sample.title,
  persona: persona.key,
  dependencies: [],
  skills: [],
  tools: [],
  inputs: sample.inputs.map(({ name }) => name),
  outputs: sample.outputs,
  estimate: { lowHours: 0, likelyHours: 0, highHours: 0 },
  costMicro: 0,
  acceptance: criteriaOf(sample),
  risk: "low",
  origin: `suite:${run.suite}`,
  review: "checks",
  executor: run.executor,
  maxAttempts: 1,
});

const requestOf = ({ run, sample, projectId, nowMs }: Pick<TrialSubject, "run" | "sample" | "projectId" | "nowMs">): WorkRequest => ({
  id: run.id,
  version: 1,
  eventCount: 0,
  projectId,
  number: 1,
  title: sample.title,
  text: sample.brief,
  state: "active",
  stateSinceMs: nowMs,
  pausedFrom: null,
  requesterId: asId(run.startedBy),
  urgency: "normal",
  budgetMicro: null,
  deadlineAtMs: null,
  playbook: null,
  inputs: [],
  approveBeforehand: false,
  rehearsal: false,
  script: null,
  brief: null,
  answers: {},
  planId: null,
  planCount: 0,
  epoch: 1,
  handOvers: 0,
  deliverableId: null,
  openedAtMs: nowMs,
  deliveredAtMs: null,
});

/** What is told when a trial begins: the case, its texts and what the result is checked by, as the material that they are. */
export const trialOpening = ({ sample }: Pick<TrialSubject, "sample">): string =>
  [
    `# ${sample.title}`,
    sample.brief,
    `## Gives\n${sample.outputs.map((name) => `- ${name}`).join("\n")}`,
    `## Must fulfil\n${sample.checks.map(({ id, statement }) => `- ${id}: ${statement}`).join("\n")}`,
    ...sample.inputs.map(({ name, text }) => `## Input: ${name}\n\n${text}`),
  ].join("\n\n");
