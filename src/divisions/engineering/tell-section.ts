import type { Json, JsonObject } from "../../core/shared/json.ts";
import type { ModuleData } from "./judge-modules.ts";
import type { Citation, Finding, SectionOutput } from "./report-types.ts";

/** One page of one section: `part` is `findings`, the key of a table, or of the module graph `edges` and `cycles`. */
export interface SectionPage {
  readonly part: string;
  readonly from: number;
}

const pageSize = 50;

/** A page of a section for a performer: its figures with their definitions, and the part asked for, with every place as `file:line`. Null: no such part. */
export function tellSection({ section, data }: SectionOutput, { part, from }: SectionPage): JsonObject | null {
  const graph = section.key === "module_graph" ? (data as ModuleData) : null; // what judge-modules hands on
  const { findings, tables } = section;
  const parts: ReadonlyMap<string, () => Paged> = new Map([
    ["findings", () => ({ items: findings.map(findingTold), total: findings.length })],
    ...tables.map(
      (table) => [table.key, () => ({ items: table.rows.map((row) => rowTold(table.columns, row)), total: table.total })] as const,
    ),
    ...(graph === null
      ? []
      : ([
          ["edges", () => all(graph.edges.map(([one, other]) => `${unit(graph, one)} -> ${unit(graph, other)}`))],
          ["cycles", () => all(graph.cycles.map((cycle) => cycle.slice(0, 200).map((one) => unit(graph, one))))],
        ] as const)),
  ]);
  const asked = parts.get(part)?.();
  if (asked === undefined) return null;
  const items = asked.items.slice(from, from + pageSize);
  return {
    section: section.key,
    state: section.state,
    reason: section.reason,
    headline: section.headline,
    measures: section.measures.map(({ key, value, unit: unitName, n, definition, source }) => ({
      key,
      value,
      unit: unitName,
      n,
      definition,
      source: source ?? null,
    })),
    parts: [...parts.keys()],
    part,
    page: {
      from,
      total: asked.total,
      next: from + pageSize < asked.items.length ? from + pageSize : null,
      notKept: asked.total - asked.items.length,
      items,
    },
    notes: [...section.notes],
  };
}

interface Paged {
  readonly items: readonly Json[];
  /** There are more than are kept where a table holds only its first rows. */
  readonly total: number;
}

const all = (items: readonly Json[]): Paged => ({ items, total: items.length });
const unit = (graph: ModuleData, place: number): string => graph.units[place] ?? "";

const rowTold = (columns: readonly { readonly key: string }[], row: readonly (string | number | null)[]): JsonObject =>
  Object.fromEntries(columns.map(({ key }, index) => [key, row[index] ?? null]));

const findingTold = ({ id, rule, severity, title, detail, citations }: Finding): JsonObject => ({
  id,
  rule,
  severity,
  title,
  detail,
  at: citations.map(cited),
});

function cited(citation: Citation): string {
  if ("commit" in citation) return `commit ${citation.commit}`;
  const { file, line, endLine } = citation;
  return `${file}${line === undefined ? "" : `:${line}`}${endLine === undefined || endLine === line ? "" : `-${endLine}`}`;
}
