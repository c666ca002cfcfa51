/** What the pages read, each under one key, so that the live stream can say what is stale. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { DecisionLoadDocument } from "../../contract/policy-contract.ts";
import { api, call, contentText } from "./api.ts";

/** Pages of a list that stay in memory; more are reached by a narrower filter. */
const maxPages = 20;

export const meQuery = queryOptions({ queryKey: ["me"], queryFn: api.me, staleTime: 60_000, retry: false });

export const requestsQuery = (state: string) =>
  infiniteQueryOptions({
    queryKey: ["requests", state],
    queryFn: ({ pageParam }) => api.requests({ state, ...(pageParam === "" ? {} : { cursor: pageParam }) }),
    initialPageParam: "",
    getNextPageParam: (page) => page.nextCursor,
    maxPages,
    placeholderData: keepPreviousData,
  });

const underWay = "submitted,analysing,needs-input,planning,awaiting-approval,active,integrating,paused";
const fewRows = "10";
const inProject = (project: string): { readonly project?: string } => (project === "" ? {} : { project });

/** Under way with the nearest deadlines, late ones first. */
export const deadlinesQuery = (project: string) =>
  queryOptions({
    queryKey: ["requests", "deadlines", project],
    queryFn: () => api.requests({ state: underWay, sort: "deadline", limit: fewRows, ...inProject(project) }),
  });

/** Under way and longest in their present state. */
export const longestQuery = (project: string) =>
  queryOptions({
    queryKey: ["requests", "longest", project],
    queryFn: () => api.requests({ state: underWay, sort: "since", limit: fewRows, ...inProject(project) }),
  });

/** What a person wants to have heard of. */
const news = [
  "request.submitted",
  "request.needs-input",
  "request.awaiting-approval",
  "request.active",
  "request.delivered",
  "request.closed",
  "request.rejected",
  "request.cancelled",
  "request.paused",
  "task.escalated",
  "task.failed",
  "task.rework",
  "decision.made",
].join(",");

const loadStaleMs = 5 * 60_000;

/** Whether decisions arrive faster than people take them. Looked at seldom: it reads many rows and changes slowly. */
export const decisionLoadQuery = queryOptions({
  queryKey: ["decision-load"],
  queryFn: () => call<DecisionLoadDocument>("GET", "/api/oversight/load"),
  staleTime: loadStaleMs,
  refetchOnWindowFocus: false,
});

/** What happened since an instant, the newest first. */
export const changesQuery = (fromMs: number) =>
  queryOptions({ queryKey: ["changes", fromMs], queryFn: () => api.audit({ kinds: news, fromMs: String(fromMs), limit: "50" }) });

export const requestQuery = (reference: string) =>
  queryOptions({ queryKey: ["request", reference], queryFn: () => api.request(reference) });

export const planQuery = (reference: string) =>
  queryOptions({ queryKey: ["request", reference, "plan"], queryFn: () => api.plan(reference) });

export const timelineQuery = (reference: string) =>
  infiniteQueryOptions({
    queryKey: ["request", reference, "timeline"],
    queryFn: ({ pageParam }) => api.timeline(reference, pageParam === "" ? undefined : pageParam),
    initialPageParam: "",
    getNextPageParam: (page) => page.nextCursor,
    maxPages,
  });

export const inboxQuery = (state: string) => queryOptions({ queryKey: ["inbox", state], queryFn: () => api.inbox(state) });

export const itemQuery = (id: string) => queryOptions({ queryKey: ["item", id], queryFn: () => api.item(id) });

export const tasksQuery = (filter: { readonly mine?: string; readonly state?: string }) =>
  queryOptions({ queryKey: ["tasks", filter.mine ?? "", filter.state ?? ""], queryFn: () => api.tasks(filter) });

export const taskQuery = (reference: string) => queryOptions({ queryKey: ["task", reference], queryFn: () => api.task(reference) });

export const playbooksQuery = queryOptions({ queryKey: ["playbooks"], queryFn: api.playbooks });

export const personasQuery = queryOptions({ queryKey: ["personas"], queryFn: api.personas });

export const peopleQuery = queryOptions({ queryKey: ["people"], queryFn: api.people });

export const searchQuery = (text: string) =>
  queryOptions({ queryKey: ["search", text], queryFn: () => api.search(text), enabled: text !== "", placeholderData: keepPreviousData });

/** Content never changes under its hash. */
export const contentQuery = (sha256: string) =>
  queryOptions({ queryKey: ["content", sha256], queryFn: () => contentText(sha256), staleTime: Number.POSITIVE_INFINITY });
