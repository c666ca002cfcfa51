/** One organization as the page's fixture server tells it: every state the page has to draw, in documents of the contract. */
import type { TimelineEntry } from "../../src/contract/event-contract.ts";
import type { InboxItemDetail } from "../../src/contract/inbox-contract.ts";
import type { PlanTaskDocument, PlanView } from "../../src/contract/plan-contract.ts";
import type { DeliverableDocument, ProgressDocument } from "../../src/contract/progress-contract.ts";
import type { RequestListRow, RequestSummary } from "../../src/contract/request-contract.ts";
import type { MeDocument, PersonDocument } from "../../src/contract/session-contract.ts";
import type { TaskDetail } from "../../src/contract/task-contract.ts";

/** A stable id per number. */
export const idOf = (number: number): string => `0193f0a0-0000-7000-8000-${String(number).padStart(12, "0")}`;
export const shaOf = (digit: string): string => digit.repeat(64).slice(0, 64);

const minuteMs = 60_000;
export const nowMs = Date.now();
export const agoMs = (minutes: number): number => nowMs - minutes * minuteMs;

export const dana: PersonDocument = {
  id: idOf(1),
  name: "Dana Ortiz",
  email: "dana@example.org",
  roles: ["administrator", "director"],
  state: "active",
};
export const danaPerformer = { kind: "person", id: dana.id, name: dana.name } as const;
const persona = (key: string) => ({ kind: "persona", id: key, name: key }) as const;

export const me: MeDocument = {
  schema: "xvc.me/1",
  person: dana,
  organization: { id: idOf(2), name: "Acme Works", currency: "EUR" },
  projects: [
    {
      id: idOf(3),
      key: "ENG",
      name: "Engineering",
      mode: "real",
      state: "active",
      planApproverRoles: ["director"],
      access: { kind: "everyone" },
    },
    {
      id: idOf(4),
      key: "REH",
      name: "Rehearsal",
      mode: "rehearsal",
      state: "active",
      planApproverRoles: ["director"],
      access: { kind: "everyone" },
    },
  ],
  csrfToken: "csrf-of-the-fixture",
  solo: true,
};

const row = (number: number, title: string, rest: Pick<RequestSummary, "state" | "stage"> & Partial<RequestListRow>): RequestListRow => ({
  waitsFor: null,
  id: idOf(100 + number),
  label: `ENG-${number}`,
  title,
  projectId: idOf(3),
  projectKey: "ENG",
  stateSinceMs: agoMs(number * 7),
  requester: danaPerformer,
  urgency: "normal",
  riskClass: "low",
  playbook: null,
  openedAtMs: agoMs(number * 9 + 3),
  deadlineAtMs: null,
  deliveredAtMs: null,
  rehearsal: false,
  ...rest,
});

export const rows: readonly RequestListRow[] = [
  row(8, "Prepare the quarterly supplier review", { state: "needs-input", stage: "analysis", stateSinceMs: agoMs(4) }),
  row(7, "Assess this repository", {
    waitsFor: "you",
    state: "awaiting-approval",
    stage: "decomposition",
    playbook: "assess-repository",
    stateSinceMs: agoMs(2),
    deadlineAtMs: nowMs + 3 * 24 * 60 * minuteMs,
  }),
  row(6, "Build customer portal", {
    state: "active",
    stage: "execution",
    riskClass: "high",
    playbook: "customer-portal",
    deadlineAtMs: nowMs + 26 * 24 * 60 * minuteMs,
  }),
  row(
    5,
    "Compare the two payment providers for the European shops and write down which one we should move to before the end of the contract",
    { state: "paused", stage: "execution" },
  ),
  row(4, "Assess the billing service", {
    state: "delivered",
    stage: "integration",
    playbook: "assess-repository",
    deliveredAtMs: agoMs(30),
  }),
  {
    ...row(3, "Build customer portal", { state: "delivered", stage: "integration", rehearsal: true }),
    label: "REH-3",
    projectKey: "REH",
    projectId: idOf(4),
  },
  row(2, "Translate the onboarding mails", { state: "cancelled", stage: "decomposition" }),
];

const planTask = (task: string, title: string, rest: Partial<PlanTaskDocument>): PlanTaskDocument => ({
  task,
  title,
  persona: "code_analyst",
  dependencies: [],
  skills: ["code_analysis"],
  tools: ["source_reading"],
  inputs: ["repository"],
  outputs: [`${task}.json`],
  estimate: { lowHours: 0.002, likelyHours: 0.01, highHours: 0.05 },
  costMicro: 0,
  acceptance: [
    {
      id: "a1",
      statement: `${task}.json is there and is JSON.`,
      check: { kind: "output", output: `${task}.json`, mediaType: "application/json" },
    },
    {
      id: "a2",
      statement: "Every cited file is in the inventory, every cited line within it.",
      check: { kind: "rule", rule: "citations-exist", output: `${task}.json` },
    },
  ],
  risk: "low",
  origin: "playbook:assess-repository@1",
  review: "checks",
  maxAttempts: 3,
  ...rest,
});

const sections: readonly (readonly [string, string])[] = [
  ["module_graph", "Read the imports and find cycles and layers"],
  ["duplication", "Find code that stands more than once"],
  ["complexity", "Measure functions and files for complexity and size"],
  ["tests", "Find the tests and how they run"],
  ["dependencies", "Read the manifests and lock files"],
  ["secrets", "Look for credentials in the files"],
  ["documentation", "Check links and commands in the documentation"],
];

export const assessTasks: readonly PlanTaskDocument[] = [
  planTask("inventory", "List every file with its language, role and lines", {}),
  ...sections.map(([task, title]) => planTask(task, title, { dependencies: ["inventory"] })),
  planTask("history", "Read the history for hotspots and ownership", {
    dependencies: ["inventory", "complexity"],
    persona: "history_analyst",
  }),
  planTask("report", "Weigh the findings and write the report", {
    dependencies: [...sections.map(([task]) => task), "history"],
    persona: "report_editor",
    outputs: ["report.md", "report.html", "report.json"],
    estimate: { lowHours: 0.01, likelyHours: 0.02, highHours: 0.06 },
    review: "independent",
  }),
];

const portal = (task: string, title: string, rest: Partial<PlanTaskDocument>): PlanTaskDocument =>
  planTask(task, title, {
    risk: "medium",
    origin: "playbook:customer-portal@1",
    outputs: [`${task}.md`],
    review: "independent",
    inputs: [],
    acceptance: [
      { id: "a1", statement: `${task}.md is there.`, check: { kind: "output", output: `${task}.md` } },
      {
        id: "a2",
        statement: "The services meet the interfaces of the architecture document and their tests pass.",
        check: { kind: "person", question: "Do the services meet the documented interfaces?" },
      },
    ],
    ...rest,
  });

export const portalTasks: readonly PlanTaskDocument[] = [
  portal("architecture_design", "Design the architecture of the portal", {
    persona: "senior_architect",
    estimate: { lowHours: 4, likelyHours: 8, highHours: 20 },
  }),
  portal("ui_design", "Design the screens of the portal", {
    persona: "ux_designer",
    dependencies: ["architecture_design"],
    estimate: { lowHours: 8, likelyHours: 16, highHours: 40 },
  }),
  portal("backend_implementation", "Build the services of the portal", {
    persona: "backend_engineer",
    dependencies: ["architecture_design"],
    risk: "high",
    estimate: { lowHours: 16, likelyHours: 40, highHours: 100 },
  }),
  portal("integration_testing", "Test the portal as a whole", {
    persona: "qa_engineer",
    dependencies: ["ui_design", "backend_implementation"],
    estimate: { lowHours: 8, likelyHours: 16, highHours: 40 },
  }),
];

interface PlanSeed {
  readonly requestNumber: number;
  readonly tasks: readonly PlanTaskDocument[];
  readonly state: PlanView["plan"]["state"];
  readonly states: Readonly<Record<string, TaskDetail["state"]>>;
  readonly playbook: string;
  readonly criticalPath: readonly string[];
  readonly confirm: string | null;
}

export function planViewOf(seed: PlanSeed): PlanView {
  const forecast =
    seed.playbook === "customer-portal"
      ? { p50Hours: 71, p80Hours: 96, p90Hours: 118 }
      : { p50Hours: 0.04, p80Hours: 0.07, p90Hours: 0.11 };
  const whole = { ...forecast, criticalPath: seed.criticalPath, costMicro: { p50: 0, p90: 0 } };
  return {
    schema: "xvc.plan-view/1",
    plan: {
      id: idOf(200 + seed.requestNumber),
      requestId: idOf(100 + seed.requestNumber),
      number: 1,
      state: seed.state,
      title: seed.playbook,
      origin: { kind: "playbook", name: `${seed.playbook}@1`, edited: false, proven: false, author: null },
      alwaysReview: seed.playbook === "customer-portal" ? ["architecture", "integration"] : [],
      taskCount: seed.tasks.length,
      costMicro: seed.playbook === "customer-portal" ? 8_480_000_000 : 0,
      currency: "EUR",
      forecast: whole,
      documentSha256: shaOf("ab"),
      proposedAtMs: agoMs(2),
      decidedAtMs: seed.state === "approved" ? agoMs(60) : null,
    },
    document: {
      schema: "xvc.plan/1",
      request: seed.playbook,
      version: 1,
      decomposition: seed.tasks,
      estimated_timeline: "",
      resource_requirements: {},
      currency: "EUR",
      forecast: whole,
    },
    tasks: seed.tasks.map((task, at) => ({
      taskId: idOf(300 + seed.requestNumber * 20 + at),
      task: task.task,
      state: seed.states[task.task] ?? "proposed",
      stateSinceMs: agoMs(12),
      blockedBy: seed.states[task.task] === "waiting" ? `Waits for ${task.dependencies.join(" and ")}` : null,
      performer: null,
      executor: null,
      attemptCount: seed.states[task.task] === "running" ? 2 : 1,
      round: 1,
      costMicro: 0,
    })),
    problems: [],
    approvalItemId: seed.state === "proposed" ? idOf(401) : null,
    mayDecide: seed.state === "proposed",
    whyNot: null,
    confirm: seed.confirm,
  };
}

export const assessPlan = planViewOf({
  requestNumber: 7,
  tasks: assessTasks,
  state: "proposed",
  states: {},
  playbook: "assess-repository",
  criticalPath: ["inventory", "complexity", "history", "report"],
  confirm: "000207",
});
export const portalPlan = planViewOf({
  requestNumber: 6,
  tasks: portalTasks,
  state: "approved",
  states: { architecture_design: "passed", ui_design: "in-review", backend_implementation: "running", integration_testing: "waiting" },
  playbook: "customer-portal",
  criticalPath: ["architecture_design", "backend_implementation", "integration_testing"],
  confirm: null,
});

const choice = (id: string, label: string, needs: InboxItemDetail["choices"][number]["needs"]) => ({ id, label, needs });

const item = (
  number: number,
  requestNumber: number,
  rest: Partial<InboxItemDetail> & Pick<InboxItemDetail, "kind" | "title" | "detail" | "ruleId" | "choices">,
): InboxItemDetail => {
  const request = rows.find((one) => one.id === idOf(100 + requestNumber)) ?? rows[0];
  if (request === undefined) throw new Error("the scenario has no request");
  return {
    schema: "xvc.inbox-item/1",
    id: idOf(400 + number),
    state: "open",
    requestId: request.id,
    requestLabel: request.label,
    requestTitle: request.title,
    projectId: request.projectId,
    subjectKind: "request",
    subjectId: request.id,
    risk: "low",
    roles: ["director", "lead"],
    delegate: null,
    askedAtMs: agoMs(number * 3),
    dueAtMs: null,
    defaultChoice: null,
    paused: false,
    overdue: false,
    mine: true,
    asksMe: false,
    clock: { dueAtMs: null, pausedAtMs: null, remindersAtMs: [], atExpiry: "It waits without a due time.", ladder: [] },
    agreement: { quorum: 1, votes: [], stillNeeded: [] },
    why: { ruleId: rest.ruleId, ruleText: "A person decides this.", policies: [] },
    money: null,
    earlier: [],
    may: { answer: true, delegate: true, askBack: true, reply: false, reason: null },
    laterUntilMs: null,
    askBacks: [],
    handOvers: [],
    mayAnswer: true,
    whyNot: null,
    rehearsal: request.rehearsal,
    evidence: {},
    answer: null,
    confirm: null,
    taskId: null,
    planId: null,
    ...rest,
  };
};

export const items: readonly InboxItemDetail[] = [
  item(1, 7, {
    kind: "approval",
    title: "Approve the plan of ENG-7: Assess this repository?",
    detail: "The plan has 10 tasks from playbook assess-repository, version 1. Approving starts them. Nothing leaves this machine.",
    ruleId: "plan.approve:director",
    subjectKind: "plan",
    subjectId: assessPlan.plan.id,
    planId: assessPlan.plan.id,
    confirm: "000207",
    choices: [
      choice("approve", "Approve and start", "nothing"),
      choice("changes", "Ask for another plan", "plan"),
      choice("reject", "Reject and end the request", "reason"),
    ],
    evidence: { documentSha256: shaOf("ab"), taskCount: 10, costMicro: 0 },
    dueAtMs: nowMs + 20 * minuteMs,
    askedAtMs: agoMs(220),
    clock: {
      dueAtMs: nowMs + 20 * minuteMs,
      pausedAtMs: null,
      remindersAtMs: [nowMs + 10 * minuteMs],
      atExpiry: "Nothing is approved by time alone: it stays open and reaches Lee Park.",
      ladder: [{ atMs: nowMs + 20 * minuteMs, who: ["Lee Park"] }],
    },
    why: {
      ruleId: "plan.approve:director",
      ruleText: "A plan starts only after a director approved it.",
      policies: [{ key: "plans-need-a-director", version: 2, statement: "Plans of low risk are approved by one director." }],
    },
    agreement: {
      quorum: 2,
      votes: [{ personId: idOf(5), name: "Lee Park", choice: "approve", reason: "Small and local.", atMs: agoMs(12) }],
      stillNeeded: [{ personId: idOf(1), name: "Dana Ortiz" }],
    },
    money: { costMicro: 12_500_000, currency: "EUR" },
    earlier: [
      {
        decisionId: idOf(601),
        label: "ENG-4",
        title: "Assess the billing service",
        choice: "approve",
        byName: "Dana Ortiz",
        atMs: agoMs(3_000),
      },
    ],
  }),
  item(2, 8, {
    kind: "question",
    title: 'How should "Prepare the quarterly supplier review" be done?',
    detail: "No playbook fits, and nothing is guessed. Pick a playbook, write the tasks, or make it one task for a person.",
    ruleId: "planning.no-playbook",
    risk: "medium",
    dueAtMs: nowMs + 180 * minuteMs,
    choices: [
      choice("playbook", "Pick a playbook", "playbook"),
      choice("tasks", "Write the tasks (table, JSON or a Markdown checklist)", "plan"),
      choice("one-task", "One task for a person", "task"),
    ],
    evidence: { questionId: "how" },
  }),
  item(3, 6, {
    kind: "check",
    title: "Does every screen have a keyboard path and its empty, loading and error states?",
    detail: "Criterion a2 of ui_design is judged by a person. Passing needs your reason, which becomes the evidence.",
    ruleId: "review.person-check",
    risk: "medium",
    taskId: idOf(421),
    choices: [choice("pass", "Passes", "reason"), choice("fail", "Does not pass: send back", "reason")],
  }),
  item(4, 5, {
    kind: "escalation",
    title: "Three attempts at compare_fees failed; what now?",
    detail: "The last failure: the rate table of the second provider could not be read.",
    ruleId: "review.attempts-spent",
    risk: "high",
    mine: false,
    mayAnswer: false,
    may: { answer: false, delegate: false, askBack: false, reply: false, reason: "This waits for a lead; you hold another role." },
    whyNot: "This waits for a lead; you hold another role.",
    roles: ["lead"],
    choices: [choice("retry", "Try once more", "nothing"), choice("fail", "Give the task up", "reason")],
  }),
];

const stageOrder = ["request", "analysis", "decomposition", "assignment", "execution", "review", "integration"] as const;

function railOf(summary: RequestSummary): ProgressDocument["rail"] {
  const here = stageOrder.indexOf(summary.stage);
  const done = summary.state === "delivered";
  return stageOrder.map((stage, at) => ({
    stage,
    status: at < here || done ? "done" : at === here ? "current" : "ahead",
    enteredAtMs: at <= here ? agoMs(60 - at * 5) : null,
    spentMs: at <= here ? ([4_000, 51_000, 132_000, 9_000, 3_420_000, 640_000, 71_000][at] ?? 0) : 0,
  }));
}

const headlines: Readonly<Record<string, string>> = {
  "awaiting-approval": "Waits for your approval of the plan; 10 tasks start after it.",
  "needs-input": "Waits for your answer: how should it be done?",
  active: "1 of 4 tasks is done; the services are being built and the screens are in review.",
  paused: "Paused by Dana Ortiz.",
  delivered: "Delivered. Nobody has accepted it yet.",
  cancelled: "Cancelled by Dana Ortiz.",
};

export const deliverable: DeliverableDocument = {
  schema: "xvc.deliverable/1",
  id: idOf(500),
  requestId: idOf(104),
  requestLabel: "ENG-4",
  planId: idOf(204),
  state: "delivered",
  rehearsal: false,
  files: [
    { name: "report.md", sha256: shaOf("1"), mediaType: "text/markdown", bytes: 18_204 },
    { name: "report.html", sha256: shaOf("2"), mediaType: "text/html", bytes: 214_880 },
    { name: "report.json", sha256: shaOf("3"), mediaType: "application/json", bytes: 92_113 },
  ],
  checks: [
    { criterionId: "d1", kind: "rule", verdict: "pass", detail: "Every section of the plan is in the report.", evidence: { sections: 10 } },
    {
      criterionId: "d2",
      kind: "rule",
      verdict: "pass",
      detail: "20 citations were read again by another program.",
      evidence: { read: 20, wrong: 0 },
    },
  ],
  deliveredAtMs: agoMs(30),
};

const brief: ProgressDocument["brief"] = {
  interpretation: "Assess this repository: done as playbook assess-repository describes.",
  goals: ["Assess this repository"],
  constraints: ["works on: repository (git-repository)", "a deadline was given"],
  unknowns: [],
  options: [
    {
      id: "assess-repository",
      summary: "Playbook assess-repository, version 1.",
      chosen: true,
      why: 'The request says "assess this repository".',
    },
  ],
  approach: "Nine readings of the repository by rules, then one report; every finding cites file and line.",
  riskClass: "low",
  playbook: "assess-repository",
};

export function progressOf(label: string): ProgressDocument | undefined {
  const summary = rows.find((one) => one.label === label || one.id === label);
  if (summary === undefined) return undefined;
  const plan = summary.label === "ENG-7" ? assessPlan : summary.label === "ENG-6" || summary.rehearsal ? portalPlan : null;
  const delivered = summary.state === "delivered";
  return {
    schema: "xvc.progress/1",
    request: summary.label,
    stage: summary.stage,
    state: summary.state,
    tasks: (plan?.tasks ?? []).map((task) => ({
      task: task.task,
      task_id: task.taskId,
      title: plan?.document.decomposition.find((one) => one.task === task.task)?.title ?? task.task,
      status: delivered ? "integrated" : task.state,
      since: task.stateSinceMs,
      blocked_by: [],
      performer: null,
      executor: null,
      checking: false,
      gate: null,
      started: null,
      due: null,
      forecast: null,
      finished: null,
      attempts: 1,
      cost_micro: 0,
    })),
    escalations: [],
    as_of: Date.now(),
    position: "1-1",
    headline: headlines[summary.state] ?? "Under way.",
    summary: {
      ...summary,
      text: summary.title,
      budgetMicro: summary.label === "ENG-6" ? 12_000_000_000 : null,
      pausedFrom: null,
      approveBeforehand: false,
      version: 3,
    },
    inputs:
      summary.playbook === "assess-repository"
        ? [{ name: "repository", kind: "git-repository", origin: "/srv/projects/billing", artifacts: [], facts: {} }]
        : [],
    brief: summary.stage === "analysis" ? null : brief,
    plan: plan?.plan ?? null,
    rail: railOf(summary),
    deliverable: delivered ? { ...deliverable, rehearsal: summary.rehearsal, requestLabel: summary.label } : null,
    inbox: items.filter((one) => one.requestId === summary.id),
    decisions:
      plan?.plan.state === "approved"
        ? [
            {
              id: idOf(600),
              question: `Approve the plan of ${summary.label}?`,
              choice: "approve",
              rationale: "The order is right and the budget holds.",
              decider: danaPerformer,
              authority: "plan.approve:director",
              soloWaiver: true,
              madeAtMs: agoMs(60),
              evidence: {},
            },
          ]
        : [],
    costMicro: summary.label === "ENG-6" ? 1_920_000_000 : 0,
    currency: "EUR",
  };
}

const entry = (number: number, kind: string, sentence: string, actor: TimelineEntry["actor"]): TimelineEntry => ({
  cursor: `1-${number}`,
  atMs: agoMs(60 - number * 4),
  recordedAtMs: agoMs(60 - number * 4),
  kind,
  subjectKind: "request",
  subjectId: idOf(106),
  actor,
  sentence,
  data: { number },
});
const engineActor = { kind: "system", id: "worker", name: "worker" } as const;

export const timeline: readonly TimelineEntry[] = [
  entry(1, "request.submitted", "Dana Ortiz filed the request.", { ...danaPerformer }),
  entry(2, "request.analysing", "Analysis started.", engineActor),
  entry(3, "plan.proposed", "Playbook customer-portal gave a plan of 4 tasks.", engineActor),
  entry(4, "plan.decided", "Dana Ortiz approved the plan as a solo waiver.", { ...danaPerformer }),
  entry(5, "task.passed", "Design the architecture of the portal passed its review.", {
    kind: "persona",
    id: "qa_engineer",
    name: "qa_engineer",
  }),
];

const taskOf = (at: number, rest: Partial<TaskDetail>): TaskDetail => {
  const spec = portalTasks[at];
  if (spec === undefined) throw new Error(`the scenario has no task ${at}`);
  return {
    schema: "xvc.task/1",
    id: idOf(420 + at),
    label: `ENG-6/${spec.task}`,
    task: spec.task,
    title: spec.title,
    requestId: idOf(106),
    requestLabel: "ENG-6",
    requestTitle: "Build customer portal",
    projectId: idOf(3),
    state: "running",
    stateSinceMs: agoMs(35),
    blockedBy: null,
    performer: persona(spec.persona),
    executor: "human",
    risk: spec.risk,
    attemptCount: 0,
    round: 0,
    estimateHours: spec.estimate.likelyHours,
    costMicro: 0,
    mayClaim: false,
    mine: false,
    rehearsal: false,
    planId: portalPlan.plan.id,
    persona: spec.persona,
    criteria: spec.acceptance.map((criterion) => ({
      id: criterion.id,
      statement: criterion.statement,
      check: { ...criterion.check },
    })) as TaskDetail["criteria"],
    worldviewChecks: [{ id: "run", kind: "rule", statement: "Tests that can fail were run, and their output is part of the result." }],
    dependsOn: spec.dependencies.map((key) => ({
      taskId: idOf(420),
      task: key,
      title: portalTasks.find((one) => one.task === key)?.title ?? key,
      state: "passed",
    })),
    dependents: [],
    brief: "A portal in which customers see their contracts, invoices and open questions.",
    inputs: [],
    upstream: [
      {
        task: "architecture_design",
        outputs: [{ name: "architecture_design.md", sha256: shaOf("4"), mediaType: "text/markdown", bytes: 9_120 }],
      },
    ],
    checking: false,
    maxAttempts: 3,
    expectedOutputs: spec.outputs,
    outputSchema: null,
    reworkPoints: [],
    outputs: [],
    assignment: null,
    attempts: [],
    reviews: [],
    readyAtMs: agoMs(50),
    startedAtMs: agoMs(35),
    acceptedAtMs: null,
    version: 4,
    ...rest,
  };
};

const failedCheck = {
  criterionId: "a2",
  kind: "person",
  verdict: "fail",
  detail: "The export of invoices has no error answer.",
  evidence: { reviewer: "qa_engineer", cited: "backend_implementation.md line 84" },
} as const;
const passedCheck = {
  criterionId: "a1",
  kind: "output",
  verdict: "pass",
  detail: "backend_implementation.md has 9,120 bytes.",
  evidence: { bytes: 9120, sha256: shaOf("4") },
} as const;

export const tasks: readonly TaskDetail[] = [
  taskOf(1, { state: "ready", mayClaim: true, performer: null }),
  taskOf(2, {
    mine: true,
    performer: danaPerformer,
    attemptCount: 1,
    round: 1,
    reworkPoints: [{ id: "p1", from: "qa_engineer", text: "The export of invoices has no error answer." }],
    attempts: [
      {
        id: idOf(701),
        number: 1,
        state: "submitted",
        performer: danaPerformer,
        executor: "human",
        startedAtMs: agoMs(200),
        endedAtMs: agoMs(90),
        interpretation: "",
        reworkPoints: [],
        pointAnswers: {},
        outputs: [{ name: "backend_implementation.md", sha256: shaOf("4"), mediaType: "text/markdown", bytes: 9_120 }],
        checks: [passedCheck],
        costMicro: 0,
        failure: null,
        notes: [],
      },
      {
        id: idOf(702),
        number: 2,
        state: "running",
        performer: danaPerformer,
        executor: "human",
        startedAtMs: agoMs(35),
        endedAtMs: null,
        interpretation: "",
        reworkPoints: [],
        pointAnswers: {},
        outputs: [],
        checks: [],
        costMicro: 0,
        failure: null,
        notes: [],
      },
    ],
    reviews: [
      {
        id: idOf(711),
        attemptId: idOf(701),
        round: 1,
        state: "done",
        reviewer: persona("qa_engineer"),
        executor: "rules",
        verdicts: [failedCheck],
        outcome: "rework",
        openedAtMs: agoMs(88),
        decidedAtMs: agoMs(80),
      },
    ],
  }),
  taskOf(3, { state: "waiting", performer: null, blockedBy: null }),
];
