import { type PurseSlice, reserveForEffect } from "./decide-reservation.ts";
import type { ReserveForEffect } from "./decide-tool-call.ts";
import type { SpendSubject } from "./reservation.ts";

/** The purse of one call of a tool; `isFirst`: nothing was reserved for its attempt before, so that this is its run. */
export type CallPurse = PurseSlice & { readonly subject: SpendSubject; readonly isFirst: boolean };

/** Takes what a call of a tool can use at most out of a purse. Tokens are a model's, not a tool's. */
export const reserveFrom =
  (purse: CallPurse): ReserveForEffect =>
  (step, { costMicro, wallMs }) =>
    reserveForEffect(step, purse, { costMicro, wallMs, tokens: 0, runs: purse.isFirst ? 1 : 0 });
