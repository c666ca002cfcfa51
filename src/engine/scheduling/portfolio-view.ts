import { taskKind } from "../../core/execution/task.ts";
import { fewestMeasured } from "../../core/shared/intervals.ts";
import { waitingKinds } from "../../core/oversight/addressed.ts";
import { type InboxItem, inboxItemKind } from "../../core/oversight/inbox-item.ts";
import type { Project } from "../../core/oversight/person.ts";
import { type WorkRequest, requestKind } from "../../core/requests/request.ts";
import { type People, readPeople } from "../oversight/people-view.ts";
import { blockedReason } from "../planning/plan-view.ts";
import type { Reader } from "../ports/store.ts";
import { type Portfolio, type RequestForecast, activeStates, labelIn, readForecasts } from "./portfolio-course.ts";
import { type PerformerLoad, type ProjectFlow, type StateStay, readFlow, readLoad, readStays, staysDays } from "./portfolio-flow.ts";
import { requestIdsOf } from "../oversight/item-place.ts";

export interface WaitView {
  readonly itemId: string;
  readonly kind: InboxItem["kind"];
  readonly title: string;
  readonly request: { readonly label: string; readonly title: string } | null;
  readonly waitsFor: string;
  readonly risk: InboxItem["risk"];
  readonly askedAtMs: number;
  readonly dueAtMs: number | null;
}

export interface BlockedView {
  readonly label: string;
  readonly title: string;
  readonly state: "blocked" | "escalated";
  readonly reason: string;
  readonly sinceMs: number;
}

export interface RiskView {
  readonly kind: "deadline" | "overdue-answer" | "escalated" | "high-risk";
  readonly sentence: string;
  readonly address: string;
}

export interface PortfolioView {
  readonly schema: "xvc.portfolio/1";
  readonly mode: Project["mode"];
  readonly asOfMs: number;
  readonly projects: readonly ProjectFlow[];
  readonly load: readonly PerformerLoad[];
  readonly stays: readonly StateStay[];
  readonly staysDays: number;
  readonly fewest: number;
  readonly waits: readonly WaitView[];
  readonly waitCount: number;
  readonly blocked: readonly BlockedView[];
  readonly blockedCount: number;
  readonly forecasts: readonly RequestForecast[];
  readonly activeCount: number;
  readonly risks: readonly RiskView[];
}

const maxWaits = 20;
const maxBlocked = 20;
/** Of each kind of risk. */
const maxRisks = 5;
/** A mention tells somebody something; nothing waits for it. */
const waiting = { state: ["open", "delegated"], kind: waitingKinds } as const;
const heldTasks = ["blocked", "escalated"] as const;

/**
 * All projects at once: where requests are, who is busy, what waits for whom, what is late. A fixed number of queries, each
 * a count by the store or a page of at most a hundred rows. The reader's scope is the portfolio.
 */
export async function portfolioView(
  reader: Reader,
  asked: { readonly mode: Project["mode"]; readonly projects: readonly Project[]; readonly nowMs: number },
): Promise<PortfolioView> {
  const around: Portfolio = { projects: new Map(asked.projects.map((project) => [project.id, project])), nowMs: asked.nowMs };
  const people = await readPeople(reader);
  // None of these waits for the answer of another: together they are a few round trips.
  const [forecasts, waits, blocked, projects, load, stays, waitCount, blockedCount, activeCount] = await Promise.all([
    readForecasts(reader, around),
    readWaits(reader, around, people),
    readBlocked(reader, around),
    readFlow(reader, asked.projects),
    readLoad(reader, people),
    readStays(reader, Math.max(asked.nowMs, ...asked.projects.map((project) => project.clockAtMs ?? 0))),
    reader.count(inboxItemKind, { where: waiting }),
    reader.count(taskKind, { where: { state: heldTasks } }),
    reader.count(requestKind, { where: { state: activeStates } }),
  ]);
  return {
    schema: "xvc.portfolio/1",
    mode: asked.mode,
    asOfMs: asked.nowMs,
    projects,
    load,
    stays,
    staysDays,
    fewest: fewestMeasured,
    waits,
    waitCount,
    blocked,
    blockedCount,
    forecasts,
    activeCount,
    risks: risksOf(asked.nowMs, { waits, blocked, forecasts }),
  };
}

async function requestsById(reader: Reader, ids: readonly string[]): Promise<ReadonlyMap<string, WorkRequest>> {
  return new Map((await reader.getMany(requestKind, ids)).map((request) => [request.id, request]));
}

async function readWaits(reader: Reader, around: Portfolio, people: People): Promise<readonly WaitView[]> {
  const items = await reader.find(inboxItemKind, { where: waiting, limit: maxWaits });
  const requests = await requestsById(reader, requestIdsOf(items));
  return items.map((item) => {
    const request = requests.get(item.requestId ?? "");
    return {
      itemId: item.id,
      kind: item.kind,
      title: item.title,
      request: request === undefined ? null : { label: labelIn(around, request), title: request.title },
      waitsFor: waitsFor(item, people),
      risk: item.risk,
      askedAtMs: item.askedAtMs,
      dueAtMs: item.dueAtMs,
    };
  });
}

/** Who has to answer, in words. */
export function waitsFor(item: Pick<InboxItem, "delegateId" | "personIds" | "roles">, people: People): string {
  const named = item.delegateId === null ? item.personIds : [item.delegateId];
  if (named !== undefined && named.length > 0) return named.map((id) => people.get(id)?.name ?? "a person who was removed").join(" or ");
  return item.roles.length === 0 ? "any member" : `whoever is ${item.roles.join(" or ")}`;
}

async function readBlocked(reader: Reader, around: Portfolio): Promise<readonly BlockedView[]> {
  const tasks = await reader.find(taskKind, { where: { state: heldTasks }, limit: maxBlocked });
  const requests = await requestsById(
    reader,
    tasks.map((task) => task.requestId),
  );
  return tasks.map((task) => {
    const request = requests.get(task.requestId);
    return {
      label: `${request === undefined ? "" : labelIn(around, request)}/${task.key}`,
      title: task.title,
      state: task.state === "escalated" ? "escalated" : "blocked",
      reason: blockedReason(task) ?? "a person has to decide",
      sinceMs: task.stateSinceMs,
    };
  });
}

/** What could go wrong next, the most pressing kind first. Only from what was read for the page. */
function risksOf(nowMs: number, read: Pick<PortfolioView, "waits" | "blocked" | "forecasts">): readonly RiskView[] {
  const late = read.forecasts.filter((one) => one.course === "past-deadline");
  const overdue = read.waits.filter((wait) => wait.dueAtMs !== null && wait.dueAtMs < nowMs);
  const escalated = read.blocked.filter((task) => task.state === "escalated");
  const high = read.forecasts.filter((one) => one.risk === "high");
  const all = [
    late.map(({ request }): RiskView => ({
      kind: "deadline",
      sentence: `${request.label} is past its deadline: ${request.title}`,
      address: `/requests/${request.label}`,
    })),
    overdue.map((wait): RiskView => ({
      kind: "overdue-answer",
      sentence: `An answer from ${wait.waitsFor} is overdue: ${wait.title}`,
      address: `/inbox?item=${wait.itemId}`,
    })),
    escalated.map((task): RiskView => ({
      kind: "escalated",
      sentence: `${task.label} cannot go on without a person: ${task.title}`,
      address: `/task/${task.label}`,
    })),
    high.map(({ request }): RiskView => ({
      kind: "high-risk",
      sentence: `${request.label} is high risk by its brief: ${request.title}`,
      address: `/requests/${request.label}`,
    })),
  ];
  return all.flatMap((kind) => kind.slice(0, maxRisks)).map((risk) => ({ ...risk, sentence: risk.sentence.slice(0, 500) }));
}
