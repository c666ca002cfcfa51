import process from "node:process";
import { type Machine, describeMachine } from "./machine.ts";

/** One line of a table: what was measured, with the number and its unit. `target` says what is wanted, for the reader. */
export interface Figure {
  readonly name: string;
  readonly value: number | null;
  readonly unit: string;
  readonly target?: string;
  /** Null: there is no target, or nothing was measured. */
  readonly met?: boolean | null;
  readonly note?: string;
}

export interface Report {
  readonly schema: "xvc.bench/1";
  readonly bench: string;
  readonly atMs: number;
  readonly machine: Machine;
  readonly figures: readonly Figure[];
}

/** Adds the bound that a figure is held against. */
export function bounded(figure: Figure, bound: { readonly atMost?: number; readonly atLeast?: number }): Figure {
  const { atMost = Number.POSITIVE_INFINITY, atLeast = Number.NEGATIVE_INFINITY } = bound;
  const known = figure.value !== null && !Number.isNaN(figure.value);
  const target = bound.atMost === undefined ? `>= ${atLeast}` : `<= ${atMost}`;
  return { ...figure, target, met: known ? (figure.value ?? 0) <= atMost && (figure.value ?? 0) >= atLeast : null };
}

/** Nearest-rank quantile; NaN for no values. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** Prints the figures as a table, or with `--json` as one document. Missed targets are figures, never a failed run. */
export async function tell(bench: string, figures: readonly Figure[]): Promise<void> {
  const report: Report = { schema: "xvc.bench/1", bench, atMs: Date.now(), machine: await describeMachine(), figures };
  if (process.argv.includes("--json")) {
    process.stdout.write(`${JSON.stringify(report)}\n`);
    return;
  }
  const { machine } = report;
  process.stdout.write(
    `\n${bench}: ${machine.processor}, ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.system}, Node ${machine.node}, load ${machine.load.join(" ")}, ${new Date(report.atMs).toISOString().slice(0, 10)}\n`,
  );
  const rows = figures.map((figure) => [figure.name, shown(figure), figure.target ?? "", verdict(figure), figure.note ?? ""]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  for (const row of rows)
    process.stdout.write(
      `  ${row
        .map((cell, column) => (column === 1 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
        .join("  ")
        .trimEnd()}\n`,
    );
}

function shown({ value, unit }: Figure): string {
  if (value === null || Number.isNaN(value)) return "not measured";
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return `${value.toFixed(digits)} ${unit}`.trim();
}

const verdict = ({ met }: Figure): string => (met === undefined || met === null ? "" : met ? "met" : "missed");

/** Progress for whoever watches; never part of the figures. */
export const say = (line: string): void => void process.stderr.write(`${line}\n`);
