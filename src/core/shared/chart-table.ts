import type { Chart } from "./chart.ts";
import { coordinate, escapeHtml } from "./markup.ts";

const rowHeight = 20;
const mostRows = 30;

interface Place {
  readonly top: number;
  readonly left: number;
  readonly width: number;
}

/** The values of a chart, a row per name and a column per series. */
export function chartRows(chart: Chart): { readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] } {
  const names = new Map<string, (string | undefined)[]>();
  chart.series.forEach(({ points }, column) => {
    // Two points of one name are two rows: nothing is summed up.
    const seen = new Map<string, number>();
    for (const { name, y } of points) {
      const times = (seen.get(name) ?? 0) + 1;
      seen.set(name, times);
      const key = `${name}\u0000${times}`;
      const row = names.get(key) ?? [];
      row[column] = String(Number(y.toPrecision(12)));
      names.set(key, row);
    }
  });
  const head = [chart.xLabel, ...chart.series.map(({ name }) => (chart.series.length === 1 ? chart.yLabel : name))];
  const rows = [...names].map(([key, values]) => [key.split("\u0000")[0] ?? "", ...chart.series.map((_, column) => values[column] ?? "–")]);
  return { head, rows };
}

/** The table under a chart: the first thirty rows, and how many there are. */
export function chartTable(chart: Chart, place: Place): { readonly svg: string; readonly bottom: number } {
  const { head, rows } = chartRows(chart);
  const shown = rows.slice(0, mostRows);
  const step = place.width / head.length;
  const row = (cells: readonly string[], index: number): string => {
    const y = place.top + 20 + index * rowHeight;
    const each = cells.map((cell, column) => {
      const isNumber = column > 0;
      const x = coordinate(place.left + column * step + (isNumber ? step - 8 : 0));
      const role = index === 0 ? "columnheader" : "cell";
      const chars = Math.max(6, Math.floor(step / 7));
      const text = cell.length <= chars ? cell : `${cell.slice(0, chars - 1)}…`.toWellFormed();
      return `<text role="${role}" class="${index === 0 ? "h" : "l"}" x="${x}" y="${y}"${isNumber ? ' text-anchor="end"' : ""}>${escapeHtml(text)}</text>`;
    });
    return `<g role="row">${each.join("")}</g>`;
  };
  const bottom = place.top + 20 + shown.length * rowHeight;
  const more =
    rows.length > shown.length
      ? `<text class="l" x="${place.left}" y="${bottom + 18}">The first ${shown.length} of ${rows.length} rows.</text>`
      : "";
  const label = escapeHtml(`Values of: ${chart.title}`);
  const svg = `<g role="table" aria-label="${label}">${[head, ...shown].map(row).join("")}</g>${more}`;
  return { svg, bottom: more === "" ? bottom : bottom + 20 };
}
