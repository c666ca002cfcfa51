import { z } from "zod";
import { countField, instantField, lineField, listOf } from "./fields.ts";

export const metricsQuery = z.object({
  /** The window, in days before now; the window of the same length before it is the baseline. */
  days: z.enum(["7", "30", "90"]).optional(),
  /** Key of one project; absent: all real projects that the caller may see. */
  project: z.string().min(1).max(20).optional(),
});
export type MetricsQuery = z.infer<typeof metricsQuery>;

export const intervalDocument = z.object({ low: z.number(), high: z.number() });

/** The events a number was counted from: a filter of the audit page. */
export const eventRowsDocument = z.object({ kinds: listOf(z.string().max(100), 20), fromMs: instantField, toMs: instantField });
export type EventRows = z.infer<typeof eventRowsDocument>;

export const metricUnit = z.enum(["per-week", "share", "ratio", "ms"]);

/** One number with all that it needs to be believed. */
export const metricDocument = z.object({
  key: z.string().max(50),
  label: lineField,
  /** How it is counted, in one sentence. */
  definition: lineField,
  unit: metricUnit,
  /** Observations it rests on; below `fewest` there is no value. */
  n: countField,
  fewest: countField,
  value: z.number().nullable(),
  /** 95 % for shares and rates; for durations from the median to the ninth decile. */
  interval: intervalDocument.nullable(),
  /** What the interval is, in two or three words. */
  intervalMeans: z.string().max(100),
  /** The same over the window before; null: not enough data there. */
  before: z.object({ value: z.number(), n: countField }).nullable(),
  rows: eventRowsDocument,
});
export type MetricDocument = z.infer<typeof metricDocument>;

/** `GET /api/metrics`: `xvc.metrics/1`. */
export const metricsDocument = z.object({
  schema: z.literal("xvc.metrics/1"),
  days: countField,
  fromMs: instantField,
  toMs: instantField,
  /** Keys of the projects that were counted; rehearsals never are. */
  projects: listOf(z.string().max(20), 500),
  flow: listOf(metricDocument, 20),
  /** How long requests stay in each state per visit. */
  stages: listOf(metricDocument, 20),
  people: listOf(metricDocument, 20),
  /** Of each kind of event at most this many of the newest were counted. */
  newest: countField,
});
export type MetricsDocument = z.infer<typeof metricsDocument>;

const shareField = z.number().min(0).max(1);

/** `GET /api/metrics/calibration`: `xvc.calibration/1`. */
export const calibrationDocument = z.object({
  schema: z.literal("xvc.calibration/1"),
  definition: lineField,
  /** Keys of the projects that were counted; rehearsals never are. */
  projects: listOf(z.string().max(20), 500),
  /** Decisions with a stated confidence that held or failed; below `fewest` there is no score. */
  n: countField,
  fewest: countField,
  /** 0 is perfect, 1 is always sure and wrong. */
  brier: shareField.nullable(),
  interval: intervalDocument.nullable(),
  bins: listOf(
    z.object({
      from: shareField,
      to: shareField,
      n: countField,
      said: shareField.nullable(),
      came: shareField.nullable(),
      interval: intervalDocument.nullable(),
    }),
    20,
  ),
  mixed: countField,
  unstated: countField,
  newest: countField,
});
export type CalibrationDocument = z.infer<typeof calibrationDocument>;

export const calibrationQuery = metricsQuery.pick({ project: true });

/** `GET /api/metrics/scripts`: `xvc.metric-scripts/1`. */
export const metricScriptsDocument = z.object({
  schema: z.literal("xvc.metric-scripts/1"),
  days: countField,
  projects: listOf(z.string().max(20), 500),
  items: listOf(
    z.object({
      label: z.string().max(100),
      title: lineField,
      value: z.number().nullable(),
      /** Null: the script does not say on how many observations it rests. */
      n: countField.nullable(),
      fault: z.enum(["syntax", "threw", "time", "memory", "stack", "answer", "too-large"]).nullable(),
      message: lineField,
    }),
    20,
  ),
  left: countField,
  computedAtMs: instantField,
  keptMs: countField,
});
export type MetricScriptsDocument = z.infer<typeof metricScriptsDocument>;
