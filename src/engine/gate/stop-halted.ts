import { type Attempt, attemptKind } from "../../core/execution/attempt.ts";
import { haltedWork } from "../../core/execution/hold-attempt.ts";
import { type StopAttempt, isStoppable } from "../../core/execution/stop-attempt.ts";
import { taskKind } from "../../core/execution/task.ts";
import { haltOn } from "../../core/gate/halt.ts";
import { requestKind } from "../../core/requests/request.ts";
import type { ProjectId } from "../../core/shared/ids.ts";
import type { JobStart } from "../../core/shared/transition.ts";
import type { Reader } from "../ports/store.ts";
import { readHalts } from "./halt-shelf.ts";

/** A running attempt that a halt covers, the command that ends it, and the job that does its work. */
export interface HaltStop {
  readonly projectId: ProjectId;
  readonly key: string;
  readonly command: StopAttempt;
  readonly job: JobStart;
}

/** Running attempts looked at in one read, and stopped in one round; the rest follows in the next. */
const batch = 1_000;

/** Attempts that run under a halt that is set. One small query while none is. */
export async function haltStops(reader: Reader): Promise<readonly HaltStop[]> {
  const halts = await readHalts(reader);
  if (halts.length === 0) return [];
  const stops: HaltStop[] = [];
  for (let afterId: string | undefined; stops.length < batch;) {
    const page = await reader.find(attemptKind, {
      where: { state: "running" },
      limit: batch,
      ...(afterId === undefined ? {} : { afterId }),
    });
    const running = page.filter(isStoppable);
    const requests = await byId(reader.getMany(requestKind, [...new Set(running.map((attempt) => attempt.requestId))]));
    const tasks = await byId(reader.getMany(taskKind, [...new Set(running.map((attempt) => attempt.taskId))]));
    for (const attempt of running) {
      const [request, task] = [requests.get(attempt.requestId), tasks.get(attempt.taskId)];
      if (request === undefined || task === undefined || haltOn(halts, haltedWork(request, task, attempt)) === undefined) continue;
      stops.push({ projectId: request.projectId, ...stopOf(attempt) });
    }
    afterId = page.at(-1)?.id;
    if (page.length < batch) break;
  }
  return stops;
}

const stopOf = ({ id, version, epoch }: Attempt): Omit<HaltStop, "projectId"> => ({
  key: `stop:${id}:${version}`,
  command: { kind: "stop-attempt", attemptId: id },
  job: { kind: "attempt", subjectId: id, epoch },
});

const byId = async <Row extends { readonly id: string }>(rows: Promise<readonly Row[]>): Promise<ReadonlyMap<string, Row>> =>
  new Map((await rows).map((row) => [row.id, row]));
