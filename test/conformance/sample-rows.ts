import type { Attempt } from "../../src/core/execution/attempt.ts";
import { sampleAutonomy } from "./sample-autonomy.ts";
import { sampleGate } from "./sample-gate.ts";
import { type SampleModels, sampleModels } from "./sample-models.ts";
import { sampleProposal } from "./sample-personas.ts";
import { attemptKind } from "../../src/core/execution/attempt.ts";
import { type Task, taskKind } from "../../src/core/execution/task.ts";
import { type Effect, effectKindOf } from "../../src/core/gate/effect.ts";
import { type Deliverable, deliverableKind } from "../../src/core/integration/deliverable.ts";
import { type Clock, clockKind } from "../../src/core/oversight/clock.ts";
import { type Fact, factKind } from "../../src/core/memory/fact.ts";
import { type Decision, decisionKind } from "../../src/core/oversight/decision.ts";
import { type InboxItem, inboxItemKind } from "../../src/core/oversight/inbox-item.ts";
import {
  type Organization,
  organizationKindOf,
  type Person,
  personKind,
  type Project,
  projectKindOf,
} from "../../src/core/oversight/person.ts";
import { type Persona, personaKind } from "../../src/core/personas/persona.ts";
import { type Plan, planKind, type Playbook, playbookKind } from "../../src/core/planning/plan.ts";
import type { PlanTask } from "../../src/core/planning/plan-document.ts";
import { requestKind, type WorkRequest } from "../../src/core/requests/request.ts";
import { type Review, reviewKind } from "../../src/core/review/review.ts";
import { asId, type Sha256 } from "../../src/core/shared/ids.ts";
import { entityRows } from "./sample-entities.ts";
import { type OversightRows, oversightRows, type SampleRow } from "./sample-oversight.ts";

/** One row of every kind, each pointing at the others as real ones do, so a store with foreign keys takes them too. */
export interface SampleWorld {
  readonly models: SampleModels;
  readonly gate: ReturnType<typeof sampleGate>;
  readonly autonomy: ReturnType<typeof sampleAutonomy>;
  readonly organization: Organization;
  readonly person: Person;
  readonly project: Project;
  readonly persona: Persona;
  readonly proposal: SampleRow;
  readonly playbook: Playbook;
  readonly request: WorkRequest;
  readonly plan: Plan;
  readonly task: Task;
  readonly attempt: Attempt;
  readonly review: Review;
  readonly effect: Effect;
  readonly item: InboxItem;
  readonly decision: Decision;
  readonly fact: Fact;
  readonly clock: Clock;
  readonly deliverable: Deliverable;
  /** Rows of the kinds that only oversight uses. */
  readonly oversight: OversightRows;
  /** Rows of the kinds that people keep beside requests. */
  readonly entities: OversightRows;
}

const first = { version: 1, eventCount: 0 } as const;
const hash = (digit: string): Sha256 => asId<"sha256">(digit.repeat(64));

export const samplePlanTask: PlanTask = {
  task: "draft",
  title: "Draft the text",
  persona: "writer",
  dependencies: [],
  skills: ["writing"],
  tools: [],
  inputs: [],
  outputs: ["draft.md"],
  estimate: { lowHours: 1, likelyHours: 2, highHours: 4 },
  costMicro: 5_000_000,
  acceptance: [{ id: "a1", statement: "There is a draft.", check: { kind: "output", output: "draft.md" } }],
  risk: "low",
  origin: "person",
  review: "independent",
  maxAttempts: 3,
};

export const sampleTask = (
  ids: { readonly id: string; readonly requestId: string; readonly planId: string },
  fields: Partial<Task> = {},
): Task => ({
  ...first,
  id: ids.id,
  requestId: asId(ids.requestId),
  planId: asId(ids.planId),
  key: "draft",
  ordinal: 0,
  title: "Draft the text",
  state: "ready",
  stateSinceMs: 1_000,
  spec: samplePlanTask,
  dependsOn: [],
  dependents: [],
  waitingOn: 0,
  blockedBy: null,
  blockers: [],
  performer: null,
  executor: null,
  assignment: null,
  attemptId: null,
  attemptNumber: 0,
  attemptCount: 0,
  round: 0,
  reworkPoints: [],
  answers: [],
  excludedPerformers: [],
  outputs: [],
  costMicro: 0,
  readyAtMs: 1_000,
  startedAtMs: null,
  acceptedAtMs: null,
  ...fields,
});

export const sampleClock = (id: string, subjectId: string, fields: Partial<Clock> = {}): Clock => ({
  ...first,
  id,
  state: "set",
  dueAtMs: 5_000,
  subjectKind: "inbox_item",
  subjectId,
  command: { kind: "remind" },
  actor: { kind: "system", id: "test" },
  ...fields,
});

export const sampleRequest = (
  ids: { readonly id: string; readonly projectId: string; readonly requesterId: string },
  fields: Partial<WorkRequest> = {},
): WorkRequest => ({
  ...first,
  id: ids.id,
  projectId: asId(ids.projectId),
  number: 1,
  title: "Write a page",
  text: 'Write a page about \u00e9tudes, \ud83d\ude80 and "quotes".',
  state: "submitted",
  pausedFrom: null,
  requesterId: asId(ids.requesterId),
  urgency: "normal",
  budgetMicro: null,
  deadlineAtMs: null,
  playbook: null,
  inputs: [],
  approveBeforehand: false,
  script: null,
  rehearsal: false,
  brief: null,
  answers: { a: [1, 2.5, null, { deep: true }] },
  planId: null,
  planCount: 0,
  epoch: 0,
  handOvers: 0,
  deliverableId: null,
  openedAtMs: 1_000,
  stateSinceMs: 1_000,
  deliveredAtMs: null,
  ...fields,
});

function planning(
  next: () => string,
  person: Person,
  projectId: string,
): Pick<SampleWorld, "persona" | "playbook" | "request" | "plan" | "task"> {
  const request = sampleRequest({ id: next(), projectId, requesterId: person.id });
  const plan: Plan = {
    ...first,
    id: next(),
    requestId: asId(request.id),
    number: 1,
    state: "proposed",
    origin: { kind: "person", name: "hand", edited: false, authorId: null },
    title: "Write a page",
    estimatedTimeline: "1 day",
    resourceRequirements: {},
    currency: "EUR",
    deliverable: [],
    forecast: null,
    taskCount: 1,
    costMicro: 0,
    documentSha256: hash("a"),
    openSinks: 1,
    proposedAtMs: 1_000,
    decidedAtMs: null,
  };
  return {
    persona: {
      ...first,
      id: next(),
      key: "writer",
      personaVersion: 1,
      worldview: "Short is kind.",
      specializations: ["text"],
      tools: [],
      skills: ["writing"],
      division: "support",
      executors: ["human"],
      costPerHourMicro: 80_000_000,
      capacity: 2,
    },
    playbook: {
      ...first,
      id: next(),
      name: "write-page",
      playbookVersion: 1,
      division: "support",
      matches: ["write a page"],
      inputs: [],
      deliverable: [],
      plan: {},
    },
    request,
    plan,
    task: sampleTask({ id: next(), requestId: request.id, planId: plan.id }),
  };
}

function working(next: () => string, task: Task): Pick<SampleWorld, "attempt" | "review" | "effect" | "deliverable"> {
  const { requestId, planId } = task;
  const taskId = asId<"task">(task.id);
  const attempt: Attempt = {
    ...first,
    id: next(),
    taskId,
    requestId,
    number: 1,
    state: "leased",
    performer: { kind: "persona", id: "writer" },
    executor: "scripted",
    epoch: 1,
    handOvers: 0,
    startedAtMs: null,
    endedAtMs: null,
    interpretation: "",
    reworkPoints: [],
    pointAnswers: {},
    outputs: [],
    checks: [],
    costMicro: 0,
    failure: null,
    notes: [],
  };
  return {
    attempt,
    review: {
      ...first,
      id: next(),
      taskId,
      attemptId: asId(attempt.id),
      requestId,
      round: 1,
      state: "open",
      reviewer: { kind: "persona", id: "editor" },
      executor: "scripted",
      epoch: 1,
      handOvers: 0,
      verdicts: [],
      outcome: null,
      openedAtMs: 1_000,
      decidedAtMs: null,
    },
    effect: {
      ...first,
      id: next(),
      effectKey: hash("e"),
      state: "intended",
      requestId,
      taskId,
      tool: "mail",
      deliveryClass: "keyed",
      effectKind: "send",
      step: "1",
      ordinal: 1,
      arguments: { to: "a@example.org" },
      epoch: 1,
      starts: 0,
      deadlineAtMs: null,
      result: null,
    },
    deliverable: {
      ...first,
      id: next(),
      requestId,
      planId,
      state: "delivered",
      rehearsal: false,
      files: [],
      checks: [],
      deliveredAtMs: 1_000,
    },
  };
}

function overseeing(next: () => string, request: WorkRequest): Pick<SampleWorld, "item" | "decision" | "fact" | "clock"> {
  const requestId = asId<"request">(request.id);
  const item: InboxItem = {
    ...first,
    id: next(),
    kind: "question",
    state: "open",
    requestId,
    subjectKind: "request",
    subjectId: request.id,
    title: "Which page?",
    detail: "",
    ruleId: "question",
    choices: [{ id: "answer", label: "Answer", needs: "text" }],
    risk: "low",
    roles: ["director"],
    excludedPersonIds: [],
    delegateId: null,
    evidence: {},
    askedAtMs: 1_000,
    dueAtMs: null,
    defaultChoice: null,
    answer: null,
  };
  return {
    item,
    decision: {
      ...first,
      id: next(),
      state: "proposed",
      requestId,
      subjectKind: "request",
      subjectId: request.id,
      question: "Go?",
      options: [],
      choice: null,
      rationale: "",
      evidence: {},
      deciderId: null,
      authority: "plan.approve:director",
      soloWaiver: false,
      madeAtMs: null,
      reviewAtMs: null,
      outcome: null,
      supersedesId: null,
      supersededById: null,
      origin: "recorded",
      projectId: request.projectId,
      topic: "going",
      confidence: { probability: 0.8, wouldProveWrong: "Nobody wants it." },
      links: [{ kind: "address", label: "the brief", address: "https://example.org/brief" }],
      validFromMs: null,
      validToMs: null,
    },
    fact: {
      ...first,
      id: next(),
      projectId: request.projectId,
      subjectKind: "words",
      subjectId: "the market",
      subjectName: "The Market",
      attribute: "size",
      periods: [
        { fromMs: 0, toMs: null, value: 12, source: { text: "a report", address: null }, byId: request.requesterId, recordedAtMs: 1_000 },
      ],
    },
    clock: sampleClock(next(), item.id),
  };
}

/** Builds one row of every kind. `organizationId` and `projectId` are the ids of the organization and project rows. */
export function sampleWorld(next: () => string, organizationId: string, projectId: string): SampleWorld {
  const person: Person = { ...first, id: next(), name: "Ada", email: "ada@example.org", roles: ["director"], state: "active" };
  const parts = planning(next, person, projectId);
  const work = working(next, parts.task);
  return {
    organization: { ...first, id: organizationId, name: "Sample", currency: "EUR", peopleCount: 1 },
    person,
    project: {
      ...first,
      id: projectId,
      key: `P${projectId.replaceAll("-", "").slice(4, 12).toUpperCase()}`,
      name: "Sample project",
      mode: "real",
      clockAtMs: null,
      planApproverRoles: ["director"],
      state: "active",
    },
    ...parts,
    ...work,
    ...overseeing(next, parts.request),
    oversight: oversightRows(next, { personId: person.id, requestId: parts.request.id }),
    models: sampleModels(next, work.attempt),
    proposal: sampleProposal(next()),
    gate: sampleGate(next, work.attempt),
    autonomy: sampleAutonomy(next, asId(projectId)),
    entities: entityRows(next, { personId: person.id, requestId: parts.request.id, projectId }),
  };
}

/** The rows of organization scope, in an order that foreign keys allow. */
export const organizationRows = (world: SampleWorld): readonly SampleRow[] => [
  { kind: organizationKindOf, row: world.organization },
  { kind: personKind, row: world.person },
  { kind: projectKindOf, row: world.project },
  { kind: personaKind, row: world.persona },
  world.proposal,
  world.models.agent,
  world.models.provider,
  ...world.gate.filter(({ kind }) => kind.scope === "organization"),
  ...world.autonomy.filter(({ kind }) => kind.scope === "organization"),
  { kind: playbookKind, row: world.playbook },
  ...world.oversight.ofOrganization,
  ...world.entities.ofOrganization,
];

/** The rows of project scope, in an order that foreign keys allow. */
export const projectRows = (world: SampleWorld): readonly SampleRow[] => [
  { kind: requestKind, row: world.request },
  { kind: planKind, row: world.plan },
  { kind: taskKind, row: world.task },
  { kind: attemptKind, row: world.attempt },
  { kind: reviewKind, row: world.review },
  world.models.turn,
  ...world.gate.filter(({ kind }) => kind.scope === "project"),
  ...world.autonomy.filter(({ kind }) => kind.scope === "project"),
  { kind: effectKindOf, row: world.effect },
  { kind: inboxItemKind, row: world.item },
  { kind: decisionKind, row: world.decision },
  { kind: factKind, row: world.fact },
  { kind: clockKind, row: world.clock },
  { kind: deliverableKind, row: world.deliverable },
  ...world.oversight.ofProject,
  ...world.entities.ofProject,
];
