import type { HaltRestored } from "../../core/gate/decide-halt.ts";
import type { EndEffect } from "../../core/gate/decide-effect.ts";
import { effectKindOf } from "../../core/gate/effect.ts";
import { attemptKind } from "../../core/execution/attempt.ts";
import { qualificationKind } from "../../core/personas/qualification.ts";
import { noticeKind } from "../../core/oversight/notice.ts";
import { requestJobs } from "../../core/requests/move-request.ts";
import { requestKind } from "../../core/requests/request.ts";
import type { LoseLease } from "../../core/review/decide-hand-over.ts";
import { reviewKind } from "../../core/review/review.ts";
import type { ProjectId } from "../../core/shared/ids.ts";
import type { Entity, EntityKind } from "../../core/shared/entity.ts";
import type { JobStart } from "../../core/shared/transition.ts";
import type { Reader } from "../ports/store.ts";

/** An effect of which a restored record cannot tell whether it happened. */
export interface DoubtedEffect {
  readonly projectId: ProjectId;
  readonly command: EndEffect;
}

/** Effects in one round; whoever asks does so until there are none. */
const batch = 10_000;

/**
 * Effects that were on their way, or about to be sent, when the record was kept: they may have been sent since, so a person says.
 * What only reads is left to be done again.
 */
export async function doubtedEffects(reader: Reader, reason: string): Promise<readonly DoubtedEffect[]> {
  const open = await reader.find(effectKindOf, { where: { state: ["intended", "started"] }, limit: batch });
  const sent = open.filter((effect) => effect.deliveryClass !== "pure");
  const requests = new Map(
    (await reader.getMany(requestKind, [...new Set(sent.map((effect) => effect.requestId))])).map((request) => [request.id, request]),
  );
  return sent.flatMap((effect) => {
    const request = requests.get(effect.requestId);
    if (request === undefined) return [];
    return [{ projectId: request.projectId, command: { kind: "end-effect", effectId: effect.id, outcome: "unknown", result: { reason } } }];
  });
}

export const haltRestored = (reason: string): HaltRestored => ({ kind: "halt-restored", reason });

/** Every row of a kind in these states, page by page. */
async function everyRow<Row extends Entity>(reader: Reader, kind: EntityKind<Row>, states: readonly string[]): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (;;) {
    const afterId = rows.at(-1)?.id;
    const page = await reader.find(kind, { where: { state: states }, limit: batch, ...(afterId === undefined ? {} : { afterId }) });
    rows.push(...page);
    if (page.length < batch) return rows;
  }
}

const lost = (
  jobKind: JobStart["kind"] | undefined,
  { id, epoch }: { readonly id: string; readonly epoch: number },
): readonly LoseLease[] => (jobKind === undefined ? [] : [{ kind: "lose-lease", jobKind, subjectId: id, epoch }]);

/**
 * Jobs that rows of one project wait for, of which the durable engine of this database knows nothing since the record came from another.
 * Handed over like those of a worker that died: under a new epoch, and under whatever is halted.
 */
export async function unknownJobs(reader: Reader): Promise<readonly LoseLease[]> {
  const requests = await everyRow(reader, requestKind, Object.keys(requestJobs));
  const attempts = await everyRow(reader, attemptKind, ["leased", "running", "paused"]);
  const reviews = await everyRow(reader, reviewKind, ["open"]);
  const notices = await everyRow(reader, noticeKind, ["pending"]);
  const trials = await everyRow(reader, qualificationKind, ["running"]);
  return [
    ...requests.flatMap((row) => lost(requestJobs[row.state], row)),
    ...attempts.flatMap((row) => lost(row.executor === "human" ? undefined : "attempt", row)),
    ...reviews.flatMap((row) => lost(row.executor === "human" ? undefined : "review", row)),
    ...notices.flatMap((row) => lost("notify", row)),
    ...trials.flatMap((row) => lost("qualify", row)),
  ];
}
