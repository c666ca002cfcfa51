import type { Actor } from "../../core/shared/actor.ts";
import type { Entity } from "../../core/shared/entity.ts";
import type { ProjectId } from "../../core/shared/ids.ts";

/** One version of one row, with who wrote it and why. */
export interface StoredVersion<Row extends Entity = Entity> {
  readonly version: number;
  readonly recordedAtMs: number;
  readonly actor: Actor;
  /** The idempotency key of the command that wrote it. */
  readonly cause: string;
  readonly row: Row;
}

export interface VersionFilter {
  /** Versions before this one: the next page. */
  readonly beforeVersion?: number;
  /** 1 to 10,000. */
  readonly limit: number;
}

/** One version of any row, at its place in the record. */
export interface StoredChange extends StoredVersion {
  /** Resumable position: `<transaction>-<sequence>`, ordered as `compareCursor` says. */
  readonly cursor: string;
  readonly projectId: ProjectId | null;
  readonly kind: string;
}

export interface ChangeFilter {
  /** Rows of these kinds alone. */
  readonly kinds?: readonly string[];
  /** Recorded at this instant or later. */
  readonly recordedFromMs?: number;
  readonly afterCursor?: string;
  /** 1 to 10,000. */
  readonly limit: number;
}
