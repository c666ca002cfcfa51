import { type Checkpoint, checkpointText, readCheckpoint } from "../../core/memory/checkpoint.ts";
import { invariant } from "../../core/shared/failure.ts";
import type { OrganizationId } from "../../core/shared/ids.ts";
import type { Clock } from "../ports/clock.ts";
import type { Digest } from "../ports/content.ts";
import type { EvidenceExport, EvidenceSigner, EvidenceStore, StoredCheckpoint } from "../ports/evidence.ts";

/** What sealing works with. */
export interface EvidenceParts {
  readonly store: EvidenceStore;
  readonly signer: EvidenceSigner;
  readonly exported: EvidenceExport;
  readonly digest: Digest;
  readonly clock: Pick<Clock, "nowMs">;
}

/** Rows of each log in one checkpoint at most. */
export const maxSealedRows = 5_000;
/** Checkpoints made or exported in one round; the rest waits for the next. */
const maxRounds = 100;

/** One checkpoint as a line of the second place: everything that is needed to check it. */
export const exportedLine = ({ number, text, signature }: StoredCheckpoint, publicKey: string): string =>
  JSON.stringify({ schema: "xvc.sealed/1", number, publicKey, signature, text });

/**
 * Seals what no running transaction can add to any more, then brings the second place up to date. Late, early and double rounds change
 * nothing: a number is taken once. Costs two queries when there is nothing new.
 *
 * @returns how many checkpoints were made
 * @throws {Failure} `evidence.export-failed`; what was sealed stays sealed and is exported by a later round
 */
export async function sealEvidence(use: EvidenceParts, organizationId: OrganizationId): Promise<number> {
  let sealed = 0;
  let before = await use.store.latest(organizationId);
  while (sealed < maxRounds) {
    const next = await nextCheckpoint(use, organizationId, before);
    if (next === null || !(await use.store.append(organizationId, next))) break;
    before = next;
    sealed++;
  }
  await exportNew(use, organizationId, before?.number ?? 0);
  return sealed;
}

/** What the first checkpoint follows. */
export const beginning = { marks: { event: null, version: null }, number: 0, previous: null, eventsInAll: 0, versionsInAll: 0 } as const;

/** What the next checkpoint says of the one before it. */
function followed(use: EvidenceParts, before: StoredCheckpoint): Pick<Checkpoint, "number" | "previous" | "eventsInAll" | "versionsInAll"> {
  const last = readCheckpoint(before.text);
  invariant(last !== null, `checkpoint ${String(before.number)} is unreadable; xvc memory verify says more`);
  return { number: before.number, previous: use.digest(before.text), eventsInAll: last.eventsInAll, versionsInAll: last.versionsInAll };
}

async function nextCheckpoint(
  use: EvidenceParts,
  organizationId: OrganizationId,
  before: StoredCheckpoint | undefined,
): Promise<StoredCheckpoint | null> {
  const most = { events: maxSealedRows, versions: maxSealedRows };
  const run = await use.store.run(organizationId, before === undefined ? beginning.marks : before.marks, most);
  if (run.events + run.versions === 0) return null;
  const last = before === undefined ? beginning : followed(use, before);
  const checkpoint: Checkpoint = {
    organizationId,
    number: last.number + 1,
    previous: last.previous,
    sealedAtMs: use.clock.nowMs(),
    events: run.events,
    versions: run.versions,
    eventsInAll: last.eventsInAll + run.events,
    versionsInAll: last.versionsInAll + run.versions,
    root: run.root,
  };
  const text = checkpointText(checkpoint);
  return { number: checkpoint.number, text, signature: use.signer.sign(text), marks: run.marks };
}

async function exportNew(use: EvidenceParts, organizationId: OrganizationId, latest: number): Promise<void> {
  const there = await use.exported.lastNumber(organizationId);
  if (there >= latest) return;
  const missing = await use.store.list(organizationId, { after: there, limit: maxRounds });
  await use.exported.append(
    organizationId,
    missing.map((checkpoint) => exportedLine(checkpoint, use.signer.publicKey)),
  );
}
