import { Failure } from "../../core/shared/failure.ts";
import { asId } from "../../core/shared/ids.ts";
import type { ChangeFilter, StoredChange, StoredVersion, VersionFilter } from "../../engine/ports/versions.ts";
import { type MemoryRecord, type RowChain, type RowVersion, type Sight, isSeen } from "./memory-record.ts";

/** What a reader may see of the record. */
interface VersionView {
  readonly record: MemoryRecord;
  readonly sight: Sight;
  readonly isInScope: (chain: RowChain) => boolean;
}

const storedVersion = ({ row, recordedAtMs, actor, cause }: RowVersion): StoredVersion => ({
  version: row.version,
  recordedAtMs,
  actor,
  cause,
  row,
});

/** What one row was, the newest version first. */
export function versionsOf(chain: RowChain | undefined, sight: Sight, filter: VersionFilter): readonly StoredVersion[] {
  const { beforeVersion = Number.MAX_SAFE_INTEGER, limit } = filter;
  return (chain?.versions ?? [])
    .filter((version) => isSeen(version, sight) && version.row.version < beforeVersion)
    .toReversed()
    .slice(0, limit)
    .map(storedVersion);
}

/** Every version of every row in the order of commits. `O(all versions)`. */
export function changesOf(view: VersionView, filter: ChangeFilter): readonly StoredChange[] {
  const after = filter.afterCursor === undefined ? [0, 0] : placeOf(filter.afterCursor);
  return [...view.record.tables.values()]
    .filter(({ table }) => filter.kinds?.includes(table.kind.name) !== false)
    .flatMap(({ order }) => order.filter(view.isInScope))
    .flatMap((chain) => chain.versions.map((version) => ({ chain, version })))
    .filter(({ version }) => isSeen(version, view.sight) && version.recordedAtMs >= (filter.recordedFromMs ?? 0))
    .filter(({ version }) => comparePlaces([version.commit, version.sequence], after) > 0)
    .toSorted((left, right) => comparePlaces([left.version.commit, left.version.sequence], [right.version.commit, right.version.sequence]))
    .slice(0, filter.limit)
    .map(({ chain, version }) => ({
      cursor: `${String(version.commit)}-${String(version.sequence)}`,
      projectId: chain.projectId === null ? null : asId(chain.projectId),
      kind: chain.kind,
      ...storedVersion(version),
    }));
}

type Place = readonly number[];

const comparePlaces = ([leftMajor = 0, leftMinor = 0]: Place, [rightMajor = 0, rightMinor = 0]: Place): number =>
  leftMajor === rightMajor ? leftMinor - rightMinor : leftMajor - rightMajor;

function placeOf(cursor: string): Place {
  if (/^\d{1,15}-\d{1,15}$/u.test(cursor)) return cursor.split("-").map(Number);
  throw new Failure("invalid", "store.cursor-invalid", {
    message: "The cursor is not one that a change gave. Read from the start or from the last change you have.",
  });
}
