import type { Entity } from "../../core/shared/entity.ts";
import { asId } from "../../core/shared/ids.ts";
import type { Scope } from "../../engine/ports/store.ts";
import type { MemoryRecord, Sight } from "./memory-record.ts";

/** What a reader sees: a commit it stands on (or the newest), and rows of its own that nobody else sees yet. */
export interface MemoryView {
  readonly record: MemoryRecord;
  readonly scope: Scope;
  /** Up to where rows are visible. */
  sight(): Sight;
  /** First transaction whose events may still be preceded by others. */
  horizon(): number;
  readonly own: MemoryWrites;
}

/** Uncommitted rows by kind and id. */
export type MemoryWrites = ReadonlyMap<string, ReadonlyMap<string, PendingRow>>;

export interface PendingRow {
  readonly kind: string;
  readonly organizationId: string;
  readonly projectId: string | null;
  readonly row: Entity;
}

export const inScope = (scope: Scope, place: { readonly organizationId: string; readonly projectId: string | null }): boolean =>
  place.organizationId === scope.organizationId && (place.projectId === null || scope.projectIds.includes(asId(place.projectId)));
