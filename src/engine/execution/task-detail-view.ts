import { type Attempt, type CheckResult, attemptKind } from "../../core/execution/attempt.ts";
import { type ReworkPoint, type Task, taskKind } from "../../core/execution/task.ts";
import { projectKindOf } from "../../core/oversight/person.ts";
import { type ExecutorKind, type PersonaCheck, needsProof } from "../../core/personas/persona.ts";
import type { Watch } from "../../core/personas/watch.ts";
import { type WorkRequest, requestKind } from "../../core/requests/request.ts";
import { type Review, reviewKind } from "../../core/review/review.ts";
import type { Artifact } from "../../core/shared/content.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import { worldviewChecks } from "../personas/persona-rules.ts";
import type { Reader } from "../ports/store.ts";
import { type NamedPerformer, type People, namedPerformer, namedPerson, readPeople } from "../oversight/people-view.ts";
import { checksUnderWay } from "./checks-under-way.ts";
import { type TaskRowView, taskRowView } from "./task-view.ts";

export interface AttemptView extends Omit<
  Attempt,
  | "performer"
  | "version"
  | "eventCount"
  | "taskId"
  | "requestId"
  | "epoch"
  | "handOvers"
  | "provisional"
  | "personaVersion"
  | "provenModels"
  | "watch"
  | "redirection"
> {
  readonly performer: NamedPerformer;
  readonly trust?: AttemptTrustView;
}

/** How far whoever did it is trusted, and who judges it. */
interface AttemptTrustView {
  readonly provisional: boolean;
  readonly personaVersion: number | null;
  readonly watch: Watch | null;
  readonly redirection: { readonly direction: string; readonly by: NamedPerformer; readonly atMs: number } | null;
}

export interface ReviewView {
  readonly id: string;
  readonly attemptId: string;
  readonly round: number;
  readonly state: Review["state"];
  readonly reviewer: NamedPerformer;
  readonly executor: ExecutorKind;
  readonly verdicts: readonly CheckResult[];
  readonly outcome: Review["outcome"];
  readonly openedAtMs: number;
  readonly decidedAtMs: number | null;
}

interface Neighbour {
  readonly taskId: string;
  readonly task: string;
  readonly title: string;
  readonly state: Task["state"];
}

export interface TaskDetailView extends TaskRowView {
  readonly schema: "xvc.task/1";
  readonly planId: string;
  readonly persona: string;
  /** What the worldview of its performer, or of the persona that the plan names, adds for whoever judges the result. */
  readonly worldviewChecks: readonly PersonaCheck[];
  readonly criteria: readonly { readonly id: string; readonly statement: string; readonly check: JsonObject }[];
  readonly dependsOn: readonly Neighbour[];
  readonly dependents: readonly Neighbour[];
  readonly brief: string;
  readonly inputs: readonly { readonly name: string; readonly kind: string; readonly artifacts: readonly Artifact[] }[];
  readonly upstream: readonly { readonly task: string; readonly outputs: readonly Artifact[] }[];
  readonly expectedOutputs: readonly string[];
  readonly checking: boolean;
  readonly maxAttempts: number;
  readonly outputSchema: JsonObject | null;
  readonly reworkPoints: readonly ReworkPoint[];
  readonly outputs: readonly Artifact[];
  readonly assignment: JsonObject | null;
  readonly attempts: readonly AttemptView[];
  readonly reviews: readonly ReviewView[];
  readonly readyAtMs: number | null;
  readonly startedAtMs: number | null;
  readonly acceptedAtMs: number | null;
  readonly version: number;
}

/** Attempts and reviews shown; the first ones beyond it stay in the record. */
const maxShown = 100;

function attemptView(attempt: Attempt, people: People): AttemptView {
  const {
    id,
    number,
    state,
    executor,
    startedAtMs,
    endedAtMs,
    interpretation,
    reworkPoints,
    pointAnswers,
    outputs,
    checks,
    costMicro,
    failure,
    notes,
  } = attempt;
  const performer = namedPerformer(people, attempt.performer) ?? { ...attempt.performer, name: attempt.performer.id };
  return {
    id,
    number,
    state,
    performer,
    executor,
    startedAtMs,
    endedAtMs,
    interpretation,
    reworkPoints,
    pointAnswers,
    outputs,
    checks,
    costMicro,
    failure,
    notes,
    ...(needsProof(executor) ? { trust: trustOf(attempt, people) } : {}),
  };
}

function trustOf({ provisional, personaVersion, watch, redirection }: Attempt, people: People): AttemptTrustView {
  return {
    provisional: provisional === true,
    personaVersion: personaVersion ?? null,
    watch: watch ?? null,
    redirection:
      redirection === undefined
        ? null
        : { direction: redirection.direction, by: namedPerson(people, redirection.byId), atMs: redirection.atMs },
  };
}

function reviewView(review: Review, people: People): ReviewView {
  const { id, attemptId, round, state, executor, verdicts, outcome, openedAtMs, decidedAtMs } = review;
  const reviewer = namedPerformer(people, review.reviewer) ?? { ...review.reviewer, name: review.reviewer.id };
  return { id, attemptId, round, state, reviewer, executor, verdicts, outcome, openedAtMs, decidedAtMs };
}

const neighbour = (task: Task): Neighbour => ({ taskId: task.id, task: task.key, title: task.title, state: task.state });

/** A task with its context, attempts, verdicts and the form a person fills in. @throws {Failure} `task.not-found` */
export async function taskDetailView(reader: Reader, taskId: string, viewerId: string): Promise<TaskDetailView> {
  const task = await reader.get(taskKind, taskId);
  if (task === undefined)
    throw new Failure("not-found", "task.not-found", {
      message: "There is no such task, or it is not yours to see. xvc task list shows those that are.",
    });
  const [people, request, before, after, attempts, reviews] = await Promise.all([
    readPeople(reader),
    reader.get(requestKind, task.requestId),
    reader.getMany(taskKind, task.dependsOn),
    reader.getMany(taskKind, task.dependents),
    reader.find(attemptKind, { where: { taskId }, limit: maxShown }),
    reader.find(reviewKind, { where: { taskId }, limit: maxShown }),
  ]);
  const project = request === undefined ? undefined : await reader.get(projectKindOf, request.projectId);
  return {
    ...taskRowView(task, { viewerId, people, request, project }),
    schema: "xvc.task/1",
    ...contextOf(task, request),
    worldviewChecks: await worldviewChecks(reader, task.performer ?? { kind: "persona", id: task.spec.persona }),
    dependsOn: before.map(neighbour),
    dependents: after.map(neighbour),
    upstream: before.map((one) => ({ task: one.key, outputs: one.outputs })),
    checking: attempts.some((attempt) => attempt.id === task.attemptId && checksUnderWay(attempt)),
    maxAttempts: task.spec.maxAttempts,
    attempts: attempts.map((attempt) => attemptView(attempt, people)),
    reviews: reviews.map((review) => reviewView(review, people)),
    version: task.version,
  };
}

/** What the performer is told: the brief, the inputs and what has to come out. */
function contextOf(task: Task, request: WorkRequest | undefined) {
  const { spec } = task;
  const named = (request?.inputs ?? []).filter((input) => spec.inputs.length === 0 || spec.inputs.includes(input.name));
  return {
    planId: task.planId,
    persona: spec.persona,
    criteria: spec.acceptance.map(({ id, statement, check }) => ({ id, statement, check: { ...check } as JsonObject })), // a check is JSON: it came in as JSON
    brief: request?.brief?.interpretation ?? request?.text ?? "",
    inputs: named.map(({ name, kind, artifacts }) => ({ name, kind, artifacts })),
    expectedOutputs: spec.outputs,
    outputSchema: spec.outputSchema ?? null,
    reworkPoints: task.reworkPoints,
    outputs: task.outputs,
    assignment: task.assignment,
    readyAtMs: task.readyAtMs,
    startedAtMs: task.startedAtMs,
    acceptedAtMs: task.acceptedAtMs,
  } as const;
}
