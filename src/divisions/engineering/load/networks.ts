/** Networks of stations: closed ones by exact mean value analysis, open ones by Jackson's theorem; and bounds that hold without either. */

export interface ClosedStation {
  readonly name: string;
  /** `queue`: one server, first come first served; `delay`: nobody waits. */
  readonly kind: "queue" | "delay";
  /** Visits of one job times service time of one visit, seconds. */
  readonly demandSeconds: number;
}

export interface ClosedFigures {
  readonly throughputPerSecond: number;
  readonly responseSeconds: number;
  readonly stations: readonly { readonly residenceSeconds: number; readonly meanJobs: number; readonly utilisation: number | null }[];
}

/**
 * Figures of a closed network for every population from 1 to `jobs`; exact for product-form networks with one class of jobs. `O(jobs × stations)`.
 *
 * Source: Reiser & Lavenberg, Journal of the ACM 27, 1980
 */
export function meanValueAnalysis(stations: readonly ClosedStation[], thinkSeconds: number, jobs: number): readonly ClosedFigures[] {
  const all: ClosedFigures[] = [];
  let meanJobs = stations.map(() => 0);
  for (let population = 1; population <= jobs; population++) {
    const residences = stations.map(({ kind, demandSeconds }, index) =>
      kind === "delay" ? demandSeconds : demandSeconds * (1 + (meanJobs[index] ?? 0)),
    );
    const responseSeconds = residences.reduce((sum, one) => sum + one, 0);
    const throughputPerSecond = population / (thinkSeconds + responseSeconds);
    meanJobs = residences.map((residence) => throughputPerSecond * residence);
    all.push({
      throughputPerSecond,
      responseSeconds,
      stations: stations.map(({ kind, demandSeconds }, index) => ({
        residenceSeconds: residences[index] ?? 0,
        meanJobs: meanJobs[index] ?? 0,
        // The utilisation law: throughput times demand.
        utilisation: kind === "delay" ? null : throughputPerSecond * demandSeconds,
      })),
    });
  }
  return all;
}

export interface AsymptoticBounds {
  readonly mostThroughputPerSecond: number;
  readonly leastThroughputPerSecond: number;
  readonly leastResponseSeconds: number;
  readonly mostResponseSeconds: number;
  /** Population beyond which the bottleneck, and not the number of jobs, holds throughput down. */
  readonly saturationJobs: number;
}

/** What no arrangement of the same demands can pass. Source: Denning & Buzen, ACM Computing Surveys 10, 1978; Lazowska et al. 1984, ch. 5 */
export function asymptoticBounds(stations: readonly ClosedStation[], thinkSeconds: number, jobs: number): AsymptoticBounds {
  const total = stations.reduce((sum, { demandSeconds }) => sum + demandSeconds, 0);
  const queued = stations.flatMap(({ kind, demandSeconds }) => (kind === "queue" ? [demandSeconds] : []));
  const largest = Math.max(0, ...queued);
  const queuedTotal = queued.reduce((sum, one) => sum + one, 0);
  const byJobs = jobs / (total + thinkSeconds);
  return {
    mostThroughputPerSecond: largest === 0 ? byJobs : Math.min(1 / largest, byJobs),
    // At worst every job waits for all others wherever it can wait.
    leastThroughputPerSecond: jobs / (total + thinkSeconds + (jobs - 1) * queuedTotal),
    leastResponseSeconds: Math.max(total, jobs * largest - thinkSeconds),
    mostResponseSeconds: total + (jobs - 1) * queuedTotal,
    saturationJobs: largest === 0 ? Number.POSITIVE_INFINITY : (total + thinkSeconds) / largest,
  };
}

/**
 * Arrival rates of the nodes of an open network: what comes from outside plus what other nodes send, by elimination with row exchange.
 * Null: jobs go round somewhere and never leave. `O(nodes³)`.
 *
 * Source: Jackson, Operations Research 5, 1957 (traffic equations)
 */
export function trafficRates(outside: readonly number[], routing: readonly (readonly number[])[]): readonly number[] | null {
  const size = outside.length;
  const rows = outside.map((rate, to) => [...outside.map((_, from) => (to === from ? 1 : 0) - (routing[from]?.[to] ?? 0)), rate]);
  for (let column = 0; column < size; column++) {
    const pivot = largestRow(rows, column);
    const chosen = rows[pivot];
    if (chosen === undefined || Math.abs(chosen[column] ?? 0) < 1e-12) return null;
    [rows[column], rows[pivot]] = [chosen, rows[column] ?? []];
    for (let row = 0; row < size; row++) if (row !== column) subtract(rows[row], chosen, column);
  }
  return rows.map((row, place) => (row[size] ?? 0) / (row[place] ?? 1));
}

function largestRow(rows: readonly (readonly number[])[], column: number): number {
  let best = column;
  for (let row = column + 1; row < rows.length; row++)
    if (Math.abs(rows[row]?.[column] ?? 0) > Math.abs(rows[best]?.[column] ?? 0)) best = row;
  return best;
}

function subtract(row: number[] | undefined, from: readonly number[], column: number): void {
  if (row === undefined) return;
  const factor = (row[column] ?? 0) / (from[column] ?? 1);
  if (factor !== 0) for (let place = column; place < from.length; place++) row[place] = (row[place] ?? 0) - factor * (from[place] ?? 0);
}
