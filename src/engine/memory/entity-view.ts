import { type EntityRecord, type EntityState, type Mark, entityKindOf, entityLabel } from "../../core/memory/entity.ts";
import { type EntityType, entityTypeKind } from "../../core/memory/entity-type.ts";
import { type Person, type Project, type Role, projectKindOf } from "../../core/oversight/person.ts";
import type { Artifact } from "../../core/shared/content.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import { type NamedPerformer, type People, namedPerson, readPeople } from "../oversight/people-view.ts";
import type { Reader } from "../ports/store.ts";
import { type EntityQuery, findEntities } from "./entity-query.ts";
import { type RelationView, type TagView, relationsOf, tagsOf } from "./mark-view.ts";

export interface EntityRowView {
  readonly id: string;
  /** `customer/acme`. */
  readonly label: string;
  readonly project: string;
  readonly typeKey: string;
  readonly schemaVersion: number;
  readonly key: string;
  readonly title: string;
  readonly state: EntityState;
  readonly held: boolean;
  readonly tags: readonly TagView[];
  readonly version: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

export interface EntityPageView {
  readonly schema: "xvc.entities/1";
  readonly items: readonly EntityRowView[];
  readonly nextCursor: string | null;
}

export interface MarkView {
  readonly reason: string;
  readonly by: NamedPerformer;
  readonly atMs: number;
}

export interface EntityDetailView extends EntityRowView {
  readonly schema: "xvc.entity/1";
  readonly type: { readonly title: string; readonly description: string; readonly dataSchema: JsonObject; readonly latestVersion: number };
  readonly data: JsonObject;
  readonly attachments: readonly Artifact[];
  readonly relations: readonly RelationView[];
  readonly legalHold: MarkView | null;
  readonly stateMark: MarkView | null;
  /** The content of this version was purged; what is left of it. */
  readonly contentSha256: string | null;
  readonly mayChange: boolean;
  /** Whether the viewer may hold, release and purge. */
  readonly maySteward: boolean;
}

/** A page of entities with their tags. */
export async function entityPageView(reader: Reader, query: EntityQuery): Promise<EntityPageView> {
  const { rows, nextCursor } = await findEntities(reader, query);
  const [tags, projects] = await Promise.all([
    tagsOf(
      reader,
      rows.map(({ id }) => id),
    ),
    reader.getMany(projectKindOf, [...new Set(rows.map(({ projectId }) => projectId))]),
  ]);
  const keys = new Map(projects.map((project) => [project.id, project]));
  return { schema: "xvc.entities/1", items: rows.map((row) => rowView(row, keys.get(row.projectId), tags.get(row.id) ?? [])), nextCursor };
}

function rowView(row: EntityRecord, project: Project | undefined, tags: readonly TagView[]): EntityRowView {
  const { id, typeKey, schemaVersion, key, title, state, version, createdAtMs, updatedAtMs } = row;
  return {
    id,
    label: entityLabel(row),
    project: project?.key ?? "?",
    typeKey,
    schemaVersion,
    key,
    title,
    state,
    held: row.legalHold !== null,
    tags,
    version,
    createdAtMs,
    updatedAtMs,
  };
}

const holds = (viewer: Person, roles: readonly Role[]): boolean =>
  viewer.state === "active" && viewer.roles.some((role) => roles.includes(role));

/** One entity with everything about it; undefined: there is none here. */
export async function entityDetailView(reader: Reader, id: string, viewer: Person): Promise<EntityDetailView | undefined> {
  const row = await reader.get(entityKindOf, id);
  if (row === undefined) return undefined;
  const [project, types, tags, relations, people] = await Promise.all([
    reader.get(projectKindOf, row.projectId),
    reader.find(entityTypeKind, { where: { key: row.typeKey }, limit: maxVersions }),
    tagsOf(reader, [row.id]),
    relationsOf(reader, row.id),
    readPeople(reader),
  ]);
  const type = types.find(({ schemaVersion }) => schemaVersion === row.schemaVersion);
  return {
    ...rowView(row, project, tags.get(row.id) ?? []),
    schema: "xvc.entity/1",
    type: {
      title: type?.title ?? row.typeKey,
      description: type?.description ?? "",
      dataSchema: type?.dataSchema ?? {},
      latestVersion: Math.max(0, ...types.map(({ schemaVersion }) => schemaVersion)),
    },
    data: row.data,
    attachments: row.attachments,
    relations,
    legalHold: markView(row.legalHold, people),
    stateMark: markView(row.stateMark, people),
    contentSha256: row.contentSha256 ?? null,
    mayChange: holds(viewer, ["administrator", "director", "lead", "contributor"]),
    maySteward: holds(viewer, ["administrator", "director"]),
  };
}

const maxVersions = 1_000;

const markView = (mark: Mark | null, people: People): MarkView | null =>
  mark === null ? null : { reason: mark.reason, by: namedPerson(people, mark.byId), atMs: mark.atMs };

export interface EntityTypeRowView {
  readonly key: string;
  readonly title: string;
  readonly description: string;
  readonly schemaVersion: number;
  /** Entities in use, in the projects that the reader sees. */
  readonly count: number;
}

export interface EntityTypesView {
  readonly schema: "xvc.entity-types/1";
  readonly items: readonly EntityTypeRowView[];
  readonly mayDefine: boolean;
}

/** Types at their latest version, by key. */
export async function entityTypesView(reader: Reader, viewer: Person): Promise<EntityTypesView> {
  const [rows, counts] = await Promise.all([
    reader.find(entityTypeKind, { limit: maxRows }),
    reader.tally(entityKindOf, ["typeKey"], { where: { state: "active" } }),
  ]);
  const used = new Map(counts.map(({ values: [key = ""], count }) => [key, count]));
  const latest = [...Map.groupBy(rows, ({ key }) => key).values()].map(newestOf);
  return {
    schema: "xvc.entity-types/1",
    items: latest
      .toSorted((one, other) => (one.key < other.key ? -1 : 1))
      .map(({ key, title, description, schemaVersion }) => ({ key, title, description, schemaVersion, count: used.get(key) ?? 0 })),
    mayDefine: holds(viewer, ["administrator", "director", "lead"]),
  };
}

const maxRows = 10_000;

const newestOf = (versions: readonly EntityType[]): EntityType =>
  versions.reduce((best, one) => (one.schemaVersion > best.schemaVersion ? one : best));

export interface EntityTypeView extends EntityTypeRowView {
  readonly schema: "xvc.entity-type/1";
  readonly mayDefine: boolean;
  /** Newest first. */
  readonly versions: readonly {
    readonly schemaVersion: number;
    readonly title: string;
    readonly dataSchema: JsonObject;
    readonly definedBy: NamedPerformer;
    readonly definedAtMs: number;
  }[];
}

/** Versions of one type that a page shows. */
const maxShownVersions = 100;

/** One type with its latest versions; undefined: there is none. */
export async function entityTypeView(reader: Reader, key: string, viewer: Person): Promise<EntityTypeView | undefined> {
  const [rows, people, all] = await Promise.all([
    reader.find(entityTypeKind, { where: { key }, limit: maxVersions }),
    readPeople(reader),
    entityTypesView(reader, viewer),
  ]);
  const row = all.items.find((one) => one.key === key);
  if (row === undefined) return undefined;
  const shown = rows.toSorted((one, other) => other.schemaVersion - one.schemaVersion).slice(0, maxShownVersions);
  return {
    ...row,
    schema: "xvc.entity-type/1",
    mayDefine: all.mayDefine,
    versions: shown.map(({ schemaVersion, title, dataSchema, definedBy, definedAtMs }) => ({
      schemaVersion,
      title,
      dataSchema,
      definedBy: namedPerson(people, definedBy),
      definedAtMs,
    })),
  };
}
