import { type FieldChange, fieldDiff, pathText } from "../../core/memory/diff-fields.ts";
import type { Entity, EntityKind } from "../../core/shared/entity.ts";
import { Failure } from "../../core/shared/failure.ts";
import { canonicalJson, type Json, type JsonObject } from "../../core/shared/json.ts";
import { type NamedActor, namedActor, readPeople } from "../oversight/people-view.ts";
import type { Reader } from "../ports/store.ts";
import type { StoredVersion } from "../ports/versions.ts";

/** Which row, of whatever kind. */
export interface RowReference {
  readonly kind: EntityKind<Entity>;
  readonly id: string;
}

/** Who wrote a version, when, and by which command. */
export interface VersionView {
  readonly version: number;
  readonly recordedAtMs: number;
  readonly actor: NamedActor;
  readonly cause: string;
}

export interface AsOfView extends VersionView {
  readonly schema: "xvc.memory-as-of/1";
  readonly kind: string;
  readonly id: string;
  /** The recorded instant it is read at; null: now. */
  readonly atMs: number | null;
  readonly row: JsonObject;
}

export interface ShortChange {
  readonly path: string;
  readonly kind: FieldChange["kind"];
  /** As text, cut where it is long; null: it was not there. */
  readonly before: string | null;
  readonly after: string | null;
}

export interface HistoryEntryView extends VersionView {
  readonly changes: readonly ShortChange[];
  /** Further changes that are not told here; a diff has them. */
  readonly more: number;
}

export interface HistoryView {
  readonly schema: "xvc.memory-history/1";
  readonly kind: string;
  readonly id: string;
  readonly items: readonly HistoryEntryView[];
  /** Ask for versions before this one; null: these were all. */
  readonly nextBefore: number | null;
}

const maxCause = 500;
const maxShortChanges = 20;
const maxShortText = 300;

/** A row as the plain JSON it is stored as. */
export const plainRow = (row: Entity): JsonObject => row as unknown as JsonObject; // rows are JSON by contract

/** What changed of a row, without its own count of changes. */
export const rowDiff = (before: Entity, after: Entity): readonly FieldChange[] =>
  fieldDiff(plainRow(before), plainRow(after)).filter(({ path }) => path.length > 1 || (path[0] !== "version" && path[0] !== "eventCount"));

const shortText = (value: Json): string => {
  const text = typeof value === "string" ? value : canonicalJson(value);
  return text.length > maxShortText ? `${text.slice(0, maxShortText - 1)}…`.toWellFormed() : text;
};

const shortChange = (change: FieldChange): ShortChange => ({
  path: pathText(change.path).slice(0, maxShortText),
  kind: change.kind,
  before: change.kind === "added" ? null : shortText(change.before),
  after: change.kind === "removed" ? null : shortText(change.after),
});

const missing = ({ kind }: RowReference, reader: Reader): Failure =>
  new Failure("not-found", "memory.not-there", {
    message: `There ${reader.atMs === null ? "is" : "was"} no such ${kind.name}${reader.atMs === null ? "" : " at that instant"}, or it is not yours to see.`,
  });

/** The version that counts for this reader. @throws {Failure} `memory.not-there` */
export async function versionNow(reader: Reader, reference: RowReference): Promise<StoredVersion> {
  const [version] = await reader.versions(reference.kind, reference.id, { limit: 1 });
  if (version === undefined) throw missing(reference, reader);
  return version;
}

/** One row whole, as the reader's instant has it. @throws {Failure} `memory.not-there` */
export async function asOfView(reader: Reader, reference: RowReference): Promise<AsOfView> {
  const version = await versionNow(reader, reference);
  const people = await readPeople(reader);
  return {
    schema: "xvc.memory-as-of/1",
    kind: reference.kind.name,
    id: reference.id,
    atMs: reader.atMs,
    version: version.version,
    recordedAtMs: version.recordedAtMs,
    actor: namedActor(people, version.actor),
    cause: version.cause.slice(0, maxCause),
    row: plainRow(version.row),
  };
}

/** What a row was, the newest version first, each with what it changed. Two queries. @throws {Failure} `memory.not-there` */
export async function historyView(
  reader: Reader,
  reference: RowReference,
  page: { readonly before?: number; readonly limit: number },
): Promise<HistoryView> {
  const versions = await reader.versions(reference.kind, reference.id, {
    limit: page.limit + 1,
    ...(page.before === undefined ? {} : { beforeVersion: page.before }),
  });
  if (versions.length === 0 && page.before === undefined) throw missing(reference, reader);
  const people = await readPeople(reader);
  const items = versions.slice(0, page.limit).map((version, place): HistoryEntryView => {
    const before = versions[place + 1];
    const changes = before === undefined ? [] : rowDiff(before.row, version.row);
    return {
      version: version.version,
      recordedAtMs: version.recordedAtMs,
      actor: namedActor(people, version.actor),
      cause: version.cause.slice(0, maxCause),
      changes: changes.slice(0, maxShortChanges).map(shortChange),
      more: Math.max(0, changes.length - maxShortChanges),
    };
  });
  return {
    schema: "xvc.memory-history/1",
    kind: reference.kind.name,
    id: reference.id,
    items,
    nextBefore: versions.length > page.limit ? (items.at(-1)?.version ?? null) : null,
  };
}
