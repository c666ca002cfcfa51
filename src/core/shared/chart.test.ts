import fc from "fast-check";
import { expect, test } from "vitest";
import { type ChartKind, type ChartOrder, niceTicks, readChart } from "./chart.ts";
import { drawChart, summaryOf } from "./draw-chart.ts";
import type { Json } from "./json.ts";

const order = (more: Partial<ChartOrder>): ChartOrder => ({
  kind: "line",
  title: "A title",
  columns: ["x", "y", "z"],
  rows: [
    [3, 1, 4],
    [1, 5, null],
    [2, "9", 6],
  ],
  x: "x",
  y: ["y", "z"],
  xUnit: "s",
  yUnit: "m",
  bins: null,
  ...more,
});

const drawn = (more: Partial<ChartOrder>) => {
  const read = readChart(order(more));
  if (!read.ok) throw new Error(read.problem);
  return { chart: read.chart, svg: drawChart(read.chart) };
};

test("a line goes along its numbers, and what is no number is left out and counted", () => {
  const { chart, svg } = drawn({});
  expect(chart.series.map(({ points }) => points.map(({ x, y }) => [x, y]))).toEqual([
    [
      [1, 5],
      [3, 1],
    ],
    [
      [2, 6],
      [3, 4],
    ],
  ]);
  expect(chart.leftOut).toBe(2);
  expect(svg).toContain("x (s)");
  expect(svg.match(/<polyline/gu)).toHaveLength(2);
  expect(svg).toContain("stroke-dasharray");
  expect(summaryOf(chart)).toBe("Line chart of value (m) by x (s) for y, z: 4 values, from 1 at 3 to 6 at 2. 2 values are missing.");
});

test("a line over names keeps their order, and long names are shown with both ends", () => {
  const { chart, svg } = drawn({
    rows: [
      ["second quarter of 2026", 1, 1],
      ["first", 2, 2],
    ],
  });
  expect(chart.categories).toEqual(["second quarter of 2026", "first"]);
  expect(svg).toContain(">second…of 2026<");
});

test("bars stand on zero and go below it", () => {
  const { svg } = drawn({
    kind: "bar",
    x: "x",
    y: ["y"],
    rows: [
      ["a", 4, 0],
      ["b", -2, 0],
    ],
  });
  const bars = Array.from(
    svg.matchAll(/<rect fill="#0b5cad" x="[\d.]+" y="([\d.]+)" width="[\d.]+" height="([\d.]+)"/gu),
    ([, y, tall]) => [Number(y), Number(tall)],
  );
  const [up, down] = bars;
  expect((up?.[0] ?? 0) + (up?.[1] ?? 0)).toBeCloseTo(down?.[0] ?? 0, 0);
  expect((up?.[1] ?? 0) / (down?.[1] ?? 1)).toBeCloseTo(2, 1);
});

test("a histogram counts every value once", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 200 }),
      fc.option(fc.integer({ min: 1, max: 100 })),
      (values, bins) => {
        const read = readChart(order({ kind: "histogram", y: [], rows: values.map((value) => [value]), bins }));
        if (!read.ok) throw new Error(read.problem);
        const { series, edges } = read.chart;
        expect(series[0]?.points.reduce((sum, { y }) => sum + y, 0)).toBe(values.length);
        expect(edges?.length).toBe((series[0]?.points.length ?? 0) + 1);
      },
    ),
  );
});

test("ticks are round, even, and cover what they are for", () => {
  fc.assert(
    fc.property(
      fc.double({ noNaN: true, min: -1e9, max: 1e9 }),
      fc.double({ noNaN: true, min: 1e-3, max: 1e9 }),
      fc.integer({ min: 1, max: 20 }),
      (least, width, wanted) => {
        const ticks = niceTicks(least, least + width, wanted);
        const slack = width * 1e-6 + Math.abs(least) * 1e-12;
        expect(ticks[0]).toBeLessThanOrEqual(least + slack);
        expect(ticks.at(-1)).toBeGreaterThanOrEqual(least + width - slack);
        expect(ticks.length).toBeLessThanOrEqual(wanted + 3);
      },
    ),
  );
});

const kinds: readonly ChartKind[] = ["bar", "line", "scatter", "histogram"];
const value = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.string({ maxLength: 20 }),
  fc.constant(null),
  fc.constant("</svg><script>"),
) as fc.Arbitrary<Json>;

test("a chart that is drawn is well-formed, and the same each time", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...kinds),
      fc.array(fc.array(value, { maxLength: 3 }), { maxLength: 20 }),
      fc.string({ maxLength: 50 }),
      (kind, rows, title) => {
        const read = readChart(order({ kind, rows, title }));
        fc.pre(read.ok);
        const svg = drawChart(read.chart);
        expect(svg).toBe(drawChart(read.chart));
        expect(svg).not.toMatch(/NaN|Infinity|undefined|<script/u);
      },
    ),
  );
});

test.each([
  [{ x: "nobody" }, /none of the columns/u],
  [{ y: ["nobody"] }, /none of the columns/u],
  [{ y: [] }, /at least one/u],
  [{ y: Array.from({ length: 7 }, () => "y") }, /At most 6/u],
  [{ kind: "scatter" as const, rows: [["a", 1, 2]] }, /needs numbers/u],
  [{ kind: "bar" as const, rows: Array.from({ length: 31 }, (_, at) => [`n${at}`, 1, 2]) }, /at most 30/u],
  [{ rows: [["a", "b", "c"]] }, /No row has a number/u],
  [{ kind: "histogram" as const, rows: [["a"]] }, /No row has a number/u],
])("%o is refused", (more, message) => {
  const read = readChart(order(more));
  expect(read.ok ? "" : read.problem).toMatch(message);
});
