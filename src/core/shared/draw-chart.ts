import { type Chart, extent, niceTicks } from "./chart.ts";
import { chartTable } from "./chart-table.ts";
import { coordinate, escapeHtml } from "./markup.ts";

const width = 760;
const frame = { left: 84, right: 736, top: 64, bottom: 384 } as const;
/** Below the axis: names, and the label of the axis. */
const footHeight = { level: 64, turned: 112 } as const;
const nameChars = 14;
const legendStep = 22;

/** Each differs from white by at least 4.5 to 1, and from the others in form as well. */
const colours = ["#0b5cad", "#b54708", "#0b7a4b", "#8e3b8e", "#6b5900", "#4a5568"] as const;
const dashes = ["", "7 4", "2 3", "10 3 2 3", "4 2", "1 4"] as const;

const style =
  'text{font-family:system-ui,"Segoe UI",Roboto,"Liberation Sans",sans-serif;fill:#1b1f24}.t{font-size:18px;font-weight:600}.l{font-size:12px}.a{font-size:13px}.h{font-size:12px;font-weight:600}line{stroke:#1b1f24}.g{stroke:#d9dde2}';

interface Scale {
  readonly ticks: readonly number[];
  readonly at: (value: number) => number;
}

/** A chart as one SVG that stands by itself: nothing is fetched, the same data gives the same bytes, and a table of the values is part of it. */
export function drawChart(chart: Chart): string {
  const y = verticalScale(chart);
  const x = horizontalScale(chart);
  const table = chartTable(chart, {
    top: frame.bottom + footOf(chart) + legendHeight(chart),
    left: frame.left,
    width: frame.right - frame.left,
  });
  const height = table.bottom + 16;
  const said = escapeHtml(summaryOf(chart));
  const plot = [...grid(chart, y), ...marksOf(chart, x, y), ...axes(chart, { x, y })].join("");
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="group" aria-labelledby="title">`,
    `<title id="title">${escapeHtml(chart.title)}</title><desc>${said}</desc><style>${style}</style>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text class="t" x="24" y="32">${escapeHtml(chart.title)}</text>`,
    `<g role="img" aria-label="${said}">${plot}${legend(chart)}</g>${table.svg}</svg>\n`,
  ].join("\n");
}

/** What a person who does not see it should know of it. */
export function summaryOf(chart: Chart): string {
  const kind = { bar: "Bar chart", line: "Line chart", scatter: "Scatter chart", histogram: "Histogram" }[chart.kind];
  const points = chart.series.flatMap(({ points: own }) => own);
  const lowest = points.reduce((least, point) => (point.y < least.y ? point : least));
  const highest = points.reduce((most, point) => (point.y > most.y ? point : most));
  const what = chart.series.length === 1 ? "" : ` for ${chart.series.map(({ name }) => name).join(", ")}`;
  const missing = chart.leftOut > 0 ? ` ${chart.leftOut} values are missing.` : "";
  return `${kind} of ${chart.yLabel} by ${chart.xLabel}${what}: ${points.length} values, from ${figure(lowest.y)} at ${lowest.name} to ${figure(highest.y)} at ${highest.name}.${missing}`;
}

/** A number as it stands at an axis: six figures, thousands apart, the same in every locale. */
function figure(value: number): string {
  const rounded = Number(value.toPrecision(6));
  if (rounded !== 0 && (Math.abs(rounded) >= 1e9 || Math.abs(rounded) < 1e-4)) return rounded.toExponential();
  const [units = "", rest] = String(rounded).split(".");
  const grouped = units.replaceAll(/\B(?=(?:\d{3})+$)/gu, ",");
  return rest === undefined ? grouped : `${grouped}.${rest}`;
}

function scaleOver([least, most]: readonly [number, number], [from, to]: readonly [number, number], wanted: number): Scale {
  const ticks = niceTicks(least, most === least ? least + (Math.abs(least) || 1) : most, wanted);
  const [first, last] = [ticks[0] ?? 0, ticks.at(-1) ?? 1];
  return { ticks, at: (value) => from + ((value - first) / (last - first || 1)) * (to - from) };
}

/** Lengths are compared from zero; lines and dots by where they lie. */
function verticalScale({ kind, series }: Chart): Scale {
  const [least, most] = extent(series.flatMap(({ points }) => points.map(({ y }) => y)));
  const isLength = kind === "bar" || kind === "histogram";
  return scaleOver([isLength ? Math.min(0, least) : least, isLength ? Math.max(0, most) : most], [frame.bottom, frame.top], 6);
}

function horizontalScale({ series, categories, edges }: Chart): Scale {
  const places = categories?.length ?? (edges === null ? 0 : edges.length - 1);
  if (places > 0) {
    const step = (frame.right - frame.left) / places;
    return { ticks: Array.from({ length: places }, (_, index) => index), at: (index) => frame.left + (index + 0.5) * step };
  }
  return scaleOver(extent(series.flatMap(({ points }) => points.map(({ x }) => x))), [frame.left, frame.right], 8);
}

const grid = ({ yLabel }: Chart, y: Scale): readonly string[] => [
  ...y.ticks.map((tick) => {
    const at = coordinate(y.at(tick));
    return `<line class="g" x1="${frame.left}" x2="${frame.right}" y1="${at}" y2="${at}"/><text class="l" x="${frame.left - 8}" y="${at + 4}" text-anchor="end">${figure(tick)}</text>`;
  }),
  `<text class="a" x="24" y="${frame.top - 12}">${escapeHtml(cut(yLabel, 90))}</text>`,
];

/** Whether the names are too many or too long to stand side by side. */
const isTurned = ({ categories }: Chart): boolean =>
  categories !== null && (categories.length > 8 || categories.some((name) => name.length * categories.length > 80));

const footOf = (chart: Chart): number => (isTurned(chart) ? footHeight.turned : footHeight.level);

function axes(chart: Chart, { x, y }: { readonly x: Scale; readonly y: Scale }): readonly string[] {
  const middle = (frame.left + frame.right) / 2;
  const { xLabel, categories, edges } = chart;
  const isLength = chart.kind === "bar" || chart.kind === "histogram";
  const level = isLength ? coordinate(y.at(0)) : frame.bottom;
  const floor = `<line x1="${frame.left}" x2="${frame.right}" y1="${level}" y2="${level}"/>`;
  const label = `<text class="a" x="${middle}" y="${frame.bottom + footOf(chart) - 16}" text-anchor="middle">${escapeHtml(cut(xLabel, 90))}</text>`;
  if (edges !== null) return [floor, label, ...edgeNames(edges)];
  const names = categories ?? x.ticks.map(figure);
  const every = categories === null ? 1 : Math.ceil(names.length / 24);
  const turned = isTurned(chart);
  const shown = names.map((name, index) => {
    if (index % every !== 0) return "";
    const at = coordinate(x.at(categories === null ? (x.ticks[index] ?? 0) : index));
    const turn = turned ? ` transform="rotate(-35 ${at} ${frame.bottom + 16})" text-anchor="end"` : ' text-anchor="middle"';
    return `<text class="l" x="${at}" y="${frame.bottom + 18}"${turn}>${escapeHtml(pinched(name))}</text>`;
  });
  return [floor, label, ...shown];
}

function edgeNames(edges: readonly number[]): readonly string[] {
  const step = (frame.right - frame.left) / (edges.length - 1);
  const every = Math.ceil(edges.length / 12);
  return edges.map((edge, index) =>
    index % every === 0
      ? `<text class="l" x="${coordinate(frame.left + index * step)}" y="${frame.bottom + 18}" text-anchor="middle">${figure(edge)}</text>`
      : "",
  );
}

function marksOf(chart: Chart, x: Scale, y: Scale): readonly string[] {
  if (chart.kind === "bar" || chart.kind === "histogram") return bars(chart, x, y);
  return chart.series.map(({ name, points }, index) => {
    const places = points.map((point) => ({ ...point, left: coordinate(x.at(point.x)), top: coordinate(y.at(point.y)) }));
    const line =
      chart.kind === "line" && places.length > 1
        ? `<polyline fill="none" stroke="${colourOf(index)}" stroke-width="2"${dashOf(index)} points="${places.map(({ left, top }) => `${left},${top}`).join(" ")}"/>`
        : "";
    const dots = places.map((place) => `<g><title>${titleOf(chart, name, place)}</title>${dot(index, place.left, place.top)}</g>`);
    return `${line}${dots.join("")}`;
  });
}

function bars(chart: Chart, x: Scale, y: Scale): readonly string[] {
  const step = (frame.right - frame.left) / x.ticks.length;
  const room = chart.kind === "histogram" ? step - 1 : step * 0.8;
  const each = Math.max(1, room / chart.series.length);
  const zero = y.at(0);
  return chart.series.flatMap(({ name, points }, index) =>
    points.map((point) => {
      const top = y.at(Math.max(0, point.y));
      const tall = Math.max(0.5, Math.abs(y.at(point.y) - zero));
      const left = x.at(point.x) - room / 2 + index * each;
      return `<g><title>${titleOf(chart, name, point)}</title><rect fill="${colourOf(index)}" x="${coordinate(left)}" y="${coordinate(top)}" width="${coordinate(Math.max(1, each - 1))}" height="${coordinate(tall)}"/></g>`;
    }),
  );
}

const titleOf = ({ series }: Chart, name: string, point: { readonly name: string; readonly y: number }): string =>
  escapeHtml(`${series.length > 1 ? `${name}, ` : ""}${cut(point.name, 80)}: ${figure(point.y)}`);

const colourOf = (index: number): string => colours[index % colours.length] ?? colours[0];
const dashOf = (index: number): string => (index === 0 ? "" : ` stroke-dasharray="${dashes[index % dashes.length] ?? ""}"`);

/** A form for each series, so that no colour has to be told apart. */
function dot(index: number, left: number, top: number): string {
  const fill = `fill="${colourOf(index)}"`;
  switch (index % 4) {
    case 0:
      return `<circle ${fill} cx="${left}" cy="${top}" r="4"/>`;
    case 1:
      return `<rect ${fill} x="${coordinate(left - 3.5)}" y="${coordinate(top - 3.5)}" width="7" height="7"/>`;
    case 2:
      return `<path ${fill} d="M${left} ${coordinate(top - 5)}l5 9h-10z"/>`;
    default:
      return `<path ${fill} d="M${left} ${coordinate(top - 5.5)}l5.5 5.5-5.5 5.5-5.5-5.5z"/>`;
  }
}

const legendHeight = ({ series }: Chart): number => (series.length < 2 ? 0 : Math.ceil(series.length / 3) * legendStep);

function legend(chart: Chart): string {
  if (chart.series.length < 2) return "";
  const top = frame.bottom + footOf(chart) + 4;
  return chart.series
    .map(({ name }, index) => {
      const left = frame.left + (index % 3) * 216;
      const row = top + Math.floor(index / 3) * legendStep;
      const mark =
        chart.kind === "bar"
          ? `<rect fill="${colourOf(index)}" x="${left}" y="${row - 10}" width="12" height="12"/>`
          : dot(index, left + 6, row - 4);
      return `${mark}<text class="l" x="${left + 20}" y="${row}">${escapeHtml(cut(name, 28))}</text>`;
    })
    .join("");
}

const cut = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most - 1)}…`.toWellFormed());

/** Both ends of a long name: many differ in the last characters only. */
const pinched = (name: string): string =>
  name.length <= nameChars ? name : `${name.slice(0, nameChars / 2 - 1)}…${name.slice(-nameChars / 2)}`.toWellFormed();
