import { type Link, linkProblem, readCheckpoint } from "../../core/memory/checkpoint.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { OrganizationId } from "../../core/shared/ids.ts";
import type { StoredCheckpoint } from "../ports/evidence.ts";
import type { EvidenceParts } from "./seal-evidence.ts";

export interface CheckpointView {
  readonly number: number;
  readonly sealedAtMs: number | null;
  readonly events: number | null;
  readonly versions: number | null;
  readonly text: string;
  readonly signature: string;
}

export interface CheckpointPageView {
  readonly schema: "xvc.checkpoints/1";
  readonly publicKey: string;
  /** The last checkpoint there is; null: nothing is sealed yet. */
  readonly latest: CheckpointView | null;
  readonly items: readonly CheckpointView[];
  /** The number to go on after; null: these were the last. */
  readonly nextAfter: number | null;
}

const checkpointView = ({ number, text, signature }: StoredCheckpoint): CheckpointView => {
  const said = readCheckpoint(text);
  return { number, sealedAtMs: said?.sealedAtMs ?? null, events: said?.events ?? null, versions: said?.versions ?? null, text, signature };
};

/** Checkpoints in order, as they are kept. */
export async function checkpointPageView(
  use: EvidenceParts,
  organizationId: OrganizationId,
  asked: { readonly after: number; readonly limit: number },
): Promise<CheckpointPageView> {
  const latest = await use.store.latest(organizationId);
  const rows = await use.store.list(organizationId, { after: asked.after, limit: asked.limit + 1 });
  const shown = rows.slice(0, asked.limit);
  return {
    schema: "xvc.checkpoints/1",
    publicKey: use.signer.publicKey,
    latest: latest === undefined ? null : checkpointView(latest),
    items: shown.map(checkpointView),
    nextAfter: rows.length > asked.limit ? (shown.at(-1)?.number ?? null) : null,
  };
}

export interface EvidenceCheckView {
  readonly schema: "xvc.evidence-check/1";
  /** Checkpoints checked in this part. */
  readonly checkpoints: number;
  readonly events: number;
  readonly versions: number;
  readonly problems: readonly { readonly number: number; readonly message: string }[];
  /** The number to go on after; null: everything that is sealed was checked. */
  readonly nextAfter: number | null;
  /** Rows that are not sealed yet, known with the last part: the first 5,000 of each log are counted. */
  readonly unsealed: { readonly events: number; readonly versions: number } | null;
}

const linkOf = (use: EvidenceParts, { text }: StoredCheckpoint): Link | null => {
  const checkpoint = readCheckpoint(text);
  return checkpoint === null ? null : { checkpoint, sha256: use.digest(text) };
};

/**
 * Reads sealed rows again, a part at a time: signatures, the chain, the counts, and the root over what is in the logs now. Costs what sealing cost.
 *
 * @throws {Failure} `evidence.no-such-checkpoint`
 */
export async function evidenceCheckView(
  use: EvidenceParts,
  organizationId: OrganizationId,
  asked: { readonly after: number; readonly limit: number },
): Promise<EvidenceCheckView> {
  const [start] = asked.after === 0 ? [] : await use.store.list(organizationId, { after: asked.after - 1, limit: 1 });
  if (asked.after > 0 && start?.number !== asked.after)
    throw new Failure("not-found", "evidence.no-such-checkpoint", { message: `There is no checkpoint ${asked.after}. Start from 0.` });
  const rows = await use.store.list(organizationId, { after: asked.after, limit: asked.limit + 1 });
  const problems: { number: number; message: string }[] = [];
  const counted = { events: 0, versions: 0 };
  let before = start;
  for (const row of rows.slice(0, asked.limit)) {
    const found = await checkOne(use, organizationId, { before, row });
    counted.events += found.events;
    counted.versions += found.versions;
    problems.push(...found.problems.map((message) => ({ number: row.number, message })));
    before = row;
  }
  const isLast = rows.length <= asked.limit;
  const rest = isLast
    ? await use.store.run(organizationId, before?.marks ?? { event: null, version: null }, { events: 5_000, versions: 5_000 })
    : null;
  return {
    schema: "xvc.evidence-check/1",
    checkpoints: Math.min(rows.length, asked.limit),
    ...counted,
    problems,
    nextAfter: isLast ? null : (before?.number ?? null),
    unsealed: rest === null ? null : { events: rest.events, versions: rest.versions },
  };
}

interface Pair {
  readonly before: StoredCheckpoint | undefined;
  readonly row: StoredCheckpoint;
}

async function checkOne(
  use: EvidenceParts,
  organizationId: OrganizationId,
  { before, row }: Pair,
): Promise<{ readonly events: number; readonly versions: number; readonly problems: readonly string[] }> {
  const link = linkOf(use, row);
  if (link === null) return { events: 0, versions: 0, problems: [`The text of checkpoint ${row.number} is not one that was written.`] };
  const { checkpoint } = link;
  const problems: string[] = [];
  if (checkpoint.number !== row.number) problems.push(`Checkpoint ${row.number} says that it is ${checkpoint.number}.`);
  if (!use.signer.isSigned(row.text, row.signature))
    problems.push(`The signature of checkpoint ${row.number} is not of this installation's key.`);
  const chain = linkProblem(before === undefined ? null : linkOf(use, before), link);
  if (chain !== null) problems.push(chain);
  const found = await use.store.run(organizationId, before?.marks ?? { event: null, version: null }, checkpoint);
  if (found.events !== checkpoint.events || found.versions !== checkpoint.versions)
    problems.push(
      `Checkpoint ${row.number} sealed ${checkpoint.events} events and ${checkpoint.versions} versions; ${found.events} and ${found.versions} are there.`,
    );
  else if (found.root !== checkpoint.root)
    problems.push(
      `What checkpoint ${row.number} sealed (${checkpoint.events} events, ${checkpoint.versions} versions) was changed, added or left out since.`,
    );
  return { events: found.events, versions: found.versions, problems };
}
