import type { Cell, Chart, Table } from "./report-types.ts";
import { coordinate, escapeHtml } from "../../core/shared/markup.ts";
import { shortened } from "./report-text.ts";
import { formatNumber } from "./section-builder.ts";

/** Charts are drawn 720 wide and scale with the page; colours come from the style sheet by class. */
const width = 720;
const labelWidth = 250;
const rowHeight = 22;
const mostBars = 15;

/** One chart of a table as inline SVG; the table beside it holds the figures. Empty for a table without rows. */
export function chartOf(table: Table): string {
  if (table.chart === undefined || table.rows.length === 0) return "";
  switch (table.chart.kind) {
    case "bars":
      return stacked(table, table.chart.label, [table.chart.value]);
    case "stacked":
      return stacked(table, table.chart.label, table.chart.parts);
    case "columns":
      return columns(table, table.chart);
    case "scatter":
      return scatter(table, table.chart);
  }
}

function placeOf(table: Table, key: string): number {
  return table.columns.findIndex((column) => column.key === key);
}

function numberIn(row: readonly Cell[], place: number): number {
  const cell = row[place];
  return typeof cell === "number" ? cell : 0;
}

function textIn(row: readonly Cell[], place: number): string {
  const cell = row[place];
  return cell === null || cell === undefined ? "unknown" : String(cell);
}

function svg(title: string, height: number, body: string): string {
  return `<svg class="chart" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(title)}"><title>${escapeHtml(title)}</title>${body}</svg>`;
}

function stacked(table: Table, label: string, parts: readonly string[]): string {
  const rows = table.rows.slice(0, mostBars);
  const places = parts.map((part) => placeOf(table, part));
  const sums = rows.map((row) => places.reduce((sum, place) => sum + numberIn(row, place), 0));
  const most = Math.max(1, ...sums);
  const room = width - labelWidth - 70;
  const legend = parts.length < 2 ? "" : legendOf(table, parts);
  const top = parts.length < 2 ? 4 : 26;
  const bars = rows.map((row, index) => {
    const y = top + index * rowHeight;
    const name = textIn(row, placeOf(table, label));
    let x = labelWidth;
    const pieces = places.map((place, part) => {
      const length = (numberIn(row, place) / most) * room;
      const piece = `<rect class="part-${part}" x="${coordinate(x)}" y="${y + 3}" width="${coordinate(length)}" height="${rowHeight - 8}"/>`;
      x += length;
      return piece;
    });
    return `<g><title>${escapeHtml(`${name}: ${formatNumber(sums[index] ?? 0)}`)}</title><text class="label" x="${labelWidth - 8}" y="${y + 15}" text-anchor="end">${escapeHtml(shortened(name, 38))}</text>${pieces.join("")}<text class="value" x="${coordinate(x + 6)}" y="${y + 15}">${formatNumber(sums[index] ?? 0)}</text></g>`;
  });
  return svg(`${table.title}: the first ${rows.length} of ${table.total}`, top + rows.length * rowHeight + 4, `${legend}${bars.join("")}`);
}

function legendOf(table: Table, parts: readonly string[]): string {
  return parts
    .map((part, index) => {
      const label = table.columns.find((column) => column.key === part)?.label ?? part;
      return `<rect class="part-${index}" x="${labelWidth + index * 110}" y="4" width="12" height="12"/><text class="label" x="${labelWidth + 18 + index * 110}" y="14">${escapeHtml(label)}</text>`;
    })
    .join("");
}

function columns(table: Table, chart: Extract<Chart, { readonly kind: "columns" }>): string {
  const rows = [...table.rows].reverse();
  const height = 150;
  const floor = height - 24;
  const value = placeOf(table, chart.value);
  const label = placeOf(table, chart.label);
  const most = Math.max(1, ...rows.map((row) => numberIn(row, value)));
  const step = Math.min(40, (width - 60) / rows.length);
  const each = Math.max(1, Math.ceil(60 / step));
  const bars = rows.map((row, index) => {
    const tall = (numberIn(row, value) / most) * (floor - 16);
    const x = 46 + index * step;
    const name =
      index % each === 0 ? `<text class="label" x="${coordinate(x)}" y="${height - 8}">${escapeHtml(textIn(row, label))}</text>` : "";
    return `<g><title>${escapeHtml(`${textIn(row, label)}: ${formatNumber(numberIn(row, value))}`)}</title><rect class="part-0" x="${coordinate(x)}" y="${coordinate(floor - tall)}" width="${coordinate(Math.max(1, step - 2))}" height="${coordinate(tall)}"/>${name}</g>`;
  });
  const axis = `<line class="axis" x1="42" x2="${width - 8}" y1="${floor}" y2="${floor}"/><text class="value" x="38" y="20" text-anchor="end">${formatNumber(most)}</text><text class="value" x="38" y="${floor}" text-anchor="end">0</text>`;
  return svg(`${table.title}: ${rows.length} of ${table.total}`, height, `${axis}${bars.join("")}`);
}

function scatter(table: Table, chart: Extract<Chart, { readonly kind: "scatter" }>): string {
  const height = 320;
  const frame = { left: 56, right: width - 20, top: 14, bottom: height - 40 };
  const at = {
    x: placeOf(table, chart.x),
    y: placeOf(table, chart.y),
    size: placeOf(table, chart.size),
    label: placeOf(table, chart.label),
  };
  const most = {
    x: Math.max(1, ...table.rows.map((row) => numberIn(row, at.x))),
    y: Math.max(1, ...table.rows.map((row) => numberIn(row, at.y))),
    size: Math.max(1, ...table.rows.map((row) => numberIn(row, at.size))),
  };
  const named: { readonly x: number; readonly y: number }[] = [];
  const dots = table.rows.map((row) => {
    const x = frame.left + (numberIn(row, at.x) / most.x) * (frame.right - frame.left - 16);
    const y = frame.bottom - (numberIn(row, at.y) / most.y) * (frame.bottom - frame.top - 16);
    const radius = 3 + 11 * Math.sqrt(numberIn(row, at.size) / most.size);
    const label = dotLabel(textIn(row, at.label), { x, y, radius }, named);
    return `<g><title>${escapeHtml(`${textIn(row, at.label)}: ${numberIn(row, at.x)} × ${numberIn(row, at.y)}`)}</title><circle class="dot" cx="${coordinate(x)}" cy="${coordinate(y)}" r="${coordinate(radius)}"/>${label}</g>`;
  });
  const name = (key: string) => escapeHtml(table.columns.find((column) => column.key === key)?.label ?? key);
  const axes = `<line class="axis" x1="${frame.left}" x2="${frame.right}" y1="${frame.bottom}" y2="${frame.bottom}"/><line class="axis" x1="${frame.left}" x2="${frame.left}" y1="${frame.top}" y2="${frame.bottom}"/><text class="value" x="${frame.right}" y="${frame.bottom + 30}" text-anchor="end">${name(chart.x)} →</text><text class="value" x="${frame.left}" y="${frame.bottom + 16}">0</text><text class="value" x="${frame.right - 16}" y="${frame.bottom + 16}" text-anchor="middle">${formatNumber(most.x)}</text><text class="value" x="${frame.left - 6}" y="${frame.top + 20}" text-anchor="end">${formatNumber(most.y)}</text><text class="value" x="4" y="${frame.top}">${name(chart.y)} ↑</text>`;
  return svg(`${table.title}: ${table.rows.length} of ${table.total}`, height, `${axes}${dots.reverse().join("")}`);
}

/** A name beside its dot, for the first few that do not write over each other. */
function dotLabel(
  name: string,
  dot: { readonly x: number; readonly y: number; readonly radius: number },
  named: { readonly x: number; readonly y: number }[],
): string {
  if (named.length >= 8 || named.some((other) => Math.abs(other.y - dot.y) < 14 && Math.abs(other.x - dot.x) < 420)) return "";
  named.push(dot);
  const beyond = dot.x > width * 0.62;
  return `<text class="label" x="${coordinate(beyond ? dot.x - dot.radius - 4 : dot.x + dot.radius + 4)}" y="${coordinate(dot.y + 4)}" text-anchor="${beyond ? "end" : "start"}">${escapeHtml(shortened(name, 34))}</text>`;
}
