import type { Reader } from "../ports/store.ts";
import type { EventGroup, EventMeasure } from "../ports/tally.ts";
import {
  type MetricView,
  counted,
  duration,
  durationName,
  metricView,
  rate,
  rateName,
  ratio,
  ratioName,
  share,
  shareName,
} from "./measured.ts";

export interface MetricsView {
  readonly schema: "xvc.metrics/1";
  readonly days: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly projects: readonly string[];
  readonly flow: readonly MetricView[];
  readonly stages: readonly MetricView[];
  readonly people: readonly MetricView[];
  readonly newest: number;
}

/** Events of one kind that are counted at most; a busier window says so. */
export const newestCounted = 20_000;

const dayMs = 86_400_000;

/** States a request can wait in, in the order of the pipeline; the others end it. */
const waitingStates: readonly (readonly [string, string])[] = [
  ["submitted", "Filed, analysis not begun"],
  ["analysing", "Analysis"],
  ["needs-input", "Waiting for an answer"],
  ["planning", "Planning"],
  ["awaiting-approval", "Waiting for approval"],
  ["active", "Work on tasks"],
  ["integrating", "Integration"],
  ["delivered", "Delivered, not yet accepted"],
  ["paused", "Paused"],
];

const requestMoves = [
  "request.submitted",
  "request.analysing",
  "request.needs-input",
  "request.planning",
  "request.awaiting-approval",
  "request.active",
  "request.integrating",
  "request.delivered",
  "request.closed",
  "request.cancelled",
  "request.rejected",
  "request.paused",
] as const;

interface Window {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Everything counted in one window. */
interface Counts {
  readonly done: readonly EventGroup[];
  readonly gates: readonly EventGroup[];
  readonly stays: readonly EventGroup[];
  readonly answers: readonly EventGroup[];
  readonly reported: readonly EventGroup[];
}

/** Both windows in one reading: five questions to the store, none of which waits for another. */
async function countsOf(reader: Reader, past: Window, window: Window): Promise<{ readonly now: Counts; readonly before: Counts }> {
  const ask = (measure: Pick<EventMeasure, "kinds" | "by" | "number">): Promise<readonly EventGroup[]> =>
    reader.measure({
      ...measure,
      by: [{ before: window.fromMs }, ...measure.by],
      newest: newestCounted,
      fromMs: past.fromMs,
      toMs: window.toMs,
    });
  const [done, gates, stays, answers, reported] = await Promise.all([
    ask({ kinds: ["request.delivered", "task.accepted"], by: ["kind"] }),
    ask({ kinds: ["gate.decided"], by: [{ data: "round" }, { data: "verdict" }] }),
    ask({ kinds: requestMoves, by: [{ data: "from" }], number: "msInState" }),
    ask({ kinds: ["decision.answered"], by: [], number: "msWaited" }),
    ask({ kinds: ["human.time"], by: [], number: "ms" }),
  ]);
  const side = (isBefore: "true" | "false"): Counts => {
    const of = (groups: readonly EventGroup[]): readonly EventGroup[] =>
      groups.filter(({ values }) => values[0] === isBefore).map((group) => ({ ...group, values: group.values.slice(1) }));
    return { done: of(done), gates: of(gates), stays: of(stays), answers: of(answers), reported: of(reported) };
  };
  return { now: side("false"), before: side("true") };
}

const groupOf = (groups: readonly EventGroup[], value: string): EventGroup | undefined => groups.find((group) => group.values[0] === value);
const countOf = (groups: readonly EventGroup[], value: string): number => groupOf(groups, value)?.count ?? 0;

/**
 * The flow of work in a window of `days` before now, each number beside its baseline, the window of the same length before.
 * Five counting queries over at most 20,000 events of each kind, however long the log is. The reader's scope says what is
 * counted: rehearsals must not be in it.
 */
export async function metricsView(
  reader: Reader,
  asked: { readonly nowMs: number; readonly days: number; readonly projects: readonly string[] },
): Promise<MetricsView> {
  const lengthMs = asked.days * dayMs;
  const window = { fromMs: Math.max(0, asked.nowMs - lengthMs), toMs: asked.nowMs + 1 };
  const past = { fromMs: Math.max(0, window.fromMs - lengthMs), toMs: window.fromMs };
  const { now, before } = await countsOf(reader, past, window);
  const told = (name: Parameters<typeof metricView>[0], observe: (counts: Counts) => ReturnType<typeof share>): MetricView =>
    metricView(name, window, { now: observe(now), before: observe(before) });
  const weeks = asked.days / 7;
  return {
    schema: "xvc.metrics/1",
    days: asked.days,
    ...window,
    projects: asked.projects,
    flow: flowMetrics(told, weeks),
    stages: waitingStates.map(([state, label]) =>
      told(
        durationName({
          key: `stay-${state}`,
          label,
          definition: `Time from entering the state ${state} to leaving it, per visit that ended in the window.`,
          kinds: requestMoves,
        }),
        ({ stays }) => duration(groupOf(stays, state)),
      ),
    ),
    people: peopleMetrics(told),
    newest: newestCounted,
  };
}

type Told = (name: Parameters<typeof metricView>[0], observe: (counts: Counts) => ReturnType<typeof share>) => MetricView;

const isFirstRound = ([round]: EventGroup["values"]): boolean => round === "1";
const isEvery = (): boolean => true;

const flowMetrics = (told: Told, weeks: number): readonly MetricView[] => [
  told(
    rateName({
      key: "requests-delivered",
      label: "Requests delivered",
      definition: "Deliveries of requests per week; a request delivered again after reopening counts again.",
      kinds: ["request.delivered"],
    }),
    ({ done }) => rate(countOf(done, "request.delivered"), weeks),
  ),
  told(
    rateName({
      key: "tasks-accepted",
      label: "Tasks accepted",
      definition: "Tasks that passed their gate, per week.",
      kinds: ["task.accepted"],
    }),
    ({ done }) => rate(countOf(done, "task.accepted"), weeks),
  ),
  told(
    shareName({
      key: "first-pass-yield",
      label: "First-pass yield",
      definition: "Of the submissions judged in their first round, the share that passed.",
      kinds: ["gate.decided"],
    }),
    ({ gates }) =>
      share(
        counted(gates, (values) => isFirstRound(values) && values[1] === "pass"),
        counted(gates, isFirstRound),
      ),
  ),
  told(
    shareName({
      key: "rework-share",
      label: "Sent back",
      definition: "Of all judged submissions, the share that did not pass: rework, another performer or a person's decision.",
      kinds: ["gate.decided"],
    }),
    ({ gates }) =>
      share(
        counted(gates, (values) => values[1] !== "pass"),
        counted(gates, isEvery),
      ),
  ),
];

const peopleMetrics = (told: Told): readonly MetricView[] => [
  told(
    durationName({
      key: "wait-for-answer",
      label: "Wait for a person's answer",
      definition: "Time from asking to answering, per answered item; items that are still open are not in it.",
      kinds: ["decision.answered"],
    }),
    ({ answers }) => duration(answers[0]),
  ),
  told(
    ratioName({
      key: "answers-per-task",
      label: "Answers per accepted task",
      definition: "Inbox items answered by people, for each task accepted in the same window.",
      kinds: ["decision.answered", "task.accepted"],
    }),
    ({ answers, done }) => ratio(counted(answers, isEvery), countOf(done, "task.accepted")),
  ),
  told(
    durationName({
      key: "reported-work",
      label: "Work reported per task",
      definition: "Time that people wrote down when handing in a task; nobody is watched.",
      kinds: ["human.time"],
    }),
    ({ reported }) => duration(reported[0]),
  ),
];
