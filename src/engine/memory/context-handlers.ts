import { attemptKind } from "../../core/execution/attempt.ts";
import { decideContext, type RecordContext } from "../../core/execution/decide-context.ts";
import { handler } from "../shared/command-handler.ts";
import { lockOne } from "../shared/load-slice.ts";

export const recordContextHandler = handler({
  load: async (transaction, command: RecordContext) => ({ attempt: await lockOne(transaction, attemptKind, command.attemptId) }),
  decide: decideContext,
});
