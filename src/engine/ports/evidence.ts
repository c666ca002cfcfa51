import type { OrganizationId } from "../../core/shared/ids.ts";

/** A place in the log of events and in that of versions; both in commit order. Null: before everything. */
export type Mark = { readonly transaction: string; readonly position: string } | null;

export interface Marks {
  readonly event: Mark;
  readonly version: Mark;
}

/** A run of rows of both logs, and the Merkle root (RFC 6962, SHA-256, hex) over their leaves: events first, then versions. */
export interface SealedRun {
  readonly events: number;
  readonly versions: number;
  readonly root: string;
  /** Where the next run begins. */
  readonly marks: Marks;
}

/** A checkpoint as it is kept: the signed text, its signature, and where its run ends in this database. */
export interface StoredCheckpoint {
  readonly number: number;
  readonly text: string;
  /** Ed25519 over the UTF-8 of the text, base64. */
  readonly signature: string;
  readonly marks: Marks;
}

/** The logs as evidence, and their checkpoints. Every call sees the whole organization, whatever its projects. */
export interface EvidenceStore {
  /** Checkpoints after that number, in order. */
  list(organizationId: OrganizationId, asked: { readonly after: number; readonly limit: number }): Promise<readonly StoredCheckpoint[]>;
  latest(organizationId: OrganizationId): Promise<StoredCheckpoint | undefined>;
  /** What follows a place and can no longer be joined by a row before it: at most so many rows of each log. */
  run(organizationId: OrganizationId, after: Marks, most: { readonly events: number; readonly versions: number }): Promise<SealedRun>;
  /** Appends a checkpoint. @returns false: there is one with this number already */
  append(organizationId: OrganizationId, checkpoint: StoredCheckpoint): Promise<boolean>;
}

/** Signs checkpoints with a key that no row holds. */
export interface EvidenceSigner {
  /** The Ed25519 key to verify with: its 32 bytes, base64. */
  readonly publicKey: string;
  sign(text: string): string;
  isSigned(text: string, signature: string): boolean;
}

/** The second place. Each checkpoint is one line; what is there is never written again. */
export interface EvidenceExport {
  /** The number of the last checkpoint that is there; 0: none. */
  lastNumber(organizationId: OrganizationId): Promise<number>;
  append(organizationId: OrganizationId, lines: readonly string[]): Promise<void>;
}
