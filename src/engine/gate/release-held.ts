import { type Attempt, attemptKind } from "../../core/execution/attempt.ts";
import { type Task, taskKind } from "../../core/execution/task.ts";
import { haltKind, maxHalts } from "../../core/gate/halt.ts";
import { noticeKind } from "../../core/oversight/notice.ts";
import { requestJobs } from "../../core/requests/move-request.ts";
import { type WorkRequest, requestKind } from "../../core/requests/request.ts";
import { type Review, reviewKind } from "../../core/review/review.ts";
import type { Entity, EntityKind } from "../../core/shared/entity.ts";
import { asId, type ProjectId } from "../../core/shared/ids.ts";
import type { Reader } from "../ports/store.ts";
import type { Command } from "../shared/commands.ts";

/** A command that ends a halt, and where it belongs. */
export interface HaltRelease {
  readonly projectId: ProjectId | null;
  readonly key: string;
  readonly command: Command;
}

/** Rows of each kind given back in one round; the rest follows in the next. */
const batch = 1_000;

/**
 * What a lifted halt still has to give back; with nothing left, the halt is settled. One small query while none is lifting.
 * A halt is lifting before any of this is read, so what it held is either found here or was never held by it.
 */
export async function haltReleases(reader: Reader): Promise<readonly HaltRelease[]> {
  const lifting = new Set((await reader.find(haltKind, { where: { state: "lifting" }, limit: maxHalts })).map((halt) => halt.id));
  if (lifting.size === 0) return [];
  const isHeld = (row: { readonly heldById?: string | null }): boolean => typeof row.heldById === "string" && lifting.has(row.heldById);
  const ofRequests = await releasesInRequests(reader, isHeld);
  const notices = await held(reader, noticeKind, { states: ["pending"], isHeld: ({ heldBy }) => lifting.has(heldBy?.haltId ?? "") });
  const found = [
    ...ofRequests,
    ...notices.map(({ id, version, heldBy }): HaltRelease => ({
      projectId: asId(heldBy?.projectId ?? ""),
      key: `resume:${id}:${version}`,
      command: { kind: "resume-job", jobKind: "notify", subjectId: id },
    })),
  ];
  if (found.length > 0) return found;
  return [...lifting].map((haltId) => ({ projectId: null, key: `settle:${haltId}`, command: { kind: "settle-halt", haltId } }));
}

type Held = WorkRequest | Attempt | Task | Review;

async function releasesInRequests(reader: Reader, isHeld: (row: Held) => boolean): Promise<readonly HaltRelease[]> {
  const rows: readonly { readonly row: Exclude<Held, WorkRequest>; readonly command: Command }[] = [
    ...(await held(reader, attemptKind, { states: ["leased", "paused"], isHeld })).map(
      (row) => ({ row, command: { kind: "resume-attempt", attemptId: row.id } }) as const,
    ),
    ...(await held(reader, taskKind, { states: ["ready"], isHeld })).map(
      (row) => ({ row, command: { kind: "resume-task", taskId: row.id } }) as const,
    ),
    ...(await held(reader, reviewKind, { states: ["open"], isHeld })).map(
      (row) => ({ row, command: { kind: "resume-job", jobKind: "review", subjectId: row.id } }) as const,
    ),
  ];
  const requests = new Map(
    (await reader.getMany(requestKind, [...new Set(rows.map(({ row }) => row.requestId))])).map((row) => [row.id, row]),
  );
  const ofRows = rows.flatMap(({ row, command }): readonly HaltRelease[] => {
    const request = requests.get(row.requestId);
    if (request === undefined) return [];
    return [{ projectId: request.projectId, key: `resume:${row.id}:${row.version}:${request.version}`, command }];
  });
  const waiting = await held(reader, requestKind, { states: Object.keys(requestJobs), isHeld });
  return [...ofRows, ...waiting.flatMap(releaseOfRequest)];
}

function releaseOfRequest({ id, version, state, projectId }: WorkRequest): readonly HaltRelease[] {
  const jobKind = requestJobs[state];
  if (jobKind === undefined) return [];
  return [{ projectId, key: `resume:${id}:${version}`, command: { kind: "resume-job", jobKind, subjectId: id } }];
}

async function held<Row extends Entity>(
  reader: Reader,
  kind: EntityKind<Row>,
  { states, isHeld }: { readonly states: readonly string[]; readonly isHeld: (row: Row) => boolean },
): Promise<readonly Row[]> {
  const found: Row[] = [];
  for (let afterId: string | undefined; found.length < batch;) {
    const page = await reader.find(kind, { where: { state: states }, limit: batch, ...(afterId === undefined ? {} : { afterId }) });
    found.push(...page.filter(isHeld));
    afterId = page.at(-1)?.id;
    if (page.length < batch) break;
  }
  return found.slice(0, batch);
}
