/** What the halt control reads and sends. */
import { queryOptions } from "@tanstack/react-query";
import type { CommandAnswer } from "../../../../contract/fields.ts";
import type { HaltsDocument } from "../../../../contract/halt-contract.ts";
import { call } from "../../api.ts";

/** A halt set elsewhere shows within this time, also while nothing else happens. */
const lookAgainMs = 15_000;

export const haltsQuery = queryOptions({
  queryKey: ["halts"],
  queryFn: () => call<HaltsDocument>("GET", "/api/halts"),
  refetchInterval: lookAgainMs,
});

export const setHalt = (body: { readonly scope: string; readonly scopeId: string; readonly reason: string }) =>
  call<CommandAnswer>("POST", "/api/halts", body);
export const liftHalt = (id: string, reason: string) => call<CommandAnswer>("POST", `/api/halts/${id}/lift`, { reason });
