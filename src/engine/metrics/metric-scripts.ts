import { taskKind } from "../../core/execution/task.ts";
import { type EntityRecord, entityKindOf } from "../../core/memory/entity.ts";
import { type Script, readMeasured, scriptKind, scriptLabel } from "../../core/memory/script.ts";
import { requestKind } from "../../core/requests/request.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { Json, JsonObject } from "../../core/shared/json.ts";
import { runScript } from "../memory/run-script.ts";
import type { ScriptFault, ScriptRunner } from "../ports/script-runner.ts";
import type { Reader } from "../ports/store.ts";
import { type MetricsView, metricsView } from "./metrics-view.ts";

export interface MeasuredScriptView {
  /** `key@version`. */
  readonly label: string;
  readonly title: string;
  readonly value: number | null;
  /** Null: the script does not say. */
  readonly n: number | null;
  /** What went wrong; null: it answered. */
  readonly fault: ScriptFault | "too-large" | null;
  readonly message: string;
}

export interface MetricScriptsView {
  readonly schema: "xvc.metric-scripts/1";
  readonly days: number;
  readonly projects: readonly string[];
  readonly items: readonly MeasuredScriptView[];
  /** Active metric scripts that were not run: only so many are. */
  readonly left: number;
  readonly computedAtMs: number;
  /** The same answer is given again for so long. */
  readonly keptMs: number;
}

/** Metric scripts that one page runs, by key. */
export const maxMetricScripts = 20;
/** Entities that a script is given, the newest first. */
export const maxMeasuredEntities = 1_000;
/** How long an answer is given again. */
export const keptMs = 60_000;

export interface ScriptMeasuring {
  readonly scripts: readonly Script[];
  readonly left: number;
  readonly input: JsonObject;
}

interface Asked {
  readonly nowMs: number;
  readonly days: number;
  readonly projects: readonly string[];
}

/** The active metric scripts with the one input that they all get: numbers of the window, counts by state and data of entities. */
export async function readMeasuring(reader: Reader, asked: Asked): Promise<ScriptMeasuring> {
  const active = await reader.find(scriptKind, { where: { purpose: "metric", state: "active" }, limit: 1_000 });
  const scripts = active.toSorted((one, other) => (one.key < other.key ? -1 : 1));
  if (scripts.length === 0) return { scripts, left: 0, input: {} };
  const [metrics, requests, tasks, entities] = await Promise.all([
    metricsView(reader, asked),
    reader.countBy(requestKind, "state", {}),
    reader.countBy(taskKind, "state", {}),
    reader.find(entityKindOf, { where: { state: "active" }, newestFirst: true, limit: maxMeasuredEntities + 1 }),
  ]);
  const { days, projects } = asked;
  const input = {
    days,
    fromMs: metrics.fromMs,
    toMs: metrics.toMs,
    projects: [...projects],
    metrics: numbersOf(metrics),
    requests: Object.fromEntries(requests),
    tasks: Object.fromEntries(tasks),
    entities: byType(entities.slice(0, maxMeasuredEntities)),
    entitiesCut: entities.length > maxMeasuredEntities,
  };
  return { scripts: scripts.slice(0, maxMetricScripts), left: Math.max(0, scripts.length - maxMetricScripts), input };
}

const numbersOf = ({ flow, people, stages }: MetricsView): JsonObject =>
  Object.fromEntries([...flow, ...people, ...stages].map(({ key, value, n }) => [key, { value, n }]));

const byType = (entities: readonly EntityRecord[]): JsonObject =>
  Object.fromEntries([...Map.groupBy(entities, ({ typeKey }) => typeKey)].map(([type, rows]) => [type, rows.map(({ data }) => data)]));

/** Runs the scripts one after another, so that whoever else runs one waits for one run alone. A script that fails costs its own row. */
export async function measureScripts(
  runner: ScriptRunner,
  { scripts, left, input }: ScriptMeasuring,
  asked: Asked,
): Promise<MetricScriptsView> {
  const items: MeasuredScriptView[] = [];
  for (const script of scripts) items.push({ label: scriptLabel(script), title: script.title, ...(await measure(runner, script, input)) });
  const { days, projects, nowMs } = asked;
  return { schema: "xvc.metric-scripts/1", days, projects, items, left, computedAtMs: nowMs, keptMs };
}

async function measure(runner: ScriptRunner, script: Script, input: Json): Promise<Omit<MeasuredScriptView, "label" | "title">> {
  try {
    const outcome = await runScript(runner, script, input);
    if (outcome.kind === "failed") return { value: null, n: null, fault: outcome.fault, message: outcome.message };
    return { ...(readMeasured(outcome.value) ?? { value: null, n: null }), fault: null, message: "" };
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== "script.too-large") throw error;
    return { value: null, n: null, fault: "too-large", message: error.message };
  }
}

/** Answers kept at the same time; the oldest gives way. */
const maxKept = 100;

/** Gives an answer again while it is fresh, and one that is being made to everybody who asks meanwhile. Failures are not kept. */
export class KeptAnswers<Answer> {
  readonly #answers = new Map<string, { readonly untilMs: number; readonly answer: Promise<Answer> }>();

  get(key: string, nowMs: number, make: () => Promise<Answer>): Promise<Answer> {
    const kept = this.#answers.get(key);
    if (kept !== undefined && nowMs < kept.untilMs) return kept.answer;
    const answer = make();
    this.#answers.delete(key);
    this.#answers.set(key, { untilMs: nowMs + keptMs, answer });
    answer.catch(() => this.#answers.delete(key));
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > maxKept && oldest !== undefined) this.#answers.delete(oldest);
    return answer;
  }
}
