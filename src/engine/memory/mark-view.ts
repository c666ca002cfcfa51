import { type Sprint, sprintKind, sprintLabel } from "../../core/execution/sprint.ts";
import { taskKind } from "../../core/execution/task.ts";
import { type Relation, relationKind } from "../../core/memory/relation.ts";
import type { Subject } from "../../core/memory/subject.ts";
import { type Tag, tagKind, tagLimits } from "../../core/memory/tag.ts";
import { projectKindOf } from "../../core/oversight/person.ts";
import { type Epic, epicKind, epicLabel } from "../../core/requests/epic.ts";
import { requestKind } from "../../core/requests/request.ts";
import type { Entity } from "../../core/shared/entity.ts";
import type { Reader } from "../ports/store.ts";
import { subjectKinds } from "./subjects.ts";

/** A thing as others speak of it. */
export interface NamedSubject extends Subject {
  readonly title: string;
}

export interface TagView {
  readonly key: string;
  readonly value: string;
}

export interface RelationView {
  readonly id: string;
  readonly role: string;
  /** `from`: it begins at the subject asked for; `to`: it ends there. */
  readonly direction: "from" | "to";
  readonly other: NamedSubject;
}

export interface MarksView {
  readonly schema: "xvc.marks/1";
  readonly subject: NamedSubject;
  readonly tags: readonly TagView[];
  readonly relations: readonly RelationView[];
  /** The epic of a request, the sprint of a task; null: none, or it is neither. */
  readonly partOf: GroupView | null;
}

export interface GroupView extends NamedSubject {
  /** `ENG-E3`, `ENG-S3`. */
  readonly label: string;
}

/** Relations of one subject that a view shows. */
const maxShown = 500;

/** Tags and relations of one subject; undefined: there is no such thing here. */
export async function marksView(reader: Reader, subject: Subject): Promise<MarksView | undefined> {
  const named = (await nameSubjects(reader, [subject])).get(subject.id);
  if (named === undefined) return undefined;
  const [tags, relations, partOf] = await Promise.all([
    tagsOf(reader, [subject.id]),
    relationsOf(reader, subject.id),
    groupOf(reader, subject),
  ]);
  return { schema: "xvc.marks/1", subject: named, tags: tags.get(subject.id) ?? [], relations, partOf };
}

async function groupOf(reader: Reader, { kind, id }: Subject): Promise<GroupView | null> {
  if (kind === requestKind.name) return epicOf(reader, id);
  return kind === taskKind.name ? sprintOf(reader, id) : null;
}

async function epicOf(reader: Reader, requestId: string): Promise<GroupView | null> {
  const request = await reader.get(requestKind, requestId);
  const epic = await reader.get(epicKind, request?.epicId ?? "");
  return epic === undefined ? null : groupView(reader, { kind: "epic", row: epic, labelOf: epicLabel });
}

async function sprintOf(reader: Reader, taskId: string): Promise<GroupView | null> {
  const task = await reader.get(taskKind, taskId);
  const sprint = await reader.get(sprintKind, task?.sprintId ?? "");
  return sprint === undefined ? null : groupView(reader, { kind: "sprint", row: sprint, labelOf: sprintLabel });
}

async function groupView(
  reader: Reader,
  {
    kind,
    row,
    labelOf,
  }: { readonly kind: string; readonly row: Epic | Sprint; readonly labelOf: (projectKey: string, number: number) => string },
): Promise<GroupView> {
  const project = await reader.get(projectKindOf, row.projectId);
  return { kind, id: row.id, label: labelOf(project?.key ?? "?", row.number), title: row.title };
}

/** Tags that subjects have, by subject, sorted by key and value; at most 10,000 in all. */
export async function tagsOf(reader: Reader, ids: readonly string[]): Promise<ReadonlyMap<string, readonly TagView[]>> {
  if (ids.length === 0) return new Map();
  const limit = Math.min(10_000, ids.length * tagLimits.perSubject);
  const rows = await reader.find(tagKind, { where: { subjectId: ids, state: "present" }, limit });
  const bySubject = Map.groupBy(rows, ({ subjectId }) => subjectId);
  return new Map([...bySubject].map(([id, tags]) => [id, tags.toSorted(byText).map(({ key, value }) => ({ key, value }))]));
}

const byText = (one: Tag, other: Tag): number => (`${one.key} ${one.value}` < `${other.key} ${other.value}` ? -1 : 1);

/** Relations that begin or end at a subject; ends that the reader may not see are left out. */
export async function relationsOf(reader: Reader, id: string): Promise<readonly RelationView[]> {
  const [begins, ends] = await Promise.all([
    reader.find(relationKind, { where: { fromId: id, state: "present" }, limit: maxShown }),
    reader.find(relationKind, { where: { toId: id, state: "present" }, limit: maxShown }),
  ]);
  const all = [...begins, ...ends].map((relation) => ({ relation, other: otherEnd(relation, id) }));
  const names = await nameSubjects(
    reader,
    all.map(({ other }) => other),
  );
  return all.flatMap(({ relation, other }) => {
    const named = names.get(other.id);
    if (named === undefined) return [];
    return [
      { id: relation.id, role: relation.role, direction: relation.fromId === id ? ("from" as const) : ("to" as const), other: named },
    ];
  });
}

const otherEnd = (relation: Relation, id: string): Subject =>
  relation.fromId === id ? { kind: relation.toKind, id: relation.toId } : { kind: relation.fromKind, id: relation.fromId };

/** What things are called, by id: one reading for each kind. What is not the reader's to see is left out. */
export async function nameSubjects(reader: Reader, subjects: readonly Subject[]): Promise<ReadonlyMap<string, NamedSubject>> {
  const byKind = [...Map.groupBy(subjects, ({ kind }) => kind)];
  const named = await Promise.all(
    byKind.map(async ([kind, of]) => {
      const known = subjectKinds.get(kind);
      const ids = of.map(({ id }) => id);
      const rows = known === undefined ? [] : await reader.getMany(known, ids);
      return rows.map((row): NamedSubject => ({ kind, id: row.id, title: titleOf(row) }));
    }),
  );
  return new Map(named.flat().map((one) => [one.id, one]));
}

const maxTitle = 300;

/** The first of the fields that people read as a name. */
function titleOf(row: Entity): string {
  const fields = row as unknown as { readonly [field: string]: unknown }; // looked at, not trusted
  for (const name of ["title", "name", "question", "statement", "text", "key"]) {
    const value = fields[name];
    if (typeof value === "string" && value !== "") return value.slice(0, maxTitle);
  }
  return "";
}

export interface TagUseView extends TagView {
  /** Subjects that have it now. */
  readonly count: number;
}

/** Values of tags in use with how many have them, the most used first; at most 1,000. */
export async function tagUses(reader: Reader, kind: string | undefined): Promise<readonly TagUseView[]> {
  const where = { state: "present", ...(kind === undefined ? {} : { subjectKind: kind }) };
  const counts = await reader.tally(tagKind, ["key", "value"], { where });
  return counts
    .map(({ values: [key = "", value = ""], count }) => ({ key, value, count }))
    .toSorted((one, other) => other.count - one.count || (`${one.key} ${one.value}` < `${other.key} ${other.value}` ? -1 : 1))
    .slice(0, 1_000);
}

export interface TaggedView {
  readonly items: readonly NamedSubject[];
  readonly nextCursor: string | null;
}

/** Everything that has a tag, whatever kind it is, in the order in which it was first put on. */
export async function taggedPage(
  reader: Reader,
  asked: TagView & { readonly kind?: string | undefined; readonly cursor?: string | undefined; readonly limit: number },
): Promise<TaggedView> {
  const { key, value, kind, cursor, limit } = asked;
  const rows = await reader.find(tagKind, {
    where: { key, value, state: "present", ...(kind === undefined ? {} : { subjectKind: kind }) },
    limit: limit + 1,
    ...(cursor === undefined ? {} : { afterId: cursor }),
  });
  const shown = rows.slice(0, limit);
  const names = await nameSubjects(
    reader,
    shown.map(({ subjectKind, subjectId }) => ({ kind: subjectKind, id: subjectId })),
  );
  return {
    items: shown.flatMap(({ subjectId }) => names.get(subjectId) ?? []),
    nextCursor: rows.length > limit ? (shown.at(-1)?.id ?? null) : null,
  };
}
