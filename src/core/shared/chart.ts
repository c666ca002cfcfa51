/** Charts as data: what is drawn, read from a table, with everything that cannot be drawn told. */
import type { Json } from "./json.ts";

export type ChartKind = "bar" | "line" | "scatter" | "histogram";

export interface ChartOrder {
  readonly kind: ChartKind;
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Json[])[];
  /** A column's name. */
  readonly x: string;
  /** Names of columns; none for a histogram, which counts `x`. */
  readonly y: readonly string[];
  readonly xUnit: string;
  readonly yUnit: string;
  /** Of a histogram; null: as many as the number of values asks for. */
  readonly bins: number | null;
}

export interface ChartPoint {
  /** Where it lies: a number, or the place of its name among `categories`. */
  readonly x: number;
  readonly y: number;
  readonly name: string;
}

/** What is drawn. */
export interface Chart {
  readonly kind: ChartKind;
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly { readonly name: string; readonly points: readonly ChartPoint[] }[];
  /** Names along the axis; null: it is an axis of numbers. */
  readonly categories: readonly string[] | null;
  /** Of a histogram: the edges of its bins, one more than there are bins. */
  readonly edges: readonly number[] | null;
  /** Rows that have no number where one is needed. */
  readonly leftOut: number;
}

export type ReadChart = { readonly ok: true; readonly chart: Chart } | { readonly ok: false; readonly problem: string };

export const chartLimits = { rows: 2_000, columns: 20, series: 6, bars: 60, categories: 200, bins: 100, labelChars: 200 } as const;

const problem = (text: string): ReadChart => ({ ok: false, problem: text });
const labelled = (name: string, unit: string): string => (unit === "" ? name : `${name} (${unit})`);
/** Beyond this the distance of two numbers may be none. */
const mostFar = 1e300;

const isNumber = (value: Json | undefined): value is number => typeof value === "number" && Math.abs(value) <= mostFar;

/** Reads a table as a chart. Numbers are numbers only where they are written as such: no text is guessed at. */
export function readChart(order: ChartOrder): ReadChart {
  const at = order.columns.indexOf(order.x);
  if (at < 0) return problem(`"${order.x}" is none of the columns.`);
  return order.kind === "histogram" ? histogram(order, at) : againstColumns(order, at);
}

function againstColumns(order: ChartOrder, at: number): ReadChart {
  const wrong = columnProblem(order);
  if (wrong !== null) return problem(wrong);
  const isByNumber = order.kind !== "bar" && isNumbers(order.rows.map((row) => row[at] ?? null));
  if (order.kind === "scatter" && !isByNumber) return problem(`A scatter chart needs numbers in "${order.x}".`);
  const categories = isByNumber ? null : order.rows.map((row) => nameOf(row[at]));
  const most = order.kind === "bar" ? Math.floor(chartLimits.bars / order.y.length) : chartLimits.categories;
  return categories !== null && categories.length > most
    ? problem(`${categories.length} names do not fit beside each other; at most ${most} do. Leave some out, or sum them up.`)
    : drawn(order, { at, categories });
}

function columnProblem({ columns, y }: ChartOrder): string | null {
  if (y.length === 0) return 'Name at least one column of numbers in "y".';
  if (y.length > chartLimits.series) return `At most ${chartLimits.series} columns are drawn together.`;
  const missing = y.find((name) => !columns.includes(name));
  return missing === undefined ? null : `"${missing}" is none of the columns.`;
}

const isNumbers = (values: readonly Json[]): boolean => values.some(isNumber) && values.every((value) => value === null || isNumber(value));

const nameOf = (value: Json | undefined): string =>
  value === null || value === undefined ? "unknown" : typeof value === "object" ? "" : String(value);

function drawn(order: ChartOrder, { at, categories }: { readonly at: number; readonly categories: readonly string[] | null }): ReadChart {
  const series = order.y.map((name) => {
    const column = order.columns.indexOf(name);
    const points = order.rows.flatMap((row, index): readonly ChartPoint[] => {
      const [x, y] = [categories === null ? row[at] : index, row[column]];
      return isNumber(x) && isNumber(y) ? [{ x, y, name: categories?.[index] ?? String(x) }] : [];
    });
    return { name, points: order.kind === "line" ? points.toSorted((left, right) => left.x - right.x) : points };
  });
  if (series.every(({ points }) => points.length === 0))
    return problem("No row has a number to draw. Write numbers as numbers, not as texts.");
  const yLabel = labelled(order.y.length === 1 ? (order.y[0] ?? "") : "value", order.yUnit);
  const leftOut = series.reduce((sum, { points }) => sum + order.rows.length - points.length, 0);
  const { kind, title } = order;
  return { ok: true, chart: { kind, title, xLabel: labelled(order.x, order.xUnit), yLabel, series, categories, edges: null, leftOut } };
}

function histogram(order: ChartOrder, at: number): ReadChart {
  const values = order.rows.map((row) => row[at]).filter(isNumber);
  if (values.length === 0) return problem(`No row has a number in "${order.x}". Write numbers as numbers, not as texts.`);
  const wanted = order.bins ?? Math.ceil(Math.sqrt(values.length));
  const edges = binEdges(values, Math.min(chartLimits.bins, Math.max(1, wanted)));
  const counts = edges.slice(1).map(() => 0);
  for (const value of values) {
    const bin = edges.findLastIndex((edge) => edge <= value);
    const inside = Math.min(Math.max(bin, 0), counts.length - 1);
    counts[inside] = (counts[inside] ?? 0) + 1;
  }
  const points = counts.map((y, index) => ({ x: index, y, name: `${edges[index] ?? 0} to ${edges[index + 1] ?? 0}` }));
  return {
    ok: true,
    chart: {
      kind: "histogram",
      title: order.title,
      xLabel: labelled(order.x, order.xUnit),
      yLabel: labelled("number of values", order.yUnit),
      series: [{ name: order.x, points }],
      categories: null,
      edges,
      leftOut: order.rows.length - values.length,
    },
  };
}

/** Round edges that cover all values, about as many as wanted. */
function binEdges(values: readonly number[], wanted: number): readonly number[] {
  const [least, most] = extent(values);
  return niceTicks(least, most === least ? least + 1 : most, wanted);
}

export function extent(values: readonly number[]): readonly [number, number] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) [least, most] = [Math.min(least, value), Math.max(most, value)];
  return [least, most];
}

/** Round numbers at even distances that cover `[least, most]`, at most about `wanted + 2` of them; `least < most`. */
export function niceTicks(least: number, most: number, wanted: number): readonly number[] {
  const rough = (most - least) / Math.max(1, wanted);
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * magnitude >= rough * 0.999_999) ?? 10) * magnitude;
  if (!Number.isFinite(step) || step <= 0) return [least, most];
  const first = Math.floor(least / step + 1e-9);
  const last = Math.ceil(most / step - 1e-9);
  return Array.from({ length: Math.min(500, last - first + 1) }, (_, index) => Number(((first + index) * step).toPrecision(15)));
}
