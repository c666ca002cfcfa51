import { orderTasks } from "../planning/plan-graph.ts";
import type { Estimate, Forecast, PlanDocument, PlanTask } from "../planning/plan-document.ts";

/** What forecasting knows of each persona: how many tasks at once and what an hour costs, in micro-units. */
export interface PersonaRate {
  readonly capacity: number;
  readonly costPerHourMicro: number;
}

/** Work budget of one forecast: simulated task durations; large plans get fewer runs. */
const maxDraws = 400_000;
const mostRuns = 1_000;
const fewestRuns = 40;

/**
 * Hours and cost at P50, P80 and P90 by simulating the plan with its dependencies and one queue per persona
 * (Monte Carlo, fixed seed, so the same plan always forecasts the same). Durations are drawn from the piecewise
 * linear quantile function through low (10 %), likely (taken as the median) and high (90 %).
 * `O(runs x (tasks + dependencies))`, at most 400,000 drawn durations. An unordered plan has no forecast.
 *
 * Source: docs/explanation/scheduling.md
 */
export function forecastPlan(plan: PlanDocument, rates: ReadonlyMap<string, PersonaRate>): Forecast | null {
  const order = orderTasks(plan.decomposition);
  if (order.kind === "cyclic" || plan.decomposition.length === 0) return null;
  const byKey = new Map(plan.decomposition.map((task) => [task.task, task]));
  const tasks = order.keys.flatMap((key) => byKey.get(key) ?? []);
  const runs = Math.max(fewestRuns, Math.min(mostRuns, Math.floor(maxDraws / tasks.length)));
  const next = uniform(0x9e3779b9);
  const spans: number[] = [];
  const costs: number[] = [];
  for (let run = 0; run < runs; run++) {
    const drawn = simulate(tasks, rates, () => next());
    spans.push(drawn.hours);
    costs.push(drawn.costMicro);
  }
  spans.sort((left, right) => left - right);
  costs.sort((left, right) => left - right);
  return {
    p50Hours: round(quantile(spans, 0.5)),
    p80Hours: round(quantile(spans, 0.8)),
    p90Hours: round(quantile(spans, 0.9)),
    criticalPath: criticalPath(tasks),
    costMicro: { p50: Math.round(quantile(costs, 0.5)), p90: Math.round(quantile(costs, 0.9)) },
  };
}

function simulate(
  tasks: readonly PlanTask[],
  rates: ReadonlyMap<string, PersonaRate>,
  draw: () => number,
): { readonly hours: number; readonly costMicro: number } {
  const endOf = new Map<string, number>();
  const freeAt = new Map<string, number[]>();
  let hours = 0;
  let costMicro = 0;
  for (const task of tasks) {
    const rate = rates.get(task.persona) ?? { capacity: 1, costPerHourMicro: 0 };
    const lanes = freeAt.get(task.persona) ?? Array.from({ length: Math.max(1, Math.min(64, rate.capacity)) }, () => 0);
    freeAt.set(task.persona, lanes);
    const lane = lanes.indexOf(Math.min(...lanes));
    const ready = Math.max(0, ...task.dependencies.map((key) => endOf.get(key) ?? 0));
    const duration = durationAt(task.estimate, draw());
    const end = Math.max(ready, lanes[lane] ?? 0) + duration;
    lanes[lane] = end;
    endOf.set(task.task, end);
    hours = Math.max(hours, end);
    costMicro += task.costMicro + duration * rate.costPerHourMicro;
  }
  return { hours, costMicro };
}

/** The quantile function of an estimate, in hours. `share` in [0, 1). */
export function durationAt(estimate: Estimate, share: number): number {
  const { lowHours: low, likelyHours: likely, highHours: high } = estimate;
  if (share < 0.1) return low - (1 - share / 0.1) * Math.min(low, (likely - low) / 2);
  if (share < 0.5) return low + ((share - 0.1) / 0.4) * (likely - low);
  if (share < 0.9) return likely + ((share - 0.5) / 0.4) * (high - likely);
  return high + ((share - 0.9) / 0.1) * ((high - likely) / 2);
}

interface Chain {
  readonly hours: number;
  readonly before: string | null;
}

const nothing: Chain = { hours: 0, before: null };

/** The longest chain by likely hours, first task first. Source: Kelley & Walker, Critical-path planning, 1959. */
function criticalPath(tasks: readonly PlanTask[]): readonly string[] {
  const chains = new Map<string, Chain>();
  const hoursOf = (key: string): number => (chains.get(key) ?? nothing).hours;
  let last: string | null = null;
  for (const task of tasks) {
    const before = task.dependencies.reduce<Chain>(
      (longest, key) => (hoursOf(key) > longest.hours ? { hours: hoursOf(key), before: key } : longest),
      nothing,
    );
    chains.set(task.task, { hours: before.hours + task.estimate.likelyHours, before: before.before });
    if (last === null || hoursOf(task.task) > hoursOf(last)) last = task.task;
  }
  const path: string[] = [];
  for (let key = last; key !== null; key = (chains.get(key) ?? nothing).before) path.unshift(key);
  return path;
}

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
const round = (hours: number): number => Math.round(hours * 1_000) / 1_000;

/** Uniform numbers in [0, 1). Source: mulberry32, Tommy Ettinger, public domain. */
function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
