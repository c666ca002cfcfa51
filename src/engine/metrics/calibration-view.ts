import { type Calibration, type Forecasted, calibrationOf } from "../../core/metrics/calibration.ts";
import { fewestMeasured } from "../../core/shared/intervals.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import type { Reader } from "../ports/store.ts";

export interface CalibrationView extends Calibration {
  readonly schema: "xvc.calibration/1";
  readonly definition: string;
  readonly fewest: number;
  readonly projects: readonly string[];
  /** Outcomes that say neither yes nor no; they are in no number here. */
  readonly mixed: number;
  /** Outcomes of decisions whose decider did not say how sure they were. */
  readonly unstated: number;
  /** Outcomes looked at, the newest first. */
  readonly newest: number;
}

/** Outcomes looked at. */
const newestOutcomes = 2_000;

/**
 * How well the stated confidence of decisions fits how they turned out. One query over at most 2,000 outcomes; the reader's scope says
 * what is counted: rehearsals must not be in it.
 */
export async function calibrationView(reader: Reader, asked: { readonly projects: readonly string[] }): Promise<CalibrationView> {
  const events = await reader.events({ kinds: ["decision.reviewed"], newestFirst: true, limit: newestOutcomes });
  const seen = new Set<string>();
  // What was said last about a decision counts, once.
  const judged = events.filter(({ subjectId }) => !seen.has(subjectId) && seen.add(subjectId).size > 0).map(({ data }) => data);
  return {
    schema: "xvc.calibration/1",
    definition:
      "Brier score: the mean squared distance between the probability that a decider stated and what came, 1 where the outcome is held and 0 where it failed. 0 is perfect; 50 % every time gets 0.25.",
    fewest: fewestMeasured,
    projects: asked.projects,
    mixed: judged.filter(({ verdict, probability }) => verdict === "mixed" && typeof probability === "number").length,
    unstated: judged.filter(({ probability }) => typeof probability !== "number").length,
    newest: newestOutcomes,
    ...calibrationOf(judged.flatMap(forecastOf)),
  };
}

const forecastOf = ({ verdict, probability }: JsonObject): readonly Forecasted[] =>
  typeof probability !== "number" || verdict === "mixed" ? [] : [{ probability, came: verdict === "held" }];
