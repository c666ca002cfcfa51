import { sprintKind } from "../../core/execution/sprint.ts";
import { epicKind } from "../../core/requests/epic.ts";
import { z } from "zod";
import { personaKind } from "../../core/personas/persona.ts";
import { changesView } from "../../engine/memory/changes-view.ts";
import { type DiffChange, diffView, readSide } from "../../engine/memory/diff-view.ts";
import { type RowReference, asOfView, historyView } from "../../engine/memory/history-view.ts";
import { kindFor, kindsFor } from "../../engine/memory/open-kinds.ts";
import { findPolicy } from "../../engine/oversight/policy-view.ts";
import {
  type DiffChangeDocument,
  historyQuery,
  kindField,
  memoryAsOf,
  memoryChanges,
  memoryDiff,
  memoryHistory,
  rowQuery,
} from "../../contract/memory-contract.ts";
import { oneOrMore, pageQuery } from "../../contract/fields.ts";
import { type Endpoint, endpoint } from "./endpoint.ts";
import type { HttpDependencies, Member } from "./http-dependencies.ts";
import { objectiveOf } from "./objective-routes.ts";
import { atField, usingPast } from "./past.ts";
import { narrowed, reading, requestOf, taskOf } from "./references.ts";
import { entityOf, numberedOf } from "./subject-references.ts";
import { foldedLines, textLines } from "./text-lines.ts";

const defaultRows = 50;
/** Changes of one answer that may be compared line by line. */
const maxTexts = 20;

/** What any row was: whole at an instant, version by version, between two instants; and all that changed since. */
export const memoryRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "get",
    path: "/api/memory/as-of",
    summary: "One row of any kind, whole, as it was recorded at an instant",
    query: rowQuery,
    answer: memoryAsOf,
    past: true,
    run: async (use, { member, query }) => {
      const row = await rowOf(use, member, query);
      return reading(use, member, (reader) => asOfView(reader, row));
    },
  }),
  endpoint({
    method: "get",
    path: "/api/memory/history",
    summary: "Every version of one row, the newest first: who, why, and what changed",
    query: historyQuery,
    answer: memoryHistory,
    past: true,
    run: async (use, { member, query }) => {
      const row = await rowOf(use, member, query);
      const page = { limit: query.limit ?? defaultRows, ...(query.before === undefined ? {} : { before: query.before }) };
      return reading(use, member, (reader) => historyView(reader, row, page));
    },
  }),
  endpoint({
    method: "get",
    path: "/api/memory/diff",
    summary: "What changed of one row between two instants, field by field and line by line",
    query: rowQuery.extend({ from: atField, to: atField.optional() }),
    answer: memoryDiff,
    run: async (use, { member, query }) => {
      const row = await rowOf(use, member, query);
      const [from, to] = await Promise.all([sideAt(use, member, { row, atMs: query.from }), sideAt(use, member, { row, atMs: query.to })]);
      const view = diffView(row, from, to);
      return { ...view, changes: view.changes.map((change, place) => withLines(change, place < maxTexts)) };
    },
  }),
  endpoint({
    method: "get",
    path: "/api/memory/changes",
    summary: "Every version written since an instant or a cursor, each once, in the order of commits",
    query: pageQuery.extend({ since: atField.optional(), kind: oneOrMore(kindField).optional(), project: z.string().max(100).optional() }),
    answer: memoryChanges,
    past: true,
    run: (use, { member, query }) => {
      const { roles } = member.person;
      const asked = {
        projectIds: new Set<string>(member.projects.map((project) => project.id)),
        kinds: query.kind?.map((name) => kindFor(name, roles).name) ?? kindsFor(roles),
        limit: query.limit ?? defaultRows,
        ...(query.since === undefined ? {} : { sinceMs: query.since }),
        ...(query.cursor === undefined ? {} : { after: query.cursor }),
      };
      return reading(use, narrowed(member, query.project), (reader) => changesView(reader, asked));
    },
  }),
];

type Sought = z.output<typeof rowQuery>;

/** The row that a kind and an id or label name. Labels mean now's row, or at an instant that instant's. */
export async function rowOf(
  use: HttpDependencies,
  member: Member,
  { kind: name, ref }: Pick<Sought, "kind" | "ref">,
): Promise<RowReference> {
  const kind = kindFor(name, member.person.roles);
  return { kind, id: await idOf(use, member, { kind: kind.name, ref }) };
}

type FindId = (use: HttpDependencies, member: Member, label: string) => Promise<string | undefined>;

/** Kinds that people call by something else than an id. */
const byLabel: { readonly [kind: string]: FindId } = {
  request: async (use, member, label) => (await requestOf(use, member, label)).id,
  task: async (use, member, label) => (await taskOf(use, member, label)).row.id,
  plan: async (use, member, label) => (await requestOf(use, member, label)).planId ?? undefined,
  entity: async (use, member, label) => (await entityOf(use, member, label)).id,
  epic: async (use, member, label) => (await numberedOf(use, member, { kind: epicKind, letter: "E", reference: label })).id,
  sprint: async (use, member, label) => (await numberedOf(use, member, { kind: sprintKind, letter: "S", reference: label })).id,
  objective: async (use, member, label) => (await objectiveOf(use, member, label)).id,
  policy: (use, member, label) => reading(use, member, async (reader) => (await findPolicy(reader, label)).id),
  project: async (_use, member, label) => member.projects.find((project) => project.key === label.toUpperCase())?.id,
  persona: (use, member, label) =>
    reading(use, member, async (reader) => (await reader.find(personaKind, { where: { key: label }, limit: 1 }))[0]?.id),
};

/** What is no id and no label names nothing: the row is looked for by it and not found. */
async function idOf(use: HttpDependencies, member: Member, asked: { readonly kind: string; readonly ref: string }): Promise<string> {
  const { kind, ref } = asked;
  // The row of a project is the organization's, but only its members' to see.
  if (kind === "project" && !member.projects.some(({ id, key }) => id === ref || key === ref.toUpperCase())) return "";
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u.test(ref)) return ref;
  return (await byLabel[kind]?.(use, member, ref)) ?? ref;
}

async function sideAt(use: HttpDependencies, member: Member, asked: { readonly row: RowReference; readonly atMs: number | undefined }) {
  const at = asked.atMs === undefined ? use : usingPast(use, await use.engine.moment(asked.atMs));
  return reading(at, member, (reader) => readSide(reader, asked.row));
}

/** Texts of several lines are told line by line, as long as there are few. */
function withLines(change: DiffChange, isFew: boolean): DiffChangeDocument {
  const { before, after } = change;
  const isText = isFew && typeof before === "string" && typeof after === "string" && `${before}${after}`.includes("\n");
  const lines = isText ? textLines(before, after) : null;
  return { ...change, lines: lines === null ? null : foldedLines(lines).slice(0, 4_000) };
}
