import { type Attempt, attemptKind } from "../../core/execution/attempt.ts";
import { budgetKind } from "../../core/gate/budget.ts";
import { hasRoom } from "../../core/gate/budget-wait.ts";
import { capsOf } from "../../core/gate/decide-reservation.ts";
import { reservationKind } from "../../core/gate/reservation.ts";
import { requestKind } from "../../core/requests/request.ts";
import type { ProjectId } from "../../core/shared/ids.ts";
import type { Reader } from "../ports/store.ts";
import type { Command } from "../shared/commands.ts";
import { readEachRequest } from "./purse-slice.ts";

/** A command that time or a raised cap brings. */
export interface SpendRelease {
  readonly projectId: ProjectId | null;
  readonly key: string;
  readonly command: Command;
}

/** Reservations and waiting attempts handled in one round; the rest follows in the next. */
const batch = 1_000;

/** Reservations that nobody came back for in time. One small query where there are none. */
export async function expiredSpend(reader: Reader, nowMs: number): Promise<readonly SpendRelease[]> {
  const open = await reader.find(reservationKind, { where: { state: "open" }, sort: { by: "expiresAtMs" }, limit: batch });
  return open
    .filter(({ expiresAtMs }) => expiresAtMs <= nowMs)
    .map(({ id }) => ({ projectId: null, key: `expire:${id}`, command: { kind: "expire-spend", reservationId: id } }));
}

/**
 * Attempts whose budget has room again, those that waited longest first, and no more of them than there is room for: what is let go in
 * vain would only wait again. One small query where nothing is paused.
 */
export async function spendReleases(reader: Reader, nowMs: number): Promise<readonly SpendRelease[]> {
  const paused = await reader.find(attemptKind, { where: { state: "paused" }, limit: batch });
  const waiting = paused
    .flatMap((attempt) => (attempt.waitsFor === undefined || attempt.waitsFor === null ? [] : [{ attempt, wait: attempt.waitsFor }]))
    .toSorted((left, right) => left.wait.sinceMs - right.wait.sinceMs);
  if (waiting.length === 0) return [];
  const [budgets, requests, eachRequest] = await Promise.all([
    reader.getMany(budgetKind, [...new Set(waiting.map(({ wait }) => wait.budgetId))]),
    reader.getMany(requestKind, [...new Set(waiting.map(({ attempt }) => attempt.requestId))]),
    readEachRequest(reader),
  ]);
  const promised = new Map<string, number>();
  return waiting.flatMap(({ attempt, wait }): readonly SpendRelease[] => {
    const budget = budgets.find(({ id }) => id === wait.budgetId);
    const request = requests.find(({ id }) => id === attempt.requestId);
    if (budget === undefined || request === undefined || request.state === "paused") return [];
    const caps = capsOf(budget, { eachRequest, requestBudgetMicro: request.budgetMicro });
    const key = `${budget.id}/${wait.measure}`;
    const needed = wait.needed + (promised.get(key) ?? 0);
    if (!hasRoom({ budget, caps, midnightsMs: [] }, { ...wait, needed }, nowMs)) return [];
    promised.set(key, needed);
    return [
      {
        projectId: request.projectId,
        key: releaseKey(attempt, budget.version, eachRequest?.version ?? 0),
        command: { kind: "try-budget", attemptId: attempt.id },
      },
    ];
  });
}

/** Anew with each change of the attempt and of what it waits for. */
const releaseKey = (attempt: Attempt, ...versions: readonly number[]): string =>
  `room:${attempt.id}:${String(attempt.version)}:${versions.join(":")}`;
