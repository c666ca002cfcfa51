import type { RailStop } from "../../../contract/progress-contract.ts";
import type { RequestSummary } from "../../../contract/request-contract.ts";

/** The seven stages every request passes, in order. */
export const stages = ["request", "analysis", "decomposition", "assignment", "execution", "review", "integration"] as const;

export type Stage = (typeof stages)[number];

export const stageNames: Readonly<Record<Stage, string>> = {
  request: "Request",
  analysis: "Analysis",
  decomposition: "Decomposition",
  assignment: "Assignment",
  execution: "Execution",
  review: "Review",
  integration: "Integration",
};

/** `waiting`: it is here and somebody has to act; `ended`: it stopped here for good. */
export type StageMark = "done" | "current" | "waiting" | "ahead" | "skipped" | "ended";

export interface StageView {
  readonly stage: Stage;
  readonly mark: StageMark;
  /** Time spent in the stage so far; null: not entered. */
  readonly spentMs: number | null;
}

const markWords: Readonly<Record<StageMark, string>> = {
  done: "done",
  current: "in progress",
  waiting: "waits for a person",
  ahead: "not reached",
  skipped: "not needed",
  ended: "stopped here",
};

export const markText = (mark: StageMark): string => markWords[mark];

/** `Stage 5 of 7, Execution: waits for a person.` */
export function railSentence(views: readonly StageView[]): string {
  const at = views.findIndex((view) => view.mark === "current" || view.mark === "waiting" || view.mark === "ended");
  const view = views[at];
  if (view === undefined) return views.every((one) => one.mark === "done") ? "All seven stages done" : "Not started";
  return `Stage ${at + 1} of ${stages.length}, ${stageNames[view.stage]}: ${markText(view.mark)}`;
}

type RequestState = RequestSummary["state"];

/** What the stage a request is in looks like, from its state alone. */
const hereMarks: Readonly<Record<RequestState, StageMark>> = {
  submitted: "current",
  analysing: "current",
  "needs-input": "waiting",
  planning: "current",
  "awaiting-approval": "waiting",
  active: "current",
  integrating: "current",
  delivered: "done",
  closed: "done",
  rejected: "ended",
  cancelled: "ended",
  paused: "waiting",
};

const hereMark = (state: RequestState): StageMark => hereMarks[state];

/** The rail of a list row: no times, only where it is. */
export function railOfRow(row: Pick<RequestSummary, "stage" | "state">): readonly StageView[] {
  const here = stages.indexOf(row.stage);
  return stages.map((stage, at) => ({ stage, mark: at < here ? "done" : at > here ? "ahead" : hereMark(row.state), spentMs: null }));
}

/** The rail of a request's page. The present stage keeps counting from the moment the document was made. */
export function railOfStops(stops: readonly RailStop[], state: RequestState, sinceDocumentMs: number): readonly StageView[] {
  return stops.map((stop) => {
    const here = stop.status === "current";
    const counting = here && hereMark(state) !== "ended" && hereMark(state) !== "done";
    const spentMs = stop.enteredAtMs === null ? null : stop.spentMs + (counting ? Math.max(0, sinceDocumentMs) : 0);
    return { stage: stop.stage, mark: here ? hereMark(state) : stop.status, spentMs } satisfies StageView;
  });
}
