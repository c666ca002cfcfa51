import { queryOptions } from "@tanstack/react-query";
import type { DivisionsDocument, PersonaDetail, StaffDocument } from "../../../../contract/performer-contract.ts";
import { call } from "../../api.ts";

/** Load and quality change with every task; they are asked again at leisure. */
const refreshMs = 60_000;

export const staffQuery = queryOptions({
  queryKey: ["staff"],
  queryFn: () => call<StaffDocument>("GET", "/api/staff"),
  refetchInterval: refreshMs,
});

export const personaQuery = (key: string) =>
  queryOptions({ queryKey: ["persona", key], queryFn: () => call<PersonaDetail>("GET", `/api/personas/${encodeURIComponent(key)}`) });

export const divisionsQuery = queryOptions({
  queryKey: ["divisions"],
  queryFn: () => call<DivisionsDocument>("GET", "/api/divisions"),
});
