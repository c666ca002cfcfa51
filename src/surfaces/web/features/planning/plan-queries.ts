/** What the plan's page reads beside the plan itself. */
import { queryOptions } from "@tanstack/react-query";
import { api } from "../../api.ts";

export const plansQuery = (reference: string) =>
  queryOptions({ queryKey: ["request", reference, "plans"], queryFn: () => api.plans(reference) });

export const planVersionQuery = (reference: string, version: number) =>
  queryOptions({ queryKey: ["request", reference, "plan", version], queryFn: () => api.planVersion(reference, String(version)) });
