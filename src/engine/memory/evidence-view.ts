import { type Checkpoint, type Link, linkProblem, readCheckpoint } from "../../core/memory/checkpoint.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { OrganizationId } from "../../core/shared/ids.ts";
import type { Marks, SealedRun, StoredCheckpoint } from "../ports/evidence.ts";
import { type EvidenceParts, beginning, maxSealedRows } from "./seal-evidence.ts";

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
  let before = asked.after === 0 ? undefined : await startOf(use, organizationId, asked.after);
  const rows = await use.store.list(organizationId, { after: asked.after, limit: asked.limit + 1 });
  const shown = rows.slice(0, asked.limit);
  const found: Checked[] = [];
  for (const row of shown) {
    found.push(await checkOne(use, organizationId, { before, row }));
    before = row;
  }
  const isLast = rows.length === shown.length;
  return {
    schema: "xvc.evidence-check/1",
    checkpoints: shown.length,
    events: found.reduce((sum, { events }) => sum + events, 0),
    versions: found.reduce((sum, { versions }) => sum + versions, 0),
    problems: found.flatMap(({ problems }) => problems),
    nextAfter: isLast || before === undefined ? null : before.number,
    unsealed: isLast ? await unsealedAfter(use, organizationId, before) : null,
  };
}

async function startOf(use: EvidenceParts, organizationId: OrganizationId, number: number): Promise<StoredCheckpoint> {
  const [start] = await use.store.list(organizationId, { after: number - 1, limit: 1 });
  if (start?.number === number) return start;
  throw new Failure("not-found", "evidence.no-such-checkpoint", { message: `There is no checkpoint ${number}. Start from 0.` });
}

const marksOf = (before: StoredCheckpoint | undefined): Marks => (before === undefined ? beginning.marks : before.marks);

async function unsealedAfter(
  use: EvidenceParts,
  organizationId: OrganizationId,
  last: StoredCheckpoint | undefined,
): Promise<NonNullable<EvidenceCheckView["unsealed"]>> {
  const { events, versions } = await use.store.run(organizationId, marksOf(last), { events: maxSealedRows, versions: maxSealedRows });
  return { events, versions };
}

interface Pair {
  readonly before: StoredCheckpoint | undefined;
  readonly row: StoredCheckpoint;
}

type Checked = Pick<EvidenceCheckView, "events" | "versions" | "problems">;

async function checkOne(use: EvidenceParts, organizationId: OrganizationId, { before, row }: Pair): Promise<Checked> {
  const { number } = row;
  const link = linkOf(use, row);
  if (link === null)
    return { events: 0, versions: 0, problems: [{ number, message: `The text of checkpoint ${number} is not one that was written.` }] };
  const { checkpoint } = link;
  const found = await use.store.run(organizationId, marksOf(before), checkpoint);
  const told = [
    checkpoint.number === number ? null : `Checkpoint ${number} says that it is ${checkpoint.number}.`,
    use.signer.isSigned(row.text, row.signature) ? null : `The signature of checkpoint ${number} is not of this installation's key.`,
    linkProblem(before === undefined ? null : linkOf(use, before), link),
    runProblem(checkpoint, found),
  ];
  return {
    events: found.events,
    versions: found.versions,
    problems: told.flatMap((message) => (message === null ? [] : [{ number, message }])),
  };
}

/** What was sealed against what is there. */
function runProblem({ number, events, versions, root }: Checkpoint, found: SealedRun): string | null {
  if (found.events !== events || found.versions !== versions)
    return `Checkpoint ${number} sealed ${events} events and ${versions} versions; ${found.events} and ${found.versions} are there.`;
  return found.root === root
    ? null
    : `What checkpoint ${number} sealed (${events} events, ${versions} versions) was changed, added or left out since.`;
}
