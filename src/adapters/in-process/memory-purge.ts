import { createHash } from "node:crypto";
import { type EntityRecord, entityKindOf } from "../../core/memory/entity.ts";
import type { Entity } from "../../core/shared/entity.ts";
import { addChain, type MemoryTable, type RowChain, type RowVersion, recorded } from "./memory-record.ts";

const hashOf = (row: Entity): string => createHash("sha256").update(JSON.stringify(row)).digest("hex");

/** What the trigger of `0010-entities.sql` does when an entity becomes purged: every version before loses its content to a hash. */
function purgeContent(chain: RowChain, after: Entity): void {
  if (chain.kind !== entityKindOf.name || (after as EntityRecord).state !== "purged") return; // rows of this kind are entities
  for (const [place, version] of chain.versions.entries()) {
    const row = version.row as EntityRecord; // as above
    if (row.contentSha256 !== undefined || row.state === "purged") continue;
    chain.versions[place] = {
      ...version,
      row: recorded({ ...row, title: "", data: {}, attachments: [], contentSha256: hashOf(row) }),
    };
  }
}

/** Adds a version to its row, which is a new one of the table when it has no version yet. */
export function addVersion(table: MemoryTable, chain: RowChain, version: RowVersion): void {
  if (chain.versions.length === 0) addChain(table, chain);
  purgeContent(chain, version.row);
  chain.versions.push(version);
}
