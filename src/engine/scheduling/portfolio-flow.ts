import { taskKind, taskMoves, type TaskState } from "../../core/execution/task.ts";
import { fewestMeasured } from "../../core/shared/intervals.ts";
import type { Project } from "../../core/oversight/person.ts";
import { type RequestState, requestKind } from "../../core/requests/request.ts";
import { type NamedPerformer, type People, namedPerformer } from "../oversight/people-view.ts";
import type { Reader } from "../ports/store.ts";
import type { Tally } from "../ports/tally.ts";
import { type Stage, stageOf, stages } from "../requests/request-view.ts";

export interface ProjectFlow {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly stages: { readonly [stage in Stage]: number };
  readonly open: number;
  readonly paused: number;
  readonly waiting: number;
  readonly ended: number;
  readonly openTasks: number;
  readonly blockedTasks: number;
}

const endedStates: readonly RequestState[] = ["delivered", "closed", "rejected", "cancelled"];
const waitingStates: readonly RequestState[] = ["needs-input", "awaiting-approval"];
const closedTasks: readonly TaskState[] = ["proposed", "passed", "integrated", "cancelled", "failed"];
/** Read by index: closed tasks are most of them, and grow. */
const openStates = (Object.keys(taskMoves) as TaskState[]).filter((state) => !closedTasks.includes(state)); // its keys are the states
const heldTasks: readonly TaskState[] = ["blocked", "escalated"];

type Counts = ReadonlyMap<string, number>;

/** Counts by state of one project. */
const byState = (tallies: readonly Tally[], projectId: string): Counts =>
  new Map(tallies.filter(({ values: [project] }) => project === projectId).map(({ values: [, state = ""], count }) => [state, count]));

const sumOf = (counts: Counts, wanted: (state: string) => boolean): number =>
  [...counts].reduce((sum, [state, count]) => (wanted(state) ? sum + count : sum), 0);

/** Where the requests of each project are. Two counting queries, however many rows there are. */
export async function readFlow(reader: Reader, projects: readonly Project[]): Promise<readonly ProjectFlow[]> {
  const [requests, tasks] = await Promise.all([
    reader.tally(requestKind, ["projectId", "state"], {}),
    reader.tally(taskKind, ["projectId", "state"], { where: { state: openStates } }),
  ]);
  return projects.map((project) => flowOf(project, byState(requests, project.id), byState(tasks, project.id)));
}

function flowOf({ id, key, name }: Project, requests: Counts, tasks: Counts): ProjectFlow {
  const isOpen = (state: string): boolean => !endedStates.includes(state as RequestState) && state !== "paused"; // states of rows
  const inStage = (stage: Stage): number =>
    sumOf(requests, (state) => isOpen(state) && stageOf({ state: state as RequestState, pausedFrom: null }) === stage); // as above
  return {
    id,
    key,
    name,
    stages: Object.fromEntries(stages.map((stage) => [stage, inStage(stage)])) as ProjectFlow["stages"], // one entry per stage
    open: sumOf(requests, isOpen),
    paused: requests.get("paused") ?? 0,
    waiting: sumOf(requests, (state) => waitingStates.includes(state as RequestState)),
    ended: sumOf(requests, (state) => endedStates.includes(state as RequestState)),
    openTasks: sumOf(tasks, (state) => !closedTasks.includes(state as TaskState)),
    blockedTasks: sumOf(tasks, (state) => heldTasks.includes(state as TaskState)),
  };
}

export interface PerformerLoad {
  readonly performer: NamedPerformer;
  readonly offered: number;
  readonly assigned: number;
  readonly running: number;
  readonly inReview: number;
  readonly rework: number;
  readonly held: number;
  readonly total: number;
}

const onHand: readonly TaskState[] = ["ready", "assigned", "running", "in-review", "rework", "blocked", "escalated"];
/** Performers shown, the busiest first. */
const maxPerformers = 200;

/** What each performer has on hand, the busiest first. One counting query. */
export async function readLoad(reader: Reader, people: People): Promise<readonly PerformerLoad[]> {
  const tallies = await reader.tally(taskKind, ["performerKey", "state"], { where: { state: onHand } });
  const byPerformer = new Map<string, Map<string, number>>();
  for (const { values, count } of tallies) {
    const [performer = "", state = ""] = values;
    const counts = byPerformer.get(performer) ?? new Map<string, number>();
    byPerformer.set(performer, counts.set(state, count));
  }
  return [...byPerformer]
    .map(([performer, counts]) => loadOf(people, performer, counts))
    .toSorted((left, right) => right.total - left.total || (left.performer.id < right.performer.id ? -1 : 1))
    .slice(0, maxPerformers);
}

function loadOf(people: People, performer: string, counts: Counts): PerformerLoad {
  const [kind, id] = splitKey(performer);
  const of = (...wanted: readonly TaskState[]): number => sumOf(counts, (state) => wanted.includes(state as TaskState)); // states of rows
  return {
    performer: namedPerformer(people, { kind, id }) ?? { kind, id, name: id },
    offered: of("ready"),
    assigned: of("assigned"),
    running: of("running"),
    inReview: of("in-review"),
    rework: of("rework"),
    held: of(...heldTasks),
    total: of(...onHand),
  };
}

/** `persona:qa_engineer` as its two parts. */
export function splitKey(performer: string): readonly ["person" | "persona", string] {
  const at = performer.indexOf(":");
  return [performer.slice(0, at) === "person" ? "person" : "persona", performer.slice(at + 1)];
}

export interface StateStay {
  readonly state: string;
  readonly stage: Stage;
  readonly n: number;
  readonly p50Ms: number | null;
  readonly p90Ms: number | null;
}

/** Days of events that stays are measured over, and events of each kind that are looked at. */
export const staysDays = 90;
const newestStays = 20_000;
const dayMs = 86_400_000;

const stayStates = ["submitted", "analysing", "needs-input", "planning", "awaiting-approval", "active", "integrating"] as const;

/** How long requests stay in each state, over visits that ended in the last 90 days. One measuring query. */
export async function readStays(reader: Reader, nowMs: number): Promise<readonly StateStay[]> {
  const groups = await reader.measure({
    kinds: [
      ...stayStates.map((state) => `request.${state}`),
      "request.delivered",
      "request.cancelled",
      "request.rejected",
      "request.paused",
    ],
    newest: newestStays,
    fromMs: Math.max(0, nowMs - staysDays * dayMs),
    toMs: nowMs + 1,
    by: [{ data: "from" }],
    number: "msInState",
  });
  return stayStates.map((state) => {
    const found = groups.find((group) => group.values[0] === state);
    const isEnough = found !== undefined && found.count >= fewestMeasured;
    return {
      state,
      stage: stageOf({ state, pausedFrom: null }),
      n: found?.count ?? 0,
      p50Ms: isEnough ? found.p50 : null,
      p90Ms: isEnough ? found.p90 : null,
    };
  });
}
