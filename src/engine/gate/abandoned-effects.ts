import { type Task, taskKind } from "../../core/execution/task.ts";
import type { EndEffect } from "../../core/gate/decide-effect.ts";
import { type Effect, effectKindOf } from "../../core/gate/effect.ts";
import { type WorkRequest, requestKind } from "../../core/requests/request.ts";
import type { ProjectId } from "../../core/shared/ids.ts";
import type { Reader } from "../ports/store.ts";

/** An effect whose work has ended before it was settled, and how it ends. */
export interface AbandonedEffect {
  readonly projectId: ProjectId;
  /** Changes with each start, so that one taken up again can be abandoned again. */
  readonly key: string;
  readonly command: EndEffect;
  /** Until then, by the store's clock, its call may still be on the way. */
  readonly notBeforeMs: number;
}

/** Open effects looked at in one round, the oldest first. */
const batch = 1_000;

/**
 * Effects that nobody will settle any more. What may have happened outside becomes unknown, so that a person looks; what
 * certainly did not happen ends as failed once its work can never be taken up again. One indexed query when there are none.
 */
export async function abandonedEffects(reader: Reader): Promise<readonly AbandonedEffect[]> {
  const open = await reader.find(effectKindOf, { where: { state: ["intended", "started"] }, limit: batch });
  if (open.length === 0) return [];
  const tasks = await byId(reader.getMany(taskKind, [...new Set(open.map((effect) => effect.taskId))]));
  const requests = await byId(reader.getMany(requestKind, [...new Set(open.map((effect) => effect.requestId))]));
  return open.flatMap((effect) => {
    const request = requests.get(effect.requestId);
    const command = endOf(effect, { task: tasks.get(effect.taskId), request });
    if (command === null || request === undefined) return [];
    const notBeforeMs = effect.state === "started" ? (effect.deadlineAtMs ?? 0) : 0;
    return [{ projectId: request.projectId, key: `abandoned:${effect.id}:${String(effect.starts)}`, command, notBeforeMs }];
  });
}

const byId = async <Row extends { readonly id: string }>(rows: Promise<readonly Row[]>): Promise<ReadonlyMap<string, Row>> =>
  new Map((await rows).map((row) => [row.id, row]));

interface Surroundings {
  readonly task: Task | undefined;
  readonly request: WorkRequest | undefined;
}

const endedTask: ReadonlySet<string> = new Set(["passed", "integrated", "failed", "cancelled"]);
const endedRequest: ReadonlySet<string> = new Set(["cancelled", "rejected"]);

function endOf(effect: Effect, { task, request }: Surroundings): EndEffect | null {
  if (task === undefined || request === undefined || !endedTask.has(task.state)) return null;
  const result = { reason: `its task was ${task.state} before it was settled` };
  if (effect.state === "started" && effect.deliveryClass !== "pure")
    return { kind: "end-effect", effectId: effect.id, outcome: "unknown", result };
  // A failed or passed task may be taken up again, and then this effect with it; nothing waits for it until then.
  const forEver = task.state === "cancelled" || endedRequest.has(request.state);
  return forEver ? { kind: "end-effect", effectId: effect.id, outcome: "failed", result } : null;
}
