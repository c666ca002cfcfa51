import { taskKind } from "../../core/execution/task.ts";
import { type InboxItem, inboxItemKind } from "../../core/oversight/inbox-item.ts";
import type { Project } from "../../core/oversight/person.ts";
import { type Plan, planKind } from "../../core/planning/plan.ts";
import { type WorkRequest, requestKind, requestLabel } from "../../core/requests/request.ts";
import type { Reader } from "../ports/store.ts";

export type Course = "on-course" | "past-p50" | "past-p80" | "past-p90" | "past-deadline";

export interface RequestForecast {
  readonly request: { readonly label: string; readonly title: string };
  readonly projectKey: string;
  readonly state: WorkRequest["state"];
  readonly risk: "low" | "medium" | "high" | null;
  readonly taskCount: number;
  readonly elapsedHours: number;
  readonly p50Hours: number;
  readonly p80Hours: number;
  readonly p90Hours: number;
  readonly deadlineAtMs: number | null;
  readonly course: Course;
  readonly reasons: readonly string[];
}

/** Requests compared with their forecast at once, those longest in their state first. */
export const maxForecasts = 100;
/** Open items of those requests that are read for their reasons. */
const maxReasons = 500;
const hourMs = 3_600_000;

export const activeStates = ["active", "integrating"] as const;

/** The projects of a portfolio and what time it is in each. */
export interface Portfolio {
  readonly projects: ReadonlyMap<string, Project>;
  readonly nowMs: number;
}

export const labelIn = ({ projects }: Portfolio, request: WorkRequest): string =>
  requestLabel(projects.get(request.projectId)?.key ?? "?", request.number);

/** A rehearsal's time is its own. */
export const nowIn = ({ projects, nowMs }: Portfolio, request: WorkRequest): number => projects.get(request.projectId)?.clockAtMs ?? nowMs;

/** Work under way against the forecast of its own approved plan. Four queries, at most a hundred requests. */
export async function readForecasts(reader: Reader, around: Portfolio): Promise<readonly RequestForecast[]> {
  const requests = await reader.find(requestKind, { where: { state: activeStates }, sort: { by: "stateSinceMs" }, limit: maxForecasts });
  const plans = new Map<string, Plan>(
    (
      await reader.getMany(
        planKind,
        requests.flatMap(({ planId }) => planId ?? []),
      )
    ).map((plan) => [plan.id, plan]),
  );
  const ids = requests.map((request) => request.id);
  const [held, items] =
    ids.length === 0
      ? [[], []]
      : await Promise.all([
          reader.tally(taskKind, ["requestId", "state"], { where: { requestId: ids, state: ["blocked", "escalated", "rework"] } }),
          reader.find(inboxItemKind, { where: { requestId: ids, state: ["open", "delegated"] }, limit: maxReasons }),
        ]);
  const heldOf = (id: string): ReadonlyMap<string, number> =>
    new Map(held.filter(({ values: [request] }) => request === id).map(({ values: [, state = ""], count }) => [state, count]));
  return requests.flatMap((request) => {
    const forecast = forecastOf(around, request, plans.get(request.planId ?? ""));
    if (forecast === null) return [];
    const reasons =
      forecast.course === "on-course"
        ? []
        : reasonsOf(
            heldOf(request.id),
            items.filter((item) => item.requestId === request.id),
          );
    return [{ ...forecast, reasons }];
  });
}

function forecastOf(around: Portfolio, request: WorkRequest, plan: Plan | undefined): Omit<RequestForecast, "reasons"> | null {
  if (plan === undefined || plan.forecast === null || plan.decidedAtMs === null) return null;
  const { p50Hours, p80Hours, p90Hours } = plan.forecast;
  const nowMs = nowIn(around, request);
  const elapsedHours = Math.max(0, (nowMs - plan.decidedAtMs) / hourMs);
  return {
    request: { label: labelIn(around, request), title: request.title },
    projectKey: around.projects.get(request.projectId)?.key ?? "?",
    state: request.state,
    risk: request.brief?.riskClass ?? null,
    taskCount: plan.taskCount,
    elapsedHours,
    p50Hours,
    p80Hours,
    p90Hours,
    deadlineAtMs: request.deadlineAtMs,
    course:
      request.deadlineAtMs !== null && request.deadlineAtMs < nowMs
        ? "past-deadline"
        : courseAt(elapsedHours, { p50Hours, p80Hours, p90Hours }),
  };
}

function courseAt(
  elapsedHours: number,
  points: { readonly p50Hours: number; readonly p80Hours: number; readonly p90Hours: number },
): Course {
  if (elapsedHours > points.p90Hours) return "past-p90";
  if (elapsedHours > points.p80Hours) return "past-p80";
  return elapsedHours > points.p50Hours ? "past-p50" : "on-course";
}

const some = (count: number | undefined, what: string): readonly string[] =>
  count === undefined || count === 0 ? [] : [`${count} ${count === 1 ? "task" : "tasks"} ${what}`];

/** Items named one by one; the rest is a count. */
const maxNamedItems = 3;

/** Why work may be late, from its own rows. */
function reasonsOf(held: ReadonlyMap<string, number>, items: readonly InboxItem[]): readonly string[] {
  const named = items.slice(0, maxNamedItems).map((item) => `asked: ${item.title}`.slice(0, 300));
  const more = items.length - named.length;
  return [
    ...some(held.get("blocked"), "blocked"),
    ...some(held.get("escalated"), "escalated"),
    ...some(held.get("rework"), "sent back"),
    ...named,
    ...(more > 0 ? [`${more} more open ${more === 1 ? "question" : "questions"}`] : []),
  ];
}
