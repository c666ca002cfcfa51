import { type FieldChange, pathText } from "../../core/memory/diff-fields.ts";
import type { Json } from "../../core/shared/json.ts";
import type { NamedActor } from "../oversight/people-view.ts";
import { namedActor, readPeople } from "../oversight/people-view.ts";
import type { Reader } from "../ports/store.ts";
import { type RowReference, rowDiff, versionNow } from "./history-view.ts";

/** One side of a comparison: the version that counted at an instant. */
export interface DiffSide {
  readonly atMs: number | null;
  readonly version: number;
  readonly recordedAtMs: number;
  readonly actor: NamedActor;
}

export interface DiffChange {
  readonly path: string;
  readonly kind: FieldChange["kind"];
  /** Null: it was not there, or it was null. `kind` tells which. */
  readonly before: Json;
  readonly after: Json;
}

export interface DiffView {
  readonly schema: "xvc.memory-diff/1";
  readonly kind: string;
  readonly id: string;
  readonly from: DiffSide;
  readonly to: DiffSide;
  readonly changes: readonly DiffChange[];
  /** Changes beyond those told here. */
  readonly more: number;
}

/** A row at one instant, read by a reader of that instant. */
export interface RowSide extends DiffSide {
  readonly row: Parameters<typeof rowDiff>[0];
}

const maxChanges = 500;

/** One side, read at the reader's instant. @throws {Failure} `memory.not-there`: there was no such row then */
export async function readSide(reader: Reader, reference: RowReference): Promise<RowSide> {
  const { version, recordedAtMs, actor, row } = await versionNow(reader, reference);
  return { atMs: reader.atMs, version, recordedAtMs, actor: namedActor(await readPeople(reader), actor), row };
}

/** What changed of a row from one instant to another, in the order of names. */
export function diffView(reference: RowReference, from: RowSide, to: RowSide): DiffView {
  const changes = rowDiff(from.row, to.row);
  return {
    schema: "xvc.memory-diff/1",
    kind: reference.kind.name,
    id: reference.id,
    from: sideOf(from),
    to: sideOf(to),
    changes: changes.slice(0, maxChanges).map((change) => ({
      path: pathText(change.path),
      kind: change.kind,
      before: change.kind === "added" ? null : change.before,
      after: change.kind === "removed" ? null : change.after,
    })),
    more: Math.max(0, changes.length - maxChanges),
  };
}

const sideOf = ({ atMs, version, recordedAtMs, actor }: RowSide): DiffSide => ({ atMs, version, recordedAtMs, actor });
