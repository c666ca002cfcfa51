import type { HaltRestored } from "../../core/gate/decide-halt.ts";
import type { EndEffect } from "../../core/gate/decide-effect.ts";
import { effectKindOf } from "../../core/gate/effect.ts";
import { attemptKind } from "../../core/execution/attempt.ts";
import { noticeKind } from "../../core/oversight/notice.ts";
import { requestJobs } from "../../core/requests/move-request.ts";
import { requestKind } from "../../core/requests/request.ts";
import type { LoseLease } from "../../core/review/decide-hand-over.ts";
import { reviewKind } from "../../core/review/review.ts";
import type { ProjectId } from "../../core/shared/ids.ts";
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

/** Rows of each kind whose jobs are given out again; more have never waited at one time. */
const maxWaiting = 100_000;

/**
 * Jobs that rows of one project wait for, of which the durable engine of this database knows nothing since the record came from another.
 * Handed over like those of a worker that died: under a new epoch, and under whatever is halted.
 */
export async function unknownJobs(reader: Reader): Promise<readonly LoseLease[]> {
  const waiting = async <Row extends { readonly id: string; readonly epoch: number }>(
    rows: Promise<readonly Row[]>,
    kindOf: (row: Row) => JobStart["kind"] | undefined,
  ): Promise<readonly LoseLease[]> =>
    (await rows).flatMap((row) => {
      const jobKind = kindOf(row);
      return jobKind === undefined ? [] : [{ kind: "lose-lease", jobKind, subjectId: row.id, epoch: row.epoch }];
    });
  const states = Object.keys(requestJobs) as (keyof typeof requestJobs)[]; // its own keys
  return [
    ...(await waiting(reader.find(requestKind, { where: { state: states }, limit: maxWaiting }), (row) => requestJobs[row.state])),
    ...(await waiting(reader.find(attemptKind, { where: { state: ["leased", "running", "paused"] }, limit: maxWaiting }), (row) =>
      row.executor === "human" ? undefined : "attempt",
    )),
    ...(await waiting(reader.find(reviewKind, { where: { state: "open" }, limit: maxWaiting }), (row) =>
      row.executor === "human" ? undefined : "review",
    )),
    ...(await waiting(reader.find(noticeKind, { where: { state: "pending" }, limit: maxWaiting }), () => "notify")),
  ];
}
