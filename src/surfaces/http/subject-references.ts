import { epicKind } from "../../core/requests/epic.ts";
import { sprintKind } from "../../core/execution/sprint.ts";
import { type EntityRecord, entityKindOf } from "../../core/memory/entity.ts";
import type { Subject } from "../../core/memory/subject.ts";
import type { Entity, EntityKind } from "../../core/shared/entity.ts";
import { Failure } from "../../core/shared/failure.ts";
import { projectOfSubject } from "../../engine/memory/subjects.ts";
import type { HttpDependencies, Member } from "./http-dependencies.ts";
import { projectOf, reading, requestOf, scopeOf, taskOf } from "./references.ts";

const isId = (reference: string): boolean => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u.test(reference);

const missing = (what: string, reference: string): Failure =>
  new Failure("not-found", `${what}.not-found`, { message: `There is no ${what} ${reference.slice(0, 160)}, or it is not yours to see.` });

/**
 * The entity that an id or a label such as `customer/acme` stands for; of several projects the one that is named.
 *
 * @throws {Failure} `entity.not-found`, `entity.ambiguous`: several projects have one
 */
export async function entityOf(use: HttpDependencies, member: Member, reference: string): Promise<EntityRecord> {
  const [typeKey = "", key] = reference.split("/");
  const rows = await reading(use, member, async (reader) => {
    if (key !== undefined) return reader.find(entityKindOf, { where: { typeKey, key }, limit: 2 });
    return isId(reference) ? reader.getMany(entityKindOf, [reference]) : [];
  });
  const [row, another] = rows;
  if (row === undefined) throw missing("entity", reference);
  if (another === undefined) return row;
  throw new Failure("conflict", "entity.ambiguous", {
    message: `Several projects have a ${reference.slice(0, 160)}; name the one you mean by its id.`,
    ids: rows.map(({ id }) => id),
  });
}

/** What an id, or a running number behind the project's key such as `ENG-E3`, stands for. @throws {Failure} `<what>.not-found` */
export async function numberedOf<Row extends Entity>(
  use: HttpDependencies,
  member: Member,
  sought: { readonly kind: EntityKind<Row>; readonly letter: "E" | "S"; readonly reference: string },
): Promise<Row> {
  const { kind, letter, reference } = sought;
  const [, key, found, number] = /^([A-Za-z][A-Za-z0-9]{0,19})-([ES])(\d{1,9})$/iu.exec(reference) ?? [];
  const project = member.projects.find((candidate) => candidate.key === key?.toUpperCase());
  const byNumber = project !== undefined && found?.toUpperCase() === letter;
  const scope = byNumber ? { ...scopeOf(member), projectIds: [project.id as never] } : scopeOf(member); // a project's id, as the scope brands it
  const [row] = await use.engine.read(scope, (reader) => {
    if (byNumber) return reader.find(kind, { where: { number: Number(number) }, limit: 1 });
    return isId(reference) ? reader.getMany(kind, [reference]) : Promise.resolve([]);
  });
  if (row === undefined) throw missing(kind.name, reference);
  return row;
}

/** A thing of any kind, by id or label, with the project in which marks on it are kept. */
export interface PlacedSubject extends Subject {
  readonly projectId: string;
}

/** @throws {Failure} `<kind>.not-found`, `memory.no-such-subject` */
export async function subjectOf(
  use: HttpDependencies,
  member: Member,
  said: { readonly kind: string; readonly id: string; readonly project?: string | undefined },
): Promise<PlacedSubject> {
  const { kind } = said;
  const id = await idOf(use, member, said);
  const projectId = await reading(use, member, (reader) => projectOfSubject(reader, { kind, id }));
  return { kind, id, projectId: projectId ?? projectOf(member, { reference: said.project, rehearsal: false }).id };
}

async function idOf(use: HttpDependencies, member: Member, { kind, id }: { readonly kind: string; readonly id: string }): Promise<string> {
  if (isId(id)) return id;
  if (kind === "request") return (await requestOf(use, member, id)).id;
  if (kind === "task") return (await taskOf(use, member, id)).row.id;
  if (kind === "entity") return (await entityOf(use, member, id)).id;
  if (kind === "epic") return (await numberedOf(use, member, { kind: epicKind, letter: "E", reference: id })).id;
  if (kind === "sprint") return (await numberedOf(use, member, { kind: sprintKind, letter: "S", reference: id })).id;
  throw noSubject(kind, id);
}

/** Says the same whether a thing is not there or not the caller's to see. */
export const noSubject = (kind: string, id: string): Failure =>
  new Failure("not-found", "memory.no-such-subject", { message: `There is no ${kind} ${id.slice(0, 160)}, or it is not yours to see.` });
