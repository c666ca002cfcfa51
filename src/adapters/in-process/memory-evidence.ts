import { createHash } from "node:crypto";
import { merkleRoot } from "../../core/memory/merkle.ts";
import type { EvidenceExport, EvidenceStore, Mark, StoredCheckpoint } from "../../engine/ports/evidence.ts";

const sha256 = (...parts: readonly Uint8Array[]): Uint8Array => createHash("sha256").update(Buffer.concat(parts)).digest();
const leafOf = (line: string): Uint8Array => sha256(Buffer.of(0), Buffer.from(line, "utf8"));

/** Both logs as lists of lines, of one organization; a line's place is its transaction and its position. */
export interface MemoryLogs {
  readonly events: readonly string[];
  readonly versions: readonly string[];
}

interface Taken {
  readonly lines: readonly string[];
  readonly mark: Mark;
}

function linesAfter(log: readonly string[], after: Mark, limit: number): Taken {
  const from = Number(after?.position ?? 0);
  const lines = log.slice(from, from + limit);
  const position = String(from + lines.length);
  return { lines, mark: lines.length === 0 ? after : { transaction: position, position } };
}

/** Checkpoints over lists; whoever holds the lists may add to them. */
export function memoryEvidence(logs: MemoryLogs): EvidenceStore {
  const checkpoints: StoredCheckpoint[] = [];
  return {
    list: async (_organizationId, { after, limit }) => checkpoints.filter(({ number }) => number > after).slice(0, limit),
    latest: async () => checkpoints.at(-1),
    async run(_organizationId, after, most) {
      const events = linesAfter(logs.events, after.event, most.events);
      const versions = linesAfter(logs.versions, after.version, most.versions);
      const leaves = [...events.lines, ...versions.lines].map(leafOf);
      return {
        events: events.lines.length,
        versions: versions.lines.length,
        root: Buffer.from(merkleRoot(leaves, sha256)).toString("hex"),
        marks: { event: events.mark, version: versions.mark },
      };
    },
    async append(_organizationId, checkpoint) {
      if (checkpoints.some(({ number }) => number === checkpoint.number)) return false;
      checkpoints.push(checkpoint);
      return true;
    },
  };
}

/** A second place that is a list. */
export function memoryExport(): EvidenceExport & { readonly lines: readonly string[] } {
  const lines: string[] = [];
  return {
    lines,
    lastNumber: async () => lines.length,
    append: async (_organizationId, more) => void lines.push(...more),
  };
}
