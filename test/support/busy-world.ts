import { type PersonaProposal, personaProposalKind } from "../../src/core/personas/persona-proposal.ts";
import { attemptKind } from "../../src/core/execution/attempt.ts";
import { type TaskState, taskKind } from "../../src/core/execution/task.ts";
import { decisionKind } from "../../src/core/oversight/decision.ts";
import { inboxItemKind } from "../../src/core/oversight/inbox-item.ts";
import { type Project, projectKindOf } from "../../src/core/oversight/person.ts";
import { planKind } from "../../src/core/planning/plan.ts";
import { type RequestState, requestKind } from "../../src/core/requests/request.ts";
import { asId, type OrganizationId, type ProjectId } from "../../src/core/shared/ids.ts";
import type { Json } from "../../src/core/shared/json.ts";
import type { Change, EventDraft } from "../../src/core/shared/transition.ts";
import type { Store } from "../../src/engine/ports/store.ts";
import { sampleTask, sampleWorld } from "../conformance/sample-rows.ts";
import { command, created, nextId, nextKey } from "../conformance/store-fixture.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

const requestStates: readonly RequestState[] = [
  "active",
  "awaiting-approval",
  "needs-input",
  "active",
  "delivered",
  "integrating",
  "paused",
  "active",
  "closed",
  "submitted",
];
const taskStates: readonly TaskState[] = ["running", "in-review", "passed", "blocked", "escalated", "ready", "integrated", "rework"];
const performers = [
  { kind: "persona", id: "contributor" },
  { kind: "persona", id: "code_analyst" },
] as const;

export interface BusyPlace {
  readonly organizationId: OrganizationId;
  readonly personId: string;
  readonly project: Pick<Project, "key" | "name" | "mode">;
  readonly nowMs: number;
  /** 1 or more requests, each with four tasks, a plan and its events. */
  readonly requests: number;
}

/** A project in full swing: rows in most states, and the events that led to them over the last eighty days. Returns its id. */
export async function plantBusyProject(store: Store, place: BusyPlace): Promise<ProjectId> {
  const projectId = asId<"project">(nextId());
  const { organizationId, nowMs, personId } = place;
  const sample = sampleWorld(nextId, organizationId, projectId);
  const context = { organizationId, projectIds: [projectId], projectId, actor: { kind: "person", id: personId } as const, atMs: nowMs };
  const project: Project = {
    ...sample.project,
    ...place.project,
    state: "active",
    clockAtMs: place.project.mode === "rehearsal" ? nowMs : null,
  };
  await command(store, { ...context, projectId: null, cause: nextKey() }, { changes: [created(projectKindOf, project)] });
  // The sample's row is one of its kind; a page shows it beside the persona that it would change.
  const proposal = { ...(sample.proposal.row as PersonaProposal), key: "contributor" };
  await command(store, { ...context, projectId: null, cause: nextKey() }, { changes: [created(personaProposalKind, proposal)] });
  for (let number = 1; number <= place.requests; number += 1) {
    const atMs = nowMs - ((number * 37) % 80) * dayMs - hourMs;
    const { changes, events } = oneRequest({ ...place, projectId, number, atMs, sample });
    await command(store, { ...context, cause: nextKey(), atMs }, { changes, events });
  }
  return projectId;
}

interface Planted extends BusyPlace {
  readonly projectId: ProjectId;
  readonly number: number;
  readonly atMs: number;
  readonly sample: ReturnType<typeof sampleWorld>;
}

function oneRequest(planted: Planted): { readonly changes: readonly Change[]; readonly events: readonly EventDraft[] } {
  const { number, atMs, sample, personId, projectId, project } = planted;
  const requestId = nextId();
  const planId = nextId();
  const state = requestStates[number % requestStates.length] ?? "active";
  const request = {
    ...sample.request,
    id: requestId,
    projectId,
    number,
    title: `Renew contract ${String(number)} of the supplier list`,
    requesterId: asId<"person">(personId),
    state,
    pausedFrom: state === "paused" ? ("active" as const) : null,
    planId: asId<"plan">(planId),
    rehearsal: project.mode === "rehearsal",
    deadlineAtMs: number % 7 === 0 ? atMs + dayMs : null,
    brief: {
      interpretation: "",
      goals: [],
      constraints: [],
      unknowns: [],
      options: [],
      approach: "",
      riskClass: number % 5 === 0 ? ("high" as const) : ("low" as const),
      playbook: null,
    },
    openedAtMs: atMs - dayMs,
    stateSinceMs: atMs,
  };
  const hours = 10 + (number % 5) * 400;
  const plan = {
    ...sample.plan,
    id: planId,
    requestId: asId<"request">(requestId),
    state: "approved" as const,
    taskCount: 4,
    decidedAtMs: atMs,
    forecast: { p50Hours: hours, p80Hours: hours * 1.5, p90Hours: hours * 2, criticalPath: [], costMicro: { p50: 0, p90: 0 } },
  };
  const tasks = [0, 1, 2, 3].map((at) => {
    const taskState = taskStates[(number * 3 + at) % taskStates.length] ?? "ready";
    return sampleTask(
      { id: nextId(), requestId, planId },
      {
        key: `step${String(at)}`,
        ordinal: at,
        title: `Step ${String(at + 1)} of contract ${String(number)}`,
        state: taskState,
        stateSinceMs: atMs,
        performer: taskState === "ready" ? null : (performers[(number + at) % 3] ?? { kind: "person", id: personId }),
        blockedBy: taskState === "blocked" ? "question" : null,
      },
    );
  });
  const item = {
    ...sample.item,
    id: nextId(),
    requestId: asId<"request">(requestId),
    subjectId: requestId,
    title: `Which terms hold for contract ${String(number)}?`,
    risk: "medium" as const,
    state: number % 3 === 0 ? ("answered" as const) : ("open" as const),
    askedAtMs: atMs,
    dueAtMs: atMs + dayMs,
  };
  const decision = {
    ...sample.decision,
    id: nextId(),
    requestId: asId<"request">(requestId),
    subjectId: planId,
    subjectKind: "plan",
    question: `Approve the plan of contract ${String(number)}?`,
    options: [
      { id: "approve", label: "Approve and start" },
      { id: "reject", label: "Reject and end the request" },
    ],
    choice: "approve",
    state: "made" as const,
    rationale: "The terms are known.",
    evidence: { documentSha256: "ab".repeat(32), taskCount: 4 },
    deciderId: personId,
    madeAtMs: atMs,
    origin: "flow" as const,
    projectId: null,
    topic: null,
    confidence: null,
    links: [],
    validFromMs: atMs,
  };
  const attempts = tasks.slice(0, 2).map((task, at) => ({
    ...sample.attempt,
    id: nextId(),
    taskId: asId<"task">(task.id),
    requestId: asId<"request">(requestId),
    performer: performers[at] ?? performers[0],
    state: "submitted" as const,
    startedAtMs: atMs,
    endedAtMs: atMs + hourMs,
  }));
  const streams = new Map<string, number>();
  const event = (
    subjectKind: string,
    subjectId: string,
    ...[kind, data]: readonly [string, { readonly [name: string]: Json }]
  ): EventDraft => {
    const next = (streams.get(subjectId) ?? 0) + 1;
    streams.set(subjectId, next);
    return { subjectKind, subjectId, number: next, kind, data: { requestId, ...data } };
  };
  const events = [
    event("request", requestId, "request.submitted", { label: `${project.key}-${String(number)}`, title: request.title }),
    event("request", requestId, "request.analysing", { from: "submitted", msInState: number * 1_000 }),
    event("request", requestId, "request.planning", { from: "analysing", msInState: number * 60_000 }),
    event("request", requestId, "request.awaiting-approval", { from: "planning", msInState: number * 30_000 }),
    event("request", requestId, "request.active", { from: "awaiting-approval", msInState: number * hourMs }),
    event("decision", decision.id, "decision.made", {
      choice: "approve",
      authority: decision.authority,
      subjectKind: "plan",
      subjectId: planId,
    }),
    event("inbox_item", item.id, "decision.requested", { title: item.title }),
    ...(item.state === "answered"
      ? [event("inbox_item", item.id, "decision.answered", { choice: "approve", msWaited: number * 600_000 })]
      : []),
    ...tasks.flatMap((task, at) => {
      const passed = (number + at) % 4 !== 0;
      const performer = task.performer === null ? null : `${task.performer.kind}:${task.performer.id}`;
      return [
        event("task", task.id, "gate.decided", { taskKey: task.key, round: 1, verdict: passed ? "pass" : "rework", performer }),
        ...(passed
          ? [event("task", task.id, "task.accepted", { taskKey: task.key, round: 1 })]
          : [event("task", task.id, "task.rework", { taskKey: task.key, round: 1 })]),
      ];
    }),
    ...attempts.map((attempt) => event("attempt", attempt.id, "human.time", { taskKey: "step0", ms: number * 60_000 })),
    ...(state === "delivered" || state === "closed"
      ? [event("request", requestId, "request.delivered", { from: "integrating", msInState: number * 1_000 })]
      : []),
  ];
  const counted = <Row extends { readonly id: string; readonly eventCount: number }>(row: Row): Row => ({
    ...row,
    eventCount: streams.get(row.id) ?? 0,
  });
  return {
    events,
    changes: [
      created(requestKind, counted(request)),
      created(planKind, counted(plan)),
      ...tasks.map((task) => created(taskKind, counted(task))),
      ...attempts.map((attempt) => created(attemptKind, counted(attempt))),
      created(inboxItemKind, counted(item)),
      created(decisionKind, counted(decision)),
    ],
  };
}
