import {
  type PaceSlice,
  type ReportWindow,
  type TakeSlice,
  type TakeWindow,
  decideWindow,
  decideWindowReport,
} from "../../core/gate/decide-pace.ts";
import { attemptKind } from "../../core/execution/attempt.ts";
import { paceKind } from "../../core/gate/provider-pace.ts";
import { providerKind } from "../../core/gate/provider.ts";
import { requestKind } from "../../core/requests/request.ts";
import type { Transaction } from "../ports/store.ts";
import { handler } from "../shared/command-handler.ts";
import { lockOne, readOne } from "../shared/load-slice.ts";

/** The provider's row is the lock: whoever asks for room comes one after the other. Held for a commit, some milliseconds. */
async function loadPace(transaction: Transaction, providerId: string): Promise<PaceSlice> {
  const provider = await lockOne(transaction, providerKind, providerId);
  const [known] = await transaction.find(paceKind, { where: { providerId }, limit: 1 });
  const [pace] = known === undefined ? [] : await transaction.lock(paceKind, [known.id]);
  return { provider, pace };
}

export const takeWindowHandler = handler<TakeWindow, TakeSlice>({
  async load(transaction, command) {
    const attempt = await readOne(transaction, attemptKind, command.attemptId);
    const request = await readOne(transaction, requestKind, attempt.requestId);
    return { ...(await loadPace(transaction, command.providerId)), request };
  },
  decide: decideWindow,
});

export const reportWindowHandler = handler<ReportWindow, PaceSlice>({
  load: (transaction, command) => loadPace(transaction, command.providerId),
  decide: decideWindowReport,
});
