import type { Bench } from "../../core/assignment/choose-performer.ts";
import { mayServe } from "../../core/gate/provider.ts";
import { attemptKind, type Attempt } from "../../core/execution/attempt.ts";
import { type Task, taskKind } from "../../core/execution/task.ts";
import type { Surroundings } from "../../core/execution/unlock-dependents.ts";
import type { Asked, Authority } from "../../core/oversight/authority.ts";
import { type Clock, clockKind } from "../../core/oversight/clock.ts";
import { type InboxItem, inboxItemKind } from "../../core/oversight/inbox-item.ts";
import { type Person, personKind, projectKindOf } from "../../core/oversight/person.ts";
import { asksForTeams, mayEnter } from "../../core/oversight/project-access.ts";
import type { PolicyQuestion } from "../../core/oversight/policy-request.ts";
import { type Plan, planKind } from "../../core/planning/plan.ts";
import { type WorkRequest, requestKind } from "../../core/requests/request.ts";
import type { ExecutorKind } from "../../core/personas/persona.ts";
import type { Entity, EntityKind } from "../../core/shared/entity.ts";
import { Failure } from "../../core/shared/failure.ts";
import { activeTeams } from "../oversight/membership-view.ts";
import { authorityOf } from "../oversight/authority-of.ts";
import { readStandIns } from "../oversight/viewer.ts";
import type { Transaction } from "../ports/store.ts";
import type { Review } from "../../core/review/review.ts";
import type { LoadContext } from "./command-handler.ts";
import type { Neighbours } from "./neighbours.ts";

/** Locks one row. @throws {Failure} `<kind>.not-found` */
export async function lockOne<Row extends Entity>(transaction: Transaction, kind: EntityKind<Row>, id: string): Promise<Row> {
  const [row] = await transaction.lock(kind, [id]);
  return found(row, kind, id);
}

/** Keeps one row from changing while this commits; others may hold it so too. @throws {Failure} `<kind>.not-found` */
export async function shareOne<Row extends Entity>(transaction: Transaction, kind: EntityKind<Row>, id: string): Promise<Row> {
  const [row] = await transaction.share(kind, [id]);
  return found(row, kind, id);
}

/** Reads one row without a lock. @throws {Failure} `<kind>.not-found` */
export async function readOne<Row extends Entity>(transaction: Transaction, kind: EntityKind<Row>, id: string): Promise<Row> {
  return found(await transaction.get(kind, id), kind, id);
}

function found<Row extends Entity>(row: Row | undefined, kind: EntityKind<Row>, id: string): Row {
  if (row === undefined)
    throw new Failure("not-found", `${kind.name.replaceAll("_", "-")}.not-found`, {
      message: `There is no ${kind.name.replaceAll("_", " ")} with the id ${id} here.`,
      id,
    });
  return row;
}

/** Whether a model may be asked for the project at hand. */
async function hasModel(transaction: Transaction, { capabilities, caller, shelf }: LoadContext): Promise<boolean> {
  const { organizationId, projectId } = caller;
  if (projectId === null || !capabilities.executors.includes("model")) return false;
  return (await shelf.providers(transaction, organizationId)).some((provider) => mayServe(provider, projectId));
}

/** What this installation could run, and nothing is connected for. */
async function missingExecutors(transaction: Transaction, context: LoadContext): Promise<readonly ExecutorKind[]> {
  const agents = context.capabilities.executors.includes("agent")
    ? await context.shelf.agents(transaction, context.caller.organizationId)
    : [];
  return [
    ...((await hasModel(transaction, context)) ? [] : (["model"] as const)),
    ...(agents.some(({ state }) => state === "active") ? [] : (["agent"] as const)),
  ];
}

/** The personas and executors that can take work of this project. */
export async function loadBench(transaction: Transaction, context: LoadContext, rehearsal: boolean): Promise<Bench> {
  const { organizationId } = context.caller;
  const personas = await context.shelf.personas(transaction, organizationId);
  const missing = rehearsal ? [] : await missingExecutors(transaction, context);
  return {
    personas,
    executors: rehearsal ? ["scripted"] : context.capabilities.executors.filter((kind) => !missing.includes(kind)),
    ruleTasks: rehearsal ? [] : context.capabilities.ruleTasks,
    ...(rehearsal ? {} : await loadTrust(transaction, context)),
  };
}

/** How far personas are trusted, and which versions of them work. A rehearsal is scripted: there it is no matter. */
const loadTrust = async (transaction: Transaction, { caller, shelf }: LoadContext): Promise<Pick<Bench, "ladders" | "candidacies">> => ({
  ladders: await shelf.ladders(transaction, caller.organizationId),
  candidacies: await shelf.candidacies(transaction, caller.organizationId),
});

/** What an attempt or review belongs to: remembered, or read from its row. @throws {Failure} `attempt.not-found`, `review.not-found` */
export async function neighboursOf(
  transaction: Transaction,
  context: LoadContext,
  asked: { readonly kind: EntityKind<Attempt> | EntityKind<Review>; readonly id: string },
): Promise<Neighbours> {
  const known = context.neighbours.of(context.caller, asked.id);
  if (known !== undefined) return known;
  const row = await readOne<Attempt | Review>(transaction, asked.kind as EntityKind<Attempt | Review>, asked.id); // one of the two
  const found = { requestId: row.requestId, taskId: row.taskId, ...("attemptId" in row ? { attemptId: row.attemptId } : {}) };
  context.neighbours.remember(context.caller, asked.id, found);
  return found;
}

/** Locks what a task that ends will probably touch, in the same round trip as the task itself. */
export async function lockGuessed(transaction: Transaction, task: Neighbours["task"]): Promise<Guessed> {
  if (task === undefined) return { ids: null, dependents: [], plan: undefined };
  const [dependents, plan] = await Promise.all([
    transaction.lock(taskKind, task.dependents),
    task.dependents.length === 0 ? lockOne(transaction, planKind, task.planId) : undefined,
  ]);
  return { ids: task.dependents, dependents, plan };
}

interface Guessed {
  /** Null: nothing was guessed. */
  readonly ids: readonly string[] | null;
  readonly dependents: readonly Task[];
  readonly plan: Plan | undefined;
}

const sameIds = (left: readonly string[], right: readonly string[]): boolean =>
  left.length === right.length && left.every((id, at) => id === right[at]);

/**
 * What a finished task may touch: its dependents locked by id, its plan only when nobody depends on it, and the
 * bench only when something may become ready. The cost follows the task's own edges, never the plan.
 *
 * @param about `guessed` stands when a change of the plan has not given the task other dependents meanwhile
 */
export async function loadSurroundings(
  transaction: Transaction,
  context: LoadContext,
  about: { readonly request: WorkRequest; readonly task: Task; readonly guessed?: Guessed },
): Promise<Surroundings> {
  const { request, task, guessed } = about;
  const holds =
    guessed !== undefined &&
    guessed.ids !== null &&
    sameIds(guessed.ids, task.dependents) &&
    (guessed.plan === undefined || guessed.plan.id === task.planId);
  const [bench, { dependents, plan }] = await Promise.all([
    loadBench(transaction, context, request.rehearsal),
    holds ? guessed : lockGuessed(transaction, task),
  ]);
  return { request, plan, dependents, bench };
}

/** The attempt a task is at, locked. */
export async function loadAttempt(transaction: Transaction, task: Pick<Task, "attemptId">): Promise<Attempt | undefined> {
  if (task.attemptId === null) return undefined;
  return (await transaction.lock(attemptKind, [task.attemptId]))[0];
}

/** Most clocks of some attempts at once; an attempt has one at a time. */
const maxClocks = 10_000;

/** Clocks that would still end these attempts, locked. */
export async function lockClocksOf(transaction: Transaction, attempts: readonly Attempt[]): Promise<readonly Clock[]> {
  if (attempts.length === 0) return [];
  const set = await transaction.find(clockKind, {
    where: { state: "set", subjectId: attempts.map((attempt) => attempt.id) },
    limit: maxClocks,
  });
  const locked = await transaction.lock(
    clockKind,
    set.map((clock) => clock.id),
  );
  return locked.filter((clock) => clock.state === "set");
}

/** The acting person's row, when a person acts. */
export async function loadPerson(transaction: Transaction, context: LoadContext): Promise<Person | undefined> {
  const { actor } = context.caller;
  return actor.kind === "person" ? transaction.get(personKind, actor.id) : undefined;
}

/** Most members looked at when counting who else could decide. */
const maxMembers = 1_000;

/** What is asked of whom, and what the actor typed to stand in for two. */
export interface Asking extends Asked {
  /** What the policies are asked. */
  readonly question: PolicyQuestion;
  readonly delegateId: string | null;
  readonly confirmation: string | null;
  /** What has to be typed. */
  readonly shortId: string;
}

/** Active members who may enter the project: whoever cannot see a thing can neither decide it nor be waited for. */
const activeMembers = async (transaction: Transaction, context: LoadContext): Promise<readonly Person[]> =>
  whoMayEnter(transaction, context, await transaction.find(personKind, { where: { state: "active" }, limit: maxMembers }));

/** Those of the active members given who may enter the caller's project; all of them outside of a project. */
export async function whoMayEnter(
  transaction: Transaction,
  { caller }: LoadContext,
  members: readonly Person[],
): Promise<readonly Person[]> {
  if (members.length === 0 || caller.projectId === null) return members;
  const project = await transaction.get(projectKindOf, caller.projectId);
  if (project === undefined || project.access === undefined || project.access.kind === "everyone") return members;
  const teams = asksForTeams(project) ? await activeTeams(transaction) : [];
  return members.filter((member) => mayEnter(project, member, teams));
}

/** Asks the policies in force and the rules of four-eyes, with everything they need to know about the actor and the others. */
export async function loadAuthority(transaction: Transaction, context: LoadContext, asking: Asking): Promise<Authority> {
  const members = await activeMembers(transaction, context);
  const { actor, organizationId, projectId } = context.caller;
  const standIns = await readStandIns(transaction);
  const judge = await context.policies.hold(transaction, organizationId);
  return authorityOf(judge, asking, { actor, members, ...standIns, nowMs: context.nowMs, projectId });
}

/** How many active members the project has, counted up to the bound. */
export const countMembers = async (transaction: Transaction, context: LoadContext): Promise<number> =>
  (await activeMembers(transaction, context)).length;

/** Open inbox items of a request or of one subject, locked; at most 10,000. */
export async function lockOpenItems(
  transaction: Transaction,
  where: { readonly requestId: string } | { readonly subjectId: string },
): Promise<readonly InboxItem[]> {
  const open = await transaction.find(inboxItemKind, { where: { ...where, state: ["open", "delegated"] }, limit: 10_000 });
  return transaction.lock(
    inboxItemKind,
    open.map((item) => item.id),
  );
}

/** A request by id, shared: it keeps its state until this commits, and many tasks may hold it so at once. */
export const shareRequest = (transaction: Transaction, id: string): Promise<WorkRequest> => shareOne(transaction, requestKind, id);
