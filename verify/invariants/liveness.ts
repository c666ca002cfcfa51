import { found, list, type Lookup, nameOf, number as numberOf, part, text, texts } from "../lookup.ts";
import { isTerminal } from "../machines.ts";
import type { Finding, StateRow } from "../world.ts";

/** A clock of a real project that is this late is not looked at by anybody. */
const lateClockMs = 30 * 60_000;

interface Live extends Lookup {
  /** Ids of jobs that run or wait to run; null when the engine's tables were not read. */
  readonly jobs: ReadonlySet<string> | null;
  readonly openItems: ReadonlyMap<string, readonly StateRow[]>;
  readonly clocks: ReadonlyMap<string, readonly StateRow[]>;
}

const groupOpen = (lookup: Lookup, kind: string, states: readonly string[]): ReadonlyMap<string, readonly StateRow[]> =>
  Map.groupBy(
    lookup.rowsOf(kind).filter((row) => states.includes(text(row, "state"))),
    (row) => text(row, "subjectId"),
  );

/** I7: whatever is not finished has a job, a clock or a person that it waits for. */
export function checkLiveness(lookup: Lookup): readonly Finding[] {
  const jobs = lookup.world.engine?.filter((job) => job.status === "queued" || job.status === "running").map((job) => job.id);
  const live: Live = {
    ...lookup,
    jobs: jobs === undefined ? null : new Set(jobs),
    openItems: groupOpen(lookup, "inbox_item", ["open", "delegated"]),
    clocks: groupOpen(lookup, "clock", ["set"]),
  };
  const checks: { readonly [kind: string]: (row: StateRow) => string | null } = {
    request: (row) => requestProblem(live, row),
    task: (row) => taskProblem(live, row),
    attempt: (row) => attemptProblem(live, row),
    review: (row) => reviewProblem(live, row),
    effect: (row) => effectProblem(live, row),
    inbox_item: (row) => itemProblem(live, row),
    clock: (row) => clockProblem(live, row),
    notice: (row) => noticeProblem(live, row),
    qualification: (row) =>
      text(row, "state") !== "running" || hasJob(live, "qualify", row) ? null : "A suite runs, and no job is on it.",
  };
  return Object.entries(checks).flatMap(([kind, problemOf]) =>
    lookup.rowsOf(kind).flatMap((row) => {
      const problem = problemOf(row);
      return problem === null ? [] : [found("I7", problem, { lookup, row })];
    }),
  );
}

const hasJob = (live: Live, kind: string, row: StateRow): boolean =>
  live.jobs === null || live.jobs.has(`${kind}:${row.id}:${String(numberOf(row, "epoch"))}`);

const asked = (live: Live, ...ids: readonly string[]): boolean => ids.some((id) => (live.openItems.get(id) ?? []).length > 0);

const requestOf = (live: Live, row: StateRow): StateRow | undefined => live.row(row.organizationId, "request", text(row, "requestId"));

const requestJobs: { readonly [state: string]: string } = { analysing: "analyse", planning: "plan", integrating: "integrate" };

function requestProblem(live: Live, row: StateRow): string | null {
  const state = text(row, "state");
  const job = requestJobs[state];
  if (job !== undefined) return jobProblem(live, row, job);
  if (state === "submitted") return "A request was submitted and never taken up.";
  if (state === "needs-input") return asked(live, row.id) ? null : "A request needs input, and nobody is asked.";
  if (state === "awaiting-approval")
    return asked(live, row.id, text(row, "planId")) ? null : "A plan awaits approval, and nobody is asked.";
  return state === "active" ? activeProblem(live, row) : null;
}

const jobProblem = (live: Live, row: StateRow, job: string): string | null =>
  hasJob(live, job, row) || asked(live, row.id) || isHeld(live, row)
    ? null
    : `A request is ${text(row, "state")}, and neither a job nor a person is on it.`;

/** An active request must have something that is neither done nor stuck behind something done. */
function activeProblem(live: Live, row: StateRow): string | null {
  const tasks = live.rowsOf("task").filter((task) => text(task, "requestId") === row.id && text(task, "planId") === text(row, "planId"));
  const moving = tasks.some((task) => !["passed", "integrated", "cancelled", "failed", "proposed"].includes(text(task, "state")));
  return moving || asked(live, row.id, ...tasks.map((task) => task.id)) ? null : "A request is active, and none of its tasks is.";
}

const idleRequest = new Set(["cancelled", "rejected", "closed", "delivered"]);

function taskProblem(live: Live, row: StateRow): string | null {
  const state = text(row, "state");
  const request = requestOf(live, row);
  const requestState = request === undefined ? "" : text(request, "state");
  const ended = ["passed", "integrated", "cancelled", "failed", "proposed"].includes(state);
  if (!ended && idleRequest.has(requestState)) return `A task is ${state}, and its request is ${requestState}.`;
  if (ended) return null;
  return taskWaits[state]?.(live, row, requestState) ?? null;
}

const taskWaits: { readonly [state: string]: (live: Live, row: StateRow, requestState: string) => string | null } = {
  waiting: (live, row) => waitingProblem(live, row),
  ready: (live, row, requestState) =>
    text(row, "executor") === "human" || requestState === "paused" || isHeld(live, row) ? null : "A task is ready, and nobody is to do it.",
  assigned: (live, row, requestState) =>
    requestState === "paused" || hasLiveAttempt(live, row) ? null : "A task is assigned, and no attempt of it is live.",
  running: (live, row) => (hasLiveAttempt(live, row) ? null : "A task is running, and no attempt of it is live."),
  "in-review": (live, row) =>
    hasOpenReview(live, row) || asked(live, row.id, text(row, "attemptId")) ? null : "A task is in review, and nobody reviews it.",
  rework: () => "A task stays in rework: nobody was given it again.",
  blocked: (live, row) =>
    asked(live, row.id, text(row, "attemptId"), ...blockerIds(live, row)) ? null : "A task is blocked, and nobody is asked.",
  escalated: (live, row) => (asked(live, row.id, text(row, "attemptId")) ? null : "A task is escalated, and nobody is asked."),
};

function waitingProblem(live: Live, row: StateRow): string | null {
  const dependencies = texts(row, "dependsOn").map((id) => live.row(row.organizationId, "task", id));
  const open = dependencies.filter((task) => task !== undefined && !["passed", "integrated"].includes(text(task, "state"))).length;
  if (open === 0) return "A task waits, and all it depends on has passed.";
  const counted = numberOf(row, "waitingOn");
  return counted === open ? null : `A task counts ${String(counted)} open dependencies and has ${String(open)}.`;
}

const hasLiveAttempt = (live: Live, row: StateRow): boolean => {
  const attempt = live.row(row.organizationId, "attempt", text(row, "attemptId"));
  return attempt !== undefined && !isTerminal("attempt", text(attempt, "state"));
};

const hasOpenReview = (live: Live, row: StateRow): boolean =>
  live.rowsOf("review").some((review) => text(review, "taskId") === row.id && text(review, "state") === "open");

/** Dependencies of the task that ended; the question about the ways on is asked about them. */
const blockerIds = (live: Live, row: StateRow): readonly string[] =>
  list(row, "blockers").flatMap((key) =>
    live
      .rowsOf("task")
      .filter((task) => text(task, "planId") === text(row, "planId") && text(task, "key") === key)
      .map((task) => task.id),
  );

function attemptProblem(live: Live, row: StateRow): string | null {
  const state = text(row, "state");
  if (isTerminal("attempt", state)) return null;
  const request = requestOf(live, row);
  const requestState = request === undefined ? "" : text(request, "state");
  if (idleRequest.has(requestState)) return `An attempt is ${state}, and its request is ${requestState}.`;
  const task = live.row(row.organizationId, "task", text(row, "taskId"));
  if (task !== undefined && text(task, "attemptId") !== row.id) return `An attempt is ${state}, and its task is at another one.`;
  if (requestState === "paused" && state === "leased") return null; // resuming gives it a job again
  if (typeof row.fields["heldById"] === "string") return heldProblem(live, row);
  return isServed(live, row) ? null : `An attempt is ${state}, and neither a job nor a clock nor a person is on it.`;
}

/** A person paused it and lets it go on. */
const isPaused = (row: StateRow): boolean => typeof row.fields["pausedById"] === "string";

const heldProblem = (live: Live, row: StateRow): string | null =>
  isHeld(live, row) ? null : "An attempt is held by a halt that was lifted.";

/** What a halt holds waits for it: lifting gives it a job again. */
function isHeld(live: Live, row: StateRow): boolean {
  const id = part(row.fields["heldBy"], "haltId") ?? row.fields["heldById"];
  const halt = typeof id === "string" ? live.row(row.organizationId, "halt", id) : undefined;
  return halt !== undefined && text(halt, "state") !== "lifted";
}

function isServed(live: Live, row: StateRow): boolean {
  if (isPaused(row)) return true;
  if (inHand(row)) return part(row.fields["performer"], "kind") === "person";
  return hasJob(live, "attempt", row) || (live.clocks.get(row.id) ?? []).length > 0 || asked(live, row.id, text(row, "taskId"));
}

/** A person has it in hand until they hand it in; then its checks run as a job. */
const inHand = (row: StateRow): boolean => text(row, "executor") === "human" && list(row, "outputs").length === 0;

function reviewProblem(live: Live, row: StateRow): string | null {
  if (text(row, "state") !== "open") return null;
  const task = live.row(row.organizationId, "task", text(row, "taskId"));
  if (task !== undefined && text(task, "state") !== "in-review") return `A review is open, and its task is ${text(task, "state")}.`;
  return hasJob(live, "review", row) || asked(live, row.id) || isHeld(live, row) ? null : "A review is open, and no job is on it.";
}

function effectProblem(live: Live, row: StateRow): string | null {
  const state = text(row, "state");
  if (state === "unknown") return asked(live, row.id) ? null : "Nobody is asked about an effect that is unknown.";
  if (state === "started" && typeof row.fields["deadlineAtMs"] !== "number") return "An effect was started without a deadline.";
  if (text(row, "deliveryClass") === "pure") return null; // nothing happened outside, so nothing waits
  return state === "started" && live.world.settled ? "An effect stays started after everything has come to rest." : null;
}

function itemProblem(live: Live, row: StateRow): string | null {
  if (!["open", "delegated"].includes(text(row, "state"))) return null;
  const people = live
    .rowsOf("person")
    .filter((person) => person.organizationId === row.organizationId && text(person, "state") === "active");
  const roles = list(row, "roles");
  const may = people.filter((person) => roles.length === 0 || list(person, "roles").some((role) => roles.includes(role)));
  if (may.length === 0) return "An item is open, and no active member may answer it.";
  const delegate = row.fields["delegateId"];
  if (text(row, "state") === "delegated" && !people.some((person) => person.id === delegate))
    return "An item is delegated to nobody who is active.";
  const request = requestOf(live, row);
  const requestState = request === undefined ? "" : text(request, "state");
  // What happened outside has to be found out, whatever became of the request.
  const outlives = text(row, "kind") === "unknown-effect";
  return !outlives && ["cancelled", "rejected", "closed"].includes(requestState)
    ? `An item is open, and its request is ${requestState}.`
    : null;
}

/** A message on its way has its job, a clock for its next try, or one for all that its channel holds back. */
function noticeProblem(live: Live, row: StateRow): string | null {
  if (text(row, "state") !== "pending") return null;
  const waitsFor = typeof row.fields["heldUntilMs"] === "number" ? text(row, "channelId") : row.id;
  const isWaiting = (live.clocks.get(waitsFor) ?? []).length > 0 || hasJob(live, "notify", row) || isHeld(live, row);
  return isWaiting ? null : "A message is pending, and neither a job nor a clock is on it.";
}

function clockProblem(live: Live, row: StateRow): string | null {
  if (text(row, "state") !== "set") return null;
  const project = live.row(row.organizationId, "project", row.projectId ?? "");
  const ownTime = project === undefined ? null : project.fields["clockAtMs"];
  const nowMs = typeof ownTime === "number" ? ownTime : live.world.readAtMs;
  const lateMs = nowMs - numberOf(row, "dueAtMs");
  return lateMs > lateClockMs ? `A clock has been due for ${String(Math.floor(lateMs / 60_000))} minutes (${nameOf(row)}).` : null;
}
