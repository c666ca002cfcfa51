import { type Clock as ClockRow, clockKind } from "../../core/oversight/clock.ts";
import { inboxItemKind } from "../../core/oversight/inbox-item.ts";
import { attemptKind } from "../../core/execution/attempt.ts";
import { reviewKind } from "../../core/review/review.ts";
import { readScript, scriptedAnswer } from "../../core/execution/rehearsal-script.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import { requestKind } from "../../core/requests/request.ts";
import { type Project, projectKindOf } from "../../core/oversight/person.ts";
import { Failure } from "../../core/shared/failure.ts";
import { type OrganizationId, asId } from "../../core/shared/ids.ts";
import type { Clock } from "../ports/clock.ts";
import type { CrashProbe } from "../ports/crash-point.ts";
import type { Durable } from "../ports/durable.ts";
import type { Scope, Store } from "../ports/store.ts";
import type { Engine } from "../engine.ts";
import { haltReleases } from "../gate/release-held.ts";
import { haltStops } from "../gate/stop-halted.ts";
import { abandonedEffects } from "../gate/abandoned-effects.ts";
import { expiredSpend, spendReleases } from "../gate/spend-releases.ts";
import { dueItems, nextItemDueMs } from "./due-items.ts";
import { settleRemovals } from "./settle-removals.ts";
import { hasMovedOn } from "../shared/refusal.ts";
import type { Caller } from "../shared/caller.ts";
import type { Command } from "../shared/commands.ts";
import { requestIdsOf } from "./item-place.ts";

/** What the sweeper works with. */
export interface SweepDependencies {
  readonly engine: Engine;
  readonly store: Store;
  readonly clock: Clock;
  readonly durable: Durable;
  readonly crash: CrashProbe;
  readonly organizationId: OrganizationId;
  /** Hears of every refused act, with its reason. */
  readonly onRefused: (kind: string, failure: Failure) => void;
}

/** Rows of each kind handled in one sweep; the rest waits for the next. */
const batch = 100;

/** What one sweep did, so that the caller can sweep again soon or wait. */
export interface Swept {
  readonly fired: number;
  readonly handedOver: number;
  readonly advanced: number;
}

/**
 * One round of what time brings: due clocks, jobs of dead workers, and rehearsal clocks that may go forward.
 * Every act is a keyed command, so late, early and double sweeps change nothing. Cost follows what is due.
 */
export async function sweep(use: SweepDependencies): Promise<Swept> {
  const handedOver = await handOverLost(use);
  const projects = await use.store.read({ organizationId: use.organizationId, projectIds: [] }, (reader) =>
    reader.find(projectKindOf, { where: { state: "active" }, limit: 10_000 }),
  );
  await stopHalted(use, projects);
  await releaseHeld(use, projects);
  await settleAbandoned(use, projects);
  await settleRemovals(use.engine, use.organizationId);
  const real = projects.filter((project) => project.mode === "real");
  const nowMs = use.clock.nowMs();
  let fired = (await fireItems(use, real, nowMs)) + (await fireClocks(use, real, nowMs));
  let advanced = 0;
  for (const project of projects) {
    if (project.mode !== "rehearsal") continue;
    const done = await sweepRehearsal(use, project);
    fired += done.fired;
    advanced += done.advanced;
  }
  return { fired, handedOver, advanced };
}

async function handOverLost(use: SweepDependencies): Promise<number> {
  const lost = await use.durable.lostJobs();
  for (const job of lost) {
    const caller = {
      ...sweeper(use, job.projectId, `lost:${job.kind}:${job.subjectId}:${job.epoch}`),
      organizationId: asId<"organization">(job.organizationId),
    };
    await send(use, caller, { kind: "lose-lease", jobKind: job.kind, subjectId: job.subjectId, epoch: job.epoch });
    use.crash("lease.after-loss");
    await use.durable.cancel(job);
  }
  return lost.length;
}

/** Ends what runs under a halt, first on record and then where it runs. */
async function stopHalted(use: SweepDependencies, projects: readonly Project[]): Promise<void> {
  const scope: Scope = { organizationId: use.organizationId, projectIds: projects.map((project) => asId(project.id)) };
  for (const { projectId, key, command, job } of await use.store.read(scope, haltStops)) {
    if (await send(use, sweeper(use, projectId, key), command)) await use.durable.cancel(job);
  }
}

/** Gives back what a lifted halt held. */
async function releaseHeld(use: SweepDependencies, projects: readonly Project[]): Promise<void> {
  const scope: Scope = { organizationId: use.organizationId, projectIds: projects.map((project) => asId(project.id)) };
  for (const { projectId, key, command } of await use.store.read(scope, haltReleases))
    await send(use, { ...sweeper(use, "", key), projectId }, command);
}

/**
 * Settles effects of ended work that nobody will come back to, books reserved money that nobody came back for, and lets go on what a
 * budget has room for again. One look for all three. Money counts by the clock on the wall, also for a rehearsal.
 */
async function settleAbandoned(use: SweepDependencies, projects: readonly Project[]): Promise<void> {
  const scope: Scope = { organizationId: use.organizationId, projectIds: projects.map((project) => asId(project.id)) };
  const wallMs = use.clock.nowMs();
  const { abandoned, spend } = await use.store.read(scope, async (reader) => ({
    abandoned: await abandonedEffects(reader),
    spend: [...(await expiredSpend(reader, wallMs)), ...(await spendReleases(reader, wallMs))],
  }));
  for (const { projectId, key, command } of spend) await send(use, { ...sweeper(use, "", key), projectId }, command);
  if (abandoned.length === 0) return;
  const nowMs = await use.store.nowMs();
  for (const { projectId, key, command, notBeforeMs } of abandoned)
    if (nowMs >= notBeforeMs) await send(use, sweeper(use, projectId, key), command);
}

/** Sends what the clocks of items ask for; `nowMs` is the time that counts in these projects. */
async function fireItems(use: SweepDependencies, projects: readonly Project[], nowMs: number): Promise<number> {
  if (projects.length === 0) return 0;
  const scope: Scope = { organizationId: use.organizationId, projectIds: projects.map((project) => asId(project.id)) };
  const due = await use.store.read(scope, (reader) => dueItems(reader, nowMs));
  for (const { projectId, key, command } of due) {
    use.crash("clock.before-fire");
    await send(use, sweeper(use, projectId, key), command);
  }
  return due.length;
}

/** Sends due clocks of real projects. One look at all of them; each by itself only when something is due somewhere. */
async function fireClocks(use: SweepDependencies, projects: readonly Project[], nowMs: number): Promise<number> {
  const due = (of: readonly Project[], limit: number): Promise<readonly ClockRow[]> =>
    use.store.read({ organizationId: use.organizationId, projectIds: of.map((project) => asId(project.id)) }, (reader) =>
      reader.find(clockKind, { where: { state: "set" }, dueBeforeMs: nowMs + 1, limit }),
    );
  if (projects.length === 0 || (await due(projects, 1)).length === 0) return 0;
  let fired = 0;
  for (const project of projects) {
    if (fired >= batch) break;
    const clocks = await due([project], batch);
    for (const clock of clocks) await fire(use, project, clock);
    fired += clocks.length;
  }
  return fired;
}

/** Sends a due clock's command, then marks the clock; a crash in between sends the same key again, which changes nothing. */
async function fire(use: SweepDependencies, project: Project, clock: ClockRow): Promise<void> {
  use.crash("clock.before-fire");
  // The row holds a command as core made it; its key is the clock's.
  await send(use, { ...sweeper(use, project.id, `clock:${clock.id}`), actor: clock.actor }, clock.command as unknown as Command);
  use.crash("clock.after-fire");
  await send(use, sweeper(use, project.id, `clock:${clock.id}:fired`), { kind: "mark-clock-fired", clockId: clock.id });
}

const sweeper = (use: SweepDependencies, projectId: string, key: string): Caller => ({
  organizationId: use.organizationId,
  projectId: asId(projectId),
  actor: { kind: "system", id: "sweeper" },
  key,
});

/** Fires what is due in a rehearsal; with nothing due and nothing running, sets its clock to the next due row. */
async function sweepRehearsal(use: SweepDependencies, project: Project): Promise<{ readonly fired: number; readonly advanced: number }> {
  const scope: Scope = { organizationId: use.organizationId, projectIds: [asId(project.id)] };
  const due = await use.store.read(scope, (reader) =>
    reader.find(clockKind, { where: { state: "set" }, dueBeforeMs: (project.clockAtMs ?? 0) + 1, limit: batch }),
  );
  for (const clock of [...due].sort((left, right) => left.dueAtMs - right.dueAtMs)) await fire(use, project, clock);
  const items = await fireItems(use, [project], project.clockAtMs ?? 0);
  if (due.length + items > 0) return { fired: due.length + items, advanced: 0 };
  if ((await scheduleAnswers(use, project, scope)) > 0) return { fired: 1, advanced: 0 };
  const nextMs = await use.store.read(scope, async (reader) => {
    const busy =
      (await reader.count(requestKind, { where: { state: ["submitted", "analysing", "planning", "integrating"] } })) +
      (await reader.count(attemptKind, { where: { state: "leased" } })) +
      (await reader.count(reviewKind, { where: { state: "open" } }));
    if (busy > 0) return null;
    const running = await reader.count(attemptKind, { where: { state: "running" } });
    const clocks = await reader.find(clockKind, { where: { state: "set" }, limit: 10_000 });
    // A running attempt without its clock is still being worked on for real: time stands still for it.
    if (clocks.filter((clock) => clock.subjectKind === "attempt").length < running) return null;
    if (clocks.length === 0) return null;
    // What people are asked never moves time by itself: whoever rehearses may think as long as they like.
    const clockMs = Math.min(...clocks.map((clock) => clock.dueAtMs));
    return (await nextItemDueMs(reader, clockMs)) ?? clockMs;
  });
  if (nextMs === null || nextMs <= (project.clockAtMs ?? 0)) return { fired: 0, advanced: 0 };
  await send(use, sweeper(use, project.id, `advance:${project.id}:${nextMs}`), { kind: "advance-clock", toMs: nextMs });
  return { fired: 0, advanced: 1 };
}

/** Lets the script of a rehearsal answer what waits for people, each item once. */
async function scheduleAnswers(use: SweepDependencies, project: Project, scope: Scope): Promise<number> {
  const open = await use.store.read(scope, async (reader) => {
    const items = await reader.find(inboxItemKind, { where: { state: ["open", "delegated"] }, limit: batch });
    const set = new Set(
      (await reader.find(clockKind, { where: { state: "set", subjectId: items.map((item) => item.id) }, limit: batch })).map(
        (clock) => clock.subjectId,
      ),
    );
    const requests = new Map((await reader.getMany(requestKind, requestIdsOf(items))).map((request) => [request.id, request]));
    return items
      .filter((item) => !set.has(item.id))
      .flatMap((item) => ({ item, script: requests.get(item.requestId ?? "")?.script ?? null }));
  });
  let scheduled = 0;
  for (const { item, script } of open) {
    const people = script === null ? null : readScript(script).people;
    if (people === null) continue;
    const answer = scriptedAnswer(item, people);
    await send(use, sweeper(use, project.id, `script:${item.id}`), {
      kind: "schedule-answer",
      itemId: item.id,
      delayMs: people.delayMs,
      answer: answer as unknown as JsonObject,
    }); // a command is plain JSON
    scheduled += 1;
  }
  return scheduled;
}

/** A refusal (false) means that somebody was faster or the row has moved on; it is told, since it may also be a fault of ours. */
async function send(use: SweepDependencies, caller: Caller, command: Command): Promise<boolean> {
  try {
    await use.engine.apply(caller, command);
    return true;
  } catch (error) {
    if (!hasMovedOn(error) && !(error instanceof Failure && error.kind === "not-found")) throw error;
    use.onRefused(command.kind, error);
    return false;
  }
}
